internal import ArchiveProtocol

/// What the socket that a client came in by entitles it to.
enum Rights: String, Sendable {
    case read, admin
}

/// Who is at the other end of a connection (SO_PEERCRED).
struct Peer: Sendable, Hashable {
    var process: Int32
    var user: UInt32
    var group: UInt32
}

/// One call of a method by a client, with its envelope taken off.
struct Request: Sendable {
    var method: String
    /// The `params` object; an empty object where the request had none.
    var params: JSON
    var rights: Rights
    var peer: Peer
    /// The descriptor that came along with the line.
    var descriptor: Descriptor?
    /// Where notifications to this client go.
    var outlet: any Outlet
}

/// The answer to a request, encoded once.
struct Answer: Sendable {
    /// The `result`, one JSON value.
    var result: [UInt8]
    /// A descriptor to send along with the line.
    var descriptor: Descriptor?
    /// Is called once the answer stands in the client's queue, so that notifications follow it.
    var whenQueued: (@Sendable () -> Void)?
}

/// A client's ear for notifications.
protocol Outlet: AnyObject, Sendable {
    /// Queues one whole line without its line feed.
    ///
    /// - Returns: false, and nothing is queued, where the client is gone or too far behind.
    func send(_ line: [UInt8]) -> Bool

    /// Queues one line however far behind the client is, to tell it that no more come.
    func sendLast(_ line: [UInt8])

    /// Whether the client takes what is made for it; nothing large is to be made where it does not.
    var isTaking: Bool { get }

    /// Returns once the client takes what is made for it, or is gone.
    func taking() async

    /// Notes that so many bytes were made for the client, which it has not taken yet.
    func made(_ bytes: Int)

    /// Notes that so many of these bytes are waited for no more, and lets pass whoever waits.
    func took(_ bytes: Int)
}

/// What the Socket station asks of the Service station.
protocol Answering: Sendable {
    /// The encoded result of `articles.get` for this id where it is in memory.
    ///
    /// `id` is the text of the id; it is only valid during the call. Called on the thread of the
    /// socket's loop: it never blocks.
    func cachedArticle(id: UnsafeRawBufferPointer) -> [UInt8]?

    /// Answers a request, in its own time.
    func answer(_ request: Request) async throws(Failure) -> Answer

    /// Tells that a client is gone, so that its subscription ends.
    func disconnected(_ outlet: any Outlet)
}
