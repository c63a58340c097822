/// One dropped container on its way through the opener: what was found and refused so far.
struct Unpacking {
    /// Bytes of a container within a container that are held in memory, to be read from its end.
    static let heldBytes = 8 << 20

    let limits: Limits
    let meter: Meter
    private let each: (Piece) throws -> Void
    private var ordinal = 0
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
        guard container.form.isCompression else {
            try readBundle(container)
            return container.form.rawValue
        }
        let suffix = container.form.suffix
        let name = MemberPath.unpacked(container.name)
        let inner: any ByteSource
        let head: [UInt8]
        do throws(Refusal) {
            inner = try unpacked(container)
            head = try inner.head(Recognition.headBytes)
        } catch {
            _ = try refuse(error, path: container.prefix + name, ordinal: try count())
            try note(error, in: container)
            return suffix
        }
        let form = Recognition.form(of: head, name: name)
        let source = PeekedSource(head, then: inner)
        if form == .tar {
            var tar = container
            tar.source = source
            tar.form = .tar
            try readBundle(tar)
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
        return form == .tar ? "tar." + suffix : suffix
    }

    private func unpacked(_ container: Container) throws(Refusal) -> any ByteSource {
        if container.form == .gzip { return Gzip(container.source, meter: meter) }
        return try CompressedSource(
            container.source, form: container.form, head: container.head, meter: meter)
    }

    /// Reads a bundle, member by member.
    private mutating func readBundle(_ container: Container) throws {
        switch container.form {
        case .warc, .arc: try readWebArchive(container)
        case .mhtml: try readMHTML(container)
        case let form where form.isForeign: try note(Self.foreign(form), in: container)
        default: try readFiles(container)
        }
    }

    /// Reads a zip, a 7z or a tar.
    private mutating func readFiles(_ container: Container) throws {
        var container = container
        var directory: ZipDirectory?
        var kind = container.form == .sevenZip ? LibArchive.Kind.sevenZip : .tar
        if kind == .sevenZip {
            if let refusal = try SevenZipStart.refusal(of: container) {
                try note(refusal, in: container)
                return
            }
            container.source.seek(to: 0)
        }
        if container.form == .zip {
            do throws(Refusal) {
                directory = try ZipDirectory(of: container.source, countingTo: limits.members)
            } catch {
                try note(error, in: container)
                return
            }
            container.office = directory?.office ?? ZipDirectory.openDocument(container.head)
            container.source.seek(to: 0)
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
            if kind == .sevenZip, refusal?.reason != .encrypted, let stop = drain(archive) {
                return stop
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
    /// Unpacks what is left of a member, metered; returns why that was stopped.
    ///
    /// In a solid block libarchive would do so by itself to reach the next one, and not be counted.
    private func drain(_ archive: LibArchive) -> Refusal? {
        let rest = MemberSource(archive, meter: meter)
        do throws(Refusal) {
            while !(try rest.next()).isEmpty {}
            return nil
        } catch {
            // One damaged member is no end of the others.
            return error.reason == .expansion ? error : archive.damage
        }
    }

    /// Reads the entry at which `archive` stands; returns why it was refused.
    private mutating func readEntry(
        _ entry: LibArchive.Entry, of archive: LibArchive, in container: Container
    ) throws -> Refusal? {
        let ordinal = try count()
        let path = container.prefix + entry.path
        if let refusal = refusal(of: entry) ?? container.office.map(Self.part(ofOffice:)) {
            return try refuse(refusal, path: path, ordinal: ordinal)
        }
        let source = MemberSource(archive, meter: meter)
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
