internal import CLinux
internal import Glibc

/// Puts a file that came as an open descriptor into the inbox, durably, under a free name.
///
/// The daemon needs no right to the sender's file, and the sender none to the inbox.
struct Admission: Sendable {
    /// The inbox, absolute.
    let inbox: String
    /// Where the file is copied to from there.
    let stateDirectory: String
    /// Larger files are not let in: no lane would take them.
    let fileBytes: Int
    /// Free space that is left untouched.
    let reserveBytes: Int

    /// Why a file is not let in.
    enum Objection: Error {
        case name(String)
        case notRegular
        case tooLarge(bytes: Int, limit: Int)
        case noRoom(String, free: Int, needed: Int, reserve: Int)
        case changed
        case system(Int32, String)
    }

    /// Copies the file behind `source` from its first byte.
    ///
    /// - Returns: the path it was given, relative to the inbox; `name` itself where that is free.
    func admit(_ source: Descriptor, name: [UInt8]) throws(Objection) -> InboxPath {
        try Self.check(name)
        var status = stat()
        guard fstat(source.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .notRegular
        }
        try checkRoom(for: status.st_size)
        // Without a name until it is whole, where the file system can: a kill leaves nothing.
        var target = open(inbox, O_WRONLY | Int32(LINUX_O_TMPFILE) | O_CLOEXEC, 0o640)
        var nameless = "/proc/self/fd/\(target)"
        let isHidden = target < 0 && errno == EOPNOTSUPP
        if isHidden {
            nameless =
                "\(inbox)/.add-\(getpid())-\(source.number)-\(Timestamp.now.microseconds)"
            target = open(nameless, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        }
        guard target >= 0 else { throw .system(errno, "open") }
        let copy = Descriptor(owning: target)
        defer { if isHidden { unlink(nameless) } }
        try Self.transfer(status.st_size, from: source, to: copy)
        guard fsync(target) == 0 else { throw .system(errno, "fsync") }
        let path = try place(nameless, as: name)
        do throws(DurabilityError) { try Originals.syncDirectory(inbox) } catch {
            throw .system(error.errno, error.call)
        }
        return path
    }

    private static func check(_ name: [UInt8]) throws(Objection) {
        guard !name.isEmpty, name.count <= 200 else { throw .name("a name has 1 to 200 bytes") }
        guard !name.contains(0x2F), !name.contains(0) else {
            throw .name("a name holds no slash and no zero byte")
        }
        guard name.first != 0x2E else { throw .name("a name does not begin with a dot") }
    }

    private func checkRoom(for size: Int) throws(Objection) {
        guard size <= fileBytes else { throw .tooLarge(bytes: size, limit: fileBytes) }
        let places = [inbox, stateDirectory].compactMap { path in
            FreeSpace(at: path).map { (path: path, space: $0) }
        }
        for place in places {
            // The copy in the inbox stays until that of the originals is durable.
            let copies = places.count { $0.space.device == place.space.device }
            let needed = size.multipliedReportingOverflow(by: copies).partialValue
            guard place.space.bytes - needed < reserveBytes else { continue }
            throw .noRoom(
                place.path, free: place.space.bytes, needed: needed, reserve: reserveBytes)
        }
    }

    private static func transfer(_ size: Int, from source: Descriptor, to target: Descriptor)
        throws(Objection)
    {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while true {
            let count = pread(source.number, &buffer, buffer.count, offset)
            if count < 0 { throw .system(errno, "read") }
            if count == 0 { return }
            offset += count
            guard offset <= size else { throw .changed }
            var written = 0
            while written < count {
                let step = buffer.withUnsafeBytes { bytes in
                    write(
                        target.number,
                        UnsafeRawBufferPointer(rebasing: bytes[written..<count])
                            .baseAddress, count - written)
                }
                guard step > 0 else { throw .system(errno, "write") }
                written += step
            }
        }
    }

    /// Links the copy under its name, or that with a number before its ending.
    private func place(_ copy: String, as name: [UInt8]) throws(Objection) -> InboxPath {
        let dot = name.lastIndex(of: 0x2E) ?? name.endIndex
        for number in 1...1000 {
            let infix = number == 1 ? [] : Array("-\(number)".utf8)
            let candidate = Array(name[..<dot]) + infix + Array(name[dot...])
            let target = Array(inbox.utf8) + [0x2F] + candidate
            let linked = linkat(
                AT_FDCWD, copy, AT_FDCWD, target.map { CChar(bitPattern: $0) } + [0],
                AT_SYMLINK_FOLLOW)
            if linked == 0 { return InboxPath(bytes: candidate) }
            guard errno == EEXIST else { throw .system(errno, "link") }
        }
        throw .name("a thousand files of that name stand in the inbox")
    }
}
