internal import ArchiveProtocol

/// A deposit with what was read from it, on its way into the repository (PREMIS `accession`).
///
/// A large bundle comes in several stretches of members; what a stretch holds is kept even where
/// the daemon dies before the next.
struct Accession: Sendable {
    var deposit: Deposit
    /// The form of the file, such as `page-text` or `zip`.
    var form: String
    /// The members read in this stretch; a file that is one page has one.
    var members: [AccessionMember] = []
    /// Whether this is the last stretch.
    var isLast = true
    /// What was good in earlier stretches.
    var earlier = GoodMembers()
    /// What is wrong with the file as a whole; its good members are kept all the same.
    var refusals: [Refusal] = []
    /// What is said of the file though nothing is wrong with its bytes, such as a name that lies.
    var notes: [Refusal] = []
    /// When the last member was read.
    var parsed = Timestamp.now
    /// How far the reading is, where that is to be told.
    var progress: ReadingProgress.Entry?

    /// A stretch of its first members, and what comes after that.
    func parted(after count: Int) -> (Accession, Accession) {
        var first = self
        first.members = Array(members.prefix(count))
        first.isLast = false
        // They are told of with the last stretch.
        (first.refusals, first.notes) = ([], [])
        var rest = self
        rest.earlier = first.good
        rest.members = Array(members.dropFirst(count))
        return (first, rest)
    }
}

/// One member of a deposit, read.
struct AccessionMember: Sendable {
    /// Its place in the file, counted from 0.
    var ordinal: Int
    /// Its path within the file; raw bytes.
    var path: [UInt8]
    var size: Int?
    var form: String?
    var digest: Digest?
    /// Where it begins in its container, in bytes, where that is a sequence of records.
    var offset: Int?
    var content: Content

    /// Whether an article was read from it.
    var isArticle: Bool {
        if case .article = content { true } else { false }
    }

    /// What the member turned out to be.
    enum Content: Sendable {
        case article(PreparedArticle)
        case noArticle(Reason, String)
        case withdrawal(WithdrawalNotice)
        case container
        case refused(Refusal)
    }
}

/// An article made ready to be kept: all that can be computed without the database.
struct PreparedArticle: Sendable {
    let article: Article
    let identity: ArticleIdentity
    /// The document without captures and version, encoded; its digest tells versions apart.
    let document: [UInt8]
    let digest: Digest
    let evidence: [UInt8]
    /// How sure its headline, byline and date are.
    let confidences: FieldConfidences
    let encoding: String
    /// What told the encoding, as members of a JSON object.
    let encodingNote: String
    /// When the page was captured, where the container tells.
    let captured: String?

    init(_ article: Article, reading: Reading, capture: Capture) {
        identity = ArticleIdentity(article, capture: capture.digest)
        var named = article
        named.id = identity.id()
        self.article = named
        document = named.contentBytes
        digest = Digest(of: document)
        evidence = Self.encode(reading.evidence)
        confidences = FieldConfidences(reading.evidence)
        encoding = reading.encoding
        encodingNote = Self.note(reading)
        captured = capture.captured
    }

    /// Takes an article whose document was encoded elsewhere.
    init(
        _ article: Article, document: [UInt8], evidence: [UInt8], confidences: FieldConfidences,
        encoding: String, encodingNote: String, captured: String?, capture: Digest
    ) {
        identity = ArticleIdentity(article, capture: capture)
        self.article = article
        self.document = document
        digest = Digest(of: document)
        self.evidence = evidence
        self.confidences = confidences
        self.encoding = encoding
        self.encodingNote = encodingNote
        self.captured = captured
    }

    /// The same article under another name, for the rare case that its own is taken.
    init(_ prepared: PreparedArticle, id: String) {
        var named = prepared.article
        named.id = id
        article = named
        identity = prepared.identity
        document = named.contentBytes
        digest = Digest(of: document)
        evidence = prepared.evidence
        confidences = prepared.confidences
        encoding = prepared.encoding
        encodingNote = prepared.encodingNote
        captured = prepared.captured
    }

    private static func note(_ reading: Reading) -> String {
        var members: [JSON.Member] = []
        if let source = reading.encodingSource {
            members.append(.init("encodingSource", .string(source.rawValue)))
        }
        if !reading.overruledEncodings.isEmpty {
            let overruled = reading.overruledEncodings.map { JSON.string($0) }
            members.append(.init("overruledEncodings", .array(overruled)))
        }
        if reading.malformed > 0 {
            members.append(.init("malformedSequences", .integer(reading.malformed)))
        }
        return JSON.object(members).text
    }

    private static func encode(_ evidence: [Evidence]) -> [UInt8] {
        var writer = JSONWriter(capacity: 64 * evidence.count)
        writer.array { writer in
            for item in evidence {
                writer.array { writer in
                    writer.string(item.field)
                    writer.string(item.rule)
                    writer.integer(item.range.lowerBound)
                    writer.integer(item.range.upperBound)
                    if let confidence = item.confidence { writer.string(confidence.rawValue) }
                }
            }
        }
        return writer.bytes
    }
}
