import Testing

@testable import Archive

@Suite struct ByteNameTests {
    @Test(arguments: [
        ("plain.txt", "plain.txt"), ("a b", "a b"), ("back\\slash", "back\\\\slash"),
        ("line\nfeed", "line\\x0Afeed"), ("\u{1B}[31m", "\\x1B[31m"), ("\u{7F}", "\\x7F"),
        ("Århus", "Århus"), ("e\u{301}", "e\u{301}"), ("\u{9B}31m", "\\xC2\\x9B31m"),
        ("🗞", "🗞"), ("", ""),
    ])
    func `text is shown as it is and control characters as their bytes`(
        name: String, shown: String
    ) {
        #expect(Array(ByteName.display(Array(name.utf8)).utf8) == Array(shown.utf8))
    }

    @Test func `each byte alone and each pair of bytes comes back`() {
        for first in UInt8.min...UInt8.max {
            #expect(ByteName.bytes(ByteName.display([first])) == [first])
            for second in UInt8.min...UInt8.max {
                let name = [first, second]
                guard ByteName.bytes(ByteName.display(name)) != name else { continue }
                Issue.record("\(name) was shown as \(ByteName.display(name))")
            }
        }
    }

    @Test func `names with cut and overlong sequences come back and differ when shown`() {
        // The edges of UTF-8: cut, overlong, surrogates, above the last scalar.
        let parts: [[UInt8]] = [
            [0xC3], [0xC3, 0xA9], [0xE2, 0x82], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x97],
            [0xF0, 0x9F, 0x97, 0x9E], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xCC, 0x81], [0x5C], [0x78], [0x30], [0xFF], [0x41],
        ]
        var texts: Set<[UInt8]> = []
        var names: Set<[UInt8]> = []
        for first in parts {
            for second in parts {
                for third in parts {
                    let name = first + second + third
                    let text = ByteName.display(name)
                    #expect(ByteName.bytes(text) == name)
                    names.insert(name)
                    texts.insert(Array(text.utf8))
                }
            }
        }
        #expect(texts.count == names.count)
    }

    @Test(arguments: ["\\", "a\\", "\\n", "\\x", "\\x4", "\\xg0", "\\x+4", "\\x-0", "\\x 4"])
    func `a backslash that escapes nothing is refused`(text: String) {
        #expect(ByteName.bytes(text) == nil)
    }

    @Test func `a path takes apart as it was put together`() {
        let root = InboxPath(bytes: [])
        let path = root.appending([0xFF]).appending(Array("b".utf8)).appending([0x0A])
        #expect(path.bytes == [0xFF, 0x2F, 0x62, 0x2F, 0x0A])
        #expect(path.name == [0x0A])
        #expect(path.parent.bytes == [0xFF, 0x2F, 0x62])
        #expect(path.parent.parent.parent == root)
        #expect(path.display == "\\xFF/b/\\x0A")
        #expect(root.cString == [0x2E, 0])
        #expect(InboxPath("e\u{301}") != InboxPath("\u{E9}"), "two names, two files")
    }
}
