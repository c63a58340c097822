/// What a member's path says about it before one byte of it is read.
enum MemberPath {
    /// Why a member of this path is not read; nil where nothing speaks against it.
    static func refusal(of path: [UInt8]) -> Refusal? {
        if isAbsolute(path) { return Refusal(.unsafePath, "an absolute path") }
        if climbs(path) { return Refusal(.unsafePath, "a path that climbs with ..") }
        if isFurniture(path) { return Refusal(.hidden, "a file that macOS keeps for itself") }
        return nil
    }

    /// The part behind the last slash.
    static func last(of path: [UInt8]) -> [UInt8] {
        path.lastIndex(of: 0x2f).map { Array(path[($0 + 1)...]) } ?? path
    }

    /// The name of what a compressed file holds: without `.gz` and the like, `.tgz` as `.tar`.
    static func unpacked(_ name: [UInt8]) -> [UInt8] {
        let name = last(of: name)
        let lower = name.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        for suffix in [".gz", ".bz2", ".xz", ".zst", ".lz4"] {
            let count = suffix.utf8.count
            guard lower.count > count, lower.suffix(count).elementsEqual(suffix.utf8) else {
                continue
            }
            return Array(name.dropLast(count))
        }
        for suffix in [".tgz", ".tbz", ".txz"]
        where lower.count > 4 && lower.suffix(4).elementsEqual(suffix.utf8) {
            return name.dropLast(3) + Array("tar".utf8)
        }
        return name
    }

    private static func isAbsolute(_ path: [UInt8]) -> Bool {
        guard let first = path.first else { return false }
        if isSeparator(first) { return true }
        let isLetter = (0x61...0x7a).contains(first | 0x20)
        return path.count >= 3 && isLetter && path[1] == 0x3a && isSeparator(path[2])
    }

    private static func climbs(_ path: [UInt8]) -> Bool {
        path.split(whereSeparator: isSeparator).contains { $0.elementsEqual([0x2e, 0x2e]) }
    }

    private static func isFurniture(_ path: [UInt8]) -> Bool {
        let parts = path.split(separator: 0x2f)
        guard let last = parts.last else { return false }
        return parts.contains { $0.elementsEqual("__MACOSX".utf8) }
            || last.elementsEqual(".DS_Store".utf8) || last.starts(with: "._".utf8)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x2f || byte == 0x5c }
}
