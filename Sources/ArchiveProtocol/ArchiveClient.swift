/// A connection to the daemon that asks one thing at a time and waits for the answer.
public final class ArchiveClient {
    private var socket: ClientSocket
    private let timeout: Duration?
    private var lastID = 0
    private var early: [(method: String, params: JSON)] = []

    /// Connects to the socket at `path`.
    ///
    /// - Parameter timeout: how long connecting, and each call, may take; nil is without end.
    public init(path: String, timeout: Duration?) throws(ClientError) {
        self.timeout = timeout
        socket = try ClientSocket(path: path, deadline: Self.deadline(timeout))
    }

    /// Calls a method and waits for its answer.
    ///
    /// - Parameter descriptor: an open file to send along; it stays the caller's.
    /// - Returns: the result, and the descriptor that came with it, which is the caller's to close.
    /// - Throws: `Failure` where the daemon refuses, `ClientError` where it cannot be asked.
    public func call(_ method: String, _ params: JSON = [:], sending descriptor: Int32? = nil)
        throws -> (result: JSON, descriptor: Int32?)
    {
        let deadline = Self.deadline(timeout)
        lastID += 1
        let request: JSON = [
            "jsonrpc": "2.0", "id": .integer(lastID), "method": .string(method), "params": params,
        ]
        try socket.send(request.bytes + [0x0A], descriptor: descriptor, deadline: deadline)
        while true {
            let (message, came) = try next(deadline)
            if let notification = Self.notification(message) {
                early.append(notification)
                continue
            }
            // An answer without an id refuses the connection or the line as a whole.
            guard let id = message["id"], id == .integer(lastID) || id == .null else { continue }
            if let error = message["error"] {
                throw Failure(error) ?? Failure(.internalError, "an error that cannot be read")
            }
            guard let result = message["result"] else {
                throw ClientError.protocolError("an answer with neither result nor error")
            }
            return (result, came)
        }
    }

    /// Hands every notification to `body`, as it comes, until that returns false.
    ///
    /// - Throws: `ClientError.closed` where the daemon ends the stream.
    public func notifications(_ body: (String, JSON) -> Bool) throws(ClientError) {
        while true {
            if !early.isEmpty {
                let (method, params) = early.removeFirst()
                guard body(method, params) else { return }
                continue
            }
            let (message, _) = try next(nil)
            if let notification = Self.notification(message) { early.append(notification) }
        }
    }

    private func next(_ deadline: Int64?) throws(ClientError) -> (JSON, Int32?) {
        let (bytes, descriptor) = try socket.line(deadline: deadline)
        do throws(JSONError) {
            return (try JSONParser.parse(bytes, depthLimit: 64), descriptor)
        } catch {
            throw .protocolError(error.description)
        }
    }

    private static func notification(_ message: JSON) -> (method: String, params: JSON)? {
        guard message["id"] == nil, let method = message["method"]?.string else { return nil }
        return (method, message["params"] ?? [:])
    }

    private static func deadline(_ timeout: Duration?) -> Int64? {
        guard let timeout else { return nil }
        let (seconds, attoseconds) = timeout.components
        return ClientSocket.now + min(seconds, 1 << 40) * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
