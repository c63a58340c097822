import ArchiveProtocol
import Glibc

@testable import Archive

/// What is asked of the archive, and what its answers are read from.
enum Searches {
    // MARK: Queries

    /// A query is written so that it is read as the same, and with its contrary it finds all.
    static func ask(_ bytes: [UInt8]) {
        let clock = WallClock(seconds: 1_485_443_640)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let query = try? QueryParser.query(text, clock: clock) else { return }
        demand((try? QueryParser.query(query.description, clock: clock)) == query) {
            "a query is read as it is written: \(query)"
        }
        guard let segment else { return demand(false) { "an index can be made" } }
        let asked = IndexQuery(query) { _ in [3, 9, 27] }
        let snapshot = IndexSnapshot(
            sources: [Merge.Source(segment: segment, dead: Tombstones())], revision: 1)
        var question = IndexQuestion(query: asked, limit: 5)
        question.countLimit = .max
        var contrary = question
        contrary.query = .not(asked)
        if let found = try? snapshot.answer(question), let rest = try? snapshot.answer(contrary) {
            demand(found.total + rest.total == segment.count) {
                "\(query) finds \(found.total), its contrary \(rest.total) of \(segment.count)"
            }
            check(found, limit: 5, in: segment)
        }
        // A client may ask for what follows a hit that never was.
        for after in [
            IndexHit(row: 0, date: 0, score: .min), .init(row: .max, date: .max, score: .max),
        ] {
            question.after = after
            if let found = try? snapshot.answer(question) { check(found, limit: 5, in: segment) }
        }
        show(Array(stories.joined(separator: "\n").utf8), for: SoughtWords(asked))
    }

    private static func check(_ answer: IndexAnswer, limit: Int, in segment: Segment) {
        demand(answer.hits.count <= limit && answer.hits.count <= answer.total) { "hits are few" }
        demand(answer.total <= segment.count) { "no more is found than is there" }
        for hit in answer.hits {
            demand(segment.rows.contains(hit.row)) { "a hit is an article of the index" }
        }
    }

    /// A snippet without its marks is a stretch of the text, and every mark is closed.
    private static func show(_ text: [UInt8], for words: SoughtWords) {
        let snippet = Snippet(of: text, marking: words).text.unicodeScalars
        var open = 0
        for scalar in snippet {
            if scalar == "\u{E000}" { open += 1 }
            if scalar == "\u{E001}" { open -= 1 }
            demand(open == 0 || open == 1) { "the marks of a snippet are pairs: \(snippet)" }
        }
        demand(open == 0) { "every mark of a snippet is closed: \(snippet)" }
        let marks = "\u{E000}\u{E001}…".unicodeScalars
        func plain(_ text: some Sequence<Unicode.Scalar>) -> [UInt8] {
            text.filter { !marks.contains($0) && $0 != " " }.flatMap { Array(String($0).utf8) }
        }
        // What an archive keeps is text; of other bytes each cut makes other letters.
        guard let text = String(validating: text, as: UTF8.self) else { return }
        let (shown, whole) = (plain(snippet), plain(text.unicodeScalars))
        demand(whole.contains(shown)) { "a snippet is a part of its text: \(snippet)" }
    }

    // MARK: Segments

    private static let stories = [
        "The ferry strike ends at the old quay", "Harbour pilots near a storm of 2017",
        "Café owners of Zürich ask the council", "Ferries run late; Ada Quill said so",
    ]

    /// A segment of few words, each in many articles, so that there are lists of blocks.
    private static let segment: Segment? = {
        var buffer = ArticleBuffer()
        for row in 1...300 {
            var article = IndexedArticle(row: Int64(row))
            article.date = DateKey.key(row % 7 == 0 ? nil : "201\(row % 8)-0\(1 + row % 9)-11")
            article.headline = stories[row % 4]
            article.body = stories[row % 3] + " the \(row % 40) " + stories[(row / 3) % 4]
            article.byline = row % 5 == 0 ? "Ada Quill" : ""
            article.authors = row % 5 == 0 ? ["Ada Quill"] : []
            article.outletName = "The Quay"
            article.languages = row % 2 == 0 ? ["en"] : []
            article.features = UInt32(row % 32)
            buffer.add(article)
        }
        return try? buffer.seal(name: "memory")
    }()

    /// Made anew each time: what a global keeps in such an enumeration looks lost to LeakSanitizer.
    private static var questions: [IndexQuery] {
        [
            .words(.anywhere, "ferry"), .words(.anywhere, "the of"), .words(.headline, "storm"),
            .words(.anywhere, "t", isPrefix: true), .words(.anywhere, "old qu", isPrefix: true),
            .near(.anywhere, "ferry quay old", within: 6), .fuzzy(.anywhere, "ferru", edits: 2),
            .stem(.anywhere, "ferries"), .not(.words(.anywhere, "ferry")),
            .any([.words(.anywhere, "late"), .words(.byline, "ada"), .words(.anywhere, "7")]),
            .all([.words(.anywhere, "a"), .words(.anywhere, "of"), .named(.author, "Ada Quill")]),
            .all([.having(3), .dated(from: DateKey.key("2012"), before: .max)]),
            .rows([1, 2, 300]),
        ]
    }

    /// The lists and positions of a segment, the last two bytes telling how long the positions are.
    static func open(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let (low, high) = (Int(bytes[bytes.count - 2]), Int(bytes[bytes.count - 1]))
        let content = bytes.dropLast(2)
        let lists = max(0, content.count - (low | high << 8))
        let files = [content.prefix(lists), content.dropFirst(lists)].map(file)
        guard let segment = try? Segment(name: "s", lists: files[0], positions: files[1]) else {
            return
        }
        let source = Merge.Source(segment: segment, dead: Tombstones())
        let snapshot = IndexSnapshot(sources: [source], revision: 1)
        for query in questions {
            for order in IndexQuestion.Order.allCases {
                var question = IndexQuestion(query: query, order: order, limit: 5)
                question.countLimit = .max
                question.facets = [.named(.outlet), .year, .month]
                _ = try? snapshot.answer(question)
            }
            _ = try? snapshot.hit(row: 5, for: query)
        }
        _ = try? Merge.merged([source], directory: nil, name: "merged")
    }

    private static func file(_ content: ArraySlice<UInt8>) -> IndexFile {
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: content.count + 64, alignment: 64)
        room.initializeMemory(as: UInt8.self, repeating: 0)
        room.copyBytes(from: content)
        let start = room.baseAddress ?? .allocate(byteCount: 64, alignment: 64)
        return IndexFile(name: "s", owning: start, count: content.count)
    }

    static var segments: [[UInt8]] {
        guard let segment, let lists = try? content(of: segment.lists),
            let positions = try? content(of: segment.positions)
        else { return [] }
        demand(positions.count < 1 << 16) { "the positions of the seed are few" }
        let size = UInt16(truncatingIfNeeded: positions.count)
        return [lists + positions + [UInt8(size & 0xFF), UInt8(size >> 8)]]
    }

    private static func content(of file: IndexFile) throws -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: try file.bytes(at: 0, file.count), count: file.count))
    }

    // MARK: Records

    /// The first line is a query, the rest a record: what the quick reader of JSON finds in it is
    /// what the strict one finds.
    static func show(_ bytes: [UInt8]) {
        let end = bytes.firstIndex(of: 0x0A) ?? 0
        let record = Array(bytes[end...])
        compare(record)
        let query = String(decoding: bytes[..<end], as: UTF8.self)
        let text = record.withUnsafeBytes(RecordText.body)
        guard let query = try? QueryParser.query(query, clock: WallClock(seconds: 0)) else {
            return
        }
        show(text, for: SoughtWords(IndexQuery(query) { _ in [] }))
        if let json = try? JSONParser.parse(record), let article = Article(json) {
            let again = (try? JSONParser.parse(article.bytes)).flatMap(Article.init)
            demand(again == article) { "a record is read as it is written" }
        }
    }

    static var records: [[UInt8]] {
        var article = Article()
        (article.id, article.headline) = ("k3x97qpm2d4f", "The \"old\" quay")
        article.body = stories.map { Block(.paragraph, $0 + "\t/ \u{1F6A2} ") }
        article.images = [Image(caption: "A ferry", credit: "Ada Quill", alt: "", url: nil)]
        article.published = NewsDate(value: "2017-01-26", precision: .day, source: "byline")
        return ["ferry OR \"old quay\"", "stem:run late~", ""].map {
            Array($0.utf8) + [0x0A] + article.bytes
        }
    }

    private static func compare(_ record: [UInt8]) {
        let members = JSONSlices.members(record, in: record.indices)
        let elements = JSONSlices.elements(record, in: record.indices)
        let values = JSONSlices.values(record)
        for range in (members ?? []).flatMap({ [$0.key, $0.value] }) + (elements ?? []) + values {
            demand(range.lowerBound >= 0 && range.upperBound <= record.count) {
                "a slice is within its record: \(range)"
            }
        }
        guard let strict = try? JSONParser.parse(record) else { return }
        demand(values.count == 1) { "one value is one" }
        if let wanted = strict.members {
            let found = (members ?? []).map { (try? JSONParser.parse(record[$0.value])) ?? .null }
            demand(found == wanted.map(\.value)) { "the members of an object are its members" }
        }
        if let wanted = strict.array {
            let found = (elements ?? []).map { (try? JSONParser.parse(record[$0])) ?? .null }
            demand(found == wanted) { "the elements of a list are its elements" }
        }
    }
}
