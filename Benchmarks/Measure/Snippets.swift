import ArchiveProtocol
import Foundation

@testable import Archive

/// Measures making snippets, as `snippets-against-tantivy.py` asks for it.
///
/// `snippets CORPUS ASKED`: each line of `ASKED` has words, any of which are looked for, or a phrase
/// in quotation marks, a tab, and the rows of the articles. Printed are for each line the
/// processor's microseconds, the middle ones of five, from the words and the records of all to
/// their snippets, and the first snippet.
func measureSnippets(_ arguments: [String]) throws {
    guard arguments.count == 2 else {
        return FileHandle.standardError.write(Data("snippets CORPUS ASKED\n".utf8))
    }
    let records = try records(of: arguments[0])
    for line in try String(contentsOfFile: arguments[1], encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: "\t")
        let chosen = fields[1].split(separator: " ").compactMap { records[String($0)] }
        let isPhrase = fields[0].hasPrefix("\"")
        let texts = isPhrase ? [fields[0]] : fields[0].split(separator: " ")
        let query = IndexQuery.any(texts.map { .words(.anywhere, String($0)) })
        var times: [Double] = []
        var first = ""
        for _ in 0..<5 {
            let start = ProcessorTime.seconds
            let words = SoughtWords(query)
            let snippets = chosen.map { record in
                Snippet(of: record.withUnsafeBytes(RecordText.body), marking: words).text
            }
            times.append((ProcessorTime.seconds - start) * 1e6)
            first = snippets.first ?? ""
        }
        print("\(times.sorted()[2])\t\(first.replacing("\n", with: " "))")
    }
}

/// The articles of a corpus as the archive keeps them, by row.
private func records(of path: String) throws -> [String: [UInt8]] {
    var records: [String: [UInt8]] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        var article = Article()
        article.headline = String(fields[3])
        article.body = fields[4].split(separator: "\u{1F}").map { Block(.paragraph, String($0)) }
        records[String(fields[0])] = article.bytes
    }
    return records
}
