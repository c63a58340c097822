import Synchronization

@testable import Archive

/// A reader that dies upon certain members, as a worker that crashes over them.
final class DyingReader: MemberReading {
    private let local = LocalReader(opener: Opener(limits: Limits()), parser: Parser(styles: .none))
    /// How often it still dies upon each place.
    private let deaths: Mutex<[Int: Int]>
    /// Whether it dies even where the member is not to be parsed.
    private let diesOpening: Bool
    private let reason: Reason
    private let asked = Mutex<[Int]>([])

    init(_ deaths: [Int: Int], opening: Bool = false, reason: Reason = .crashedParser) {
        self.deaths = Mutex(deaths)
        diesOpening = opening
        self.reason = reason
    }

    /// The places that it was asked to begin at.
    var starts: [Int] { asked.withLock { $0 } }

    func read(
        _ deposit: Deposit, from start: Int, passingOver: Int?,
        each: (AccessionMember) throws -> Void
    ) throws -> Package {
        asked.withLock { $0.append(start) }
        return try local.read(deposit, from: start, passingOver: passingOver) { member in
            if diesOpening || member.ordinal != passingOver, isDying(member.ordinal) {
                throw ReaderDeath(reason: reason, detail: "died over \(member.ordinal)")
            }
            try each(member)
        }
    }

    func bytes(ofMember ordinal: Int, descriptor: Int32, name: [UInt8]) throws -> [UInt8] {
        try local.bytes(ofMember: ordinal, descriptor: descriptor, name: name)
    }

    private func isDying(_ ordinal: Int) -> Bool {
        deaths.withLock { deaths in
            guard let left = deaths[ordinal], left > 0 else { return false }
            deaths[ordinal] = left - 1
            return true
        }
    }
}
