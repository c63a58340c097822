/// What one client may take from the daemon: sizes, counts and waits.
///
/// The defaults are those of `docs/protocol.md`; tests shorten them.
struct SocketLimits: Sendable, Hashable {
    /// The longest line that is read, without its line feed.
    var lineBytes = 1 << 20
    /// How long a line may take from its first byte to its line feed.
    var lineTime: Duration = .seconds(30)
    /// Requests of one connection that are answered at the same time.
    var inFlight = 32
    /// Bytes waiting to be sent at which the daemon stops reading from a connection.
    var outputBytes = 1 << 20
    /// Bytes held for all clients together, past which those who do not read are dropped.
    var heldBytes = 64 << 20
    /// How long a client may leave waiting bytes untouched.
    var stallTime: Duration = .seconds(60)
    /// Bytes of notifications that may wait for one client.
    var outletBytes = 4 << 20
    /// Notifications that may wait for one client.
    var outletLines = 1024
    /// Connections at the same time, over all sockets.
    var connections = 4096
    /// How many of `connections` only the administrators' socket may take.
    var reserved = 4
    /// How long answers under way may take when the daemon stops.
    var drainTime: Duration = .seconds(2)
    /// How long a refused client's further bytes are thrown away before its connection is closed.
    var lingerTime: Duration = .seconds(1)
    /// How long the loop may take to answer a heartbeat.
    var heartbeatTime: Duration = .seconds(5)

    /// How often deadlines are looked at, in milliseconds.
    var tick: Int32 {
        let shortest = min(lineTime, stallTime, drainTime, lingerTime).nanoseconds / 1_000_000
        return Int32(max(5, min(shortest / 8, 500)))
    }
}

extension Duration {
    /// The whole duration in nanoseconds, at most what 64 bits hold.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ attoseconds / 1_000_000_000
    }
}
