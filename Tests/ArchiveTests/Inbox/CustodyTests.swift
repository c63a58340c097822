import Glibc
import Testing

@testable import Archive

@Suite struct CustodyTests {
    private func custody(
        _ place: InboxPlace, fileBytes: Int = 1 << 30, reserveBytes: Int = 0
    ) throws -> Custody {
        mkdir("\(place.root)/state", 0o777)
        return Custody(
            originals: try Originals(stateDirectory: "\(place.root)/state"), fileBytes: fileBytes,
            reserveBytes: reserveBytes, lane: "test")
    }

    /// Each result as `name=text` of its original or `name: outcome`.
    private func lines(_ taken: [Custody.Taken]) -> [String] {
        taken.map { item in
            switch item {
            case .deposit(let deposit):
                "\(deposit.path.text)=\(InboxPlace.text(deposit.original))"
            case .outcome(let path, let outcome): "\(path.text): \(outcome.words)"
            }
        }.sorted()
    }

    private func deposits(_ taken: [Custody.Taken]) -> [Deposit] {
        taken.compactMap { if case .deposit(let deposit) = $0 { deposit } else { nil } }
    }

    private let none: ([Digest]) -> Set<Digest> = { _ in [] }

    @Test func `a file is kept byte for byte under its digest and nobody may write to it`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        let texts = ["a": "", "b": "words", "c": String(repeating: "long ", count: 150_000)]
        for (name, text) in texts { try place.write("inbox/\(name)", text) }
        let taken = deposits(try custody.take(try place.batch("a", "b", "c"), isKnown: none))
        #expect(taken.count == 3)
        for deposit in taken {
            let text = try #require(texts[deposit.path.text])
            #expect(deposit.digest == Digest(of: text.utf8))
            #expect(deposit.size == text.utf8.count)
            let path = custody.originals.path(of: deposit.digest)
            #expect(
                path == "\(place.root)/state/originals/\(deposit.digest.hex.prefix(2))/"
                    + deposit.digest.hex)
            #expect(InboxPlace.text(path) == text)
            #expect(custody.originals.computedDigest(of: deposit.digest) == deposit.digest)
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o227 == 0, "only owner and group read it")
            #expect(place.text("inbox/\(deposit.path.text)") == text, "it has not left the inbox")
        }
        #expect(place.names("state/tmp").isEmpty)
    }

    @Test func `an original does not change when another name of its file is written to`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        try place.write("outside/a", "one")
        try place.link("outside/a", "inbox/a")
        let taken = deposits(try custody.take(try place.batch("a"), isKnown: none))
        try place.write("outside/a", " two")
        #expect(taken.map { InboxPlace.text(custody.originals.path(of: $0.digest)) } == ["one"])
    }

    @Test func `bytes that are known are handed on and not kept twice`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        try place.write("inbox/a", "known")
        try place.write("inbox/b", "new")
        let first = deposits(try custody.take(try place.batch("a"), isKnown: none))
        let path = custody.originals.path(of: Digest(of: "known".utf8))
        var before = stat()
        stat(path, &before)
        var asked: [[Digest]] = []
        let again = try custody.take(try place.batch("a", "b")) { digests in
            asked.append(digests)
            return Set(first.map(\.digest))
        }
        #expect(asked == [[Digest(of: "known".utf8), Digest(of: "new".utf8)]])
        #expect(lines(again) == ["a=known", "b=new"])
        var after = stat()
        stat(path, &after)
        #expect(before.st_ino == after.st_ino)
        #expect(place.names("state/tmp").isEmpty)
    }

    @Test func `bytes that are known and were lost are kept anew`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        try place.write("inbox/a", "known")
        let digest = Digest(of: "known".utf8)
        _ = try custody.take(try place.batch("a")) { _ in [digest] }
        #expect(custody.originals.computedDigest(of: digest) == digest)
    }

    @Test func `the same bytes twice and many files at once are kept`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        let names = (0..<20).map { "\($0)" }
        for name in names { try place.write("inbox/\(name)", "\((Int(name) ?? 0) / 2)") }
        let batch = Batch(
            candidates: try names.map { try place.candidate($0) }, inbox: try place.descriptor())
        let taken = deposits(try custody.take(batch, isKnown: none))
        #expect(taken.count == 20)
        for deposit in taken {
            #expect(custody.originals.computedDigest(of: deposit.digest) == deposit.digest)
            #expect(Digest(of: InboxPlace.text(deposit.original).utf8) == deposit.digest)
        }
        #expect(Set(taken.map(\.digest)).count == 10)
        #expect(place.names("state/tmp").isEmpty)
    }

    @Test func `a file that is not what it was is looked at again`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        for name in ["longer", "replaced", "pipe", "link", "gone", "same"] {
            try place.write("inbox/\(name)", "x")
        }
        let batch = try place.batch("longer", "replaced", "pipe", "link", "gone", "same")
        try place.write("inbox/longer", "y")
        try place.drop("replaced", "x")
        for name in ["pipe", "link", "gone"] { unlink("\(place.path)/\(name)") }
        mkfifo("\(place.path)/pipe", 0o600)
        symlink("\(place.path)/same", "\(place.path)/link")
        #expect(
            lines(try custody.take(batch, isKnown: none)) == [
                "gone: gone", "link: changed", "longer: changed", "pipe: changed",
                "replaced: changed", "same=x",
            ])
        #expect(place.names("state/tmp").isEmpty)
    }

    @Test func `a file that may not be read waits for its rights and others do not`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        for directory in ["", "/inbox", "/state/tmp"] { chmod(place.root + directory, 0o777) }
        for name in InboxPlace.names(Array("\(place.root)/state/originals".utf8)) {
            chmod("\(place.root)/state/originals/\(String(decoding: name, as: UTF8.self))", 0o777)
        }
        try place.write("inbox/closed", "x")
        try place.write("inbox/open", "y")
        chmod("\(place.path)/closed", 0)
        let batch = try place.batch("closed", "open")
        let taken = try Unprivileged.run { try custody.take(batch, isKnown: none) }
        #expect(lines(taken) == ["closed: waiting permission", "open=y"])
    }

    @Test func `a copy that a failed batch left is no hindrance and not written through`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        try place.write("outside/a", "precious")
        try place.link("outside/a", "state/tmp/test-0")
        try place.write("inbox/a", "x")
        #expect(lines(try custody.take(try place.batch("a"), isKnown: none)) == ["a=x"])
        #expect(place.text("outside/a") == "precious")
    }

    @Test func `a file above the limit waits and one at the limit is taken`() throws {
        let place = try InboxPlace()
        let custody = try custody(place, fileBytes: 4)
        try place.write("inbox/four", "1234")
        try place.write("inbox/five", "12345")
        let taken = try custody.take(try place.batch("four", "five"), isKnown: none)
        #expect(lines(taken) == ["five: waiting too-large", "four=1234"])
    }

    @Test func `a file for which there is no room waits and leaves nothing behind`() throws {
        let place = try InboxPlace()
        let custody = try custody(place, reserveBytes: .max)
        try place.write("inbox/a", "x")
        let taken = try custody.take(try place.batch("a"), isKnown: none)
        #expect(lines(taken) == ["a: waiting disk-full"])
        #expect(place.names("state/tmp").isEmpty)
        #expect(place.text("inbox/a") == "x")
    }

    @Test func `a file leaves the inbox only if it is the one that was read`() throws {
        let place = try InboxPlace()
        let custody = try custody(place)
        for name in ["same", "longer", "replaced", "gone", "rights", "pipe"] {
            try place.write("inbox/\(name)", "x")
        }
        let batch = try place.batch("same", "longer", "replaced", "gone", "rights", "pipe")
        let taken = deposits(try custody.take(batch, isKnown: none))
        try place.write("inbox/longer", "y")
        try place.drop("replaced", "z")
        for name in ["gone", "pipe"] { unlink("\(place.path)/\(name)") }
        mkfifo("\(place.path)/pipe", 0o600)
        chmod("\(place.path)/rights", 0o600)
        let outcomes = custody.release(taken, from: batch.inbox)
        #expect(
            outcomes.map { "\($0.text): \($1.words)" }.sorted() == [
                "gone: gone", "longer: changed", "pipe: gone", "replaced: changed",
                "rights: settled", "same: settled",
            ])
        #expect(place.names("inbox") == ["longer", "pipe", "replaced"])
        #expect(place.text("inbox/longer") == "xy")
    }

    @Test func `whether a file is open for writing is told by the kernel`() throws {
        let place = try InboxPlace()
        try place.write("inbox/a", "x")
        let inbox = try place.descriptor()
        #expect(Custody.hasNoWriter(InboxPath("a"), in: inbox) == true)
        let writer = try Writer("\(place.path)/a")
        #expect(Custody.hasNoWriter(InboxPath("a"), in: inbox) == false)
        withExtendedLifetime(writer) {}
        #expect(Custody.hasNoWriter(InboxPath("none"), in: inbox) == nil)
    }
}

/// The rights of a user who owns nothing, for the calls of one thread on the file system.
enum Unprivileged {
    private typealias Call = @convention(c) (UInt32) -> Int32

    static func run<T>(_ body: () throws -> T) throws -> T {
        guard getuid() == 0 else { return try body() }
        let symbol = try #require(dlsym(nil, "setfsuid"))
        let setUser = unsafeBitCast(symbol, to: Call.self)
        _ = setUser(65_534)
        defer { _ = setUser(0) }
        return try body()
    }
}
