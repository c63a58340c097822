import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct SubscriptionsTests {
    private static func append(_ count: Int, to repository: Repository, type: String = "a") throws {
        for _ in 0..<count { try repository.append([(type, ["n": 1])]) }
    }

    @Test func `what was comes first, then what is, each once and in order`() async throws {
        let counter = try Counter()
        let repository = counter.holdings.repository
        try Self.append(600, to: repository)
        let ears = (0..<4).map { _ in Ear() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<40 {
                        try repository.append([("a", [:]), ("b", [:]), ("a", [:])])
                        await Task.yield()
                    }
                }
            }
            for (number, ear) in ears.enumerated() {
                counter.service.subscriptions.begin(ear, after: number * 200, types: nil)
            }
            try await group.waitForAll()
        }
        let last = try repository.revision()
        #expect(last == 600 + 480)
        for (number, ear) in ears.enumerated() {
            let isComplete = try await ear.wait { ear.revisions.last == last }
            #expect(isComplete)
            #expect(ear.revisions == Array((number * 200 + 1)...last))
        }
    }

    @Test func `commits that are told of in the other order leave no gap`() async throws {
        let holdings = try Holdings()
        let repository = holdings.repository
        let subscriptions = Subscriptions(repository: repository, logger: repository.logger)
        let ear = Ear()
        try Self.append(1, to: repository)
        subscriptions.begin(ear, after: 0, types: nil)
        for round in 0..<50 {
            let revision = 1 + 2 * round
            #expect(try await ear.wait { ear.revisions.last == revision })
            try Self.append(2, to: repository)
            let events = try repository.events(after: revision, limit: 10)
            subscriptions.publish([events[1]])
            subscriptions.publish([events[0]])
        }
        #expect(try await ear.wait { ear.revisions.count == 101 })
        #expect(ear.revisions == Array(1...101))
    }

    @Test func `asking again begins anew, without what was asked before`() async throws {
        let counter = try Counter()
        try Self.append(1000, to: counter.holdings.repository)
        for _ in 0..<20 {
            let ear = Ear()
            counter.service.subscriptions.begin(ear, after: 500, types: [])
            counter.service.subscriptions.begin(ear, after: 200, types: nil)
            #expect(try await ear.wait { ear.revisions.last == 1000 })
            #expect(ear.revisions == Array(201...1000))
        }
    }

    @Test func `only the types asked for are sent`() async throws {
        let counter = try Counter()
        let repository = counter.holdings.repository
        let ear = Ear()
        try repository.append([("a", [:]), ("b", [:]), ("c", ["k": "v"])])
        counter.service.subscriptions.begin(ear, after: 0, types: ["b", "c"])
        #expect(try await ear.wait { ear.revisions.count == 2 })
        try repository.append([("a", [:]), ("c", [:])])
        #expect(try await ear.wait { ear.revisions.count == 3 })
        #expect(ear.params().map { $0["type"]?.string } == ["b", "c", "c"])
        #expect(ear.revisions == [2, 3, 5] && ear.params()[1]["k"]?.string == "v")
    }

    @Test func `who does not listen is told what was left out, and hears no more`() async throws {
        let counter = try Counter()
        let ear = Ear(refusing: Set(3..<100))
        try Self.append(6, to: counter.holdings.repository)
        counter.service.subscriptions.begin(ear, after: 0, types: nil)
        #expect(try await ear.wait { !ear.params("lagged").isEmpty })
        try Self.append(2, to: counter.holdings.repository)
        #expect(ear.revisions == [1, 2, 3])
        #expect(ear.params("lagged") == [["from": 3, "to": 4]])
    }

    @Test func `a stream ends when asked to, and when the client is gone`() async throws {
        let counter = try Counter()
        let repository = counter.holdings.repository
        for isAsked in [true, false] {
            let ear = Ear()
            let witness = Ear()
            let revision = try repository.revision()
            try Self.append(1, to: repository)
            counter.service.subscriptions.begin(ear, after: revision, types: nil)
            counter.service.subscriptions.begin(witness, after: revision, types: nil)
            #expect(try await ear.wait { ear.revisions.count == 1 })
            if isAsked {
                counter.service.subscriptions.end(ear)
            } else {
                counter.service.disconnected(ear)
            }
            try Self.append(3, to: repository)
            #expect(try await witness.wait { witness.revisions.count == 4 })
            #expect(ear.revisions.count == 1)
        }
    }

    @Test func `subscribing answers first and sends after`() async throws {
        let counter = try Counter()
        try Self.append(3, to: counter.holdings.repository)
        let answer = try await counter.answer("events.subscribe", ["since": 1], rights: .read)
        #expect(try JSONParser.parse(answer.result) == ["revision": 3])
        #expect(counter.ear.revisions.isEmpty)
        let begin = try #require(answer.whenQueued)
        begin()
        #expect(try await counter.ear.wait { counter.ear.revisions == [2, 3] })
        let future = await counter.failure("events.subscribe", ["since": 4])
        #expect(future.code == .invalidParams)
        #expect(try await counter.ask("events.unsubscribe") == [:])
        try Self.append(1, to: counter.holdings.repository)
        #expect(counter.ear.revisions == [2, 3])
    }
}
