import ArchiveProtocol
import Glibc

@testable import Archive

/// Makes what a lane hands to the repository, without a file and without parsing.
enum StoryAccession {
    /// A made-up article.
    static func article(
        _ headline: String, url: String? = nil, published: String? = nil, body: [String] = []
    ) -> Article {
        var article = Article()
        article.headline = headline
        article.url = url
        article.published = published.map {
            NewsDate(
                value: $0, precision: $0.utf8.count > 10 ? .minute : .day, source: "front-matter")
        }
        article.body = body.map { Block(.paragraph, $0) }
        return article
    }

    /// A file that holds bytes.
    static func deposit(
        _ path: [UInt8], _ bytes: [UInt8], read: Timestamp = .now
    ) -> Deposit {
        let original = Descriptor(owning: open("/dev/null", O_RDONLY | O_CLOEXEC))
        var status = stat()
        fstat(original.number, &status)
        return Deposit(
            path: InboxPath(bytes: path), stamp: FileStamp(status), digest: Digest(of: bytes),
            size: bytes.count, original: original, noticed: .now, read: read)
    }

    /// A file that is one page.
    static func page(
        _ article: Article, file: String, bytes: String? = nil, read: Timestamp = .now,
        evidence: [Evidence] = []
    ) -> Accession {
        let content = Array((bytes ?? "\(file)\n\(article.headline)").utf8)
        var accession = Accession(
            deposit: deposit(Array(file.utf8), content, read: read), form: "markdown")
        accession.members = [
            member(
                article, ordinal: 0, path: accession.deposit.path.name, bytes: content,
                evidence: evidence)
        ]
        return accession
    }

    /// A page within a file.
    static func member(
        _ article: Article, ordinal: Int, path: [UInt8], bytes: [UInt8],
        evidence: [Evidence] = []
    ) -> AccessionMember {
        let capture = Capture(name: path, bytes: bytes)
        let reading = Reading(
            form: "markdown", encoding: "utf-8", finding: .article(article), evidence: evidence)
        return AccessionMember(
            ordinal: ordinal, path: path, size: bytes.count, form: "markdown",
            digest: capture.digest,
            content: .article(PreparedArticle(article, reading: reading, capture: capture)))
    }

    /// A bundle of pages, one for each article.
    static func bundle(_ articles: [Article], file: String, isLast: Bool = true) -> Accession {
        let content = Array("bundle \(file)".utf8)
        var accession = Accession(deposit: deposit(Array(file.utf8), content), form: "zip")
        accession.members = articles.enumerated().map { index, article in
            member(
                article, ordinal: index, path: Array("\(index).md".utf8),
                bytes: Array(article.headline.utf8))
        }
        accession.isLast = isLast
        return accession
    }

    /// A file that takes a story back.
    static func notice(_ notice: WithdrawalNotice, file: String) -> Accession {
        let content = Array("notice \(file)".utf8)
        var accession = Accession(
            deposit: deposit(Array(file.utf8), content), form: "newsml-g2")
        accession.members = [
            AccessionMember(
                ordinal: 0, path: Array(file.utf8), size: content.count, form: "newsml-g2",
                digest: Digest(of: content), content: .withdrawal(notice))
        ]
        return accession
    }

    /// A file that cannot be read.
    static func broken(_ file: String) -> Accession {
        var accession = Accession(
            deposit: deposit(Array(file.utf8), Array("broken \(file)".utf8)), form: "zip")
        accession.refusals = [Refusal(.truncated, "the directory is missing", offset: 12)]
        return accession
    }
}
