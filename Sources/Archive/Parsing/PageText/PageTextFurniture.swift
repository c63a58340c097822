/// The lines of a page that belong to the site and to no story.
enum PageTextFurniture {
    private static let lines = Set(
        [
            "quantcast", "advertisement", "advertising", "skip to content", "skip to main content",
            "share", "share this", "share on facebook", "share on twitter", "tweet", "email",
            "print", "comments", "comment", "menu", "search", "sign in", "log in", "subscribe",
            "read more", "continue reading", "more", "facebook", "twitter", "home", "anzeige",
            "werbung", "publicité", "publicidad", "follow us", "back to top", "share this article",
            "share this story", "leave a comment", "sponsored", "related", "related stories",
        ].map { TextScanning.hash($0) })

    private static let starts: [[UInt8]] = [
        "sign up for our newsletter", "subscribe to our newsletter", "subscribe to dnainfo",
        "get our newsletter", "all rights reserved", "copyright ©", "© ", "follow us on ",
        "download our app", "share this story on", "click here to subscribe",
    ].map { Array($0.utf8) }

    /// Takes the banner and the lines out of `lines` that the house style names.
    static func removeNamed(from lines: inout [TextLine], style: HouseStyle?) {
        guard let style else { return }
        removeBanners(from: &lines, style: style)
        let own = Set(style.furniture.map { TextScanning.hash($0) })
        guard !own.isEmpty else { return }
        remove(from: &lines) { text in
            text.count < 200 && own.contains(TextScanning.hash(text, 0..<text.count))
        }
    }

    /// Takes the lines out of `lines` that stand on every site.
    static func removeCommon(from lines: inout [TextLine], style: HouseStyle?) {
        remove(from: &lines) { text in
            guard text.count < 200 else { return false }
            let hash = TextScanning.hash(text, 0..<text.count)
            return text.count < 40 && Self.lines.contains(hash)
                || starts.contains { TextScanning.has($0, at: 0, in: text) }
                || isFollowLine(text)
                || BodyFurniture.isLabel(text) && !Caption.isMark(text, style: style)
        }
    }

    private static func remove(
        from lines: inout [TextLine], where isFurniture: ([UInt8]) -> Bool
    ) {
        var gap = false
        var kept: [TextLine] = []
        kept.reserveCapacity(lines.count)
        for var line in lines {
            if isFurniture(line.text) {
                gap = gap || line.afterGap
                continue
            }
            line.afterGap = line.afterGap || gap
            gap = false
            kept.append(line)
        }
        lines = kept
    }

    /// Whether the line is like `Follow Jane Roe on Twitter @jroe`.
    private static func isFollowLine(_ text: [UInt8]) -> Bool {
        guard text.count < 120, TextScanning.has("follow ", at: 0, in: text) else { return false }
        return text.contains(UInt8(ascii: "@"))
            || TextScanning.has(" on twitter", at: text.count - 11, in: text)
    }

    /// Takes out the lines whose words together are a banner's, however they are cut into lines.
    private static func removeBanners(from lines: inout [TextLine], style: HouseStyle) {
        for banner in style.banners {
            let words = TextScanning.words(Array(banner.utf8))
            guard !words.isEmpty else { continue }
            starting: for start in lines.indices.prefix(40) {
                var matched = 0
                for end in start..<lines.count {
                    let (taken, rest) = match(words[matched...], lines[end].text)
                    guard taken > 0 else { continue starting }
                    matched += taken
                    if matched == words.count {
                        cut(&lines, start, end, rest)
                        break starting
                    }
                    if rest < lines[end].text.count { continue starting }
                }
            }
        }
    }

    private static func cut(_ lines: inout [TextLine], _ start: Int, _ end: Int, _ rest: Int) {
        let last = lines[end]
        var from = rest
        while from < last.text.count, !TextScanning.isWordByte(last.text[from]) { from += 1 }
        lines.removeSubrange(start...end)
        if from < last.text.count {
            // The folded text and the page may differ in length: the line keeps its whole range.
            let text = Array(last.text[from...])
            lines.insert(TextLine(range: last.range, text: text, afterGap: true), at: start)
        } else if start < lines.count {
            lines[start].afterGap = true
        }
    }

    /// How many of `words` the line has from its start, and where in the line they end.
    private static func match(_ words: ArraySlice<[UInt8]>, _ line: [UInt8]) -> (Int, Int) {
        var taken = 0
        var index = 0
        for word in words {
            var at = index
            while at < line.count, !TextScanning.isWordByte(line[at]) { at += 1 }
            if at == line.count { return (taken, line.count) }
            guard TextScanning.has(word, at: at, in: line) else { return (0, 0) }
            index = at + word.count
            if index < line.count, TextScanning.isWordByte(line[index]) { return (0, 0) }
            taken += 1
        }
        while index < line.count, !TextScanning.isWordByte(line[index]) { index += 1 }
        return (taken, index)
    }
}
