import Dispatch
import Synchronization
import Testing

@testable import Archive

@Suite("Turns of long questions")
struct TurnsTests {
    private final class Client: Sendable {}

    /// Who had a turn, in order.
    private final class Log: Sendable {
        let names = Mutex<[String]>([])
        func note(_ name: String) { names.withLock { $0.append(name) } }
    }

    @Test
    func `one who asked much before does not keep another waiting for all of it`() async throws {
        let turns = Turns(threads: 1)
        let (greedy, modest) = (Client(), Client())
        let gate = DispatchSemaphore(value: 0)
        let log = Log()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await turns.take(ObjectIdentifier(greedy)) {
                    log.note("first")
                    gate.wait()
                }
            }
            while log.names.withLock({ $0.isEmpty }) { await Task.yield() }
            for number in 1...20 {
                group.addTask {
                    try await turns.take(ObjectIdentifier(greedy)) {
                        log.note("greedy")
                    }
                }
                while turns.waitingCount < number { await Task.yield() }
            }
            group.addTask {
                try await turns.take(ObjectIdentifier(modest)) {
                    log.note("modest")
                }
            }
            while turns.waitingCount < 21 { await Task.yield() }
            gate.signal()
            try await group.waitForAll()
        }
        let all = log.names.withLock { $0 }
        #expect(all.count == 22)
        #expect(try #require(all.firstIndex(of: "modest")) <= 3)
        #expect(turns.waitingCount == 0)
    }

    @Test
    func `an error of a question is its own, and the thread goes on`() async throws {
        struct Trouble: Error {}
        let turns = Turns(threads: 1)
        let client = Client()
        await #expect(throws: Trouble.self) {
            try await turns.take(ObjectIdentifier(client)) { throw Trouble() }
        }
        #expect(try await turns.take(ObjectIdentifier(client)) { 7 } == 7)
    }
}
