internal import Glibc

/// Where the content of one file of a segment is written: to memory, or to a file with its hashes.
struct IndexSink: ~Copyable {
    let name: String
    private(set) var count = 0
    /// What is not yet written out; in memory, all of it.
    private var pending: [UInt8] = []
    private var hashes: [UInt64] = []
    private let directory: String?
    private let descriptor: Int32
    /// What was written and may not be on the disk yet.
    private var written = 0..<0

    private static let writeSize = 1 << 18
    /// Bytes that are written before the disk is waited for: whoever else has a file synced waits
    /// for all that stands before it.
    private static let syncSize = 1 << 20

    /// Makes the file `name` in `directory`; without one, the content stays in memory.
    init(directory: String?, name: String) throws(IndexFailure) {
        self.name = name
        self.directory = directory
        guard let directory else {
            descriptor = -1
            return
        }
        descriptor = open(
            "\(directory)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
        if descriptor < 0 { throw IndexFailure("open", name) }
        pending.reserveCapacity(Self.writeSize * 2)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    mutating func append(_ bytes: [UInt8]) throws(IndexFailure) {
        pending += bytes
        count += bytes.count
        if descriptor >= 0, pending.count >= Self.writeSize { try drain() }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(IndexFailure) {
        pending.append(contentsOf: bytes)
        count += bytes.count
        if descriptor >= 0, pending.count >= Self.writeSize { try drain() }
    }

    /// Appends all that a file holds, some at a time.
    mutating func append(_ content: IndexFile) throws {
        for start in stride(from: 0, to: content.count, by: Self.writeSize) {
            let size = min(Self.writeSize, content.count - start)
            try append(.init(start: try content.bytes(at: start, size), count: size))
        }
    }

    /// Writes whole pages.
    private mutating func drain() throws(IndexFailure) {
        let whole = pending.count - pending.count % (1 << IndexFile.pageBits)
        try write(whole)
    }

    private mutating func write(_ size: Int) throws(IndexFailure) {
        let page = 1 << IndexFile.pageBits
        let isWritten = pending.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: size, by: page) {
                hashes.append(
                    XXHash64.hash(.init(rebasing: bytes[start..<min(start + page, size)])))
            }
            return Self.write(.init(rebasing: bytes[..<size]), to: descriptor)
        }
        if !isWritten { throw IndexFailure("write", name) }
        pending.removeFirst(size)
        written = written.lowerBound..<written.upperBound + size
        if written.count >= Self.syncSize { try push() }
    }

    /// Waits until what was written has left memory; it is durable only with the last fsync.
    private mutating func push() throws(IndexFailure) {
        guard Writeback.push(descriptor, written) else {
            throw IndexFailure("sync_file_range", name)
        }
        written = written.upperBound..<written.upperBound
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let written = Glibc.write(
                descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            offset += written
        }
        return true
    }

    /// Ends the content and opens it for reading; a file is durable then, its name not yet.
    consuming func finish() throws -> IndexFile {
        guard let directory else {
            let content = UnsafeMutableRawPointer.allocate(byteCount: count + 64, alignment: 64)
            pending.withUnsafeBytes {
                content.copyMemory(from: $0.baseAddress ?? .init(content), byteCount: $0.count)
            }
            return IndexFile(name: name, owning: content, count: count)
        }
        try write(pending.count)
        var tail = hashes
        let table = hashes.withUnsafeBytes { XXHash64.hash($0) }
        tail += [UInt64(count), UInt64(hashes.count), table]
        tail.append(
            [UInt64(count), UInt64(hashes.count), table].withUnsafeBytes { XXHash64.hash($0) })
        tail.append(IndexFile.magic)
        let isWritten = tail.withUnsafeBytes { Self.write($0, to: descriptor) }
        guard isWritten else { throw IndexFailure("write", name) }
        guard fsync(descriptor) == 0 else { throw IndexFailure("fsync", name) }
        return try IndexFile(directory: directory, name: name)
    }
}

/// The disk under the index refused: the index stays as it was, in memory and on disk.
struct IndexFailure: Error, CustomStringConvertible {
    var call: String
    var file: String
    var errno: Int32

    init(_ call: String, _ file: String) {
        self.call = call
        self.file = file
        errno = Glibc.errno
    }

    var description: String { "\(call) of \(file) failed: \(String(cString: strerror(errno)))" }
}
