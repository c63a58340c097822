import ArgumentParser

/// How much of a list is wanted.
struct PageOptions: ParsableArguments {
    @Option(name: [.customShort("n"), .long], help: "At most so many (default: 20).")
    var limit: Int?

    @Option(help: ArgumentHelp("Go on after an earlier page.", valueName: "cursor"))
    var cursor: String?

    @Flag(help: "Everything, page after page.")
    var all = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        if all, limit != nil { throw ValidationError("--all and --limit exclude each other") }
    }

    /// How many are wanted; nil for all.
    var wanted: Int? { all ? nil : limit ?? 20 }
}
