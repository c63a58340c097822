import Foundation
import Testing

@testable import Archive

struct OpenerDamageTests {
    typealias Part = BrokenContainers.Part

    private let pair = [Part("a.txt", "first"), Part("d/b.txt", "second")]

    private func bomb(_ count: Int) -> Part {
        Part(name: Array("bomb.txt".utf8), bytes: [UInt8](repeating: 0x20, count: count))
    }

    @Test func `one bomb among good members costs one member`() throws {
        var limits = Limits()
        limits.expansionFloor = 1 << 16
        let zip = BrokenContainers.written(.zip, [pair[0], bomb(1 << 20), pair[1]])
        #expect(
            try Opened(zip, limits: limits).lines
                == ["a.txt=first", "bomb.txt!expansion", "d/b.txt=second"])
    }

    @Test func `many bombs end the reading of the file`() throws {
        var limits = Limits()
        limits.expansionFloor = 1 << 16
        limits.expansionRatio = 10
        let bombs = [Part](repeating: bomb(1 << 19), count: 20)
        let opened = try Opened(BrokenContainers.written(.zip, bombs), limits: limits)
        #expect(opened.package.members == Meter.strikesAllowed)
        #expect(opened.reasons == [.expansion])
    }

    @Test func `a bomb within containers is refused like one in the open`() throws {
        var limits = Limits()
        limits.expansionFloor = 1 << 18
        let gzip = BrokenContainers.written(.gzip, [bomb(1 << 20)])
        let once = BrokenContainers.tar([Part(name: Array("b.gz".utf8), bytes: gzip), pair[0]])
        #expect(
            try Opened(
                BrokenContainers.written(.xz, [Part(name: [0x78], bytes: once)]),
                limits: limits
            ).lines == ["b.gz>gz", "b.gz!/b!expansion", "a.txt=first"])
    }

    @Test func `a cut tar gives the members before the cut and says where it ends`() throws {
        let tar = BrokenContainers.tar(pair)
        let opened = try Opened(Array(tar[..<1200]))
        #expect(opened.lines.first == "a.txt=first")
        #expect(opened.reasons == [.truncated])
        let offset = try #require(opened.package.refusals.first?.offset)
        #expect((1024...1200).contains(offset))
    }

    @Test func `a cut tar gz gives the members before the cut`() throws {
        var noise: UInt64 = 1
        let long = (0..<200_000).map { _ -> UInt8 in
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return 0x61 + UInt8(noise >> 60)
        }
        let tar = BrokenContainers.tar([pair[0], Part(name: Array("b.txt".utf8), bytes: long)])
        let gzip = BrokenContainers.written(.gzip, [Part(name: [0x78], bytes: tar)])
        let opened = try Opened(Array(gzip[..<(gzip.count / 2)]))
        #expect(opened.lines == ["a.txt=first", "b.txt!truncated"])
        #expect(opened.reasons == [.truncated])
        #expect(opened.package.refusals.first?.offset == gzip.count / 2)
    }

    @Test func `a zip without its directory is read by its local headers`() throws {
        let zip = BrokenContainers.zip(pair)
        let directory = try #require(zip.indices.first { zip[$0...].starts(with: [80, 75, 1, 2]) })
        for end in [directory, zip.count - 1] {
            let opened = try Opened(Array(zip[..<end]))
            #expect(opened.lines == ["a.txt=first", "d/b.txt=second"])
            #expect(opened.reasons == [.truncated])
        }
        let opened = try Opened(Array(zip[..<(directory - 3)]))
        #expect(opened.lines == ["a.txt=first", "d/b.txt!truncated"])
        #expect(opened.reasons == [.truncated])
    }

    @Test func `a zip member with a wrong check sum is refused and its neighbour kept`() throws {
        var parts = pair
        parts[0].crc = 0xdead_beef
        #expect(
            try Opened(BrokenContainers.zip(parts)).lines
                == ["a.txt!corrupt", "d/b.txt=second"])
    }

    @Test func `sizes in headers are not believed`() throws {
        var parts = pair
        parts[0].size = 0xffff_fff0
        let opened = try Opened(BrokenContainers.zip(parts))
        #expect(opened.lines.first == "a.txt!corrupt")
        var tar = pair
        tar[1].size = 0o7_7777_7777
        #expect(
            try Opened(BrokenContainers.tar(tar)).lines == ["a.txt=first", "d/b.txt!truncated"])
    }

    @Test func `encrypted and unknown methods are refused by name`() throws {
        var parts = pair + [Part("c.txt", "third")]
        parts[0].flags = 1
        parts[1].method = 97
        #expect(
            try Opened(BrokenContainers.zip(parts)).lines
                == ["a.txt!encrypted", "d/b.txt!unsupported", "c.txt=third"])
    }

    @Test func `links are listed and not followed, directories are not listed`() throws {
        var parts = [Part("l", "/etc/passwd"), Part("h", "/etc/passwd"), Part("d/", ""), pair[0]]
        parts[0].type = UInt8(ascii: "2")
        parts[1].type = UInt8(ascii: "1")
        parts[2].type = UInt8(ascii: "5")
        #expect(
            try Opened(BrokenContainers.tar(parts)).lines
                == ["l!special", "h!special", "a.txt=first"])
        parts[0].mode = 0o120777
        parts[2].mode = 0o40755
        #expect(
            try Opened(BrokenContainers.zip([parts[0], parts[2], parts[3]])).lines
                == ["l!special", "a.txt=first"])
    }

    @Test(arguments: [
        ("../a", true), ("a/../b", true), ("/a", true), ("..\\a", true), ("C:\\a", true),
        ("\\\\host\\a", true), ("a..b/c", false), ("..a", false), ("C:a", false),
    ])
    func `a path that leaves its container is refused`(path: String, isRefused: Bool) {
        let refusal = MemberPath.refusal(of: Array(path.utf8))
        #expect((refusal?.reason == .unsafePath) == isRefused)
    }

    @Test func `furniture of macOS is left alone`() throws {
        let parts = [Part("__MACOSX/._a.txt", "x"), Part("d/.DS_Store", "x"), pair[0]]
        #expect(
            try Opened(BrokenContainers.zip(parts)).lines
                == ["__MACOSX/._a.txt!hidden", "d/.DS_Store!hidden", "a.txt=first"])
    }

    @Test func `a name that is not UTF-8 is kept byte for byte`() throws {
        let name = Array("caf".utf8) + [0xe9, 0x1b, 0x5b] + Array(".txt".utf8)
        let part = Part(name: name, bytes: Array("text".utf8))
        for bytes in [BrokenContainers.zip([part]), BrokenContainers.tar([part])] {
            #expect(try Opened(bytes).members.map(\.path) == [name])
        }
    }

    @Test func `a UTF-8 name of a pax header is kept`() throws {
        let parts = [Part("d/caf\u{e9} \u{65e5}\u{672c}.txt", "text")]
        #expect(
            try Opened(BrokenContainers.written(.pax, parts)).lines
                == ["d/caf\u{e9} \u{65e5}\u{672c}.txt=text"])
    }

    @Test func `bytes behind the end are told, padding is not`() throws {
        let gzip = BrokenContainers.written(.gzip, [Part("x", "words")])
        for bytes in [gzip, BrokenContainers.tar(pair), BrokenContainers.zip(pair)] {
            let padded = try Opened(bytes + [UInt8](repeating: 0, count: 3000))
            #expect(padded.reasons == [])
            let trailed = try Opened(bytes + Array("garbage".utf8))
            #expect(trailed.reasons == [.trailingData])
            #expect(trailed.package.refusals.first?.offset == bytes.count)
            #expect(trailed.members.count == padded.members.count)
        }
    }

    @Test func `a gzip of many parts is one page and each check sum counts`() throws {
        let first = BrokenContainers.written(.gzip, [Part("x", "one ")])
        let second = BrokenContainers.written(.gzip, [Part("x", "two")])
        #expect(try Opened(first + second, name: "a.gz").lines == ["a=one two"])
        var broken = first + second
        broken[broken.count - 5] ^= 1
        let opened = try Opened(broken, name: "a.gz")
        #expect(opened.lines == ["a!corrupt"])
        #expect(opened.reasons == [.corrupt])
    }

    @Test func `members that share their bytes are found out`() throws {
        let zip = BrokenContainers.zip(pair)
        let directory = zip[(zip.count - 22 - 46 * 2 - 12)..<(zip.count - 22 - 46 - 7)]
        var shared = Array(zip[..<(zip.count - 22 - 46 * 2 - 12)])
        let start = shared.count
        for _ in 0..<3 { shared += directory }
        shared += [0x50, 0x4b, 5, 6, 0, 0, 0, 0, 3, 0, 3, 0]
        shared += [UInt8(directory.count * 3), 0, 0, 0, UInt8(start), 0, 0, 0, 0, 0]
        let opened = try Opened(shared)
        #expect(opened.lines == ["a.txt=first"])
        #expect(opened.reasons == [.corrupt])
    }

    @Test func `an empty zip says so`() throws {
        #expect(try Opened(BrokenContainers.zip([])).reasons == [.empty])
    }

    @Test func `what the receiver throws comes out as it is`() {
        let full = Refusal(.diskFull, "no room")
        for bytes in [Array("a page".utf8), BrokenContainers.zip(pair)] {
            #expect(throws: full) { try Opened(bytes) { _ in throw full } }
        }
    }

    @Test func `no cut and no flipped byte of a bundle traps`() throws {
        let whole = [
            BrokenContainers.zip(pair), BrokenContainers.tar(pair),
            BrokenContainers.written(.zip, pair),
            BrokenContainers.written(.gzip, [Part("x", "words")]),
        ]
        for bytes in whole {
            for index in stride(from: 0, to: bytes.count, by: 7) {
                _ = try Opened(Array(bytes[..<index]))
                var flipped = bytes
                flipped[index] ^= 0x40
                _ = try Opened(flipped)
            }
        }
    }

    /// ISA-L tells more of this left over than it was given.
    private static let miscounted = """
        H4sIAAAAAAACA12Qz2rCQBDG74LvML03bqJi6TYGrB60FWwlRehtjGNcGjfL7gRM6aEP0Sfsk3Tj
        H4Tuafjmm998s6vRciyiTtRurXwVpLUhCZacKbWji4g2Jw7eljMJO2bjpBA5fhIzdeiAe1OQwLN3
        guwB3TC6C8JeEA7SsC/DrgwH72fDkrLSboLZREJcWS2rSm1keHqYvFvjUjNpPidBYwqVIatSi2b1
        A+xd
        """

    @Test func `a gzip whose decoder miscounts is refused as any damaged one`() throws {
        let bytes = try #require(
            Data(base64Encoded: Self.miscounted, options: .ignoreUnknownCharacters))
        let opened = try Opened([UInt8](bytes))
        let reasons = opened.reasons.map(\.rawValue) + opened.lines
        #expect(reasons.contains { $0.hasSuffix("corrupt") }, "\(reasons)")
    }
}
