internal import Foundation
internal import Glibc
internal import Logging
internal import Synchronization

/// The workers of the daemon: reads deposits in processes of their own, and replaces the dead.
///
/// A worker serves one file at a time and is kept for the next. As many run as are asked at once:
/// one for each lane, and one for each question that wants bytes of a container.
final class WorkerPool: MemberReading {
    private struct State {
        var idle: [WorkerProcess] = []
        var setup: [UInt8]
        /// Counts setups: a worker of an older one is ended when it comes back.
        var generation = 0
        var limits: Limits
        var deaths = 0
    }

    /// From how many bytes on a file is read by a worker that stands behind the others.
    private static let bundleBytes = 1 << 20

    private let program: String
    private let logger: Logger
    private let state: Mutex<State>

    /// Starts workers of `program`, none yet.
    init(
        program: String = "/proc/self/exe", limits: Limits, styles: HouseStyles, logger: Logger
    ) throws {
        self.program = program
        self.logger = logger
        state = Mutex(State(setup: try Self.encode(limits, styles), limits: limits))
    }

    /// Gives later files other limits and styles.
    func adopt(limits: Limits, styles: HouseStyles) throws {
        let setup = try Self.encode(limits, styles)
        state.withLock { state in
            state.setup = setup
            state.limits = limits
            state.generation += 1
            state.idle = []
        }
    }

    private static func encode(_ limits: Limits, _ styles: HouseStyles) throws -> [UInt8] {
        Array(
            try JSONEncoder().encode(ParseWorker.Setup(limits: limits, styles: styles.list)))
    }

    /// Workers that died since the start, for `archive.status`.
    var deaths: Int { state.withLock { $0.deaths } }

    func read(
        _ deposit: Deposit, from start: Int, passingOver: Int?,
        each: (AccessionMember) throws -> Void
    ) throws -> Package {
        let request = WorkerRequest(
            name: deposit.path.name, start: start, passingOver: passingOver, wantsBytes: false)
        let isBundle = deposit.size >= Self.bundleBytes
        return try ask(request, descriptor: deposit.original.number, isPatient: isBundle) {
            switch $0 {
            case .member(let member):
                try each(member)
                return nil
            case .done(let package): return package
            case .bytes: throw WorkerChannel.Closed()
            case .refused(let refusal): throw refusal
            }
        }
    }

    /// The bytes of one member of a file.
    func bytes(ofMember ordinal: Int, descriptor: Int32, name: [UInt8]) throws -> [UInt8] {
        let request = WorkerRequest(
            name: name, start: ordinal, passingOver: nil, wantsBytes: true)
        return try ask(request, descriptor: descriptor) { answer in
            switch answer {
            case .bytes(let bytes): return bytes
            case .refused(let refusal): throw refusal
            case .member, .done: throw WorkerChannel.Closed()
            }
        }
    }

    /// Hands a file to a worker and its answers to `take`, until that returns something.
    ///
    /// - Throws: `ReaderDeath` where the worker dies, is silent too long, or breaks the rules.
    private func ask<Result>(
        _ request: WorkerRequest, descriptor: Int32, isPatient: Bool = false,
        take: (WorkerAnswer) throws -> Result?
    ) throws -> Result {
        let (worker, generation, limits) = try checkOut(isPatient)
        do {
            try worker.channel.send(request.frame, descriptor: descriptor)
            while true {
                var frame = FrameReader(
                    try worker.channel.receive(within: .seconds(limits.pageSeconds)))
                if let result = try take(try WorkerAnswer(&frame)) {
                    checkIn(worker, generation)
                    return result
                }
            }
        } catch is WorkerChannel.Closed {
            throw death(worker.leave(), limits)
        } catch is WorkerChannel.Silent {
            _ = worker.end()
            throw died(
                .timeout, "reading the member took more than \(limits.pageSeconds) s")
        } catch is FrameReader.Broken {
            _ = worker.end()
            throw died(.crashedParser, "the reader answered what is no answer")
        } catch let refusal as Refusal {
            checkIn(worker, generation)
            throw refusal
        }
        // Any other error is the receiver's: the worker is in the middle of a file and is ended.
    }

    private func checkOut(_ isPatient: Bool) throws -> (WorkerProcess, Int, Limits) {
        let (idle, setup, generation, limits) = state.withLock { state in
            let place = state.idle.lastIndex { $0.isPatient == isPatient }
            let idle = place.map { state.idle.remove(at: $0) }
            return (idle, state.setup, state.generation, state.limits)
        }
        if let idle { return (idle, generation, limits) }
        let worker = try WorkerProcess(program: program, setup: setup, isPatient: isPatient)
        return (worker, generation, limits)
    }

    private func checkIn(_ worker: WorkerProcess, _ generation: Int) {
        state.withLock { if $0.generation == generation { $0.idle.append(worker) } }
    }

    private func death(_ end: WorkerProcess.End, _ limits: Limits) -> ReaderDeath {
        // An array that outgrows its memory asks for twice of it at once, and dies far below. What
        // aborts is an allocation that failed: traps of Swift are other signals.
        if end.signal == SIGABRT || end.peakBytes >= limits.workerBytes / 3 {
            return died(
                .tooLarge,
                "reading the member takes more than \(limits.workerBytes) bytes of memory")
        }
        return died(.crashedParser, "the reader crashed over the member (signal \(end.signal))")
    }

    private func died(_ reason: Reason, _ detail: String) -> ReaderDeath {
        state.withLock { $0.deaths += 1 }
        logger.warning("a reader is replaced: \(detail)")
        return ReaderDeath(reason: reason, detail: detail)
    }
}
