internal import ArchiveProtocol
internal import Foundation
internal import Glibc

/// The process in which strangers' bytes are opened and parsed: `archived parse-worker`.
///
/// It holds one socket and, for the time of one file, that file's descriptor. It can open nothing,
/// connect to nothing and start nothing (`Confinement`); what goes wrong in it costs one member.
public enum ParseWorker {
    /// The descriptor that its socket is passed as.
    static let socketNumber: Int32 = 3

    /// What a worker is told once, before it confines itself.
    struct Setup: Codable, Sendable {
        var limits: Limits
        var styles: [HouseStyle]
    }

    /// Serves the daemon until it closes the socket.
    public static func run() {
        let channel = WorkerChannel(Descriptor(owning: socketNumber))
        guard let frame = try? channel.receive(),
            let setup = try? JSONDecoder().decode(Setup.self, from: Data(frame))
        else { return }
        // Before the walls are built: the tables of encodings and zones come from files.
        CharsetIndex.askAll()
        let reader = LocalReader(
            opener: Opener(limits: setup.limits), parser: Parser(styles: HouseStyles(setup.styles)))
        Confinement(memoryBytes: setup.limits.workerBytes).enter()
        while serve(channel, reader) {}
    }

    /// Reads one file; false where the daemon is gone.
    private static func serve(_ channel: WorkerChannel, _ reader: LocalReader) -> Bool {
        do {
            var frame = FrameReader(try channel.receive())
            let request = try WorkerRequest(&frame)
            guard let file = channel.takeDescriptor() else { return false }
            try channel.send(try answer(request, file, channel, reader).frame)
            return true
        } catch {
            return false
        }
    }

    /// Sends members as they are read; returns the last answer.
    private static func answer(
        _ request: WorkerRequest, _ file: Descriptor, _ channel: WorkerChannel,
        _ reader: LocalReader
    ) throws -> WorkerAnswer {
        do {
            if request.wantsBytes {
                let bytes = try reader.bytes(
                    ofMember: request.start, descriptor: file.number, name: request.name)
                return .bytes(bytes)
            }
            return .done(
                try reader.read(
                    descriptor: file.number, name: request.name, from: request.start,
                    passingOver: request.passingOver
                ) { try channel.send(WorkerAnswer.member($0).frame) })
        } catch let refusal as Refusal {
            return .refused(refusal)
        }
    }
}
