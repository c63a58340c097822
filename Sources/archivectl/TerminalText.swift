/// Text that may go to a terminal.
///
/// A literal is trusted; whatever is interpolated is sanitised, so that text from an archive can
/// neither steer the terminal nor reorder or hide what stands on it. Line feeds and tabs become
/// spaces; controls and what reorders text are written as escapes; what is invisible is left out.
/// U+E000 and U+E001 stand around what is to be marked, as in the snippets of the protocol.
struct TerminalText: ExpressibleByStringInterpolation, Sendable {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    private init(trusted text: String) { self.text = text }

    static func + (left: TerminalText, right: TerminalText) -> TerminalText {
        TerminalText(trusted: left.text + right.text)
    }

    static func += (left: inout TerminalText, right: TerminalText) { left.text += right.text }

    /// Whether nothing would be printed.
    var isEmpty: Bool { text.isEmpty }

    /// The text after so many spaces.
    func indented(by count: Int) -> TerminalText {
        TerminalText(trusted: String(repeating: " ", count: count) + text)
    }

    /// The text with spaces behind it up to so many columns.
    func padded(to columns: Int) -> TerminalText {
        let missing = max(0, columns - Self.columns(text.unicodeScalars))
        return TerminalText(trusted: text + String(repeating: " ", count: missing))
    }

    /// The texts with `separator` between them, empty ones left out.
    static func joined(_ texts: [TerminalText], _ separator: String) -> TerminalText {
        TerminalText(
            trusted: texts.lazy.filter { !$0.isEmpty }.map(\.text).joined(separator: separator))
    }

    /// The text as it is written: marked with escape sequences, or without its marks.
    func rendered(isStyled: Bool) -> String {
        var rendered = String.UnicodeScalarView()
        var isOpen = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case Self.open, Self.close:
                guard isStyled else { continue }
                isOpen = scalar == Self.open
                rendered.append(contentsOf: (isOpen ? "\u{1B}[1m" : "\u{1B}[0m").unicodeScalars)
            default: rendered.append(scalar)
            }
        }
        if isOpen, isStyled { rendered.append(contentsOf: "\u{1B}[0m".unicodeScalars) }
        return String(rendered)
    }

    fileprivate static let open: Unicode.Scalar = "\u{E000}"
    fileprivate static let close: Unicode.Scalar = "\u{E001}"

    /// Collects a text: literals as they are, all else sanitised.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ foreign: String) {
            text += TerminalText.sanitised(foreign)
        }

        mutating func appendInterpolation(_ number: Int) { text += String(number) }

        mutating func appendInterpolation(_ inner: TerminalText) { text += inner.text }

        /// Appends text that is to be marked.
        mutating func appendInterpolation(strong foreign: String) {
            text.unicodeScalars.append(TerminalText.open)
            text += TerminalText.sanitised(foreign)
            text.unicodeScalars.append(TerminalText.close)
        }

        /// Appends a snippet, whose own marks are kept.
        mutating func appendInterpolation(snippet foreign: String) {
            text += TerminalText.sanitised(foreign, keepingMarks: true)
        }
    }
}

extension TerminalText {
    private static func sanitised(_ foreign: String, keepingMarks: Bool = false) -> String {
        if foreign.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return foreign }
        var clean = String.UnicodeScalarView()
        var isOpen = false
        var previous: Unicode.Scalar = " "
        for scalar in foreign.unicodeScalars {
            if keepingMarks, scalar == open || scalar == close {
                guard isOpen != (scalar == open) else { continue }
                isOpen.toggle()
                clean.append(scalar)
            } else {
                append(scalar, after: previous, to: &clean)
                previous = scalar
            }
        }
        if isOpen { clean.append(close) }
        return String(clean)
    }

    private static func append(
        _ scalar: Unicode.Scalar, after previous: Unicode.Scalar,
        to clean: inout String.UnicodeScalarView
    ) {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: clean.append(" ")
        case 0..<0x20, 0x7F..<0xA0: clean.append(contentsOf: escape("x", scalar))
        // Embeddings, overrides and isolates: they make text read otherwise than it is.
        case 0x202A...0x202E, 0x2066...0x2069, 0xE000, 0xE001:
            clean.append(contentsOf: escape("u", scalar))
        // Joiners carry meaning in Persian, in Indic scripts and within emoji, not in ASCII.
        case 0x200C, 0x200D: if previous.value >= 0x300 { clean.append(scalar) }
        case 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060...0x2065, 0x206A...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            break
        default: clean.append(scalar)
        }
    }

    private static func escape(_ letter: String, _ scalar: Unicode.Scalar)
        -> String.UnicodeScalarView
    {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        if letter == "x" { return "\\x\(digits.count < 2 ? "0" : "")\(digits)".unicodeScalars }
        return "\\u{\(digits)}".unicodeScalars
    }

    /// The text in lines of at most so many columns, broken between words.
    ///
    /// A word that is longer than a line stands on a line of its own.
    func wrapped(to columns: Int) -> [TerminalText] {
        var lines: [TerminalText] = []
        var line = String.UnicodeScalarView()
        var filled = 0
        for word in text.unicodeScalars.split(separator: " ") {
            let width = Self.columns(word)
            if filled > 0, filled + 1 + width > columns {
                lines.append(TerminalText(trusted: String(line)))
                line = String.UnicodeScalarView()
                filled = 0
            }
            if filled > 0 {
                line.append(" ")
                filled += 1
            }
            line.append(contentsOf: word)
            filled += width
        }
        if filled > 0 { lines.append(TerminalText(trusted: String(line))) }
        return Self.closingMarks(lines)
    }

    /// Lets no mark reach over the end of a line.
    private static func closingMarks(_ lines: [TerminalText]) -> [TerminalText] {
        var isOpen = false
        return lines.map { line in
            var text = isOpen ? String(open) + line.text : line.text
            for scalar in line.text.unicodeScalars where scalar == open || scalar == close {
                isOpen = scalar == open
            }
            if isOpen { text.unicodeScalars.append(close) }
            return TerminalText(trusted: text)
        }
    }

    /// How many columns of a terminal the scalars fill.
    private static func columns(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
        scalars.reduce(0) { $0 + columns($1) }
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x2FF: return 1
        case 0xE000, 0xE001, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return 0
            default: return 1
            }
        }
    }
}
