import ArchiveProtocol
import Glibc

/// One connection to the stub: lines, and files that travel with them.
struct StubChannel {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var received: Int32?

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
        let count = chunk.withUnsafeMutableBytes {
            DescriptorPassing.receive(descriptor, into: $0, isWaiting: true) { received = $0 }
        }
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }

    /// Sends one line.
    func send(_ json: JSON, withFile content: [UInt8]? = nil) {
        let bytes = json.bytes + [0x0A]
        guard let content else {
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            return
        }
        var template = Array("/tmp/archivectl-file.XXXXXX".utf8CString)
        let file = mkstemp(&template)
        unlink(template)
        _ = write(file, content, content.count)
        defer { close(file) }
        _ = bytes.withUnsafeBytes {
            DescriptorPassing.send(descriptor, $0, descriptors: [file])
        }
    }
}
