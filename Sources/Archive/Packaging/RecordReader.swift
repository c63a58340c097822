/// Reads a WARC or an ARC record by record, and goes on behind every damage that it can.
///
/// A record is believed to be as long as it says only where another record, or the end, follows;
/// else the next line that begins a record is looked for from the block's beginning on.
final class RecordReader {
    /// What comes next in the archive.
    enum Found {
        /// A record; its block is in `body`, and `finish` is to be called.
        case record(ArchiveRecord)
        /// A record whose block cannot be found; `finish` is not to be called.
        case refused(ArchiveRecord, Refusal)
        /// Bytes that belong to no record.
        case damage(Refusal)
    }

    /// The block of the record at hand.
    private(set) var body: RecordBody
    private let stream: RecordStream
    private let isARC: Bool
    private let isHead: (UnsafeRawBufferPointer) -> Bool
    private var record = ArchiveRecord()
    private var blockStart = 0
    /// Whether the damage at which the stream stands was told.
    private var isTold = false
    /// Bytes that may be read a second time in search of the next record.
    private var rereads: Int

    /// Bytes that are looked at to tell whether a record begins.
    static let headBytes = 4096

    /// Reads `source`; `parts` is the stream that unpacks it, where it is one of many parts.
    init(_ source: any ByteSource, parts: PartedStream?, isARC: Bool) {
        self.isARC = isARC
        stream = RecordStream(source, parts: parts)
        let isHead = isARC ? Self.beginsARC : Self.beginsWARC
        self.isHead = isHead
        body = RecordBody(stream, length: 0, isHead: isHead)
        rereads = 4 * (source.length ?? 0) + 1 << 20
    }

    /// The next record or damage; nil at the end.
    func next() throws(Refusal) -> Found? {
        while true {
            try skipBlank()
            let head = try stream.peek(isARC ? Self.headBytes : 16)
            if head.isEmpty {
                if let damage = stream.damage, !isTold {
                    isTold = true
                    return .damage(damage.refusal)
                }
                let trailing = stream.damage == nil ? stream.trailing : nil
                guard try recover() else { return nil }
                guard let trailing else { continue }
                return .damage(
                    Refusal(.corrupt, "bytes that belong to no record", offset: trailing))
            }
            guard isHead(head) else {
                let refusal = Refusal(.corrupt, "bytes that are no record", offset: place)
                if let near = near(head) { stream.take(near) } else { try skipToRecord() }
                return .damage(refusal)
            }
            return try isARC ? readARC() : readWARC()
        }
    }

    /// Reads the block to its end and looks at what follows; why the record cannot be trusted.
    func finish() throws(Refusal) -> Refusal? {
        try body.drain()
        if body.isCut {
            if body.metNext { return wrongLength() }
            if let damage = stream.damage, !isTold {
                isTold = true
                return damage.refusal
            }
            if try lookBack() { return wrongLength() }
            return Refusal(
                .truncated, "the file ends within the record's \(record.length) bytes",
                offset: stream.position)
        }
        let lines = try skipBlank()
        let next = try stream.peek(isARC ? Self.headBytes : 16)
        if next.isEmpty {
            guard let damage = stream.damage, !isTold, let part = record.part, damage.part == part
            else { return nil }
            isTold = true
            return damage.refusal
        }
        // Two line ends are the proper end of a record, whatever is behind them.
        if isHead(next) || lines >= 2 || stream.partHere != nil || near(next) != nil { return nil }
        if !(try lookBack()) { try skipToRecord() }
        return wrongLength()
    }

    private func wrongLength() -> Refusal {
        Refusal(
            .corrupt, "Content-Length \(record.length) does not lead to the end of the record",
            offset: record.offset)
    }

    /// Where the next byte is, as members tell it.
    private var place: Int { stream.partHere ?? stream.position }
}

// MARK: Heads

extension RecordReader {
    private func readWARC() throws(Refusal) -> Found {
        record = ArchiveRecord()
        record.offset = place
        let part = stream.partHere
        let fields: HeaderFields
        let line: [UInt8]
        do throws(Refusal) {
            line = try stream.line(256)
            fields = try HeaderFields(from: stream) { [stream, isHead] bytes in
                stream.partHere != nil && isHead(bytes)
            }
        } catch {
            if error.reason == .ioError { throw error }
            try skipToRecord()
            return .refused(record, Refusal(error.reason, error.detail, offset: record.offset))
        }
        record = ArchiveRecord(warc: line, fields: fields, offset: record.offset)
        record.part = part
        return try begin()
    }

    private func readARC() throws(Refusal) -> Found {
        let (offset, part) = (place, stream.partHere)
        let line = try stream.line(Self.headBytes)
        let read = line.withUnsafeBytes { ArchiveRecord(arc: $0, offset: offset) }
        guard let read else { return .damage(Refusal(.corrupt, "no record line", offset: offset)) }
        record = read
        record.part = part
        return try begin()
    }

    private func begin() throws(Refusal) -> Found {
        blockStart = stream.position
        guard record.length >= 0 else {
            let objection = record.objection ?? wrongLength()
            if stream.damage == nil { try skipToRecord(atOnce: true) }
            record.length = 0
            return .refused(record, objection)
        }
        body = RecordBody(stream, length: record.length, isHead: isHead)
        return .record(record)
    }

    /// Whether a WARC record begins here: `WARC/` and a digit or what is left of a line.
    private static func beginsWARC(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 5 else { return false }
        for (byte, letter) in zip(bytes, "warc/".utf8)
        where ((0x41...0x5a).contains(byte) ? byte | 0x20 : byte) != letter { return false }
        return bytes.count == 5 || bytes[5] == 0x0d || bytes[5] == 0x0a
            || (bytes[5] > 0x20 && bytes[5] < 0x7f)
    }

    /// Whether all of a line is `WARC/` and a version: text may begin a line with less.
    private static func isFirstLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let version = bytes.dropFirst(5).prefix { $0 != 0x0d && $0 != 0x0a }
        return version.count < bytes.count - 5
            && version.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x20 }
    }

    /// The form of a web archive in which a record begins like this.
    static func form(of head: [UInt8]) -> Form? {
        head.withUnsafeBytes { beginsWARC($0) ? .warc : beginsARC($0) ? .arc : nil }
    }

    /// How far the next record is, where no more than a line end is damaged before it.
    private func near(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !isARC, bytes.count > 8 else { return nil }
        return (1...8).first { skip in
            Self.beginsWARC(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(skip).prefix(8)))
        }
    }

    private static func beginsARC(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let line = UnsafeRawBufferPointer(rebasing: bytes.prefix(headBytes))
        return ArchiveRecord(arc: line, offset: 0) != nil
    }
}

// MARK: Searching

extension RecordReader {
    /// Takes the empty lines between two records; how many there were.
    @discardableResult
    private func skipBlank() throws(Refusal) -> Int {
        var lines = 0
        while true {
            let bytes = try stream.available()
            guard let first = bytes.first, first == 0x0a || first == 0x0d else { return lines }
            if lines > 0, stream.partHere != nil { return lines }
            if first == 0x0a { lines += 1 }
            stream.take(1)
        }
    }

    /// Goes to the next line that begins a record, or to the end; the line at hand is only looked
    /// at where `atOnce`.
    private func skipToRecord(atOnce: Bool = false) throws(Refusal) {
        var isLineStart = atOnce
        while true {
            let bytes = try stream.available()
            if bytes.isEmpty { return }
            if isLineStart || stream.partHere != nil {
                let head = try stream.peek(isARC ? Self.headBytes : 16)
                if isHead(head), isARC || Self.isFirstLine(head) { return }
            }
            let window = try stream.available()
            let end = window.lineEnd
            if let end, let start = Self.lineTail(window, end), !isARC {
                stream.take(start)
                return
            }
            stream.take(end ?? window.count)
            isLineStart = end != nil
        }
    }

    /// Where a record's first line begins at the end of another line, the block's end being lost.
    private static func lineTail(_ window: UnsafeRawBufferPointer, _ end: Int) -> Int? {
        guard end > 9 else { return nil }
        return (max(1, end - 12)..<(end - 8)).first { start in
            let line = UnsafeRawBufferPointer(rebasing: window[start..<end])
            return beginsWARC(line) && isFirstLine(line)
        }
    }

    /// Looks for a record from the block's beginning on, where the file allows to go back; false
    /// with the stream at its end where there is none.
    private func lookBack() throws(Refusal) -> Bool {
        let passed = max(1 << 17, stream.position - blockStart - body.skipped)
        guard stream.canSeek, passed <= rereads else { return false }
        rereads -= passed
        stream.seek(to: blockStart)
        try skipToRecord(atOnce: true)
        return !(try stream.available().isEmpty)
    }

    /// Goes on behind damage, in the next part that begins with a record.
    private func recover() throws(Refusal) -> Bool {
        guard stream.damage != nil || stream.trailing != nil else { return false }
        while try stream.resume() {
            isTold = false
            let head = try stream.peek(isARC ? Self.headBytes : 16)
            if isHead(head) { return true }
        }
        return false
    }
}
