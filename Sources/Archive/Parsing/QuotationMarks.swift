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
    private enum Mark { case opens, closes, straight, germanOpens, either }

    /// The spans of `bytes` in order, each byte read once.
    static func spans(_ bytes: [UInt8]) -> [Span] {
        var spans: [Span] = []
        var open: (start: Int, inner: Int, german: Bool)?
        var index = 0
        while index < bytes.count {
            guard let (mark, length) = mark(bytes, index) else {
                index += 1
                continue
            }
            let after = index + length
            if let begun = open {
                if closes(mark, bytes, index, after, german: begun.german) {
                    spans.append(
                        Span(outer: begun.start..<after, inner: begun.inner..<index, isOpen: false))
                    open = nil
                } else if mark == .straight || mark == .germanOpens {
                    open = (index, after, mark == .germanOpens)
                }
            } else if opens(mark, bytes, index, after) {
                open = (index, after, mark == .germanOpens)
            }
            index = after
        }
        if let open, open.inner < bytes.count {
            spans.append(
                Span(outer: open.start..<bytes.count, inner: open.inner..<bytes.count, isOpen: true)
            )
        }
        return spans
    }

    @inline(__always)
    private static func mark(_ bytes: [UInt8], _ index: Int) -> (Mark, Int)? {
        let byte = bytes[index]
        if byte == 0x22 { return (.straight, 1) }
        if byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80 {
            switch bytes[index + 2] {
            case 0x9C: return (.opens, 3)
            case 0x9D: return (.closes, 3)
            case 0x9E: return (.germanOpens, 3)
            case 0x9F: return (.opens, 3)
            default: return nil
            }
        }
        if byte == 0xC2, index + 1 < bytes.count,
            bytes[index + 1] == 0xAB || bytes[index + 1] == 0xBB
        {
            return (.either, 2)
        }
        return nil
    }

    private static func opens(_ mark: Mark, _ bytes: [UInt8], _ index: Int, _ after: Int) -> Bool {
        switch mark {
        case .opens, .germanOpens: return after < bytes.count
        case .closes: return false
        case .either: return after < bytes.count && isFree(bytes, before: index)
        case .straight:
            return after < bytes.count && bytes[after] != 0x20 && isFree(bytes, before: index)
        }
    }

    private static func closes(
        _ mark: Mark, _ bytes: [UInt8], _ index: Int, _ after: Int, german: Bool
    ) -> Bool {
        switch mark {
        case .closes: return true
        case .opens: return german
        case .germanOpens: return false
        case .either: return true
        // A mark that stands as only an opening one can means that the closing one was lost.
        case .straight:
            return
                !(isFree(bytes, before: index) && after < bytes.count && bytes[after] != 0x20
                && TextScanning.isWordByte(bytes[after]))
        }
    }

    /// Whether nothing, a space, a bracket or a dash stands before `index`.
    private static func isFree(_ bytes: [UInt8], before index: Int) -> Bool {
        guard index > 0 else { return true }
        switch bytes[index - 1] {
        case 0x20, UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "-"), UInt8(ascii: ":"), 0x27:
            return true
        case 0x93, 0x94, 0x98: return index > 2 && bytes[index - 3] == 0xE2
        default: return false
        }
    }
}
