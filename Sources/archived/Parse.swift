import Archive
import ArgumentParser

/// Prints what would be stored, without a daemon.
struct Parse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Prints the articles of files; needs no daemon.",
        discussion: """
            archived parse story.html
            archived parse -o json-lines dump.zip
            archived parse -o members dump.tar.gz
            archived parse -o members --articles --addresses list.tsv saved/*.html

            Exit status 1: some file or member could not be read; stderr says which and why.
            """)

    /// How articles are printed.
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case jsonLines = "json-lines"
        case members
    }

    @Argument(help: "The files.")
    var files: [String]

    @Option(name: .shortAndLong, help: "json-lines: an article a line; members: a member a line.")
    var output = Output.jsonLines

    @Flag(help: "With -o members: puts the article of each into its line.")
    var articles = false

    @Option(
        help: "Where the files were saved from: a file of lines of a name, a tab and an address.")
    var addresses: String?

    @Option(help: "The configuration file; defaults apply where it does not exist.")
    var config = "/etc/archived/archived.yaml"

    func run() throws {
        let parsing = try OfflineParsing(configuration: config, addresses: addresses)
        var isClean = true
        for file in files {
            let isRead = parsing.parse(
                file, listsMembers: output == .members, withArticles: articles)
            isClean = isRead && isClean
        }
        if !isClean { throw ExitCode(1) }
    }
}

/// Tries a configuration.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Tells whether a configuration would be accepted.")

    @Argument(help: "The configuration file.")
    var file = "/etc/archived/archived.yaml"

    func run() throws {
        if let objection = OfflineParsing.objection(toConfiguration: file) {
            throw ValidationError(objection)
        }
        print("\(file): accepted")
    }
}
