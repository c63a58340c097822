/// The bytes of the entry at which a bundle's reader stands, metered.
final class MemberSource: ByteSource {
    private let archive: LibArchive
    private let meter: Meter
    private var charged = 0
    private var failure: Refusal?

    init(_ archive: LibArchive, meter: Meter) {
        self.archive = archive
        self.meter = meter
    }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        do throws(Refusal) {
            let block = try archive.read()
            charged += block.count
            try meter.charge(block.count, to: .members)
            return block
        } catch {
            meter.release(charged, from: .members)
            charged = 0
            // Where the bundle stood is no place in the member.
            let refusal = Refusal(error.reason, error.detail, remedy: error.remedy)
            failure = refusal
            throw refusal
        }
    }
}
