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
    private let word: UnsafeMutablePointer<UInt8>

    init() { word = scratch.zeros(WordSplitter.longestWord + 16, of: UInt8.self) }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    /// How many words, each under each of its fields, are kept.
    var wordCount: Int { words.count }
    /// Bytes that they take.
    var size: Int { 12 * words.count + terms.size }

    /// Takes an article; one with the same row that is in the buffer makes way.
    mutating func add(_ article: IndexedArticle) {
        let start = words.count
        var tagged: [[UInt32]] = []
        var parts: [UInt16] = []
        for field in WordField.leading {
            tagged.append(split(article.text(field), under: field, alsoAnywhere: true))
            parts.append(UInt16(words.count - start))
        }
        _ = split(article.body, under: .anywhere, alsoAnywhere: true)
        var counts = [words.count - start]
        for field in [WordField.said, .outlet] {
            tagged.append(split(article.text(field), under: field, alsoAnywhere: false))
        }
        for numbers in tagged {
            counts.append(numbers.count)
            words += numbers
        }
        var kept = article
        (kept.headline, kept.byline, kept.place, kept.body) = ("", "", "", "")
        (kept.section, kept.said, kept.outlet) = ("", "", "")
        let length = counts[0] + counts[counts.count - 1] + counts[counts.count - 2]
        entries.append(
            Entry(article: kept, start: start, counts: counts, parts: parts, length: length))
    }

    /// Appends the words of a text to those of `anywhere`, and returns those of its own field.
    private mutating func split(_ text: String, under field: WordField, alsoAnywhere: Bool)
        -> [UInt32]
    {
        var own: [UInt32] = []
        var text = text
        let isBody = field == .anywhere
        var left = isBody ? Int(Int32.max) : Self.mostLeadingWords
        let word = word
        text.withUTF8 { bytes in
            WordSplitter.split(bytes, into: word + 1) { length in
                guard left > 0 else { return }
                left -= 1
                if alsoAnywhere {
                    word[0] = WordField.anywhere.rawValue
                    words.append(terms.number(UnsafePointer(word), length + 1))
                }
                if !isBody {
                    word[0] = field.rawValue
                    own.append(terms.number(UnsafePointer(word), length + 1))
                }
            }
        }
        return own
    }

    /// Takes an article out again.
    ///
    /// - Returns: whether it was there.
    mutating func remove(row: Int64) -> Bool {
        guard let index = entries.lastIndex(where: { $0.article.row == row }) else { return false }
        // Its words stay until the buffer is sealed, and belong to nobody.
        for place in words(of: entries[index]) { terms.counts[Int(words[place])] &-= 1 }
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
        var total = 0
        for term in 0..<terms.count {
            starts[term] = total
            total += Int(terms.counts[term])
        }
        let places = scratch.zeros(total, of: UInt64.self)
        invert(into: places, starts)
        var writer = try SegmentWriter(directory: nil, name: name, table: table())
        let bodyStarts = scratch.zeros(entries.count, of: UInt32.self)
        for (index, entry) in entries.enumerated() { bodyStarts[index] = UInt32(entry.parts[3]) }
        let most = terms.counts.max() ?? 0
        let found = scratch.zeros(Int(most), of: UInt32.self)
        for term in terms.sorted() where terms.counts[term] > 0 {
            let end = starts[term]
            let range = UnsafeBufferPointer(
                start: places + (end - Int(terms.counts[term])), count: Int(terms.counts[term]))
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
        try terms.withBytes(of: term) { key in
            writer.begin(key)
            let isAnywhere = key[0] == WordField.anywhere.rawValue
            var index = 0
            while index < places.count {
                let article = UInt32(truncatingIfNeeded: places[index] >> 32)
                let bodyStart = isAnywhere ? bodyStarts[Int(article)] : 0
                var number = 0
                var weight: UInt32 = 0
                while index < places.count,
                    UInt32(truncatingIfNeeded: places[index] >> 32) == article
                {
                    let position = UInt32(truncatingIfNeeded: places[index])
                    found[number] = position
                    weight &+= position >= bodyStart ? 1 : self.weight(of: position, article)
                    number += 1
                    index += 1
                }
                try writer.add(
                    article, count: weight, positions: .init(start: found, count: number))
            }
            try writer.end(key)
        }
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

/// The terms of a buffer, numbered as they come.
struct TermTable {
    private(set) var count = 0
    /// How often each term occurs.
    var counts: [UInt32] = []
    private var keys: [UInt8] = []
    private var ends: [Int] = [0]
    /// Upper half of the hash, and the number of the term plus one; 0 where a slot is free.
    private var slots = [UInt64](repeating: 0, count: 1 << 12)

    var size: Int { keys.count + 12 * count + 8 * slots.count }

    /// The number of the term in the `length` bytes at `key`, counting one occurrence.
    ///
    /// - Parameter key: readable for seven bytes past its end.
    @inline(__always)
    mutating func number(_ key: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
        let hash = Self.hash(key, length)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let held = slots[slot]
            if held == 0 { return insert(key, length, hash, slot) }
            if (held ^ hash) >> 32 == 0 {
                let number = Int(held & 0xFFFF_FFFF) - 1
                let start = ends[number]
                let isSame =
                    ends[number + 1] - start == length
                    && keys.withUnsafeBufferPointer { Self.equal($0, start, key, length) }
                if isSame {
                    counts[number] &+= 1
                    return UInt32(number)
                }
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private static func equal(
        _ keys: UnsafeBufferPointer<UInt8>, _ start: Int, _ key: UnsafePointer<UInt8>,
        _ length: Int
    ) -> Bool {
        var index = 0
        while index < length {
            if keys[start + index] != key[index] { return false }
            index += 1
        }
        return true
    }

    @inline(__always)
    private static func hash(_ key: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
        let bytes = UnsafeRawPointer(key)
        var hash = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B1_85EB_CA87
        var offset = 0
        while offset < length {
            var word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let left = length - offset
            if left < 8 { word &= 1 &<< UInt64(truncatingIfNeeded: 8 * left) &- 1 }
            hash = (hash ^ word) &* 0xC2B2_AE3D_27D4_EB4F
            hash ^= hash >> 29
            offset += 8
        }
        return hash &* 0x9E37_79B1_85EB_CA87
    }

    @inline(never)
    private mutating func insert(
        _ key: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64, _ slot: Int
    ) -> UInt32 {
        keys.append(contentsOf: UnsafeBufferPointer(start: key, count: length))
        ends.append(keys.count)
        counts.append(1)
        count += 1
        // The lower half of the hash chooses the slot and is found again from the key.
        slots[slot] = hash & ~0xFFFF_FFFF | UInt64(count)
        if count * 2 > slots.count { grow() }
        return UInt32(count - 1)
    }

    private mutating func grow() {
        var larger = [UInt64](repeating: 0, count: slots.count * 2)
        let mask = larger.count - 1
        keys += [UInt8](repeating: 0, count: 8)
        keys.withUnsafeBufferPointer { keys in
            guard let base = keys.baseAddress else { return }
            for number in 0..<count {
                let hash = Self.hash(base + ends[number], ends[number + 1] - ends[number])
                var slot = Int(truncatingIfNeeded: hash) & mask
                while larger[slot] != 0 { slot = (slot + 1) & mask }
                larger[slot] = hash & ~0xFFFF_FFFF | UInt64(number + 1)
            }
        }
        keys.removeLast(8)
        slots = larger
    }

    func withBytes<Result>(of term: Int, _ body: (UnsafeRawBufferPointer) throws -> Result)
        rethrows -> Result
    {
        try keys.withUnsafeBytes {
            try body(.init(rebasing: $0[ends[term]..<ends[term + 1]]))
        }
    }

    /// The numbers of the terms in the order of their bytes.
    func sorted() -> [Int] {
        keys.withUnsafeBytes { keys in
            var order: [(prefix: UInt64, term: Int)] = []
            order.reserveCapacity(count)
            for term in 0..<count {
                var prefix: UInt64 = 0
                let range = ends[term]..<ends[term + 1]
                for byte in keys[range].prefix(8) { prefix = prefix << 8 | UInt64(byte) }
                if range.count < 8 { prefix <<= UInt64(8 * (8 - range.count)) }
                order.append((prefix, term))
            }
            order.sort { left, right in
                if left.prefix != right.prefix { return left.prefix < right.prefix }
                let leftKey = keys[ends[left.term]..<ends[left.term + 1]]
                let rightKey = keys[ends[right.term]..<ends[right.term + 1]]
                return TermDictionary.compare(.init(rebasing: leftKey), .init(rebasing: rightKey))
                    < 0
            }
            return order.map(\.term)
        }
    }
}
