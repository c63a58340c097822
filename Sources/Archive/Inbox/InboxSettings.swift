/// How the inbox is watched: the section `inbox:` of the configuration.
struct InboxSettings: Sendable, Hashable {
    /// The watched directory, absolute.
    var path: String
    /// How long a file stays unchanged after its writer closed it before it is read.
    var settle = Duration.milliseconds(50)
    /// How long a file stays unchanged where nobody was seen to close it.
    var quiet = Duration.seconds(5)
    /// After how long a file that never rests is reported as waiting.
    var maximumWait = Duration.seconds(600)
    /// How often the whole inbox is looked through whatever inotify tells.
    var rescan = Duration.seconds(60)
    /// The same where inotify hears nothing: network file systems, no watches left.
    var poll = Duration.seconds(5)
    /// The first pause before a waiting file is tried again; it doubles up to `rescan`.
    var retry = Duration.seconds(1)
    /// Most files handed to a lane at once; a crash costs their parsing again.
    var batchFiles = 128
    /// Most bytes handed to a lane at once, a single larger file aside.
    var batchBytes = 16 << 20
    /// From how many bytes on a file is large.
    var largeBytes = 1 << 20
    /// Most large files that lanes read at once: one lane fewer than there are.
    var mostLarge = 2

    init(path: String) { self.path = path }
}
