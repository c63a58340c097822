/// Items of XML: `item`, `entry`, what is in an `itemSet`, `NewsItem`.
extension ItemList {
    static func xml(_ bytes: [UInt8], form: Form) -> ItemList? {
        let wide = UTF16Text.narrowed(bytes)
        guard let tree = try? XMLTreeBuilder.tree(of: wide ?? bytes), let root = tree.root else {
            return nil
        }
        var list = ItemList(form: form, source: tree.source)
        list.isReencoded = wide != nil
        list.fault = tree.fault
        if wide != nil { list.fault?.offset = nil }
        let groups = parents(of: tree, root).map { (parent: $0, items: items(of: tree, $0)) }
            .filter { !$0.items.isEmpty }
        for group in groups {
            let isFirst = list.frames.isEmpty
            list.frames.append(
                frame(tree, group.parent, items: group.items, isWhole: isFirst))
            for node in group.items {
                var item = Item(range: tree[node].span.range, frame: list.frames.count - 1)
                item.describe(tree, node)
                list.items.append(item)
            }
        }
        return list
    }

    /// The elements that may hold items.
    private static func parents(of tree: XMLTree, _ root: Int32) -> [Int32] {
        [root]
            + tree.elements(of: root).filter {
                tree.isNamed($0, "channel") || tree.isNamed($0, "itemSet")
            }
    }

    private static func items(of tree: XMLTree, _ parent: Int32) -> [Int32] {
        if tree.isNamed(parent, "itemSet") { return tree.elements(of: parent) }
        return tree.elements(of: parent).filter {
            tree.isNamed($0, "item") || tree.isNamed($0, "entry") || tree.isNamed($0, "NewsItem")
        }
    }

    /// What goes around the items of `parent`.
    private static func frame(
        _ tree: XMLTree, _ parent: Int32, items: [Int32], isWhole: Bool
    ) -> Frame {
        var chain: [Int32] = []
        var node = parent
        while node != XMLTree.document {
            chain.append(node)
            node = tree[node].parent
        }
        var tail: [UInt8] = []
        for node in chain {
            let name = Int(tree[node].span.start) + 1..<Int(tree[node].name.end)
            tail += [0x3c, 0x2f] + tree.source[name] + [0x3e]
        }
        let first = items.first.map { Int(tree[$0].span.start) } ?? 0
        if isWhole, mayRepeat(first, items: items.count, of: tree.source.count) {
            return Frame(head: Array(tree.source[..<first]), tail: tail)
        }
        return Frame(head: shortHead(tree, chain.reversed(), before: first), tail: tail)
    }

    /// The start tags around an item, and the short elements before it.
    private static func shortHead(
        _ tree: XMLTree, _ chain: [Int32], before first: Int
    ) -> [UInt8] {
        var head: [UInt8] = []
        if tree.source.starts(with: "<?xml".utf8),
            let end = tree.source.prefix(200).firstIndex(of: 0x3e)
        {
            head += tree.source[...end]
        }
        for node in chain {
            let tag = Int(tree[node].span.start)..<Int(tree[node].inner.start)
            guard head.count + tag.count <= shortHeadLimit else {
                head += tree.source[tag.lowerBound..<Int(tree[node].name.end)] + [0x3e]
                continue
            }
            head += tree.source[tag]
            for child in tree.elements(of: node) {
                let range = tree[child].span.range
                guard range.upperBound <= first else { break }
                if range.count <= 1024, head.count + range.count <= shortHeadLimit {
                    head += tree.source[range]
                }
            }
        }
        return head
    }
}

extension ItemList.Item {
    /// Takes title, address and name from the item's own words.
    fileprivate mutating func describe(_ tree: XMLTree, _ node: Int32) {
        identifier = Self.identifier(tree, node).flatMap(Self.text)
        url = Self.address(tree, node).flatMap(Self.text)
        if url == nil, let guid = tree.child(node, "guid"),
            !(tree.attribute(guid, "isPermaLink").map {
                tree.source[$0.range].elementsEqual("false".utf8)
            } ?? false), let identifier, Self.isAddress(identifier)
        {
            url = identifier
        }
        if let given = url, !Self.isAddress(given) { url = nil }
        for name in ["title", "headline", "HeadLine"] as [StaticString] where title.isEmpty {
            let place =
                tree.child(node, name) ?? tree.child(node, "contentMeta", name)
                ?? tree.child(node, "itemMeta", name)
                ?? tree.child(node, "NewsComponent", "NewsLines", name)
            title = place.map { tree.characters(of: $0, upTo: 400) } ?? []
        }
        if title.isEmpty { title = Array((identifier ?? url ?? "").utf8) }
    }

    private static func identifier(_ tree: XMLTree, _ node: Int32) -> [UInt8]? {
        for name in ["guid", "rdf:about"] as [StaticString] {
            if let value = tree.attribute(node, name) {
                return XMLReferences.read(tree.source[value.range])
            }
        }
        let child =
            tree.child(node, "guid") ?? tree.child(node, "id")
            ?? tree.child(node, "Identification", "NewsIdentifier", "PublicIdentifier")
        return child.map { tree.characters(of: $0) }
    }

    private static func address(_ tree: XMLTree, _ node: Int32) -> [UInt8]? {
        for link in tree.children(node, "link") {
            guard let href = tree.attribute(link, "href") else {
                return tree.characters(of: link)
            }
            let rel = tree.attribute(link, "rel").map { tree.source[$0.range] }
            if rel?.elementsEqual("alternate".utf8) ?? true {
                return XMLReferences.read(tree.source[href.range])
            }
        }
        return nil
    }

    static func text(_ bytes: [UInt8]) -> String? {
        let text = bytes.prefix(2048).split(whereSeparator: XMLScanner.isSpace)
        guard let text = text.first, text.count == bytes.count || !text.isEmpty else { return nil }
        return String(validating: text, as: UTF8.self)
    }

    static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("http://") || text.hasPrefix("https://")
    }
}

/// UTF-16, for a container that must be cut before its pages are read as text.
enum UTF16Text {
    /// The bytes in UTF-8, where they are UTF-16 by their mark or by the zeros of Latin letters.
    static func narrowed(_ bytes: [UInt8]) -> [UInt8]? {
        let isLittle: Bool
        var start = 2
        if bytes.starts(with: [0xff, 0xfe]) {
            isLittle = true
        } else if bytes.starts(with: [0xfe, 0xff]) {
            isLittle = false
        } else if let order = TextProbe.utf16Order(of: bytes.prefix(4096)) {
            isLittle = order == .littleEndian
            start = 0
        } else {
            return nil
        }
        let units = (0..<max(0, bytes.count - start) / 2).lazy.map { pair in
            let index = start + pair * 2
            return isLittle
                ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
                : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
