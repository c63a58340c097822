/// What an element's class and id say about it.
enum HTMLWords {
    /// Calls `body` with each word of the class and the id, lower case: `sideBar_left` has
    /// `sidebar`, `side`, `bar`, `left`; stops where `body` returns true.
    static func contains(_ tree: HTMLTree, _ node: Int32, _ words: Set<[UInt8]>) -> Bool {
        for name in [HTMLName.class, .id] {
            guard let span = tree.rawValue(node, name) else { continue }
            if contains(tree.source[span.range].prefix(400), words) { return true }
        }
        return false
    }

    private static func contains(_ value: ArraySlice<UInt8>, _ words: Set<[UInt8]>) -> Bool {
        var word: [UInt8] = []
        var whole: [UInt8] = []
        var wasLower = false
        for byte in value {
            let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
            let isCapital = isLetter && byte < 0x60
            if !isLetter || (isCapital && wasLower) {
                if !word.isEmpty, words.contains(word) { return true }
                if HTMLBytes.isSpace(byte) {
                    if words.contains(whole) { return true }
                    whole.removeAll(keepingCapacity: true)
                }
                word.removeAll(keepingCapacity: true)
            }
            if isLetter {
                word.append(byte | 0x20)
                whole.append(byte | 0x20)
            }
            wasLower = isLetter && !isCapital
        }
        return words.contains(word) || words.contains(whole)
    }

    /// Whether the page does not show the element.
    static func isHidden(_ tree: HTMLTree, _ node: Int32) -> Bool {
        guard tree[node].attributeCount > 0 else { return false }
        if tree.rawValue(node, .hidden) != nil { return true }
        if let value = tree.rawValue(node, named: "aria-hidden"),
            HTMLBytes.starts(tree.source[value.range], with: "true")
        {
            return true
        }
        guard let style = tree.rawValue(node, .style) else { return false }
        let bytes = tree.source[style.range].prefix(400).filter { !HTMLBytes.isSpace($0) }
        return HTMLBytes.find("display:none", in: Array(bytes)) != nil
    }

    /// The words of a list as sets are asked for them.
    static func set(_ words: String) -> Set<[UInt8]> {
        Set(words.utf8.split(separator: 0x20).map(Array.init))
    }
}
