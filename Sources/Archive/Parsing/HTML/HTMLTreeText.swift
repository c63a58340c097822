/// The texts, names and attributes of a tree, as they are meant.
extension HTMLTree {
    // MARK: Attributes

    /// The bytes of an attribute as written; nil where the element has none of that name.
    func rawValue(_ node: Int32, _ name: HTMLName) -> HTMLSpan? {
        let node = self[node]
        let first = Int(node.firstAttribute)
        for attribute in attributes[first..<first + Int(node.attributeCount)]
        where attribute.key == name { return attribute.value }
        return nil
    }

    /// The bytes of an attribute with a name too long for `HTMLName`.
    func rawValue(_ node: Int32, named name: StaticString) -> HTMLSpan? {
        let node = self[node]
        let first = Int(node.firstAttribute)
        for attribute in attributes[first..<first + Int(node.attributeCount)]
        where attribute.name.count == name.utf8CodeUnitCount {
            let isSame = name.withUTF8Buffer { text in
                zip(source[attribute.name.range], text).allSatisfy { $0 | 0x20 == $1 | 0x20 }
            }
            if isSame { return attribute.value }
        }
        return nil
    }

    /// An attribute's value, its character references read, white space trimmed; nil where empty.
    func value(_ node: Int32, _ name: HTMLName) -> String? {
        rawValue(node, name).flatMap(text)
    }

    // MARK: Texts

    /// The characters of a run, its character references read, white space folded.
    func text(_ span: HTMLSpan) -> String? {
        var bytes: [UInt8] = []
        append(span, isAttribute: true, to: &bytes)
        let folded = HTMLBytes.folded(bytes)
        return folded.isEmpty ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// All the text within `node`, white space folded.
    func text(of node: Int32) -> String {
        var bytes: [UInt8] = []
        for node in descendants(of: node) where self[node].isText {
            append(node, to: &bytes)
        }
        return String(decoding: HTMLBytes.folded(bytes), as: UTF8.self)
    }

    /// Appends the characters of a text node.
    func append(_ node: Int32, to bytes: inout [UInt8]) {
        let node = self[node]
        let controls: HTMLControls? =
            hasControls ? (node.keepsNull ? .replacingNull : .droppingNull) : nil
        guard node.hasReferences || controls != nil else {
            bytes.append(contentsOf: source[node.content.range])
            return
        }
        source.withUnsafeBufferPointer { source in
            guard node.content.range.upperBound <= source.count else { return }
            let text = UnsafeBufferPointer(rebasing: source[node.content.range])
            if node.hasReferences {
                HTMLReferences.append(text, isAttribute: false, controls: controls, to: &bytes)
            } else {
                HTMLReferences.append(text[...], controls, to: &bytes)
            }
        }
    }

    /// Appends the characters of a run with its character references read.
    func append(_ span: HTMLSpan, isAttribute: Bool, to bytes: inout [UInt8]) {
        source.withUnsafeBufferPointer { source in
            guard span.range.upperBound <= source.count else { return }
            HTMLReferences.append(
                UnsafeBufferPointer(rebasing: source[span.range]), isAttribute: isAttribute,
                controls: hasControls ? .replacingNull : nil, to: &bytes)
        }
    }

    /// The characters of a run that has no character references: a name, a comment.
    func plainText(_ span: HTMLSpan) -> String {
        var bytes: [UInt8] = []
        source.withUnsafeBufferPointer { source in
            guard span.range.upperBound <= source.count else { return }
            HTMLReferences.append(
                source[span.range], hasControls ? .replacingNull : nil, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension HTMLName {
    static let alt = HTMLName("alt")
    static let cite = HTMLName("cite")
    static let `class` = HTMLName("class")
    static let color = HTMLName("color")
    static let content = HTMLName("content")
    static let dataHref = HTMLName("data-href")
    static let dataSource = HTMLName("data-src")
    static let datetime = HTMLName("datetime")
    static let encoding = HTMLName("encoding")
    static let face = HTMLName("face")
    static let height = HTMLName("height")
    static let hidden = HTMLName("hidden")
    static let href = HTMLName("href")
    static let id = HTMLName("id")
    static let itemprop = HTMLName("itemprop")
    static let lang = HTMLName("lang")
    static let name = HTMLName("name")
    static let property = HTMLName("property")
    static let rel = HTMLName("rel")
    static let role = HTMLName("role")
    static let size = HTMLName("size")
    static let source = HTMLName("src")
    static let sourceSet = HTMLName("srcset")
    static let style = HTMLName("style")
    static let title = HTMLName("title")
    static let type = HTMLName("type")
    static let value = HTMLName("value")
    static let width = HTMLName("width")
}
