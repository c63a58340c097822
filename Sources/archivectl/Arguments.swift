import ArgumentParser

/// The command line as it was typed, made ready for the parser.
struct Arguments {
    private var arguments: [String]

    init(_ arguments: [String]) { self.arguments = arguments }

    /// Options before the verb go behind it, a bare `--sync` gets its value, and a verb that does
    /// not exist is refused.
    var prepared: [String] {
        get throws {
            if Self.asksParser.contains(arguments.first ?? "") { return arguments }
            guard let index = verbIndex else { return withSync(arguments) }
            let verb = arguments[index]
            guard Self.verbs.contains(verb) else { throw unknown(verb) }
            let leading = arguments[..<index]
            return withSync([verb] + leading + arguments[(index + 1)...])
        }
    }

    /// The options of every verb whose value is an argument of its own.
    private static let valued: Set<String> = ["-o", "--output", "--socket", "--timeout", "--color"]

    /// Questions to the parser itself, for the installation.
    private static let asksParser: Set<String> = [
        "--generate-completion-script", "--experimental-dump-help",
    ]

    private static let verbs: [String] =
        Archivectl.configuration.groupedSubcommands.flatMap(\.subcommands)
        .compactMap { $0.configuration.commandName } + ["help"]

    private var verbIndex: Int? {
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if argument == "--" { return nil }
            if !argument.utf8.starts(with: "-".utf8) { return index }
            index += Self.valued.contains(argument) ? 2 : 1
        }
        return nil
    }

    private func withSync(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.count
        return arguments.enumerated().map { index, argument in
            index < end && argument == "--sync" ? "--sync=30" : argument
        }
    }

    private func unknown(_ verb: String) -> Complaint {
        let near = Self.verbs.map { (distance: Self.distance(verb, $0), verb: $0) }
            .filter { $0.distance <= max(1, min(3, verb.utf8.count / 2)) }
            .min { $0.distance < $1.distance }
        let hint = near.map { "did you mean '\($0.verb)'?" } ?? "the verbs: archivectl --help"
        return Complaint("no such verb: '\(verb)'", hint: hint, 2)
    }

    /// How many letters must change to make one word into the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8.prefix(40))
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
