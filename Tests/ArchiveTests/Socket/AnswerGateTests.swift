import ArchiveProtocol
import Synchronization
import Testing

@testable import Archive

/// What is made for clients that do not take it.
@Suite struct AnswerGateTests {
    /// How many were let pass.
    private final class Passed: Sendable {
        let count = Mutex(0)
    }

    @Test func `it closes when much is made and opens when that is taken`() async {
        let gate = AnswerGate()
        gate.note(made: AnswerGate.bound - 1)
        #expect(gate.isOpen)
        gate.note(made: 1)
        #expect(!gate.isOpen)
        let passed = Passed()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await gate.pass()
                    passed.count.withLock { $0 += 1 }
                }
            }
            for _ in 0..<50 { await Task.yield() }
            #expect(passed.count.withLock { $0 } == 0)
            gate.note(taken: 1)
        }
        #expect(passed.count.withLock { $0 } == 20)
        await gate.pass()
    }

    @Test func `whoever waits for a client that goes is let pass`() async {
        let gate = AnswerGate()
        gate.note(made: 1 << 20)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { await gate.pass() } }
            for _ in 0..<50 { await Task.yield() }
            gate.abandon()
        }
        gate.note(made: 1 << 20)
        #expect(gate.isOpen)
    }

    @Test func `of many large answers few are made for a client that reads none`() async throws {
        try await withServer { running in
            let lazy = try running.client()
            for id in 1...32 { lazy.ask(id, "big", #"{"bytes":300000}"#) }
            let other = try running.client()
            for id in 1...200 {
                other.ask(id, "big", #"{"bytes":20000}"#)
                #expect(other.line() != nil)
            }
            // As many as there are threads to make them, and no more.
            let made = running.service.made.withLock { $0 } - 200
            #expect(made >= 1 && made <= 16)
            var ids: Set<Int> = []
            for _ in 1...32 { ids.insert(try #require(lazy.answer()["id"]?.int)) }
            #expect(ids == Set(1...32))
        }
    }

    @Test func `requests that expect no answer do not close it`() async throws {
        try await withServer { running in
            // Often, because one that waits for another has to be let pass when that is done.
            for _ in 0..<60 {
                let client = try running.client()
                for _ in 0..<20 {
                    client.send(
                        #"{"jsonrpc":"2.0","method":"big","params":{"bytes":20000}}"# + "\n")
                }
                client.ask(1, "big", #"{"bytes":5}"#)
                #expect(try client.answer()["id"] == 1)
            }
        }
    }
}
