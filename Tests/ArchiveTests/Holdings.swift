import ArchiveProtocol
import Foundation
import Logging

@testable import Archive

/// A small archive in a directory of its own: repository, originals, inbox and one lane.
final class Holdings: Sendable {
    let directory: URL
    let index: Indexer
    let repository: Repository
    let originals: Originals
    let inbox: Inbox
    let lane: Lane
    var searcher: Searcher { Searcher(pool: repository.pool, index: index) }

    init(
        in directory: URL? = nil, settle: Duration = .milliseconds(20),
        retry: Duration = .seconds(1),
        reader: any MemberReading = LocalReader(
            opener: Opener(limits: Limits()), parser: Parser(styles: .none))
    ) throws {
        let place =
            directory
            ?? FileManager.default.temporaryDirectory.appending(
                path: "archived-holdings-\(UUID().uuidString)")
        self.directory = place
        try FileManager.default.createDirectory(
            at: place.appending(path: "inbox"), withIntermediateDirectories: true)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        originals = try Originals(stateDirectory: place.path)
        index = Indexer(directory: place.appending(path: "index").path, logger: logger)
        repository = try Repository(stateDirectory: place.path, index: index, logger: logger)
        try index.open(repository.pool, archive: repository.uuid)
        var settings = InboxSettings(path: place.appending(path: "inbox").path)
        settings.settle = settle
        settings.retry = retry
        settings.quiet = .milliseconds(300)
        inbox = Inbox(settings: settings, ledger: repository, logger: logger)
        lane = Lane(
            number: 0, inbox: inbox,
            custody: Custody(
                originals: originals, fileBytes: 1 << 30, reserveBytes: 0, lane: "test"),
            reader: reader, repository: repository, logger: logger)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Where a name in the inbox is.
    func inInbox(_ name: String) -> URL { directory.appending(path: "inbox/\(name)") }

    /// Puts a file into the inbox as a careful sender does: whole, by a rename.
    func drop(_ name: String, _ bytes: [UInt8]) throws {
        let staged = directory.appending(path: "staged-\(UUID().uuidString)")
        try Data(bytes).write(to: staged)
        try FileManager.default.moveItem(at: staged, to: inInbox(name))
    }

    func drop(_ name: String, _ text: String) throws { try drop(name, Array(text.utf8)) }

    /// Runs inbox and lane until all that was dropped is done with.
    func settle() async throws {
        await inbox.open()
        let watch = Task { await self.inbox.run() }
        let work = Task { try await self.lane.run() }
        let isSettled = await inbox.barrier(timeout: .seconds(60))
        await inbox.stop()
        await watch.value
        try await work.value
        if !isSettled { throw Unsettled() }
    }

    /// Files were not done with in time.
    struct Unsettled: Error {}

    /// The row of a path in the ledger.
    func row(_ name: String) throws -> LedgerRow? {
        try repository.ledgerRow(InboxPath(bytes: Array(name.utf8)))
    }

    /// How many rows a statement counts.
    func found(_ query: String) throws -> [String] {
        try searcher.articles(
            Searcher.Question(
                query: try QueryParser.query(query), range: nil, sort: .relevance, limit: 1000,
                after: nil)
        ).items.compactMap { $0["id"]?.string }
    }

    /// A made-up news page that holds a word nothing else holds.
    static func story(_ word: String, headline: String? = nil) -> String {
        """
        The Harlow Courier

        \(headline ?? "Council Weighs the Future of \(word.capitalized) Bridge")

        By Ada Quill | March 4, 2015 7:33am

        HARLOW — The council met on Tuesday to talk about \(word), a bridge that nobody has \
        crossed since the flood of last winter.

        "We will open it again before the autumn, or I will resign," said Mayor Odile Park.

        """
    }
}
