import ArchiveProtocol

/// An article as it is shown to a reader.
struct ArticleText {
    var article: Article
    var withQuotations: Bool
    /// The fields to mark, as read with low confidence.
    var doubts: Set<String> = []

    /// Prints head, body, pictures, documents, related stories, and what the archive knows of it.
    func print(to output: Output) {
        head(output)
        for block in article.body { body(block, output) }
        images(output)
        if withQuotations { quotations(output) }
        for embed in article.embeds {
            let title = embed.title ?? embed.url ?? ""
            let origin = [embed.creator, embed.provider].compactMap(\.self)
                .joined(separator: " on ")
            let from: TerminalText = origin.isEmpty ? "" : " (\(origin))"
            output.line()
            output.paragraph("Document: \(title)\(from)")
            link(embed.title == nil ? nil : embed.url, output)
        }
        related(output)
        for correction in article.corrections {
            output.line()
            output.paragraph("Correction: \(correction)")
        }
        output.line()
        output.legend(
            "\(article.id), version \(article.version), \(article.wordCount) words")
        if !doubts.isEmpty {
            output.legend(
                "(?) low confidence: \(doubts.sorted().joined(separator: ", ")); "
                    + "archivectl why \(article.id) tells what they were read from")
        }
    }

    /// The mark behind a field that was read with low confidence.
    private func mark(_ fields: String...) -> TerminalText {
        fields.contains(where: doubts.contains) ? " (?)" : ""
    }

    private func head(_ output: Output) {
        output.paragraph("\(strong: article.headline)" + mark("headline"))
        if let second = article.alternativeHeadline {
            output.paragraph("\(second)" + mark("alternativeHeadline"))
        }
        let byline = article.byline ?? article.authors.joined(separator: ", ")
        if !byline.isEmpty { output.paragraph("\(byline)" + mark("byline", "authors")) }
        list("Contributors", article.contributors, "contributors", output)
        let date: TerminalText =
            article.published.map { "\(Self.date($0))" + mark("published") } ?? ""
        let changed: TerminalText =
            article.modified.map { "changed \(Self.date($0))" + mark("modified") } ?? ""
        let dates = TerminalText.joined([date, changed], ", ")
        if !dates.isEmpty { output.line(dates) }
        let place = TerminalText.joined(
            [
                marked(article.outlet, "outlet"), marked(article.section, "section"),
                marked(article.dateline, "dateline"),
            ], " — ")
        if !place.isEmpty { output.paragraph(place) }
        if let url = article.url { output.line("\(url)") }
        list("Genre", article.genre.map { [$0.rawValue] } ?? [], "genre", output)
        list("Keywords", article.keywords, "keywords", output)
    }

    private func list(_ name: String, _ words: [String], _ field: String, _ output: Output) {
        guard !words.isEmpty else { return }
        output.paragraph("\(name): \(words.joined(separator: ", "))" + mark(field))
    }

    private func marked(_ text: String?, _ field: String) -> TerminalText {
        text.map { "\($0)" + mark(field) } ?? ""
    }

    private static func date(_ date: NewsDate) -> String {
        date.value.split(separator: "T", maxSplits: 1).joined(separator: " ")
    }

    private func body(_ block: Block, _ output: Output) {
        output.line()
        switch block.kind {
        case .heading: output.paragraph("\(strong: block.text)")
        case .quote: output.paragraph("\(block.text)", indent: 4)
        case .listItem: output.paragraph("• \(block.text)", indent: 2)
        case .caption: output.paragraph("[\(block.text)]", indent: 2)
        case .paragraph: output.paragraph("\(block.text)")
        }
    }

    private func images(_ output: Output) {
        for image in article.images {
            let credit: TerminalText = image.credit.map { "(\($0))" } ?? ""
            let words = TerminalText.joined(["\(image.caption ?? image.alt ?? "")", credit], " ")
            if words.isEmpty && image.url == nil { continue }
            output.line()
            output.paragraph("Picture: " + words)
            link(image.url, output)
        }
    }

    private func quotations(_ output: Output) {
        guard !article.quotations.isEmpty else { return }
        output.line()
        output.line("Quotations:")
        for quotation in article.quotations {
            let role: TerminalText = quotation.role.map { ", \($0)" } ?? ""
            output.paragraph(
                "\(quotation.speaker ?? "(nobody named)")\(role): “\(quotation.text)”", indent: 2)
        }
    }

    private func related(_ output: Output) {
        guard !article.related.isEmpty else { return }
        output.line()
        output.line("Related:")
        for story in article.related {
            output.paragraph("► \(story.headline)", indent: 2)
            link(story.url, output)
        }
    }

    private func link(_ url: String?, _ output: Output) {
        if let url { output.line(("\(url)" as TerminalText).indented(by: 4)) }
    }
}
