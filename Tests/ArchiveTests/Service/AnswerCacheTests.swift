import Testing

@testable import Archive

@Suite struct AnswerCacheTests {
    private static func bytes(_ count: Int, _ mark: UInt8 = 0) -> [UInt8] {
        [UInt8](repeating: mark, count: count)
    }

    private static func cache(_ numbers: Range<UInt64>, limit: Int = 400) -> AnswerCache {
        let cache = AnswerCache(limit: limit)
        for number in numbers { cache.insert(ArticleID(number), bytes(100), generation: 0) }
        return cache
    }

    @Test func `what was asked for outlives what was not`() {
        let cache = Self.cache(0..<4)
        #expect(cache.counters.entries == 4 && cache.counters.bytes == 400)
        for number in [0, 2] as [UInt64] { #expect(cache.record(ArticleID(number)) != nil) }
        for number in 4..<6 as Range<UInt64> {
            cache.insert(ArticleID(number), Self.bytes(100), generation: 0)
        }
        let left = (0..<6).filter { cache.record(ArticleID($0)) != nil }
        #expect(left == [0, 2, 4, 5])
        #expect(cache.counters.hits == 6 && cache.counters.misses == 2)
    }

    @Test func `what is no longer asked for goes in the end`() {
        let cache = Self.cache(0..<4)
        _ = cache.record(ArticleID(0))
        for number in 4..<40 as Range<UInt64> {
            cache.insert(ArticleID(number), Self.bytes(100), generation: 0)
        }
        #expect(cache.record(ArticleID(0)) == nil)
        #expect(cache.counters.entries == 4)
    }

    @Test func `a record is kept once, and one of more than a quarter not at all`() {
        let cache = Self.cache(0..<1)
        cache.insert(ArticleID(0), Self.bytes(50, 1), generation: 0)
        #expect(cache.record(ArticleID(0)) == Self.bytes(50, 1))
        #expect(cache.counters.entries == 1 && cache.counters.bytes == 50)
        cache.insert(ArticleID(1), Self.bytes(101), generation: 0)
        #expect(cache.record(ArticleID(1)) == nil)
    }

    @Test func `a record read before a change is not kept`() {
        let cache = Self.cache(0..<2)
        let generation = cache.generation
        cache.invalidate([ArticleID(1)])
        #expect(cache.record(ArticleID(1)) == nil && cache.record(ArticleID(0)) != nil)
        cache.insert(ArticleID(1), Self.bytes(9), generation: generation)
        #expect(cache.record(ArticleID(1)) == nil)
        cache.insert(ArticleID(1), Self.bytes(9), generation: cache.generation)
        #expect(cache.record(ArticleID(1)) != nil)
    }

    @Test func `a smaller bound holds at once`() {
        let cache = Self.cache(0..<4)
        cache.resize(250)
        #expect(cache.counters.entries == 2 && cache.counters.bytes == 200)
        cache.resize(0)
        #expect(cache.counters.entries == 0 && cache.counters.bytes == 0)
        cache.insert(ArticleID(9), Self.bytes(1), generation: 0)
        #expect(cache.record(ArticleID(9)) == nil)
        cache.resize(400)
        cache.insert(ArticleID(9), Self.bytes(100), generation: 0)
        #expect(cache.record(ArticleID(9)) != nil)
    }

    @Test func `it never exceeds its bound nor answers with another record`() {
        var random = Seeded(state: 3)
        var limit = 4000
        let cache = AnswerCache(limit: limit)
        var truth: [UInt64: [UInt8]] = [:]
        for _ in 0..<20_000 {
            let number = UInt64.random(in: 0..<60, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                cache.invalidate([ArticleID(number)])
                truth[number] = nil
            case 1:
                limit = Int.random(in: 0...6000, using: &random)
                cache.resize(limit)
            case 2..<10:
                let record = Self.bytes(
                    Int.random(in: 0...1200, using: &random),
                    UInt8.random(in: 0...255, using: &random))
                cache.invalidate([ArticleID(number)])
                cache.insert(ArticleID(number), record, generation: cache.generation)
                truth[number] = record
            default:
                if let record = cache.record(ArticleID(number)) { #expect(record == truth[number]) }
            }
            #expect(cache.counters.bytes <= limit)
        }
        let kept = (0..<60).compactMap { cache.record(ArticleID($0)) }
        #expect(cache.counters.bytes == kept.reduce(0) { $0 + $1.count })
        #expect(cache.counters.entries == kept.count)
    }
}
