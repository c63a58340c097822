import Foundation

/// Runs one part of the daemon's body over files and tells what it cost, as JSON on one line.
///
/// `measure PART FILE...`; the scripts beside this folder run it in turns with a peer.
@main struct Measure {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let paths = Array(arguments.dropFirst())
        switch arguments.first {
        case "html": measureHTMLTrees(paths)
        case "web-archives": measureWebArchives(paths)
        case "search-index": try measureSearchIndex(paths)
        case "snippets": try measureSnippets(paths)
        default:
            FileHandle.standardError.write(
                Data("usage: measure html | web-archives | search-index | snippets FILE...\n".utf8))
            exit(2)
        }
    }
}

/// What a measurement costs: the processor's time of this process.
enum ProcessorTime {
    /// Seconds of processor time that this process has used.
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
