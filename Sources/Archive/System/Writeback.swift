internal import CLinux

/// Large files are written out as they grow, so that no other file's fsync waits for all of one.
enum Writeback {
    /// Waits until a part of a file has left memory; it is durable only with the fsync to come.
    ///
    /// - Returns: false where the disk refused; the errno tells why.
    static func push(_ descriptor: Int32, _ part: Range<Int>) -> Bool {
        sync_file_range(
            descriptor, __off64_t(part.lowerBound), __off64_t(part.count),
            UInt32(LINUX_SYNC_FILE_RANGE_WRITE_AND_WAIT)) == 0
    }
}
