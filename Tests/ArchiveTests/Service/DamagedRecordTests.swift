import ArchiveProtocol
import Foundation
import GRDB
import Testing

@testable import Archive

@Suite struct DamagedRecordTests {
    private static let damages = [
        "CAST(replace(CAST(document AS TEXT), 'ferry', 'merry') AS BLOB)", "x'FF'", "17", "'text'",
    ]

    @Test(arguments: damages)
    func `a record that changed on the disk is told and not shown`(_ damage: String) async throws {
        let counter = try Counter()
        try counter.keep("1.md", Counter.page(1))
        let id = try counter.holdings.found("ferry")[0]
        try await counter.holdings.repository.pool.write { db in
            try db.execute(sql: "UPDATE version SET document = \(damage)")
        }
        let failure = await counter.failure("articles.get", ["id": .string(id)])
        #expect(failure.code == .internalError)
        #expect(failure.message.contains("\(id), version 1, is damaged"))
        #expect(failure.hint?.contains("archive.sqlite") == true)
        let found = try await counter.ask("articles.search", ["query": "ferry"])
        let hit = try #require(found["items"]?.array?.first)
        #expect(hit["id"]?.string == id)
        #expect(hit["snippet"]?.string == "")
    }
}
