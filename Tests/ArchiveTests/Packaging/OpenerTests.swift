import Glibc
import Testing

@testable import Archive

/// What the opener made of a file: everything that it handed on, and its closing word.
struct Opened {
    var pieces: [Piece] = []
    var package: Package

    /// Opens `bytes` as a file of that name.
    init(
        _ bytes: [UInt8], name: String = "drop", limits: Limits = Limits(),
        each: (Piece) throws -> Void = { _ in }
    ) throws {
        let file = try #require(tmpfile())
        defer { fclose(file) }
        let descriptor = fileno(file)
        var written = 0
        while written < bytes.count {
            written += bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
        }
        lseek(descriptor, 7, SEEK_SET)
        var pieces: [Piece] = []
        package = try Opener(limits: limits).open(descriptor: descriptor, name: Array(name.utf8)) {
            pieces.append($0)
            try each($0)
        }
        self.pieces = pieces
        #expect(lseek(descriptor, 0, SEEK_CUR) == 7, "the shared position was moved")
    }

    var members: [Member] {
        pieces.compactMap { if case .member(let member) = $0 { member } else { nil } }
    }

    /// Each member as `path=text`, `path!reason` or `path>form`.
    var lines: [String] {
        members.map { member in
            let path = String(decoding: member.path, as: UTF8.self)
            return switch member.content {
            case .capture(let capture): path + "=" + String(decoding: capture.bytes, as: UTF8.self)
            case .refused(let refusal): path + "!" + refusal.reason.rawValue
            case .container(let form, _): path + ">" + form
            case .passed(let form, _, _): path + "-" + form
            }
        }
    }

    var reasons: [Reason] { package.refusals.map(\.reason) }
}

struct OpenerTests {
    typealias Part = BrokenContainers.Part

    private let pair = [Part("a.txt", "first"), Part("d/b.txt", "second")]

    @Test func `a file that is no container is one page with its digest`() throws {
        let opened = try Opened(Array("Ferry resumes".utf8), name: "ferry.zip")
        guard case .page(let capture) = try #require(opened.pieces.first) else {
            Issue.record("not a page")
            return
        }
        #expect(capture.digest == Digest(of: Array("Ferry resumes".utf8)))
        #expect(opened.package.form == "file")
        #expect(opened.package.expandedBytes == 13)
        #expect(opened.package.refusals == [])
    }

    @Test func `an empty file is an empty page`() throws {
        let opened = try Opened([])
        #expect(opened.pieces.count == 1)
        #expect(opened.package.form == "file")
    }

    @Test func `a page is read up to the limit and refused one byte above`() throws {
        var limits = Limits()
        limits.pageBytes = 10
        #expect(try Opened(Array("0123456789".utf8), limits: limits).pieces.count == 1)
        let error = #expect(throws: Refusal.self) {
            try Opened(Array("0123456789a".utf8), limits: limits)
        }
        #expect(error?.reason == .tooLarge)
    }

    @Test func `members of a zip and of a tar come in order with ordinals and digests`() throws {
        for (bytes, form) in [
            (BrokenContainers.zip(pair), "zip"), (BrokenContainers.written(.zip, pair), "zip"),
            (BrokenContainers.tar(pair), "tar"), (BrokenContainers.written(.pax, pair), "tar"),
        ] {
            let opened = try Opened(bytes)
            #expect(opened.lines == ["a.txt=first", "d/b.txt=second"])
            #expect(opened.members.map(\.ordinal) == [0, 1])
            #expect(opened.members.map(\.size) == [5, 6])
            #expect(opened.package.form == form)
            #expect(opened.package.members == 2)
            #expect(opened.package.refusals == [])
            guard case .capture(let capture) = opened.members[0].content else { continue }
            #expect(capture.digest == Digest(of: Array("first".utf8)))
        }
    }

    @Test(arguments: [
        (BrokenContainers.Written.gzip, "gz"), (.bzip2, "bz2"), (.xz, "xz"), (.zstd, "zst"),
        (.lz4, "lz4"),
    ])
    func `every compression is opened alone and around a tar`(
        form: BrokenContainers.Written, suffix: String
    ) throws {
        let alone = try Opened(
            BrokenContainers.written(form, [Part("x", "some words of text")]),
            name: "page.txt.\(suffix)")
        #expect(alone.lines == ["page.txt=some words of text"])
        #expect(alone.package.form == suffix)
        #expect(alone.package.refusals == [])
        let tar = Part(name: [0x78], bytes: BrokenContainers.tar(pair))
        let around = try Opened(BrokenContainers.written(form, [tar]))
        #expect(around.lines == ["a.txt=first", "d/b.txt=second"])
        #expect(around.package.form == "tar.\(suffix)")
        #expect(around.package.refusals == [])
    }

    @Test func `a container within a container is opened with a joined path`() throws {
        let inner = Part(name: Array("inner.zip".utf8), bytes: BrokenContainers.zip(pair))
        let opened = try Opened(BrokenContainers.tar([inner, Part("c.txt", "third")]))
        #expect(
            opened.lines == [
                "inner.zip>zip", "inner.zip!/a.txt=first", "inner.zip!/d/b.txt=second",
                "c.txt=third",
            ])
        #expect(opened.members.map(\.ordinal) == [0, 1, 2, 3])
    }

    @Test func `containers nest to the limit and not beyond`() throws {
        var limits = Limits()
        limits.nesting = 2
        let one = BrokenContainers.zip(pair)
        let two = BrokenContainers.zip([Part(name: Array("1.zip".utf8), bytes: one)])
        let three = BrokenContainers.zip([
            Part(name: Array("2.zip".utf8), bytes: two), Part("z.txt", "kept"),
        ])
        #expect(try Opened(two, limits: limits).lines.last == "1.zip!/d/b.txt=second")
        #expect(
            try Opened(three, limits: limits).lines
                == ["2.zip>zip", "2.zip!/1.zip!nesting", "z.txt=kept"])
        let remedies = try Opened(three, limits: limits).members.compactMap { member -> String? in
            if case .refused(let refusal) = member.content { refusal.remedy } else { nil }
        }
        #expect(remedies == ["raise limits.nesting where the file is trusted"])
    }

    @Test func `a member above the limit is refused and its neighbours are kept`() throws {
        var limits = Limits()
        limits.pageBytes = 6
        let parts = pair + [Part("c.txt", "seventh"), Part("d.txt", "after")]
        for bytes in [BrokenContainers.zip(parts), BrokenContainers.tar(parts)] {
            #expect(
                try Opened(bytes, limits: limits).lines
                    == ["a.txt=first", "d/b.txt=second", "c.txt!too-large", "d.txt=after"])
        }
    }

    @Test func `members are counted to the limit and not beyond`() throws {
        var limits = Limits()
        limits.members = 2
        let three = pair + [Part("c.txt", "third")]
        for (whole, over) in [
            (BrokenContainers.zip(pair), BrokenContainers.zip(three)),
            (BrokenContainers.tar(pair), BrokenContainers.tar(three)),
        ] {
            #expect(try Opened(whole, limits: limits).package.refusals == [])
            let opened = try Opened(over, limits: limits)
            #expect(opened.lines == ["a.txt=first", "d/b.txt=second"])
            #expect(opened.reasons == [.entryCount])
        }
    }

    @Test func `all members together unpack to the limit and not beyond`() throws {
        var limits = Limits()
        limits.expandedBytes = 11
        #expect(
            try Opened(BrokenContainers.zip(pair), limits: limits).lines
                == ["a.txt=first", "d/b.txt=second"])
        limits.expandedBytes = 10
        #expect(
            try Opened(BrokenContainers.zip(pair), limits: limits).lines
                == ["a.txt=first", "d/b.txt!expansion"])
    }

    @Test func `the ratio counts above the floor only`() throws {
        var limits = Limits()
        limits.expansionRatio = 20
        limits.expansionFloor = 1 << 20
        let spaces = [UInt8](repeating: 0x20, count: 1 << 20)
        for form in [BrokenContainers.Written.gzip, .xz, .zstd, .bzip2, .zip] {
            let at = Part(name: [0x78], bytes: spaces)
            let within = try Opened(BrokenContainers.written(form, [at]), limits: limits)
            #expect(within.members.map(\.size) == [1 << 20], "\(form)")
            let above = Part(name: [0x78], bytes: spaces + [0x20])
            let opened = try Opened(BrokenContainers.written(form, [above]), limits: limits)
            guard case .refused(let refusal) = try #require(opened.members.first).content else {
                Issue.record("\(form) was read")
                continue
            }
            #expect(refusal.reason == .expansion)
        }
    }
}
