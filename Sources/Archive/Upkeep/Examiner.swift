internal import Logging
internal import ServiceLifecycle

/// Looks through the database for damage, mends what can be mended, and tells the rest.
///
/// Used by one task, and for small parts of its time: nobody else is to notice. What was found is
/// told until it is mended, or is no more when all is looked through the next time.
final class Examiner {
    private let repository: Repository
    private let mender: RecordMender
    private let logger: Logger
    /// Is called with what is wrong, for people; nil where nothing is.
    private let tell: (String?) -> Void
    /// What could not be mended, and why.
    private var left: [Damage: String] = [:]

    /// Rows that are looked at in one go.
    private static let pieceRows = 64
    /// How much longer than such a go nothing is done after it: a twentieth of one processor.
    private static let rest = 19

    init(
        repository: Repository, mender: RecordMender, logger: Logger,
        tell: @escaping (String?) -> Void
    ) {
        self.repository = repository
        self.mender = mender
        self.logger = logger
        self.tell = tell
    }

    /// Looks into what was reported.
    ///
    /// - Parameter checked: is called when all was looked through.
    func lookIntoReports(checked: () -> Void) async {
        lookIntoArticles()
        guard repository.damage.takeAll() else { return }
        do { if try await examineAll() { checked() } } catch { tellUnseen(error) }
    }

    private func lookIntoArticles() {
        for row in repository.damage.takeArticles() {
            do {
                for damage in try repository.examine(article: row) { mend(damage) }
            } catch  where Damage.isOfTheMachine(error) {
                tellUnseen(error)
            } catch {
                mend(Damage(kind: .table, detail: "article \(row) cannot be read: \(error)"))
            }
        }
    }

    /// Looks through everything.
    ///
    /// - Returns: false where the daemon stops.
    /// - Throws: where the machine lets nobody look.
    private func examineAll() async throws -> Bool {
        var found: Set<Damage> = []
        var indexes: Set<String> = []
        var place: Repository.ExaminationPlace? = .init()
        while let present = place {
            let began = ContinuousClock.now
            lookIntoArticles()
            let piece = try examine(after: present)
            for damage in piece.damages {
                // An index is made anew once for all the rows that it does not find.
                if let index = damage.index, !indexes.insert(index).inserted { continue }
                found.insert(damage)
                mend(damage)
            }
            place = piece.next
            guard await rests(for: (.now - began) * Self.rest) else { return false }
        }
        guard let structure = try await repository.structureDamages() else { return false }
        for damage in structure {
            found.insert(damage)
            mend(damage)
        }
        left = left.filter { found.contains($0.key) }
        tellLeft()
        return true
    }

    private func examine(after place: Repository.ExaminationPlace) throws
        -> Repository.ExaminationPiece
    {
        do {
            return try repository.examine(after: place, rows: Self.pieceRows)
        } catch  where !Damage.isOfTheMachine(error) {
            let damage = Damage(kind: .table, detail: "not all of it can be read: \(error)")
            return Repository.ExaminationPiece(damages: [damage])
        }
    }

    private func tellUnseen(_ error: any Error) {
        logger.warning("the database cannot be looked through at present: \(error)")
    }

    private func rests(for time: Duration) async -> Bool {
        await (try? cancelWhenGracefulShutdown { try await Task.sleep(for: time) }) != nil
            && !Task.isShuttingDownGracefully
    }

    // MARK: Mending

    /// Mends what is damaged, or notes why it cannot be.
    private func mend(_ damage: Damage) {
        do {
            let words = "\(damage.detail): \(try mended(damage))"
            left = left.filter { !$0.key.isMended(with: damage) }
            log(.warning, "the database was damaged and is mended: ", words, MessageID.damageMended)
        } catch {
            let isNews = left.updateValue("\(error)", forKey: damage) == nil
            guard isNews else { return }
            log(
                .error, "the database is damaged: ", "\(damage.detail): \(error)",
                MessageID.damageFound)
        }
        tellLeft()
    }

    /// Mends what is damaged; how, in words.
    private func mended(_ damage: Damage) throws -> String {
        switch (damage.kind, damage.version, damage.index) {
        case (.record, let version?, _), (.evidence, let version?, _):
            return try mender.mend(version: version)
        case (.column, let version?, _):
            try repository.mendColumns(ofVersion: version)
            return "it is as the record has it"
        case (.index, _, let index?):
            try repository.remake(index: index)
            return "it is made anew from the table"
        default: throw RecordMender.Hopeless(description: "nothing else tells it")
        }
    }

    private func log(_ level: Logger.Level, _ start: String, _ detail: String, _ id: String) {
        logger.log(
            level: level, "\(start)\(detail)",
            metadata: ["message-id": .string(id), "detail": "\(detail)"])
    }

    private func tellLeft() {
        guard let first = left.min(by: { $0.key.detail < $1.key.detail }) else { return tell(nil) }
        let many = left.count == 1 ? "" : "\(left.count) damages cannot be mended, such as: "
        tell(
            "the database is damaged: \(many)\(first.key.detail): \(first.value); "
                + StoredDocument.remedy)
    }
}

extension Damage {
    /// Whether it is gone where another is mended: a record brings its evidence and columns along.
    fileprivate func isMended(with other: Damage) -> Bool {
        guard version != nil, version == other.version else { return self == other }
        return other.kind != .column || kind == .column
    }
}
