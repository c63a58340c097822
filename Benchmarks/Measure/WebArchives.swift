import Foundation

@testable import Archive

/// Reads each web archive twice: bare, record by record with every payload, as a peer's loop does;
/// and through the opener, which tells pages from the rest, hashes them and verifies digests.
func measureWebArchives(_ paths: [String]) {
    for path in paths {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else {
            FileHandle.standardError.write(Data("measure: \(path) cannot be opened\n".utf8))
            exit(1)
        }
        defer { close(descriptor) }
        do {
            let began = ProcessorTime.seconds
            let (records, payload) = try payloads(of: descriptor)
            let read = ProcessorTime.seconds
            let (members, pages, bytes) = try pages(of: descriptor)
            let opened = ProcessorTime.seconds
            print(
                "{\"records\": \(records), \"payloadBytes\": \(payload), "
                    + "\"readSeconds\": \(read - began), \"members\": \(members), "
                    + "\"pages\": \(pages), \"pageBytes\": \(bytes), "
                    + "\"openSeconds\": \(opened - read), \"peakMemoryMB\": \(peakMemoryMB)}")
        } catch {
            FileHandle.standardError.write(Data("measure: \(path): \(error)\n".utf8))
            exit(1)
        }
    }
}

/// Every payload of a WARC, compressed by gzip or not.
private func payloads(of descriptor: Int32) throws -> (records: Int, bytes: Int) {
    let file = try FileSource(descriptor: descriptor)
    let isGzip = try file.head(2).starts(with: [0x1f, 0x8b])
    file.seek(to: 0)
    let meter = Meter(fileBytes: file.length ?? 0, limits: Limits())
    let parts =
        isGzip ? PartedStream(file, decoder: DeflateDecoder(.gzip), meter: meter) : nil
    let reader = RecordReader(parts ?? file, parts: parts, isARC: false)
    var (records, count) = (0, 0)
    while let found = try reader.next() {
        guard case .record(let record) = found else { continue }
        records += 1
        if record.kind == .response { _ = try HTTPMessage(from: reader.body) }
        var payload: [UInt8] = []
        payload.reserveCapacity(min(reader.body.remaining, 1 << 18))
        while true {
            let block = try reader.body.next()
            if block.isEmpty { break }
            payload.append(contentsOf: block)
        }
        count += payload.count
        _ = try reader.finish()
    }
    return (records, count)
}

/// Every page that the opener hands on.
private func pages(of descriptor: Int32) throws -> (members: Int, pages: Int, bytes: Int) {
    var (members, pages, bytes) = (0, 0, 0)
    _ = try Opener(limits: Limits()).open(descriptor: descriptor, name: []) { piece in
        members += 1
        guard case .member(let member) = piece, case .capture(let capture) = member.content else {
            return
        }
        pages += 1
        bytes += capture.bytes.count
    }
    return (members, pages, bytes)
}

private var peakMemoryMB: Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
}
