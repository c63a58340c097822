internal import Glibc

/// Text whose end only one end tag makes, comments, doctypes, and the bytes under all of it.
extension HTMLTokenizer {
    // MARK: Raw text

    /// The text up to what ends it; nil where it is empty.
    mutating func rawText() -> HTMLToken? {
        let start = position
        let kind = content
        let end = endOfRawText()
        position = end
        switch kind {
        case .plain: break
        case .section:
            position = min(end + 3, bytes.count)
            content = .data
        default: content = .data
        }
        guard end > start else { return nil }
        return HTMLToken(kind: .text, content: kind, span: HTMLSpan(start, end))
    }

    private func endOfRawText() -> Int {
        switch content {
        case .plain: return bytes.count
        case .script: return endOfScript()
        case .section: return find("]]>", from: position) ?? bytes.count
        default: break
        }
        var search = position
        while let open = find(0x3C, from: search) {
            if isEndTag(at: open) { return open }
            search = open + 1
        }
        return bytes.count
    }

    /// Whether the end tag that ends this text begins at `open` ("appropriate end tag token").
    private func isEndTag(at open: Int) -> Bool {
        guard byte(open + 1) == 0x2F, endTag != 0 else { return false }
        var key: UInt64 = 0
        var index = open + 2
        while index < bytes.count, index < open + 12, isLetter(bytes[index]) {
            key = key << 6 | HTMLName.code(bytes[index])
            index += 1
        }
        return key == endTag && endsName(byte(index))
    }

    /// The end of a script, which a comment with a script within it does not end (13.2.5.15-31).
    private func endOfScript() -> Int {
        var search = position
        while let open = find(0x3C, from: search) {
            if isEndTag(at: open) { return open }
            guard starts("<!--", at: open) else {
                search = open + 1
                continue
            }
            // `<!-->` and `<!--->` end where they begin.
            let (end, isEnd) = endOfEscaped(from: open + 4)
            if isEnd { return end }
            search = end
        }
        return bytes.count
    }

    /// Where "script data escaped" ends behind `<!--`: at the script's end tag, or at `-->`.
    private func endOfEscaped(from start: Int) -> (end: Int, isEndOfScript: Bool) {
        var isDouble = false
        var dashes = 2
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case 0x2D: dashes += 1
            case 0x3E where dashes >= 2: return (index + 1, false)
            case 0x3C:
                dashes = 0
                if !isDouble, isEndTag(at: index) { return (index, true) }
                let name = index + (isDouble ? 2 : 1)
                let opens = !isDouble || byte(index + 1) == 0x2F
                if opens, startsAnyCase("script", at: name), endsName(byte(name + 6)) {
                    isDouble.toggle()
                    index = name + 6
                }
            default: dashes = 0
            }
            index += 1
        }
        return (bytes.count, true)
    }

    // MARK: Comments and doctypes

    mutating func bogusComment(from start: Int) -> HTMLToken {
        let end = find(0x3E, from: start) ?? bytes.count
        position = min(end + 1, bytes.count)
        return HTMLToken(kind: .comment, span: HTMLSpan(start, end))
    }

    /// What begins with `<!` (13.2.5.42).
    mutating func declaration(at open: Int) -> HTMLToken? {
        if starts("<!--", at: open) { return comment(from: open + 4) }
        if isForeign, starts("<![CDATA[", at: open) {
            position = open + 9
            content = .section
            return rawText()
        }
        guard startsAnyCase("doctype", at: open + 2) else { return bogusComment(from: open + 2) }
        // No state of a doctype lets a `>` pass (13.2.5.53-68).
        var token = bogusComment(from: open + 9)
        token.kind = .doctype
        token.isCut = Int(token.span.end) == bytes.count
        return token
    }

    /// Reads a comment up to `-->`, `--!>`, or an end at once (13.2.5.43-52).
    private mutating func comment(from start: Int) -> HTMLToken {
        for abrupt in [">", "->"] as [StaticString] where starts(abrupt, at: start) {
            position = start + abrupt.utf8CodeUnitCount
            return HTMLToken(kind: .comment, span: HTMLSpan(start, start))
        }
        var search = start
        while let dashes = find("--", from: search) {
            let past = dashes + 2
            if byte(past) == 0x3E || starts("!>", at: past) {
                position = past + (byte(past) == 0x3E ? 1 : 2)
                return HTMLToken(kind: .comment, span: HTMLSpan(start, dashes))
            }
            search = dashes + 1
        }
        position = bytes.count
        return HTMLToken(kind: .comment, span: HTMLSpan(start, endOfCutComment(from: start)))
    }

    /// Where a comment ends that the page cuts off: before the dashes that could have ended it.
    private func endOfCutComment(from start: Int) -> Int {
        for end in ["--!", "--", "-"] as [StaticString] {
            let place = bytes.count - end.utf8CodeUnitCount
            if place >= start, starts(end, at: place) { return place }
        }
        return bytes.count
    }

    // MARK: Bytes

    @inline(__always)
    func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    @inline(__always)
    func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    @inline(__always)
    func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
    }

    @inline(__always)
    func endsName(_ byte: UInt8) -> Bool { isSpace(byte) || byte == 0x2F || byte == 0x3E }

    @inline(__always)
    mutating func skipSpace() {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    @inline(__always)
    func find(_ byte: UInt8, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        var search = start
        let first = text.withUTF8Buffer { $0.first ?? 0 }
        while let found = find(first, from: search) {
            if starts(text, at: found) { return found }
            search = found + 1
        }
        return nil
    }

    /// Whether `text` stands at `index`.
    func starts(_ text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { text in
            index >= 0 && index + text.count <= bytes.count
                && bytes[index..<index + text.count].elementsEqual(text)
        }
    }

    /// Whether `text`, lower case, stands at `index`, letters in any case.
    func startsAnyCase(_ text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { text in
            guard index >= 0, index + text.count <= bytes.count else { return false }
            for offset in 0..<text.count {
                let byte = bytes[index + offset]
                guard byte == text[offset] || (isLetter(byte) && byte | 0x20 == text[offset])
                else { return false }
            }
            return true
        }
    }
}
