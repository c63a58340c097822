/// What is known of each article of a segment beside its words, in one array a fact.
///
/// Each stands in a section of the segment's file, by the article's number in the segment:
///
///     dates UInt64 · rows Int64 · byRow UInt32: the numbers in the order of their rows ·
///     norms UInt8 · features UInt32 · parts 4 × UInt16: where headline, byline, place and section
///     end among the words · outlet, section, author, language,
///     place: names
///
/// Names are a sorted list of strings (UInt32 count, then UInt32 end of each, then UTF-8) and for
/// each article UInt32 end of its names, then UInt32 name by name. Articles stand in the order
/// newest first, and of one date the greater row first: a span of dates is a run of articles.
struct Columns {
    let count: Int
    let dates: UnsafeRawPointer
    let rows: UnsafeRawPointer
    let byRow: UnsafeRawPointer
    let norms: UnsafePointer<UInt8>
    let features: UnsafeRawPointer
    let parts: UnsafeRawPointer
    let outlets: NameColumn
    let sections: NameColumn
    let authors: NameColumn
    let languages: NameColumn
    let places: NameColumn

    @inline(__always)
    func date(_ article: UInt32) -> UInt64 {
        UInt64(littleEndian: dates.loadUnaligned(fromByteOffset: 8 * Int(article), as: UInt64.self))
    }

    @inline(__always)
    func row(_ article: UInt32) -> Int64 {
        Int64(littleEndian: rows.loadUnaligned(fromByteOffset: 8 * Int(article), as: Int64.self))
    }

    /// What an article has, one bit each (`ArticleFeatures`).
    @inline(__always)
    func features(_ article: UInt32) -> UInt32 {
        let bits = features.loadUnaligned(fromByteOffset: 4 * Int(article), as: UInt32.self)
        return UInt32(littleEndian: bits)
    }

    /// Where one of the leading parts ends among the words of an article.
    @inline(__always)
    func partEnd(_ article: UInt32, _ part: Int) -> UInt32 {
        UInt32(parts.loadUnaligned(fromByteOffset: 8 * Int(article) + 2 * part, as: UInt16.self))
    }

    func names(_ column: NameColumn.Kind) -> NameColumn {
        switch column {
        case .outlet: outlets
        case .section: sections
        case .author: authors
        case .language: languages
        case .place: places
        }
    }

    /// The article with this row, if it is here.
    func article(row: Int64) -> UInt32? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let article = byRow.loadUnaligned(fromByteOffset: 4 * middle, as: UInt32.self)
            guard article < UInt32(count) else { return nil }
            let found = self.row(article)
            if found == row { return article }
            if found < row { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The first article that is not before (`date`, `row`) in the order newest first.
    func first(notBefore date: UInt64, row: Int64) -> UInt32 {
        var low = 0
        var high = count
        while low < high {
            let middle = UInt32((low + high) / 2)
            let key = self.date(middle)
            if key > date || key == date && self.row(middle) > row {
                low = Int(middle) + 1
            } else {
                high = Int(middle)
            }
        }
        return UInt32(low)
    }

    /// The articles with a date in `span`.
    func articles(from low: UInt64, before high: UInt64) -> Range<UInt32> {
        // Dates fall: the first below `high` to the first below `low`.
        let start = high == 0 ? UInt32(count) : first(notBefore: high - 1, row: .max)
        let end = low == 0 ? UInt32(count) : first(notBefore: low - 1, row: .max)
        return start..<max(start, end)
    }
}

/// Names that articles have: outlets, sections, authors, languages or places.
struct NameColumn {
    enum Kind: Int, Sendable, Hashable, CaseIterable {
        case outlet, section, author, language, place
    }

    let count: Int
    private let ends: UnsafeRawPointer
    private let text: UnsafeRawPointer
    private let textSize: Int
    private let articleEnds: UnsafeRawPointer
    private let values: UnsafeRawPointer
    /// Whether every article has one name, so that the place of an article is that of its name.
    private(set) var isSingle = true

    /// Reads a section, seeing that all of it lies within.
    init(_ file: IndexFile, _ place: Range<Int>, articles: Int) throws(IndexDamage) {
        let damage = IndexDamage(file: file.name, offset: place.lowerBound, detail: "names are cut")
        guard place.count >= 4 else { throw damage }
        let bytes = try file.bytes(at: place.lowerBound, place.count)
        count = Int(bytes.loadUnaligned(as: UInt32.self))
        guard count < 1 << 28, 4 + 4 * count + 4 * articles <= place.count else { throw damage }
        ends = bytes + 4
        text = ends + 4 * count
        var end = 0
        for name in 0..<count {
            let next = Int(ends.loadUnaligned(fromByteOffset: 4 * name, as: UInt32.self))
            guard next >= end else { throw damage }
            end = next
        }
        textSize = end
        let valuesStart = 4 + 4 * count + end + 4 * articles
        guard valuesStart <= place.count else { throw damage }
        articleEnds = text + end
        values = articleEnds + 4 * articles
        end = 0
        for article in 0..<articles {
            let next = Int(articleEnds.loadUnaligned(fromByteOffset: 4 * article, as: UInt32.self))
            guard next >= end else { throw damage }
            end = next
            if end != article + 1 { isSingle = false }
        }
        guard valuesStart + 4 * end == place.count else { throw damage }
        for value in 0..<end {
            guard values.loadUnaligned(fromByteOffset: 4 * value, as: UInt32.self) < UInt32(count)
            else { throw damage }
        }
    }

    /// The places among `values` of an article's names.
    @inline(__always)
    func range(_ article: UInt32) -> Range<Int> {
        let article = Int(article)
        let end = Int(articleEnds.loadUnaligned(fromByteOffset: 4 * article, as: UInt32.self))
        guard article > 0 else { return 0..<end }
        return Int(
            articleEnds.loadUnaligned(fromByteOffset: 4 * article - 4, as: UInt32.self))..<end
    }

    @inline(__always)
    func value(_ place: Int) -> Int {
        Int(values.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self))
    }

    /// Whether an article has the name with this number.
    @inline(__always)
    func has(_ article: UInt32, _ name: Int) -> Bool {
        if isSingle { return value(Int(article)) == name }
        for place in range(article) where value(place) == name { return true }
        return false
    }

    private func bytes(_ name: Int) -> UnsafeRawBufferPointer {
        let end = Int(ends.loadUnaligned(fromByteOffset: 4 * name, as: UInt32.self))
        let start =
            name > 0 ? Int(ends.loadUnaligned(fromByteOffset: 4 * name - 4, as: UInt32.self)) : 0
        return UnsafeRawBufferPointer(start: text + start, count: end - start)
    }

    func name(_ number: Int) -> String { String(decoding: bytes(number), as: UTF8.self) }

    /// The number of a name; nil where no article has it.
    func number(_ name: String) -> Int? {
        var name = name
        return name.withUTF8 { wanted -> Int? in
            var low = 0
            var high = count
            while low < high {
                let middle = (low + high) / 2
                let order = TermDictionary.compare(bytes(middle), UnsafeRawBufferPointer(wanted))
                if order == 0 { return middle }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }
}
