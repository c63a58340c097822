internal import ArchiveProtocol

/// The headline: what the page calls its story, in print and to machines.
extension HTMLDraft {
    /// A title that the page gives, and by what.
    private struct Candidate {
        var title: Title
        var rule: String
        var range: Range<Int>
    }

    /// Takes the title that the page tells machines for its story's, else the one in print, else
    /// one of the head; without the site's name, and without a kicker that stands above it.
    mutating func readHeadline() {
        var candidates = titleCandidates()
        // A title that no other speaks of may be the site's name, or that of another story.
        let isVouched = candidates.map { one in
            candidates.count == 1
                || candidates.contains { $0.rule != one.rule && $0.title.agrees(with: one.title) }
        }
        let lone = loneTitle(among: zip(candidates, isVouched).filter { !$0.1 }.map(\.0))
        if lone == nil, isVouched.contains(true) {
            candidates = zip(candidates, isVouched).filter(\.1).map(\.0)
        }
        guard var best = lone ?? preferred(candidates) else { return }
        complete(&best, by: candidates)
        article.headline = best.title.text
        note("headline", best.rule, best.range, confidence(in: best.title, candidates))
        var seen = [best.title.key]
        for other in candidates where !seen.contains(other.title.key) {
            seen.append(other.title.key)
            note("headline", other.rule, other.range, .rival)
        }
        readAlternative(best.title, candidates.first { $0.rule == "h1" })
    }

    /// High where most carriers give this title, low where it stands alone against another; one
    /// that has it with more words at an end speaks neither for it nor against it.
    private func confidence(
        in title: Title, _ candidates: [Candidate]
    ) -> Evidence.Confidence {
        let agreeing = candidates.count { $0.title.key == title.key }
        let others = candidates.count { other in
            other.title.key != title.key && !other.title.extends(title)
                && !title.extends(other.title)
        }
        if agreeing > 1, agreeing > others { return .high }
        return agreeing > 1 || others == 0 ? .medium : .low
    }

    /// The only first heading of the page, where it heads the story in many words and the head says
    /// other ones, written for search engines.
    private func loneTitle(among unvouched: [Candidate]) -> Candidate? {
        guard linked?.headline == nil, let printed = printedTitles.first,
            printed.title.wordCount >= 5, !printed.leadsHome,
            printed.place <= survey.storyPlace + 3,
            printedTitles.allSatisfy({ $0.node == printed.node })
        else { return nil }
        return unvouched.first { $0.rule == "h1" && $0.title.key == printed.title.key }
    }

    /// The first, unless it stands alone against the title in print and another one, or is that
    /// title cut short; what only the head's `title` says too is made for search engines.
    private func preferred(_ candidates: [Candidate]) -> Candidate? {
        guard let first = candidates.first, first.rule == "json-ld/headline",
            let printed = candidates.first(where: { $0.rule == "h1" }),
            first.title.key != printed.title.key
        else { return candidates.first }
        let others = candidates.filter { $0.rule != first.rule && $0.rule != printed.rule }
        let isTold = others.contains { $0.title.key == printed.title.key }
        let isCut =
            printed.title.extends(first.title)
            && (isTold || printed.title.key.starts(with: first.title.key))
        let isAlone = !others.contains {
            $0.rule != "title" && $0.title.key == first.title.key
        }
        return isCut || isAlone && isTold ? printed : first
    }

    private func titleCandidates() -> [Candidate] {
        var candidates: [Candidate] = []
        let heads = headTitles()
        if let headline = linked?.headline {
            let title = Title(withoutSite(headline.text, others: [], isSure: true))
            candidates.append(
                Candidate(title: title, rule: "json-ld/headline", range: headline.range))
        }
        let told = candidates + heads
        if let printed = bestPrinted(told.map(\.title)) { candidates.append(printed) }
        for head in heads {
            let others = candidates.map(\.title)
            // What another carrier has whole was not made longer by a site's name.
            let isWhole =
                told.contains {
                    $0.rule != head.rule && $0.title.key == head.title.key
                } || others.contains { $0.key == head.title.key }
            let text = withoutSite(head.title.text, others: others, isSure: isWhole)
            candidates.append(Candidate(title: Title(text), rule: head.rule, range: head.range))
        }
        let site = siteNames.keys
        candidates.removeAll { $0.title.isEmpty }
        let stories = candidates.filter { candidate in
            candidate.title.wordCount > 4 || !site.contains(candidate.title.key)
        }
        return stories.isEmpty ? candidates : stories
    }

    private func headTitles() -> [Candidate] {
        var heads: [Candidate] = []
        if let value = metadata.first(of: PageMetadata.titleKeys) {
            heads.append(
                Candidate(title: Title(value.text), rule: value.key, range: value.range))
        }
        if let value = metadata.title {
            heads.append(Candidate(title: Title(value.text), rule: "title", range: value.range))
        }
        return heads
    }

    /// The printed title that the others speak of, without a kicker that they do not have.
    private func bestPrinted(_ told: [Title]) -> Candidate? {
        let ownNames = [Self.tail(metadata.title?.text), Self.head(metadata.title?.text, told)]
            .compactMap(\.self)
        let titles = printedTitles.filter { printed in
            told.contains { $0.key == printed.title.key }
                || !ownNames.contains(printed.title.key) && !isStub(printed, told)
        }
        let known = titles.first { printed in
            told.contains { $0.agrees(with: printed.title) }
        }
        guard let printed = known ?? titles.first ?? (told.isEmpty ? printedTitles.first : nil)
        else { return nil }
        let range = range(printed.node)
        let isTold = told.contains { $0.key == printed.title.key }
        if !isTold, told.contains(where: { $0.key == printed.whole.key }) {
            return Candidate(title: printed.whole, rule: "h1", range: range)
        }
        let part = printed.parts.first { part in
            part.wordCount >= 2 && told.contains { $0.key == part.key }
        }
        if let part, !isTold {
            return Candidate(title: part, rule: "h1", range: range)
        }
        // The same, where kicker and title stand in one line.
        let tail = told.first { other in
            !isTold && other.wordCount >= 4 && other.wordCount * 2 > printed.title.wordCount
                && printed.title.extends(other)
                && printed.title.key.suffix(other.key.count).elementsEqual(other.key)
        }
        return Candidate(title: tail ?? printed.title, rule: "h1", range: range)
    }

    /// Whether a heading is one word of a title of many, or leads to the site's first page where
    /// the head tells of a story.
    private func isStub(_ printed: PrintedTitle, _ told: [Title]) -> Bool {
        guard !told.isEmpty else { return false }
        return printed.leadsHome
            || printed.title.wordCount == 1 && printed.title.key.count <= 12
                && told.contains { $0.wordCount >= 4 && !$0.key.starts(with: printed.title.key) }
    }

    /// Takes the longer form of a title that was cut for machines; of one that a page prints in
    /// pieces, the form whose words are whole.
    private func complete(_ best: inout Candidate, by others: [Candidate]) {
        let letters = best.title.key.filter { $0 != 0x20 }
        if best.rule == "h1",
            let joined = others.first(where: {
                $0.title.wordCount < best.title.wordCount
                    && $0.title.key.filter { $0 != 0x20 } == letters
            })
        {
            best.title = joined.title
        }
        let text = best.title.text
        let isCut = text.hasSuffix("…") || text.hasSuffix("...")
        let bare = isCut ? Title(String(text.dropLast(text.hasSuffix("…") ? 1 : 3))) : best.title
        guard isCut || (100...112).contains(text.count) else { return }
        let whole = others.first {
            $0.title.key.count > bare.key.count && $0.title.key.starts(with: bare.key)
        }
        if let whole { best = whole }
    }

    private mutating func readAlternative(_ title: Title, _ printed: Candidate?) {
        if let other = linked?.alternativeHeadline, Title(other.text).key != title.key {
            article.alternativeHeadline = other.text
            return note(
                "alternativeHeadline", "json-ld/alternativeHeadline", other.range, .medium)
        }
        // A title in print that differs in its words is one that readers know the story by.
        guard let printed, !printed.title.extends(title), !title.extends(printed.title),
            printed.title.key != title.key
        else { return }
        article.alternativeHeadline = printed.title.text
        note("alternativeHeadline", "h1", printed.range, .medium)
    }

    // MARK: The site's name

    /// A title without the site's name at its end or its beginning, as in ` | News | The Herald`.
    ///
    /// `others` are titles that may be the same one without it. Where it is `isSure`, nothing but
    /// a known name is taken off.
    private func withoutSite(_ title: String, others: [Title], isSure: Bool) -> String {
        let site = siteNames.keys
        var bytes = Array(title.utf8)
        guard bytes.count <= 1000 else { return title }
        if let known = Self.known(bytes, others) { return known }
        while let mark = Self.lastMark(bytes) {
            let tail = Title(String(decoding: bytes[mark.upperBound...], as: UTF8.self))
            let isSite = site.contains { Self.isName(tail.key, of: $0) }
            let isBar = [0x7C, 0xC2, 0x82].contains { bytes[mark].contains($0) }
            guard
                isSite || !isSure && (isBar && mark.lowerBound >= 12 && tail.text.utf8.count <= 50)
                    || !isSure && (mark.lowerBound >= 20 && tail.text.utf8.count <= 30)
            else { break }
            bytes.removeSubrange(mark.lowerBound...)
            if isSite, !isBar { break }
        }
        if let mark = Self.firstMark(bytes) {
            let head = Title(String(decoding: bytes[..<mark.lowerBound], as: UTF8.self))
            if site.contains(head.key) { bytes.removeSubrange(..<mark.upperBound) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The words behind the last mark of a head's title, where more words stand before it: a
    /// heading that is just those is the site's.
    private static func tail(_ title: String?) -> [UInt8]? {
        guard let title, title.utf8.count <= 1000, let mark = lastMark(Array(title.utf8)) else {
            return nil
        }
        let bytes = Array(title.utf8)
        let tail = Title(String(decoding: bytes[mark.upperBound...], as: UTF8.self))
        return mark.lowerBound > tail.key.count ? tail.key : nil
    }

    /// The words before the colon of a head's title whose rest is all that another carrier says:
    /// a heading that is just those is the site's.
    private static func head(_ title: String?, _ told: [Title]) -> [UInt8]? {
        guard let title, let colon = title.firstIndex(of: ":") else { return nil }
        let rest = Title(String(title[title.index(after: colon)...])).key
        let isTold = told.contains { $0.wordCount >= 2 && $0.key == rest }
        return isTold ? Title(String(title[..<colon])).key : nil
    }

    /// Whether `key` is the site's name, spaces aside.
    private static func isName(_ key: [UInt8], of site: [UInt8]) -> Bool {
        key.filter { $0 != 0x20 } == site.filter { $0 != 0x20 }
    }

    /// The beginning of a title before one of its marks that another title is.
    private static func known(_ title: [UInt8], _ others: [Title]) -> String? {
        var bytes = title
        while let mark = lastMark(bytes) {
            bytes.removeSubrange(mark.lowerBound...)
            let head = Title(String(decoding: bytes, as: UTF8.self))
            if head.wordCount >= 2, others.contains(where: { $0.key == head.key }) {
                return head.text
            }
        }
        return nil
    }

    private static let marks: [[UInt8]] = [
        [0x7C], [0x2D], [0xE2, 0x80, 0x93], [0xE2, 0x80, 0x94], [0xC2, 0xBB], [0xC2, 0xB7],
        [0xE2, 0x80, 0xA2], [0xC2, 0xAB], [0xE2, 0x94, 0x82],
    ]

    private static func mark(_ title: [UInt8], at index: Int) -> Range<Int>? {
        guard title[index] == 0x20 else { return nil }
        for mark in marks where title[(index + 1)...].starts(with: mark) {
            let end = index + 1 + mark.count
            if end < title.count, title[end] == 0x20 { return index..<end + 1 }
        }
        return nil
    }

    /// Where the last of the marks that set a site's name apart stands, its spaces included.
    private static func lastMark(_ title: [UInt8]) -> Range<Int>? {
        title.indices.dropFirst().dropLast(2).reversed().lazy.compactMap { mark(title, at: $0) }
            .first
    }

    private static func firstMark(_ title: [UInt8]) -> Range<Int>? {
        title.indices.dropFirst().dropLast(2).prefix(60).lazy.compactMap { mark(title, at: $0) }
            .first
    }
}

extension PageMetadata {
    /// The names under which heads tell a story's title.
    static let titleKeys = [
        "og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title",
        "sailthru.title", "citation_title", "headline", "title",
    ]
}
