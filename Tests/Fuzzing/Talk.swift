import ArchiveProtocol
import Glibc

@testable import Archive

/// What comes over sockets: the lines of clients, and the frames of workers.
enum Talk {
    // MARK: Clients

    /// The first two bytes choose how the rest comes in pieces and how long a line may be.
    static func listen(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let size = 1 + Int(bytes[0])
        let limit = 16 + 16 * Int(bytes[1])
        let stream = bytes.dropFirst(2)
        var framing = LineFraming()
        var lines: [[UInt8]] = []
        var isTooLong = false
        var start = stream.startIndex
        while start < stream.endIndex, !isTooLong {
            let end = min(start + size, stream.endIndex)
            isTooLong = take(stream[start..<end], limit, &framing, &lines) == .tooLong
            start = end
        }
        while !isTooLong, let end = Optional(take([], limit, &framing, &lines)), end != .needsMore {
            isTooLong = end == .tooLong
        }
        let whole = stream.split(separator: 0x0A, omittingEmptySubsequences: false)
        let expected = whole.dropLast().prefix { $0.count <= limit }.map { Array($0) }
        demand(lines == expected) { "lines are the same in pieces of \(size)" }
        demand(isTooLong == whole.contains { $0.count > limit }) { "a line above \(limit) is told" }
        for line in lines { line.withUnsafeBytes { check($0) } }
    }

    /// Every third line is told to wait once.
    private static func take(
        _ piece: ArraySlice<UInt8>, _ limit: Int, _ framing: inout LineFraming,
        _ lines: inout [[UInt8]]
    ) -> LineFraming.End {
        var began = false
        var isHeld = lines.count % 3 == 0
        return piece.withUnsafeBytes { bytes in
            framing.take(bytes, limit: limit, began: &began) { line in
                if isHeld, lines.count % 3 == 1 { return .wait }
                isHeld = true
                lines.append(Array(line))
                return .next
            }
        }
    }

    /// The quick reader of the commonest request and the strict reader of all are of one mind.
    private static func check(_ line: UnsafeRawBufferPointer) {
        let strict = Result { () throws(Envelope.Refused) in try Envelope(line) }
        if let quick = RequestScanner(line) {
            guard case .success(let envelope) = strict else {
                return demand(false) { "what is quickly read is a request: \(Array(line))" }
            }
            demand(
                envelope.method == "articles.get"
                    && envelope.id == Array(line[quick.id])
                    && envelope.params.members?.count == 1
                    && envelope.params["id"]?.string.map { Array($0.utf8) }
                        == Array(line[quick.article])
            ) { "the quick and the strict reader agree on \(Array(line))" }
        }
        switch strict {
        case .success(let envelope):
            check(json: .object([.init("params", envelope.params)]))
            if let id = envelope.id { check(id: id) }
        case .failure(let refusal): check(id: refusal.id)
        }
        if let json = try? JSONParser.parse(line) { check(json: json) }
    }

    /// An id can stand in an answer's line as it is.
    private static func check(id: [UInt8]) {
        demand(!id.contains(0x0A) && (try? JSONParser.parse(id)) != nil) {
            "an id is one JSON value: \(id)"
        }
    }

    /// What is read is written so that it is read as the same.
    static func check(json: JSON) {
        let bytes = json.bytes
        demand(!bytes.contains(0x0A)) { "a value is written in one line" }
        demand((try? JSONParser.parse(bytes, depthLimit: 40)) == json) {
            "a value is read as it was written: \(json.text)"
        }
    }

    // MARK: Workers

    /// The bytes as one frame, and as what a socket brings.
    static func hear(_ bytes: [UInt8]) {
        var request = FrameReader(bytes)
        _ = try? WorkerRequest(&request)
        var frame = FrameReader(bytes)
        if let answer = try? WorkerAnswer(&frame) { check(answer) }
        receive(bytes)
    }

    /// An answer that is believed says the same when it is written, and can be kept and handed out.
    private static func check(_ answer: WorkerAnswer) {
        let frame = answer.frame
        var reader = FrameReader(Array(frame.dropFirst(4)))
        demand((try? WorkerAnswer(&reader))?.frame == frame) { "an answer is read as written" }
        guard case .member(let member) = answer, case .article(let prepared) = member.content
        else { return }
        demand(prepared.document == prepared.article.contentBytes) {
            "a record is kept in the one form that it is handed out in"
        }
        demand(
            (try? JSONParser.parse(prepared.evidence)) != nil
                && (try? JSONParser.parse(prepared.encodingNote.utf8)) != nil
        ) { "what is kept beside a record is JSON" }
    }

    private static func receive(_ bytes: [UInt8]) {
        guard let (ours, theirs) = WorkerChannel.pair() else { return }
        let sent = bytes.withUnsafeBytes { write(theirs.number, $0.baseAddress, $0.count) }
        shutdown(theirs.number, Int32(SHUT_WR))
        let channel = WorkerChannel(ours)
        var size = 0
        while let frame = try? channel.receive(within: .seconds(1)) { size += 4 + frame.count }
        demand(size <= max(0, sent)) { "frames are no longer than what came" }
    }

    /// What a reader finds in a page, the daemon takes from its worker.
    static func check(_ prepared: PreparedArticle, of capture: Capture) {
        var member = AccessionMember(
            ordinal: 0, path: capture.name, content: .article(prepared))
        member.digest = capture.digest
        var frame = FrameReader(Array(WorkerAnswer.member(member).frame.dropFirst(4)))
        guard let answer = try? WorkerAnswer(&frame) else {
            return demand(false) { "the daemon takes what a reader found" }
        }
        check(answer)
    }

    static var seeds: [[UInt8]] {
        let capture = Capture(name: Array("page.txt".utf8), bytes: Array("The ferry\n".utf8))
        var article = Article()
        article.headline = "The ferry"
        article.body = [Block(.paragraph, "“It runs,” said Ada Quill.")]
        article.quotations = [Quotation(text: "It runs,", paragraph: 0, range: 0..<14)]
        let reading = Reading(form: "page-text", encoding: "utf-8", finding: .article(article))
        let prepared = PreparedArticle(article, reading: reading, capture: capture)
        let refusal = Refusal(.corrupt, "is damaged", offset: 7, remedy: "get another")
        let notice = WithdrawalNotice(status: .canceled, url: "https://gazette.example/a")
        let contents: [AccessionMember.Content] = [
            .article(prepared), .noArticle(.empty, "nothing"), .withdrawal(notice), .container,
            .refused(refusal),
        ]
        let members = contents.map { content in
            var member = AccessionMember(ordinal: 3, path: [0x61], content: content)
            (member.size, member.form, member.digest) = (9, "html", capture.digest)
            return WorkerAnswer.member(member).frame
        }
        var package = Package(form: "zip", members: 2, refusals: [refusal], notes: [refusal])
        package.expandedBytes = 77
        let rest = [
            WorkerAnswer.bytes([1, 2, 3]).frame, WorkerAnswer.done(package).frame,
            WorkerAnswer.refused(refusal).frame,
            WorkerRequest(name: [0x61], start: 2, passingOver: 1, wantsBytes: false).frame,
        ]
        // Behind its length for what takes one frame, with it for the socket.
        return (members + rest).flatMap { [Array($0.dropFirst(4)), $0] }
    }
}
