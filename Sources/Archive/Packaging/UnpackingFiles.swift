/// Zip, 7z and tar: bundles of files, which libarchive takes apart.
extension Unpacking {
    /// Reads a zip, and holds a WACZ against its own list of parts; returns its form in full.
    mutating func readZip(_ container: Container) throws -> String {
        var container = container
        let directory: ZipDirectory?
        do throws(Refusal) {
            directory = try ZipDirectory(of: container.source, countingTo: limits.members)
        } catch {
            try note(error, in: container)
            return container.form.rawValue
        }
        container.office = directory?.office ?? ZipDirectory.openDocument(container.head)
        container.source.seek(to: 0)
        // A directory beyond the limit is not loaded; members up to the limit still are read.
        let isListed = directory.map { $0.count <= limits.members } ?? false
        let kind = isListed ? LibArchive.Kind.zip : .zipStream
        guard directory?.holdsDataPackage == true else {
            try readFiles(container, as: kind, directory: directory)
            return container.form.rawValue
        }
        let package = WACZPackage()
        container.package = package
        try readFiles(container, as: kind, directory: directory)
        for refusal in package.objections() { try note(refusal, in: container) }
        return "wacz"
    }

    /// Reads a 7z whose directory asks for no more memory than it may have.
    mutating func readSevenZip(_ container: Container) throws {
        if let refusal = try SevenZipStart.refusal(of: container) {
            return try note(refusal, in: container)
        }
        container.source.seek(to: 0)
        try readFiles(container, as: .sevenZip)
    }

    /// Reads the files of a bundle, and tells what ended it before its end.
    mutating func readFiles(
        _ container: Container, as kind: LibArchive.Kind, directory: ZipDirectory? = nil
    ) throws {
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
        if let package = container.package {
            return try readPart(
                DigestingSource(MemberSource(archive, meter: meter)), of: package, path: entry.path,
                ordinal: ordinal, in: container)
        }
        return try readFile(
            MemberSource(archive, meter: meter), path: path, ordinal: ordinal, in: container)
    }

    private func refusal(of entry: LibArchive.Entry) -> Refusal? {
        if case .special(let what) = entry.type { return Refusal(.special, "a \(what)") }
        if let refusal = MemberPath.refusal(of: entry.path) { return refusal }
        guard entry.isEncrypted else { return nil }
        return Refusal(.encrypted, "the member is encrypted", remedy: "drop it decrypted")
    }
}
