internal import ArchiveProtocol

/// The parts that pages set below a story under headings of their own: about its writer, other
/// stories, how to get in touch.
enum BodyEnding {
    /// Drops what stands from such a heading on, where that is a small part of the text.
    static func drop(_ pieces: inout [HTMLText.Piece]) {
        let total = pieces.reduce(0) { $0 + $1.text.count }
        var rest = 0
        var end: Int?
        for index in pieces.indices.reversed() where index > 0 {
            rest += pieces[index].text.count
            if rest * 4 > total { break }
            if isHeading(pieces[index]) { end = index }
        }
        if let end { pieces.removeSubrange(end...) }
    }

    private static func isHeading(_ piece: HTMLText.Piece) -> Bool {
        guard piece.text.count <= 80, piece.kind == .heading || piece.kind == .paragraph else {
            return false
        }
        let letters = BodyFurniture.letters(piece.text)
        return headings.contains { letters.starts(with: $0) }
            || (piece.kind == .heading && names.contains(letters))
    }

    private static let headings: [[UInt8]] = words(
        """
        about the author|about author|author bio|meet the author|about the writer|article sources|
        related posts|related articles|related stories|related reading|related content|
        you may also like|you might also like|you may be interested|you might be interested|
        more from|more articles|more posts|latest posts|recent posts|popular posts|latest articles|
        recent articles|follow us|leave a reply|leave a comment|share your thoughts|
        join the conversation|join the discussion|sign up for|subscribe to|read more from|
        über den autor|über die autor|à propos de l'auteur|sobre el autor|sobre la autora|
        sobre o autor|over de auteur|om forfatteren|das könnte sie auch interessieren|
        das könnte dich auch interessieren|sur le même sujet|how was this issue
        """)

    /// Headings that are such only where they say nothing else.
    private static let names: Set<[UInt8]> = Set(
        words(
            """
            contact us|get in touch|contact|disclaimer|disclaimers|disclosure|disclosures|
            newsletter|comments|related|next steps|about us|share|what to read next|read next|
            keep reading|take the next step|ready to get started|get started today
            """))

    private static func words(_ list: String) -> [[UInt8]] {
        list.utf8.split(separator: 0x7C).map { BodyFurniture.letters(Array($0)) }
    }
}
