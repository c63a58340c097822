internal import Glibc

/// Which segments the index on disk consists of, and up to which revision it is complete.
///
/// The file `manifest` is replaced as a whole, by rename:
///
///     "arcman02", UInt64 revision, UInt64 number of the next segment, UInt64 segments, then of
///     each UInt64 number, fingerprints of its two files (`IndexFile`), number of words of the
///     dead, those words; then the XXH64 of all before it
///
/// Files that it does not name are of no use, and are removed.
struct Manifest: Equatable {
    struct Entry: Equatable {
        var number: UInt64
        var lists: UInt64
        var positions: UInt64
        var dead: Tombstones
    }

    static let fileName = "manifest"
    private static let magic: UInt64 = 0x3230_6E61_6D63_7261

    var revision = 0
    var nextNumber: UInt64 = 1
    var entries: [Entry] = []

    init() {}

    /// Reads the manifest of a directory; an empty one where there is none.
    init(directory: String) throws(IndexDamage) {
        guard let bytes = Self.bytes(of: "\(directory)/\(Self.fileName)") else { return }
        var numbers: [UInt64] = []
        bytes.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count - bytes.count % 8, by: 8) {
                numbers.append(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
        }
        let hash = bytes.dropLast(8).withUnsafeBytes { XXHash64.hash($0) }
        guard bytes.count % 8 == 0, numbers.count >= 5, numbers[0] == Self.magic,
            numbers.last == hash, read(numbers.dropLast())
        else {
            throw IndexDamage(file: Self.fileName, offset: 0, detail: "its content is wrong")
        }
    }

    private mutating func read(_ numbers: ArraySlice<UInt64>) -> Bool {
        revision = Int(truncatingIfNeeded: numbers[1])
        nextNumber = numbers[2]
        var place = 4
        while place < numbers.count {
            guard place + 4 <= numbers.count, numbers[place + 3] <= UInt64(numbers.count) else {
                return false
            }
            let end = place + 4 + Int(numbers[place + 3])
            guard end <= numbers.count else { return false }
            entries.append(
                Entry(
                    number: numbers[place], lists: numbers[place + 1],
                    positions: numbers[place + 2],
                    dead: Tombstones(words: Array(numbers[(place + 4)..<end]))))
            place = end
        }
        return UInt64(entries.count) == numbers[3]
    }

    private static func bytes(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Replaces the manifest of a directory; durable when this returns.
    func write(to directory: String) throws(IndexFailure) {
        var numbers = [Self.magic, UInt64(revision), nextNumber, UInt64(entries.count)]
        for entry in entries {
            let dead = entry.dead.words
            numbers += [entry.number, entry.lists, entry.positions, UInt64(dead.count)] + dead
        }
        numbers.append(numbers.withUnsafeBytes { XXHash64.hash($0) })
        let path = "\(directory)/\(Self.fileName)"
        let descriptor = open(
            path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw IndexFailure("open", Self.fileName) }
        defer { close(descriptor) }
        guard numbers.withUnsafeBytes({ IndexSink.write($0, to: descriptor) }) else {
            throw IndexFailure("write", Self.fileName)
        }
        guard fsync(descriptor) == 0 else { throw IndexFailure("fsync", Self.fileName) }
        guard rename(path + ".new", path) == 0 else { throw IndexFailure("rename", Self.fileName) }
        try Self.sync(directory)
    }

    /// Makes the names of a directory durable.
    static func sync(_ directory: String) throws(IndexFailure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IndexFailure("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw IndexFailure("fsync", directory) }
    }

    /// Removes all files of a directory that the manifest does not name.
    func removeOthers(in directory: String) {
        var kept: Set<String> = [Self.fileName]
        for entry in entries {
            kept.formUnion(["\(entry.number).lists", "\(entry.number).positions"])
        }
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isOurs =
                name.hasSuffix(".lists") || name.hasSuffix(".positions")
                || name.hasSuffix(".new")
            if isOurs, !kept.contains(name) { unlink("\(directory)/\(name)") }
        }
    }
}
