import ArchiveProtocol
import Testing

@testable import Archive

@Suite("The envelope of a request")
struct EnvelopeTests {
    @Test
    func `method and params are taken out`() throws {
        let envelope = try open(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[1]}}"#)
        #expect(envelope.method == "ping")
        #expect(envelope.params == ["a": [1]])
        #expect(try open(#"{"jsonrpc":"2.0","method":"ping"}"#).id == nil)
        #expect(try open(#"{"jsonrpc":"2.0","method":"ping"}"#).params == [:])
    }

    @Test(arguments: [
        "18446744073709551617", "-0", "1.50", "1E+2", #""\u0041\/\"""#, #""ü""#, #""""#,
    ])
    func `an id keeps every byte`(id: String) throws {
        for line in [
            #"{"jsonrpc":"2.0","id":\#(id),"method":"m"}"#,
            #"{"params":{"id":"no","x":["id","n\"o"]},"method":"id","#
                + #""i\u0064" : \#(id) ,"jsonrpc":"2.0"}"#,
        ] {
            #expect(try open(line).id == Array(id.utf8))
        }
    }

    @Test(arguments: [
        ("{", "parseError", "null"),
        (#"{"jsonrpc":"2.0","id":1,"id":1,"method":"m"}"#, "parseError", "null"),
        (#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"a":2}}"#, "parseError", "null"),
        (#"[{"jsonrpc":"2.0","id":1,"method":"m"}]"#, "invalidRequest", "null"),
        (#""text""#, "invalidRequest", "null"),
        (#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, "invalidRequest", "null"),
        (#"{"jsonrpc":"2.0","id":[1],"method":"m"}"#, "invalidRequest", "null"),
        (#"{"jsonrpc":"2.0","id":true,"method":"m"}"#, "invalidRequest", "null"),
        (#"{"jsonrpc":"1.0","id":4,"method":"m"}"#, "invalidRequest", "4"),
        (#"{"id":4,"method":"m"}"#, "invalidRequest", "4"),
        (#"{"jsonrpc":"2.0","id":"4"}"#, "invalidRequest", "\"4\""),
        (#"{"jsonrpc":"2.0","id":4,"method":5}"#, "invalidRequest", "4"),
        (#"{"jsonrpc":"2.0","id":4,"method":"m","query":"x"}"#, "invalidRequest", "4"),
        (#"{"jsonrpc":"2.0","id":4,"method":"m","params":[1]}"#, "invalidParams", "4"),
    ])
    func `what is no request is refused by name and under its id`(
        line: String, code: String, id: String
    ) throws {
        let refused = try #require(throws: Envelope.Refused.self) { try open(line) }
        #expect(refused.failure.code.name == code)
        #expect(refused.id == Array(id.utf8))
    }

    @Test
    func `nesting is bounded at 32, the request itself counted`() throws {
        func line(_ depth: Int) -> String {
            let (open, close) = (
                String(repeating: "[", count: depth), String(repeating: "]", count: depth)
            )
            return #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":\#(open)\#(close)}}"#
        }
        _ = try open(line(30))
        let refused = try #require(throws: Envelope.Refused.self) { try open(line(31)) }
        #expect(refused.failure.code == .parseError)
    }

    @Test
    func `bytes that are no UTF-8 are refused`() throws {
        let bytes = Array(#"{"jsonrpc":"2.0","id":1,"method":"m"#.utf8) + [0xFF] + Array("\"}".utf8)
        #expect(throws: Envelope.Refused.self) { try bytes.withUnsafeBytes { try Envelope($0) } }
    }

    private func open(_ line: String) throws -> Envelope {
        try Array(line.utf8).withUnsafeBytes { try Envelope($0) }
    }
}
