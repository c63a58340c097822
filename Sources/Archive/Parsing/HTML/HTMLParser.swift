internal import ArchiveProtocol

/// Reads an article out of a saved page of the web.
struct HTMLParser {
    private let styles: HouseStyles

    init(styles: HouseStyles) { self.styles = styles }

    /// Reads the article of `page`.
    func read(_ page: Page) throws(Refusal) -> Reading {
        let tree = try HTMLTreeBuilder.tree(of: page.text)
        var draft = HTMLDraft(page: page, tree: tree, styles: styles)
        draft.readHeadline()
        draft.readAuthors()
        draft.readDates()
        draft.readRest()
        draft.readBody()
        draft.readKeywords()
        draft.readGenre()
        draft.settleAuthors()
        draft.settleLanguage()
        draft.readCorrections()
        return draft.reading()
    }
}
