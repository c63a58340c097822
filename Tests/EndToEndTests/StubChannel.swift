import ArchiveProtocol
import Glibc

/// One connection to the stub: lines, and files that travel with them.
struct StubChannel {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var received: Int32?

    /// The length of a control message with one descriptor, and the room that it takes.
    private static let controlLength = 20
    private static let controlSpace = 24

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next line; nil at the end.
    mutating func line() -> [UInt8]? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                return line
            }
            guard receive() else { return nil }
        }
    }

    /// The bytes of the file that came along since the last call.
    mutating func file() -> [UInt8]? {
        guard let file = received else { return nil }
        received = nil
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(file, &bytes, bytes.count, 0)
        return count < 0 ? nil : Array(bytes[..<count])
    }

    private mutating func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var control = [UInt8](repeating: 0, count: Self.controlSpace)
        var passed: Int32?
        let count = Self.message(&chunk, &control) { message in
            let count = recvmsg(descriptor, &message, 0)
            if count > 0, message.msg_controllen >= Self.controlLength {
                passed = message.msg_control?.load(fromByteOffset: 16, as: Int32.self)
            }
            return count
        }
        if let passed { received = passed }
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }

    /// Sends one line.
    func send(_ json: JSON, withFile content: [UInt8]? = nil) {
        var bytes = json.bytes + [0x0A]
        var control = [UInt8](repeating: 0, count: Self.controlSpace)
        guard let content else {
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            return
        }
        var template = Array("/tmp/archivectl-file.XXXXXX".utf8CString)
        let file = mkstemp(&template)
        unlink(template)
        _ = write(file, content, content.count)
        defer { close(file) }
        control.withUnsafeMutableBytes { control in
            control.storeBytes(of: Self.controlLength, as: Int.self)
            control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            control.storeBytes(of: 1, toByteOffset: 12, as: Int32.self)
            control.storeBytes(of: file, toByteOffset: 16, as: Int32.self)
        }
        _ = Self.message(&bytes, &control) { message in
            sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
        }
    }

    private static func message(
        _ bytes: inout [UInt8], _ control: inout [UInt8], _ body: (inout msghdr) -> Int
    ) -> Int {
        bytes.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { control in
                var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return body(&message)
                }
            }
        }
    }
}
