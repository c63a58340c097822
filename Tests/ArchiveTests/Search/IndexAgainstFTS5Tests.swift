import ArchiveProtocol
import GRDB
import Testing

@testable import Archive

/// What the archive finds against what SQLite's FTS5 finds.
@Suite struct IndexAgainstFTS5Tests {
    /// The articles of an oracle in both, some under a second version, some written to files.
    private static func indexed(_ oracle: SearchOracle) throws -> (Holdings, FTS5Oracle) {
        let holdings = try Holdings()
        let fts5 = try FTS5Oracle()
        for (number, entry) in oracle.entries.enumerated() {
            // First as another, so that the version that counts takes its place.
            if number % 7 == 0 {
                var other = entry.article
                other.body = oracle.entries[number / 2].article.body
                other.images = []
                try holdings.repository.store([
                    StoryAccession.page(other, file: "\(number).old.md")
                ])
            }
            try holdings.repository.store([
                StoryAccession.page(entry.article, file: "\(number).md")
            ])
            if number % 11 == 0 { try holdings.index.write() }
        }
        let articles = Dictionary(uniqueKeysWithValues: oracle.entries.map { ($0.id, $0.article) })
        let rows = try holdings.repository.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT seq, id, version FROM article ORDER BY seq")
        }
        for row in rows {
            let id: String = row["id"]
            if let article = articles[id] {
                try fts5.add(
                    article, id: id, row: row["seq"], isUpdated: (row["version"] as Int) > 1)
            }
        }
        return (holdings, fts5)
    }

    @Test func `both find the same`() throws {
        var random = Seeded(state: 4242)
        let oracle = SearchOracle(count: 250, using: &random)
        let (holdings, fts5) = try Self.indexed(oracle)
        var found = 0
        for _ in 0..<1500 {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                oracle.condition(using: &random)
            }
            let text = parts.map(\.1).joined(separator: " ")
            let sort = Searcher.Sort.allCases.randomElement(using: &random) ?? .relevance
            let query = try QueryParser.query(text)
            let page = try holdings.searcher.articles(
                Searcher.Question(query: query, range: nil, sort: sort, limit: 1000, after: nil))
            let own = page.items.compactMap { $0["id"]?.string }
            let theirs = try fts5.find(query, sort)
            #expect(Set(own) == Set(theirs) && own.count == theirs.count, "\(text)")
            #expect(page.total == theirs.count, "\(text)")
            if sort != .relevance { #expect(own == theirs, "\(text)") }
            found += theirs.isEmpty ? 0 : 1
        }
        #expect(found > 400)
    }

    @Test func `both fold letters alike`() throws {
        let scalars = (UInt32(0x21)...0x2FFF).compactMap(Unicode.Scalar.init)
            .filter(Self.isCompared)
        let queue = try DatabaseQueue()
        let theirs = try queue.write { db in
            try db.execute(
                sql: """
                    CREATE VIRTUAL TABLE t USING fts5(
                        x, tokenize = 'unicode61 remove_diacritics 2');
                    CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance');
                    """)
            for scalar in scalars {
                try db.execute(
                    sql: "INSERT INTO t (rowid, x) VALUES (?, ?)",
                    arguments: [Int64(scalar.value), "a\(scalar)b"])
            }
            var words: [UInt32: Set<String>] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT doc, term FROM v") {
                words[UInt32(row["doc"] as Int64), default: []].insert(row["term"])
            }
            return words
        }
        #expect(theirs.count > 8000)
        for scalar in scalars {
            let own = WordSplitter.words("a\(scalar)b").map { String(decoding: $0, as: UTF8.self) }
            #expect(
                Set(own) == theirs[scalar.value], "U+\(String(scalar.value, radix: 16))")
        }
    }

    /// Letters, digits and marks that both have known for long; not those of the scripts whose
    /// words FTS5 breaks at marks, nor the rarer marks that it takes for separators.
    private static func isCompared(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        guard let age = scalar.properties.age, age.major < 6 else { return false }
        if [.nonspacingMark, .spacingMark, .enclosingMark].contains(category) {
            return [0x300, 0x301, 0x302, 0x303, 0x308, 0x30A, 0x327].contains(scalar.value)
        }
        // Cherokee got small letters, New Tai Lue other classes, after FTS5 was written.
        return ![0x13A0...0x13FF, 0x1980...0x19DF, 0x1CF2...0x1CF3].contains {
            $0.contains(scalar.value)
        }
    }
}
