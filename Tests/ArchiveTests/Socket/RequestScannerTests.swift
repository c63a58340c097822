import ArchiveProtocol
import Testing

@testable import Archive

@Suite("The commonest request")
struct RequestScannerTests {
    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":7,"method":"articles.get","params":{"id":"k3x97qpm2d4f"}}"#,
        #"{"id":7,"params":{"id":"k3x97qpm2d4f"},"method":"articles.get","jsonrpc":"2.0"}"#,
        #" { "method" : "articles.get" , "jsonrpc" : "2.0" , "id" : 7 , "#
            + #""params" : { "id" : "k3x97qpm2d4f" } } "#,
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"articles.get\","
            + "\"params\":{\"id\":\"k3x97qpm2d4f\"}}\r",
    ])
    func `it is recognised in any order and spacing`(line: String) throws {
        let found = try #require(scan(line))
        #expect(found.id == "7")
        #expect(found.article == "k3x97qpm2d4f")
    }

    @Test(arguments: ["7", "0", "-3", "9007199254740993", "\"a b\"", "\"\""])
    func `its id is echoed as it was written`(id: String) throws {
        let line =
            #"{"jsonrpc":"2.0","id":\#(id),"method":"articles.get","params":{"id":"x"}}"#
        #expect(try #require(scan(line)).id == id)
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":1,"id":2,"method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"x","sync":5}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"x","id":"y"}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.raw","params":{"id":"x"}}"#,
        #"{"jsonrpc":"1.0","id":1,"method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":null,"method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":01,"method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":-,"method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":1.5,"method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":"\u0041","method":"articles.get","params":{"id":"x"}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"é"}}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"x"}},"#,
        #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"x"},}"#,
        #"[{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"x"}}]"#,
        "", "{", "{}",
    ])
    func `anything else is left to the full parser`(line: String) {
        #expect(scan(line) == nil)
    }

    @Test
    func `no beginning of it is taken for the whole`() {
        let line = #"{"jsonrpc":"2.0","id":7,"method":"articles.get","params":{"id":"x"}}"#
        for count in 0..<line.utf8.count {
            #expect(scan(String(line.prefix(count))) == nil)
        }
    }

    private func scan(_ line: String) -> (id: String, article: String)? {
        let bytes = Array(line.utf8)
        return bytes.withUnsafeBytes { buffer in
            RequestScanner(buffer).map {
                (
                    String(decoding: buffer[$0.id], as: UTF8.self),
                    String(decoding: buffer[$0.article], as: UTF8.self)
                )
            }
        }
    }
}
