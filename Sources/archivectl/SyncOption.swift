import ArchiveProtocol
import ArgumentParser

/// Whether to wait first until every file dropped before the question is settled.
struct SyncOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "First wait until every file dropped before is settled (30 seconds unless told).",
            valueName: "seconds"))
    var sync: Seconds?

    /// The parameter of the protocol.
    var milliseconds: Int? { sync?.milliseconds }

    /// How long the answer may take: the wait, and the usual time for the answer itself.
    var patience: Duration {
        GlobalOptions.defaultTimeout.duration + (sync?.duration ?? .zero)
    }
}
