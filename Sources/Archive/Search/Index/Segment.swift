/// An immutable part of the index: some articles with all their words, on disk or in memory.
///
/// It lives as long as anybody holds it, and its files stay mapped as long; their names may be
/// gone from the directory by then.
final class Segment: Sendable {
    let name: String
    let lists: IndexFile
    let positions: IndexFile
    let columns: Columns
    let dictionary: TermDictionary
    /// The least and the greatest row of its articles.
    let rows: ClosedRange<Int64>

    var count: Int { columns.count }
    /// Bytes on disk or in memory.
    var size: Int { lists.count + positions.count }

    /// Opens a segment, checking all of it but terms, lists and positions, which are checked as
    /// they are read.
    init(name: String, lists: IndexFile, positions: IndexFile) throws(IndexDamage) {
        self.name = name
        self.lists = lists
        self.positions = positions
        let damage = IndexDamage(
            file: lists.name, offset: lists.count, detail: "its directory is wrong")
        let size = SegmentWriter.directorySize
        guard lists.count >= size else { throw damage }
        let directory = try lists.bytes(at: lists.count - size, size)
        var numbers: [Int] = []
        for index in 0..<(size / 8) {
            let number = directory.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
            guard number <= UInt64(lists.count) else { throw damage }
            numbers.append(Int(number))
        }
        let count = numbers[0]
        let ends = Array(numbers[2...])
        guard count > 0, count <= SegmentWriter.mostArticles, ends == ends.sorted(),
            ends[ends.count - 1] == lists.count - size
        else { throw damage }
        dictionary = try TermDictionary(file: lists, place: ends[0]..<ends[1], blocks: numbers[1])
        columns = try Self.columns(lists, count, ends, damage)
        let byRow = columns.byRow
        let first = byRow.loadUnaligned(as: UInt32.self)
        let last = byRow.loadUnaligned(fromByteOffset: 4 * (count - 1), as: UInt32.self)
        guard first < UInt32(count), last < UInt32(count), columns.row(first) <= columns.row(last)
        else { throw damage }
        rows = columns.row(first)...columns.row(last)
    }

    private static func columns(
        _ file: IndexFile, _ count: Int, _ ends: [Int], _ damage: IndexDamage
    ) throws(IndexDamage) -> Columns {
        var section = 1
        func column(_ width: Int) throws(IndexDamage) -> UnsafeRawPointer {
            section += 1
            guard ends[section] - ends[section - 1] == width * count else { throw damage }
            return try file.bytes(at: ends[section - 1], width * count)
        }
        let dates = try column(8)
        let rows = try column(8)
        let byRow = try column(4)
        let norms = try column(1)
        let features = try column(4)
        let parts = try column(8)
        return Columns(
            count: count, dates: dates, rows: rows, byRow: byRow,
            norms: norms.assumingMemoryBound(to: UInt8.self),
            features: features, parts: parts,
            outlets: try NameColumn(file, ends[7]..<ends[8], articles: count),
            sections: try NameColumn(file, ends[8]..<ends[9], articles: count),
            authors: try NameColumn(file, ends[9]..<ends[10], articles: count),
            languages: try NameColumn(file, ends[10]..<ends[11], articles: count),
            places: try NameColumn(file, ends[11]..<ends[12], articles: count))
    }

    /// Opens a segment's files.
    convenience init(directory: String, name: String) throws(IndexDamage) {
        try self.init(
            name: name, lists: IndexFile(directory: directory, name: "\(name).lists"),
            positions: IndexFile(directory: directory, name: "\(name).positions"))
    }

    /// The same in files.
    func written(to directory: String, name: String) throws -> Segment {
        func file(_ content: IndexFile, _ name: String) throws -> IndexFile {
            var sink = try IndexSink(directory: directory, name: name)
            try sink.append(content)
            return try sink.finish()
        }
        return try Segment(
            name: name, lists: try file(lists, "\(name).lists"),
            positions: try file(positions, "\(name).positions"))
    }
}

extension Columns: @unchecked Sendable {}
extension NameColumn: @unchecked Sendable {}
