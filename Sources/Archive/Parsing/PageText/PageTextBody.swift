internal import ArchiveProtocol

extension PageTextReader {
    /// Reads all lines below the head.
    mutating func readBody() {
        let end = readCreditsAtEnd()
        while next < end {
            let count = captionLines(at: next)
            if count > 0 {
                readCaption(count)
            } else {
                readLine(end)
            }
        }
    }

    /// How many lines of caption begin at `index`: those above a mark in the same group.
    func captionLines(at index: Int) -> Int {
        for count in 1...2 {
            let mark = index + count
            guard mark < lines.count, !lines[mark].afterGap else { return 0 }
            if Caption.isMark(lines[mark].text, style: style) { return count }
        }
        return 0
    }

    private mutating func readCaption(_ count: Int) {
        let from = next
        let caption = Caption.read(lines[from..<(from + count)].map(\.text))
        let field = "images[\(article.images.count)]"
        var image = Image(caption: caption.text.map { TextScanning.string($0) })
        note(field + ".caption", "caption", lines[from + count - 1].range)
        if let title = caption.title, article.alternativeHeadline == nil {
            article.alternativeHeadline = TextScanning.string(title)
            note("alternativeHeadline", "slideshow-title", lines[from + count - 1].range)
        }
        next = from + count + 1
        // After an empty line stands the text: slideshows print no credit.
        if next < lines.count, !lines[next].afterGap,
            Caption.isCredit(lines[next].text, style: style)
        {
            image.credit = TextScanning.string(lines[next].text)
            note(field + ".credit", "credit", lines[next].range)
            next += 1
        }
        article.images.append(image)
    }

    /// Reads a caption that was told by the credit below it.
    private mutating func readMarkedCaption() {
        let field = "images[\(article.images.count)]"
        let words = HTMLPicture.split(lines[next].text)
        var image = Image(caption: words.caption, credit: words.credit)
        note(field + ".caption", "caption", lines[next].range)
        next += 1
        if next < lines.count, PageTextWords.isCredit(lines[next].text) {
            let text = lines[next].text
            image.credit = TextScanning.string(Caption.credit(alone: text, style: style) ?? text)
            note(field + ".credit", "credit", lines[next].range)
            next += 1
        }
        article.images.append(image)
    }

    private mutating func readLine(_ end: Int) {
        let line = lines[next]
        if line.setting == .caption {
            readMarkedCaption()
            return
        }
        if let link = RelatedLine.read(line.text, style: style) {
            note("related[\(article.related.count)]", "related", line.range)
            article.related.append(link)
        } else if let embed = EmbedLine.read(line.text) {
            note("embeds[\(article.embeds.count)]", "embed", line.range)
            article.embeds.append(embed)
        } else if let credit = Caption.credit(alone: line.text, style: style) {
            note("images[\(article.images.count)].credit", "credit", line.range)
            article.images.append(Image(credit: TextScanning.string(credit)))
        } else if isCorrection(line.text) {
            note("corrections[\(article.corrections.count)]", "correction", line.range)
            article.corrections.append(TextScanning.string(line.text))
        } else if Caption.isMark(line.text, style: style) {
            // A mark with no caption above it is the site's.
        } else {
            readBlock(end)
            return
        }
        next += 1
    }

    private func isCorrection(_ text: [UInt8]) -> Bool {
        let leads: [StaticString] = [
            "correction:", "corrections:", "clarification:", "editor's note:", "editor’s note:",
            "correction appended", "an earlier version of this ", "a previous version of this ",
        ]
        return leads.contains { TextScanning.has($0, at: 0, in: text) }
    }

    private mutating func readBlock(_ end: Int) {
        let line = lines[next]
        let bullet = bulletLength(line.text)
        if bullet > 0 {
            add(Block(.listItem, TextScanning.string(line.text[bullet...])), line.range)
            next += 1
            return
        }
        let wrapped = wrappedEnd(end)
        if wrapped > next + 1 {
            let text = lines[next..<wrapped].map { $0.text }.joined(separator: [0x20])
            let range = line.range.lowerBound..<lines[wrapped - 1].range.upperBound
            add(Block(.paragraph, TextScanning.string(Array(text))), range)
            next = wrapped
            return
        }
        let kind: Block.Kind = isTweet(line.text) ? .quote : isHeading(end) ? .heading : .paragraph
        add(Block(kind, TextScanning.string(line.text)), line.range)
        next += 1
    }

    private mutating func add(_ block: Block, _ range: Range<Int>) {
        note("body[\(article.body.count)]", block.kind.rawValue, range)
        article.body.append(block)
        blockRanges.append(range)
    }

    private func bulletLength(_ text: [UInt8]) -> Int {
        let bullets: [StaticString] = ["•", "●", "▪", "◦", "‣", "* ", "- ", "– "]
        for bullet in bullets where TextScanning.has(bullet, at: 0, in: text) {
            var length = bullet.utf8CodeUnitCount
            while length < text.count, text[length] == 0x20 { length += 1 }
            return length < text.count ? length : 0
        }
        return 0
    }

    /// Where a paragraph that was broken at a column ends: lines of like length with no gap.
    private func wrappedEnd(_ end: Int) -> Int {
        var index = next
        while index + 1 < end, !lines[index + 1].afterGap,
            (45...100).contains(lines[index].text.count),
            !TextScanning.isCapital(lines[index + 1].text, 0)
                || !TextScanning.endsSentence(lines[index].text)
                    && lines[index + 1].text.count <= 100 && index > next,
            lines[index + 1].text.count <= 100, bulletLength(lines[index + 1].text) == 0
        {
            index += 1
        }
        return index + 1
    }

    /// Whether the line is a post: `… — Jane Roe (@jroe) March 4, 2015`.
    private func isTweet(_ text: [UInt8]) -> Bool {
        QuotationFinder.tweetTail(text) != nil
    }

    /// Whether the line heads what follows: short, no sentence, and prose or a list below it.
    private func isHeading(_ end: Int) -> Bool {
        let text = lines[next].text
        guard next + 1 < end, isShort(text), !isShort(lines[next + 1].text) else { return false }
        if Dateline.read(lines[next + 1].text) != nil, article.body.isEmpty { return true }
        return Dateline.read(text) == nil
    }

    private func isShort(_ text: [UInt8]) -> Bool {
        guard text.count <= 90, bulletLength(text) == 0, let last = text.last else { return false }
        if last == 0x2C || last == 0x3B || last == 0x3A || last == 0x2E || last == 0x22 {
            return false
        }
        return text[0] != 0x22 && !TextScanning.has("“", at: 0, in: text)
            && !TextScanning.ends(text, with: "”") && TextScanning.wordCount(text) <= 14
            && !text.contains(0x3A) && RelatedLine.read(text, style: style) == nil
            && EmbedLine.read(text) == nil
    }

    /// Reads bylines that stand below the text; where the lines of text end.
    private mutating func readCreditsAtEnd() -> Int {
        guard article.authors.isEmpty else { return lines.count }
        var end = lines.count
        var found: [(Byline, Range<Int>)] = []
        while end > next + 1, lines.count - end < 12 {
            let line = lines[end - 1]
            guard BylineNames.introduction(line.text) > 0,
                let byline = Byline.read(line.text, style: style)
            else { break }
            found.append((byline, line.range))
            end -= 1
        }
        for (byline, range) in found.reversed() {
            hasCredit = true
            take(byline, range, rule: "byline-at-end")
        }
        return end
    }
}
