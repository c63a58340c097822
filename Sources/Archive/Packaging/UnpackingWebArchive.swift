extension Unpacking {
    /// Reads a WARC or an ARC, record by record; each is a member.
    mutating func readWebArchive(_ container: Container) throws {
        let reader = RecordReader(
            container.source, parts: container.parts, isARC: container.form == .arc)
        var reading = WebArchiveReading(
            source: container.source, isARC: container.form == .arc,
            payload: RecordPayload(limits: limits, meter: meter))
        while let found = try reader.next() {
            switch found {
            case .damage(let refusal): reading.note(refusal)
            case .refused(let record, let refusal):
                let path = container.prefix + record.path
                try hand(
                    Member(
                        ordinal: try count(), path: path, size: nil,
                        content: .refused(refusal), offset: record.offset))
            case .record(let record):
                let ordinal = try count()
                let path = container.prefix + record.path
                let (content, size) = try reading.read(
                    record, of: reader, ordinal: ordinal, path: path)
                if case .capture(let capture) = content {
                    try handPage(
                        capture, ordinal: ordinal, offset: record.offset, in: container)
                    continue
                }
                try hand(
                    Member(
                        ordinal: ordinal, path: path, size: size, content: content,
                        offset: record.offset))
            }
            if meter.isSpent {
                throw Stop(refusal: Refusal(.expansion, "too many members unpack too far"))
            }
        }
        for refusal in reading.told { try note(refusal, in: container) }
    }
}

/// A web archive while it is read: what revisits may refer to, and what was wrong so far.
struct WebArchiveReading {
    /// How many damages are told one by one.
    static let toldDamages = 16

    let source: any ByteSource
    let isARC: Bool
    let payload: RecordPayload
    private var table = RevisitTable()
    private let canReopen: Bool
    private var damages: [Refusal] = []
    private var untold = 0

    init(source: any ByteSource, isARC: Bool, payload: RecordPayload) {
        self.source = source
        self.isARC = isARC
        self.payload = payload
        canReopen = source.twin(at: 0) != nil
    }

    /// Keeps what is wrong with the archive, or with a member that is read all the same.
    mutating func note(_ refusal: Refusal) {
        if damages.count < Self.toldDamages { damages.append(refusal) } else { untold += 1 }
    }

    /// What was wrong, the first ones in full.
    var told: [Refusal] {
        guard untold > 0, let last = damages.last else { return damages }
        return damages + [Refusal(last.reason, "\(untold) more places of damage")]
    }

    /// Reads the record at which `reader` stands.
    mutating func read(
        _ record: ArchiveRecord, of reader: RecordReader, ordinal: Int, path: [UInt8]
    ) throws(Refusal) -> (Member.Content, size: Int?) {
        if let digest = record.fields?.value("warc-block-digest") {
            reader.body.check = StatedDigest(digest)
        }
        let outcome = try payload.read(record, reader.body)
        if let damage = try reader.finish() {
            outcome.finding.release(from: payload.meter)
            return (.refused(damage), nil)
        }
        if let check = reader.body.check, !check.matches(), outcome.check?.matches() != true {
            note(
                Refusal(
                    .digest, "member \(ordinal): the bytes have another digest than is stated",
                    offset: record.offset))
        }
        if var note = outcome.note {
            note.detail = "member \(ordinal): " + note.detail
            note.offset = record.offset
            self.note(note)
        }
        if record.kind == .revisit, record.objection == nil {
            return try revisited(record, path: path)
        }
        enter(record, outcome.finding)
        return Self.content(outcome.finding, of: record, path: path)
    }

    private static func content(
        _ finding: RecordPayload.Finding, of record: ArchiveRecord, path: [UInt8]
    ) -> (Member.Content, size: Int?) {
        switch finding {
        case .refused(let refusal): return (.refused(refusal), nil)
        case .passed(let form, let words):
            return (.passed(form: form, digest: nil, words: words), record.length)
        case .page(let bytes, let mediaType):
            var capture = Capture(name: path, bytes: bytes)
            capture.url = record.url
            capture.captured = record.captured
            capture.recordID = record.recordID
            capture.mediaType = mediaType
            return (.capture(capture), bytes.count)
        }
    }
}

// MARK: Revisits

extension WebArchiveReading {
    private mutating func enter(_ record: ArchiveRecord, _ finding: RecordPayload.Finding) {
        guard canReopen, !isARC, [.response, .resource, .conversion].contains(record.kind) else {
            return
        }
        let isPage = if case .page = finding { true } else { false }
        let place = record.part ?? (source.length == nil ? nil : record.offset)
        guard place != nil || !isPage else { return }
        table.enter(record, at: isPage ? place : nil)
    }

    /// The page that was seen again: the bytes of the earlier capture, under the later date.
    private func revisited(
        _ record: ArchiveRecord, path: [UInt8]
    ) throws(Refusal) -> (Member.Content, size: Int?) {
        func passed(_ words: String) -> (Member.Content, size: Int?) {
            (.passed(form: "revisit", digest: nil, words: words), record.length)
        }
        guard canReopen else { return passed("seen again unchanged; one cannot go back here") }
        for key in record.references {
            guard let place = table.place(of: key) else { continue }
            if place < 0 { return passed("seen again unchanged; no page") }
            guard let finding = try reread(at: place, meaning: key) else { continue }
            return Self.content(finding, of: record, path: path)
        }
        return passed(
            "seen again unchanged; the page is not "
                + (table.isFull ? "among the first \(RevisitTable.limit) places" : "in this file"))
    }

    private func reread(
        at place: Int, meaning key: RevisitTable.Key
    ) throws(Refusal) -> RecordPayload.Finding? {
        guard let source = source.twin(at: place) else { return nil }
        let reader = RecordReader(source, parts: source as? PartedStream, isARC: isARC)
        guard case .record(let record)? = try reader.next(),
            key.means(record)
        else { return nil }
        let outcome = try payload.read(record, reader.body)
        if try reader.finish() != nil {
            outcome.finding.release(from: payload.meter)
            return nil
        }
        return outcome.finding
    }
}

extension RecordPayload.Finding {
    /// Takes back what a page was charged that is not handed on.
    fileprivate func release(from meter: Meter) {
        if case .page(let bytes, _) = self { meter.release(bytes.count, from: .members) }
    }
}
