internal import ArchiveProtocol

/// What a WACZ says of its own parts: a zip of web archives, their indexes and lists of pages.
///
/// WACZ 1.1.1 lists each part with its digest in `datapackage.json`, which is written last. So
/// every part is hashed as it streams by, and held against the list at the end.
final class WACZPackage {
    /// Parts whose digests are kept, and bytes of the list; more are not verified.
    static let partLimit = 10_000
    static let listLimit = 4 << 20

    private var digests: [[UInt8]: Digest] = [:]
    private var list: [UInt8] = []
    private var isOverLimit = false

    /// Why a part is no page and no web archive; nil for what is looked into.
    static func words(notRead path: [UInt8]) -> String? {
        if path.elementsEqual("datapackage.json".utf8) { return "the list of the package's parts" }
        if path.elementsEqual("datapackage-digest.json".utf8) { return "the list's own digest" }
        if path.starts(with: "indexes/".utf8) { return "an index of the web archive" }
        if path.starts(with: "logs/".utf8) { return "a log of the crawler" }
        if path.starts(with: "pages/".utf8) { return "a list of the captured pages" }
        return nil
    }

    /// Takes the digest of a part that was read to its end.
    func take(_ digest: Digest, of path: [UInt8]) {
        guard digests.count < Self.partLimit else {
            isOverLimit = true
            return
        }
        digests[path] = digest
    }

    /// Reads a part that is not looked into; the bytes of the list are kept.
    func pass(_ source: DigestingSource, path: [UInt8]) throws(Refusal) {
        let isList = path.elementsEqual("datapackage.json".utf8)
        while true {
            let block = try source.next()
            if block.isEmpty { return }
            if isList, list.count + block.count <= Self.listLimit { list += block }
        }
    }

    /// What is not as the list says.
    func objections() -> [Refusal] {
        guard let parts = try? JSONParser.parse(list)["resources"]?.array else {
            return [Refusal(.malformed, "datapackage.json is no list of the package's parts")]
        }
        guard !isOverLimit, parts.count <= Self.partLimit else {
            return [Refusal(.digest, "more than \(Self.partLimit) parts are not verified")]
        }
        return Array(parts.compactMap(objection).prefix(16))
    }

    private func objection(to part: JSON) -> Refusal? {
        guard let path = part["path"]?.string else {
            return Refusal(.malformed, "datapackage.json lists a part without a path")
        }
        if let unsafe = MemberPath.refusal(of: Array(path.utf8)) {
            return Refusal(unsafe.reason, "datapackage.json lists \(unsafe.detail): \(path)")
        }
        guard let digest = digests[Array(path.utf8)] else {
            return Refusal(.digest, "\(path) is listed and is not there, or cannot be read")
        }
        guard let stated = part["hash"]?.string, let stated = Digest(stated) else { return nil }
        guard stated != digest else { return nil }
        return Refusal(.digest, "\(path) has another digest than datapackage.json states")
    }
}

/// Bytes that are hashed as they pass.
final class DigestingSource: ByteSource {
    private let source: any ByteSource
    private var hasher: Digest.Hasher? = Digest.Hasher()
    private var isAtEnd = false

    init(_ source: any ByteSource) { self.source = source }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        let block = try source.next()
        if block.isEmpty { isAtEnd = true }
        hasher?.update(block)
        return block
    }

    /// The digest of all bytes; nil where they could not be read to their end.
    ///
    /// It is asked for once.
    func digest() -> Digest? {
        while !isAtEnd, let block = try? next(), !block.isEmpty {}
        guard isAtEnd, let hasher = hasher.take() else { return nil }
        return hasher.digest()
    }
}
