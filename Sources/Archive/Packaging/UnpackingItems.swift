extension Unpacking {
    /// Reads a page and hands it on, or its items where it holds some.
    mutating func readPage(
        _ source: any ByteSource, path: [UInt8], ordinal: Int, in outer: Container
    ) throws -> Refusal? {
        let bytes: [UInt8]
        do throws(Refusal) {
            bytes = try self.bytes(of: source)
        } catch {
            return try refuse(error, path: path, ordinal: ordinal)
        }
        try handPage(Capture(name: path, bytes: bytes), ordinal: ordinal, in: outer)
        return nil
    }

    /// Hands on a page that was read whole, or its items where it holds some.
    mutating func handPage(
        _ capture: Capture, ordinal: Int, offset: Int? = nil, in outer: Container
    ) throws {
        let head = Array(capture.bytes.prefix(Recognition.headBytes))
        let form = Recognition.form(of: head, name: MemberPath.last(of: capture.name))
        var capture = capture
        capture.form = form
        var member = Member(
            ordinal: ordinal, path: capture.name, size: capture.bytes.count,
            content: .capture(capture), offset: offset)
        guard form.mayHoldItems, outer.depth < limits.nesting,
            let list = ItemList.read(capture.bytes, form: form)
        else { return try hand(member) }
        member.content = .container(form: list.form.rawValue, digest: capture.digest)
        try hand(member)
        let inner = Container(
            source: MemorySource([]), form: list.form, head: [], name: outer.name,
            prefix: capture.name + Array("!/".utf8), depth: outer.depth + 1, ordinal: ordinal)
        try readItems(list, in: inner, captured: capture.captured)
    }

    /// Hands on the items of a document that was read whole.
    mutating func readItems(
        _ list: ItemList, in container: Container, captured: String? = nil
    ) throws {
        for index in list.items.indices {
            let item = list.items[index]
            let ordinal = try count()
            let path = container.prefix + list.path(at: index)
            let bytes = list.page(of: item)
            do throws(Refusal) {
                guard bytes.count <= limits.pageBytes else {
                    throw Refusal(
                        .tooLarge, "an item of more than \(limits.pageBytes) bytes",
                        remedy: "raise limits.pageBytes")
                }
                try meter.charge(bytes.count, to: .members)
            } catch {
                if error.reason == .expansion { meter.release(bytes.count, from: .members) }
                _ = try refuse(error, path: path, ordinal: ordinal)
                if meter.isSpent {
                    throw Stop(refusal: Refusal(.expansion, "too many items repeat too much"))
                }
                continue
            }
            var capture = Capture(name: path, bytes: bytes)
            capture.url = item.url
            capture.recordID = item.identifier
            capture.captured = captured
            if list.isReencoded { capture.mediaType = "text/plain; charset=utf-8" }
            try hand(
                Member(
                    ordinal: ordinal, path: path, size: bytes.count, content: .capture(capture),
                    offset: list.isReencoded ? nil : item.range.lowerBound))
        }
        if let fault = list.fault { try note(fault, in: container) }
    }
}
