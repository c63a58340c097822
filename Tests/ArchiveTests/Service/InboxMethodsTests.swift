import ArchiveProtocol
import CLinux
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Archive

@Suite struct InboxMethodsTests {
    private static let broken = Array("PK\u{3}\u{4} and no more".utf8)

    private static func paths(_ items: [JSON]) -> [String] {
        items.compactMap { $0["path"]?.string }
    }

    private static func record(_ counter: Counter, _ path: String, _ state: LedgerRow.State) throws
    {
        try counter.holdings.repository.record([
            LedgerRow(path: InboxPath(bytes: Array(path.utf8)), state: state, since: .now)
        ])
    }

    @Test(arguments: [1, 2, 3, 100])
    func `files under way and files of the ledger are one list`(_ limit: Int) async throws {
        let counter = try Counter(settle: .seconds(600))
        for path in ["a", "c", "e", "e\\", "g"] { try Self.record(counter, path, .stored) }
        try counter.holdings.repository.record([
            LedgerRow(path: InboxPath(bytes: [0xFF]), state: .ignored, since: .now)
        ])
        for path in ["b", "c", "d", "z"] { try counter.holdings.drop(path, "text") }
        await counter.holdings.inbox.open()
        await counter.holdings.inbox.scan()
        let items = try await counter.pages("inbox.list", limit: limit)
        #expect(Self.paths(items) == ["a", "b", "c", "d", "e", "e\\\\", "g", "z", "\\xFF"])
        #expect(items[2]["state"]?.string == "settling")
        let stored = try await counter.pages(
            "inbox.list", [.init("state", "stored")], limit: limit)
        #expect(Self.paths(stored) == ["a", "e", "e\\\\", "g"])
        let settling = try await counter.pages(
            "inbox.list", [.init("state", "settling")], limit: limit)
        #expect(Self.paths(settling) == ["b", "c", "d", "z"])
        await counter.holdings.inbox.stop()
    }

    @Test func `a path is explained, whatever its bytes`() async throws {
        let counter = try Counter(settle: .seconds(600))
        try counter.holdings.repository.record([
            LedgerRow(path: InboxPath(bytes: [0x61, 0xFF, 0x5C]), state: .gone, since: .now)
        ])
        try counter.holdings.drop("here.md", "text")
        await counter.holdings.inbox.open()
        await counter.holdings.inbox.scan()
        let gone = try await counter.ask("inbox.explain", ["path": "a\\xFF\\\\"])
        #expect(gone["state"]?.string == "gone" && gone["path"]?.string == "a\\xFF\\\\")
        let here = try await counter.ask("inbox.explain", ["path": "here.md"])
        #expect(here["state"]?.string == "settling" && here["size"]?.int == 4)
        #expect(await counter.failure("inbox.explain", ["path": "no"]).code == .notFound)
        for path in ["", "\\", "\\x", "\\xZZ"] {
            let failure = await counter.failure("inbox.explain", ["path": .string(path)])
            #expect(failure.code == .invalidParams, "\(path)")
        }
        let status = try await counter.ask("inbox.status")
        #expect(status["queued"]?.int == 1 && status["watch"]?.string == "inotify")
        #expect(try await counter.ask("inbox.rescan") == ["found": 1])
        await counter.holdings.inbox.stop()
    }

    @Test(arguments: ["path", "digest", "all"])
    func `a quarantined file is let out to be read again`(_ by: String) async throws {
        let counter = try Counter()
        let digest = try counter.keep("bad.zip", Self.broken)
        #expect(access(counter.holdings.originals.quarantinePath(of: digest), F_OK) == 0)
        let params: [String: JSON] = [
            "path": ["path": "bad.zip"],
            "digest": ["digest": .string(String(digest.hex.prefix(8)))],
            "all": ["all": true],
        ]
        #expect(try await counter.ask("inbox.retry", params[by] ?? [:]) == ["retried": 1])
        #expect(counter.host.readAgain.withLock { $0 } == ["bad.zip \(digest.hex)"])
        #expect(try counter.holdings.repository.known([digest]).isEmpty)
        #expect(access(counter.holdings.originals.path(of: digest), F_OK) == 0)
        #expect(access(counter.holdings.originals.quarantinePath(of: digest), F_OK) != 0)
    }

    @Test func `only what waits or is quarantined is tried again`() async throws {
        let counter = try Counter()
        let good = try counter.keep("1.md", Counter.page(1))
        let bad = try counter.keep("bad.zip", Self.broken)
        #expect(await counter.failure("inbox.retry", ["path": "1.md"]).code == .notFound)
        #expect(await counter.failure("inbox.retry", ["path": "no"]).code == .notFound)
        #expect(
            await counter.failure("inbox.retry", ["digest": .string(good.hex)]).code == .notFound)
        #expect(
            await counter.failure("inbox.retry", ["digest": "00000000"]).code == .notFound)
        for params in [
            [:], ["all": false], ["all": true, "path": "bad.zip"],
            ["path": "bad.zip", "digest": .string(bad.hex)], ["digest": "0000000"],
        ] as [JSON] {
            let failure = await counter.failure("inbox.retry", params)
            #expect(failure.code == .invalidParams, "\(params.text)")
        }
        #expect(counter.host.readAgain.withLock { $0 }.isEmpty)
        #expect(try counter.holdings.repository.totals().quarantined == 1)
    }

    @Test func `a quarantined file is discarded for good`() async throws {
        let counter = try Counter()
        let good = try counter.keep("1.md", Counter.page(1))
        let bad = try counter.keep("bad.zip", Self.broken)
        let refused = await counter.failure("inbox.discard", ["digest": .string(good.hex)])
        #expect(refused.code == .notFound)
        let path = counter.holdings.originals.quarantinePath(of: bad)
        #expect(access("\(path).reason", F_OK) == 0)
        let result = try await counter.ask("inbox.discard", ["digest": .string(bad.name)])
        #expect(result == ["digest": .string(bad.name)])
        #expect(access(path, F_OK) != 0 && access("\(path).reason", F_OK) != 0)
        let row = try await counter.ask("inbox.explain", ["path": "bad.zip"])
        #expect(row["state"]?.string == "gone")
        let again = await counter.failure("inbox.discard", ["digest": .string(bad.name)])
        #expect(again.code == .notFound)
    }

    @Test func `a file comes in by its descriptor, from its first byte`() async throws {
        let counter = try Counter(settle: .seconds(600))
        await counter.holdings.inbox.open()
        let source = counter.holdings.directory.appending(path: "mine")
        try Data("0123456789".utf8).write(to: source)
        let file = Descriptor(owning: open(source.path, O_RDONLY | O_CLOEXEC))
        lseek(file.number, 5, SEEK_SET)
        for name in ["n.md", "n-2.md"] {
            let answer = try await counter.answer(
                "inbox.add", ["name": "n.md"], descriptor: file)
            #expect(try JSONParser.parse(answer.result) == ["path": .string(name)])
            let kept = try Data(contentsOf: counter.holdings.inInbox(name))
            #expect(kept == Data("0123456789".utf8))
        }
        for name in ["", "a/b", ".hidden", "..", "\\", "a\\x00"] {
            let failure = await #expect(throws: Failure.self) {
                _ = try await counter.answer(
                    "inbox.add", ["name": .string(name)], descriptor: file)
            }
            #expect(failure?.code == .invalidParams, "\(name)")
        }
        #expect(await counter.failure("inbox.add", ["name": "n.md"]).code == .invalidParams)
        let directory = Descriptor(owning: open("/tmp", O_RDONLY | O_CLOEXEC))
        let failure = await #expect(throws: Failure.self) {
            _ = try await counter.answer("inbox.add", ["name": "d"], descriptor: directory)
        }
        #expect(failure?.code == .invalidParams)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: counter.holdings.inInbox("").path)
        #expect(names.sorted() == ["n-2.md", "n.md"])
        await counter.holdings.inbox.stop()
    }

    @Test func `a file over the limits is refused with both numbers`() async throws {
        let file = Descriptor(owning: memfd(2000))
        let small = try Counter(fileBytes: 1024)
        let refused = await #expect(throws: Failure.self) {
            _ = try await small.answer("inbox.add", ["name": "n.md"], descriptor: file)
        }
        #expect(refused?.code == .tooLarge)
        #expect(refused?.message == "the file has 2000 bytes, limits.fileBytes allows 1024")
        let full = try Counter(reserveBytes: 1 << 50)
        let failure = await #expect(throws: Failure.self) {
            _ = try await full.answer("inbox.add", ["name": "n.md"], descriptor: file)
        }
        #expect(failure?.code == .storageFull)
        #expect(failure?.message.contains("the file takes 4000 and storage.reserveBytes") == true)
    }
}
