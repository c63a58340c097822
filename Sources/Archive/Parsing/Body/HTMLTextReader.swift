internal import ArchiveProtocol

/// Walks a part of a page in its order and gathers what it says.
struct HTMLTextReader {
    let tree: HTMLTree
    let marks: BodyMarks
    let base: String?
    var result = HTMLText()

    private var current: [UInt8] = []
    private var start = -1
    private var end = 0
    private var links: [HTMLText.Link] = []
    private var linkBytes = 0
    private var buttonBytes = 0
    private var isButton = false
    private var linkStart = -1
    private var headings = 0
    private var quotes = 0
    private var items = 0
    private var breaks = 0
    private var first: Int32 = -1
    /// How many pictures had been read when the last block ended.
    private var imagesBefore = 0
    /// Whether what the page does not show is read: it shows nothing else.
    var readsUnseen = false

    init(tree: HTMLTree, marks: BodyMarks, base: String?) {
        self.tree = tree
        self.marks = marks
        self.base = base
    }

    /// Gathers what stands within `root`.
    mutating func read(within root: Int32, isLeftOut: (Int32) -> Bool) {
        var node = root
        var isEntering = true
        while true {
            if isEntering {
                let descends = (node == root || !isLeftOut(node)) && enter(node)
                let child = tree[node].firstChild
                if descends, child >= 0 {
                    node = child
                    continue
                }
                if descends { leave(node) }
            }
            if node == root { break }
            let sibling = tree[node].nextSibling
            if sibling >= 0 {
                node = sibling
                isEntering = true
            } else {
                node = tree[node].parent
                leave(node)
                isEntering = false
            }
        }
        flush()
    }

    /// Takes what `node` itself says.
    ///
    /// - Returns: whether what stands within it is to be read too.
    private mutating func enter(_ node: Int32) -> Bool {
        let element = tree[node]
        if element.isText {
            appendText(node, element)
            return false
        }
        switch element.tag {
        case .script, .style, .template, .select, .textarea, .svg, .title, .audio, .canvas, .input,
            .progress, .datalist:
            return false
        // A heading that folds is a button of its own.
        case .button: return headings > 0
        case .noscript:
            addImages(within: node)
            return false
        case .br:
            lineBreak()
            return false
        case .img, .image:
            add(image(node), node)
            return false
        case .iframe, .embed, .object, .video:
            if let embed = HTMLEmbeds.read(tree, node, base: base) {
                flush()
                result.embeds.append(HTMLText.Found(value: embed, range: range(node)))
            }
            return false
        case .a: beginLink(node)
        default: return enterBlock(node, element.tag)
        }
        return true
    }

    private mutating func enterBlock(_ node: Int32, _ tag: HTMLTag) -> Bool {
        let mark = marks[node]
        if (mark.contains(.unseen) && !readsUnseen) || isButton(node) { return false }
        if let picture = HTMLPicture.read(tree, node, marks) {
            addPicture(picture)
            return false
        }
        if tag == .figcaption || mark.contains(.caption) {
            attachCaption(node)
            return false
        }
        if tag == .blockquote, mark.contains(.post),
            let embed = HTMLEmbeds.post(tree, node, base: base)
        {
            result.embeds.append(HTMLText.Found(value: embed, range: range(node)))
        }
        if !tag.isInline { flush() }
        if tag.isHeading { headings += 1 }
        if tag == .blockquote { quotes += 1 }
        if tag == .li { items += 1 }
        return true
    }

    /// Whether the element is a button of the page: a few words, and a class that says so.
    private func isButton(_ node: Int32) -> Bool {
        guard marks[node].contains(.button), tree[node].tag == .span || tree[node].tag == .div
        else { return false }
        let child = tree[node].firstChild
        return child >= 0 && tree[child].isText && tree[child].nextSibling < 0
            && tree[child].content.count <= 40
    }

    private mutating func leave(_ node: Int32) {
        let tag = tree[node].tag
        if tree[node].isText { return }
        if tag == .a { return endLink(node) }
        if !tag.isInline { flush() }
        if tag.isHeading { headings = max(0, headings - 1) }
        if tag == .blockquote { quotes = max(0, quotes - 1) }
        if tag == .li { items = max(0, items - 1) }
    }

    // MARK: Text

    private mutating func appendText(_ node: Int32, _ element: HTMLTree.Node) {
        let before = current.count
        if element.hasReferences {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(element.content.count)
            tree.append(node, to: &bytes)
            HTMLBytes.appendFolded(bytes, to: &current)
        } else {
            HTMLBytes.appendFolded(Array(tree.source[element.content.range]), to: &current)
        }
        let grown = current.count - before
        guard grown > 1 || (grown == 1 && current[before] != 0x20) else { return }
        breaks = 0
        if start < 0 {
            start = Int(element.content.start)
            first = node
        }
        end = Int(element.content.end)
    }

    /// One line break folds into a space, two begin a paragraph.
    private mutating func lineBreak() {
        breaks += 1
        if breaks >= 2 {
            flush()
        } else if let last = current.last, last != 0x20 {
            current.append(0x20)
        }
    }

    /// Ends the block.
    private mutating func flush() {
        let isInLink = linkStart >= 0
        if isInLink {
            linkBytes += max(0, current.count - linkStart)
            if isButton { buttonBytes += max(0, current.count - linkStart) }
        }
        while current.last == 0x20 { current.removeLast() }
        if !current.isEmpty {
            let kind: Block.Kind =
                headings > 0 ? .heading : quotes > 0 ? .quote : items > 0 ? .listItem : .paragraph
            result.pieces.append(
                HTMLText.Piece(
                    kind: kind, text: current, range: max(start, 0)..<max(end, start, 0),
                    links: links, linkBytes: min(linkBytes, current.count),
                    buttonBytes: buttonBytes, node: first,
                    followsImage: result.images.count > imagesBefore))
            imagesBefore = result.images.count
        }
        current.removeAll(keepingCapacity: true)
        links.removeAll()
        linkBytes = 0
        buttonBytes = 0
        breaks = 0
        start = -1
        end = 0
        if isInLink { linkStart = 0 }
    }

    private mutating func beginLink(_ node: Int32) {
        // A bare `<a>` is no link, only a place for one.
        guard linkStart < 0, tree[node].attributeCount > 0 else { return }
        linkStart = current.count
        isButton =
            tree.rawValue(node, .href).map { href in
                href.isEmpty || tree.source[Int(href.start)] == 0x23
                    || HTMLBytes.starts(tree.source[href.range], with: "javascript:")
            } ?? false
    }

    private mutating func endLink(_ node: Int32) {
        guard linkStart >= 0, tree[node].attributeCount > 0 else { return }
        let text = HTMLBytes.folded(Array(current[min(linkStart, current.count)...]))
        linkBytes += max(0, current.count - linkStart)
        if isButton { buttonBytes += max(0, current.count - linkStart) }
        linkStart = -1
        let url = tree.value(node, .href).flatMap { CanonicalURL.resolved($0, base: base) }
        if !text.isEmpty {
            links.append(HTMLText.Link(text: String(decoding: text, as: UTF8.self), url: url))
        } else if var last = result.pieces.last, last.links.isEmpty, last.linkBytes > 0 {
            // The link held whole blocks: it belongs to the last of them.
            let text = String(decoding: last.text, as: UTF8.self)
            last.links.append(HTMLText.Link(text: text, url: url))
            result.pieces[result.pieces.count - 1] = last
        }
    }

    // MARK: Pictures

    private func range(_ node: Int32) -> Range<Int> {
        let name = tree[node].content
        let last =
            tree[node].attributeCount > 0
            ? Int(tree[node].firstAttribute) + Int(tree[node].attributeCount) - 1 : -1
        let end = last >= 0 ? Int(tree.attributes[last].value.end) : Int(name.end)
        return Int(name.start)..<max(end, Int(name.start))
    }

    private func image(_ node: Int32) -> Image? {
        guard let url = HTMLPicture.address(tree, node), !HTMLPicture.isTiny(tree, node) else {
            return nil
        }
        return Image(
            alt: tree.value(node, .alt), url: CanonicalURL.resolved(url, base: base) ?? url)
    }

    private mutating func add(_ image: Image?, _ node: Int32) {
        guard let image, !result.images.suffix(64).contains(where: { $0.value.url == image.url })
        else { return }
        result.images.append(HTMLText.Found(value: image, range: range(node)))
    }

    private mutating func addImages(within node: Int32) {
        for node in tree.descendants(of: node) where tree[node].tag == .img {
            add(image(node), node)
        }
    }

    private mutating func addPicture(_ picture: HTMLPicture) {
        for (index, node) in picture.images.enumerated() {
            guard var image = image(node) else { continue }
            if index == 0 {
                image.caption = picture.caption
                image.credit = picture.credit
            }
            add(image, node)
        }
    }

    /// Gives a caption that stands apart to the picture before it.
    private mutating func attachCaption(_ node: Int32) {
        guard var last = result.images.last, last.value.caption == nil, last.value.credit == nil
        else { return }
        let words = HTMLPicture.words(tree, node, marks)
        (last.value.caption, last.value.credit) = (words.caption, words.credit)
        result.images[result.images.count - 1] = last
    }
}
