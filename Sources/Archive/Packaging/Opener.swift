internal import Glibc

/// Opens a dropped file and hands on the pages in it, one at a time.
///
/// It reads streams and never writes: no path of a bundle is ever opened. What is recognised, the
/// limits, and what is refused are told in `docs/formats.md`.
struct Opener {
    /// How much of a hostile file is read.
    let limits: Limits

    /// Reads the file behind `descriptor`, which stays the caller's and keeps its position.
    ///
    /// - Throws: a `Refusal` where the file as a whole cannot be read (too large a page, or
    ///   `.ioError`), and whatever `each` throws. A damaged container does not throw: its good
    ///   members are handed on, and the package carries the refusals.
    func open(
        descriptor: Int32, name: [UInt8], each: (Piece) throws -> Void
    ) throws -> Package {
        let file = try FileSource(descriptor: descriptor)
        let head = try file.head(Recognition.headBytes)
        let form = Recognition.form(of: head, name: name)
        let mismatch = NameClaim.mismatch(name, form)
        file.seek(to: 0)
        guard form.isContainer, !form.mayHoldItems else {
            var capture = try page(of: file, name: name)
            capture.form = form
            if let list = ItemList.read(capture.bytes, form: form) {
                return try withoutActuallyEscaping(each) { each in
                    var unpacking = Unpacking(
                        limits: limits, fileBytes: capture.bytes.count, each: each)
                    if let mismatch { unpacking.remark(mismatch) }
                    return try unpacking.package(of: list, name: name)
                }
            }
            try each(.page(capture))
            return Package(
                form: "file", notes: mismatch.map { [$0] } ?? [],
                expandedBytes: capture.bytes.count)
        }
        return try withoutActuallyEscaping(each) { each in
            var unpacking = Unpacking(limits: limits, fileBytes: file.length ?? 0, each: each)
            if let mismatch { unpacking.remark(mismatch) }
            return try unpacking.package(of: file, form: form, head: head, name: name)
        }
    }

    private func page(of file: FileSource, name: [UInt8]) throws(Refusal) -> Capture {
        let tooLarge = Refusal(
            .tooLarge, "a page of more than \(limits.pageBytes) bytes",
            remedy: "raise limits.pageBytes")
        guard (file.length ?? 0) <= limits.pageBytes else { throw tooLarge }
        var bytes: [UInt8] = []
        while true {
            let block = try file.next()
            if block.isEmpty { break }
            guard bytes.count + block.count <= limits.pageBytes else { throw tooLarge }
            bytes.append(contentsOf: block)
        }
        return Capture(name: name, bytes: bytes)
    }
}

extension Capture {
    /// A capture of `bytes`, with their digest.
    init(name: [UInt8], bytes: [UInt8]) {
        var hasher = Digest.Hasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        self.init(name: name, bytes: bytes, digest: hasher.digest())
    }
}
