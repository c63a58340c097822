internal import CLinux
internal import Glibc

/// Takes files that came to rest out of the inbox into the originals, byte for byte.
///
/// A file is copied, never linked: whoever holds another name of it could still write to it. It
/// leaves the inbox only after what was read from it is durable, and only if it still is the file
/// that was read.
struct Custody: Sendable {
    let originals: Originals
    /// Larger files stay in the inbox.
    let fileBytes: Int
    /// Free space that is left untouched for the database and for other programs.
    let reserveBytes: Int
    /// Bytes of a copy that are written before the disk is waited for.
    private static let syncSize = 1 << 20
    /// The name of the lane, so that two lanes never write the same copy.
    let lane: String
    /// Whether the daemon stops: a copy that is under way is given up.
    var isStopping: @Sendable () -> Bool = { false }

    /// What became of one candidate.
    enum Taken: Sendable {
        case deposit(Deposit)
        case outcome(InboxPath, Outcome)
    }

    /// A copy in `tmp`, not yet an original.
    private struct Copy {
        var path: String
        var descriptor: Descriptor
        var deposit: Deposit
    }

    /// Copies and hashes a batch; the copies of the deposits returned are durable.
    ///
    /// - Parameter isKnown: digests that are originals already; their bytes are not kept twice,
    ///   unless the original was lost.
    /// - Throws: DurabilityError where the disk fails; nothing has left the inbox then.
    func take(_ batch: Batch, isKnown: ([Digest]) throws -> Set<Digest>) throws -> [Taken] {
        var taken: [Taken] = []
        var copies: [Copy] = []
        for (index, candidate) in batch.candidates.enumerated() {
            do throws(Hindrance) {
                copies.append(try copy(candidate, from: batch.inbox, number: index))
            } catch {
                taken.append(.outcome(candidate.path, error.outcome))
            }
        }
        let known = try isKnown(copies.map(\.deposit.digest))
        var toKeep: [(path: String, descriptor: Descriptor, digest: Digest)] = []
        for copy in copies {
            if known.contains(copy.deposit.digest),
                originals.holds(copy.deposit.digest, size: copy.deposit.size)
            {
                unlink(copy.path)
            } else {
                toKeep.append((copy.path, copy.descriptor, copy.deposit.digest))
            }
        }
        try originals.keep(toKeep)
        return taken + copies.map { .deposit($0.deposit) }
    }

    /// Removes files from the inbox that are durable elsewhere, unless they changed meanwhile.
    ///
    /// - Returns: for each path whether it is gone or must be looked at again.
    func release(_ deposits: [Deposit], from inbox: Descriptor) -> [(InboxPath, Outcome)] {
        var outcomes: [(InboxPath, Outcome)] = []
        var directories: Set<InboxPath> = []
        for deposit in deposits {
            guard case .file(let stamp, _)? = InboxDirectory.status(of: deposit.path, in: inbox)
            else {
                outcomes.append((deposit.path, .gone))
                continue
            }
            guard stamp.hasSameContent(as: deposit.stamp) else {
                outcomes.append((deposit.path, .changed))
                continue
            }
            if unlinkat(inbox.number, deposit.path.cString, 0) == 0 || errno == ENOENT {
                directories.insert(deposit.path.parent)
                outcomes.append((deposit.path, .settled))
            } else {
                outcomes.append((deposit.path, Hindrance(errno, "removed from the inbox").outcome))
            }
        }
        for directory in directories { sync(directory, in: inbox) }
        return outcomes
    }

    /// Whether nobody has the file open for writing; nil where the kernel will not say.
    ///
    /// The kernel grants a read lease only then, and only to the file's owner or to root.
    static func hasNoWriter(_ path: InboxPath, in inbox: Descriptor) -> Bool? {
        let number = openat(
            inbox.number, path.cString, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { return nil }
        defer { close(number) }
        guard fcntl(number, Int32(LINUX_F_SETLEASE), F_RDLCK) == 0 else {
            return errno == EAGAIN ? false : nil
        }
        _ = fcntl(number, Int32(LINUX_F_SETLEASE), F_UNLCK)
        return true
    }

    // MARK: One file

    private func copy(_ candidate: Candidate, from inbox: Descriptor, number: Int)
        throws(Hindrance) -> Copy
    {
        let source = openat(
            inbox.number, candidate.path.cString, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard source >= 0 else { throw Hindrance(errno, "opened") }
        let file = Descriptor(owning: source)
        guard FileStamp.of(descriptor: source) == candidate.stamp else { throw .changed }
        try checkSize(candidate.stamp.size)

        let path = "\(originals.root)/tmp/\(lane)-\(number)"
        // A batch that failed may have left one, which its owner may not open for writing.
        unlink(path)
        let target = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o440)
        guard target >= 0 else { throw Hindrance(errno, "copied") }
        let copy = Descriptor(owning: target)
        do throws(Hindrance) {
            let digest = try transfer(from: file, to: copy, size: candidate.stamp.size)
            let isSame =
                FileStamp.of(descriptor: source)?.hasSameContent(as: candidate.stamp) == true
            guard isSame else { throw .changed }
            let deposit = Deposit(
                path: candidate.path, stamp: candidate.stamp, digest: digest,
                size: candidate.stamp.size, original: copy, noticed: candidate.noticed,
                read: .now)
            return Copy(path: path, descriptor: copy, deposit: deposit)
        } catch {
            unlink(path)
            throw error
        }
    }

    private func checkSize(_ size: Int) throws(Hindrance) {
        if size > fileBytes {
            throw .waiting(
                .tooLarge,
                "it has \(size) bytes, limits.fileBytes allows \(fileBytes); "
                    + "raise that or split the file"
            )
        }
        guard let free = FreeSpace(at: originals.root)?.bytes else { return }
        if free - size < reserveBytes {
            throw .waiting(
                .diskFull,
                "\(free) bytes are free under \(originals.root); "
                    + "make room for \(size) and a reserve of \(reserveBytes)"
            )
        }
    }

    private func transfer(from source: Descriptor, to target: Descriptor, size: Int)
        throws(Hindrance) -> Digest
    {
        var hasher = Digest.Hasher()
        var buffer = [UInt8](repeating: 0, count: max(4096, min(size + 1, 1 << 18)))
        var total = 0
        var pushed = 0
        while true {
            let count = read(source.number, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Hindrance(errno, "read")
            }
            if count == 0 { break }
            // The file stays in the inbox and is copied anew by the next start.
            if isStopping() { throw .changed }
            total += count
            guard total <= size else { throw .changed }
            buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            try writeAll(buffer[..<count], to: target)
            if total - pushed >= Self.syncSize {
                guard Writeback.push(target.number, pushed..<total) else {
                    throw Hindrance(errno, "copied")
                }
                pushed = total
            }
        }
        guard total == size else { throw .changed }
        return hasher.digest()
    }

    private func writeAll(_ bytes: ArraySlice<UInt8>, to target: Descriptor) throws(Hindrance) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(target.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Hindrance(errno, "copied") }
            rest = rest.dropFirst(count)
        }
    }

    private func sync(_ directory: InboxPath, in inbox: Descriptor) {
        // A removal that a power cut undoes only makes the file a duplicate: no error is raised.
        let number = openat(inbox.number, directory.cString, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return }
        fsync(number)
        close(number)
    }
}

/// Why a file cannot be taken just now.
private enum Hindrance: Error {
    case changed
    case gone
    case waiting(Reason, String)

    init(_ errno: Int32, _ act: String) {
        let words = String(cString: strerror(errno))
        let detail = "it cannot be \(act): \(words)"
        switch errno {
        case ENOENT, ENOTDIR: self = .gone
        case ELOOP: self = .changed
        case EACCES, EPERM:
            self = .waiting(
                .permission,
                "\(detail); let the group of the inbox read and remove it, or use archivectl add")
        case ENOSPC, EDQUOT: self = .waiting(.diskFull, "\(detail); make room")
        case EMFILE, ENFILE: self = .waiting(.limit, "\(detail); raise LimitNOFILE")
        default: self = .waiting(.ioError, "\(detail); check the disk")
        }
    }

    var outcome: Outcome {
        switch self {
        case .changed: .changed
        case .gone: .gone
        case .waiting(let reason, let detail): .waiting(reason, detail: detail)
        }
    }
}
