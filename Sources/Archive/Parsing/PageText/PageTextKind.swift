internal import ArchiveProtocol

/// What a page of text is when it is no article: a list of stories, source code, a note.
enum PageTextKind {
    /// What the page is, in words for the archivist; nil where it may be an article.
    static func otherThanArticle(
        _ lines: [TextLine], page: Page, style: HouseStyle?
    ) -> String? {
        guard !lines.isEmpty else { return "the page has nothing but the site's own lines" }
        let counts = Counts(lines)
        if counts.headings >= 2, headByline(lines, style) == nil {
            return "the text is marked up as documentation"
        }
        if counts.code * 5 >= min(lines.count, 400), counts.code >= 2 {
            return "the text looks like source code or documentation"
        }
        let address = page.capture.url.map(PageAddress.init)
        let isStory = headByline(lines, style) != nil && counts.bylines <= 2
        if let address, address.isListing, !isStory || counts.teasers >= 3 {
            return "the address is that of a list of stories"
        }
        if counts.bylines >= 3, counts.bylines * 8 >= lines.count {
            return "the page lists \(counts.bylines) stories with bylines of their own"
        }
        if counts.teasers >= 3, !isStory || counts.sections >= 4 {
            return "the page lists stories: \(counts.teasers) teasers"
        }
        if counts.dates >= 4, counts.dates * 5 >= lines.count, !isStory {
            return "the page lists stories with \(counts.dates) dates"
        }
        return nil
    }

    /// What a whole page is when it is a list of stories, from its headline to the end of its text.
    static func listing(
        _ lines: ArraySlice<TextLine>, page: Page, style: HouseStyle?
    ) -> String? {
        let counts = Counts(Array(lines.prefix(400)))
        if let address = page.capture.url.map(PageAddress.init), address.isListing,
            counts.teasers >= 3 || counts.dates >= 3
        {
            return "the address is that of a list of stories"
        }
        if counts.bylines >= 4, counts.bylines * 8 >= lines.count {
            return "the page lists \(counts.bylines) stories with bylines of their own"
        }
        if counts.dates >= 6, counts.dates * 4 >= lines.count {
            return "the page lists stories with \(counts.dates) dates"
        }
        return nil
    }

    /// The first byline with a date, where it stands above the text.
    private static func headByline(_ lines: [TextLine], _ style: HouseStyle?) -> Int? {
        var prose = 0
        for (index, line) in lines.prefix(40).enumerated() {
            if line.text.count > 200, TextScanning.endsSentence(line.text) { prose += 1 }
            if prose > 2 { return nil }
            if let byline = Byline.read(line.text, style: style),
                byline.published != nil || BylineNames.introduction(line.text) > 0
            {
                return index
            }
        }
        return nil
    }

    /// How often a page has what stories have once and lists have many times.
    private struct Counts {
        var bylines = 0
        var dates = 0
        var teasers = 0
        var sections = 0
        var code = 0
        var headings = 0

        init(_ lines: [TextLine]) {
            for line in lines.prefix(400) {
                let text = line.text
                if PageTextKind.isCode(text) { code += 1 }
                if TextScanning.has("# ", at: 0, in: text)
                    || TextScanning.has("## ", at: 0, in: text)
                    || TextScanning.has("### ", at: 0, in: text)
                {
                    headings += 1
                }
                guard text.count < 300 else { continue }
                if TextScanning.ends(text, with: "»") {
                    sections += 1
                    teasers += 1
                } else if TextScanning.ends(text, with: "...") || TextScanning.ends(text, with: "…")
                    || TextScanning.ends(text, with: "[...]")
                    || TextScanning.ends(text, with: "[…]")
                {
                    teasers += 1
                }
                guard text.contains(where: TextScanning.isDigit) else { continue }
                if NewsDateReader.read(text, source: "text", style: nil)?.precision == .day
                    || text.count < 60
                        && NewsDateReader.read(text, source: "text", style: nil) != nil
                {
                    dates += 1
                } else if let byline = Byline.read(text, style: nil), byline.published != nil {
                    bylines += 1
                    dates += 1
                }
            }
        }
    }

    private static let codeStarts: [[UInt8]] = [
        "//", "/*", "#include", "#!", "import ", "func ", "def ", "class ", "const ", "let ",
        "var ",
        "return ", "```", "<?", "<!", "# ", "## ", "### ", "$ ", "- [", "{", "}", "@", "if (",
        "for (", "public ", "private ", "package ", "using ", "select ", "insert ", "===", "---",
    ].map { Array($0.utf8) }

    /// Whether a line looks like source code or a marked-up document.
    private static func isCode(_ text: [UInt8]) -> Bool {
        guard let last = text.last, let first = text.first else { return false }
        if last == UInt8(ascii: ";") || last == UInt8(ascii: "{") || last == UInt8(ascii: "}") {
            return true
        }
        // Nearly no line of prose begins with one of these; all words are told by their small
        // letter.
        guard !TextScanning.isCapital(text, 0), first < 0x80 else { return false }
        return codeStarts.contains {
            text.count >= $0.count && text[..<$0.count].elementsEqual($0)
        }
    }
}
