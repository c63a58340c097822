/// How much of a hostile file is read before it is refused.
///
/// Each is a key of the configuration (`limits:` in `archived.yaml(5)`).
struct Limits: Sendable, Hashable, Codable {
    /// Bytes of a page or member that is read into memory as one.
    var pageBytes = 64 << 20
    /// Bytes of a dropped file, read as a stream.
    var fileBytes = 64 << 30
    /// Bytes that all members of one file may unpack to.
    var expandedBytes = 16 << 30
    /// How many times larger than the file its members may be, once they exceed `expansionFloor`.
    ///
    /// DEFLATE reaches 1032 at the most, honest text about 20.
    var expansionRatio = 250
    /// Unpacked bytes below which `expansionRatio` is not applied.
    var expansionFloor = 16 << 20
    /// Members of one file.
    var members = 1_000_000
    /// Containers within each other.
    var nesting = 5
    /// Seconds that reading one page or member may take.
    var pageSeconds = 120
    /// Bytes of memory that the reader of a file may hold.
    var workerBytes = 1 << 30
}
