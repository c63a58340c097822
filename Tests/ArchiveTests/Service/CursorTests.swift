import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

@Suite struct CursorTests {
    private static let takes = ["query", "sort", "cursor"].map {
        Parameter(name: $0, kind: .string, meaning: "")
    }

    private static func parameters(_ params: JSON) throws -> Parameters {
        try Parameters(params, for: takes + [.limit, .sync])
    }

    @Test func `a cursor leads back to its place`() throws {
        let question = try Self.parameters(["query": "ferry", "limit": 3])
        let place: JSON = ["k": "2016", "r": 7]
        let text = Cursor.text(place, question, method: "a")
        // What is asked is the same, however it is written and however much of it at once.
        let next = try Self.parameters(
            ["cursor": .string(text), "sync": 5, "query": "ferry", "limit": 9])
        #expect(try Cursor(next, method: "a")?.place == place)
        #expect(try Cursor(question, method: "a") == nil)
    }

    @Test func `a cursor of another question has expired`() throws {
        let question = try Self.parameters(["query": "ferry", "sort": "x"])
        let text = JSON.string(Cursor.text(1, question, method: "a"))
        let others: [(JSON, String)] = [
            (["cursor": text, "query": "tram", "sort": "x"], "a"),
            (["cursor": text, "query": "ferry"], "a"),
            (["cursor": text, "query": "ferry", "sort": "x"], "b"),
            (["cursor": "", "query": "ferry", "sort": "x"], "a"),
            (["cursor": "bnVsbA==", "query": "ferry", "sort": "x"], "a"),
            (["cursor": "e30=", "query": "ferry", "sort": "x"], "a"),
        ]
        for (params, method) in others {
            let failure = #expect(throws: Failure.self) {
                try Cursor(try Self.parameters(params), method: method)
            }
            #expect(failure?.code == .cursorExpired, "\(params.text)")
        }
    }

    @Test func `base 64 is that of RFC 4648, both ways`() {
        var random = Seeded(state: 11)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(Base64.decode(text) == bytes)
        }
    }

    @Test(arguments: ["a", "ab", "abc", "a===", "====", "ab=c", "=abc", "ab c", "ab-_", "äbc="])
    func `what is no base 64 is refused`(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
