internal import CArchive
internal import Glibc

/// A zip, a 7z, a tar or a compressed stream as libarchive reads it: a thin layer that owns its
/// pointers and turns its errors into refusals.
///
/// libarchive is only ever handed a source of bytes: no path, nothing to write to.
final class LibArchive {
    /// What libarchive is told to expect; it never guesses.
    enum Kind {
        /// A zip, by its central directory where the source can go back, else as a stream.
        case zip
        /// A zip by its local headers, front to back.
        case zipStream
        case tar
        /// By the directory at its end: the source must be one that can go back.
        case sevenZip
        case bzip2, xz, lz4, lzma
    }

    /// One header of a bundle.
    struct Entry {
        var path: [UInt8]
        var type: EntryType
        var isEncrypted: Bool
    }

    /// What a header says its entry is.
    enum EntryType: Equatable {
        case file, directory
        case special(String)
    }

    /// What made the rest unreadable; nil as long as one can read on.
    private(set) var damage: Refusal?

    private let handle: OpaquePointer
    private let source: any ByteSource
    private let kind: Kind
    private var sourceOffset = 0
    private var failure: Refusal?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    /// Opens `source` as `kind`.
    init(_ source: any ByteSource, kind: Kind) throws(Refusal) {
        guard let handle = archive_read_new() else {
            buffer.deallocate()
            throw Refusal(.limit, "no memory to open an archive")
        }
        self.handle = handle
        self.source = source
        self.kind = kind
        support(kind)
        let opened = Self.inUTF8 { openSource() }
        guard opened == ARCHIVE_OK || opened == ARCHIVE_WARN else { throw refusal() }
    }

    deinit {
        archive_read_free(handle)
        buffer.deallocate()
    }

    /// Bytes of the source that libarchive has used.
    var position: Int { Int(archive_filter_bytes(handle, -1)) }

    /// Whether what comes out was unpacked: a filter that does not know its stream stays away, and
    /// the bytes come through as they are.
    var isFiltered: Bool { archive_filter_code(handle, 0) != ARCHIVE_FILTER_NONE }

    /// The next header; nil at the end.
    func next() throws(Refusal) -> Entry? {
        var entry: OpaquePointer?
        let result = Self.inUTF8 { archive_read_next_header(handle, &entry) }
        switch result {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN:
            guard let entry else { return nil }
            return Self.inUTF8 { Self.read(entry) }
        default: throw broken(ARCHIVE_FATAL)
        }
    }

    /// The next bytes of the entry, empty at its end; holes of a sparse file are zeros.
    func read() throws(Refusal) -> UnsafeRawBufferPointer {
        let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
        guard count >= 0 else { throw broken(Int32(count)) }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    /// The next bytes of a compressed stream, as they were unpacked; empty at its end.
    func readBlock() throws(Refusal) -> UnsafeRawBufferPointer {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        while true {
            let result = archive_read_data_block(handle, &start, &count, &offset)
            if result == ARCHIVE_EOF { return UnsafeRawBufferPointer(start: nil, count: 0) }
            guard result == ARCHIVE_OK else { throw broken(result) }
            if count > 0 { return UnsafeRawBufferPointer(start: start, count: count) }
        }
    }

    private func broken(_ result: Int32) -> Refusal {
        let refusal = refusal()
        if result == ARCHIVE_FATAL { damage = refusal }
        return refusal
    }

    /// What libarchive says is wrong, in our words.
    private func refusal() -> Refusal {
        if let failure { return failure }
        let text = archive_error_string(handle).map { String(cString: $0) } ?? "damaged here"
        let lower = String(text.lowercased().filter { $0 == " " || !$0.isWhitespace })
        let reason: Reason =
            if lower.contains("truncated") {
                .truncated
            } else if ["encrypt", "passphrase", "crypto"].contains(where: lower.contains) {
                .encrypted
            } else if lower.contains("unsupported") {
                .unsupported
            } else if lower.contains("memory") {
                .expansion
            } else {
                .corrupt
            }
        let offset = position
        return Refusal(reason, "libarchive: \(lower)", offset: offset < 0 ? nil : offset)
    }
}

// MARK: Headers

extension LibArchive {
    private static func read(_ entry: OpaquePointer) -> Entry {
        Entry(
            path: path(of: entry), type: type(of: entry),
            isEncrypted: archive_entry_is_encrypted(entry) != 0)
    }

    /// The raw bytes of the name; a name that libarchive could not convert comes another way.
    private static func path(of entry: OpaquePointer) -> [UInt8] {
        if let raw = archive_entry_pathname(entry) {
            return Array(UnsafeRawBufferPointer(start: raw, count: strlen(raw)))
        }
        if let text = archive_entry_pathname_utf8(entry) {
            return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
        guard let wide = archive_entry_pathname_w(entry) else { return [] }
        var path: [UInt8] = []
        var index = 0
        while wide[index] != 0 {
            let scalar = Unicode.Scalar(UInt32(bitPattern: Int32(wide[index]))) ?? "\u{fffd}"
            index += 1
            path.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return path
    }

    private static func type(of entry: OpaquePointer) -> EntryType {
        if archive_entry_hardlink(entry) != nil { return .special("hard link") }
        switch archive_entry_filetype(entry) & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFLNK: return .special("symbolic link")
        case S_IFCHR, S_IFBLK: return .special("device")
        case S_IFIFO: return .special("pipe")
        case S_IFSOCK: return .special("socket")
        default: return .file
        }
    }

    /// Runs `body` with names taken as UTF-8 on this thread.
    ///
    /// In the "C" locale libarchive turns every letter beyond ASCII of a pax name into `?`.
    private static func inUTF8<Result>(_ body: () -> Result) -> Result {
        guard let locale = Self.locale else { return body() }
        let before = uselocale(locale)
        defer { uselocale(before) }
        return body()
    }

    /// Made once and never changed or freed, so any thread may use it.
    nonisolated(unsafe) private static let locale = newlocale(
        Int32(1 << LC_CTYPE), "C.UTF-8", nil)
}

// MARK: Callbacks

extension LibArchive {
    private func support(_ kind: Kind) {
        switch kind {
        case .zip: archive_read_support_format_zip(handle)
        case .zipStream: archive_read_support_format_zip_streamable(handle)
        case .tar: archive_read_support_format_tar(handle)
        case .bzip2: archive_read_support_filter_bzip2(handle)
        case .xz: archive_read_support_filter_xz(handle)
        case .lz4: archive_read_support_filter_lz4(handle)
        case .lzma: archive_read_support_filter_lzma(handle)
        case .sevenZip: archive_read_support_format_7zip(handle)
        }
        switch kind {
        case .bzip2, .xz, .lz4, .lzma: archive_read_support_format_raw(handle)
        default: break
        }
    }

    private func openSource() -> Int32 {
        archive_read_set_callback_data(handle, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(handle) { _, client, block in
            guard let archive = LibArchive.from(client) else { return -1 }
            return archive.hand(to: block)
        }
        if source.length != nil {
            archive_read_set_seek_callback(handle) { _, client, offset, whence in
                LibArchive.from(client)?.seek(Int(offset), whence: whence) ?? -1
            }
            archive_read_set_skip_callback(handle) { _, client, count in
                LibArchive.from(client)?.skip(Int(count)) ?? 0
            }
        }
        return archive_read_open1(handle)
    }

    private static func from(_ client: UnsafeMutableRawPointer?) -> LibArchive? {
        client.map { Unmanaged<LibArchive>.fromOpaque($0).takeUnretainedValue() }
    }

    private func hand(to block: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do throws(Refusal) {
            let bytes = try source.next()
            block?.pointee = bytes.baseAddress
            sourceOffset += bytes.count
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private func seek(_ offset: Int, whence: Int32) -> Int64 {
        guard let length = source.length else { return Int64(ARCHIVE_FATAL) }
        let base =
            switch whence {
            case SEEK_SET: 0
            case SEEK_CUR: sourceOffset
            default: length
            }
        let (target, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, target >= 0, target <= length else { return Int64(ARCHIVE_FATAL) }
        source.seek(to: target)
        sourceOffset = target
        return Int64(target)
    }

    private func skip(_ count: Int) -> Int64 {
        guard let length = source.length else { return 0 }
        let step = max(0, min(count, length - sourceOffset))
        source.seek(to: sourceOffset + step)
        sourceOffset += step
        return Int64(step)
    }
}
