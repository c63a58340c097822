internal import ArchiveProtocol

/// What the daemon asks of a worker.
struct WorkerRequest {
    /// The file's name; its descriptor travels with the request.
    var name: [UInt8]
    /// The first member that is wanted.
    var start: Int
    var passingOver: Int?
    /// Whether only the bytes of member `start` are wanted, as they are.
    var wantsBytes: Bool

    var frame: [UInt8] {
        var writer = FrameWriter()
        writer.string(name)
        writer.number(start)
        writer.optional(passingOver) { $0.number($1) }
        writer.number(wantsBytes ? 1 : 0)
        return writer.frame()
    }
}

extension WorkerRequest {
    init(_ reader: inout FrameReader) throws(FrameReader.Broken) {
        name = try reader.string()
        start = try reader.number()
        passingOver = try reader.optional { (reader) throws(FrameReader.Broken) in
            try reader.number()
        }
        wantsBytes = try reader.number() != 0
    }
}

/// What a worker answers: members, then how the file ended.
enum WorkerAnswer {
    case member(AccessionMember)
    /// The bytes that were asked for.
    case bytes([UInt8])
    /// The file was read to its end, or to what stopped it.
    case done(Package)
    /// The file as a whole cannot be read.
    case refused(Refusal)

    var frame: [UInt8] {
        var writer = FrameWriter()
        switch self {
        case .member(let member):
            writer.number(0)
            writer.member(member)
        case .bytes(let bytes):
            writer.number(1)
            writer.string(bytes)
        case .done(let package):
            writer.number(2)
            writer.text(package.form)
            writer.number(package.members)
            writer.number(package.expandedBytes)
            for list in [package.refusals, package.notes] {
                writer.number(list.count)
                for refusal in list { writer.refusal(refusal) }
            }
        case .refused(let refusal):
            writer.number(3)
            writer.refusal(refusal)
        }
        return writer.frame()
    }

    init(_ reader: inout FrameReader) throws(FrameReader.Broken) {
        switch try reader.number() {
        case 0: self = .member(try reader.member())
        case 1: self = .bytes(try reader.string())
        case 2:
            var package = Package(form: try reader.text(), members: try reader.number())
            package.expandedBytes = try reader.number()
            package.refusals = try reader.refusals()
            package.notes = try reader.refusals()
            self = .done(package)
        case 3: self = .refused(try reader.refusal())
        default: throw FrameReader.Broken()
        }
    }
}

// MARK: Members

extension FrameWriter {
    fileprivate mutating func refusal(_ refusal: Refusal) {
        text(refusal.reason.rawValue)
        text(refusal.detail)
        optional(refusal.offset) { $0.number($1) }
        text(ifPresent: refusal.remedy)
    }

    fileprivate mutating func member(_ member: AccessionMember) {
        number(member.ordinal)
        string(member.path)
        optional(member.size) { $0.number($1) }
        text(ifPresent: member.form)
        optional(member.digest) { $0.string($1.bytes) }
        optional(member.offset) { $0.number($1) }
        switch member.content {
        case .article(let prepared):
            number(0)
            reserve(prepared.document.count + prepared.evidence.count + 1024)
            string(prepared.document)
            string(prepared.evidence)
            number(prepared.confidences.rawValue)
            text(prepared.encoding)
            text(prepared.encodingNote)
            text(ifPresent: prepared.captured)
        case .noArticle(let reason, let words):
            number(1)
            text(reason.rawValue)
            text(words)
        case .withdrawal(let notice):
            number(2)
            self.notice(notice)
        case .container: number(3)
        case .refused(let refusal):
            number(4)
            self.refusal(refusal)
        }
    }

    private mutating func notice(_ notice: WithdrawalNotice) {
        text(notice.status.rawValue)
        for field in [
            notice.url, notice.identifier, notice.outlet, notice.headline, notice.issued,
            notice.words,
        ] { text(ifPresent: field) }
    }
}

extension FrameReader {
    fileprivate mutating func reason() throws(Broken) -> Reason {
        guard let reason = Reason(rawValue: try text()) else { throw Broken() }
        return reason
    }

    fileprivate mutating func refusal() throws(Broken) -> Refusal {
        let reason = try reason()
        let detail = try text()
        let offset = try optional { (reader) throws(Broken) in try reader.number() }
        return Refusal(reason, detail, offset: offset, remedy: try textIfPresent())
    }

    fileprivate mutating func refusals() throws(Broken) -> [Refusal] {
        var list: [Refusal] = []
        for _ in 0..<max(0, try number()) { list.append(try refusal()) }
        return list
    }

    fileprivate mutating func member() throws(Broken) -> AccessionMember {
        var member = AccessionMember(ordinal: try number(), path: try string(), content: .container)
        member.size = try optional { (reader) throws(Broken) in try reader.number() }
        member.form = try textIfPresent()
        member.digest = Digest(
            bytes: try optional { (reader) throws(Broken) in try reader.string() } ?? [])
        member.offset = try optional { (reader) throws(Broken) in try reader.number() }
        switch try number() {
        case 0: member.content = .article(try article(capture: member.digest))
        case 1:
            let reason = try reason()
            member.content = .noArticle(reason, try text())
        case 2: member.content = .withdrawal(try notice())
        case 3: member.content = .container
        case 4: member.content = .refused(try refusal())
        default: throw Broken()
        }
        return member
    }

    /// Identity, digest and document are made again: a broken worker can only misread its own file.
    ///
    /// A document is handed out as it is: with a line feed in it, it would end a client's line.
    private mutating func article(capture: Digest?) throws(Broken) -> PreparedArticle {
        let document = try string()
        guard let capture, let article = (try? JSONParser.parse(document)).flatMap(Article.init),
            article.contentBytes == document
        else { throw Broken() }
        let prepared = PreparedArticle(
            article, document: document, evidence: try json(),
            confidences: FieldConfidences(rawValue: try number()), encoding: try text(),
            encodingNote: String(decoding: try json(), as: UTF8.self),
            captured: try textIfPresent(), capture: capture)
        guard article.id == prepared.identity.id() else { throw Broken() }
        return prepared
    }

    private mutating func json() throws(Broken) -> [UInt8] {
        let bytes = try string()
        guard (try? JSONParser.parse(bytes)) != nil else { throw Broken() }
        return bytes
    }

    private mutating func notice() throws(Broken) -> WithdrawalNotice {
        guard let status = WithdrawalNotice.Status(rawValue: try text()) else { throw Broken() }
        return WithdrawalNotice(
            status: status, url: try textIfPresent(), identifier: try textIfPresent(),
            outlet: try textIfPresent(), headline: try textIfPresent(),
            issued: try textIfPresent(), words: try textIfPresent())
    }
}
