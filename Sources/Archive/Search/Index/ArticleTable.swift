/// The columns of a segment that is being written, newest article first.
struct ArticleTable {
    var dates: [UInt64] = []
    var rows: [Int64] = []
    var norms: [UInt8] = []
    var features: [UInt32] = []
    /// Four numbers an article: where its leading parts end among its words.
    var parts: [UInt16] = []
    var names = [NameTable](repeating: NameTable(), count: NameColumn.Kind.allCases.count)

    var count: Int { rows.count }

    /// Appends an article of a segment; its names are added by `NameTable.append`.
    mutating func append(_ article: UInt32, of columns: Columns) {
        dates.append(columns.date(article))
        rows.append(columns.row(article))
        norms.append(columns.norms[Int(article)])
        features.append(columns.features(article))
        for part in 0..<4 { parts.append(UInt16(columns.partEnd(article, part))) }
    }

    /// The numbers of the articles in the order of their rows.
    var byRow: [UInt32] {
        (0..<UInt32(count)).sorted { rows[Int($0)] < rows[Int($1)] }
    }
}

/// The names of one column while a segment is written.
struct NameTable {
    private(set) var names: [String] = []
    private var numbers: [String: UInt32] = [:]
    private var ends: [UInt32] = []
    private var values: [UInt32] = []

    /// The number of a name, until they are sorted.
    mutating func number(_ name: String) -> UInt32 {
        if let number = numbers[name] { return number }
        let number = UInt32(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }

    /// Ends the names of an article.
    mutating func append(_ numbers: some Sequence<UInt32>) {
        for number in numbers where !values[(Int(ends.last ?? 0))...].contains(number) {
            values.append(number)
        }
        ends.append(UInt32(values.count))
    }

    /// The section of the file.
    func encoded() -> [UInt8] {
        let keys = names.map { Array($0.utf8) }
        let order = keys.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
        var place = [UInt32](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { place[old] = UInt32(new) }
        var bytes: [UInt8] = []
        bytes.appendWord(UInt32(keys.count))
        var end = 0
        for old in order {
            end += keys[old].count
            bytes.appendWord(UInt32(end))
        }
        for old in order { bytes += keys[old] }
        for end in ends { bytes.appendWord(end) }
        for value in values { bytes.appendWord(place[Int(value)]) }
        return bytes
    }
}
