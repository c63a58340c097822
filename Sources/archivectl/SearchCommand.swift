import ArchiveProtocol
import ArgumentParser

/// Finds articles by their words and fields.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find articles.",
        discussion: """
            Examples:
              archivectl search sanctuary cities
              archivectl search '"executive order" by:mays -council' --sort newest
              archivectl search said:mayor --since 2016-11 -o json-lines --all
              archivectl search ferry --facet author --timeline --count

            The query language is told by archived-query(7). Put a query in single quotes, \
            so that the shell leaves it alone; one that begins with - goes behind --. \
            @name stands for a query that was kept with --save.
            """)

    @Argument(help: "What to look for.") var query: [String] = []

    @Option(help: "relevance, newest or oldest.") var sort: Order?

    @Option(
        name: .customLong("facet"),
        help: "Count by author, outlet, section, place, language, year or month; may be repeated.")
    var facets: [Facet] = []

    @Flag(help: "Count by month, or by year where there are many.") var timeline = false

    @Flag(help: "Print the exact number of articles alone, and what is counted.") var count = false

    @Flag(help: "Tell how the query was understood, and what gave each hit its score.")
    var explain = false

    @Option(
        help: ArgumentHelp(
            "Leave out what came after that revision, and show the rest as it was.",
            valueName: "revision"))
    var at: Int?

    @Option(help: ArgumentHelp("Keep the query under this name, too.", valueName: "name"))
    var save: String?

    @OptionGroup var dates: DateOptions
    @OptionGroup var pages: PageOptions
    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    /// In which order articles are told.
    enum Order: String, ExpressibleByArgument, CaseIterable {
        case relevance, newest, oldest
    }

    /// What articles are counted by.
    enum Facet: String, ExpressibleByArgument, CaseIterable {
        case author, outlet, section, place, language, year, month
    }

    func validate() throws {
        if let at, at < 0 { throw ValidationError("--at is a revision, 0 or more") }
        guard let save else { return }
        guard SavedSearches.isName(save) else {
            throw ValidationError("--save takes a name of letters, digits, - and _")
        }
        if dates.since != nil || dates.until != nil {
            throw ValidationError("--save keeps the query alone: give dates in it, as date:-2w..")
        }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        let (text, order) = try expanded()
        var parameters = Parameters()
        parameters.add("query", text)
        parameters.add("sort", order)
        parameters.add("since", dates.since?.date)
        parameters.add("until", dates.until?.date)
        parameters.add("at", at)
        parameters.add("facets", facets.map(\.rawValue))
        if timeline { parameters.add("timeline", "month") }
        if explain { parameters.add("explain", true) }
        parameters.add("sync", sync.milliseconds)
        if count {
            try printCounts(client, parameters, to: output)
        } else {
            try printHits(client, parameters, to: output)
        }
        if let save { try SavedSearches().keep(SavedSearch(query: text, sort: order), as: save) }
    }

    /// The query with what `@name` stands for, and the order that was kept with it.
    private func expanded() throws -> (text: String, order: String?) {
        var order = sort?.rawValue
        let parts = try query.map { part in
            guard part.utf8.first == UInt8(ascii: "@") else { return part }
            let search = try SavedSearches().search(named: String(part.dropFirst()))
            order = order ?? search.sort
            return search.query
        }
        return (parts.joined(separator: " "), order)
    }

    private func printHits(
        _ client: ArchiveClient, _ parameters: Parameters, to output: Output
    ) throws {
        var (shown, changed) = (0, 0)
        let last = try Pages(
            method: "articles.search", parameters: parameters, wanted: pages.wanted,
            cursor: pages.cursor
        ).print(client, to: output) { first in
            if let query = first["understood"]?.string {
                output.line("\(strong: "query"): \(query)")
            }
        } short: { hit in
            shown += 1
            if hit["latestVersion"] != nil { changed += 1 }
            Hit(json: hit).print(to: output)
        }
        if output.format == .short { ArticleCounts(answer: last).print(to: output) }
        output.legend(.total(last, shown: shown))
        if changed > 0 {
            output.legend(
                "\(changed) shown as then, in an older version; the words were looked for in the "
                    + "newest")
        }
        Self.tellSuggestion(last, output)
    }

    private func printCounts(
        _ client: ArchiveClient, _ parameters: Parameters, to output: Output
    ) throws {
        var parameters = parameters
        parameters.add("exact", true)
        parameters.add("limit", 0)
        let answer = try client.call("articles.search", parameters.json).result
        guard output.format == .short else {
            output.json(.object((answer.members ?? []).filter { $0.key != "items" }))
            return
        }
        if let query = answer["understood"]?.string { output.line("\(strong: "query"): \(query)") }
        output.line("\(answer["total"]?.count("value") ?? 0)")
        ArticleCounts(answer: answer).print(to: output)
        Self.tellSuggestion(answer, output)
    }

    private static func tellSuggestion(_ answer: JSON, _ output: Output) {
        guard let suggestion = answer["suggestion"]?.string else { return }
        output.legend("Did you mean: \(suggestion)")
    }
}

/// One article that was found.
struct Hit {
    var json: JSON

    /// Prints it for people, with what gave it its score where that was asked for.
    func print(to output: Output) {
        let date = json.date("published")
        let outlet = json["outlet"]?.string ?? ""
        let head = TerminalText.joined(
            [
                "\(json["id"]?.string ?? "")", "\(String(date.prefix(10)))", "\(outlet)",
                "\(strong: json["headline"]?.string ?? "")",
            ], "  ")
        output.line(head + version)
        if let snippet = json["snippet"]?.string, !snippet.isEmpty {
            output.paragraph("\(snippet: snippet)", indent: 14)
        }
        guard let shares = json["explanation"]?.array else { return }
        output.line(Self.line(json["score"]?.double ?? 0, "score"))
        for share in shares {
            let times = share.count("occurrences")
            output.line(
                Self.line(
                    share["score"]?.double ?? 0,
                    "\(share.text("text")) in \(share.text("field")), "
                        + (times == 1 ? "once" : "\(times) times")))
        }
    }

    /// Which version is shown, where it is not the newest.
    private var version: TerminalText {
        guard json["latestVersion"] != nil else { return "" }
        return "  (version \(json.count("version")) of \(json.count("latestVersion")))"
    }

    private static func line(_ score: Double, _ text: TerminalText) -> TerminalText {
        let hundredths = Int((score * 100).rounded())
        let rest = hundredths % 100
        let number = "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
        let padding = String(repeating: " ", count: max(0, 8 - number.utf8.count))
        return ("\(padding)\(number)  " + text).indented(by: 14)
    }
}
