/// Items of JSON: a list, one object a line, or the items of a JSON Feed.
extension ItemList {
    static func json(_ bytes: [UInt8]) -> ItemList? {
        guard let wide = UTF16Text.narrowed(bytes) else { return cut(bytes) }
        var list = cut(wide)
        list?.isReencoded = true
        return list
    }

    private static func cut(_ bytes: [UInt8]) -> ItemList? {
        let values = JSONSlices.values(bytes)
        guard let first = values.first else { return nil }
        if values.count > 1 {
            return list(bytes, values.filter { bytes[$0.lowerBound] == 0x7b })
        }
        if let elements = JSONSlices.elements(bytes, in: first) {
            return list(bytes, elements.filter { bytes[$0.lowerBound] == 0x7b })
        }
        return feed(bytes, in: first)
    }

    private static func list(_ bytes: [UInt8], _ values: [Range<Int>]) -> ItemList? {
        let isNews = values.prefix(8).contains { value in
            (JSONSlices.members(bytes, in: value) ?? []).contains {
                telling.contains(String(decoding: bytes[$0.key], as: UTF8.self).lowercased())
            }
        }
        guard isNews else { return nil }
        var list = ItemList(form: .itemList, source: bytes)
        list.frames = [Frame(head: [], tail: [])]
        list.items = values.map { Item(json: bytes, in: $0) }
        return list
    }

    /// Keys that a news item has, and other JSON rarely.
    private static let telling: Set<String> = [
        "uri", "guid", "headline", "headlines", "versioncreated", "pubstatus", "@type", "@graph",
        "body_text", "body_xhtml", "body_html",
    ]

    private static func feed(_ bytes: [UInt8], in range: Range<Int>) -> ItemList? {
        guard let members = JSONSlices.members(bytes, in: range) else { return nil }
        func value(_ key: String) -> Range<Int>? {
            members.first { bytes[$0.key].elementsEqual(key.utf8) }?.value
        }
        guard let version = value("version"),
            String(decoding: bytes[version], as: UTF8.self).contains("jsonfeed.org"),
            let items = value("items").flatMap({ JSONSlices.elements(bytes, in: $0) })
        else { return nil }
        var head: [UInt8] = [0x7b]
        for member in members where !bytes[member.key].elementsEqual("items".utf8) {
            let range = member.key.lowerBound - 1..<member.value.upperBound
            let count = head.count + range.count
            guard range.count <= 1024 || mayRepeat(count, items: items.count, of: bytes.count),
                count <= headLimit
            else { continue }
            head += bytes[range] + [0x2c]
        }
        if !mayRepeat(head.count, items: items.count, of: bytes.count) {
            head = [0x7b] + bytes[version.lowerBound..<version.lowerBound]
            head += Array("\"version\":".utf8) + bytes[version] + [0x2c]
        }
        var list = ItemList(form: .feed, source: bytes)
        list.frames = [Frame(head: head + Array("\"items\":[".utf8), tail: [0x5d, 0x7d])]
        list.items = items.map { Item(json: bytes, in: $0) }
        return list
    }
}

extension ItemList.Item {
    /// Takes title, address and name from an object's own members.
    fileprivate init(json bytes: [UInt8], in range: Range<Int>) {
        self.init(range: range)
        for member in JSONSlices.members(bytes, in: range) ?? [] {
            let value = member.value
            guard bytes[value.lowerBound] == 0x22, value.count >= 2 else { continue }
            let text = Array(bytes[value.lowerBound + 1..<value.upperBound - 1].prefix(2048))
            let string = String(decoding: text, as: UTF8.self)
            switch String(decoding: bytes[member.key], as: UTF8.self).lowercased() {
            case "uri", "guid", "id", "@id", "identifier": identifier = identifier ?? string
            case "url": url = ItemList.Item.isAddress(string) ? string : nil
            case "headline", "title": title = title.isEmpty ? text : title
            default: break
            }
        }
        if title.isEmpty { title = Array((identifier ?? url ?? "").utf8) }
    }
}
