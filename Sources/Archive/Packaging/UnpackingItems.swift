extension Unpacking {
    /// Hands on a page, or its items where `form` may hold some.
    mutating func readPage(
        _ source: any ByteSource, path: [UInt8], ordinal: Int, form: Form, in outer: Container
    ) throws -> Refusal? {
        var bytes: [UInt8] = []
        do throws(Refusal) {
            while true {
                let block = try source.next()
                if block.isEmpty { break }
                guard bytes.count + block.count <= limits.pageBytes else {
                    throw Refusal(
                        .tooLarge, "a member of more than \(limits.pageBytes) bytes",
                        remedy: "raise limits.pageBytes")
                }
                bytes.append(contentsOf: block)
            }
        } catch {
            return try refuse(error, path: path, ordinal: ordinal)
        }
        let size = bytes.count
        let capture = Capture(name: path, bytes: bytes)
        if form.mayHoldItems, outer.depth < limits.nesting,
            let list = ItemList.read(bytes, form: form)
        {
            try hand(
                Member(
                    ordinal: ordinal, path: path, size: size,
                    content: .container(form: list.form.rawValue, digest: capture.digest)))
            try readItems(
                list,
                in: Container(
                    source: MemorySource([]), form: list.form, head: [], name: outer.name,
                    prefix: path + Array("!/".utf8), depth: outer.depth + 1, ordinal: ordinal))
            return nil
        }
        try hand(Member(ordinal: ordinal, path: path, size: size, content: .capture(capture)))
        return nil
    }

    /// Hands on the items of a document that was read whole.
    mutating func readItems(_ list: ItemList, in container: Container) throws {
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
            if list.isReencoded { capture.mediaType = "application/xml; charset=utf-8" }
            try hand(
                Member(
                    ordinal: ordinal, path: path, size: bytes.count, content: .capture(capture),
                    offset: list.isReencoded ? nil : item.range.lowerBound))
        }
        if let fault = list.fault { try note(fault, in: container) }
    }
}
