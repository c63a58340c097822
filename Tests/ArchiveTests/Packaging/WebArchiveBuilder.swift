import CArchive
import CZstd

@testable import Archive

/// Web archives made in memory, whole and broken, the same every time.
enum WebArchiveBuilder {
    static let page = "<html><body><p>Ferry resumes after the storm.</p></body></html>"

    /// How the records are compressed.
    enum Compression: CaseIterable {
        case none, perRecord, whole, zstd, dictionary, packedDictionary
    }

    /// A WARC record with its own end.
    ///
    /// - Parameter length: what Content-Length says; nil for the truth, empty for no such field.
    static func record(
        _ type: String = "response", url: String? = "http://gazette.example/a",
        date: String = "2017-03-06T04:02:06Z", block: [UInt8], mediaType: String? = nil,
        fields: [String] = [], length: String? = nil, version: String = "WARC/1.1",
        end: String = "\r\n\r\n"
    ) -> [UInt8] {
        let claimed = length ?? "\(block.count)"
        var lines = [version, "WARC-Type: \(type)"]
        if let url { lines.append("WARC-Target-URI: \(url)") }
        lines.append("WARC-Date: \(date)")
        lines += fields
        if let mediaType { lines.append("Content-Type: \(mediaType)") }
        if !claimed.isEmpty { lines.append("Content-Length: \(claimed)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + block + end.utf8
    }

    /// The block of an HTTP response.
    static func http(
        _ body: [UInt8] = Array(page.utf8), status: String = "HTTP/1.1 200 OK",
        _ headers: String...
    ) -> [UInt8] {
        let head = [status] + (headers.isEmpty ? ["Content-Type: text/html"] : headers)
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    /// A response record with a page of its own.
    static func response(_ name: String, fields: [String] = [], length: String? = nil) -> [UInt8] {
        record(
            url: "http://gazette.example/\(name)", block: http(html(name)),
            mediaType: "application/http; msgtype=response", fields: fields, length: length)
    }

    static func html(_ name: String) -> [UInt8] { Array("<html><p>\(name)</p></html>".utf8) }

    /// An ARC record: its line, its block, and a line feed.
    static func arc(_ line: String, _ block: [UInt8], length: Int? = nil) -> [UInt8] {
        Array("\(line) \(length ?? block.count)\n".utf8) + block + [0x0a]
    }

    static func archive(_ records: [[UInt8]], _ compression: Compression = .none) -> [UInt8] {
        let dictionary = Array("WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http".utf8)
        switch compression {
        case .none: return records.reduce(into: []) { $0 += $1 }
        case .perRecord: return Array(records.map(gzip).joined())
        case .whole: return gzip(Array(records.joined()))
        case .zstd: return Array(records.map { zstd($0) }.joined())
        case .dictionary:
            return skippable(dictionary)
                + records.flatMap { zstd($0, dictionary: dictionary) }
        case .packedDictionary:
            return skippable(zstd(dictionary))
                + records.flatMap { zstd($0, dictionary: dictionary) }
        }
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        BrokenContainers.written(.gzip, [.init(name: [0x61], bytes: bytes)])
    }

    /// DEFLATE without a wrapper: gzip without its ten bytes before and eight behind.
    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        Array(gzip(bytes).dropFirst(10).dropLast(8))
    }

    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var (low, high) = (1, 0)
        for byte in bytes {
            low = (low + Int(byte)) % 65521
            high = (high + low) % 65521
        }
        let sum = [high >> 8, high & 255, low >> 8, low & 255].map { UInt8($0) }
        return [0x78, 0x9c] + deflate(bytes) + sum
    }

    static func zstd(_ bytes: [UInt8], dictionary: [UInt8] = []) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) {
            room, count in
            count = ZSTD_compress_usingDict(
                context, room.baseAddress, room.count, bytes, bytes.count, dictionary,
                dictionary.count, 3)
        }
    }

    private static func skippable(_ content: [UInt8]) -> [UInt8] {
        [0x5d, 0x2a, 0x4d, 0x18] + (0..<4).map { UInt8(content.count >> ($0 * 8) & 255) } + content
    }

    static func chunked(_ parts: [String], end: String = "0\r\n\r\n") -> [UInt8] {
        let chunks = parts.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }
        return Array((chunks.joined() + end).utf8)
    }

    /// `page` in Brotli, which has no encoder here.
    static let brotliPage =
        "<html><p>Ferry resumes after the storm, the ferry master said, and after the storm the "
        + "ferry resumes.</p></html>"
    static let brotli: [UInt8] = [
        0x1b, 0x6f, 0x00, 0xa8, 0x8c, 0xc4, 0x38, 0x46, 0xf2, 0x22, 0x56, 0x07, 0x42, 0xe5, 0x36,
        0xb6, 0xae, 0x7c, 0x69, 0x4c, 0xdf, 0x8a, 0x5e, 0x04, 0xba, 0x02, 0x87, 0x1c, 0xcb, 0x39,
        0xf1, 0x20, 0x6d, 0x41, 0x4e, 0x39, 0x60, 0x6f, 0x25, 0x65, 0x78, 0xfe, 0x76, 0xc0, 0xf8,
        0xa0, 0x1b, 0xe3, 0xf0, 0x94, 0x2e, 0x56, 0x8b, 0xa5, 0x0c, 0x15, 0x42, 0xb3, 0x99, 0x14,
        0xfb, 0xc1, 0x7e, 0x54, 0x30, 0xcd, 0xc8, 0xcf, 0x4b, 0x65, 0x02, 0xb6, 0x70, 0x8f, 0xe2,
        0x75, 0xbb, 0x78, 0x2d, 0x44, 0xa4, 0x52, 0xbf, 0x48, 0xb1, 0x26, 0x0b,
    ]
}

extension Opened {
    /// The pages that were handed on, in order.
    var captures: [Capture] {
        members.compactMap { if case .capture(let capture) = $0.content { capture } else { nil } }
    }

    /// The pages as text.
    var pages: [String] { captures.map { String(decoding: $0.bytes, as: UTF8.self) } }

    /// Why members were refused.
    var refused: [Reason] {
        members.compactMap {
            if case .refused(let refusal) = $0.content { refusal.reason } else { nil }
        }
    }

    /// The forms of what was passed over.
    var passed: [String] {
        members.compactMap { if case .passed(let form, _, _) = $0.content { form } else { nil } }
    }
}
