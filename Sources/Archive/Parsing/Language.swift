/// The language that a text is written in, told by its commonest small words.
enum Language {
    /// The languages that can be told, as BCP 47 tags; the index is the bit in `words`.
    static let tags = ["en", "de", "fr", "es", "it", "nl", "pt"]

    private static let words = WordTable([
        (
            "the and of to in that is was for on with he as his at by from it be are this have not "
                + "had they who said has their which she were her been would will an but", 1
        ),
        (
            "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch "
                + "es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem",
            2
        ),
        (
            "le la les de des du et en un une est que qui dans pour pas sur au par plus avec ce il "
                + "sont aux se ne son cette été mais ont elle", 4
        ),
        (
            "el la los las de del y en que un una es por con para se no su al lo como más pero sus "
                + "le ha fue este entre cuando muy sin sobre también", 8
        ),
        (
            "il la di che e un una per del della in non sono con le si da dei al nel alla gli come "
                + "più anche ha delle è", 16
        ),
        (
            "de het een van en in is dat op te zijn met voor niet die er aan om ook als bij door "
                + "naar heeft uit maar wordt deze", 32
        ),
        (
            "o a os as de do da dos das e em que um uma para com não por no na se mais ao como mas "
                + "foi pelo pela são", 64
        ),
    ])

    /// The BCP 47 tag that a page writes as `de`, `de-AT` or `de_AT`; nil where it is none.
    static func tag(written text: String) -> String? {
        let parts = text.utf8.split { $0 == 0x2D || $0 == 0x5F }.map(Array.init)
        guard let language = parts.first, (2...3).contains(language.count), parts.count <= 4,
            parts.allSatisfy({ part in
                part.count <= 8
                    && part.allSatisfy {
                        TextScanning.isASCIILetter($0) || TextScanning.isDigit($0)
                    }
            }), language.allSatisfy(TextScanning.isASCIILetter)
        else { return nil }
        let rest = parts.dropFirst().map { part in
            part.count == 2 ? TextScanning.string(part).uppercased() : TextScanning.string(part)
        }
        return ([TextScanning.string(language).lowercased()] + rest).joined(separator: "-")
    }

    /// The BCP 47 tag of the language of `body`, or nil where too few words tell.
    ///
    /// Reads at most the first 2,400 bytes.
    static func tag(of body: [[UInt8]]) -> String? {
        var counts = Array(repeating: 0, count: tags.count)
        var total = 0
        var left = 2400
        for block in body where left > 0 {
            total += count(block, upTo: left, into: &counts)
            left -= block.count
        }
        guard total >= 10, let best = counts.indices.max(by: { counts[$0] < counts[$1] }) else {
            return nil
        }
        let rest = counts.indices.filter { $0 != best }.map { counts[$0] }.max() ?? 0
        // A text in none of these languages shares a few words with each of them.
        guard counts[best] * 8 >= total, counts[best] * 10 >= rest * 12 else { return nil }
        return tags[best]
    }

    private static func count(_ block: [UInt8], upTo limit: Int, into counts: inout [Int]) -> Int {
        var total = 0
        var index = 0
        let end = min(limit, block.count)
        while index < end {
            guard TextScanning.isWordByte(block[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < end, TextScanning.isWordByte(block[index]) { index += 1 }
            total += 1
            guard index - start < 8 else { continue }
            var marks = words[TextScanning.hash(block, start..<index)]
            while marks != 0 {
                counts[marks.trailingZeroBitCount] += 1
                marks &= marks - 1
            }
        }
        return total
    }
}
