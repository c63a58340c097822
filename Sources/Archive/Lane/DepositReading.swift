internal import ArchiveProtocol

/// One deposit on its way through a reader.
///
/// What comes out of it is handed on in stretches, each kept in a transaction of its own: a large
/// bundle is searchable while it is read, and goes on after an interruption where it was. A reader
/// that dies costs the member that it died upon.
struct DepositReading {
    /// How much of a bundle is kept in one transaction.
    static let stretchMembers = 256
    static let stretchBytes = 8 << 20
    /// How often a member may end a reader before it is passed over.
    static let deathsAllowed = 2
    /// How many readers one file may end before the rest of it is left unread.
    static let deathsInAll = 20

    /// Ends the reading between two members, because the daemon stops.
    struct Interrupted: Error {}

    let deposit: Deposit
    let reader: any MemberReading
    /// What earlier runs kept of it.
    let kept: KeptMembers
    /// Called after each member.
    let note: (AccessionMember) throws -> Void

    /// Reads the deposit to its end, or to what stops it.
    ///
    /// - Parameter each: keeps a stretch; the last one is returned instead.
    /// - Throws: `Interrupted` from `note`, after all that was read before is handed on, and what
    ///   `each` throws.
    func read(each: (Accession) throws -> Void) throws -> Accession {
        var accession = Accession(deposit: deposit, form: "file")
        accession.earlier = kept.good
        var bad = kept.bad
        var bytes = 0
        do {
            let package = try readOn { member in
                bytes += member.size ?? 0
                bad.note(member)
                accession.members.append(member)
                // A file that is one page is never parted.
                if member.ordinal > 0, isFull(accession.members.count, bytes) {
                    try hand(&accession, to: each)
                    bytes = 0
                }
                try note(member)
            }
            accession.form = package.form
            accession.refusals = package.refusals
            accession.notes = package.notes
            if package.form != "file", package.refusals.isEmpty,
                let refusal = bad.refusal(besides: accession.good)
            {
                accession.refusals = [refusal]
            }
        } catch let refusal as Refusal {
            accession.refusals = [refusal]
        } catch let interrupted as Interrupted {
            // A file that is one page is read anew: what is kept of it would have no form and fate.
            if !accession.members.isEmpty, !isPage(accession) { try hand(&accession, to: each) }
            throw interrupted
        }
        // A file that is one page has the form and the fate of that page.
        if accession.form == "file", let page = accession.members.first {
            accession.form = page.form ?? "file"
            if case .refused(let refusal) = page.content { accession.refusals = [refusal] }
        }
        return accession
    }

    /// Reads the members to the last, with another reader wherever one dies.
    ///
    /// - Throws: the death as a refusal, where the file itself cannot be opened past a place.
    private func readOn(_ accept: (AccessionMember) throws -> Void) throws -> Package {
        var start = kept.count
        var deaths: [ReaderDeath] = []
        var inAll = 0
        while true {
            let culprit = deaths.count >= Self.deathsAllowed ? start : nil
            do {
                return try reader.read(deposit, from: start, passingOver: culprit) { member in
                    var member = member
                    if member.ordinal == culprit, let death = deaths.last {
                        member.content = .refused(death.refusal)
                    }
                    start = member.ordinal + 1
                    deaths = []
                    try accept(member)
                }
            } catch let death as ReaderDeath {
                deaths.append(death)
                inAll += 1
                // Even opening it ends a reader: what lies behind cannot be reached.
                if deaths.count > Self.deathsAllowed || inAll > Self.deathsInAll {
                    throw death.refusal
                }
            }
        }
    }

    /// Whether what was read is the file itself, and no member of a bundle.
    private func isPage(_ accession: Accession) -> Bool {
        guard accession.members.count == 1, let first = accession.members.first else {
            return false
        }
        return first.ordinal == 0 && first.path == deposit.path.name
    }

    private func isFull(_ members: Int, _ bytes: Int) -> Bool {
        members >= Self.stretchMembers || bytes >= Self.stretchBytes
    }

    private func hand(_ accession: inout Accession, to each: (Accession) throws -> Void) throws {
        var stretch = accession
        stretch.isLast = false
        try each(stretch)
        accession.earlier = stretch.good
        accession.members = []
    }
}
