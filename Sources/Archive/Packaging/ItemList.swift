/// The items of a feed, a news message or a list of JSON, each to be handed on as a page.
///
/// An item's page is the document with that one item alone: all that stands before the first
/// item, the item, and the end tags. So it is whole by itself, with its namespaces and its
/// declared encoding, and the same bytes come out each time.
struct ItemList {
    /// One item, and where it came from by its own account.
    struct Item {
        /// Its bytes in `source`.
        var range: Range<Int>
        /// Which of `frames` goes around it.
        var frame = 0
        /// A readable name, for its path; raw bytes.
        var title: [UInt8] = []
        /// The address of its story.
        var url: String?
        /// The name that its publisher gave it.
        var identifier: String?
    }

    /// What goes before and behind an item.
    struct Frame {
        var head: [UInt8]
        var tail: [UInt8]
    }

    /// Bytes before the first item that are repeated in every page.
    static let headLimit = 64 << 10
    /// Bytes of a head that was cut down.
    static let shortHeadLimit = 4 << 10

    let form: Form
    let source: [UInt8]
    var frames: [Frame] = []
    var items: [Item] = []
    /// The first thing that was wrong with the document.
    var fault: Refusal?
    /// Whether `source` is the document brought to UTF-8, so that offsets in it are not the file's.
    var isReencoded = false

    /// The items in `bytes`, a document of `form`; nil where it has none and is a page itself.
    static func read(_ bytes: [UInt8], form: Form) -> ItemList? {
        let list: ItemList? =
            switch form {
            case .feed, .newsMessage: xml(bytes, form: form)
            case .json, .itemList: json(bytes)
            default: nil
            }
        return list.flatMap { $0.items.isEmpty ? nil : $0 }
    }

    /// The page of one item.
    func page(of item: Item) -> [UInt8] {
        let frame = frames[item.frame]
        return frame.head + source[item.range] + frame.tail
    }

    /// The path of the item at `index`, such as `0007 Council approves bus lane`.
    func path(at index: Int) -> [UInt8] {
        let number = String(index + 1)
        let zeros = String(repeating: "0", count: max(0, 4 - number.utf8.count))
        let name = Self.readable(items[index].title)
        return Array((zeros + number).utf8) + (name.isEmpty ? [] : [0x20]) + name
    }

    /// A title as a name: on one line, without slashes, at most 80 bytes.
    private static func readable(_ title: [UInt8]) -> [UInt8] {
        var name: [UInt8] = []
        for byte in title.prefix(400) {
            if byte <= 0x20 || byte == 0x7f {
                if let last = name.last, last != 0x20 { name.append(0x20) }
            } else {
                name.append(byte == 0x2f || byte == 0x5c ? 0x2d : byte)
            }
        }
        if name.count > 80 {
            var end = 80
            // Not within a letter of UTF-8.
            while end > 76, name[end] & 0xc0 == 0x80 { end -= 1 }
            name.removeSubrange(end...)
        }
        while name.last == 0x20 { name.removeLast() }
        return name
    }

    /// Whether a head as long as `count` bytes may go before each of `items` items.
    ///
    /// A few thousand short items behind a long head would come out as gigabytes.
    static func mayRepeat(_ count: Int, items: Int, of source: Int) -> Bool {
        count <= headLimit && count * items <= source * 8 + (1 << 20)
    }
}
