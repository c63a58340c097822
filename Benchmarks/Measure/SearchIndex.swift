import Foundation
import Synchronization

@testable import Archive

/// Measures the full-text index.
///
/// `search-index build CORPUS DIRECTORY`, then `search-index ask DIRECTORY QUERIES`, which
/// `search-against-tantivy.py` runs in turns with its own; `search-index add CORPUS DIRECTORY` adds
/// articles one by one while files are merged.
func measureSearchIndex(_ arguments: [String]) throws {
    switch arguments.first {
    case "build" where arguments.count == 3:
        try buildIndex(of: arguments[1], in: arguments[2])
    case "ask" where arguments.count == 3: try ask(arguments[1], arguments[2])
    case "add" where arguments.count == 3: try addOneByOne(arguments[1], in: arguments[2])
    default: FileHandle.standardError.write(Data("search-index build|ask|add ...\n".utf8))
    }
}

/// The articles of a corpus, one by one.
private struct Corpus: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>
    private var (line, room): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
    /// Bytes read.
    private(set) var size = 0

    init(_ path: String) throws {
        guard let file = fopen(path, "r") else { throw IndexFailure("open", path) }
        self.file = file
    }

    deinit {
        fclose(file)
        free(line)
    }

    mutating func next() -> IndexedArticle? {
        let count = getline(&line, &room, file)
        guard count > 0 else { return nil }
        size += count
        return article(UnsafeRawBufferPointer(start: line, count: count - 1))
    }
}

private func emptyIndex(in directory: String) throws -> ArticleIndex {
    try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    ArticleIndex.erase(directory)
    return try ArticleIndex(directory: directory)
}

private func buildIndex(of path: String, in directory: String) throws {
    let index = try emptyIndex(in: directory)
    let start = ProcessorTime.seconds
    var corpus = try Corpus(path)
    var batch: [IndexedArticle] = []
    while let article = corpus.next() {
        batch.append(article)
        guard batch.count == 128 else { continue }
        try index.add(batch, revision: Int(batch[127].row))
        batch = []
        if index.isFlushDue {
            try index.flush()
            while try index.merge() {}
        }
    }
    try index.add(batch, revision: Int(batch.last?.row ?? 0))
    try index.flush()
    while try index.merge() {}
    let seconds = ProcessorTime.seconds - start
    // What the daemon does when nothing has come for some time.
    while try index.merge(isIdle: true) {}
    let idle = ProcessorTime.seconds - start - seconds
    let size = Double(corpus.size)
    let snapshot = try index.snapshot()
    let bytes = snapshot.sources.reduce(0) { $0 + $1.segment.size }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(
        """
        {"articles": \(snapshot.count), "segments": \(snapshot.sources.count), "cpu": \(seconds), \
        "idle_cpu": \(idle), "mb_per_s": \(size / 1e6 / seconds), "bytes": \(bytes), \
        "share": \(Double(bytes) / size), "rss_mb": \(usage.ru_maxrss / 1024)}
        """)
}

/// Adds articles one by one, each found at once, while another thread merges files and writes new
/// ones; prints what one takes, by the clock and of the thread's processor time.
private func addOneByOne(_ path: String, in directory: String) throws {
    enum Work { case keep, merge }
    final class Flag: Sendable { let isSet = Atomic(false) }
    let index = try emptyIndex(in: directory)
    var corpus = try Corpus(path)
    for number in 0..<60_000 {
        if let article = corpus.next() { try index.add([article], revision: number) }
        if number % 6_000 == 5_999 { try index.flush() }
    }
    let isDone = Flag()
    // As the daemon has it: one thread writes files, another merges them.
    for work in [Work.keep, .merge] {
        Thread.detachNewThread {
            while !isDone.isSet.load(ordering: .relaxed) {
                switch work {
                case .merge: if (try? index.merge()) == true { continue }
                case .keep:
                    try? index.settle()
                    if index.isFlushDue { try? index.flush() }
                }
                usleep(1000)
            }
        }
    }
    func time(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
    var times: [[Double]] = [[], []]
    while times[0].count < 20_000, let article = corpus.next() {
        let starts = [time(CLOCK_MONOTONIC), time(CLOCK_THREAD_CPUTIME_ID)]
        try index.add([article], revision: 60_000)
        _ = try index.snapshot()
        times[0].append(time(CLOCK_MONOTONIC) - starts[0])
        times[1].append(time(CLOCK_THREAD_CPUTIME_ID) - starts[1])
    }
    isDone.isSet.store(true, ordering: .relaxed)
    for (name, values) in zip(["clock", "processor"], times.map { $0.sorted() }) {
        let point = { (share: Int) in values[(values.count - 1) * share / 100] }
        print("milliseconds, \(name): median \(point(50)), 99th \(point(99)), most \(point(100))")
    }
}

/// Reads a line of the corpus.
private func article(_ line: UnsafeRawBufferPointer) -> IndexedArticle {
    let fields = line.split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: UnsafeRawBufferPointer(rebasing: $0), as: UTF8.self)
    }
    var article = IndexedArticle(row: Int64(fields[0]) ?? 0)
    article.date = DateKey.key(fields[1])
    article.byline = fields[2]
    article.authors = [fields[2]]
    article.headline = fields[3]
    article.body = fields[4]
    return article
}

private func question(_ name: Substring, _ text: String) -> IndexQuestion {
    func word(_ text: some StringProtocol) -> IndexQuery { .words(.anywhere, String(text)) }
    let words = text.split(separator: " ").map { word($0) }
    var question = IndexQuestion(query: .all(words))
    switch name {
    case "or", "or_many": question.query = .any(words)
    case "phrase", "phrase_cc": question.query = word(text)
    case "prefix": question.query = .words(.anywhere, text, isPrefix: true)
    case "not": question.query = .all([words[0], .not(words[1])])
    case "author":
        let parts = text.split(separator: "|")
        question.query = .all([word(parts[0]), .named(.author, String(parts[1]))])
    case "date": question.order = .newest
    case "oldest": question.order = .oldest
    case "facet":
        question.limit = 0
        question.facets = [.named(.author)]
    case "count", "count_and":
        question.limit = 0
        question.countLimit = .max
    default: break
    }
    return question
}

/// Answers each query five times; prints its class, the processor's microseconds (the middle
/// one, without those of reading the clock) to the best ten, those with an exact count too, and
/// what was found.
private func ask(_ directory: String, _ queries: String) throws {
    let start = ProcessorTime.seconds
    let index = try ArticleIndex(directory: directory)
    let snapshot = try index.snapshot()
    print("open\t\((ProcessorTime.seconds - start) * 1e6)\t0\t0")
    let clock = (0..<1001).map { _ in -(ProcessorTime.seconds - ProcessorTime.seconds) }.sorted()
    let empty = clock[500] * 1e6
    for line in try String(contentsOfFile: queries, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: "\t")
        guard fields.count == 2 else { continue }
        var asked = question(fields[0], String(fields[1]))
        var (times, counted): ([Double], [Double]) = ([], [])
        for _ in 0..<5 { times.append(try time(asked, snapshot)) }
        asked.countLimit = .max
        for _ in 0..<5 { counted.append(try time(asked, snapshot)) }
        let answer = try snapshot.answer(asked)
        let best = answer.hits.first.map { Double($0.score) / 65536 } ?? 0
        let (plain, exact) = (times.sorted()[2] - empty, counted.sorted()[2] - empty)
        print("\(fields[0])\t\(plain)\t\(exact)\t\(answer.total)\t\(best)")
    }
}

private func time(_ question: IndexQuestion, _ snapshot: IndexSnapshot) throws -> Double {
    let start = ProcessorTime.seconds
    _ = try snapshot.answer(question)
    return (ProcessorTime.seconds - start) * 1e6
}
