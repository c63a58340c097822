import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// `docs/protocol.md` against the table of methods.
@Suite struct ProtocolDocumentTests {
    /// One row of the document's tables of methods.
    private struct Row: Hashable {
        var name: String
        var rights: String
        var parameters: String
    }

    private static func rows() throws -> [Row] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/protocol.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            // A `|` within a cell is written `\|`.
            let cells = line.replacing("\\|", with: "/").split(
                separator: "|", omittingEmptySubsequences: false
            ).map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 6, cells[1].hasPrefix("`"), ["read", "admin"].contains(cells[2])
            else { return nil }
            return Row(
                name: cells[1].replacing("`", with: ""), rights: cells[2], parameters: cells[3])
        }
    }

    @Test func `the document lists every method with its right, and no other`() throws {
        let documented = Set(try Self.rows().map { "\($0.name) \($0.rights)" })
        let served = Set(Service.methods.map { "\($0.name) \($0.rights.rawValue)" })
        #expect(documented == served)
    }

    @Test func `the document names every parameter of every method`() throws {
        for row in try Self.rows() {
            let method = try #require(Service.methods.first { $0.name == row.name })
            for parameter in method.parameters {
                #expect(
                    row.parameters.contains("`\(parameter.name)`"),
                    "\(row.name) takes \(parameter.name), which docs/protocol.md leaves out")
            }
        }
    }

    @Test func `describe tells every method`() {
        let names = Service.methods.map { $0.description["name"]?.string }
        #expect(names.compactMap(\.self).count == Set(names).count)
        #expect(names.contains("describe"))
    }
}
