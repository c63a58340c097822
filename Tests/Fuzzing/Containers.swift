import Glibc

@testable import Archive

/// Opens dropped files, and holds what comes out against what is promised of every container.
enum Containers {
    private static let limits: Limits = {
        var limits = Limits()
        limits.pageBytes = 1 << 20
        limits.expandedBytes = 8 << 20
        limits.members = 1000
        return limits
    }()

    static func open(_ bytes: [UInt8], name: String) {
        let file = Words.memory(of: bytes)
        defer { close(file) }
        var ordinals: [Int] = []
        var isRead = false
        let package = try? Opener(limits: limits).open(
            descriptor: file, name: Array(name.utf8)
        ) { piece in
            if case .member(let member) = piece { ordinals.append(member.ordinal) }
            guard let capture = piece.capture else { return }
            demand(capture.digest == Digest(of: capture.bytes)) { "a page has its own digest" }
            demand(capture.bytes.count <= limits.pageBytes) { "no page is above the limit" }
            // One: the readers of pages are fuzzed by themselves.
            if !isRead { Pages.read(capture) }
            isRead = true
        }
        demand(ordinals.elementsEqual(0..<ordinals.count)) { "members are counted: \(ordinals)" }
        if let package {
            demand(package.members == ordinals.count) {
                "\(package.members) members are told, \(ordinals.count) are handed on"
            }
        }
    }

    /// A zip of stored members, so that no check sum keeps made-up bytes from its parts.
    ///
    /// Members are parted by a line `--`; the first line of each is its name.
    static func zip(of bytes: [UInt8]) -> [UInt8] {
        var zip: [UInt8] = []
        var directory: [UInt8] = []
        var count = 0
        for member in parts(bytes).prefix(32) {
            let end = member.firstIndex(of: 0x0A) ?? member.endIndex
            let (name, content) = (member[..<end].prefix(100), member[end...].dropFirst())
            var fields: [UInt8] = little(20, 2) + little(0, 8) + little(crc(content), 4)
            fields += little(content.count, 4) + little(content.count, 4) + little(name.count, 2)
            directory += [0x50, 0x4B, 1, 2] + little(20, 2) + fields + little(0, 12)
            directory += little(zip.count, 4) + name
            zip += [0x50, 0x4B, 3, 4] + fields + little(0, 2) + name + content
            count += 1
        }
        var end: [UInt8] = [0x50, 0x4B, 5, 6] + little(0, 4) + little(count, 2) + little(count, 2)
        end += little(directory.count, 4) + little(zip.count, 4) + little(0, 2)
        return zip + directory + end
    }

    private static func parts(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let mark = Array("\n--\n".utf8)
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        for place in bytes.indices where bytes[place...].starts(with: mark) && place >= start {
            parts.append(bytes[start..<place])
            start = place + mark.count
        }
        return parts + [bytes[start...]]
    }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 }
    }

    /// The check sum of zip (CRC-32, ISO 3309).
    private static func crc(_ bytes: ArraySlice<UInt8>) -> Int {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return Int(~sum)
    }
}

extension Piece {
    /// The page in it, if any.
    fileprivate var capture: Capture? {
        switch self {
        case .page(let capture): return capture
        case .member(let member):
            if case .capture(let capture) = member.content { return capture }
            return nil
        }
    }
}
