/// One dropped container on its way through the opener: what was found and refused so far.
struct Unpacking {
    /// Bytes of a container within a container that are held in memory, to be read from its end.
    static let heldBytes = 8 << 20

    let limits: Limits
    let meter: Meter
    private let each: (Piece) throws -> Void
    private(set) var ordinal = 0
    /// What is wrong with the dropped file itself, before what is wrong with containers in it.
    private var refusals: [Refusal] = []
    private var refusalsOfFile = 0
    var notes: [Refusal] = []

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
        try package(written: form.isCompression ? form.suffix : form.rawValue) { unpacking in
            try unpacking.read(
                Container(source: file, form: form, head: head, name: name, depth: 1))
        }
    }

    /// Reads the items of a dropped document.
    mutating func package(of list: ItemList, name: [UInt8]) throws -> Package {
        try package(written: list.form.rawValue) { unpacking in
            try unpacking.readItems(
                list,
                in: Container(
                    source: MemorySource([]), form: list.form, head: [], name: name, depth: 1))
            return list.form.rawValue
        }
    }

    private mutating func package(
        written: String, _ read: (inout Unpacking) throws -> String
    ) throws -> Package {
        var written = written
        do {
            written = try read(&self)
        } catch let stop as Stop {
            refuse(stop.refusal, isOfFile: true)
        } catch let foreign as Foreign {
            throw foreign.error
        }
        if ordinal == 0, refusals.isEmpty {
            refusals.append(Refusal(.empty, "the \(written) has no members"))
        }
        return Package(
            form: written, members: ordinal, refusals: refusals, notes: notes,
            expandedBytes: meter.expandedBytes)
    }

    mutating func refuse(_ refusal: Refusal, isOfFile: Bool) {
        refusals.insert(refusal, at: isOfFile ? refusalsOfFile : refusals.count)
        if isOfFile { refusalsOfFile += 1 }
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
        /// Which office document a zip is, where it is one.
        var office: String?
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
        case .zip: return try readZip(container)
        case .sevenZip: try readSevenZip(container)
        case let form where form.isForeign: try note(Self.foreign(form), in: container)
        default: try readFiles(container, as: .tar)
        }
        return container.form.rawValue
    }
}

// MARK: Members

extension Unpacking {
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

    /// Reads a member that is a page, or goes into one that is a container.
    mutating func readMember(
        _ source: any ByteSource, head: [UInt8], path: [UInt8], ordinal: Int, in outer: Container
    ) throws -> Refusal? {
        let name = MemberPath.last(of: path)
        let form = Recognition.form(of: head, name: name)
        if let mismatch = NameClaim.mismatch(name, form) {
            remark(
                Refusal(mismatch.reason, "member \(ordinal) is \(mismatch.detail)"))
        }
        if form.isForeign { return try refuse(Self.foreign(form), path: path, ordinal: ordinal) }
        guard form.isContainer, !form.mayHoldItems else {
            return try readPage(source, path: path, ordinal: ordinal, in: outer)
        }
        guard outer.depth < limits.nesting else {
            return try refuse(
                Refusal(
                    .nesting, "more than \(limits.nesting) containers within each other",
                    remedy: "raise limits.nesting where the file is trusted"),
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

    /// All bytes of a page.
    func bytes(of source: any ByteSource) throws(Refusal) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let block = try source.next()
            if block.isEmpty { return bytes }
            guard bytes.count + block.count <= limits.pageBytes else {
                throw Refusal(
                    .tooLarge, "a member of more than \(limits.pageBytes) bytes",
                    remedy: "raise limits.pageBytes")
            }
            bytes.append(contentsOf: block)
        }
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
