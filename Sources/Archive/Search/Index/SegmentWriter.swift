/// Writes one segment, to files or to memory: its terms in order, then what else it holds.
///
/// The file of lists is, in this order, what the types named here describe:
///
///     lists (PostingsWriter) · terms (TermDictionary) · columns (Columns) · directory:
///     UInt64 number of articles, number of blocks of terms, then the end of each section
///
/// The file of positions holds nothing but them.
struct SegmentWriter: ~Copyable {
    /// How many sections there are; the directory tells the end of each.
    static let sections = 13
    static let directorySize = 8 * (sections + 2)
    /// Most articles of a segment: gaps between them stay below 2^24.
    static let mostArticles = 1 << 24

    private let name: String
    private let table: ArticleTable
    private let scratch = Scratch()
    private var postings: PostingsWriter
    private var lists: IndexSink
    private var positions: IndexSink
    private var dictionary = TermDictionaryWriter()

    /// - Parameter directory: nil to write to memory.
    init(directory: String?, name: String, table: ArticleTable) throws {
        // Both before anything is kept: the first is closed if the second cannot be made.
        let lists = try IndexSink(directory: directory, name: "\(name).lists")
        let positions = try IndexSink(directory: directory, name: "\(name).positions")
        self.name = name
        self.table = table
        let norms = scratch.zeros(table.norms.count, of: UInt8.self)
        for (index, norm) in table.norms.enumerated() { norms[index] = norm }
        postings = PostingsWriter(norms: UnsafePointer(norms), scratch: scratch)
        self.lists = lists
        self.positions = positions
    }

    /// Begins a term; terms come in order.
    mutating func begin(_ term: UnsafeRawBufferPointer) {
        let field = term.first.flatMap(WordField.init(rawValue:)) ?? .anywhere
        postings.begin(weight: field.weight)
    }

    @inline(__always)
    mutating func add(
        _ article: UInt32, count: UInt32, gaps: UnsafeBufferPointer<UInt32>
    ) throws(IndexFailure) {
        try postings.add(article, count: count, gaps: gaps, to: &positions)
    }

    mutating func end(_ term: UnsafeRawBufferPointer) throws(IndexFailure) {
        if let entry = try postings.end(&lists, &positions) { dictionary.add(term, entry) }
    }

    /// Writes the rest and opens the segment.
    consuming func finish() throws -> Segment {
        withExtendedLifetime(scratch) {}
        var ends: [UInt64] = [UInt64(lists.count)]
        let blocks = dictionary.blockCount
        func section(_ bytes: UnsafeRawBufferPointer, _ lists: inout IndexSink) throws {
            try lists.append(bytes)
            ends.append(UInt64(lists.count))
        }
        try dictionary.finish().withUnsafeBytes { try section($0, &lists) }
        try table.dates.withUnsafeBytes { try section($0, &lists) }
        try table.rows.withUnsafeBytes { try section($0, &lists) }
        try table.byRow.withUnsafeBytes { try section($0, &lists) }
        try table.norms.withUnsafeBytes { try section($0, &lists) }
        try table.features.withUnsafeBytes { try section($0, &lists) }
        try table.parts.withUnsafeBytes { try section($0, &lists) }
        for names in table.names { try names.encoded().withUnsafeBytes { try section($0, &lists) } }
        let directory = [UInt64(table.count), UInt64(blocks)] + ends
        try directory.withUnsafeBytes { try lists.append($0) }
        return try Segment(
            name: name, lists: try lists.finish(), positions: try positions.finish())
    }
}
