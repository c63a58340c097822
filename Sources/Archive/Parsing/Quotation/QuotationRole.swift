/// Finds the office or relation that is printed beside a name.
enum QuotationRole {
    /// The words of the role before the name, or after it behind a comma.
    static func words(_ text: QuotationText, _ runStart: Int, _ name: Range<Int>) -> Range<Int>? {
        let words = text.words
        var from = runStart
        if from == name.lowerBound, from > 0, words[from].joins,
            words[from - 1].has(QuotationLanguage.title), !words[from - 1].isPossessive
        {
            from -= 1
            while from > 0, name.lowerBound - from < 4, words[from].joins,
                words[from - 1].marks
                    & (QuotationLanguage.article | QuotationLanguage.preposition
                        | QuotationLanguage.verb | QuotationLanguage.noName) == 0,
                words[from - 1].has(QuotationLanguage.title) || words[from - 1].isCapital,
                !words[from - 1].isPossessive
            {
                from -= 1
            }
        }
        if from < name.lowerBound { return from..<name.lowerBound }
        return apposition(text, name.upperBound) ?? leadingRole(text, name)
    }

    /// The role in `the mayor of Harlow, Odile Park`.
    private static func leadingRole(_ text: QuotationText, _ range: Range<Int>) -> Range<Int>? {
        let (name, end) = (range.lowerBound, range.upperBound)
        let words = text.words
        guard name > 1, !words[name].beginsSentence, text.sign(after: name - 1) == 0x2C,
            text.sign(after: end - 1) == 0x2C || text.sign(after: end - 1) == UInt8(ascii: ".")
        else { return nil }
        var from = name - 1
        while from > 0, name - from < 9, words[from].joins,
            !words[from].has(QuotationLanguage.definite)
        {
            from -= 1
        }
        guard words[from].has(QuotationLanguage.definite), from + 1 < name,
            (from + 1..<min(from + 4, name)).contains(where: {
                words[$0].has(QuotationLanguage.title)
            })
        else { return nil }
        return (from + 1)..<name
    }

    /// The role behind a name, as in `, executive director of the Coalition,`.
    private static func apposition(_ text: QuotationText, _ after: Int) -> Range<Int>? {
        let words = text.words
        guard after < words.count, after > 0, text.bytes[words[after - 1].end] == 0x2C,
            !words[after].beginsSentence, words[after].start == words[after - 1].end + 2
        else { return nil }
        var from = after
        while from < words.count, from < after + 2, words[from].has(QuotationLanguage.article) {
            from += 1
        }
        var end = from
        var hasTitle = false
        while end < words.count, end - from < 16, end == from || words[end].joins {
            if words[end].has(QuotationLanguage.verb), !words[end].has(QuotationLanguage.title) {
                return nil
            }
            if end - from < 5, words[end].has(QuotationLanguage.title) { hasTitle = true }
            end += 1
        }
        return hasTitle && end > from ? from..<end : nil
    }
}
