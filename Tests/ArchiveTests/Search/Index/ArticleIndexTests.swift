import Testing

@testable import Archive

@Suite struct ArticleIndexTests {
    private static func article(_ row: Int64, _ body: String, date: String? = nil)
        -> IndexedArticle
    {
        var article = IndexedArticle(row: row)
        article.body = body
        article.date = DateKey.key(date)
        return article
    }

    private static func rows(_ index: ArticleIndex, _ text: String) throws -> [Int64] {
        let question = IndexQuestion(query: .words(.anywhere, text), limit: 1000)
        return try index.snapshot().answer(question).hits.map(\.row).sorted()
    }

    @Test func `an article is found at once, and no more when it is withdrawn`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        try index.add([Self.article(1, "the ferry")], revision: 1)
        #expect(try Self.rows(index, "ferry") == [1])
        try index.add([Self.article(2, "a ferry"), Self.article(3, "no boat")], revision: 2)
        #expect(try Self.rows(index, "ferry") == [1, 2])
        try index.add([], removing: [1], revision: 3)
        #expect(try Self.rows(index, "ferry") == [2])
        try index.flush()
        #expect(try Self.rows(index, "ferry") == [2])
        try index.add([], removing: [2, 77], revision: 4)
        #expect(try Self.rows(index, "ferry") == [])
        #expect(try Self.rows(index, "boat") == [3])
    }

    @Test func `another version takes the place of the one before`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for version in 1...20 {
            try index.add([Self.article(1, "version w\(version)")], revision: version)
            if version.isMultiple(of: 3) { try index.flush() }
            if version.isMultiple(of: 5) { _ = try index.snapshot() }
            #expect(try Self.rows(index, "version") == [1], "\(version)")
            #expect(try Self.rows(index, "w\(version - 1)") == [], "\(version)")
            #expect(try index.snapshot().count == 1)
        }
        // The same twice in one batch: the last counts.
        try index.add([Self.article(1, "first"), Self.article(1, "second")], revision: 21)
        #expect(try Self.rows(index, "first") == [])
        #expect(try Self.rows(index, "second") == [1])
    }

    @Test func `a snapshot stays as it was`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        try index.add((1...300).map { Self.article($0, "ferry \($0)") }, revision: 1)
        try index.flush()
        let before = try index.snapshot()
        try index.add([Self.article(301, "ferry")], removing: [1, 2], revision: 2)
        try index.mergeAll()
        let question = IndexQuestion(query: .words(.anywhere, "ferry"), limit: 1000)
        #expect(try before.answer(question).hits.count == 300)
        #expect(try index.snapshot().answer(question).hits.count == 299)
        // The files of the snapshot are gone from the directory, and it answers all the same.
        #expect(place.names.count == 3)
        #expect(try before.answer(question).hits.count == 300)
    }

    @Test func `what was flushed is there after a crash, and the revision tells what is not`()
        throws
    {
        let place = try IndexPlace()
        do {
            let index = try ArticleIndex(directory: place.path)
            try index.add([Self.article(1, "ferry"), Self.article(2, "ferry")], revision: 10)
            try index.flush()
            try index.add([Self.article(3, "ferry")], removing: [1], revision: 11)
            #expect(try Self.rows(index, "ferry") == [2, 3])
            #expect(index.durableRevision == 10)
        }
        let index = try ArticleIndex(directory: place.path)
        #expect(index.durableRevision == 10)
        #expect(try Self.rows(index, "ferry") == [1, 2])
        // The owner tells again what came after.
        try index.add([Self.article(3, "ferry")], removing: [1], revision: 11)
        try index.add([Self.article(3, "ferry")], removing: [1], revision: 11)
        #expect(try Self.rows(index, "ferry") == [2, 3])
        try index.flush()
        let again = try ArticleIndex(directory: place.path)
        #expect(again.durableRevision == 11)
        #expect(try Self.rows(again, "ferry") == [2, 3])
    }

    @Test func `files that no manifest names are removed`() throws {
        let place = try IndexPlace()
        do {
            let index = try ArticleIndex(directory: place.path)
            try index.add([Self.article(1, "ferry")], revision: 1)
            try index.flush()
        }
        let names = place.names
        // As a merge leaves them that was cut off.
        place.write([1, 2, 3], to: "99.lists")
        place.write([1, 2, 3], to: "manifest.new")
        place.write([1], to: "note.txt")
        let index = try ArticleIndex(directory: place.path)
        #expect(place.names == (names + ["note.txt"]).sorted())
        #expect(try Self.rows(index, "ferry") == [1])
        place.write([], to: "note.txt")
    }

    @Test func `many small files become few, without the dead`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for batch in 0..<40 {
            let first = Int64(batch * 10)
            try index.add(
                (1...10).map { Self.article(first + $0, "ferry w\(first + $0)") },
                removing: [first - 3], revision: batch)
            try index.flush()
            while try index.merge() {}
        }
        let snapshot = try index.snapshot()
        #expect(snapshot.sources.count < 12)
        #expect(snapshot.count == 400 - 39)
        try index.mergeAll()
        let merged = try index.snapshot()
        #expect(merged.sources.count == 1 && merged.sources[0].dead.count == 0)
        // After that a term counts just the articles that live.
        let entry = try merged.sources[0].segment.dictionary.entry(of: [1] + "ferry".utf8)
        #expect(entry?.articles == 400 - 39)
        #expect(try merged.sources[0].segment.dictionary.entry(of: [1] + "w7".utf8) == nil)
        #expect(try Self.rows(index, "w8") == [8])
    }

    @Test func `a merge takes with it all files that are smaller`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        var row = Int64(0)
        func flush(_ count: Int) throws {
            try index.add(
                (0..<count).map { Self.article(row + Int64($0), "ferry") }, revision: Int(row))
            row += Int64(count)
            try index.flush()
        }
        for count in [3, 30, 3, 600] { try flush(count) }
        for _ in 0..<MergeChoice.fanIn { try flush(40) }
        #expect(try index.merge())
        #expect(try !index.merge())
        let counts = try index.snapshot().sources.map(\.segment.count)
        #expect(counts.sorted() == [36 + 40 * MergeChoice.fanIn, 600])
        #expect(try Self.rows(index, "ferry").count == Int(row))
    }

    @Test func `few files become fewer where there is time, and a large one is left`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        var row = Int64(0)
        for count in [500, 40, 60, 3, 100] {
            try index.add(
                (0..<count).map { Self.article(row + Int64($0), "ferry") }, revision: Int(row))
            row += Int64(count)
            try index.flush()
        }
        #expect(try !index.merge())
        while try index.merge(isIdle: true) {}
        let counts = try index.snapshot().sources.map(\.segment.count)
        #expect(counts.sorted() == [703])
        try index.add([Self.article(row, "ferry")], revision: Int(row))
        try index.flush()
        #expect(try !index.merge(isIdle: true))
        #expect(try Self.rows(index, "ferry").count == 704)
    }

    @Test func `articles that die while files are merged stay dead`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for batch in 0..<12 {
            let first = Int64(batch * 50)
            try index.add((1...50).map { Self.article(first + $0, "ferry") }, revision: batch)
            try index.flush()
        }
        let threads = (0..<2).map { number in
            BackgroundThread {
                for row in 0..<100 where row % 2 == number {
                    try? index.add(
                        [Self.article(Int64(600 + row), "ferry")], removing: [Int64(row + 1)],
                        revision: 100 + row)
                    _ = try? index.snapshot()
                }
            }
        }
        for _ in 0..<10 {
            _ = try index.merge()
            try index.flush()
        }
        try index.mergeAll()
        for thread in threads { thread.join() }
        try index.mergeAll()
        #expect(try Self.rows(index, "ferry") == Array(101...600) + Array(600...699).dropFirst())
        let again = try ArticleIndex(directory: place.path)
        #expect(try Self.rows(again, "ferry").count == 599)
    }

    @Test func `articles that come one by one stay few segments`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for row in 1...300 {
            try index.add([Self.article(Int64(row), "ferry \(row)")], revision: row)
            #expect(try Self.rows(index, "\(row)") == [Int64(row)])
            try index.settle()
        }
        #expect(try index.snapshot().sources.count < 30)
    }

    @Test func `they stay few where nobody but searches sees to it`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for row in 1...600 {
            try index.add([Self.article(Int64(row), "ferry \(row)")], revision: row)
            #expect(try Self.rows(index, "\(row)") == [Int64(row)])
        }
        #expect(try index.snapshot().sources.count <= ArticleIndex.mostSegments)
        #expect(try Self.rows(index, "ferry").count == 600)
    }

    @Test func `what is in a full buffer makes way for another version, and can be withdrawn`()
        throws
    {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        // After a search a buffer takes few words.
        _ = try index.snapshot()
        let long = String(repeating: "pier ", count: ArticleIndex.leastBufferWords)
        try index.add([Self.article(1, "old \(long)"), Self.article(2, long)], revision: 1)
        try index.add([Self.article(3, long)], revision: 2)
        try index.add([Self.article(1, "new pier")], removing: [2], revision: 3)
        #expect(try Self.rows(index, "pier") == [1, 3])
        #expect(try Self.rows(index, "old") == [])
        #expect(try Self.rows(index, "new") == [1])
    }

    @Test func `what is in full buffers is there after a crash, once it was flushed`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        _ = try index.snapshot()
        let long = String(repeating: "pier ", count: ArticleIndex.leastBufferWords)
        for row in 1...3 { try index.add([Self.article(Int64(row), long)], revision: row) }
        #expect(index.memorySize > 0)
        try index.flush()
        let again = try ArticleIndex(directory: place.path)
        #expect(again.durableRevision == 3)
        #expect(try Self.rows(again, "pier") == [1, 2, 3])
    }

    @Test func `long words, long parts and strange bytes are indexed without harm`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        let long = String(repeating: "q", count: 5000)
        var article = Self.article(1, "\(long) \u{0} \u{FFFF}\u{10FFFF}é end")
        article.headline = String(repeating: "head ", count: 20_000) + "tail"
        article.authors = ["", "A", "A", long]
        try index.add([article, Self.article(2, "")], revision: 1)
        try index.mergeAll()
        #expect(try Self.rows(index, "end") == [1])
        #expect(try Self.rows(index, long) == [1])
        #expect(try Self.rows(index, "e end") == [1])
        #expect(try Self.rows(index, "head head head") == [1])
        // Behind the first 16,000 words of a headline nothing is indexed.
        #expect(try Self.rows(index, "tail") == [])
        #expect(try index.snapshot().count == 2)
    }
}
