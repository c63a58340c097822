import Glibc
import Testing

@testable import Archive

@Suite struct OriginalsTests {
    private let digest = Digest(of: "words".utf8)

    /// Originals that hold one file.
    private func originals(_ place: InboxPlace) throws -> Originals {
        mkdir("\(place.root)/state", 0o777)
        let originals = try Originals(stateDirectory: "\(place.root)/state")
        try place.write("state/tmp/copy", "words")
        let number = open("\(place.root)/state/tmp/copy", O_RDONLY | O_CLOEXEC)
        try originals.keep([
            ("\(place.root)/state/tmp/copy", Descriptor(owning: number), digest)
        ])
        return originals
    }

    /// Where the file is.
    private func places(_ place: InboxPlace) -> [String] {
        let hex = digest.hex
        return ["originals/\(hex.prefix(2))/\(hex)", "quarantine/\(hex)"].filter {
            place.exists("state/\($0)")
        }.map { String($0.prefix { $0 != "/" }) }
    }

    @Test func `half copies are removed at the start and originals stay`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        try place.write("state/tmp/0-1", "half")
        try place.write("state/quarantine/note", "kept")
        let again = try Originals(stateDirectory: originals.root)
        #expect(place.names("state/tmp").isEmpty)
        #expect(again.computedDigest(of: digest) == digest)
        #expect(place.names("state/quarantine") == ["note"])
        #expect(place.names("state/originals").count == 256)
    }

    @Test func `a state directory that cannot be made is told by its path`() throws {
        let place = try InboxPlace()
        try place.write("inbox/file", "x")
        let error = #expect(throws: DurabilityError.self) {
            try Originals(stateDirectory: "\(place.path)/file")
        }
        #expect(error?.errno == ENOTDIR)
        #expect(error?.description.contains("inbox/file/originals") == true)
    }

    @Test func `a file is in one place whether quarantined released or discarded`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        #expect(places(place) == ["originals"])
        try originals.quarantine(digest, reason: "corrupt: no end\npath: a.zip")
        #expect(places(place) == ["quarantine"])
        #expect(
            place.text("state/quarantine/\(digest.hex).reason")
                == "corrupt: no end\npath: a.zip\n")
        #expect(originals.computedDigest(of: digest) == digest)
        try originals.release(digest)
        #expect(places(place) == ["originals"])
        #expect(place.names("state/quarantine").isEmpty)
        try originals.quarantine(digest, reason: "again")
        try originals.quarantine(digest, reason: "b")
        #expect(places(place) == ["quarantine"])
        #expect(place.text("state/quarantine/\(digest.hex).reason") == "b\n", "not half of each")
        try originals.discard(digest)
        #expect(places(place).isEmpty)
        #expect(place.names("state/quarantine").isEmpty)
        #expect(throws: DurabilityError.self) { try originals.release(digest) }
    }

    @Test func `one flipped bit is told by the digest`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        #expect(originals.computedDigest(of: digest) == digest)
        let number = open(originals.path(of: digest), O_WRONLY | O_CLOEXEC)
        let file = Descriptor(owning: number)
        #expect(pwrite(file.number, [UInt8(ascii: "w") ^ 1], 1, 0) == 1)
        let computed = originals.computedDigest(of: digest)
        #expect(computed != nil && computed != digest)
        #expect(originals.computedDigest(of: Digest(of: [])) == nil, "missing")
    }

    @Test func `originals are listed by their first byte and only they`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        let prefix = digest.bytes[0]
        try place.write("state/originals/\(digest.hex.prefix(2))/stray", "x")
        #expect(originals.digests(prefix: prefix) == [digest])
        #expect(originals.digests(prefix: prefix &+ 1).isEmpty)
        originals.remove(torn: digest)
        #expect(originals.digests(prefix: prefix).isEmpty)
    }

    @Test func `what no register and no lane knows is told, whatever the clock says`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        let prefix = digest.bytes[0]
        // A lane has kept it and is about to register it.
        var found = originals.compare(prefix: prefix) { [] }
        #expect(found.unregistered.isEmpty && found.missing == 0)
        originals.settle([digest])
        found = originals.compare(prefix: prefix) { [digest] }
        #expect(found.unregistered.isEmpty && found.missing == 0)
        // The lane left it, or a crash did: another start has times of before or after its own.
        for start in [originals, try Originals(stateDirectory: originals.root)] {
            for time in [0, 4_000_000_000] {
                var times = [
                    timespec(tv_sec: time, tv_nsec: 0), timespec(tv_sec: time, tv_nsec: 0),
                ]
                #expect(utimensat(AT_FDCWD, originals.path(of: digest), &times, 0) == 0)
                found = start.compare(prefix: prefix) { [] }
                #expect(found.unregistered == [digest])
            }
        }
        let absent = Digest(bytes: [prefix] + [UInt8](repeating: 0, count: 31))
        found = originals.compare(prefix: prefix) { Set([digest, absent].compactMap(\.self)) }
        #expect(found.unregistered.isEmpty && found.missing == 1)
    }

    @Test func `what a lane keeps and registers while both are compared is not told`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        // The register is asked last: what a lane registered meanwhile is in it.
        let found = originals.compare(prefix: digest.bytes[0]) {
            originals.settle([digest])
            return [digest]
        }
        #expect(found.unregistered.isEmpty && found.missing == 0)
    }

    @Test func `an original that is a link is not followed`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        originals.remove(torn: digest)
        try place.write("outside/words", "words")
        symlink("\(place.root)/outside/words", originals.path(of: digest))
        #expect(originals.open(digest) == nil)
    }

    @Test func `copies that cannot be named are an error of the disk`() throws {
        let place = try InboxPlace()
        let originals = try originals(place)
        let file = Descriptor(owning: open(originals.path(of: digest), O_RDONLY | O_CLOEXEC))
        for count in [1, 20] {
            let missing = (0..<count).map { ("\(place.root)/state/tmp/none-\($0)", file, digest) }
            let error = #expect(throws: DurabilityError.self) { try originals.keep(missing) }
            #expect(error?.errno == ENOENT)
        }
    }
}
