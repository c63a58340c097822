internal import ArchiveProtocol
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// The daemon as its stations see it: what it is at, what is wrong, and its present settings.
final class Host: ServiceHost {
    /// What changes while the daemon runs.
    private struct Present {
        var state = "starting"
        var problems: [String: String] = [:]
        var checked: Timestamp?
        var settings: Settings
        var styles: HouseStyles
        var socket: SocketServer?
        var cache: AnswerCache?
        var rereader: Rereader?
    }

    let started = Timestamp.now
    private let directories: Directories
    private let manager: ServiceManager
    private let logger: Logger
    private let present: Mutex<Present>
    /// Those that the sockets were opened with: a reload does not change them.
    private let socketLimits: SocketLimits
    /// What reads the files, under the present settings.
    let workers: WorkerPool

    init(
        directories: Directories, settings: Settings, manager: ServiceManager, logger: Logger
    ) throws {
        self.directories = directories
        self.manager = manager
        self.logger = logger
        let styles = try directories.styles(settings)
        workers = try WorkerPool(limits: settings.limits, styles: styles, logger: logger)
        present = Mutex(Present(settings: settings, styles: styles))
        socketLimits = settings.socket
    }

    /// Joins the stations that were built after the host.
    func join(socket: SocketServer, cache: AnswerCache, rereader: Rereader) {
        present.withLock {
            $0.socket = socket
            $0.cache = cache
            $0.rereader = rereader
        }
    }

    var stateDirectory: String { directories.state }
    var state: String { present.withLock { $0.state } }
    var problems: [String] { present.withLock { $0.problems.values.sorted() } }
    var lineBytes: Int { socketLimits.lineBytes }
    var inFlight: Int { socketLimits.inFlight }
    var connections: Int { present.withLock { $0.socket }?.connectionCount ?? 0 }

    var checked: Timestamp? { present.withLock { $0.checked } }

    /// Notes when the whole database had last been looked through.
    func noteChecked(_ time: Timestamp) { present.withLock { $0.checked = time } }

    /// Enters a state, such as `running`.
    func enter(_ state: String) { present.withLock { $0.state = state } }

    /// Notes what is wrong under a name, or that it no longer is.
    func note(_ name: String, problem: String?) { present.withLock { $0.problems[name] = problem } }

    func reload() async throws(Failure) -> [String] {
        manager.notify(.reloading)
        defer { manager.notify(.ready) }
        do {
            let settings = try Settings(
                file: directories.configuration, stateDirectory: directories.state)
            let styles = try directories.styles(settings)
            try workers.adopt(limits: settings.limits, styles: styles)
            let changes = present.withLock { present in
                defer {
                    present.settings = settings
                    present.styles = styles
                    present.cache?.resize(settings.cacheBytes)
                }
                return present.settings.changes(to: settings)
            }
            note("configuration", problem: nil)
            logger.notice("the configuration was read again", metadata: ["changed": "\(changes)"])
            return changes
        } catch {
            let words = "the configuration is refused and the old one kept: \(error)"
            note("configuration", problem: words)
            logger.error(
                "\(words)",
                metadata: [
                    "message-id": .string(MessageID.configurationRefused), "detail": "\(error)",
                ])
            throw Failure(
                .invalidParams, "\(error)", hint: "archived check-config tries a configuration")
        }
    }

    var outlets: HouseStyles { present.withLock { $0.styles } }

    func trial(ofStyle yaml: [UInt8], named name: String) throws(Failure) -> OutletTrial {
        let (settings, styles) = present.withLock { ($0.settings, $0.styles) }
        let style: HouseStyle
        do { style = try OutletsDirectory.style(yaml, named: name) } catch {
            throw Failure(
                .invalidParams, "\(error)", hint: "man 5 archived.yaml tells the keys of a style")
        }
        do {
            // As `Directories.styles` has it: of one outlet the first style counts.
            let others = styles.list.filter { $0.outlet != style.outlet }
            let trial = try WorkerPool(
                limits: settings.limits, styles: HouseStyles([style] + others), logger: logger)
            return OutletTrial(
                style: style, isNew: others.count == styles.list.count, present: workers,
                changed: trial)
        } catch {
            throw Failure(.internalError, "no reader can be started: \(error)")
        }
    }

    func readAgain(_ digest: Digest, as path: InboxPath) async {
        await present.withLock { $0.rereader }?.read(digest, as: path)
    }
}

/// Reads originals again that are in custody already: what was released from quarantine, and what
/// a crash left unregistered.
actor Rereader {
    private let lane: Lane
    private let originals: Originals
    private let logger: Logger
    private let executor = QueueExecutor(label: "archived.rereader")

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(lane: Lane, originals: Originals, logger: Logger) {
        self.lane = lane
        self.originals = originals
        self.logger = logger
    }

    /// Reads an original as if it had just been dropped at `path`.
    func read(_ digest: Digest, as path: InboxPath) {
        guard let file = originals.open(digest),
            let stamp = FileStamp.of(descriptor: file.number)
        else { return logger.error("the original \(digest.name) is missing") }
        let deposit = Deposit(
            path: path, stamp: stamp, digest: digest, size: stamp.size, original: file,
            noticed: .now, read: .now)
        do { try lane.keep([deposit], known: []) } catch {
            logger.error("cannot keep what was read from \(digest.name): \(error)")
        }
    }
}
