internal import ArchiveProtocol

/// Reads a damaged record again from its original, and puts it back.
struct RecordMender: Sendable {
    let repository: Repository
    let originals: Originals
    let reader: any MemberReading

    /// Why a record cannot be mended.
    struct Hopeless: Error, CustomStringConvertible {
        var description: String
    }

    /// Ends the reading of a file at the member that was sought.
    private struct Found: Error { var member: AccessionMember }

    /// Mends the record or the evidence of a version.
    ///
    /// - Returns: how, in words.
    func mend(version seq: Int64) throws -> String {
        var why = Hopeless(description: "no original is told for it")
        for source in try repository.sources(ofVersion: seq) {
            do throws(Hopeless) {
                let prepared = try article(of: source)
                let mended: Repository.Mended?
                do { mended = try repository.mend(version: seq, with: prepared) } catch {
                    throw Hopeless(description: "\(error)")
                }
                let name = source.original.name
                switch mended {
                case .asItWas: return "it is as it was again, by \(name)"
                case .readAnew: return "it is as this release reads it, by \(name)"
                case nil: throw Hopeless(description: "\(name) is read as another record now")
                }
            } catch { why = error }
        }
        throw why
    }

    /// The article that a member of a sound original gives.
    private func article(of source: Repository.RecordSource) throws(Hopeless) -> PreparedArticle {
        let words = "its original \(source.original.name)"
        guard let file = originals.open(source.original),
            let stamp = FileStamp.of(descriptor: file.number)
        else { throw Hopeless(description: "\(words) is missing") }
        guard originals.computedDigest(of: source.original) == source.original else {
            throw Hopeless(description: "\(words) is damaged too")
        }
        let deposit = Deposit(
            path: InboxPath(bytes: source.name), stamp: stamp, digest: source.original,
            size: stamp.size, original: file, noticed: .now, read: .now)
        do {
            _ = try reader.read(deposit, from: source.ordinal, passingOver: nil) { member in
                if member.ordinal == source.ordinal { throw Found(member: member) }
            }
        } catch let found as Found {
            if case .article(let prepared) = found.member.content { return prepared }
        } catch {
            throw Hopeless(description: "\(words) cannot be read: \(error)")
        }
        throw Hopeless(description: "\(words) gives no article there now")
    }
}
