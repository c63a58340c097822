import ArchiveProtocol
import Foundation
import GRDB
import Logging
import Testing

@testable import Archive

@Suite struct ExaminerTests {
    /// An archive, and who looks after it.
    private final class Patient {
        let counter: Counter
        let examiner: Examiner
        private let told = Told()

        /// What is wrong, as it was told last.
        var words: String? { told.words }
        var repository: Repository { counter.holdings.repository }

        init() throws {
            let counter = try Counter()
            self.counter = counter
            for number in 0..<3 {
                try counter.keep("\(number).md", Counter.page(number))
            }
            let members = (3..<6).map {
                BrokenContainers.Part(name: Array("\($0).md".utf8), bytes: Counter.page($0))
            }
            try counter.keep("bundle.zip", BrokenContainers.zip(members))
            try counter.keep("0b.md", Counter.page(0, body: "The ferry is late."))
            let mender = RecordMender(
                repository: counter.holdings.repository, originals: counter.holdings.originals,
                reader: LocalReader(
                    opener: Opener(limits: Limits()), parser: Parser(styles: .none)))
            examiner = Examiner(
                repository: counter.holdings.repository, mender: mender,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { [told] in told.words = $0 }
        }

        /// All that a client is shown of the articles and their versions.
        func shown() throws -> [[DatabaseValue]] {
            try repository.pool.read { db in
                try ["SELECT * FROM article", "SELECT * FROM version"].flatMap {
                    try Row.fetchAll(db, sql: $0).map { Array($0.databaseValues) }
                }
            }
        }

        func damage(_ sql: String) async throws {
            try await repository.pool.write { try $0.execute(sql: sql) }
        }

        func look() async { await examiner.lookIntoReports {} }
    }

    private final class Told { var words: String? }

    private static let damages = [
        "UPDATE version SET document = x'FF' WHERE seq = 2",
        "UPDATE version SET document = x'FF', evidence = 'x' WHERE seq = 5",
        "UPDATE version SET digest = x'FF' WHERE seq = 2",
        // The first of two versions, and the second.
        "UPDATE version SET document = x'FF' WHERE seq = 1",
        "UPDATE version SET document = x'FF' WHERE seq = 7",
        "UPDATE version SET evidence = x'5B' WHERE seq = 6",
        "UPDATE version SET headline = 'x'",
        "UPDATE article SET headline = 'x', byline = NULL, published = 'y', url = 'z'",
        "UPDATE article SET id = 'abcdefghijkl' WHERE seq = 2",
    ]

    @Test(arguments: damages)
    func `what is damaged is as it was again`(_ damage: String) async throws {
        let patient = try Patient()
        let before = try patient.shown()
        try await patient.damage(damage)
        #expect(try patient.shown() != before)
        patient.repository.damage.reportAll()
        await patient.look()
        #expect(try patient.shown() == before)
        #expect(patient.words == nil)
    }

    @Test func `who finds a damaged record has it mended, and it is told as an event`() async throws
    {
        let patient = try Patient()
        let id = try patient.counter.holdings.found("Story 4")[0]
        try await patient.damage("UPDATE version SET document = x'FF' WHERE seq = 5")
        let failure = await patient.counter.failure("articles.get", ["id": .string(id)])
        #expect(failure.code == .internalError)
        await patient.look()
        let after = try await patient.counter.ask("articles.get", ["id": .string(id)])
        #expect(after["headline"]?.string?.contains("Story 4") == true)
        let event = try #require(try patient.repository.events(after: 0, limit: 1000).last)
        #expect(event.type == "article.mended" && event.payload["id"]?.string == id)
        #expect(try patient.counter.holdings.found("ferry").count == 6)
    }

    @Test func `what cannot be mended is told with its remedy until its cause is gone`()
        async throws
    {
        let patient = try Patient()
        let before = try patient.shown()
        let originals = patient.counter.holdings.originals
        let digest = Digest(of: Counter.page(2))
        let path = originals.path(of: digest)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        try await patient.damage("UPDATE version SET document = x'FF' WHERE seq = 3")
        for _ in 0..<2 {
            patient.repository.damage.reportAll()
            await patient.look()
            let words = try #require(patient.words)
            #expect(words.hasPrefix("the database is damaged: the record of article "))
            #expect(words.contains("its original \(digest.name) is missing"))
            #expect(words.contains("move archive.sqlite"))
        }
        var bytes = Counter.page(2)
        bytes[20] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        patient.repository.damage.reportAll()
        await patient.look()
        #expect(patient.words?.contains("is damaged too") == true)
        #expect(try patient.shown() != before)

        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        patient.repository.damage.report(article: 3)
        await patient.look()
        #expect(patient.words == nil)
        #expect(try patient.shown() == before)
    }

    @Test(arguments: [
        (ResultCode.SQLITE_CANTOPEN, true), (.SQLITE_IOERR_READ, true), (.SQLITE_NOMEM, true),
        (.SQLITE_CORRUPT, false), (.SQLITE_CORRUPT_VTAB, false), (.SQLITE_NOTADB, false),
    ])
    func `a machine that lets nobody look has not damaged the database`(
        _ code: ResultCode, isOfTheMachine: Bool
    ) {
        #expect(Damage.isOfTheMachine(DatabaseError(resultCode: code)) == isOfTheMachine)
    }

    @Test func `a sound record is not replaced for its evidence by another`() async throws {
        let patient = try Patient()
        // As if an earlier release had read it otherwise.
        let other = Array(#"{"headline":"Another"}"#.utf8)
        try await patient.repository.pool.write { db in
            try db.execute(
                sql: "UPDATE version SET document = ?, digest = ?, evidence = x'78' WHERE seq = 2",
                arguments: [Data(other), Data(Digest(of: other).bytes)])
        }
        patient.repository.damage.reportAll()
        await patient.look()
        let words = patient.words ?? "nothing"
        #expect(words.contains("is read as another record now"), "\(words)")
        let document = try await patient.repository.pool.read {
            try Data.fetchOne($0, sql: "SELECT document FROM version WHERE seq = 2")
        }
        #expect(document == Data(other))
    }

    @Test(arguments: ["article_published", "article_identity", "capture_article", "original_name"])
    func `an index that does not find a row is made anew`(_ index: String) async throws {
        let patient = try Patient()
        try ExaminationTests.damage(index: index, of: patient.counter, by: 77)
        let before = try patient.shown()
        patient.repository.damage.reportAll()
        await patient.look()
        #expect(patient.words == nil)
        #expect(try patient.shown() == before)
        let report = try await patient.repository.pool.read {
            try String.fetchAll($0, sql: "PRAGMA integrity_check")
        }
        #expect(report == ["ok"])
    }
}
