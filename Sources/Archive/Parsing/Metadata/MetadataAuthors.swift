internal import ArchiveProtocol

/// Who wrote the story.
extension HTMLDraft {
    /// Names that one carrier gives.
    struct Credit {
        var names: [String]
        var rule: String
        var range: Range<Int>
    }

    /// Takes the persons that the page names to machines, else those of the printed byline.
    mutating func readAuthors() {
        let printed = printedByline()
        word = printed?.word
        if let printed, printed.isFar, !printed.credit.names.isEmpty {
            farCredit = printed.credit
        } else if let printed {
            article.byline = printed.text
            note(
                "byline", "html/byline", printed.credit.range,
                printed.credit.names.isEmpty ? .low : .medium)
        }
        let head = headCredit()
        var credits = [linkedCredit(), head].compactMap(\.self)
        if let printed, !printed.credit.names.isEmpty, !printed.isFar {
            let isFirst = printed.isIntroduced && isBelieved(printed.credit, before: credits)
            credits.insert(printed.credit, at: isFirst ? 0 : credits.count)
        }
        if let links = linkedByline(), credits.isEmpty { credits.append(links) }
        guard var best = credits.first else { return }
        if let printed, !printed.isFar,
            let read = Byline.read(
                BylineNames.ownPart(Array(printed.text.utf8)), style: style)
        {
            var whole = printed.credit
            whole.names = read.authors.filter { isWriter($0, alone: false) }
            if extends(whole, best) { best = whole }
        }
        if let head, extends(head, best) { best = head }
        if let head, head.names.allSatisfy(BylineNames.isAgency) {
            best.names += head.names.filter { !best.names.contains($0) }
        }
        take(best, among: credits)
    }

    /// Whether the names behind a printed "By" come before those for machines: before a bare
    /// `meta`, which often names the house, an agency, and one whom no other carrier names, who
    /// may be the person that put the story up.
    private func isBelieved(_ printed: Credit, before credits: [Credit]) -> Bool {
        guard let first = credits.first else { return true }
        if first.rule.hasPrefix("meta") || first.names.allSatisfy(BylineNames.isAgency) {
            return true
        }
        return !isShared(printed, first) && credits.dropFirst().contains { isShared(printed, $0) }
    }

    /// Whether two credits have a name in common.
    private func isShared(_ one: Credit, _ other: Credit) -> Bool {
        !Set(one.names.map(AuthorName.key)).isDisjoint(with: other.names.map(AuthorName.key))
    }

    /// Takes a credit at the story's beginning or end, where nobody is named elsewhere; else the
    /// organisation that the page names.
    mutating func settleAuthors() {
        guard article.authors.isEmpty else { return }
        if let credit = bodyCredit() ?? contributorCredit() ?? organisation() ?? farCredit {
            return take(credit, among: [credit], isGuess: credit.rule.hasPrefix("html"))
        }
        // A page may print a first name, or a name of the writer's own making.
        guard let word, let byline = evidence.first(where: { $0.field == "byline" }) else { return }
        let credit = Credit(names: [word], rule: byline.rule, range: byline.range)
        take(credit, among: [credit], isGuess: true)
    }

    /// - Parameter isGuess: whether nothing but a line of text or the house's own name tells them.
    private mutating func take(_ best: Credit, among credits: [Credit], isGuess: Bool = false) {
        let others = credits.flatMap(\.names)
        var names: [String] = []
        for name in best.names.map({ AuthorName.restored($0, from: others) })
        where !names.contains(where: { AuthorName.key($0) == AuthorName.key(name) }) {
            names.append(name)
        }
        article.authors = names
        let keys = Set(names.map(AuthorName.key))
        let rivals = credits.filter { Set($0.names.map(AuthorName.key)) != keys }
        let agreeing = credits.count - rivals.count
        let isSure = agreeing > rivals.count
        note(
            "authors", best.rule, best.range,
            isGuess || !isSure && agreeing == 1 ? .low : agreeing > 1 && isSure ? .high : .medium)
        for rival in rivals { note("authors", rival.rule, rival.range, .rival) }
        // A printed byline is what it is taken for where another carrier has its names.
        guard agreeing > 1, let byline = evidence.firstIndex(where: { $0.field == "byline" }),
            evidence[byline].confidence == .medium
        else { return }
        evidence[byline].confidence = rivals.contains { $0.rule == "html/byline" } ? .low : .high
    }

    /// Whether one credit has all the names of another, and more.
    private func extends(_ one: Credit, _ other: Credit) -> Bool {
        let keys = Set(one.names.map(AuthorName.key))
        let others = Set(other.names.map(AuthorName.key))
        return keys.isStrictSuperset(of: others)
    }

    // MARK: What the head says

    private func linkedCredit() -> Credit? {
        var names: [String] = []
        var place: Range<Int>?
        for author in linked?.authors ?? [] where !author.isOrganisation && !isSite(author.name) {
            let found = writers(in: author.name)
            names += found.filter { !names.contains($0) }
            if !found.isEmpty { place = place ?? author.range }
        }
        guard let place else { return nil }
        // An agency beside persons had part in the story, and a team that the page calls a
        // person; any other house is their own.
        names += (linked?.authors ?? []).filter { author in
            author.isOrganisation
                ? BylineNames.isAgency(author.name)
                : author.isPerson && BylineNames.isTeam(author.name)
        }.map(\.name).filter { !isSite($0) && !names.contains($0) }
        return Credit(names: names, rule: "json-ld/author", range: place)
    }

    private static let headKeys = [
        "author", "article:author", "og:article:author", "parsely-author", "article:author_name",
        "sailthru.author", "dc.creator", "dcterms.creator", "dc.contributor", "citation_author",
        "byl", "cxenseparse:author", "article_author", "articleauthor", "authors",
        "og:author", "creator", "article.author", "bt:author", "twitter:data1",
        "dcsext.author", "author-name", "byline", "news_author", "rbauthors",
    ]

    private func headCredit() -> Credit? {
        for key in Self.headKeys {
            let values = metadata.properties.filter { $0.key == key }.prefix(20)
            if key == "twitter:data1" {
                let label = metadata.first("twitter:label1")?.text.lowercased() ?? ""
                let words = ["written", "verfasst", "geschrieben", "écrit", "escrito", "author"]
                guard words.contains(where: { label.hasPrefix($0) }) else { continue }
            }
            var names: [String] = []
            var place: Range<Int>?
            for value in values {
                let found = isSite(value.text) ? [] : writers(in: value.text)
                names += found.filter { !names.contains($0) }
                if !found.isEmpty { place = place ?? value.range }
            }
            if let place { return Credit(names: names, rule: "meta/\(key)", range: place) }
        }
        return nil
    }

    /// The writers' names in a value; a single word counts where it is all of the value, and is
    /// no user's name in small letters.
    private func writers(in value: String) -> [String] {
        let isWord =
            !value.contains(" ")
            && !value.utf8.allSatisfy { byte in
                byte &- 0x61 < 26 || TextScanning.isDigit(byte) || byte == 0x2D || byte == 0x5F
            }
        return AuthorName.names(in: value).filter {
            isWriter($0, alone: isWord, isDeclared: true)
        }
    }

    /// Whether a name can be a writer's: neither the site's nor the publisher's, nor that of
    /// another organisation, but for an agency beside others.
    func isWriter(_ name: String, alone: Bool, isDeclared: Bool = false) -> Bool {
        guard !isSite(name), !siteNames.containPart(name) else { return false }
        if BylineNames.isAgency(name) { return true }
        return BylineNames.isPerson(name, ofOneWord: alone, isDeclared: isDeclared)
    }

    /// Whether a name is the site's own.
    func isSite(_ name: String) -> Bool { siteNames.contain(name) }

    // MARK: Organisations

    /// The organisation that the page names as author, where it names no person.
    private func organisation() -> Credit? {
        if let authors = linked?.authors, let first = authors.first {
            let names = authors.map(\.name).filter(AuthorName.isPrintable)
            if !names.isEmpty {
                return Credit(names: names, rule: "json-ld/author", range: first.range)
            }
        }
        for key in Self.headKeys where key != "twitter:data1" {
            guard let value = metadata.first(key), AuthorName.isPrintable(value.text),
                !isSite(value.text), BylineNames.isOrganisation(value.text)
            else { continue }
            return Credit(names: [value.text], rule: "meta/\(key)", range: value.range)
        }
        guard let byline = article.byline,
            let read = Byline.read(byline, style: style), !read.authors.isEmpty,
            let range = evidence.first(where: { $0.field == "byline" })?.range
        else { return nil }
        return Credit(names: read.authors, rule: "html/byline", range: range)
    }

    // MARK: The story's text

    /// A line of the story that is nothing but a credit: one of its first three or last three.
    private func bodyCredit() -> Credit? {
        let count = article.body.count
        let places =
            Array(article.body.indices.prefix(3)) + article.body.indices.suffix(3).reversed()
        for index in places where article.body[index].kind == .paragraph {
            let text = article.body[index].text
            guard text.utf8.count <= 120 else { continue }
            let parts = index < 3 ? BylineNames.split(Array(text.utf8)) : []
            var names: [String] = []
            if BylineNames.introduction(Array(text.utf8)) > 0,
                let byline = Byline.read(text, style: style)
            {
                names = byline.authors.filter { isWriter($0, alone: false) }
            } else if parts.count > 1, parts.allSatisfy(BylineNames.isPlainName),
                BylineNames.isAllNames(text)
            {
                names = parts
            } else if index == 0 || index == count - 1, BylineNames.isPlainName(text),
                !isSite(text)
            {
                names = [text]
            }
            guard !names.isEmpty,
                let range = evidence.last(where: { $0.field == "body[\(index)]" })?.range
            else { continue }
            return Credit(names: names, rule: "html/body", range: range)
        }
        return nil
    }
}

/// Names as carriers for machines write them.
enum AuthorName {
    /// The names in a value: one or a list; none where it is an address or a number.
    static func names(in value: String) -> [String] {
        guard isPrintable(value) else { return [] }
        let bytes = BylineNames.withoutIntroduction(TextScanning.folded(value))
        if let turned = turned(bytes) { return [turned] }
        return BylineNames.split(bytes)
    }

    /// Whether a value is words: neither an address, nor a handle, nor a number.
    static func isPrintable(_ value: String) -> Bool {
        guard value.utf8.count <= 300, !value.contains("://"), !value.hasPrefix("@"),
            !value.hasPrefix("/"), !value.hasPrefix("www."), !value.hasPrefix("{")
        else { return false }
        return value.utf8.contains { TextScanning.isASCIILetter($0) || $0 >= 0x80 }
            && !value.allSatisfy { $0.isNumber }
    }

    /// `Roe, Jane` as `Jane Roe`.
    private static func turned(_ value: [UInt8]) -> String? {
        let parts = value.split(separator: 0x2C).map {
            Array(HTMLBytes.trimmed(ArraySlice($0)))
        }
        guard parts.count == 2, !parts[0].contains(0x20), parts.allSatisfy({ $0.count > 1 }),
            parts.allSatisfy({ BylineNames.isPerson(TextScanning.string($0), ofOneWord: true) }),
            parts.allSatisfy({ TextScanning.isCapital($0, 0) }),
            parts[1].count(where: { $0 == 0x20 }) <= 2, BylineNames.split(parts[1]).count == 1
        else { return nil }
        return TextScanning.string(parts[1]) + " " + TextScanning.string(parts[0])
    }

    /// A name by which two spellings of it are one: small letters, no marks upon them.
    static func key(_ name: String) -> [UInt8] {
        var key: [UInt8] = []
        for scalar in name.unicodeScalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                if TextScanning.isWordByte(byte) { key.append(TextScanning.lowered(byte)) }
            } else if scalar.properties.isAlphabetic {
                key += Array(plain(scalar).utf8)
            }
        }
        return key
    }

    /// A letter without its marks: the base letter is the fourth word of its Unicode name, as in
    /// `LATIN SMALL LETTER E WITH ACUTE`.
    private static func plain(_ scalar: Unicode.Scalar) -> String {
        let small = scalar.properties.lowercaseMapping
        guard let first = small.unicodeScalars.first,
            let words = first.properties.name?.split(separator: " "), words.count > 4,
            words[0] == "LATIN", words[2] == "LETTER", words[4] == "WITH"
        else { return small }
        return words[3].lowercased()
    }

    /// A name in capitals as another carrier writes it; a first name with the rest that another
    /// has.
    static func restored(_ name: String, from others: [String]) -> String {
        let bytes = Array(name.utf8)
        if !bytes.contains(0x20),
            let whole = others.first(where: { other in
                let words = other.split(separator: " ")
                return words.count > 1 && words.count <= 4
                    && (words.first.map { key(String($0)) == key(name) } ?? false)
            })
        {
            return restored(whole, from: others)
        }
        guard !bytes.indices.contains(where: { TextScanning.isSmall(bytes, $0) }) else {
            return name
        }
        let wanted = key(name)
        return others.first { other in
            let bytes = Array(other.utf8)
            return bytes.indices.contains { TextScanning.isSmall(bytes, $0) }
                && key(other) == wanted
        } ?? name
    }
}
