internal import ArchiveProtocol

/// Parts what was read of a page into the story and what only stands among it.
///
/// Nothing of this knows a site: it asks what a block says of itself, where it stands, and whether
/// the record has it elsewhere.
struct BodyCleaning {
    let tree: HTMLTree
    let marks: BodyMarks
    let root: Int32
    var headline = ""
    var byline: String?
    var authors: [String] = []
    /// What the page's head says the story is about.
    var summaries: [String] = []
    /// The story's text as the page's JSON-LD has it.
    var told: String?

    /// The lines that stand between the headline and the story.
    private(set) var standfirst: HTMLText.Piece?
    /// Correction notices and editor's notes.
    private(set) var corrections: [HTMLText.Piece] = []
    /// What stood at the end of the story and is no part of it, in order.
    private(set) var tail: [HTMLText.Piece] = []

    init(tree: HTMLTree, marks: BodyMarks, root: Int32) {
        self.tree = tree
        self.marks = marks
        self.root = root
    }

    /// Drops from `text` what is no part of the story.
    mutating func clean(_ text: inout HTMLText) {
        let before = text.pieces
        takeCaptions(&text)
        BodyEnding.drop(&text.pieces)
        let lines = linkLines(text.pieces)
        var index = -1
        text.pieces.removeAll { piece in
            index += 1
            return lines[index] || Self.isMark(piece) || BodyFurniture.isLabel(piece.text)
                || (piece.kind == .paragraph && BodyFurniture.isCall(piece.text))
        }
        dropHead(&text.pieces)
        corrections = BodyCorrections.take(from: &text.pieces)
        dropTail(&text.pieces)
        dropRepeated(&text.pieces)
        dropUntold(&text.pieces)
        while text.pieces.last?.kind == .heading { text.pieces.removeLast() }
        // A page that is all calls and labels is what it is.
        if text.pieces.isEmpty { text.pieces = before }
    }

    // MARK: Above the story

    /// Drops headline, date and byline above the first paragraph, and sets the standfirst apart.
    private mutating func dropHead(_ pieces: inout [HTMLText.Piece]) {
        let headline = BodyFurniture.letters(Array(headline.utf8))
        let byline = byline.map { BodyFurniture.letters(Array($0.utf8)) }
        pieces.removeAll { piece in
            guard piece.text.count <= 400 else { return false }
            let letters = BodyFurniture.letters(piece.text)
            return letters == headline || (letters == byline && piece.kind != .heading)
        }
        var index = 0
        for _ in 0..<12 where index < min(3, pieces.count) {
            let piece = pieces[index]
            let letters = BodyFurniture.letters(piece.text)
            let isTitle =
                isWithin(piece, .h1)
                && (isWithin(piece, .header) || letters.suffix(headline.count) == headline[...]
                    || headline.suffix(letters.count) == letters[...])
            if isTitle || (piece.kind == .paragraph && BodyFurniture.isHead(piece.text)) {
                pieces.remove(at: index)
            } else if standfirst == nil, pieces.count > index + 2,
                isStandfirst(piece, before: pieces[index + 1])
            {
                standfirst = pieces.remove(at: index)
            } else {
                index += 1
            }
        }
    }

    /// Whether a block near the head is set apart from the story as what sums it up.
    private func isStandfirst(_ piece: HTMLText.Piece, before next: HTMLText.Piece) -> Bool {
        guard piece.text.count <= 700, piece.node >= 0, next.node >= 0 else { return false }
        let mark = mark(above: piece.node)
        if mark.contains(.standfirst) { return true }
        let letters = BodyFurniture.letters(piece.text)
        guard
            mark.contains(.summary)
                || (letters.count >= 40
                    && summaries.contains { BodyFurniture.letters(Array($0.utf8)) == letters })
        else { return false }
        // A first paragraph may bear such names too: one that stands with the others is no other.
        let parent = tree[block(of: piece.node)].parent
        let other = tree[block(of: next.node)].parent
        return parent != other && parent >= 0 && other >= 0
            && tree.value(parent, .class) != tree.value(other, .class)
    }

    /// What the block of a text and the elements close above it say.
    private func mark(above text: Int32) -> BodyMark {
        var mark: BodyMark = []
        var node = tree[text].parent
        var steps = 0
        while node >= 0, node != root, steps < 3 {
            mark.formUnion(marks[node])
            node = tree[node].parent
            steps += 1
        }
        return mark
    }

    private func isWithin(_ piece: HTMLText.Piece, _ tag: HTMLTag) -> Bool {
        var node = piece.node
        while node >= 0, node != root {
            if tree[node].tag == tag { return true }
            node = tree[node].parent
        }
        return false
    }

    /// The block that a text stands in.
    private func block(of text: Int32) -> Int32 {
        var node = text
        while tree[node].isText || tree[node].tag.isInline, tree[node].parent >= 0 {
            node = tree[node].parent
        }
        return node
    }

    // MARK: Among the story

    /// Gives a picture the words under it, where they are small print all through.
    private func takeCaptions(_ text: inout HTMLText) {
        var image = 0
        text.pieces.removeAll { piece in
            guard piece.followsImage, piece.kind == .paragraph, piece.text.count <= 300,
                isAllEmphasis(piece)
            else { return false }
            while image + 1 < text.images.count,
                text.images[image + 1].range.lowerBound < piece.range.lowerBound
            { image += 1 }
            guard image < text.images.count,
                text.images[image].range.lowerBound < piece.range.lowerBound
            else { return false }
            if text.images[image].value.caption == nil {
                let words = HTMLPicture.split(piece.text)
                text.images[image].value.caption = words.caption
                text.images[image].value.credit = text.images[image].value.credit ?? words.credit
                text.images[image].words = piece.range
            }
            return true
        }
    }

    /// Whether all of a block stands within one mark of emphasis or small print.
    private func isAllEmphasis(_ piece: HTMLText.Piece) -> Bool {
        var node = piece.node
        var isEmphasis = false
        while node >= 0, tree[node].isText || tree[node].tag.isInline {
            switch tree[node].tag {
            case .em, .i, .small, .cite: isEmphasis = true
            default: break
            }
            let parent = tree[node].parent
            guard parent >= 0, isOnlyChild(node) else { return false }
            node = parent
        }
        return isEmphasis
    }

    private func isOnlyChild(_ node: Int32) -> Bool {
        guard tree[node].parent >= 0 else { return false }
        var child = tree[tree[node].parent].firstChild
        var count = 0
        while child >= 0, count < 16 {
            let element = tree[child]
            let isBlank =
                element.tag == .br || element.tag == .img
                || element.isText
                    && tree.source[element.content.range].allSatisfy(HTMLBytes.isSpace)
            if child != node, !isBlank { return false }
            child = element.nextSibling
            count += 1
        }
        return true
    }

    /// The blocks that offer what is elsewhere; an item that is a link among items that are none is
    /// of their list.
    private func linkLines(_ pieces: [HTMLText.Piece]) -> [Bool] {
        var lines = pieces.map(Self.isLinkLine)
        var start = 0
        while start < pieces.count {
            guard pieces[start].kind == .listItem else {
                start += 1
                continue
            }
            let end =
                pieces[start...].firstIndex { $0.kind != .listItem } ?? pieces.count
            let offers = lines[start..<end].count { $0 }
            let isAnnounced =
                start > 0 && pieces[start - 1].text.count >= 40
                && pieces[start - 1].text.last == 0x3A
            if isAnnounced || offers * 2 < end - start {
                for index in start..<end { lines[index] = false }
            }
            start = end
        }
        return lines
    }

    /// A block that is nothing but a link is an offer, not a sentence.
    private static func isLinkLine(_ piece: HTMLText.Piece) -> Bool {
        let isOffer =
            piece.linkBytes * 10 > piece.text.count * 9 && piece.text.count < 200
        return isOffer && piece.kind != .heading && piece.kind != .quote
    }

    /// A block without a letter: a rule of dots or stars, an arrow.
    private static func isMark(_ piece: HTMLText.Piece) -> Bool {
        !piece.text.contains { byte in
            byte >= 0xC3 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
                || (byte >= 0x30 && byte <= 0x39)
        }
    }

    // MARK: Below the story

    /// Drops from the end what thanks, warns and advertises.
    private mutating func dropTail(_ pieces: inout [HTMLText.Piece]) {
        var steps = 0
        while steps < 12, pieces.count > 1, let last = pieces.last {
            let isOver =
                BodyFurniture.isTail(last.text) || last.kind == .heading
                || isBiography(last)
            guard isOver else { return }
            tail.insert(pieces.removeLast(), at: 0)
            steps += 1
        }
    }

    /// Whether a block begins with the full name of one of the writers, as a line about them does.
    private func isBiography(_ piece: HTMLText.Piece) -> Bool {
        piece.kind == .paragraph && piece.text.count <= 900
            && authors.contains { name in
                name.utf8.contains(0x20) && piece.text.count > name.utf8.count + 20
                    && piece.text.starts(with: name.utf8)
            }
    }

    /// Drops blocks that stand on the page twice, one soon after the other.
    private func dropRepeated(_ pieces: inout [HTMLText.Piece]) {
        var kept: [HTMLText.Piece] = []
        for piece in pieces where !kept.suffix(3).contains(where: { $0.text == piece.text }) {
            kept.append(piece)
        }
        pieces = kept
    }

    /// Drops what the JSON-LD's text of the story has not, where that text is nearly all of ours.
    private func dropUntold(_ pieces: inout [HTMLText.Piece]) {
        guard let told, told.utf8.count >= 500 else { return }
        let shingles = BodyShingles(told)
        let shares = pieces.map { shingles.share(of: $0.text) }
        let bytes = pieces.reduce(0) { $0 + $1.text.count }
        let known = zip(pieces, shares).reduce(0) { $0 + ($1.1 >= 50 ? $1.0.text.count : 0) }
        guard known * 10 >= bytes * 7, known * 10 >= told.utf8.count * 9 else { return }
        var index = 0
        pieces.removeAll { piece in
            defer { index += 1 }
            return shares[index] < 20 && piece.kind == .paragraph
        }
    }
}
