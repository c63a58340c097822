internal import ArchiveProtocol
internal import Dispatch
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The daemon: builds the stations in the order of a file's way, and runs them in one group.
///
///     inbox ──► Inbox ──Deposit──► Packaging ──Capture──► Parsing ──Article──► Repository, Search
///                                    └── Lane takes each batch along ──┘            │
///     archivectl ◄──────── Socket ◄──────── Service ◄───────────────────────────────┘
///
/// The way of a file is `Lane.process`; the way of a question is `Service.answer`.
public struct Daemon: Sendable {
    /// Where things are, and how much is told.
    public struct Options: Sendable {
        /// The state directory.
        public var stateDirectory: String
        /// Where the sockets are made, unless the service manager passes them.
        public var runtimeDirectory: String
        /// The configuration file; defaults apply where it does not exist.
        public var configuration: String

        /// Takes the parts as they are.
        public init(
            stateDirectory: String = "/var/lib/archived",
            runtimeDirectory: String = "/run/archived",
            configuration: String = "/etc/archived/archived.yaml"
        ) {
            self.stateDirectory = stateDirectory
            self.runtimeDirectory = runtimeDirectory
            self.configuration = configuration
        }
    }

    /// What the process exits with: sysexits.h, as systemd shows it.
    public enum ExitStatus: Int32, Sendable {
        case done = 0
        case failed = 1
        /// The configuration, the state directory or the database is not to be used.
        case configuration = 78
    }

    /// How many batches are on their way at once: one is read while others wait for the disk.
    private static let laneCount = 3

    private let group: ServiceGroup
    private let logger: Logger
    private let lock: Descriptor
    private let stateDirectory: String

    /// Runs the daemon until it is told to stop, and ends the process with its status.
    public static func runAndExit(_ options: Options) -> Never {
        FreeMemory.mapWhatIsLarge()
        // Not `exit`: what libraries clean up at the end is in use by questions still under way,
        // and a process that crashes or waits there has not ended well. All is durable by now.
        Task.detached { _exit(await run(options).rawValue) }
        dispatchMain()
    }

    /// Runs the daemon until it is told to stop.
    private static func run(_ options: Options) async -> ExitStatus {
        let directories = Directories(
            state: options.stateDirectory, runtime: options.runtimeDirectory,
            configuration: options.configuration)
        let settings: Settings
        do {
            settings = try Settings(
                file: directories.configuration, stateDirectory: directories.state)
        } catch {
            LogDestination.bootstrap(level: .notice)
            Logger(label: "archived").critical(
                "\(error)",
                metadata: [
                    "message-id": .string(MessageID.configurationRefused), "detail": "\(error)",
                ])
            return .configuration
        }
        LogDestination.bootstrap(level: settings.logLevel)
        let logger = Logger(label: "archived")
        do {
            let daemon = try await Daemon(directories, settings, logger)
            return await daemon.run()
        } catch {
            let error = Repository.explained(error, stateDirectory: directories.state)
            logger.critical("\(error)")
            ServiceManager().notify(.status("\(error)"))
            return .configuration
        }
    }

    private init(_ directories: Directories, _ settings: Settings, _ logger: Logger) async throws {
        // A client that leaves and a lease that is asked back must not end the process.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGIO, SIG_IGN)
        // What is kept is read through the daemon alone: nobody finds a story on disk that it
        // would not show.
        umask(0o077)
        self.logger = logger
        stateDirectory = directories.state
        let manager = ServiceManager()
        lock = try directories.prepare(inbox: settings.inbox.path)
        let originals = try Originals(stateDirectory: directories.state)
        let index = Indexer(directory: "\(directories.state)/index", logger: logger)
        let repository = try Repository(
            stateDirectory: directories.state, index: index, logger: logger)
        try index.open(repository.pool, archive: repository.uuid)
        index.onDamage { [damage = repository.damage] in damage.report(article: $0) }
        let host = try Host(
            directories: directories, settings: settings, manager: manager, logger: logger)
        let inbox = Inbox(settings: settings.inbox, ledger: repository, logger: logger)

        let lanes = (0...Self.laneCount).map { number in
            Lane(
                number: number, inbox: inbox,
                custody: Custody(
                    originals: originals, fileBytes: settings.limits.fileBytes,
                    reserveBytes: settings.reserveBytes, lane: "\(number)",
                    isStopping: { Task.isShuttingDownGracefully }),
                reader: host.workers, repository: repository, logger: logger,
                isStopping: { Task.isShuttingDownGracefully })
        }
        let rereader = Rereader(lane: lanes[Self.laneCount], originals: originals, logger: logger)
        let service = Service(
            repository: repository, index: index, inbox: inbox, originals: originals,
            reader: host.workers,
            admission: Admission(
                inbox: settings.inbox.path, stateDirectory: directories.state,
                fileBytes: settings.limits.fileBytes, reserveBytes: settings.reserveBytes),
            cacheBytes: settings.cacheBytes, host: host, logger: logger)
        let socket = try SocketServer(
            listeners: try Self.listeners(directories, manager), service: service,
            limits: settings.socket, logger: logger)
        host.join(socket: socket, cache: service.cache, rereader: rereader)

        await inbox.open()
        // Stopped in reverse: no more questions, no more files, then the lanes end their work, and
        // the index is written last.
        var services: [any ServiceLifecycle.Service] = [IndexKeeping(index: index, host: host)]
        services += lanes.prefix(Self.laneCount).map {
            LaneRun(lane: $0, host: host, manager: manager, logger: logger)
        }
        services.append(
            Upkeep(
                inbox: inbox, repository: repository, originals: originals, host: host,
                logger: logger))
        services.append(InboxWatch(inbox: inbox))
        services.append(Reloading(host: host))
        services.append(socket)
        services.append(
            Heartbeat(
                manager: manager, socket: socket, inbox: inbox, repository: repository,
                index: index,
                host: host, logger: logger))
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        group = ServiceGroup(configuration: configuration)
    }

    private func run() async -> ExitStatus {
        do {
            try await group.run()
            withExtendedLifetime(lock) {}
            return .done
        } catch {
            let error = Repository.explained(error, stateDirectory: stateDirectory)
            logger.critical("stopped: \(error)")
            ServiceManager().notify(.status("stopped: \(error)"))
            // To start again would not help: the remedy is the archivist's.
            return error is RepositoryError ? .configuration : .failed
        }
    }

    /// The sockets that systemd passed, or else two of our own.
    private static func listeners(_ directories: Directories, _ manager: ServiceManager) throws
        -> [Listener]
    {
        let passed = manager.passedSockets()
        let names: [(passed: String, file: String, rights: Rights)] = [
            ("query", "archived.sock", .read), ("admin", "admin.sock", .admin),
        ]
        return try names.map { name in
            if let descriptor = passed[name.passed] {
                return Listener.passed(descriptor, rights: name.rights)
            }
            return try Listener.bind(
                path: "\(directories.runtime)/\(name.file)", mode: 0o660, group: nil,
                rights: name.rights)
        }
    }
}
