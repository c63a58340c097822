internal import Glibc

/// The one control message that this protocol knows: descriptors (SCM_RIGHTS).
///
/// `msg_control` is aligned like `size_t`: a header of 16 bytes, then the numbers.
package enum DescriptorPassing {
    /// Descriptors beyond this many in one read are closed by the kernel.
    package static let received = 4
    private static let header = MemoryLayout<cmsghdr>.size
    private static let size = MemoryLayout<Int32>.size

    /// Reads into `buffer` and hands every descriptor that came along to `take`, as its owner.
    ///
    /// - Returns: what `recvmsg` returns.
    package static func receive(
        _ socket: Int32, into buffer: UnsafeMutableRawBufferPointer, isWaiting: Bool = false,
        take: (Int32) -> Void
    ) -> Int {
        withControl(of: received) { control in
            let flags = isWaiting ? MSG_CMSG_CLOEXEC : MSG_CMSG_CLOEXEC | MSG_DONTWAIT
            var used = 0
            let count = transfer(UnsafeRawBufferPointer(buffer), control) {
                let count = recvmsg(socket, &$0, Int32(flags))
                used = $0.msg_controllen
                return count
            }
            if count >= 0, used > header { each(in: control, used: used, take) }
            return count
        }
    }

    private static func each(
        in control: UnsafeMutableRawBufferPointer, used: Int, _ take: (Int32) -> Void
    ) {
        var offset = 0
        let used = min(used, control.count)
        while offset + header <= used {
            let message = control.load(fromByteOffset: offset, as: cmsghdr.self)
            let length = Int(message.cmsg_len)
            guard length >= header, offset + length <= used else { return }
            if message.cmsg_level == SOL_SOCKET, message.cmsg_type == Int32(SCM_RIGHTS) {
                for index in 0..<(length - header) / size {
                    take(
                        control.load(
                            fromByteOffset: offset + header + index * size, as: Int32.self))
                }
            }
            offset += (length + 7) & ~7
        }
    }

    /// Sends `bytes` with descriptors attached to the first of them.
    ///
    /// - Returns: what `sendmsg` returns.
    package static func send(
        _ socket: Int32, _ bytes: UnsafeRawBufferPointer, descriptors: [Int32]
    ) -> Int {
        withControl(of: descriptors.count) { control in
            control.initializeMemory(as: UInt8.self, repeating: 0)
            var message = cmsghdr()
            message.cmsg_len = header + descriptors.count * size
            message.cmsg_level = SOL_SOCKET
            message.cmsg_type = Int32(SCM_RIGHTS)
            control.storeBytes(of: message, as: cmsghdr.self)
            for (index, descriptor) in descriptors.enumerated() {
                control.storeBytes(
                    of: descriptor, toByteOffset: header + index * size, as: Int32.self)
            }
            return transfer(bytes, control) {
                sendmsg(socket, &$0, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
        }
    }

    /// Memory for a message with so many descriptors.
    private static func withControl(
        of count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int
    ) -> Int {
        withUnsafeTemporaryAllocation(
            byteCount: (header + count * size + 7) & ~7, alignment: MemoryLayout<Int>.alignment,
            body)
    }

    private static func transfer(
        _ bytes: UnsafeRawBufferPointer, _ control: UnsafeMutableRawBufferPointer,
        _ call: (inout msghdr) -> Int
    ) -> Int {
        var part = iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        return withUnsafeMutablePointer(to: &part) { part in
            var message = msghdr()
            message.msg_iov = part
            message.msg_iovlen = 1
            message.msg_control = control.baseAddress
            message.msg_controllen = control.count
            return call(&message)
        }
    }
}
