/// Reads what a record holds: a page as it was captured, or why it is none.
struct RecordPayload {
    /// What a record turned out to hold.
    enum Finding {
        case page(bytes: [UInt8], mediaType: String?)
        case passed(form: String, words: String)
        case refused(Refusal)
    }

    /// What was found, and what is to be said of it although it was read.
    struct Outcome {
        var finding: Finding
        var note: Refusal?
        /// The digest of a payload whose chunks were taken away, where all of it was read.
        var check: StatedDigest?
    }

    let limits: Limits
    let meter: Meter

    /// Reads the block of `record` as far as it is needed.
    ///
    /// - Throws: an error of the disk; all else is told in the outcome.
    func read(_ record: ArchiveRecord, _ body: RecordBody) throws(Refusal) -> Outcome {
        if let objection = record.objection { return Outcome(finding: .refused(objection)) }
        if let words = PageForm.words(notRead: record) {
            let form = record.type.isEmpty ? "record" : String(record.type.prefix(40))
            return Outcome(finding: .passed(form: form, words: words))
        }
        do throws(Refusal) {
            return try readPayload(of: record, body)
        } catch {
            if error.reason == .ioError { throw error }
            return Outcome(finding: .refused(error))
        }
    }

    private func readPayload(
        of record: ArchiveRecord, _ body: RecordBody
    ) throws(Refusal) -> Outcome {
        let isClaimed = record.mediaType?.lowercased().hasPrefix("application/http") == true
        let message =
            record.kind == .response ? try HTTPMessage(from: body, isClaimed: isClaimed) : nil
        let mediaType = message == nil ? record.mediaType : message?.mediaType
        if let digest = record.payloadDigest, body.check == nil {
            body.check = StatedDigest(digest)
        }
        if record.fields?.text("warc-segment-number") == "1" {
            throw Refusal(.unsupported, "the first part of a page that was kept in parts")
        }
        if let words = message?.objection {
            return Outcome(finding: .passed(form: PageForm.claimed(mediaType), words: words))
        }
        guard let message else { return try readPage(body, record, mediaType, nil) }
        var source: any ByteSource = body
        var chunks: ChunkedBody?
        if message.isChunked {
            let chunked = ChunkedBody(source)
            if body.check != nil, let digest = record.payloadDigest {
                chunked.check = StatedDigest(digest)
            }
            chunks = chunked
            source = chunked
        }
        guard message.codings.count <= 8 else {
            throw Refusal(.unsupported, "\(message.codings.count) content codings")
        }
        var codings: [ContentDecoding] = []
        for coding in message.codings.reversed() {
            guard let decoding = try ContentDecoding(source, coding: coding) else { continue }
            codings.append(decoding)
            source = decoding
        }
        var outcome = try readPage(source, record, mediaType, chunks)
        if case .page = outcome.finding,
            chunks?.isCut == true || codings.contains(where: { $0.isCut })
        {
            outcome.note = Refusal(.truncated, "the page ends early, and is read as far as it goes")
        }
        return outcome
    }

    private func readPage(
        _ source: any ByteSource, _ record: ArchiveRecord, _ mediaType: String?,
        _ chunks: ChunkedBody?
    ) throws(Refusal) -> Outcome {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(max(record.length, 0), 1 << 18))
        do throws(Refusal) {
            var isKnown = false
            while true {
                let block = try source.next()
                if !block.isEmpty {
                    try meter.charge(block.count, to: .members)
                    bytes.append(contentsOf: block)
                }
                if !isKnown, block.isEmpty || bytes.count >= Recognition.headBytes {
                    isKnown = true
                    if let passed = PageForm.passed(bytes, mediaType, name: record.fileName) {
                        meter.release(bytes.count, from: .members)
                        return Outcome(finding: passed)
                    }
                }
                if block.isEmpty { break }
                guard bytes.count <= limits.pageBytes else {
                    throw Refusal(
                        .tooLarge, "a page of more than \(limits.pageBytes) bytes",
                        remedy: "raise limits.pageBytes")
                }
            }
        } catch {
            meter.release(bytes.count, from: .members)
            throw error
        }
        return Outcome(
            finding: .page(bytes: bytes, mediaType: mediaType),
            check: chunks?.isEnded == true ? chunks?.check : nil)
    }
}

extension ArchiveRecord {
    /// The payload's digest as the record states it, where it says something about this block.
    var payloadDigest: ArraySlice<UInt8>? {
        guard kind == .response || kind == .resource || kind == .conversion else { return nil }
        return fields?.value("warc-payload-digest")
    }

    /// The last part of the address's path, for the form that a suffix tells.
    var fileName: [UInt8] {
        guard let url else { return [] }
        let path = url.utf8.prefix { $0 != 0x3f && $0 != 0x23 }
        let last = path.lastIndex(of: 0x2f).map { path[path.index(after: $0)...] } ?? path
        return Array(last.suffix(256))
    }
}
