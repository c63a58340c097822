/// One file that came to rest in the inbox and is in custody: hashed and kept byte for byte.
///
/// Inbox hands it on; Packaging opens it.
struct Deposit: Sendable {
    /// Where it stood in the inbox.
    var path: InboxPath
    /// What it was when it was read; it leaves the inbox only if it still is.
    var stamp: FileStamp
    /// The digest of its bytes, and its name among the originals.
    var digest: Digest
    /// Its size in bytes.
    var size: Int
    /// The original, open for reading.
    var original: Descriptor
    var noticed: Timestamp
    /// When its last byte was read.
    var read: Timestamp
}
