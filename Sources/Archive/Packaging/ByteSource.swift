internal import CLinux
internal import Glibc

/// Bytes handed over in order, block by block: a dropped file, a member of a bundle, or either
/// of them unpacked.
protocol ByteSource: AnyObject {
    /// The count of all bytes, where it is known and the source can go back; else nil.
    var length: Int? { get }

    /// The next block, empty at the end; valid until the next call.
    func next() throws(Refusal) -> UnsafeRawBufferPointer

    /// Makes the byte at `offset` the next one, where `length` is known.
    func seek(to offset: Int)

    /// Another reader of the same bytes that begins at `offset`; nil where one cannot go back.
    ///
    /// In a compressed stream of many parts, `offset` is that of a part in the compressed bytes.
    func twin(at offset: Int) -> (any ByteSource)?
}

extension ByteSource {
    var length: Int? { nil }

    func seek(to offset: Int) {}

    func twin(at offset: Int) -> (any ByteSource)? { nil }

    /// The first `count` bytes or a little more, fewer only where the source ends before.
    ///
    /// They are taken: read on through a `PeekedSource`.
    func head(_ count: Int) throws(Refusal) -> [UInt8] {
        var head: [UInt8] = []
        while head.count < count {
            let block = try next()
            if block.isEmpty { break }
            head.append(contentsOf: block)
        }
        return head
    }
}

/// A dropped file, read by offset so that the descriptor's shared position is never moved.
final class FileSource: ByteSource {
    private let descriptor: Int32
    private let size: Int
    private var offset = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)

    /// Reads the open `descriptor`, which stays the caller's.
    init(descriptor: Int32) throws(Refusal) {
        var status = stat()
        let isThere = fstat(descriptor, &status) == 0
        // First, so that what is left early gives its memory back.
        self.descriptor = descriptor
        size = Int(status.st_size)
        guard isThere else { throw Self.failure(at: 0) }
    }

    private init(descriptor: Int32, size: Int, offset: Int) {
        self.descriptor = descriptor
        self.size = size
        self.offset = offset
    }

    deinit { buffer.deallocate() }

    var length: Int? { size }

    func twin(at offset: Int) -> (any ByteSource)? {
        FileSource(descriptor: descriptor, size: size, offset: max(0, offset))
    }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 {
                offset += count
                return UnsafeRawBufferPointer(rebasing: buffer[..<count])
            }
            guard errno == EINTR else { throw Self.failure(at: offset) }
        }
    }

    func seek(to offset: Int) { self.offset = max(0, offset) }

    private static func failure(at offset: Int) -> Refusal {
        Refusal(.ioError, "reading failed: \(String(cString: strerror(errno)))", offset: offset)
    }
}

/// A small container within a container, held in memory so that it can be read from its end.
final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var offset = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    deinit { buffer.deallocate() }

    var length: Int? { bytes.count }

    func twin(at offset: Int) -> (any ByteSource)? {
        let twin = MemorySource(bytes)
        twin.seek(to: offset)
        return twin
    }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        let start = min(offset, bytes.count)
        let count = min(bytes.count - start, buffer.count)
        buffer.copyBytes(from: bytes[start..<start + count])
        offset = start + count
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    func seek(to offset: Int) { self.offset = max(0, offset) }
}

/// A source whose first bytes were looked at before: gives them again, then the rest.
final class PeekedSource: ByteSource {
    private var head: [UInt8]
    private var given = 0
    private let rest: any ByteSource
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    /// Takes the bytes that were read from `rest`.
    init(_ head: [UInt8], then rest: any ByteSource) {
        self.head = head
        self.rest = rest
    }

    deinit { buffer.deallocate() }

    func twin(at offset: Int) -> (any ByteSource)? { rest.twin(at: offset) }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        guard given < head.count else { return try rest.next() }
        let count = min(head.count - given, buffer.count)
        buffer.copyBytes(from: head[given..<given + count])
        given += count
        if given == head.count {
            head = []
            given = 0
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }
}
