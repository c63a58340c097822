import ArgumentParser

/// A script with which a shell completes the words of archivectl.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a script with which a shell completes words.",
        discussion: """
            Examples:
              archivectl completion bash > ~/.bash_completion.d/archivectl
              archivectl completion zsh > ~/.zfunc/_archivectl
              archivectl completion fish > ~/.config/fish/completions/archivectl.fish
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    /// The shells that scripts are made for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    func run() {
        Output.help(Archivectl.completionScript(for: shell.kind))
    }
}
