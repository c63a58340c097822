import Testing

@testable import Archive

struct MHTMLDamageTests {
    /// Eight parts of ten lines each, every one with words of its own.
    private func message() -> (text: [UInt8], bodies: [[UInt8]], ranges: [Range<Int>]) {
        let encodings = ["7bit", "quoted-printable", "base64"]
        var noise = Noise(seed: 99)
        var text = Array(Messages.saved([], end: "").utf8)
        var bodies: [[UInt8]] = []
        var ranges: [Range<Int>] = []
        for part in 0..<8 {
            let line = "part \(part) says that the ferry resumes in May.\r\n"
            let body = Array(String(repeating: line, count: 10).utf8)
            let encoding = encodings[part % 3]
            let start = text.count
            text += Array("--b-1\r\n".utf8)
            text += Array(
                ("Content-Type: text/x-note\r\nContent-Transfer-Encoding: \(encoding)\r\n"
                    + "Content-Location: part-\(part)\r\n\r\n").utf8)
            switch encoding {
            case "7bit": text += body
            case "base64": text += noise.base64(body)
            default: text += noise.quotedPrintable(body)
            }
            text += [0x0d, 0x0a]
            bodies.append(body)
            ranges.append(start..<text.count)
        }
        return (text + Array("--b-1--\r\n".utf8), bodies, ranges)
    }

    private func digests(_ opened: Opened) -> Set<Digest> {
        Set(
            opened.members.compactMap {
                if case .passed(_, let digest?, _) = $0.content { digest } else { nil }
            })
    }

    @Test func `no change within one part costs another`() throws {
        let (text, bodies, ranges) = message()
        #expect(digests(try Opened(text)) == Set(bodies.map { Digest(of: $0) }))
        var noise = Noise(seed: 2557)
        for _ in 0..<400 {
            let hit = noise.below(ranges.count)
            var changed = text
            for _ in 0...noise.below(3) {
                // The line end before a delimiter belongs to it.
                let at = ranges[hit].lowerBound - 2 + noise.below(ranges[hit].count)
                changed[at] = UInt8(truncatingIfNeeded: noise.below(256))
            }
            let found = digests(try Opened(changed))
            // A broken delimiter joins the part to the one before it.
            for part in ranges.indices where part != hit && part != hit - 1 {
                #expect(found.contains(Digest(of: bodies[part])), "part \(part) of \(hit)")
            }
        }
    }

    @Test func `what is cut off costs what was there, and is told`() throws {
        let (text, bodies, ranges) = message()
        for end in stride(from: ranges[0].lowerBound + 8, to: text.count - 5, by: 13) {
            let opened = try Opened(Array(text[..<end]))
            let found = digests(opened)
            // A delimiter that is cut is a line of the part before it.
            for part in ranges.indices where ranges[part].upperBound + 5 <= end {
                #expect(found.contains(Digest(of: bodies[part])))
            }
            #expect(opened.reasons.contains(.truncated), "cut at \(end)")
        }
    }

    @Test func `no bytes behind a header of MIME trap`() throws {
        var noise = Noise(seed: 822)
        let words = [
            "--b-1", "--b-1--", "\r\n", "\n", "Content-Type: multipart/mixed; boundary=b-1",
            "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "=?utf-8?B?",
            "Content-Type: text/html", "Content-Location:", " folded", "=", "a=3", "*0*=", "\"",
            "--",
            "Content-Type: x/y; a*=''%", "From ", ": ", "<script", "\0", "\u{ff}",
        ]
        for _ in 0..<2000 {
            var text = Array(Messages.saved([], end: "").utf8)
            for _ in 0..<noise.below(60) {
                text += Array(words[noise.below(words.count)].utf8)
                if noise.below(2) == 0 { text += [0x0d, 0x0a] }
            }
            let opened = try Opened(text)
            #expect(opened.package.members == opened.members.count)
        }
    }

    @Test func `base64 that ends within a byte is read and told`() throws {
        let header = Messages.html("https://a.example/", "\r\nContent-Transfer-Encoding: base64")
        let opened = try Opened(Array(Messages.saved([(header, "PGh0bWw+PHA+QnVzP")]).utf8))
        #expect(opened.lines == ["https://a.example/=<html><p>Bus"])
        #expect(opened.reasons == [.encoding])
    }

    @Test func `a part without end is passed over without being held`() throws {
        var limits = Limits()
        limits.pageBytes = 1 << 16
        let header = "Content-Type: video/mp4\r\nContent-Location: film"
        let film = String(repeating: "\u{1}", count: 5 << 20)
        let opened = try Opened(
            Array(Messages.saved([(header, film), Messages.css]).utf8), limits: limits)
        #expect(opened.members.map(\.size) == [5 << 20, 3])
        #expect(opened.reasons == [])
    }
}
