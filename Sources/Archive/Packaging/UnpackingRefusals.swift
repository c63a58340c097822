/// What was wrong with a container, and what is said of it all the same.
extension Unpacking {
    /// Keeps what was wrong with a container; an error of the disk ends the reading.
    mutating func note(_ refusal: Refusal, in container: Container) throws {
        if refusal.reason == .ioError { throw refusal }
        var refusal = refusal
        if let ordinal = container.ordinal {
            refusal.detail = "in member \(ordinal): \(refusal.detail)"
        }
        refuse(refusal, isOfFile: container.ordinal == nil)
    }

    mutating func noteTail(behind inner: any ByteSource, in container: Container) throws {
        if let stream = inner as? PartedStream {
            guard let offset = stream.trailing else { return }
            try note(Self.trailing(at: offset), in: container)
        } else if let stream = inner as? CompressedSource, stream.isAtEnd {
            try noteTail(from: stream.position, in: container)
        }
    }

    /// Looks behind the end of a container: zeros are the padding of tapes, all else is told.
    mutating func noteTail(from offset: Int, in container: Container) throws {
        guard let length = container.source.length, offset < length else { return }
        container.source.seek(to: offset)
        var at = offset
        do throws(Refusal) {
            while true {
                let block = try container.source.next()
                if block.isEmpty { return }
                if let index = block.firstIndex(where: { $0 != 0 }) {
                    at += index
                    break
                }
                at += block.count
            }
        } catch {
            try note(error, in: container)
            return
        }
        try note(Self.trailing(at: at), in: container)
    }

    private static func trailing(at offset: Int) -> Refusal {
        Refusal(.trailingData, "bytes after the end that belong to nothing", offset: offset)
    }

    /// Names that lie are told of the first few: the rest lie alike.
    private static let notesKept = 16

    /// Keeps what is to be said of the file without anything being wrong with its bytes.
    mutating func remark(_ note: Refusal) {
        if notes.count < Self.notesKept { notes.append(note) }
    }

    static func foreign(_ form: Form) -> Refusal {
        Refusal(
            .unsupported, "\(form.words), which is not opened",
            remedy: "unpack it and drop what is within")
    }

    static func part(ofOffice form: String) -> Refusal {
        Refusal(
            .unsupported, "a part of an office document (\(form)), which is not read",
            remedy: "save the document as HTML or as plain text and drop that")
    }
}
