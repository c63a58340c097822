import Foundation

@testable import Archive

/// Builds the tree of each page again and again and tells the processor time that one tree took.
///
/// One JSON line: `bytes`, `nodes` and `seconds` over all pages, and `pages` with each page's
/// seconds in the order of the arguments; -1 for a page that was refused.
func measureHTMLTrees(_ paths: [String]) {
    var bytes = 0
    var nodes = 0
    var seconds = 0.0
    var pages: [Double] = []
    for path in paths {
        guard let data = FileManager.default.contents(atPath: path) else { continue }
        let page = Array(data)
        // Long enough for the clock, short enough for a hundred pages.
        let rounds = max(1, (4 << 20) / max(1, page.count))
        var found = -1
        let start = ProcessorTime.seconds
        for _ in 0..<rounds {
            found = (try? HTMLTreeBuilder.tree(of: page).nodes.count) ?? -1
        }
        let time = (ProcessorTime.seconds - start) / Double(rounds)
        pages.append(found < 0 ? -1 : time)
        guard found >= 0 else { continue }
        bytes += page.count
        nodes += found
        seconds += time
    }
    let list = pages.map { String(format: "%.9f", $0) }.joined(separator: ", ")
    print(
        "{\"bytes\": \(bytes), \"nodes\": \(nodes), \"seconds\": \(seconds), \"pages\": [\(list)]}")
}
