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

    /// What is damaged, and the requests that read it.
    private static let columns: [(String, [(String, JSON)])] = [
        ("article SET version = 'x'", [get, versions]),
        ("article SET byline = x'FF'", [("articles.search", ["query": "ferry"])]),
        ("article SET headline = x'FF'", [("quotes.search", ["query": "sail"])]),
        ("article SET published = x'FF'", [("articles.search", [:]), ("quotes.search", [:])]),
        ("version SET headline = x'FF'", [("articles.search", ["query": "ferry"]), versions]),
        ("version SET evidence = 17", [evidence]),
        ("version SET encoding_note = x'FF'", [evidence]),
        ("capture SET accessioned = 'x'", [get, versions]),
        ("original SET name = 17", [get, ("originals.list", [:])]),
        ("original SET size = 'x'", [("originals.list", [:])]),
        ("original SET form = x'FF'", [get, ("originals.list", [:])]),
        ("member SET path = 17", [get, ("originals.members", ["name": "1.md"])]),
        ("ledger SET since = 'x'", [("inbox.list", [:]), ("inbox.explain", ["path": "1.md"])]),
        ("ledger SET state = x'FF'", [("inbox.list", [:]), ("inbox.explain", ["path": "1.md"])]),
        ("event SET payload = x'FF'", [("articles.search", ["at": 1])]),
    ]
    private static let get = ("articles.get", JSON.object([]))
    private static let versions = ("articles.versions", JSON.object([]))
    private static let evidence = ("articles.evidence", JSON.object([]))

    @Test(arguments: columns.indices)
    func `a value of another type is told with its remedy`(_ number: Int) async throws {
        let (damage, requests) = Self.columns[number]
        let counter = try Counter()
        try counter.keep(
            "1.md", Counter.page(1, body: "“The ferry will sail again,” said Mayor Odile Park."))
        try counter.keep("2.md", Counter.page(2))
        let id = try counter.holdings.found("sail")[0]
        try await counter.holdings.repository.pool.write { db in
            try db.execute(sql: "UPDATE \(damage)")
        }
        for (method, parameters) in requests {
            let isNamed = ["articles.get", "articles.versions", "articles.evidence"].contains(
                method)
            let failure = await counter.failure(
                method, isNamed ? ["id": .string(id)] : parameters)
            #expect(failure.code == .internalError, "\(damage): \(method): \(failure.message)")
            #expect(failure.hint?.contains("archive.sqlite") == true, "\(damage): \(method)")
        }
    }
}
