/// The story among the lines of a whole page: menus above it, offers and comments below.
///
/// What tells them apart is where prose stands closest together: every line weighs for or against
/// being a story's, and the story is the run of lines that weighs most. The headline is the line
/// above that shares most words with it.
struct PageTextStory {
    private let lines: [TextLine]
    private let style: HouseStyle?
    private let weights: [Int]
    /// The lines from the first to the last paragraph.
    private var body = 0..<0

    /// A page cut down to its story.
    struct Cut {
        /// The headline, the credits, the text.
        var lines: [TextLine]
        /// The page from its headline to the end of the text, with all that stands between.
        var whole: ArraySlice<TextLine>
    }

    /// The story of `lines`; nil where they are a story alone, or hold none.
    static func cut(_ lines: [TextLine], style: HouseStyle?) -> Cut? {
        var story = PageTextStory(lines: lines, style: style)
        guard story.findBody(), let headline = story.headline() else { return nil }
        return story.isAlone(headline) ? nil : story.cut(headline)
    }

    private init(lines: [TextLine], style: HouseStyle?) {
        self.lines = lines
        self.style = style
        let ends = Set((style?.endMarks ?? []).map { TextScanning.hash($0) })
        let alone = lines.map { line in
            let hash = TextScanning.hash(line.text, 0..<line.text.count)
            return ends.contains(hash) ? -100_000 : Self.weight(line)
        }
        // A paragraph between short lines is more often a teaser's than a story's.
        weights = alone.indices.map { index in
            let isLonely =
                index > 0 && index + 1 < alone.count
                && alone[index - 1] <= -5 && alone[index + 1] <= -5
            return isLonely && alone[index] > 6 ? max(6, alone[index] / 2) : alone[index]
        }
    }

    // MARK: The text

    /// Beyond this a line is a paragraph, whatever stands around it.
    private static let paragraph = 10

    /// How much a line speaks for a story, in letters of prose by four.
    private static func weight(_ line: TextLine) -> Int {
        let text = line.text
        let length = line.columns
        if PageTextWords.opensComments(text) { return -300 }
        if PageTextWords.endsStory(text) { return -80 }
        if line.setting == .link { return length >= 100 ? -5 : -15 }
        if line.setting == .heading || line.setting == .title { return -5 }
        if PageTextWords.isFurniture(text) { return -25 }
        if PageTextWords.endsInCredit(text) { return -11 }
        if isTeaser(text) { return length >= 200 ? 5 : -12 }
        let isSentence = endsSentence(text)
        if length >= 140 { return isSentence ? min(60, length / 4) : length >= 200 ? 25 : 5 }
        if length >= 70 { return isSentence ? 20 : -8 }
        if isSentence, length >= 25 { return 6 }
        return isSentence ? -2 : -10
    }

    private static func isTeaser(_ text: [UInt8]) -> Bool {
        ["...", "…", "»", "[…]", "›"].contains { TextScanning.ends(text, with: $0) }
    }

    /// Whether a line ends as a sentence does, in any script.
    private static func endsSentence(_ text: [UInt8]) -> Bool {
        TextScanning.endsSentence(text) || TextScanning.ends(text, with: "。")
            || TextScanning.ends(text, with: "।") || text.last == UInt8(ascii: ":")
            || TextScanning.ends(text, with: "»") && text.count > 60
    }

    /// Finds the run of lines that weighs most; false where it is too little for a story.
    private mutating func findBody() -> Bool {
        var best = 0
        var sum = 0
        var start = 0
        for (index, weight) in weights.enumerated() {
            if sum <= 0 {
                sum = 0
                start = index
            }
            sum += weight
            if sum > best {
                best = sum
                body = start..<(index + 1)
            }
        }
        let paragraphs = body.count { weights[$0] >= Self.paragraph }
        return best >= 80 && paragraphs >= 2
    }

    // MARK: The headline

    /// How far above the text a headline may stand.
    private static let reach = 80

    private func headline() -> Int? {
        let words = PageTextVocabulary(
            body.prefix(200).filter { weights[$0] > 0 }.map { lines[$0].text })
        let first = body.first { weights[$0] >= Self.paragraph } ?? body.lowerBound
        var best: (index: Int, score: Int)?
        let paragraphs = body.filter { weights[$0] >= Self.paragraph }
        let last = paragraphs.count > 3 ? paragraphs[2] : first
        let range = max(0, first - Self.reach)..<last
        let dated = range.filter { isCredit($0) }
        for index in range {
            guard var score = score(index, words) else { continue }
            score -= index < first ? (first - index) * 3 : 120 + (index - first) * 10
            // Who wrote it and when stands below a headline, or the day just above.
            if dated.contains(where: { $0 > index && $0 <= index + 4 }) { score += 120 }
            if dated.contains(where: { $0 < index && $0 >= index - 2 }) { score += 40 }
            if score > best?.score ?? 120 { best = (index, score) }
        }
        return best?.index
    }

    /// Whether a line says who wrote a story or when.
    private func isCredit(_ index: Int) -> Bool {
        lines[index].columns <= 120 && weights[index] < Self.paragraph
            && (PageTextCredit.read(lines[index], style: style) != nil || isDated(index))
    }

    /// How much a line is like the headline of the text, in hundredths; nil where it is none.
    private func score(_ index: Int, _ words: PageTextVocabulary) -> Int? {
        let line = lines[index]
        let text = line.text
        let count = line.columns
        guard count >= 12, count <= 170, weights[index] > -25, !PageTextWords.isCredit(text),
            !PageTextWords.endsInCredit(text),
            PageTextCredit.read(line, style: style) == nil
        else { return nil }
        let number = TextScanning.wordCount(text)
        let isWide = text.count { $0 >= 0xE3 } * 4 > text.count
        guard number >= 3 || isWide || line.setting == .title else { return nil }
        var score = words.share(of: text) * 4
        score += number >= 5 || isWide ? 100 : number == 4 ? 60 : 0
        switch line.setting {
        case .title: score += 250
        case .heading: score += 100
        case .link: score -= 100
        default: break
        }
        if text.last == UInt8(ascii: ".") || TextScanning.ends(text, with: "。"),
            Self.endsSentence(text)
        {
            score -= count >= 70 ? 200 : 120
        }
        if TextScanning.isSmall(text, 0) || TextScanning.has("…", at: 0, in: text) { score -= 80 }
        // A standfirst follows a headline, and is longer.
        if index + 1 < lines.count, lines[index + 1].columns > max(60, count) { score += 40 }
        if [" > ", " » ", " / ", " | ", " › "].contains(where: {
            HTMLBytes.find($0, in: text) != nil
        }) {
            score -= 80
        }
        if index + 1 < lines.count, PageTextWords.isCredit(lines[index + 1].text) { score -= 100 }
        if lines[max(0, index - 4)..<index].contains(where: { $0.text == text }) { score -= 20 }
        return score
    }

    /// Whether hardly anything but the story is on the page.
    private func isAlone(_ headline: Int) -> Bool {
        let below = lines.count - body.upperBound
        let within = body.count { weights[$0] <= -12 }
        return headline < 4 && below < 8 && within < 6
    }

    // MARK: The cut

    private func cut(_ headline: Int) -> Cut {
        var kept = [lines[headline]]
        kept[0].setting = .title
        let head = head(below: headline)
        var credits = credits(head)
        if !credits.contains(where: { PageTextCredit.dates($0.1, style: style) }) {
            kept += dates(above: headline)
        }
        if !credits.contains(where: { PageTextCredit.names($0.1, style: style) }) {
            credits += names(below: credits.last.map { $0.0 + 1 } ?? head.lowerBound, head)
        }
        let end = credits.last.map { $0.0 + 1 } ?? head.lowerBound
        let standfirst = (head.lowerBound..<end).filter { index in
            weights[index] > 0
                || index == head.lowerBound && weights[index] > -11
                    && TextScanning.wordCount(lines[index].text) >= 6
                    && !credits.contains { $0.0 == index }
        }
        kept += standfirst.map { lines[$0] } + credits.map(\.1)
        let late = lateCredits(head.upperBound, credits.map(\.1))
        kept += late.map { lines[$0] }
        kept += text(end..<max(end, body.upperBound), without: Set(late))
        if !kept.contains(where: { PageTextCredit.names($0, style: style) }) { kept += signature() }
        return Cut(lines: kept, whole: lines[headline..<body.upperBound])
    }

    /// Where credits may stand: below the headline, and above the second paragraph where the first
    /// is short enough to be a standfirst.
    private func head(below headline: Int) -> Range<Int> {
        let from = headline + 1
        let paragraphs = (from..<max(from, body.upperBound)).lazy.filter {
            weights[$0] >= Self.paragraph
        }.prefix(2).map(\.self)
        guard let first = paragraphs.first else { return from..<max(from, body.lowerBound) }
        guard let second = paragraphs.last, second > first, lines[first].columns <= 400 else {
            return from..<first
        }
        return from..<second
    }

    /// The lines that credit somebody, or tell a day, between the first paragraphs: below a
    /// standfirst of several, or below a picture.
    private func lateCredits(_ start: Int, _ found: [TextLine]) -> [Int] {
        let hasNames = found.contains { PageTextCredit.names($0, style: style) }
        let hasDate = found.contains { PageTextCredit.dates($0, style: style) }
        let paragraphs = (start..<max(start, body.upperBound)).lazy.filter {
            weights[$0] >= Self.paragraph
        }.prefix(2).map(\.self)
        guard let last = paragraphs.last else { return [] }
        return (start..<min(last, start + 16)).filter { index in
            let line = lines[index]
            guard line.columns <= 120, !PageTextWords.isCredit(line.text),
                !Self.endsSentence(line.text)
            else { return false }
            if BylineNames.introduction(line.text) > 0, !hasNames {
                return PageTextCredit.names(line, style: style)
            }
            return !hasDate && PageTextCredit.date(line.text, style: style) != nil
        }
    }

    /// The days in the lines right above the headline.
    private func dates(above headline: Int) -> [TextLine] {
        (max(0, headline - 4)..<headline).map { lines[$0] }.filter {
            $0.columns <= 100 && PageTextCredit.dates($0, style: style)
        }.suffix(1)
    }

    /// The lines of `range` that say who wrote the story and when, with their places.
    private func credits(_ range: Range<Int>) -> [(Int, TextLine)] {
        var found: [(Int, TextLine)] = []
        var isListed = false
        for index in range {
            var line = lines[index]
            guard line.columns <= 160, !PageTextWords.isCredit(line.text) else { continue }
            if PageTextWords.introducesNames(line.text) {
                isListed = true
            } else if let name = PageTextCredit.name(line.text),
                isListed || isBesideDate(index, range)
            {
                line.setting = .name
                line.text = name
                found.append((index, line))
            } else if PageTextCredit.read(line, style: style) != nil {
                isListed = false
                found.append((index, line))
            } else if weights[index] < Self.paragraph, !Self.endsSentence(line.text),
                PageTextCredit.leadingDate(line, style: style) != nil
            {
                isListed = false
                line.setting = .date
                found.append((index, line))
            } else {
                isListed = false
            }
        }
        return found
    }

    /// A name that stands alone right below the headline or its standfirst.
    private func names(below start: Int, _ head: Range<Int>) -> [(Int, TextLine)] {
        for index in (start..<max(start, head.upperBound)).prefix(3) {
            guard let name = PageTextCredit.name(lines[index].text),
                index + 1 < lines.count, !PageTextWords.isCredit(lines[index + 1].text)
            else { continue }
            var line = lines[index]
            line.setting = .name
            line.text = name
            return [(index, line)]
        }
        return []
    }

    /// Whether a name stands where pages print whose story it is: by the date.
    private func isBesideDate(_ index: Int, _ range: Range<Int>) -> Bool {
        if index + 1 < lines.count, PageTextWords.isCredit(lines[index + 1].text) { return false }
        return (max(range.lowerBound, index - 3)...min(lines.count - 1, index + 3))
            .contains(where: isDated)
    }

    private func isDated(_ index: Int) -> Bool {
        guard lines.indices.contains(index), weights[index] < Self.paragraph else { return false }
        return PageTextCredit.leadingDate(lines[index], style: style) != nil
    }

    /// A byline right below the text.
    private func signature() -> [TextLine] {
        let below = body.upperBound..<min(lines.count, body.upperBound + 4)
        return below.prefix { weights[$0] > -25 }.map { lines[$0] }.filter {
            BylineNames.introduction($0.text) > 0 && Byline.read($0.text, style: style) != nil
        }
    }

    /// The lines of `range` that are the story's: paragraphs, sub-heads, lists, pictures' words.
    private func text(_ range: Range<Int>, without taken: Set<Int>) -> [TextLine] {
        var kept: [TextLine] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if taken.contains(index) {
                index += 1
                continue
            }
            if weights[index] > 0 || isItem(index) {
                keep(lines[index], in: &kept)
                index += 1
                continue
            }
            if PageTextWords.endsInCredit(lines[index].text) {
                var caption = lines[index]
                caption.setting = .caption
                keep(caption, in: &kept)
                index += 1
                continue
            }
            var end = index
            while end < range.upperBound, weights[end] <= 0, !isItem(end),
                !PageTextWords.endsInCredit(lines[end].text)
            {
                end += 1
            }
            for line in between(index..<end) { keep(line, in: &kept) }
            index = end
        }
        return kept
    }

    private func keep(_ line: TextLine, in kept: inout [TextLine]) {
        guard !kept.suffix(3).contains(where: { $0.text == line.text }) else { return }
        kept.append(line)
    }

    private func isItem(_ index: Int) -> Bool {
        weights[index] > -12 && lines[index].columns >= 40
            && (TextScanning.has("•", at: 0, in: lines[index].text)
                || TextScanning.has("* ", at: 0, in: lines[index].text))
    }

    /// What of the short lines between two paragraphs is the story's.
    private func between(_ range: Range<Int>) -> [TextLine] {
        let mine = range.filter { weights[$0] > -12 }
        if let credit = mine.first(where: { PageTextWords.isCredit(lines[$0].text) }) {
            guard credit > range.lowerBound, mine.contains(credit - 1),
                credit - 1 == range.lowerBound || lines[credit - 1].columns >= 30
            else { return [] }
            var caption = lines[credit - 1]
            caption.setting = .caption
            return [caption, lines[credit]]
        }
        if range.count <= 2, let last = mine.last, last == range.upperBound - 1,
            !isDated(last), PageTextCredit.name(lines[last].text) == nil,
            range.count == 1 || Self.endsSentence(lines[last].text)
                || lines[last].setting != .plain
        {
            return [lines[last]]
        }
        return mine.filter {
            lines[$0].setting == .heading && $0 == range.upperBound - 1
                || Self.endsSentence(lines[$0].text) && range.count <= 2
        }.map { lines[$0] }
    }
}
