/// The end of a zip and its central directory, looked at before libarchive holds it in memory.
///
/// A zip ends with a record `PK 5 6` that says where the directory is; in ZIP64 the true offset
/// is in a record `PK 6 6`, found by a locator `PK 6 7` right before (APPNOTE 4.3.14 to 4.3.16).
/// Counts in these records are not believed: the directory's own headers are counted.
struct ZipDirectory {
    /// Headers in the directory, counted no further than one beyond the limit.
    private(set) var count = 0
    /// Whether it lists a `datapackage.json` at the top, as a WACZ does.
    private(set) var holdsDataPackage = false
    /// Where the zip ends by its own account.
    private(set) var end: Int
    /// Whether the table of an office document is in it, and which kind its folders are of.
    private var hasContentTypes = false
    private var officeFolder: String?

    /// Finds the directory of `source`; nil where there is none at its end.
    init?(of source: any ByteSource, countingTo limit: Int) throws(Refusal) {
        guard let length = source.length, length >= 22 else { return nil }
        // libarchive looks for the record in as many bytes.
        let tail = try Self.bytes(of: source, from: max(0, length - 16384), count: 16384)
        let base = length - tail.count
        guard let record = Self.record(in: tail) else { return nil }
        end = min(length, base + record + 22 + Self.number(tail, record + 20, 2))
        var directory = Self.number(tail, record + 16, 4)
        if record >= 20, Self.number(tail, record - 20, 4) == 0x0706_4b50 {
            let wide = try Self.bytes(
                of: source, from: Self.number(tail, record - 12, 8), count: 56)
            if wide.count >= 56, Self.number(wide, 0, 4) == 0x0606_4b50 {
                directory = Self.number(wide, 48, 8)
            }
        }
        try countHeaders(of: source, from: directory, to: limit)
    }

    private mutating func countHeaders(
        of source: any ByteSource, from start: Int, to limit: Int
    ) throws(Refusal) {
        guard let length = source.length, start < length else { return }
        source.seek(to: start)
        var pending: [UInt8] = []
        var at = 0
        while count <= limit {
            while pending.count - at < 46 + Self.nameBytes {
                let block = try source.next()
                if block.isEmpty { break }
                let passed = min(at, pending.count)
                pending.removeFirst(passed)
                at -= passed
                pending.append(contentsOf: block)
            }
            guard pending.count - at >= 46, Self.number(pending, at, 4) == 0x0201_4b50 else {
                return
            }
            count += 1
            note(name: pending[(at + 46)...].prefix(Self.number(pending, at + 28, 2)))
            at +=
                46 + Self.number(pending, at + 28, 2) + Self.number(pending, at + 30, 2)
                + Self.number(pending, at + 32, 2)
        }
    }

    // MARK: Office documents

    /// Bytes of a name that are looked at.
    private static let nameBytes = 32
    private static let folders = ["word/": "docx", "xl/": "xlsx", "ppt/": "pptx"]

    /// Which office document it is (ECMA-376, part 2): a zip with a table of types, and a folder
    /// that tells the program.
    var office: String? { hasContentTypes ? officeFolder : nil }

    private mutating func note(name: ArraySlice<UInt8>) {
        if name.elementsEqual("[Content_Types].xml".utf8) { hasContentTypes = true }
        if name.elementsEqual("datapackage.json".utf8) { holdsDataPackage = true }
        for (folder, form) in Self.folders where name.starts(with: folder.utf8) {
            officeFolder = form
        }
    }

    /// Which OpenDocument a zip is that begins with `head`: its type is stored first, as it is.
    ///
    /// An EPUB begins likewise, and holds pages: it is none of these.
    static func openDocument(_ head: [UInt8]) -> String? {
        let type = "application/vnd.oasis.opendocument."
        let start = 30 + number(head, 26, 2) + number(head, 28, 2)
        guard head.count > start, head.dropFirst(30).starts(with: "mimetype".utf8),
            head[start...].starts(with: type.utf8)
        else { return nil }
        return head[start...].dropFirst(type.utf8.count).starts(with: "text".utf8) ? "odt" : "odf"
    }

    // MARK: Bytes

    /// The end record whose comment ends with the file, else the last one that fits.
    private static func record(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        var last: Int?
        for index in stride(from: tail.count - 22, through: 0, by: -1)
        where number(tail, index, 4) == 0x0605_4b50 {
            let rest = tail.count - index - 22
            let comment = number(tail, index + 20, 2)
            if comment == rest { return index }
            if comment < rest, last == nil { last = index }
        }
        return last
    }

    private static func bytes(
        of source: any ByteSource, from start: Int, count: Int
    ) throws(Refusal) -> [UInt8] {
        source.seek(to: start)
        return Array(try source.head(count).prefix(count))
    }

    /// A number of `width` bytes, the lowest first; what does not fit is cut to 0.
    private static func number(_ bytes: [UInt8], _ index: Int, _ width: Int) -> Int {
        guard index >= 0, index + width <= bytes.count else { return 0 }
        var value: UInt64 = 0
        for offset in (0..<width).reversed() { value = value << 8 | UInt64(bytes[index + offset]) }
        return Int(exactly: value) ?? 0
    }
}
