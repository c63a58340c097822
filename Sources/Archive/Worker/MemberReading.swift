internal import ArchiveProtocol

/// What opens a deposit and reads every page in it: this process, or a worker.
protocol MemberReading: Sendable {
    /// Reads the members of a deposit whose place is `start` or later, in order.
    ///
    /// - Parameter passingOver: a member that is not to be parsed, because it ended two readers.
    /// - Throws: a `Refusal` where the file as a whole cannot be read, `ReaderDeath` where the
    ///   reader ended before the file did, and whatever `each` throws.
    func read(
        _ deposit: Deposit, from start: Int, passingOver: Int?,
        each: (AccessionMember) throws -> Void
    ) throws -> Package

    /// The bytes of one member of a file, as they are.
    ///
    /// - Throws: a `Refusal` where the file gives no such page, or `ReaderDeath`.
    func bytes(ofMember ordinal: Int, descriptor: Int32, name: [UInt8]) throws -> [UInt8]
}

/// A reader that crashed, hung or outgrew its memory over a member.
struct ReaderDeath: Error, Sendable, Hashable {
    var reason: Reason
    var detail: String

    /// The refusal of the member that it died upon.
    var refusal: Refusal {
        Refusal(reason, detail, remedy: "report it; archivectl retry reads the file again")
    }
}

/// Opens and parses in this process: bytes in, members out.
struct LocalReader: MemberReading {
    let opener: Opener
    let parser: Parser

    func read(
        _ deposit: Deposit, from start: Int, passingOver: Int?,
        each: (AccessionMember) throws -> Void
    ) throws -> Package {
        try read(
            descriptor: deposit.original.number, name: deposit.path.name, from: start,
            passingOver: passingOver, each: each)
    }

    /// Reads the file behind `descriptor`, which stays the caller's.
    func read(
        descriptor: Int32, name: [UInt8], from start: Int, passingOver: Int?,
        each: (AccessionMember) throws -> Void
    ) throws -> Package {
        try opener.open(descriptor: descriptor, name: name) { piece in
            guard piece.ordinal >= start else { return }
            try each(member(of: piece, name: name, isParsed: piece.ordinal != passingOver))
        }
    }

    func bytes(ofMember ordinal: Int, descriptor: Int32, name: [UInt8]) throws -> [UInt8] {
        struct Found: Error { var bytes: [UInt8] }
        do {
            _ = try opener.open(descriptor: descriptor, name: name) { piece in
                guard piece.ordinal == ordinal, let capture = piece.capture else { return }
                throw Found(bytes: capture.bytes)
            }
        } catch let found as Found {
            return found.bytes
        }
        throw Refusal(.noArticle, "the file gives no page at place \(ordinal)")
    }

    private func member(of piece: Piece, name: [UInt8], isParsed: Bool) -> AccessionMember {
        switch piece {
        case .page(let capture): return read(capture, ordinal: 0, path: name, isParsed: isParsed)
        case .member(let member):
            switch member.content {
            case .capture(let capture):
                var read = read(
                    capture, ordinal: member.ordinal, path: member.path, isParsed: isParsed)
                read.offset = member.offset
                return read
            case .refused(let refusal):
                return AccessionMember(member, content: .refused(refusal))
            case .passed(let form, let digest, let words):
                return AccessionMember(
                    member, form: form, digest: digest, content: .noArticle(.noArticle, words))
            case .container(let form, let digest):
                return AccessionMember(member, form: form, digest: digest, content: .container)
            }
        }
    }

    private func read(_ capture: Capture, ordinal: Int, path: [UInt8], isParsed: Bool)
        -> AccessionMember
    {
        var member = AccessionMember(
            ordinal: ordinal, path: path, size: capture.bytes.count, digest: capture.digest,
            content: .container)
        guard isParsed else {
            // Whoever asked for it knows the true reason.
            member.content = .refused(Refusal(.crashedParser, "passed over"))
            return member
        }
        do throws(Refusal) {
            let reading = try parser.read(capture)
            member.form = reading.form
            switch reading.finding {
            case .article(let article):
                member.content = .article(
                    PreparedArticle(article, reading: reading, capture: capture))
            case .noArticle(let reason, let words): member.content = .noArticle(reason, words)
            case .withdrawal(let notice): member.content = .withdrawal(notice)
            }
        } catch {
            member.content = .refused(error)
        }
        return member
    }
}

extension Piece {
    /// Its place in the file.
    var ordinal: Int {
        switch self {
        case .page: 0
        case .member(let member): member.ordinal
        }
    }

    /// The page in it, where it is one.
    fileprivate var capture: Capture? {
        switch self {
        case .page(let capture): return capture
        case .member(let member):
            guard case .capture(let capture) = member.content else { return nil }
            return capture
        }
    }
}

extension AccessionMember {
    fileprivate init(
        _ member: Member, form: String? = nil, digest: Digest? = nil, content: Content
    ) {
        self.init(
            ordinal: member.ordinal, path: member.path, size: member.size, form: form,
            digest: digest, offset: member.offset, content: content)
    }
}
