internal import ArchiveProtocol

/// The byline that the page prints.
extension HTMLDraft {
    /// A printed byline: its text as it stands, and the names in it.
    struct PrintedByline {
        var text: String
        var credit: Credit
        /// Whether "By" or its like introduces the names.
        var isIntroduced: Bool
        /// Whether it stands so far from the title that it may be another story's.
        var isFar: Bool
        /// A single word that may be a name.
        var word: String?
    }

    /// How many texts a byline may stand behind the title.
    private static let nearby = 40

    /// The byline nearest to the title, below it rather than above, in what says that it is one.
    func printedByline() -> PrintedByline? {
        let title = printedTitles.first?.place ?? survey.storyPlace
        let marked = survey.bylines.filter { $0.words & MetadataWords.apart == 0 }.map { mark in
            (mark, Self.rank(mark, title))
        }
        let near = survey.introductions.filter {
            $0.isDeclared || (-8...Self.nearby).contains($0.place - title)
        }
        let introduced = near.compactMap { mark in
            credit(begunBy: mark).map { ($0, Self.rank($0, title) + 10) }
        }
        let ranked = (marked + introduced).sorted { ($0.1, $0.0.place) < ($1.1, $1.0.place) }
            .prefix(24).map(\.0)
        var fallback: PrintedByline?
        for (index, mark) in ranked.enumerated() {
            guard var byline = read(mark) else { continue }
            byline.isFar = Self.rank(mark, title) > Self.nearby
            if byline.credit.names.isEmpty {
                fallback = fallback ?? byline
                continue
            }
            // Writers may have an element each.
            for other in ranked[(index + 1)...] where abs(other.place - mark.place) <= 8 {
                guard other.words == mark.words, areNeighbours(mark.node, other.node),
                    let next = read(other)
                else { continue }
                for name in next.credit.names where !byline.credit.names.contains(name) {
                    byline.credit.names.append(name)
                }
            }
            return byline
        }
        return fallback
    }

    /// The element of a text that begins with "By": its parent, and where that holds no more
    /// than the word, the next one up.
    private func credit(begunBy mark: PageSurvey.Mark) -> PageSurvey.Mark? {
        var mark = mark
        for _ in 0..<3 {
            mark.node = tree[mark.node].parent
            guard mark.node >= 0 else { return nil }
            guard let text = tree.shortText(of: mark.node, limit: 200) else { return nil }
            if !BylineNames.withoutIntroduction(Array(text.utf8)).isEmpty { return mark }
        }
        return nil
    }

    /// Whether two elements are siblings, or children of siblings.
    private func areNeighbours(_ one: Int32, _ other: Int32) -> Bool {
        guard tree[one].tag == tree[other].tag else { return false }
        let (parent, second) = (tree[one].parent, tree[other].parent)
        guard parent != second else { return true }
        return parent >= 0 && second >= 0 && tree[parent].parent == tree[second].parent
            && tree[parent].tag == tree[second].tag
    }

    private static func rank(_ mark: PageSurvey.Mark, _ title: Int) -> Int {
        let distance = mark.place - title
        let portrait = mark.words & MetadataWords.portrait != 0 ? 200 : 0
        let beside = mark.words & MetadataWords.beside != 0 ? 30 : 0
        return (distance < 0 ? -3 * distance : distance) + portrait + beside
            - (mark.isDeclared ? 5 : 0)
    }

    /// What the parts of a marked element give: its names, and the text from the first to the last
    /// part that gave one.
    private func read(_ mark: PageSurvey.Mark) -> PrintedByline? {
        let runs = joinedLinks(
            TextRun.runs(tree, within: mark.node, limit: 24, linksPart: true))
        let length = runs.reduce(0) { $0 + $1.text.count }
        guard !runs.isEmpty, length >= 2 else { return nil }
        // A long element is about a writer: only its beginning can be a byline.
        var parts = scan(length > 400 ? runs.prefix(8) : runs[...])
        var word: String?
        if parts.names.isEmpty, let single = parts.single,
            mark.isDeclared || parts.isIntroduced || length <= 40
        {
            word = writersWord(single, isSure: mark.isDeclared || parts.isIntroduced)
            parts.taken.append(single)
        }
        guard let first = parts.taken.first, let last = parts.taken.last,
            length <= 400 || !parts.names.isEmpty
        else { return nil }
        let range = first.range.lowerBound..<max(first.range.upperBound, last.range.upperBound)
        let text = TextRun.joined(
            runs.filter {
                $0.range.lowerBound >= range.lowerBound && $0.range.upperBound <= range.upperBound
            })
        let byline = Byline.read(text, style: style)?.text ?? text
        guard (4...300).contains(byline.utf8.count) else { return nil }
        return PrintedByline(
            text: byline, credit: Credit(names: parts.names, rule: "html/byline", range: range),
            isIntroduced: parts.isIntroduced, isFar: false, word: word)
    }

    /// The runs with those of one link joined that make a name together: `Jane` and `Roe`.
    private func joinedLinks(_ runs: [TextRun]) -> [TextRun] {
        var joined: [TextRun] = []
        for run in runs {
            if let last = joined.last, run.isSpaced, last.text.count + run.text.count <= 60,
                !last.text.contains(0x20) || !run.text.contains(0x20),
                let link = link(above: run.node), link == self.link(above: last.node)
            {
                joined[joined.count - 1].text += [0x20] + run.text
                joined[joined.count - 1].range =
                    last.range.lowerBound..<max(run.range.upperBound, last.range.upperBound)
            } else {
                joined.append(run)
            }
        }
        return joined
    }

    /// The link that a text stands close within.
    private func link(above text: Int32) -> Int32? {
        var node = tree[text].parent
        for _ in 0..<3 where node >= 0 {
            if tree[node].tag == .a { return node }
            node = tree[node].parent
        }
        return nil
    }

    /// What was found in the parts of a byline.
    private struct BylineParts {
        var names: [String] = []
        /// The parts that gave names or introduce them.
        var taken: [TextRun] = []
        var isIntroduced = false
        /// The first part that gave none.
        var single: TextRun?
    }

    private func scan(_ runs: ArraySlice<TextRun>) -> BylineParts {
        var parts = BylineParts()
        for run in runs where run.text.count <= 160 {
            let bytes = HTMLBytes.folded(run.text)
            // Who follows `Reviewed by` did not write it.
            if BylineNames.ownPart(bytes + [0x20]).isEmpty {
                guard parts.names.isEmpty else { break }
                continue
            }
            let rest = BylineNames.withoutIntroduction(bytes)
            if rest.count < bytes.count { parts.isIntroduced = true }
            let found = Byline.names(in: rest, style: style).filter { isWriter($0, alone: false) }
            if !found.isEmpty || rest.isEmpty && parts.taken.isEmpty {
                parts.names += found.filter { !parts.names.contains($0) }
                parts.taken.append(run)
            } else if parts.single == nil, parts.names.isEmpty {
                parts.single = run
            }
        }
        return parts
    }

    /// A single word where it can be a writer's name, or that of a part of the house; any word
    /// where the page is sure that here is its writer, who may go by the site's name.
    private func writersWord(_ run: TextRun, isSure: Bool) -> String? {
        let word = TextScanning.string(
            HTMLBytes.folded(BylineNames.withoutIntroduction(run.text)))
        let isHouse = BylineNames.isOrganisation(word) && !isSite(word)
        let isHandle = isSure && BylineNames.isHandle(word)
        return isHouse || isHandle || isWriter(word, alone: true) ? word : nil
    }

    /// The names of links to writers' own pages, near the title.
    func linkedByline() -> Credit? {
        let title = printedTitles.first?.place ?? survey.storyPlace
        var names: [String] = []
        var place: Range<Int>?
        for mark in survey.authorLinks where (-8...25).contains(mark.place - title) {
            guard let text = tree.shortText(of: mark.node, limit: 60) else { continue }
            let found = Byline.names(
                in: BylineNames.withoutIntroduction(Array(text.utf8)), style: style
            )
            .filter { isWriter($0, alone: false) }
            names += found.filter { !names.contains($0) }
            if !found.isEmpty { place = place ?? range(mark.node) }
        }
        guard let place, names.count <= 8 else { return nil }
        return Credit(names: names, rule: "html/author-link", range: place)
    }
}
