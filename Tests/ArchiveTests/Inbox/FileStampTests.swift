import Glibc
import Testing

@testable import Archive

@Suite struct FileStampTests {
    @Test func `the same content has the same stamp until it is written to`() throws {
        let place = try InboxPlace()
        try place.write("inbox/a", "one")
        let first = try place.candidate("a").stamp
        #expect(try place.candidate("a").stamp == first)
        #expect(first.size == 3)
        try place.write("inbox/a", "two")
        #expect(try !place.candidate("a").stamp.hasSameContent(as: first))
    }

    @Test func `new rights or a new name leave the content the same`() throws {
        let place = try InboxPlace()
        try place.write("inbox/a", "one")
        let first = try place.candidate("a").stamp
        #expect(chmod("\(place.path)/a", 0o600) == 0)
        #expect(try place.candidate("a").stamp.hasSameContent(as: first))
        try place.link("inbox/a", "inbox/b")
        #expect(try place.candidate("b").stamp.hasSameContent(as: first))
    }

    @Test func `another file with the same size and times is another`() throws {
        let place = try InboxPlace()
        try place.write("inbox/a", "one")
        try place.write("inbox/b", "two")
        let times = [timespec(tv_sec: 1000, tv_nsec: 5), timespec(tv_sec: 1000, tv_nsec: 5)]
        for name in ["a", "b"] { utimensat(AT_FDCWD, "\(place.path)/\(name)", times, 0) }
        let (a, b) = (try place.candidate("a").stamp, try place.candidate("b").stamp)
        #expect(a.modified == 1_000_000_000_005)
        #expect(a.modified == b.modified && a.size == b.size)
        #expect(!a.hasSameContent(as: b))
    }

    @Test func `a descriptor and a name give the same stamp`() throws {
        let place = try InboxPlace()
        try place.write("inbox/a", "one")
        let number = open("\(place.path)/a", O_RDONLY | O_CLOEXEC)
        let file = Descriptor(owning: number)
        #expect(try FileStamp.of(descriptor: file.number) == place.candidate("a").stamp)
        #expect(FileStamp.of(descriptor: -1) == nil)
    }
}
