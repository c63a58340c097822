/// The first bytes by which forms that are no text are told.
enum Signatures {
    private static let table: [(Form, [UInt8])] = [
        (.zip, [0x50, 0x4b, 3, 4]), (.zip, [0x50, 0x4b, 5, 6]), (.zip, [0x50, 0x4b, 7, 8]),
        (.gzip, [0x1f, 0x8b, 8]),
        (.xz, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
        (.zstd, [0x28, 0xb5, 0x2f, 0xfd]),
        (.lz4, [0x04, 0x22, 0x4d, 0x18]),
        (.sevenZip, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
        (.rar, Array("Rar!".utf8) + [0x1a, 7]),
        (.cpio, [0xc7, 0x71]),
        (.ar, Array("!<arch>\n".utf8)),
        (.cab, Array("MSCF".utf8) + [0, 0, 0, 0]),
        (.lzip, Array("LZIP".utf8) + [1]),
        (.compress, [0x1f, 0x9d]),
        (.binaryPropertyList, Array("bplist00".utf8)),
        (.pdf, Array("%PDF-".utf8)),
        (.warc, Array("WARC/".utf8)), (.warc, Array("warc/".utf8)),
        (.arc, Array("filedesc://".utf8)),
        (.image, [0xff, 0xd8, 0xff]), (.image, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]),
        (.image, Array("GIF87a".utf8)), (.image, Array("GIF89a".utf8)),
        (.image, [0x49, 0x49, 0x2a, 0]), (.image, [0x4d, 0x4d, 0, 0x2a]),
        (.image, [0, 0, 1, 0]),
        (.audio, Array("ID3".utf8) + [2]), (.audio, Array("ID3".utf8) + [3]),
        (.audio, Array("ID3".utf8) + [4]), (.audio, Array("OggS".utf8) + [0]),
        (.audio, Array("fLaC".utf8) + [0]),
        (.video, [0x1a, 0x45, 0xdf, 0xa3]), (.video, [0, 0, 1, 0xba]),
        (.office, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
        (.office, Array("{\\rtf".utf8)),
    ]

    /// The form whose signature `head` begins with.
    static func form(of head: [UInt8]) -> Form? {
        for (form, bytes) in table where head.starts(with: bytes) { return form }
        if isBzip2(head) { return .bzip2 }
        if isCpio(head) { return .cpio }
        if isZstdSkippable(head) { return .zstd }
        return riff(head) ?? baseMedia(head)
    }

    /// `BZh`, a level, then the magic of a block or of the end: no text begins like this.
    private static func isBzip2(_ head: [UInt8]) -> Bool {
        guard head.count >= 10, head.starts(with: Array("BZh".utf8)),
            (0x31...0x39).contains(head[3])
        else { return false }
        let magic = head[4..<10]
        return magic.elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || magic.elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
    }

    /// `0707`, two digits for the kind, then a header of digits without a space.
    private static func isCpio(_ head: [UInt8]) -> Bool {
        guard head.count >= 76, head.starts(with: Array("0707".utf8)) else { return false }
        return head[..<76].allSatisfy { TransferDecoder.hex($0) != nil }
    }

    private static func isZstdSkippable(_ head: [UInt8]) -> Bool {
        head.count >= 8 && (0x50...0x5f).contains(head[0])
            && head[1..<4].elementsEqual([0x2a, 0x4d, 0x18])
    }

    private static func riff(_ head: [UInt8]) -> Form? {
        guard head.count >= 12, head.starts(with: Array("RIFF".utf8)) else { return nil }
        return switch String(decoding: head[8..<12], as: UTF8.self) {
        case "WEBP": .image
        case "WAVE": .audio
        case "AVI ": .video
        default: nil
        }
    }

    /// A box `ftyp` first: pictures, sound and films of the ISO base media format.
    private static func baseMedia(_ head: [UInt8]) -> Form? {
        guard head.count >= 12, head[4..<8].elementsEqual(Array("ftyp".utf8)) else { return nil }
        return switch String(decoding: head[8..<12], as: UTF8.self) {
        case "avif", "heic", "heix", "mif1": .image
        case "M4A ": .audio
        default: .video
        }
    }
}
