import ArgumentParser

/// From when to when an article must have been published.
struct DateOptions: ParsableArguments {
    @Option(
        name: [.customShort("S"), .long], parsing: .unconditional,
        help: ArgumentHelp(
            "From then on: 2017, 2017-01, 2017-01-26, RFC 3339, yesterday, -2d.",
            valueName: "date"))
    var since: TimeWords?

    @Option(
        name: [.customShort("U"), .long], parsing: .unconditional,
        help: ArgumentHelp("Up to then, that period included.", valueName: "date"))
    var until: TimeWords?
}
