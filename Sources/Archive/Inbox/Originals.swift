internal import CLinux
internal import Glibc
internal import Synchronization

/// A failure of the disk under the state directory, after which nothing more may be written.
///
/// After a failed fsync the kernel may have dropped the data and forgotten the error, so trying
/// again proves nothing: the daemon stops writing, keeps answering, and ends to be restarted.
struct DurabilityError: Error, CustomStringConvertible {
    var call: String
    var path: String
    var errno: Int32

    var description: String { "\(call) of \(path) failed: \(String(cString: strerror(errno)))" }
}

/// The originals and the quarantine: plain files named by their SHA-256.
///
///     originals/ab/ab01…   what was stored, byte for byte; `sha256sum` verifies it
///     quarantine/cd02…     what could not be read, with `cd02….reason` beside it
///     tmp/                 half copies; emptied at every start
struct Originals: Sendable {
    /// The state directory.
    let root: String
    /// What is kept already and may not be registered yet.
    private let underWay = UnderWay()

    /// Makes the directories that are missing, and empties `tmp`.
    ///
    /// - Throws: DurabilityError naming the directory that cannot be made.
    init(stateDirectory: String) throws(DurabilityError) {
        root = stateDirectory
        for name in ["originals", "quarantine", "tmp"] { try Self.makeDirectory("\(root)/\(name)") }
        for prefix in 0..<256 {
            let digits = String(prefix, radix: 16)
            try Self.makeDirectory("\(root)/originals/\(prefix < 16 ? "0" : "")\(digits)")
        }
        try Self.syncDirectory("\(root)/originals")
        try Self.syncDirectory(root)
        for name in Self.names(in: "\(root)/tmp") { unlink("\(root)/tmp/\(name)") }
    }

    /// Where an original is kept.
    func path(of digest: Digest) -> String {
        let hex = digest.hex
        return "\(root)/originals/\(hex.prefix(2))/\(hex)"
    }

    /// Where a file in quarantine is kept.
    func quarantinePath(of digest: Digest) -> String { "\(root)/quarantine/\(digest.hex)" }

    /// Opens an original, or else the file in quarantine with that digest.
    func open(_ digest: Digest) -> Descriptor? {
        for path in [path(of: digest), quarantinePath(of: digest)] {
            let number = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            if number >= 0 { return Descriptor(owning: number) }
        }
        return nil
    }

    /// Whether the file with that digest is there with all its bytes, as far as its size tells.
    func holds(_ digest: Digest, size: Int) -> Bool {
        guard let file = open(digest) else { return false }
        return FileStamp.of(descriptor: file.number)?.size == size
    }

    /// Reads an original from the disk and computes its digest: a fixity check (PREMIS).
    ///
    /// - Returns: nil where the file is missing or cannot be read.
    func computedDigest(of digest: Digest) -> Digest? {
        guard let file = open(digest) else { return nil }
        var hasher = Digest.Hasher()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(file.number, &buffer, buffer.count)
            if count < 0 { return nil }
            if count == 0 { break }
            buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return hasher.digest()
    }

    /// What the disk holds of one prefix beside the register, and the register beside the disk.
    ///
    /// What a lane is about to register counts as registered. No time is compared: the clock may
    /// have been set since a file was named. Hence the order: the disk, the lanes, the register.
    ///
    /// - Parameter registered: asks the register.
    func compare(prefix: UInt8, with registered: () throws -> Set<Digest>) rethrows
        -> (unregistered: Set<Digest>, missing: Int)
    {
        let onDisk = Set(digests(prefix: prefix))
        let awaited = underWay.digests
        let registered = try registered()
        return (
            onDisk.subtracting(registered).subtracting(awaited),
            registered.subtracting(onDisk).count
        )
    }

    /// Notes that originals are registered, or stay in the inbox to be taken again.
    func settle(_ digests: [Digest]) { underWay.remove(digests) }

    /// Removes a file that is not what its name says and that no register knows.
    func remove(torn digest: Digest) { unlink(path(of: digest)) }

    /// The digests of all originals whose first byte is `prefix`.
    func digests(prefix: UInt8) -> [Digest] {
        let digits = String(prefix, radix: 16)
        let directory = "\(root)/originals/\(prefix < 16 ? "0" : "")\(digits)"
        return Self.names(in: directory).compactMap { Digest($0) }
    }

    /// Names copies in `tmp` as originals, and returns once a power cut cannot undo it.
    ///
    /// A few files are synced one by one; many share one syncfs(2), because each fsync is a
    /// commit of the file system's journal. They have their names before, so that the commit that
    /// the content needs has these too, and the fsync of the directory seldom needs another: a name
    /// whose content a power cut tore is told by its digest.
    /// They count as under way until they are settled.
    func keep(_ copies: [(path: String, descriptor: Descriptor, digest: Digest)])
        throws(DurabilityError)
    {
        underWay.insert(copies.map(\.digest))
        let isFew = copies.count <= 8
        for copy in copies where rename(copy.path, path(of: copy.digest)) != 0 {
            throw failure("rename", copy.path)
        }
        if isFew {
            for copy in copies where fsync(copy.descriptor.number) != 0 {
                throw failure("fsync", path(of: copy.digest))
            }
            for prefix in Set(copies.map { $0.digest.hex.prefix(2) }) {
                try Self.syncDirectory("\(root)/originals/\(prefix)")
            }
        } else if let first = copies.first, syncfs(first.descriptor.number) != 0 {
            throw failure("syncfs", root)
        }
    }

    /// Moves an original to the quarantine, with the reason in words beside it.
    func quarantine(_ digest: Digest, reason: String) throws(DurabilityError) {
        let target = quarantinePath(of: digest)
        let descriptor = Glibc.open(
            "\(target).reason", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("open", "\(target).reason") }
        let file = Descriptor(owning: descriptor)
        let text = Array((reason + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(file.number) == 0 else {
            throw failure("write", "\(target).reason")
        }
        if rename(path(of: digest), target) != 0, errno != ENOENT {
            throw failure("rename", target)
        }
        try Self.syncDirectory("\(root)/originals/\(digest.hex.prefix(2))")
        try Self.syncDirectory("\(root)/quarantine")
    }

    /// Puts a file in quarantine back among the originals, to be read again.
    func release(_ digest: Digest) throws(DurabilityError) {
        guard rename(quarantinePath(of: digest), path(of: digest)) == 0 else {
            throw failure("rename", quarantinePath(of: digest))
        }
        unlink("\(quarantinePath(of: digest)).reason")
        try Self.syncDirectory("\(root)/originals/\(digest.hex.prefix(2))")
        try Self.syncDirectory("\(root)/quarantine")
    }

    /// Puts a file back among the originals if it is in quarantine.
    func recall(_ digest: Digest) throws(DurabilityError) {
        if access(quarantinePath(of: digest), F_OK) == 0 { try release(digest) }
    }

    /// Removes a file in quarantine for good.
    func discard(_ digest: Digest) throws(DurabilityError) {
        unlink(quarantinePath(of: digest))
        unlink("\(quarantinePath(of: digest)).reason")
        try Self.syncDirectory("\(root)/quarantine")
    }

    /// Makes the names in a directory survive a power cut.
    static func syncDirectory(_ path: String) throws(DurabilityError) {
        let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else {
            throw DurabilityError(call: "open", path: path, errno: errno)
        }
        defer { close(number) }
        guard fsync(number) == 0 else {
            throw DurabilityError(call: "fsync", path: path, errno: errno)
        }
    }

    private func failure(_ call: String, _ path: String) -> DurabilityError {
        DurabilityError(call: call, path: path, errno: errno)
    }

    private static func makeDirectory(_ path: String) throws(DurabilityError) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else {
            throw DurabilityError(call: "mkdir", path: path, errno: errno)
        }
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}

/// The originals that lanes keep at present and have not registered yet.
private final class UnderWay: Sendable {
    private let present = Mutex<Set<Digest>>([])

    var digests: Set<Digest> { present.withLock { $0 } }

    func insert(_ digests: [Digest]) { present.withLock { $0.formUnion(digests) } }

    func remove(_ digests: [Digest]) { present.withLock { $0.subtract(digests) } }
}
