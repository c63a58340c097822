import CArchive

/// Zips, tars and compressed files made in memory, whole and broken, the same every time.
enum BrokenContainers {
    /// One member to be written, with every lie that its header can tell.
    struct Part {
        var name: [UInt8]
        var bytes: [UInt8]
        /// The CRC-32 that a zip states; nil for the true one.
        var crc: UInt32?
        /// The sizes that the header states; nil for the true one.
        var size: Int?
        /// A zip's method: 0 is stored.
        var method: UInt16 = 0
        /// A zip's flag bits; 1 is encrypted.
        var flags: UInt16 = 0
        /// A zip's Unix mode.
        var mode: UInt32 = 0o100644
        /// A tar's type: `0` a file, `1` a hard link, `2` a symbolic link, `5` a directory.
        var type = UInt8(ascii: "0")

        init(_ name: String, _ text: String) {
            self.name = Array(name.utf8)
            bytes = Array(text.utf8)
        }

        init(name: [UInt8], bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    // MARK: Zip

    /// A zip of stored members (APPNOTE 4.3).
    static func zip(_ parts: [Part], comment: [UInt8] = []) -> [UInt8] {
        var zip: [UInt8] = []
        var directory: [UInt8] = []
        for part in parts {
            let offset = zip.count
            let fields = common(part)
            zip += little(0x0403_4b50, 4) + fields + little(0, 2) + part.name + part.bytes
            directory += little(0x0201_4b50, 4) + little(0x0314, 2) + fields + little(0, 2)
            directory += little(0, 2) + little(0, 2) + little(0, 2)
            directory += little(Int(part.mode) << 16, 4) + little(offset, 4) + part.name
        }
        let start = zip.count
        zip += directory + little(0x0605_4b50, 4) + little(0, 2) + little(0, 2)
        zip += little(parts.count, 2) + little(parts.count, 2)
        zip += little(directory.count, 4) + little(start, 4)
        return zip + little(comment.count, 2) + comment
    }

    private static func common(_ part: Part) -> [UInt8] {
        let size = part.size ?? part.bytes.count
        return little(20, 2) + little(Int(part.flags), 2) + little(Int(part.method), 2)
            + little(0, 4) + little(Int(part.crc ?? crc32(part.bytes)), 4)
            + little(part.bytes.count, 4) + little(size, 4) + little(part.name.count, 2)
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xffff_ffff
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xedb8_8320) }
        }
        return ~crc
    }

    private static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    // MARK: Tar

    /// A tar of `ustar` headers (POSIX 1003.1) with its two empty blocks.
    static func tar(_ parts: [Part]) -> [UInt8] {
        var tar: [UInt8] = []
        for part in parts {
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ bytes: some Sequence<UInt8>, at index: Int) {
                for (offset, byte) in bytes.enumerated() { header[index + offset] = byte }
            }
            put(part.name.prefix(100), at: 0)
            put("0000644".utf8, at: 100)
            let bytes = part.type == UInt8(ascii: "0") ? part.bytes : []
            put(octal(part.size ?? bytes.count, 11).utf8, at: 124)
            put("00000000000".utf8, at: 136)
            put("        ".utf8, at: 148)
            header[156] = part.type
            if part.type != UInt8(ascii: "0") { put(part.bytes.prefix(100), at: 157) }
            put("ustar\u{0}00".utf8, at: 257)
            put(octal(header.reduce(0) { $0 + Int($1) }, 6).utf8, at: 148)
            header[154] = 0
            tar += header + bytes
            tar += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
        }
        return tar + [UInt8](repeating: 0, count: 1024)
    }

    private static func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    // MARK: By libarchive

    /// A form that libarchive writes.
    enum Written { case zip, pax, sevenZip, gzip, bzip2, xz, zstd, lz4 }

    /// The members in a container of the form, or the one member's bytes compressed.
    static func written(_ form: Written, _ parts: [Part]) -> [UInt8] {
        guard let archive = archive_write_new() else { return [] }
        defer { archive_write_free(archive) }
        configure(archive, for: form)
        archive_write_set_bytes_in_last_block(archive, 1)
        let room = parts.reduce(1 << 20) { $0 + $1.bytes.count * 2 }
        return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            archive_write_open_memory(archive, buffer.baseAddress, room, &count)
            for part in parts { write(part, to: archive) }
            archive_write_close(archive)
        }
    }

    private static func configure(_ archive: OpaquePointer, for form: Written) {
        switch form {
        case .zip: archive_write_set_format_zip(archive)
        case .pax: archive_write_set_format_pax(archive)
        case .sevenZip: archive_write_set_format_7zip(archive)
        default: archive_write_set_format_raw(archive)
        }
        switch form {
        case .zip, .pax, .sevenZip: break
        case .gzip:
            archive_write_add_filter_gzip(archive)
            archive_write_set_filter_option(archive, "gzip", "timestamp", nil)
        case .bzip2: archive_write_add_filter_bzip2(archive)
        case .xz: archive_write_add_filter_xz(archive)
        case .zstd: archive_write_add_filter_zstd(archive)
        case .lz4: archive_write_add_filter_lz4(archive)
        }
    }

    private static func write(_ part: Part, to archive: OpaquePointer) {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        var name = part.name.map { CChar(bitPattern: $0) }
        name.append(0)
        archive_entry_set_pathname(entry, name)
        archive_entry_set_size(entry, Int64(part.bytes.count))
        archive_entry_set_filetype(entry, 0o100000)
        archive_entry_set_perm(entry, 0o644)
        archive_write_header(archive, entry)
        part.bytes.withUnsafeBytes { _ = archive_write_data(archive, $0.baseAddress, $0.count) }
    }
}
