/// Reads what the names in a class or an id say: of `sideBar_left` these are `sidebar`, `side`,
/// `bar`, `left` and `sidebarleft`.
struct BodyNames {
    private var mark: BodyMark = []
    /// What the short words of the token at hand say: in `64ab9ad0` they are no words.
    private var short: BodyMark = []
    private var part = BodyMarks.seed
    private var whole = BodyMarks.seed
    private var length = 0
    private var parts = 0
    private var tokens = 0
    private var isCode = false
    private var wasDigit = false
    private var wasLower = false
    /// `has-sidebar`, `no-ads`: said of what is elsewhere, or nowhere.
    private var isDenied = false
    /// `hidden md:block`: hidden on small screens only.
    private let shows: Bool

    private init(shows: Bool) { self.shows = shows }

    /// What the names in `value` say.
    ///
    /// - Parameter isID: whether it is an id: one of many words is made from a title, and says what
    ///   the part is about.
    static func mark(_ value: ArraySlice<UInt8>, isID: Bool = false) -> BodyMark {
        var names = BodyNames(shows: value.contains(0x3A))
        value.withUnsafeBufferPointer { value in
            for byte in value { names.take(byte) }
        }
        names.endName()
        return isID && names.tokens >= 6 ? [] : names.mark
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) {
        let lower = byte | 0x20
        let isLetter = lower >= 0x61 && lower <= 0x7A
        let isDigit = byte >= 0x30 && byte <= 0x39
        let isCapital = isLetter && byte < 0x60
        if !isLetter || (isCapital && wasLower) {
            endPart()
            if !isLetter, !isDigit { endToken() }
            if HTMLBytes.isSpace(byte) { endName() }
        }
        if isLetter {
            part = BodyMarks.step(part, lower)
            whole = BodyMarks.step(whole, lower)
            length += 1
            isCode = isCode || wasDigit
        }
        wasDigit = isDigit
        wasLower = isLetter && !isCapital
    }

    private mutating func endPart() {
        guard length > 0 else { return }
        let found = isDenied ? [] : BodyVocabulary.words[part] ?? []
        if length <= 3 { short.formUnion(found) } else { mark.formUnion(found) }
        isDenied = length <= 7 && BodyVocabulary.denials.contains(part)
        parts += 1
        part = BodyMarks.seed
        length = 0
    }

    private mutating func endToken() {
        if !isCode { mark.formUnion(short) }
        if whole != BodyMarks.seed { tokens += 1 }
        short = []
        isCode = false
    }

    private mutating func endName() {
        endPart()
        endToken()
        if parts == 1, !shows { mark.formUnion(BodyVocabulary.lone[whole] ?? []) }
        if parts > 1 { mark.formUnion(BodyVocabulary.words[whole] ?? []) }
        whole = BodyMarks.seed
        parts = 0
        isDenied = false
    }
}
