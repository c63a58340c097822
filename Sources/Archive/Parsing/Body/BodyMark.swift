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
    /// A person or a house that the page describes as such: the box about the writer.
    static let person = BodyMark(bit: 26)

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
    static let kinds = 27

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
        var mark: BodyMark = []
        if let span = tree.rawValue(node, .class) {
            mark.formUnion(BodyNames.mark(tree.source[span.range].prefix(400)))
        }
        // The id of a heading is made of its own words.
        if !tree[node].tag.isHeading, let span = tree.rawValue(node, .id) {
            mark.formUnion(BodyNames.mark(tree.source[span.range].prefix(400), isID: true))
        }
        if let span = tree.rawValue(node, .role) {
            mark.formUnion(
                BodyVocabulary.roles[hash(tree.source[span.range].prefix(40))] ?? [])
        }
        if let span = tree.rawValue(node, .itemtype), isPerson(tree.source[span.range]) {
            mark.formUnion(.person)
        }
        if tree[node].tag == .p { mark.subtract(.subscription) }
        if HTMLWords.isHidden(tree, node), !opens(tree, node) { mark.formUnion(.unseen) }
        return mark
    }

    /// Whether a type of schema.org is that of a person or a house.
    private static func isPerson(_ type: ArraySlice<UInt8>) -> Bool {
        type.count <= 60 && (type.ends(with: "/Person") || type.ends(with: "/Organization"))
    }

    /// Whether the page shows a hidden element as soon as it is asked to, or as soon as its script
    /// runs: the panel under a heading that folds, a part sent after the page itself, a paragraph
    /// that the page keeps for subscribers.
    private static func opens(_ tree: HTMLTree, _ node: Int32) -> Bool {
        if let role = tree.rawValue(node, .role) {
            let word = tree.source[role.range]
            if word.elementsEqual("region".utf8) || word.elementsEqual("tabpanel".utf8) {
                return true
            }
        }
        if let id = tree.rawValue(node, .id), id.count <= 8,
            tree.source[id.range].starts(with: [UInt8(ascii: "S"), UInt8(ascii: ":")])
        {
            return true
        }
        if tree[node].tag == .p, tree.value(node, .class)?.hasPrefix("paywall") ?? false {
            return true
        }
        return followsFold(tree, node)
    }

    /// Whether the element before is a heading with a button in it.
    private static func followsFold(_ tree: HTMLTree, _ node: Int32) -> Bool {
        var before = tree[node].previousSibling
        while before >= 0, tree[before].isText { before = tree[before].previousSibling }
        guard before >= 0, tree[before].tag.isHeading else { return false }
        var child = tree[before].firstChild
        while child >= 0 {
            if tree[child].tag == .button { return true }
            child = tree[child].nextSibling
        }
        return false
    }

    static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// The number by which a word is looked up: FNV-1a over its bytes in lower case.
    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(seed) { step($0, $1 | 0x20) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with word: StaticString) -> Bool {
        word.withUTF8Buffer { suffix($0.count).elementsEqual($0) }
    }
}
