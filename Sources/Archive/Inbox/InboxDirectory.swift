internal import CLinux
internal import Glibc

/// The inbox as a place on disk: opened once, walked without following links.
struct InboxDirectory: Sendable {
    /// Where the inbox is, absolute.
    let path: String

    /// How many directories may stand within each other; the one below is left alone and reported.
    static let depthLimit = 64

    /// One name found by a walk.
    struct Found: Sendable {
        var path: InboxPath
        var status: Status
    }

    /// A directory cannot be opened although it is there.
    private struct Refused: Error {
        var errno: Int32
    }

    /// What stands under a name.
    enum Status: Sendable {
        case file(FileStamp, links: Int)
        case directory
        /// A link, pipe, socket or device, by its name in words.
        case special(String)
    }

    /// Opens the inbox itself.
    ///
    /// - Returns: a descriptor with the directory's device and inode; nil where there is none.
    func open() -> (descriptor: Descriptor, stamp: FileStamp)? {
        let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let descriptor = Descriptor(owning: number)
        guard let stamp = FileStamp.of(descriptor: number) else { return nil }
        return (descriptor, stamp)
    }

    /// What stands at `path` now; nil where nothing does.
    static func status(of path: InboxPath, in inbox: Descriptor) -> Status? {
        var status = stat()
        guard fstatat(inbox.number, path.cString, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return nil
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(FileStamp(status), links: Int(status.st_nlink))
        case S_IFDIR: return .directory
        case S_IFLNK: return .special("a symbolic link")
        case S_IFIFO: return .special("a named pipe")
        case S_IFSOCK: return .special("a socket")
        default: return .special("a device")
        }
    }

    /// Walks the tree below `start`, calling `visit` for every name.
    ///
    /// A directory is visited before it is read, so that a watch set by `visit` misses nothing.
    /// Directories whose name begins with a dot are not entered.
    ///
    /// - Parameter refused: is called with a directory that may not be read, and the errno.
    static func walk(
        _ start: InboxPath, in inbox: Descriptor, visit: (Found) -> Void,
        refused: (InboxPath, Int32) -> Void
    ) {
        var stack = [start]
        while let directory = stack.popLast() {
            guard directory.depth <= depthLimit else { continue }
            let names: [[UInt8]]
            do throws(Refused) { names = try self.names(of: directory, in: inbox) } catch {
                refused(directory, error.errno)
                continue
            }
            for name in names {
                let path = directory.appending(name)
                guard let status = status(of: path, in: inbox) else {
                    guard errno == EACCES else { continue }
                    // Its names may be read, and what stands under them not even looked at.
                    refused(directory, errno)
                    break
                }
                visit(Found(path: path, status: status))
                if case .directory = status, name.first != 0x2E { stack.append(path) }
            }
        }
    }

    /// The names in one directory, unsorted, without `.` and `..`.
    private static func names(of directory: InboxPath, in inbox: Descriptor) throws(Refused)
        -> [[UInt8]]
    {
        let number = openat(
            inbox.number, directory.cString, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else {
            if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return [] }
            throw Refused(errno: errno)
        }
        guard let stream = fdopendir(number) else {
            defer { close(number) }
            throw Refused(errno: errno)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            // The name is a C string within the record; d_reclen bounds it.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                Array(buffer.prefix { $0 != 0 })
            }
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
        }
        return names
    }
}
