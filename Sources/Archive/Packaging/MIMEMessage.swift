/// A message taken apart, front to back: the parts that hold something, one after the other, over
/// all nesting (RFC 2045, RFC 2046).
///
/// A boundary ends every part within its own, however deep; what stands before the first part and
/// behind the last is left out. Browsers, mailers and the hands of people leave boundaries out:
/// where the stated one is not met, the first line of `--` before a header counts beside it.
final class MIMEMessage {
    /// Multiparts within each other.
    ///
    /// Mail programs reach four or five; each costs its boundary and one comparison a delimiter.
    static let nesting = 20

    /// One part that is no multipart.
    struct Part {
        var header: MIMEHeader
        /// The header of the message it is in.
        var message: MIMEHeader
        /// The page that it belongs to.
        var page: Page
        /// Where its header begins in the source.
        var offset: Int
    }

    /// Parts that make one page together: those of the outermost `multipart/related` or
    /// `multipart/alternative`, or one part by itself.
    struct Page {
        var number: Int
        /// The header that names the root; of the part itself where that stands alone.
        var header: MIMEHeader
        var isAlone: Bool
    }

    /// A multipart that is open, or a message sent within a message.
    private struct Level {
        /// The one that the header states, and one that was found; none for a message.
        var boundaries: [[UInt8]] = []
        var isMessage = false
        var isPage = false
        var message: MIMEHeader
        var hasParts = false
        /// Whether its last delimiter was met; what follows is left out.
        var isClosed = false

        /// Whether its last delimiter is missing at the end of the source.
        var isCut: Bool { !isMessage && !isClosed && !(hasParts && boundaries.isEmpty) }
    }

    private enum State { case header, between, body, ended }

    private let lines: MIMELines
    /// Whether an envelope line came first: then every further one begins another message.
    private var isMailbox = false
    private var followsBlank = true
    private var levels: [Level] = []
    private var state = State.header
    private var message = MIMEHeader()
    private var page = Page(number: 0, header: MIMEHeader(), isAlone: true)

    init(_ source: any ByteSource) { lines = MIMELines(source) }

    /// What is wrong with the message as a whole, once it was read to its end.
    private(set) var damage: Refusal?

    /// The next part, whose body is read by `bodyLine`; nil at the end.
    func next() throws(Refusal) -> Part? {
        while true {
            switch state {
            case .header:
                if let part = try readEntity() { return part }
            case .between: try passToPart()
            case .body: while try bodyLine() != nil {}
            case .ended: return nil
            }
        }
    }

    /// The next line of the part's body; nil at its end.
    func bodyLine() throws(Refusal) -> MIMELines.Line? {
        guard state == .body else { return nil }
        guard let line = try lines.next() else {
            end()
            return nil
        }
        return meetsDelimiter(line) || meetsEnvelope(line) ? nil : line
    }

    private func end() {
        state = .ended
        guard let level = levels.first(where: \.isCut) else { return }
        damage =
            level.hasParts
            ? Refusal(
                .truncated, "the message ends before its last boundary", offset: lines.offset)
            : Refusal(.malformed, "its boundary is nowhere in the message", offset: lines.offset)
    }
}

// MARK: Headers

extension MIMEMessage {
    /// Reads a header; nil where a multipart or a message begins and its first part is to be met.
    private func readEntity() throws(Refusal) -> Part? {
        let start = lines.offset
        let isMessage = levels.last?.isMessage ?? true
        guard let (header, isCut) = try readHeader(isFirst: levels.isEmpty) else { return nil }
        if isMessage, !isCut { message = header }
        let type = header.contentType
        if !isCut, levels.count < Self.nesting {
            if let type, type.isMultipart {
                open(type, header: header)
                return nil
            }
            if type?.name == "message/rfc822" {
                levels.append(Level(isMessage: true, message: message))
                return nil
            }
        }
        if !levels.contains(where: \.isPage) { turnPage(header, isAlone: true) }
        if !isCut { state = .body }
        return Part(header: header, message: message, page: page, offset: start)
    }

    private func open(_ type: MediaType, header: MIMEHeader) {
        let isPage = type.subtype == "related" || type.subtype == "alternative"
        if isPage, !levels.contains(where: \.isPage) { turnPage(header, isAlone: false) }
        // Longer ones no program writes.
        let stated = type.parameters["boundary"].flatMap {
            $0.isEmpty || $0.count > 1000 ? nil : $0
        }
        levels.append(
            Level(boundaries: stated.map { [$0] } ?? [], isPage: isPage, message: message))
        state = .between
    }

    private func turnPage(_ header: MIMEHeader, isAlone: Bool) {
        page = Page(number: page.number + 1, header: header, isAlone: isAlone)
    }

    /// Reads to the empty line, or to the first line that is no field; nil where there is nothing.
    ///
    /// A delimiter cuts it: the part is empty then, and the state is that behind the delimiter.
    private func readHeader(isFirst: Bool) throws(Refusal) -> (MIMEHeader, isCut: Bool)? {
        var header = MIMEHeader()
        while let line = try lines.next() {
            let isBlank = header.fields.isEmpty
            if meetsDelimiter(line) { return isBlank ? nil : (header, true) }
            if line.isStart, line.bytes.isEmpty {
                if isFirst, isBlank { continue }
                return (header, false)
            }
            if isBlank, FromLine.isLine(line.bytes) {
                isMailbox = isMailbox || isFirst
                continue
            }
            do throws(Refusal) {
                guard try header.take(line.bytes, goesOn: !line.isStart) else {
                    lines.pushBack()
                    return (header, false)
                }
            } catch {
                throw Refusal(error.reason, error.detail, offset: line.offset)
            }
        }
        end()
        return header.fields.isEmpty ? nil : (header, true)
    }
}

// MARK: Boundaries

extension MIMEMessage {
    /// Whether `line` is a delimiter of an open multipart; then the part before it is over.
    private func meetsDelimiter(_ line: MIMELines.Line) -> Bool {
        guard line.isStart, line.bytes.count >= 2, line.bytes[0] == 0x2d, line.bytes[1] == 0x2d
        else { return false }
        let text = Self.trimmed(line.bytes.dropFirst(2))
        for index in levels.indices.reversed() {
            for boundary in levels[index].boundaries where text.starts(with: boundary) {
                let rest = text.dropFirst(boundary.count)
                guard rest.isEmpty || rest.elementsEqual([0x2d, 0x2d]) else { continue }
                leave(to: index)
                levels[index].isClosed = !rest.isEmpty
                levels[index].hasParts = true
                state = rest.isEmpty ? .header : .between
                return true
            }
        }
        return false
    }

    /// Whether `line` begins the next message of a mailbox; then all of this one is over.
    private func meetsEnvelope(_ line: MIMELines.Line) -> Bool {
        guard isMailbox, line.isStart else { return false }
        defer { followsBlank = line.bytes.isEmpty }
        guard followsBlank, FromLine.isDated(line.bytes) else { return false }
        levels = []
        state = .header
        return true
    }

    /// Ends what is open within the level.
    private func leave(to index: Int) {
        levels.removeSubrange((index + 1)...)
        message = levels[index].message
    }

    /// Passes what stands before a part or behind the last.
    private func passToPart() throws(Refusal) {
        var previous: [UInt8]?
        while let line = try lines.next() {
            if meetsDelimiter(line) || meetsEnvelope(line) { return }
            guard line.isStart, let level = levels.indices.last, !levels[level].hasParts else {
                continue
            }
            if Self.isContentField(line.bytes) {
                // Without any boundary the part goes on to the end.
                if let previous { levels[level].boundaries.append(previous) }
                levels[level].hasParts = true
                lines.pushBack()
                state = .header
                return
            }
            previous =
                line.bytes.starts(with: "--".utf8) && line.bytes.count <= 1002
                ? Array(Self.trimmed(line.bytes.dropFirst(2))) : nil
        }
        end()
    }

    /// A field that only the header of a part begins with.
    private static func isContentField(_ line: UnsafeRawBufferPointer) -> Bool {
        let name = "content-"
        guard MIMEHeader.colon(in: line) != nil else { return false }
        return line.prefix(name.utf8.count).elementsEqual(name.utf8) { ($0 | 0x20) == ($1 | 0x20) }
    }

    private static func trimmed(
        _ bytes: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        guard let end = bytes.lastIndex(where: { $0 != 0x20 && $0 != 9 && $0 != 0x0d }) else {
            return bytes.prefix(0)
        }
        return bytes[...end]
    }
}

/// The line that a mailbox puts before each message: `From`, a sender, and a date as C prints it.
private enum FromLine {
    static func isLine(_ line: UnsafeRawBufferPointer) -> Bool {
        line.starts(with: "From ".utf8) || line.starts(with: ">From ".utf8)
    }

    /// Whether it bears a time and a year, as no line of prose does that begins likewise.
    static func isDated(_ line: UnsafeRawBufferPointer) -> Bool {
        guard line.starts(with: "From ".utf8), line.count < 1000 else { return false }
        let words = line.split(separator: 0x20)
        let isTime = { (word: Slice<UnsafeRawBufferPointer>) in
            word.count >= 5 && word.contains(0x3a)
                && word.allSatisfy { (0x30...0x3a).contains($0) }
        }
        let isYear = { (word: Slice<UnsafeRawBufferPointer>) in
            word.count == 4 && word.allSatisfy { (0x30...0x39).contains($0) }
        }
        return words.contains(where: isTime) && words.contains(where: isYear)
    }
}
