internal import ArchiveProtocol

/// What goes back to a client for one line.
struct Reply: Sendable {
    /// A whole line; empty where there is none, or an answer.
    var line: [UInt8] = []
    /// The id of the request, and the result.
    var answer: (id: [UInt8], result: [UInt8])?
    var descriptor: Descriptor?
    /// Is called once the line stands in the client's queue.
    var whenQueued: (@Sendable () -> Void)?
}

/// One line of a client on its way to the Service station and back, off the loop's thread.
struct Call: Sendable {
    let line: [UInt8]
    let rights: Rights
    let peer: Peer
    let descriptor: Descriptor?
    let outlet: any Outlet
    let service: any Answering
    /// Whether the client was still there when the line had its turn.
    let isHeard: Bool

    /// The line to answer with, empty for a notification, and what is to follow it.
    func answer() async -> Reply {
        let envelope: Envelope
        do throws(Envelope.Refused) { envelope = try line.withEnvelope() } catch {
            return Reply(line: ResponseLine.error(error.failure, id: error.id))
        }
        let request = Request(
            method: envelope.method, params: envelope.params, rights: rights, peer: peer,
            descriptor: descriptor, outlet: outlet)
        guard let id = envelope.id else {
            // A notification is carried out although its client may be gone: a task of its own is
            // not cancelled with this one.
            return await Task {
                let answer = try? await service.answer(request)
                // Nobody is sent it, so that nobody else takes it.
                outlet.took(answer?.result.count ?? 0)
                return Reply(whenQueued: answer?.whenQueued)
            }.value
        }
        // The client is gone: nobody would read the answer.
        guard isHeard, !Task.isCancelled else { return Reply() }
        do throws(Failure) {
            let answer = try await service.answer(request)
            return Reply(
                answer: (id, answer.result), descriptor: answer.descriptor,
                whenQueued: answer.whenQueued)
        } catch {
            return Reply(line: ResponseLine.error(error, id: id))
        }
    }
}

extension [UInt8] {
    fileprivate func withEnvelope() throws(Envelope.Refused) -> Envelope {
        try withUnsafeBytes { line -> Result<Envelope, Envelope.Refused> in
            do throws(Envelope.Refused) { return .success(try Envelope(line)) } catch {
                return .failure(error)
            }
        }.get()
    }
}
