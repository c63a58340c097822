internal import ArchiveProtocol

extension HTMLText {
    /// Puts what was read into the article's lists.
    ///
    /// - Parameter offset: where the tree's text begins in the page's.
    /// - Returns: where each piece was read.
    func fill(_ article: inout Article, rule: String, offset: Int) -> [Evidence] {
        var evidence: [Evidence] = []
        evidence.reserveCapacity(pieces.count + images.count)
        func note(_ field: String, _ range: Range<Int>) {
            evidence.append(
                Evidence(
                    field: field, rule: rule,
                    range: range.lowerBound + offset..<range.upperBound + offset))
        }
        for piece in pieces {
            note("body[\(article.body.count)]", piece.range)
            article.body.append(Block(piece.kind, String(decoding: piece.text, as: UTF8.self)))
        }
        for image in images {
            note("images[\(article.images.count)]", image.range)
            if image.value.caption != nil, let words = image.words {
                note("images[\(article.images.count)].caption", words)
            }
            article.images.append(image.value)
        }
        for embed in embeds {
            note("embeds[\(article.embeds.count)]", embed.range)
            article.embeds.append(embed.value)
        }
        for link in related {
            note("related[\(article.related.count)]", link.range)
            article.related.append(link.value)
        }
        return evidence
    }
}
