/// What an element's class, id, role and style say it is, one bit a kind.
///
/// The words of each kind are data, in `BodyVocabulary`.
struct BodyMark: OptionSet, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    private init(bit: UInt64) { rawValue = 1 << bit }

    // Parts of a page that are no part of its story.
    static let advertisement = BodyMark(bit: 0)
    static let promotion = BodyMark(bit: 1)
    static let related = BodyMark(bit: 2)
    static let newsletter = BodyMark(bit: 3)
    static let subscription = BodyMark(bit: 4)
    static let share = BodyMark(bit: 5)
    static let comment = BodyMark(bit: 6)
    static let sidebar = BodyMark(bit: 7)
    static let widget = BodyMark(bit: 8)
    static let navigation = BodyMark(bit: 9)
    static let footer = BodyMark(bit: 10)
    static let consent = BodyMark(bit: 11)
    static let overlay = BodyMark(bit: 12)
    static let tags = BodyMark(bit: 13)
    static let byline = BodyMark(bit: 14)
    static let date = BodyMark(bit: 15)
    static let meta = BodyMark(bit: 16)
    static let account = BodyMark(bit: 17)
    static let survey = BodyMark(bit: 18)
    static let teaser = BodyMark(bit: 19)
    static let carousel = BodyMark(bit: 20)
    static let screenReader = BodyMark(bit: 21)
    static let tools = BodyMark(bit: 22)
    static let legal = BodyMark(bit: 23)
    static let kicker = BodyMark(bit: 24)
    static let partner = BodyMark(bit: 25)

    // Parts of a story.
    static let caption = BodyMark(bit: 32)
    static let button = BodyMark(bit: 33)
    static let picture = BodyMark(bit: 34)
    static let credit = BodyMark(bit: 35)
    static let post = BodyMark(bit: 36)
    static let standfirst = BodyMark(bit: 38)
    static let summary = BodyMark(bit: 41)
    static let live = BodyMark(bit: 39)

    /// The page does not show the element.
    static let unseen = BodyMark(bit: 48)

    /// How many kinds are no part of a story: the lowest bits.
    static let kinds = 26

    /// All kinds that are no part of a story.
    static let discarded = BodyMark(rawValue: (1 << kinds) - 1)

    /// How much of a page's text may bear a mark before it is taken to say nothing there, in
    /// hundredths.
    static func limit(of mark: BodyMark) -> Int {
        if mark.isSubset(of: [.navigation, .footer, .consent]) { return 75 }
        if mark.isSubset(of: [.related, .sidebar, .newsletter]) { return 60 }
        return weak.contains(mark) ? 15 : 30
    }

    /// Kinds whose words are said of much else too: they count for small parts only.
    private static let weak: BodyMark = [.widget, .meta, .tools, .date, .byline, .partner]
}

/// The marks of every node of a page, read in one pass.
struct BodyMarks {
    private let marks: [BodyMark]

    init(_ tree: HTMLTree) {
        var marks = [BodyMark](repeating: [], count: tree.nodes.count)
        for index in marks.indices where tree.nodes[index].attributeCount > 0 {
            marks[index] = Self.mark(tree, Int32(truncatingIfNeeded: index))
        }
        self.marks = marks
    }

    subscript(_ node: Int32) -> BodyMark { marks[Int(node)] }

    /// What the attributes of `node` say.
    static func mark(_ tree: HTMLTree, _ node: Int32) -> BodyMark {
        var mark: BodyMark = HTMLWords.isHidden(tree, node) ? .unseen : []
        for name in [HTMLName.class, .id] {
            guard let span = tree.rawValue(node, name) else { continue }
            add(tree.source[span.range].prefix(400), to: &mark)
        }
        if let span = tree.rawValue(node, .role) {
            mark.formUnion(
                BodyVocabulary.roles[hash(tree.source[span.range].prefix(40))] ?? [])
        }
        return mark
    }

    /// Adds what each word says: of `sideBar_left` these are `sidebar`, `side`, `bar`, `left` and
    /// `sidebarleft`.
    private static func add(_ value: ArraySlice<UInt8>, to mark: inout BodyMark) {
        // `hidden md:block`: hidden on small screens only.
        let shows = value.contains(0x3A)
        value.withUnsafeBufferPointer { value in
            var part = seed
            var whole = seed
            var parts = 0
            var wasLower = false
            for byte in value {
                let lower = byte | 0x20
                let isLetter = lower >= 0x61 && lower <= 0x7A
                let isCapital = isLetter && byte < 0x60
                if !isLetter || (isCapital && wasLower) {
                    if part != seed { mark.formUnion(BodyVocabulary.words[part] ?? []) }
                    if part != seed { parts += 1 }
                    part = seed
                    if HTMLBytes.isSpace(byte) {
                        if parts == 1, !shows { mark.formUnion(BodyVocabulary.lone[whole] ?? []) }
                        if parts > 1 { mark.formUnion(BodyVocabulary.words[whole] ?? []) }
                        whole = seed
                        parts = 0
                    }
                }
                if isLetter {
                    part = step(part, lower)
                    whole = step(whole, lower)
                }
                wasLower = isLetter && !isCapital
            }
            if part != seed { mark.formUnion(BodyVocabulary.words[part] ?? []) }
            if parts > 0 { mark.formUnion(BodyVocabulary.words[whole] ?? []) }
            if parts == 0, !shows { mark.formUnion(BodyVocabulary.lone[whole] ?? []) }
        }
    }

    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// The number by which a word is looked up: FNV-1a over its bytes in lower case.
    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(seed) { step($0, $1 | 0x20) }
    }
}
