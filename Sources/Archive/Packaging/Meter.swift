/// What the members of one file have unpacked to so far, held against the limits.
///
/// Two stages are counted apart, because the bytes of a compressed tar pass both: what comes out
/// of a compressed stream, and what the members of bundles hold. Each must stay in the limits.
final class Meter {
    /// Where bytes come out.
    enum Stage { case stream, members }

    /// Members refused for their expansion, after which the whole file is read no further.
    ///
    /// One bomb costs one member; this bounds the work that many of them could ask for.
    static let strikesAllowed = 8

    private let fileBytes: Int
    private let limits: Limits
    private var stream = 0
    private var members = 0
    private(set) var strikes = 0

    init(fileBytes: Int, limits: Limits) {
        self.fileBytes = fileBytes
        self.limits = limits
    }

    /// Unpacked bytes, as the package reports them.
    var expandedBytes: Int { max(stream, members) }

    /// Whether so many members expanded too far that the file is to be read no further.
    var isSpent: Bool { strikes >= Self.strikesAllowed }

    /// Counts `bytes` that came out, or refuses them.
    func charge(_ bytes: Int, to stage: Stage) throws(Refusal) {
        let total: Int
        switch stage {
        case .stream:
            stream += bytes
            total = stream
        case .members:
            members += bytes
            total = members
        }
        if total > limits.expandedBytes {
            strikes += 1
            throw Refusal(
                .expansion, "unpacks to more than \(limits.expandedBytes) bytes",
                remedy: "raise limits.expandedBytes where the file is trusted")
        }
        if total > limits.expansionFloor, total / limits.expansionRatio >= max(fileBytes, 1),
            total > fileBytes * limits.expansionRatio
        {
            strikes += 1
            throw Refusal(
                .expansion,
                "unpacks to more than \(limits.expansionRatio) times its \(fileBytes) bytes",
                remedy: "raise limits.expansionRatio where the file is trusted")
        }
    }

    /// Takes back what a refused member was charged, so that its neighbours can be read.
    func release(_ bytes: Int, from stage: Stage) {
        switch stage {
        case .stream: stream -= bytes
        case .members: members -= bytes
        }
    }
}
