internal import ArchiveProtocol

/// One deposit on its way through the opener and the parser.
///
/// What comes out of it is handed on in stretches, each kept in a transaction of its own: a large
/// bundle is searchable while it is read, and goes on after an interruption where it was.
struct DepositReading {
    /// How much of a bundle is kept in one transaction.
    static let stretchMembers = 256
    static let stretchBytes = 8 << 20
    /// How often a file may crash the parser before the member that did is passed over.
    static let crashLimit = 2
    /// How often it may crash the daemon at all before the rest of it is left unread.
    static let crashesAllowed = 10

    /// Ends the reading between two members, because the daemon stops.
    struct Interrupted: Error {}

    let deposit: Deposit
    let opener: Opener
    let parser: Parser
    /// What earlier runs kept of it.
    let kept: KeptMembers
    /// How often the daemon crashed while it was read.
    let crashes: Int
    /// Called after each member.
    let note: (AccessionMember) throws -> Void

    /// Reads the deposit to its end, or to what stops it.
    ///
    /// - Parameter each: keeps a stretch; the last one is returned instead.
    /// - Throws: `Interrupted` from `note`, after all that was read before is handed on, and what
    ///   `each` throws.
    func read(each: (Accession) throws -> Void) throws -> Accession {
        var accession = Accession(deposit: deposit, form: "file")
        accession.keepsEarlierMembers = kept.hasGoodMembers
        guard crashes < Self.crashesAllowed else {
            accession.refusals = [Self.crashed(crashes, "it is read no further")]
            return accession
        }
        var bad = kept.bad
        var bytes = 0
        do {
            let package = try opener.open(
                descriptor: deposit.original.number, name: deposit.path.name
            ) { piece in
                guard piece.ordinal >= kept.count else { return }
                let member = read(piece)
                bytes += member.size ?? 0
                bad.note(member)
                accession.members.append(member)
                if case .member = piece, isFull(accession.members.count, bytes) {
                    try hand(&accession, to: each)
                    bytes = 0
                }
                try note(member)
            }
            accession.form = package.form
            accession.refusals = package.refusals
            accession.notes = package.notes
            let hasGoodMembers = accession.hasGoodMembers || accession.keepsEarlierMembers
            if package.form != "file", package.refusals.isEmpty,
                let refusal = bad.refusal(hasGoodMembers: hasGoodMembers)
            {
                accession.refusals = [refusal]
            }
        } catch let refusal as Refusal {
            accession.refusals = [refusal]
        } catch let interrupted as Interrupted {
            if !accession.members.isEmpty { try hand(&accession, to: each) }
            throw interrupted
        }
        // A file that is one page has the form and the fate of that page.
        if accession.form == "file", let page = accession.members.first {
            accession.form = page.form ?? "file"
            if case .refused(let refusal) = page.content { accession.refusals = [refusal] }
        }
        return accession
    }

    private func isFull(_ members: Int, _ bytes: Int) -> Bool {
        // After a crash each member is kept at once, so that the next crash names its culprit.
        members >= (crashes > 0 ? 1 : Self.stretchMembers) || bytes >= Self.stretchBytes
    }

    private func hand(_ accession: inout Accession, to each: (Accession) throws -> Void) throws {
        var stretch = accession
        stretch.isLast = false
        try each(stretch)
        accession.keepsEarlierMembers = accession.keepsEarlierMembers || stretch.hasGoodMembers
        accession.members = []
    }

    private func read(_ piece: Piece) -> AccessionMember {
        switch piece {
        case .page(let capture): return read(capture, ordinal: 0, path: deposit.path.name)
        case .member(let member):
            switch member.content {
            case .capture(let capture):
                return read(capture, ordinal: member.ordinal, path: member.path)
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

    private func read(_ capture: Capture, ordinal: Int, path: [UInt8]) -> AccessionMember {
        var member = AccessionMember(
            ordinal: ordinal, path: path, size: capture.bytes.count, digest: capture.digest,
            content: .container)
        if crashes >= Self.crashLimit, ordinal == kept.count {
            member.content = .refused(Self.crashed(crashes, "it is passed over"))
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

    private static func crashed(_ times: Int, _ fate: String) -> Refusal {
        Refusal(
            .crashedParser, "the parser crashed \(times) times and \(fate)",
            remedy: "report it; archivectl retry reads the file again")
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
