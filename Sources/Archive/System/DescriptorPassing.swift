internal import CLinux
internal import Glibc

/// The one control message that this protocol knows: descriptors (SCM_RIGHTS).
///
/// `msg_control` is aligned like `size_t`: a header of 16 bytes, then the numbers.
enum DescriptorPassing {
    /// Descriptors beyond this many in one read are closed by the kernel.
    static let received = 4
    private static let header = MemoryLayout<cmsghdr>.size
    private static let space = header + received * MemoryLayout<Int32>.size

    /// Reads into `buffer` and hands every descriptor that came along to `take`, as its owner.
    ///
    /// - Returns: what `recvmsg` returns.
    @inline(__always)
    static func receive(
        _ socket: Int32, into buffer: UnsafeMutableRawBufferPointer, isWaiting: Bool = false,
        take: (Int32) -> Void
    ) -> Int {
        withUnsafeTemporaryAllocation(byteCount: space, alignment: MemoryLayout<Int>.alignment) {
            control in
            var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            return withUnsafeMutablePointer(to: &part) { part in
                var message = msghdr()
                message.msg_iov = part
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = control.count
                let flags = Int32(isWaiting ? MSG_CMSG_CLOEXEC : MSG_CMSG_CLOEXEC | MSG_DONTWAIT)
                let count = recvmsg(socket, &message, flags)
                if count >= 0, message.msg_controllen > header {
                    each(in: control, used: message.msg_controllen, take)
                }
                return count
            }
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
                for index in 0..<(length - header) / MemoryLayout<Int32>.size {
                    take(control.load(fromByteOffset: offset + header + index * 4, as: Int32.self))
                }
            }
            offset += (length + 7) & ~7
        }
    }

    /// Sends `bytes` with `descriptor` attached to the first of them.
    ///
    /// - Returns: what `sendmsg` returns.
    static func send(_ socket: Int32, _ bytes: UnsafeRawBufferPointer, descriptor: Int32) -> Int {
        withUnsafeTemporaryAllocation(
            byteCount: header + 8, alignment: MemoryLayout<Int>.alignment
        ) { control in
            control.initializeMemory(as: UInt8.self, repeating: 0)
            var message = cmsghdr()
            message.cmsg_len = header + MemoryLayout<Int32>.size
            message.cmsg_level = SOL_SOCKET
            message.cmsg_type = Int32(SCM_RIGHTS)
            control.storeBytes(of: message, as: cmsghdr.self)
            control.storeBytes(of: descriptor, toByteOffset: header, as: Int32.self)
            var part = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                iov_len: bytes.count)
            return withUnsafeMutablePointer(to: &part) { part in
                var message = msghdr()
                message.msg_iov = part
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = control.count
                return sendmsg(
                    socket, &message, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
        }
    }
}
