import Dispatch
import Synchronization
import Testing

@testable import Archive

@Suite("Turns of long questions")
struct TurnsTests {
    private final class Client: Sendable {}

    @Test
    func `one who asked much before does not keep another waiting for all of it`() async throws {
        let turns = Turns(threads: 1)
        let (greedy, modest) = (Client(), Client())
        let gate = DispatchSemaphore(value: 0)
        let order = Mutex<[String]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await turns.take(ObjectIdentifier(greedy)) {
                    order.withLock { $0.append("first") }
                    gate.wait()
                }
            }
            while order.withLock({ $0.isEmpty }) { await Task.yield() }
            for number in 1...20 {
                group.addTask {
                    try await turns.take(ObjectIdentifier(greedy)) {
                        order.withLock { $0.append("greedy") }
                    }
                }
                while turns.waitingCount < number { await Task.yield() }
            }
            group.addTask {
                try await turns.take(ObjectIdentifier(modest)) {
                    order.withLock { $0.append("modest") }
                }
            }
            while turns.waitingCount < 21 { await Task.yield() }
            gate.signal()
            try await group.waitForAll()
        }
        let all = order.withLock { $0 }
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
