/// One dropped container on its way through the opener: what was found and refused so far.
struct Unpacking {
    /// Bytes of a container within a container that are held in memory, to be read from its end.
    static let heldBytes = 8 << 20

    let limits: Limits
    let meter: Meter
    private let each: (Piece) throws -> Void
    private var ordinal = 0
    private var refusals: [Refusal] = []

    /// Begins on a file of `fileBytes`.
    init(limits: Limits, fileBytes: Int, each: @escaping (Piece) throws -> Void) {
        self.limits = limits
        self.each = each
        meter = Meter(fileBytes: fileBytes, limits: limits)
    }

    /// Reads `file` to its end, or to what stops it.
    mutating func package(
        of file: FileSource, form: Form, head: [UInt8], name: [UInt8]
    ) throws -> Package {
        var written = form.isCompression ? form.suffix : form.rawValue
        do {
            written = try read(
                Container(source: file, form: form, head: head, name: name, depth: 1))
        } catch let stop as Stop {
            refusals.append(stop.refusal)
        } catch let foreign as Foreign {
            throw foreign.error
        }
        if ordinal == 0, refusals.isEmpty {
            refusals.append(Refusal(.empty, "the \(written) has no members"))
        }
        return Package(
            form: written, members: ordinal, refusals: refusals,
            expandedBytes: meter.expandedBytes)
    }

    /// Ends the reading of the whole file; the refusal says why.
    struct Stop: Error {
        var refusal: Refusal
    }

    /// An error of the receiver, kept apart from ours.
    private struct Foreign: Error {
        var error: any Error
    }

    /// A container to be read: the dropped file itself, or a member that turned out to be one.
    struct Container {
        var source: any ByteSource
        var form: Form
        /// Its first bytes; still to come out of `source`.
        var head: [UInt8]
        /// Its own name: the last part of its path.
        var name: [UInt8]
        /// What stands before the paths of its members.
        var prefix: [UInt8] = []
        /// What unpacks the source part by part, where the container is a compressed stream.
        var parts: PartedStream?
        /// What a WACZ lists; nil for any other container.
        var package: WACZPackage?
        /// 1 for the dropped file.
        var depth: Int
        /// Its ordinal among the members; nil for the dropped file.
        var ordinal: Int?
    }
}

// MARK: Containers

extension Unpacking {
    /// Reads one container and returns its form in full, such as `tar.gz`.
    private mutating func read(_ container: Container) throws -> String {
        guard container.form.isCompression else { return try readBundle(container) }
        let suffix = container.form.suffix
        let name = MemberPath.unpacked(container.name)
        let inner: any ByteSource
        let head: [UInt8]
        do throws(Refusal) {
            inner = try unpacked(container)
            head =
                if let parts = inner as? PartedStream {
                    parts.peekHead(Recognition.headBytes)
                } else {
                    try inner.head(Recognition.headBytes)
                }
        } catch {
            _ = try refuse(error, path: container.prefix + name, ordinal: try count())
            try note(error, in: container)
            return suffix
        }
        var form = Recognition.form(of: head, name: name)
        if !form.isStreamed, let parts = inner as? PartedStream,
            let behind = try parts.headBehindDamage(
                Recognition.headBytes, isHead: { RecordReader.form(of: $0) != nil })
        {
            form = RecordReader.form(of: behind) ?? form
        }
        let source: any ByteSource =
            inner is PartedStream ? inner : PeekedSource(head, then: inner)
        if form.isStreamed {
            var bundle = container
            bundle.source = source
            bundle.parts = inner as? PartedStream
            bundle.form = form
            _ = try readBundle(bundle)
        } else {
            let ordinal = try count()
            let refusal = try readMember(
                source, head: head, path: container.prefix + name, ordinal: ordinal, in: container)
            if let refusal, refusal.reason != .nesting, refusal.reason != .tooLarge {
                // The member's damage is the stream's own.
                try note(refusal, in: container)
            }
        }
        try noteTail(behind: inner, in: container)
        return form.isStreamed ? "\(form.rawValue).\(suffix)" : suffix
    }

    private func unpacked(_ container: Container) throws(Refusal) -> any ByteSource {
        switch container.form {
        case .gzip:
            return PartedStream(container.source, decoder: DeflateDecoder(.gzip), meter: meter)
        case .zstd: return try PartedStream(zstd: container.source, meter: meter)
        default:
            return try CompressedSource(
                container.source, form: container.form, head: container.head, meter: meter)
        }
    }

    /// Reads a bundle, member by member; returns its form in full.
    private mutating func readBundle(_ container: Container) throws -> String {
        switch container.form {
        case .warc, .arc: try readWebArchive(container)
        case .mhtml: try readMHTML(container)
        default: return try readFiles(container)
        }
        return container.form.rawValue
    }

    /// Reads a zip or a tar.
    mutating func readFiles(_ container: Container, directory: ZipDirectory?) throws {
        var kind = LibArchive.Kind.tar
        if container.form == .zip {
            // A directory beyond the limit is not loaded; members up to the limit still are read.
            kind = directory.map { $0.count <= limits.members } ?? false ? .zip : .zipStream
        }
        let before = ordinal
        let stated = kind == .zip ? directory?.count : nil
        guard var damage = try walk(container, as: kind, stated: stated) else {
            if let directory {
                try noteTail(from: directory.end, in: container)
            } else if container.form == .zip, let length = container.source.length {
                let cut = Refusal(.truncated, "no directory at the end of the zip", offset: length)
                try note(cut, in: container)
            }
            return
        }
        if kind == .zip, ordinal == before, damage.reason != .ioError {
            // A zip whose directory is damaged still has its local headers.
            container.source.seek(to: 0)
            let again = try walk(container, as: .zipStream)
            if again == nil, ordinal - before >= directory?.count ?? 0 { return }
            damage = again ?? damage
        }
        if container.form == .zip, directory == nil, let length = container.source.length,
            damage.reason == .corrupt, damage.offset ?? 0 > length - 30
        {
            // What is too short for a header was cut.
            damage.reason = .truncated
        }
        try note(damage, in: container)
    }

    /// Hands on the members of a bundle, of which `stated` are in its directory; returns what
    /// ended it before its end.
    private mutating func walk(
        _ container: Container, as kind: LibArchive.Kind, stated: Int? = nil
    ) throws -> Refusal? {
        let archive: LibArchive
        do throws(Refusal) {
            archive = try LibArchive(container.source, kind: kind)
        } catch {
            return error
        }
        var headers = 0
        while true {
            let entry: LibArchive.Entry?
            do throws(Refusal) {
                entry = try archive.next()
            } catch {
                return error
            }
            guard let entry else { break }
            headers += 1
            guard entry.type != .directory else { continue }
            let refusal = try readEntry(entry, of: archive, in: container)
            if let damage = archive.damage { return damage }
            if meter.isSpent {
                throw Stop(refusal: Refusal(.expansion, "too many members unpack too far"))
            }
            // Passing over the rest of such a member would unpack it all the same.
            if kind == .zipStream, refusal?.reason == .expansion || refusal?.reason == .tooLarge {
                return refusal
            }
        }
        if kind == .tar { try noteTail(from: archive.position, in: container) }
        guard let stated, headers < stated else { return nil }
        return Refusal(
            .corrupt, "\(stated) members are listed, but only \(headers) have bytes of their own")
    }
}

// MARK: Members

extension Unpacking {
    /// Reads the entry at which `archive` stands; returns why it was refused.
    private mutating func readEntry(
        _ entry: LibArchive.Entry, of archive: LibArchive, in container: Container
    ) throws -> Refusal? {
        let ordinal = try count()
        let path = container.prefix + entry.path
        if let refusal = refusal(of: entry) {
            return try refuse(refusal, path: path, ordinal: ordinal)
        }
        if let package = container.package {
            return try readPart(
                DigestingSource(MemberSource(archive, meter: meter)), of: package, path: entry.path,
                ordinal: ordinal, in: container)
        }
        return try readFile(
            MemberSource(archive, meter: meter), path: path, ordinal: ordinal, in: container)
    }

    /// Reads a file of a bundle.
    mutating func readFile(
        _ source: any ByteSource, path: [UInt8], ordinal: Int, in container: Container
    ) throws -> Refusal? {
        let head: [UInt8]
        do throws(Refusal) {
            head = try source.head(Recognition.headBytes)
        } catch {
            return try refuse(error, path: path, ordinal: ordinal)
        }
        return try readMember(
            PeekedSource(head, then: source), head: head, path: path, ordinal: ordinal,
            in: container)
    }

    private func refusal(of entry: LibArchive.Entry) -> Refusal? {
        if case .special(let what) = entry.type { return Refusal(.special, "a \(what)") }
        if let refusal = MemberPath.refusal(of: entry.path) { return refusal }
        guard entry.isEncrypted else { return nil }
        return Refusal(.encrypted, "the member is encrypted", remedy: "drop it decrypted")
    }

    /// Reads a member that is a page, or goes into one that is a container.
    mutating func readMember(
        _ source: any ByteSource, head: [UInt8], path: [UInt8], ordinal: Int, in outer: Container
    ) throws -> Refusal? {
        let name = MemberPath.last(of: path)
        let form = Recognition.form(of: head, name: name)
        guard form.isContainer else { return try readPage(source, path: path, ordinal: ordinal) }
        guard outer.depth < limits.nesting else {
            return try refuse(
                Refusal(.nesting, "more than \(limits.nesting) containers within each other"),
                path: path, ordinal: ordinal)
        }
        var inner = Container(
            source: source, form: form, head: head, name: name,
            prefix: path + Array("!/".utf8), depth: outer.depth + 1, ordinal: ordinal)
        let held = hold(source)
        let whole = held.isWhole ? held.bytes : nil
        inner.source =
            held.isWhole ? MemorySource(held.bytes) : PeekedSource(held.bytes, then: source)
        try hand(
            Member(
                ordinal: ordinal, path: path, size: whole?.count,
                content: .container(
                    form: form.isCompression ? form.suffix : form.rawValue,
                    digest: whole.map { Capture(name: [], bytes: $0).digest })))
        _ = try read(inner)
        return nil
    }

    /// The first bytes of a container within a container, and whether they are all of it.
    ///
    /// Damage is met again by whoever reads on behind the bytes.
    private func hold(_ source: any ByteSource) -> (bytes: [UInt8], isWhole: Bool) {
        var bytes: [UInt8] = []
        while bytes.count <= Self.heldBytes {
            guard let block = try? source.next() else { return (bytes, false) }
            if block.isEmpty { return (bytes, true) }
            bytes.append(contentsOf: block)
        }
        return (bytes, false)
    }

    mutating func readPage(
        _ source: any ByteSource, path: [UInt8], ordinal: Int
    ) throws -> Refusal? {
        var bytes: [UInt8] = []
        do throws(Refusal) {
            while true {
                let block = try source.next()
                if block.isEmpty { break }
                guard bytes.count + block.count <= limits.pageBytes else {
                    throw Refusal(
                        .tooLarge, "a member of more than \(limits.pageBytes) bytes",
                        remedy: "raise limits.pageBytes")
                }
                bytes.append(contentsOf: block)
            }
        } catch {
            return try refuse(error, path: path, ordinal: ordinal)
        }
        let size = bytes.count
        let capture = Capture(name: path, bytes: bytes)
        try hand(Member(ordinal: ordinal, path: path, size: size, content: .capture(capture)))
        return nil
    }

    func refuse(_ refusal: Refusal, path: [UInt8], ordinal: Int) throws -> Refusal {
        // An error of the disk is no property of the member: the file is to be tried again.
        if refusal.reason == .ioError { throw refusal }
        try hand(Member(ordinal: ordinal, path: path, size: nil, content: .refused(refusal)))
        return refusal
    }

    func hand(_ member: Member) throws {
        do {
            try each(.member(member))
        } catch {
            throw Foreign(error: error)
        }
    }

    /// The ordinal of the next member, unless there are too many.
    mutating func count() throws -> Int {
        guard ordinal < limits.members else {
            throw Stop(
                refusal: Refusal(
                    .entryCount, "more than \(limits.members) members",
                    remedy: "raise limits.members"))
        }
        ordinal += 1
        return ordinal - 1
    }
}

// MARK: Refusals

extension Unpacking {
    /// Keeps what was wrong with a container; an error of the disk ends the reading.
    mutating func note(_ refusal: Refusal, in container: Container) throws {
        if refusal.reason == .ioError { throw refusal }
        var refusal = refusal
        if let ordinal = container.ordinal {
            refusal.detail = "in member \(ordinal): \(refusal.detail)"
        }
        refusals.append(refusal)
    }

    private mutating func noteTail(behind inner: any ByteSource, in container: Container) throws {
        if let stream = inner as? PartedStream {
            guard let offset = stream.trailing else { return }
            try note(Self.trailing(at: offset), in: container)
        } else if let stream = inner as? CompressedSource, stream.isAtEnd {
            try noteTail(from: stream.position, in: container)
        }
    }

    /// Looks behind the end of a container: zeros are the padding of tapes, all else is told.
    mutating func noteTail(from offset: Int, in container: Container) throws {
        guard let length = container.source.length, offset < length else { return }
        container.source.seek(to: offset)
        var at = offset
        do throws(Refusal) {
            while true {
                let block = try container.source.next()
                if block.isEmpty { return }
                if let index = block.firstIndex(where: { $0 != 0 }) {
                    at += index
                    break
                }
                at += block.count
            }
        } catch {
            try note(error, in: container)
            return
        }
        try note(Self.trailing(at: at), in: container)
    }

    private static func trailing(at offset: Int) -> Refusal {
        Refusal(.trailingData, "bytes after the end that belong to nothing", offset: offset)
    }
}
