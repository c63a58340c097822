import Testing

@testable import Archive

@Suite struct IndexDamageTests {
    private static let queries: [IndexQuery] = [
        .words(.anywhere, "ferry"), .words(.anywhere, "the of"), .words(.headline, "peer"),
        .words(.anywhere, "t", isPrefix: true), .words(.anywhere, "harbour pe", isPrefix: true),
        .near(.anywhere, "gull pier dredge", within: 6), .fuzzy(.anywhere, "ferru", edits: 2),
        .any([.words(.anywhere, "tide"), .words(.said, "pilot"), .words(.anywhere, "mooring")]),
        .all([.words(.anywhere, "a"), .words(.anywhere, "in"), .not(.words(.anywhere, "quay"))]),
        .all([.words(.anywhere, "storm"), .named(.author, "Iris Vane")]),
        .all([.words(.anywhere, "lighthouse"), .dated(from: DateKey.key("2015"), before: .max)]),
    ]

    private static func answers(_ directory: String) throws -> [[IndexHit]] {
        let snapshot = try ArticleIndex(directory: directory).snapshot()
        return try queries.map { query in
            var question = IndexQuestion(query: query, limit: 25)
            question.countLimit = .max
            question.facets = [.named(.outlet), .year]
            return try snapshot.answer(question).hits
        }
    }

    /// An index of two files, one with dead articles.
    private static func place() throws -> IndexPlace {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        var stories = IndexedStories(seed: 5)
        try index.add((1...400).map { stories.article($0, words: 30) }, revision: 1)
        try index.flush()
        try index.add(
            (401...440).map { stories.article($0, words: 30) }, removing: [7], revision: 2)
        try index.flush()
        return place
    }

    /// Whether the index answers as it did, or says that it is damaged.
    private static func isSafe(_ place: IndexPlace, _ expected: [[IndexHit]]) -> Bool {
        do {
            return try answers(place.path) == expected
        } catch {
            return error is IndexDamage
        }
    }

    @Test func `no byte can change unnoticed`() throws {
        let place = try Self.place()
        let expected = try Self.answers(place.path)
        #expect(expected.count { !$0.isEmpty } > 8)
        #expect(place.names.count == 5)
        var random = Seeded(state: 99)
        var noticed = 0
        for name in place.names {
            let bytes = place.bytes(of: name)
            let step = max(1, bytes.count / 600)
            for start in stride(from: 0, to: bytes.count, by: step) {
                let offset = min(bytes.count - 1, start + Int.random(in: 0..<step, using: &random))
                var changed = bytes
                changed[offset] ^= UInt8.random(in: 1...255, using: &random)
                place.write(changed, to: name)
                #expect(Self.isSafe(place, expected), "\(name) at \(offset)")
                noticed += (try? Self.answers(place.path)) == nil ? 1 : 0
            }
            place.write(bytes, to: name)
        }
        #expect(noticed > 1500)
        #expect(try Self.answers(place.path) == expected)
    }

    @Test func `no file can be cut or go unnoticed`() throws {
        let place = try Self.place()
        let expected = try Self.answers(place.path)
        for name in place.names where name != Manifest.fileName {
            let bytes = place.bytes(of: name)
            for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
                place.write(Array(bytes.prefix(count)), to: name)
                #expect(throws: IndexDamage.self) { try Self.answers(place.path) }
            }
            place.write(bytes + [0], to: name)
            #expect(throws: IndexDamage.self) { try Self.answers(place.path) }
            place.write(bytes, to: name)
        }
        let manifest = place.bytes(of: Manifest.fileName)
        for count in 1..<manifest.count {
            place.write(Array(manifest.prefix(count)), to: Manifest.fileName)
            #expect(throws: IndexDamage.self) { try Self.answers(place.path) }
        }
        place.write(manifest, to: Manifest.fileName)
        #expect(try Self.answers(place.path) == expected)
    }

    @Test func `a whole file in the place of another is noticed`() throws {
        let place = try Self.place()
        let names = place.names.filter { $0.hasSuffix(".positions") }
        #expect(names.count == 2)
        place.write(place.bytes(of: names[0]), to: names[1])
        #expect(throws: IndexDamage.self) { try Self.answers(place.path) }
    }

    @Test func `what is erased can be made anew`() throws {
        let place = try Self.place()
        ArticleIndex.erase(place.path)
        #expect(place.names == [])
        let index = try ArticleIndex(directory: place.path)
        #expect(try index.snapshot().count == 0)
        #expect(index.durableRevision == 0)
    }

    /// The lists of a segment of 300 articles that all have the same two words.
    private static func lists() throws -> (bytes: [UInt8], positions: [UInt8]) {
        var buffer = ArticleBuffer()
        for row in 1...300 {
            var article = IndexedArticle(row: Int64(row))
            article.body = "old quay"
            buffer.add(article)
        }
        let segment = try buffer.seal(name: "memory")
        func content(_ file: IndexFile) throws -> [UInt8] {
            Array(
                UnsafeRawBufferPointer(start: try file.bytes(at: 0, file.count), count: file.count))
        }
        return (try content(segment.lists), try content(segment.positions))
    }

    private static func file(_ content: [UInt8]) throws -> IndexFile {
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: content.count + 64, alignment: 64)
        room.initializeMemory(as: UInt8.self, repeating: 0)
        room.copyBytes(from: content)
        return IndexFile(
            name: "s", owning: try #require(room.baseAddress), count: content.count)
    }

    /// What a table says of the last articles of its blocks, with check sums that hold.
    @Test(arguments: [0, 1, 2], [0, 1, 126, 128, 254, 257, 298, 300, UInt32.max - 1, .max])
    func `a table that is not that of its list holds nobody up`(entry: Int, last: UInt32) throws {
        var (bytes, positions) = try Self.lists()
        let lasts: [UInt32] = [127, 255, 299]
        func word(_ place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        let tables = (0..<bytes.count - 36).filter { place in
            lasts.indices.allSatisfy { word(place + 16 * $0) == lasts[$0] }
        }
        #expect(tables.count >= 2, "one a word")
        for table in tables {
            for byte in 0..<4 {
                bytes[table + 16 * entry + byte] = UInt8(truncatingIfNeeded: last >> (8 * byte))
            }
        }
        let segment = try Segment(
            name: "s", lists: Self.file(bytes), positions: Self.file(positions))
        let snapshot = IndexSnapshot(
            sources: [Merge.Source(segment: segment, dead: Tombstones())], revision: 1)
        for query in [
            .words(.anywhere, "old"), .words(.anywhere, "old quay"),
            .near(.anywhere, "quay old", within: 4),
            .all([.words(.anywhere, "old"), .words(.anywhere, "quay")]),
            .any([.words(.anywhere, "old"), .words(.anywhere, "quay")]),
        ] as [IndexQuery] {
            for order in IndexQuestion.Order.allCases {
                for countLimit in [1, Int.max] {
                    var question = IndexQuestion(query: query, order: order, limit: 5)
                    question.countLimit = countLimit
                    // What is not looked at is not noticed.
                    let found = try? snapshot.answer(question)
                    #expect((found?.total ?? 0) <= 300)
                }
            }
        }
    }
}
