import ArchiveProtocol
import Foundation
import Glibc
import Testing

@testable import Archive

@Suite struct OriginalMethodsTests {
    @Test func `originals are listed in the order of accession`() async throws {
        let counter = try Counter()
        for number in 0..<5 { try counter.keep("\(number).md", Counter.page(number)) }
        let bad = try counter.keep("bad.zip", Array("PK\u{3}\u{4} and no more".utf8))
        let all = try await counter.pages("originals.list", limit: 2)
        let names = (0..<5).map { "\($0).md" } + ["bad.zip"]
        #expect(all.compactMap { $0["name"]?.string } == names)
        #expect(all.prefix(5).allSatisfy { $0["articles"]?.array?.count == 1 })
        let quarantined = try await counter.pages(
            "originals.list", [.init("state", "quarantined")], limit: 1)
        #expect(quarantined.map { $0["digest"]?.string } == [bad.name])
        #expect(quarantined[0]["reason"] != nil && quarantined[0]["articles"] == [])
        for (since, count) in [("2016-01-01", 6), ("2300-01-01T00:00:00Z", 0)] {
            let page = try await counter.ask("originals.list", ["since": .string(since)])
            #expect(page["items"]?.array?.count == count)
        }
        for since in [
            "soon", "2016", "999999999999999999-01-01", "2016-01-01T10:00:9999999999999999",
            "9223372036854775807-12-31", "2016-13-01",
        ] {
            let failure = await counter.failure("originals.list", ["since": .string(since)])
            #expect(failure.code == .invalidParams, "\(since)")
        }
    }

    @Test(arguments: [1, 2, 100])
    func `the members of a bundle are listed with what became of them`(_ limit: Int) async throws {
        let counter = try Counter()
        try counter.keep("0.md", Counter.page(0))
        let zip = BrokenContainers.zip([
            .init(name: Array("0.md".utf8), bytes: Counter.page(0)),
            .init(name: Array("1.md".utf8), bytes: Counter.page(1)),
            .init(
                name: Array("p.png".utf8), bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        ])
        let digest = try counter.keep("a.zip", zip)
        let byName = try await counter.pages(
            "originals.members", [.init("name", "a.zip")], limit: limit)
        #expect(byName.map { $0["ordinal"]?.int } == [0, 1, 2])
        #expect(byName.map { $0["path"]?.string } == ["0.md", "1.md", "p.png"])
        #expect(byName.map { $0["outcome"]?.string } == ["duplicate", "stored", "no-article"])
        let byDigest = try await counter.pages(
            "originals.members", [.init("digest", .string(String(digest.hex.prefix(10))))],
            limit: limit)
        #expect(byDigest == byName)
        for params in [[:], ["name": "a.zip", "digest": .string(digest.hex)]] as [JSON] {
            #expect(await counter.failure("originals.members", params).code == .invalidParams)
        }
        #expect(await counter.failure("originals.members", ["name": "b"]).code == .notFound)
    }

    @Test func `a flipped byte on the disk is found`() async throws {
        let counter = try Counter()
        let digests = try (0..<4).map { try counter.keep("\($0).md", Counter.page($0)) }
        let before = try await counter.pages("originals.verify", limit: 3)
        #expect(before.map { $0["digest"]?.string } == digests.map(\.name))
        #expect(before.allSatisfy { $0["ok"]?.bool == true && $0["found"] == nil })
        let path = counter.holdings.originals.path(of: digests[1])
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        try FileManager.default.removeItem(
            atPath: counter.holdings.originals.path(of: digests[2]))
        let after = try await counter.pages("originals.verify", limit: 3)
        #expect(after.map { $0["ok"]?.bool } == [true, false, false, true])
        #expect(after[1]["found"]?.string == Digest(of: bytes).name && after[2]["found"] == nil)
        let one = try await counter.ask(
            "originals.verify", ["digest": .string(digests[1].hex)])
        #expect(one["items"]?.array?.count == 1)
        #expect(one["items"]?.array?[0]["ok"]?.bool == false)
    }
}
