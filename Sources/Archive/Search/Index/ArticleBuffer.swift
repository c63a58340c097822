/// Articles that were added and are not yet a segment.
///
/// It keeps the number of each word's term in the order of the text, no more, so that adding is
/// fast; `seal` turns that round into lists by counting.
struct ArticleBuffer: ~Copyable {
    /// Most words of a part before the body: where the parts end is kept in 16 bits.
    static let mostLeadingWords = 16_000

    private struct Entry {
        var article: IndexedArticle
        /// Where its words begin among all, and how many there are under each field.
        var start: Int
        var counts: [Int]
        var parts: [UInt16]
        var length: Int
    }

    private var entries: [Entry] = []
    private var terms = TermTable()
    private var words: [UInt32] = []
    private let scratch = Scratch()
    private var queue: WordQueue

    init() { queue = WordQueue(scratch) }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    /// How many words, each under each of its fields, are kept.
    var wordCount: Int { words.count }
    /// Bytes that they take.
    var size: Int { 12 * words.count + terms.size }

    /// Takes an article; one with the same row that is in the buffer makes way.
    mutating func add(_ article: IndexedArticle) {
        let start = words.count
        var parts: [UInt16] = []
        for field in WordField.leading {
            append(article.text(field), under: .anywhere, most: Self.mostLeadingWords)
            parts.append(UInt16(words.count - start))
        }
        append(article.body, under: .anywhere)
        var counts = [words.count - start]
        for field in WordField.leading + [.said, .outlet] {
            let start = words.count
            append(article.text(field), under: field, most: Self.mostLeadingWords)
            counts.append(words.count - start)
        }
        var kept = article
        (kept.headline, kept.byline, kept.place, kept.body) = ("", "", "", "")
        (kept.section, kept.said, kept.outlet) = ("", "", "")
        let length = counts[0] + counts[counts.count - 1] + counts[counts.count - 2]
        entries.append(
            Entry(article: kept, start: start, counts: counts, parts: parts, length: length))
    }

    /// Appends the words of a text.
    private mutating func append(_ text: String, under field: WordField, most: Int = .max) {
        var text = text
        var left = most
        text.withUTF8 { bytes in
            WordSplitter.split(bytes, into: queue.place) { length in
                if left > 0 {
                    left -= 1
                    queue.append(length, under: field)
                    if queue.isFull { queue.empty(into: &words, &terms) }
                }
                return queue.place
            }
        }
        queue.empty(into: &words, &terms)
    }

    /// Takes an article out again.
    ///
    /// - Returns: whether it was there.
    mutating func remove(row: Int64) -> Bool {
        guard let index = entries.lastIndex(where: { $0.article.row == row }) else { return false }
        // Its words stay until the buffer is sealed, and belong to nobody.
        for place in words(of: entries[index]) { terms.forget(Int(words[place])) }
        entries.remove(at: index)
        return true
    }

    private borrowing func words(of entry: Entry) -> Range<Int> {
        entry.start..<entry.start + entry.counts.reduce(0, +)
    }

    /// Makes a segment of the articles, in memory, and is empty then.
    mutating func seal(name: String) throws -> Segment {
        entries.sort {
            ($0.article.date, $0.article.row) > ($1.article.date, $1.article.row)
        }
        let scratch = Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let starts = scratch.zeros(terms.count + 1, of: Int.self)
        var (total, most) = (0, 0)
        for term in 0..<terms.count {
            starts[term] = total
            most = max(most, terms.count(of: term))
            total += terms.count(of: term)
        }
        let places = scratch.room(total, of: UInt64.self)
        invert(into: places, starts)
        var writer = try SegmentWriter(directory: nil, name: name, table: table())
        let bodyStarts = scratch.zeros(entries.count, of: UInt32.self)
        for (index, entry) in entries.enumerated() { bodyStarts[index] = UInt32(entry.parts[3]) }
        let found = scratch.room(most, of: UInt32.self)
        for term in terms.sorted() where terms.count(of: term) > 0 {
            let (end, count) = (starts[term], terms.count(of: term))
            let range = UnsafeBufferPointer(
                start: places + (end - count), count: count)
            try write(term, range, bodyStarts, found, to: &writer)
        }
        let segment = try writer.finish()
        self = ArticleBuffer()
        return segment
    }

    /// Writes the place of each word, term by term; `starts` become the ends.
    private borrowing func invert(
        into places: UnsafeMutablePointer<UInt64>, _ starts: UnsafeMutablePointer<Int>
    ) {
        words.withUnsafeBufferPointer { words in
            for (number, entry) in entries.enumerated() {
                var place = entry.start
                for count in entry.counts {
                    for position in 0..<count {
                        let term = Int(words[place + position])
                        places[starts[term]] = UInt64(number) << 32 | UInt64(position)
                        starts[term] += 1
                    }
                    place += count
                }
            }
        }
    }

    private borrowing func write(
        _ term: Int, _ places: UnsafeBufferPointer<UInt64>,
        _ bodyStarts: UnsafeMutablePointer<UInt32>, _ found: UnsafeMutablePointer<UInt32>,
        to writer: inout SegmentWriter
    ) throws {
        let key = terms.bytes(of: term)
        writer.begin(key)
        let isAnywhere = key[0] == WordField.anywhere.rawValue
        var index = 0
        while index < places.count {
            let article = UInt32(truncatingIfNeeded: places[index] >> 32)
            let bodyStart = isAnywhere ? bodyStarts[Int(article)] : 0
            var number = 0
            var weight: UInt32 = 0
            var last: UInt32 = 0
            while index < places.count, UInt32(truncatingIfNeeded: places[index] >> 32) == article {
                let position = UInt32(truncatingIfNeeded: places[index])
                found[number] = position &- last
                last = position
                weight &+= position >= bodyStart ? 1 : self.weight(of: position, article)
                number += 1
                index += 1
            }
            try writer.add(article, count: weight, gaps: .init(start: found, count: number))
        }
        try writer.end(key)
    }

    private borrowing func weight(of position: UInt32, _ article: UInt32) -> UInt32 {
        let parts = entries[Int(article)].parts
        let part = parts.firstIndex { position < UInt32($0) } ?? 0
        return UInt32(WordField.leading[part].weight)
    }

    private borrowing func table() -> ArticleTable {
        var table = ArticleTable()
        for entry in entries {
            let article = entry.article
            table.dates.append(article.date)
            table.rows.append(article.row)
            table.norms.append(Norms.norm(ofLength: entry.length))
            table.features.append(article.features)
            table.parts += entry.parts
            let names: [[String?]] = [
                [article.outletName], [article.sectionName], article.authors, article.languages,
                [article.placeName],
            ]
            for (kind, names) in names.enumerated() {
                let numbers = names.compactMap(\.self).map { table.names[kind].number($0) }
                table.names[kind].append(numbers)
            }
        }
        return table
    }
}
