/// Names that sign a quotation behind a dash or in brackets.
extension SpeakerFinder {
    /// `— Cora Lund` behind a quotation, up to the end of the line; `(Harbor Trust)`.
    func signature(_ place: Place, _ from: Int) -> Speaker? {
        let text = place.text
        var at = place.close
        while at < text.words[from].start, case let space = TextScanning.space(text.bytes, at),
            space > 0
        {
            at += space
        }
        guard at < text.words[from].start, text.words[from].isCapital else { return nil }
        var end = from + 1
        while end < text.words.count, end - from < 14, text.words[end].start < place.limit {
            end += 1
        }
        if text.bytes[at] == UInt8(ascii: "("), end - from < 14 {
            var close = from
            while close + 1 < end, text.words[close + 1].joins { close += 1 }
            guard text.words[close].end < text.bytes.count,
                text.bytes[text.words[close].end] == UInt8(ascii: ")")
            else { return nil }
            return signer(text, from..<(close + 1))
        }
        let isDash =
            text.bytes[at] == UInt8(ascii: "-")
            || text.bytes[at] == 0xE2 && (0x90...0x95).contains(text.bytes[at + 2])
        guard isDash, end == text.words.count || text.words[end].start >= place.limit else {
            return nil
        }
        return signer(text, from..<end)
    }

    /// The name that a line begins with after a dash, where the line is no more than that.
    func signature(of text: QuotationText) -> Speaker? {
        guard let first = text.words.first, first.isCapital, text.words.count < 14,
            (1...5).contains(first.start)
        else { return nil }
        let dash = text.bytes[0]
        guard dash == UInt8(ascii: "-") || dash == 0xE2 && (0x90...0x95).contains(text.bytes[2])
        else { return nil }
        return signer(text, 0..<text.words.count)
    }

    private func signer(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        if let mention = mentions(text, in: range).first,
            mention.words.lowerBound <= range.lowerBound
                || text.words[range.lowerBound].has(Marks.title)
        {
            return .person(mention.person)
        }
        var end = range.lowerBound + 1
        while end < range.upperBound, text.words[end].joins { end += 1 }
        guard (range.lowerBound..<end).allSatisfy({ text.words[$0].isCapital }) else { return nil }
        return .other(string(text, range.lowerBound..<end))
    }
}
