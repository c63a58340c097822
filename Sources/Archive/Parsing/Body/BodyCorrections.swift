internal import ArchiveProtocol

/// Takes notices of corrections and editor's notes out of a story, in lists and out of them.
enum BodyCorrections {
    /// The notices among `pieces`, which are left without them.
    ///
    /// Under a heading that announces them stands one, or a list of them.
    static func take(from pieces: inout [HTMLText.Piece]) -> [HTMLText.Piece] {
        var notices: [HTMLText.Piece] = []
        var rest: [HTMLText.Piece] = []
        var isAnnounced = false
        var isList = false
        for piece in pieces {
            if piece.kind == .heading, announces(piece.text) {
                isAnnounced = true
                isList = false
            } else if piece.kind != .heading, piece.text.count <= 1000,
                isAnnounced && (!isList || piece.kind == .listItem) || isNotice(piece.text)
            {
                notices.append(piece)
                isList = piece.kind == .listItem
                isAnnounced = isAnnounced && isList
            } else {
                rest.append(piece)
                isAnnounced = false
            }
        }
        guard !notices.isEmpty, !rest.isEmpty else { return [] }
        pieces = rest
        return notices
    }

    /// Whether a block begins as a notice does, or does so after a date.
    private static func isNotice(_ text: [UInt8]) -> Bool {
        let start = text.prefix(160)
        if Correction.begins(String(decoding: start, as: UTF8.self)) { return true }
        guard let colon = start.prefix(40).firstIndex(of: UInt8(ascii: ":")),
            start.prefix(colon).contains(where: TextScanning.isDigit)
        else { return false }
        return Correction.begins(String(decoding: start[(colon + 1)...], as: UTF8.self))
    }

    private static func announces(_ heading: [UInt8]) -> Bool {
        heading.count <= 40 && headings.contains(BodyFurniture.letters(heading))
    }

    private static let headings: Set<[UInt8]> = Set(
        """
        correction|corrections|clarification|clarifications|corrections and clarifications|
        editor's note|editor’s note|editors' note|editors’ note|corrections & clarifications|
        korrektur|korrekturen|anmerkung der redaktion|berichtigung|rectificatif|
        note de la rédaction|corrección|fe de errores|errata corrige|errata
        """.utf8.split(separator: 0x7C).map { BodyFurniture.letters(Array($0)) })
}
