internal import CIsal

/// The 32 bytes that a 7z begins with, which tell where its directory is: at the end, as a rule.
///
/// `7z BC AF 27 1C`, a version, a CRC-32 of what follows, then offset, size and CRC-32 of the
/// directory (7zFormat.txt). libarchive reads an archive whose directory is said to be of no bytes
/// as an empty one, whatever the check sum says.
enum SevenZipStart {
    static let bytes = 32

    /// Why a 7z is not read; nil where nothing speaks against it so far.
    static func refusal(of container: Unpacking.Container) throws(Refusal) -> Refusal? {
        guard container.source.length != nil else {
            return Refusal(
                .unsupported,
                "a 7z is read from its end, and within a container that is only done up to "
                    + "\(Unpacking.heldBytes) bytes", remedy: "drop it by itself")
        }
        let head = container.head
        guard head.count >= bytes else {
            return Refusal(.truncated, "the 7z ends within its first header", offset: head.count)
        }
        if head[8..<bytes].allSatisfy({ $0 == 0 }) {
            return Refusal(
                .unsupported, "the 7z was never finished: its first header is empty", offset: 8,
                remedy: "recover it with 7-Zip and drop what is within")
        }
        let stated = head[8..<12].reversed().reduce(0) { $0 << 8 | UInt($1) }
        let sum = head[12..<bytes].withUnsafeBytes { header in
            crc32_gzip_refl(
                0, header.bindMemory(to: UInt8.self).baseAddress, UInt64(header.count))
        }
        guard sum == stated else {
            return Refusal(.corrupt, "the first header of the 7z is damaged", offset: 8)
        }
        return try SevenZipDirectory.refusal(of: container.source, head: head)
    }
}
