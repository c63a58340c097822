internal import ArchiveProtocol
internal import CLinux
internal import Glibc

/// The bytes of one capture, wherever they are: an original, or a member of one.
struct CapturedBytes: Sendable {
    /// How many there are.
    let size: Int
    /// The member's path, where the original is a container.
    let member: String?
    private let original: Descriptor
    private let unpacked: [UInt8]?

    /// Finds the bytes that an article was read from.
    ///
    /// - Throws: Failure `notFound` where the original is missing or no longer gives the member.
    init(
        of source: Repository.ArticleSource, in originals: Originals, with reader: any MemberReading
    )
        throws
    {
        guard let file = originals.open(source.original),
            let stamp = FileStamp.of(descriptor: file.number)
        else {
            throw Failure(
                .notFound, "the original \(source.original.name) is missing",
                hint: "archivectl verify tells which are; restore it from a backup")
        }
        original = file
        if !source.isContainer {
            size = stamp.size
            member = nil
            unpacked = nil
            return
        }
        let bytes = try Self.unpack(source, from: file, with: reader)
        size = bytes.count
        member = ByteName.display(source.member)
        unpacked = bytes
    }

    private static func unpack(
        _ source: Repository.ArticleSource, from file: Descriptor, with reader: any MemberReading
    ) throws -> [UInt8] {
        do {
            return try reader.bytes(
                ofMember: source.ordinal, descriptor: file.number, name: source.file)
        } catch let refusal as Refusal {
            throw Failure(
                .notFound,
                "the original \(source.original.name) gives no \(ByteName.display(source.member)): "
                    + refusal.line)
        }
    }

    /// At most `length` bytes from `offset`; fewer at the end.
    func read(offset: Int, length: Int) throws -> [UInt8] {
        let count = max(0, min(length, size - offset))
        if let unpacked { return Array(unpacked.dropFirst(offset).prefix(count)) }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return pread(original.number, rest.baseAddress, rest.count, offset + done)
            }
            guard step > 0 else {
                throw Failure(
                    .internalError,
                    "the original cannot be read: \(String(cString: strerror(errno)))",
                    hint: "check the disk")
            }
            done += step
        }
        return bytes
    }

    /// A descriptor that reads the bytes from the first on, for a client.
    func descriptor() throws -> Descriptor {
        guard let unpacked else { return original }
        let number = memfd_create("capture", UInt32(LINUX_MFD_CLOEXEC))
        guard number >= 0 else {
            throw Failure(.busy, "no memory for a descriptor: \(String(cString: strerror(errno)))")
        }
        let memory = Descriptor(owning: number)
        var done = 0
        while done < unpacked.count {
            let step = unpacked.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                return write(number, rest.baseAddress, rest.count)
            }
            guard step > 0 else { throw Failure(.storageFull, "no memory for a descriptor") }
            done += step
        }
        // Opened anew for reading alone: the client gets no right to write into our memory.
        let reader = withExtendedLifetime(memory) {
            open("/proc/self/fd/\(number)", O_RDONLY | O_CLOEXEC)
        }
        guard reader >= 0 else {
            throw Failure(.busy, "no descriptor left: \(String(cString: strerror(errno)))")
        }
        return Descriptor(owning: reader)
    }
}
