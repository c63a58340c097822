/// A stream of bzip2, xz or lz4 being unpacked, metered.
final class CompressedSource: ByteSource {
    private let archive: LibArchive
    private let meter: Meter
    private var charged = 0
    private var failure: Refusal?
    /// Whether all of it was handed on.
    private(set) var isAtEnd = false

    /// Opens `source`, whose first bytes are `head`.
    init(
        _ source: any ByteSource, form: Form, head: [UInt8], meter: Meter
    ) throws(Refusal) {
        if form == .xz { try Self.checkDictionary(ofXZ: head) }
        let kind: LibArchive.Kind =
            switch form {
            case .bzip2: .bzip2
            case .xz: .xz
            default: .lz4
            }
        archive = try LibArchive(source, kind: kind)
        self.meter = meter
        _ = try archive.next()
        guard archive.isFiltered else {
            throw Refusal(
                .corrupt, "the header of the \(form.rawValue) stream is damaged", offset: 0)
        }
    }

    /// Bytes of the source that were used.
    var position: Int { archive.position }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        do throws(Refusal) {
            let block = try archive.readBlock()
            charged += block.count
            try meter.charge(block.count, to: .stream)
            isAtEnd = block.isEmpty
            return block
        } catch {
            meter.release(charged, from: .stream)
            charged = 0
            failure = error
            throw error
        }
    }

    /// Refuses an xz whose first block asks for a dictionary above 128 MiB.
    ///
    /// The size is one byte behind the LZMA2 filter's id 0x21 in the block header, 12 bytes in
    /// (xz file format 3.1 and 5.3.1); `xz -9` asks for 64 MiB.
    private static func checkDictionary(ofXZ head: [UInt8]) throws(Refusal) {
        guard head.count > 24, head[12] != 0 else { return }
        let flags = head[13]
        var at = 14
        for flag in [UInt8(0x40), 0x80] where flags & flag != 0 {
            while at < 40, at < head.count, head[at] & 0x80 != 0 { at += 1 }
            at += 1
        }
        guard at + 2 < head.count, head[at] == 0x21, head[at + 1] == 1, head[at + 2] > 30 else {
            return
        }
        throw Refusal(
            .expansion, "the xz stream asks for a dictionary above 128 MiB", offset: at + 2)
    }
}
