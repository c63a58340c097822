internal import ArchiveProtocol

/// One line of a client on its way to the Service station and back, off the loop's thread.
struct Call: Sendable {
    let line: [UInt8]
    let rights: Rights
    let peer: Peer
    let descriptor: Descriptor?
    let outlet: any Outlet
    let service: any Answering

    /// The line to answer with; empty for a notification.
    func answer() async -> (line: [UInt8], descriptor: Descriptor?) {
        let envelope: Envelope
        do throws(Envelope.Refused) { envelope = try line.withEnvelope() } catch {
            return (ResponseLine.error(error.failure, id: error.id), nil)
        }
        let request = Request(
            method: envelope.method, params: envelope.params, rights: rights, peer: peer,
            descriptor: descriptor, outlet: outlet)
        guard let id = envelope.id else {
            // A notification is carried out although its client may be gone: a task of its own is
            // not cancelled with this one.
            await Task { _ = try? await service.answer(request) }.value
            return ([], nil)
        }
        do throws(Failure) {
            let answer = try await service.answer(request)
            return (ResponseLine.result(answer.result, id: id), answer.descriptor)
        } catch {
            return (ResponseLine.error(error, id: id), nil)
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
