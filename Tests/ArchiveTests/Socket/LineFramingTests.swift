import Testing

@testable import Archive

@Suite("Lines in pieces")
struct LineFramingTests {
    @Test(arguments: [false, true])
    func `lines are the same at every split point`(hasReturn: Bool) {
        let text = Array("one\(hasReturn ? "\r" : "")\n\n{\"two\":2}\nthree".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                var framing = LineFraming()
                var lines: [[UInt8]] = []
                for piece in [text[..<first], text[first..<second], text[second...]] {
                    #expect(take(&framing, Array(piece), into: &lines) == .needsMore)
                }
                #expect(
                    lines == [
                        Array("one\(hasReturn ? "\r" : "")".utf8), [], Array("{\"two\":2}".utf8),
                    ])
                #expect(framing.count == 5)
            }
        }
    }

    @Test
    func `a line of exactly the limit is taken, and one byte more is too long`() {
        for (count, end) in [(10, LineFraming.End.needsMore), (11, .tooLong)] {
            var framing = LineFraming()
            var lines: [[UInt8]] = []
            let line = [UInt8](repeating: 0x61, count: count)
            #expect(take(&framing, line + [0x0A], limit: 10, into: &lines) == end)
            #expect(lines == (count == 10 ? [line] : []))
        }
    }

    @Test
    func `a begun line is too long before it ends`() {
        var framing = LineFraming()
        var lines: [[UInt8]] = []
        let piece = [UInt8](repeating: 0x61, count: 6)
        #expect(take(&framing, piece, limit: 10, into: &lines) == .needsMore)
        #expect(take(&framing, piece, limit: 10, into: &lines) == .tooLong)
        #expect(lines.isEmpty)
    }

    @Test
    func `lines that were told to wait come again in their order`() {
        var framing = LineFraming()
        var lines: [[UInt8]] = []
        var began = false
        let bytes = Array("a\nb\nc\nd".utf8)
        let end = bytes.withUnsafeBytes { bytes in
            framing.take(bytes, limit: 10, began: &began) { line in
                guard lines.isEmpty else { return .wait }
                lines.append(Array(line))
                return .next
            }
        }
        #expect(end == .waits)
        #expect(take(&framing, Array("e\n".utf8), into: &lines) == .needsMore)
        #expect(lines == ["a", "b", "c", "de"].map { Array($0.utf8) })
        #expect(framing.isEmpty)
    }

    private func take(
        _ framing: inout LineFraming, _ piece: [UInt8], limit: Int = 1000,
        into lines: inout [[UInt8]]
    ) -> LineFraming.End {
        var began = false
        return piece.withUnsafeBytes { bytes in
            framing.take(bytes, limit: limit, began: &began) {
                lines.append(Array($0))
                return .next
            }
        }
    }
}
