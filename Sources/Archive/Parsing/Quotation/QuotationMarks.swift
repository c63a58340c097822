/// Where quotation marks open and close in one block of text.
enum QuotationMarks {
    /// What stands between two marks.
    struct Span: Sendable {
        /// From the opening mark to behind the closing one.
        var outer: Range<Int>
        /// Without the marks.
        var inner: Range<Int>
        /// Whether the closing mark is missing: the quotation goes on in the next block, or was
        /// cut.
        var isOpen: Bool
    }

    /// The marks by what they can do; straight ones do both.
    private enum Mark { case opens, closes, straight, low, either, single, singleOpens }

    /// Which marks a body quotes with.
    enum Style { case none, double, single }

    /// How `blocks` quote: with double marks where there is one, else with single ones.
    static func style(of blocks: [[UInt8]]) -> Style {
        var style = Style.none
        for bytes in blocks {
            for index in bytes.indices {
                let byte = bytes[index]
                guard byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0xE2 || byte == 0xC2,
                    let (mark, _) = mark(bytes, index)
                else { continue }
                if mark != .single, mark != .singleOpens { return .double }
                style = .single
            }
        }
        return style
    }

    /// The spans of `bytes` in order, each byte read once.
    static func spans(_ bytes: [UInt8], style: Style = .double) -> [Span] {
        var spans: [Span] = []
        var open: (start: Int, inner: Int, mark: Mark)?
        var index = 0
        while index < bytes.count {
            guard let (mark, length) = mark(bytes, index) else {
                index += 1
                continue
            }
            defer { index += length }
            if (mark == .single || mark == .singleOpens) != (style == .single) { continue }
            if mark == .straight, isInches(bytes, index) { continue }
            let after = index + length
            guard let begun = open else {
                if opens(mark, bytes, index, after) { open = (index, after, mark) }
                continue
            }
            if closes(mark, bytes, index, after, low: begun.mark == .low) {
                spans.append(
                    Span(outer: begun.start..<after, inner: begun.inner..<index, isOpen: false))
                open = nil
            } else if mark == .straight || mark == .low {
                open = (index, after, mark)
            }
        }
        // An apostrophe opens nothing; only a mark that can be nothing else runs on.
        if let open, open.inner < bytes.count, open.mark != .single {
            spans.append(
                Span(outer: open.start..<bytes.count, inner: open.inner..<bytes.count, isOpen: true)
            )
        }
        return spans
    }

    @inline(__always)
    private static func mark(_ bytes: [UInt8], _ index: Int) -> (Mark, Int)? {
        switch bytes[index] {
        case 0x22: return (.straight, 1)
        // Old systems print two apostrophes for a double mark.
        case 0x27 where index + 1 < bytes.count && bytes[index + 1] == 0x27: return (.straight, 2)
        case 0x60 where index + 1 < bytes.count && bytes[index + 1] == 0x60: return (.opens, 2)
        case 0x27: return (.single, 1)
        case 0xE2:
            guard index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return nil }
            switch bytes[index + 2] {
            case 0x98, 0x9B: return (.singleOpens, 3)
            case 0x99: return (.single, 3)
            case 0x9C, 0x9F: return (.opens, 3)
            case 0x9D: return (.closes, 3)
            case 0x9E: return (.low, 3)
            default: return nil
            }
        case 0xC2:
            guard index + 1 < bytes.count, bytes[index + 1] == 0xAB || bytes[index + 1] == 0xBB
            else { return nil }
            return (.either, 2)
        default: return nil
        }
    }

    private static func opens(_ mark: Mark, _ bytes: [UInt8], _ index: Int, _ after: Int) -> Bool {
        guard after < bytes.count else { return false }
        switch mark {
        case .opens, .low: return true
        // Some set the closing mark at a paragraph's start by mistake.
        case .closes: return index == 0 && bytes[after] != 0x20
        case .either, .singleOpens: return isFree(bytes, before: index)
        case .straight:
            // The space behind a sentence may be lost: `he said."We go."`
            return bytes[after] != 0x20
                && (isFree(bytes, before: index)
                    || bytes[index - 1] == UInt8(ascii: ".")
                        && TextScanning.isCapital(bytes, after))
        case .single: return bytes[after] != 0x20 && isFree(bytes, before: index)
        }
    }

    private static func closes(
        _ mark: Mark, _ bytes: [UInt8], _ index: Int, _ after: Int, low: Bool
    ) -> Bool {
        let next = after < bytes.count ? bytes[after] : 0x20
        switch mark {
        case .closes, .either: return true
        // “Like this one,“ he said.
        case .opens: return low || next == 0x20 && isPoint(bytes, before: index)
        case .low, .singleOpens: return false
        case .straight:
            // A mark that stands as only an opening one can means that the closing one was lost.
            return !(isFree(bytes, before: index) && next != 0x20 && TextScanning.isWordByte(next))
        case .single:
            if TextScanning.isWordByte(next) { return false }
            if isPoint(bytes, before: index) || next != 0x20 { return true }
            // The farmers' gate: no mark, or one that cannot be told.
            return bytes[index - 1] | 0x20 != UInt8(ascii: "s") && after < bytes.count
        }
    }

    /// Whether the mark at `index` is that of inches, as in 6'2".
    private static func isInches(_ bytes: [UInt8], _ index: Int) -> Bool {
        index > 2 && TextScanning.isDigit(bytes[index - 1])
            && (bytes[index - 2] == 0x27 || bytes[index - 3] == 0x27)
            && (TextScanning.isDigit(bytes[index - 3])
                || index > 3 && TextScanning.isDigit(bytes[index - 4]))
    }

    private static func isPoint(_ bytes: [UInt8], before index: Int) -> Bool {
        guard index > 0 else { return false }
        switch bytes[index - 1] {
        case 0x2C, UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): return true
        default: return false
        }
    }

    /// Whether nothing, a space, a bracket or a dash stands before `index`.
    private static func isFree(_ bytes: [UInt8], before index: Int) -> Bool {
        guard index > 0 else { return true }
        switch bytes[index - 1] {
        case 0x20, UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "-"), UInt8(ascii: ":"), 0x27:
            return true
        case 0x93, 0x94, 0x98: return index > 2 && bytes[index - 3] == 0xE2
        // Spaces that do not break.
        case 0xA0: return index > 1 && bytes[index - 2] == 0xC2
        case 0xAF, 0x89: return index > 2 && bytes[index - 3] == 0xE2
        default: return false
        }
    }
}
