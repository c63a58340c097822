import Glibc
import Testing

@testable import Archive

struct SevenZipTests {
    typealias Part = BrokenContainers.Part

    private let pair = [Part("a.txt", "first"), Part("d/b.txt", "second")]

    @Test func `members of a 7z are read, alone and within a zip`() throws {
        let sevenZip = BrokenContainers.written(.sevenZip, pair)
        let opened = try Opened(sevenZip, name: "papers.7z")
        #expect(opened.lines == ["a.txt=first", "d/b.txt=second"])
        #expect(opened.package.form == "7z")
        #expect(opened.reasons == [])
        let within = BrokenContainers.zip([Part(name: Array("p.7z".utf8), bytes: sevenZip)])
        #expect(try Opened(within).lines.last == "p.7z!/d/b.txt=second")
    }

    @Test func `a large 7z within a container is refused with its way out`() throws {
        let large =
            BrokenContainers.written(.sevenZip, pair)
            + [UInt8](repeating: 0, count: Unpacking.heldBytes)
        let tar = BrokenContainers.tar([Part(name: Array("p.7z".utf8), bytes: large), pair[0]])
        let opened = try Opened(tar)
        #expect(opened.lines == ["p.7z>7z", "a.txt=first"])
        #expect(opened.reasons == [.unsupported])
        #expect(opened.package.refusals.first?.remedy == "drop it by itself")
    }

    @Test func `encrypted members and an encrypted directory are refused as encrypted`() throws {
        // Written with the password `x`: of two members, and of one with its name encrypted too.
        let members = """
            N3q8ryccAAS+sK51rgAAAAAAAAAVAAAAAAAAAHM5cnObs7Jygvvo5INXoj88Y4PPC8fA+ezca/4qlLdZfyf8
            91F5cpjkS5mJIB4DJHJfyYfgAIQAdl0AAIEzB64P0QEiFanjhijTCw21Agez9hv/RQX6L2dyyVRjauH8acZF
            GVhXtWoJXuVChS0BNVoKddIJrl7ClwiLrciEBG3o9LFWZ1bc1Wq1GT9XSdN76VyXSbU9HUGyU0KPlkSERyR8
            9eUPiR2+Ce/oHHBiDgAAAAAXBjABCX4ABwsBAAEhIQEYDICFAAA=
            """
        let directory = """
            N3q8ryccAAQw3dJFkAAAAAAAAAAoAAAAAAAAAGB0l5kQ1aKAGZzTf2x2hOOyAroZ514PFtOo/wn9yiHBtGD7
            LgorUbHB0P2INMyV5HyhSENWynPjuFkvvCvT5FO0CeZ7TQtP2d1OBOM5hn/u3TEsJy25fZL7mfJ6J6PQa9Km
            IlxQ1eeRnPyUk2oA0jZGm8MQHyDuLt7eFpiDbzlSxLjsyNy0W2aQfzKbvayF8Vh+EAQXBiABCXAABwsBAAEk
            BvEHARJTD/+VK44PtV1d+9KZLpKzFDUMZQAA
            """
        #expect(
            try Opened(SmallBase64.bytes(members)).lines == ["a.txt!encrypted", "b.txt!encrypted"])
        #expect(try Opened(SmallBase64.bytes(directory)).reasons == [.encrypted])
    }

    @Test func `a bomb in a solid block ends the reading, and a large member does not`() throws {
        var limits = Limits()
        limits.expansionFloor = 1 << 20
        let spaces = [UInt8](repeating: 0x20, count: 4 << 20)
        let parts = [pair[0], Part(name: Array("s.txt".utf8), bytes: spaces), pair[1]]
        let sevenZip = BrokenContainers.written(.sevenZip, parts)
        let bomb = try Opened(sevenZip, limits: limits)
        #expect(bomb.lines == ["a.txt=first", "s.txt!expansion"])
        #expect(bomb.reasons == [.expansion])
        limits = Limits()
        limits.pageBytes = 1 << 20
        let large = try Opened(sevenZip, limits: limits)
        #expect(large.lines == ["a.txt=first", "s.txt!too-large", "d/b.txt=second"])
        #expect(large.reasons == [])
    }

    @Test func `a 7z that asks for too much memory is refused before it is unpacked`() throws {
        // A line of text packed by PPMd with a model of 1 GiB, its directory by LZMA2.
        let greedy = """
            N3q8ryccAATPJ5QwcQAAAAAAAAAUAAAAAAAAAPLqdHwAVBY7tq9JtQgj1QPyZTjr8YTcXVOmeC5e9QwA4ABQ
            AE1dAACBMweuD8/Hr2gP6+qeAQ7oyIINmGmZ+3OIxZea75z+6t9TIlOdtMJHa1oid0NTq4uYj9FByHSP6AZP
            RXdtx81mtx7kuq2MkWzWxvUAABcGHAEJVQAHCwEAASEhARgMUQAA
            """
        // The same line packed by LZMA with a dictionary of 1 GiB, its directory by LZMA.
        let wide = """
            N3q8ryccAASaP+J9eAAAAAAAAAAgAAAAAAAAADsqlTAAKhoIogLKclD++VBhaevRfv8uuMNBgDaLoyspN7Pb
            f//thiAAAACBMweuD9BaW3yfP0dBXPZnHBYI9ZhANh86o0sN/KVyVcpAGa5h1hj/hmc5A9PnR4abppnoYvXn
            dyRh88vKN8tQ6hmGNLAC1VtkGK9D//YdYAAXBiUBCVMABwsBAAEjAwEBBV0AEAAADFAKAZB8HZcAAA==
            """
        for text in [greedy, wide] {
            let opened = try Opened(SmallBase64.bytes(text))
            #expect(opened.lines == [])
            #expect(opened.reasons == [.expansion])
        }
    }

    @Test func `a 7z that is cut, damaged or was never finished is told apart`() throws {
        let whole = BrokenContainers.written(.sevenZip, pair)
        #expect(try Opened(Array(whole[..<20])).reasons == [.truncated])
        var damaged = whole
        damaged[14] ^= 1
        #expect(try Opened(damaged).reasons == [.corrupt])
        let empty = whole[..<8] + [UInt8](repeating: 0, count: 64)
        #expect(try Opened(Array(empty)).reasons == [.unsupported])
        for end in stride(from: 32, to: whole.count, by: 5) {
            #expect(try Opened(Array(whole[..<end])).reasons != [], "cut at \(end)")
        }
        for index in stride(from: 0, to: whole.count, by: 3) {
            var flipped = whole
            flipped[index] ^= 0x10
            _ = try Opened(flipped)
        }
    }
}

/// Base64 as test files hold it.
enum SmallBase64 {
    static func bytes(_ text: String) -> [UInt8] {
        var decoder = TransferDecoder(.base64)
        Array(text.utf8).withUnsafeBytes {
            decoder.decode(MIMELines.Line(bytes: $0, ending: 0, isStart: true, offset: 0))
        }
        decoder.finish()
        return decoder.output
    }
}

/// Single compressed streams beyond the plain case, and tars and zips of every kind.
struct StreamTests {
    typealias Part = BrokenContainers.Part

    private let pair = [Part("a.txt", "first"), Part("d/b.txt", "second")]

    @Test(arguments: [BrokenContainers.Written.gzip, .bzip2, .xz, .zstd, .lz4])
    func `streams one behind the other are one page`(form: BrokenContainers.Written) throws {
        let first = BrokenContainers.written(form, [Part("x", "one ")])
        let second = BrokenContainers.written(form, [Part("x", "two")])
        let opened = try Opened(first + second)
        #expect(opened.lines == ["drop=one two"], "\(form)")
        #expect(opened.reasons == [], "\(form)")
    }

    @Test func `skippable frames of zstd and lz4 are passed over`() throws {
        let frame: [UInt8] = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]
        for (form, suffix) in [(BrokenContainers.Written.zstd, "zst"), (.lz4, "lz4")] {
            let stream = BrokenContainers.written(form, [Part("x", "some words")])
            // libarchive knows a skippable frame before the others in Zstandard only.
            let first = form == .zstd ? [frame + stream, frame + frame + stream] : []
            for bytes in first + [stream + frame] {
                let opened = try Opened(bytes)
                #expect(opened.lines == ["drop=some words"], "\(form)")
                #expect(opened.package.form == suffix)
                #expect(opened.reasons == [])
            }
        }
    }

    @Test(arguments: ["v7", "ustar", "gnu", "oldgnu", "pax"])
    func `every tar that the system writes is read`(format: String) throws {
        let long = String(repeating: "long/", count: 17) + "name.txt"
        let bytes = try System.run(
            "printf first > a.txt; mkdir -p \(long.dropLast(9)); printf second > \(long); "
                + "tar --format=\(format) -cf out a.txt \(long)")
        #expect(try Opened(bytes).lines == ["a.txt=first", "\(long)=second"])
    }

    @Test func `sparse files of a tar come with their holes as zeros`() throws {
        let bytes = try System.run(
            "printf words > s.txt; truncate -s 100000 s.txt; printf end >> s.txt; "
                + "tar -S -cf out s.txt")
        let member = try #require(try Opened(bytes).members.first)
        #expect(member.size == 100_003)
    }

    @Test func `a tar behind a tar is told, the first is read`() throws {
        let tar = BrokenContainers.tar(pair)
        let opened = try Opened(tar + tar)
        #expect(opened.lines == ["a.txt=first", "d/b.txt=second"])
        #expect(opened.reasons == [.trailingData])
    }

    @Test(
        .enabled(if: access("/usr/bin/zip", X_OK) == 0, "needs zip"),
        arguments: [
            ("zip -q out.zip a.txt d/b.txt", ["a.txt=first", "d/b.txt=second"]),
            ("zip -q -0 out.zip a.txt d/b.txt", ["a.txt=first", "d/b.txt=second"]),
            ("cat a.txt | zip -q out.zip -", ["-=first"]),
            ("cat a.txt | zip -q -fz out.zip - ", ["-=first"]),
            ("zip -q out.zip caf\u{e9}.txt", ["caf\u{e9}.txt=third"]),
            ("zip -q -P x out.zip a.txt", ["a.txt!encrypted"]),
            (
                "mkdir __MACOSX; cp a.txt __MACOSX/._a.txt; zip -qr out.zip a.txt __MACOSX/._a.txt",
                ["a.txt=first", "__MACOSX/._a.txt!hidden"]
            ),
        ])
    func `zips that the system writes are read`(command: String, lines: [String]) throws {
        let bytes = try System.run(
            "printf first > a.txt; mkdir d; printf second > d/b.txt; printf third > caf\u{e9}.txt; "
                + "\(command); mv out.zip out")
        let opened = try Opened(bytes)
        #expect(opened.lines == lines)
        #expect(opened.reasons == [])
    }
}

/// Programs of the system that write archives.
enum System {
    /// What `script` left in the file `out`, run in a folder of its own.
    static func run(_ script: String) throws -> [UInt8] {
        var template = Array("/tmp/archived-test-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        let status = system("cd \(folder) && { \(script); }")
        defer { _ = system("rm -rf \(folder)") }
        try #require(status == 0)
        let file = try #require(fopen("\(folder)/out", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
    }
}
