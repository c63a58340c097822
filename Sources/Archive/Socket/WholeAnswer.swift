internal import CLinux
internal import Glibc

/// A large answer on its way to one client: its frame is the client's, its result may be many's.
struct WholeAnswer {
    /// Smaller results are copied: that costs less than sending in three pieces.
    static let leastBytes = 16 << 10

    /// What stands before the result.
    let head: [UInt8]
    let result: [UInt8]
    /// How many bytes of the line were sent.
    var sent = 0

    init(id: UnsafeRawBufferPointer, result: [UInt8]) {
        head = OutputBuffer.head(id: id)
        self.result = result
    }

    /// How many bytes of the line wait.
    var count: Int { result.count + frameCount - sent }

    /// How many bytes of the line are not of the result.
    var frameCount: Int { head.count + OutputBuffer.tail.utf8CodeUnitCount }

    /// Sends what the client takes now; returns what `sendmsg` returns.
    func send(on socket: Int32) -> Int {
        let tail = UnsafeRawBufferPointer(
            start: OutputBuffer.tail.utf8Start, count: OutputBuffer.tail.utf8CodeUnitCount)
        return head.withUnsafeBytes { head in
            result.withUnsafeBytes { result in
                var skipped = sent
                let pieces = [head, result, tail].map { piece in
                    let waiting = UnsafeRawBufferPointer(rebasing: piece.dropFirst(skipped))
                    skipped -= piece.count - waiting.count
                    return iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: waiting.baseAddress),
                        iov_len: waiting.count)
                }
                return Self.send(pieces, on: socket)
            }
        }
    }

    private static func send(_ pieces: [iovec], on socket: Int32) -> Int {
        var pieces = pieces
        return pieces.withUnsafeMutableBufferPointer { pieces in
            var message = msghdr()
            message.msg_iov = pieces.baseAddress
            message.msg_iovlen = pieces.count
            return sendmsg(socket, &message, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
    }
}
