import ArchiveProtocol
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "-12.50e-3", "1E+400", "18446744073709551617",
        #""""#, #""a\"b\\c""#, "[]", "{}", #"[1,[2,{"a":null}]]"#, #"{"b":1,"a":[]}"#, #""é😀""#,
    ])
    func `what is written in the plain form comes back byte for byte`(text: String) throws {
        #expect(try JSONParser.parse(text.utf8).text == text)
    }

    @Test(arguments: [
        (#""\u0041\n\t\/\b""#, "A\n\t/\u{8}"), (#""\ud83d\ude00""#, "\u{1F600}"),
        (#""\u00e9\u0000""#, "é\0"), (#""x\uFFFFy""#, "x\u{FFFF}y"),
    ])
    func `escapes are read`(text: String, value: String) throws {
        #expect(try JSONParser.parse(text.utf8).string == value)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "tru", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "'a'",
        "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\n\"",
        "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "\"\u{1}\"", "[", "[1", "[1,", "[1,]",
        "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}",
        "{1:2}", "{\"a\" 1}", "1 2", "[] []", "// c\n1", "\u{FEFF}1", "]", "}", ":",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text.utf8) }
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ] as [[UInt8]])
    func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) {
            try JSONParser.parse([0x22] + Array("\\n".utf8) + bytes + [0x22])
        }
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"k":0,"j":0,"k":0}}]"#,
    ])
    func `a key that stands twice is refused`(text: String) throws {
        let error = try #require(throws: JSONError.self) { try JSONParser.parse(text.utf8) }
        #expect(error.reason.contains("twice"))
    }

    @Test
    func `nesting is bounded on both sides of the limit`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
        }
        _ = try JSONParser.parse(nested(32), depthLimit: 32)
        #expect(throws: JSONError.self) { try JSONParser.parse(nested(33), depthLimit: 32) }
        #expect(throws: JSONError.self) {
            try JSONParser.parse([UInt8](repeating: 0x5B, count: 1_000_000))
        }
    }

    @Test
    func `an error tells where`() throws {
        let error = try #require(throws: JSONError.self) { try JSONParser.parse("[1,x]".utf8) }
        #expect(error.offset == 3)
        #expect(error.description == "no value begins like this at byte 3")
    }

    @Test
    func `every cut of a document is refused`() throws {
        let text = #"{"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":true,"d":null}}"#
        for count in 0..<text.utf8.count {
            #expect(throws: JSONError.self) { try JSONParser.parse(text.utf8.prefix(count)) }
        }
    }

    @Test
    func `numbers keep their text and are read where they fit`() throws {
        #expect(try JSONParser.parse("9223372036854775807".utf8).int == Int.max)
        #expect(try JSONParser.parse("9223372036854775808".utf8).int == nil)
        #expect(try JSONParser.parse("1.0".utf8).int == nil)
        #expect(try JSONParser.parse("1.5".utf8).double == 1.5)
        #expect(JSON.integer(-3) == .number("-3"))
    }

    @Test
    func `a written string has no control character and no line feed`() {
        let text = String(String.UnicodeScalarView((0..<0x80).compactMap(Unicode.Scalar.init)))
        let bytes = JSON.string(text).bytes
        #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect((try? JSONParser.parse(bytes))?.string == text)
    }

    @Test
    func `the writer places commas`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", 1)
            writer.member("none", ifPresent: nil)
            writer.member("b", ["x", "y"])
            writer.key("c")
            writer.array { writer in
                writer.object { _ in }
                writer.encoded("[2]".utf8)
                writer.literal("null")
            }
            writer.member("d", [:] as JSON)
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":1,"b":["x","y"],"c":[{},[2],null],"d":{}}"#)
    }

    @Test
    func `values are asked for by kind`() {
        let json: JSON = ["s": "t", "n": 4, "b": true, "a": [1], "o": ["k": 0], "z": .null]
        #expect(json["s"]?.string == "t")
        #expect(json["n"]?.int == 4)
        #expect(json["b"]?.bool == true)
        #expect(json["a"]?.array == [1])
        #expect(json["o"]?.members?.first?.key == "k")
        #expect(json["z"] == .null)
        #expect(json["none"] == nil)
        #expect(json["s"]?.int == nil)
        #expect(JSON.null["s"] == nil)
    }
}
