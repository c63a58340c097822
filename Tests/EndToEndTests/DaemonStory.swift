import Glibc

/// An invented story, as a Markdown file with front matter.
struct Story {
    var headline: String
    var author = "Ida Quill"
    var date = "Jan 26, 2017 3:14 pm"
    var paragraphs: [String]

    /// The story number so-and-so of a series; `marker` occurs in no other.
    init(_ number: Int, marker: String) {
        headline = "Harbor Point Counts Boat Number \(number)"
        paragraphs = [
            "The boat \(marker) tied up at the east pier of Harbor Point on Thursday.",
            "\"We counted every plank of number \(number),\" said Olive Brandt, of the pier.",
        ]
    }

    /// The story that is read by the tests of the verbs.
    static var ferry: Story {
        var story = Story(1, marker: "zebrawort")
        story.headline = "Ferry Returns to Harbor Point"
        story.paragraphs[1] =
            "\"We waited eleven years for this boat,\" said Mayor Olive Brandt, who cut a ribbon."
        return story
    }

    var bytes: [UInt8] {
        let head = "---\ntitle: \(headline)\nauthor: \(author)\ndate: \(date)\n---\n"
        return Array((head + paragraphs.map { "\n\($0)\n" }.joined()).utf8)
    }
}

/// A zip file of members that are not compressed.
struct ZipFile {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// Adds a member.
    ///
    /// - Parameter isSound: false gives it a checksum that its bytes do not have.
    mutating func add(_ name: String, _ content: [UInt8], isSound: Bool = true) {
        let name = Array(name.utf8)
        let sum = isSound ? Self.checksum(content) : ~Self.checksum(content)
        // Version, flags, method, time and date, checksum, both sizes, lengths of name and extra.
        var shared: [UInt8] = []
        let fields = [
            (20, 2), (0, 4), (0x4A3A_0000, 4), (Int(sum), 4), (content.count, 4),
            (content.count, 4), (name.count, 2), (0, 2),
        ]
        for (number, length) in fields { shared += Self.little(number, length) }
        directory += Self.little(0x0201_4B50, 4) + Self.little(20, 2) + shared
        directory += Self.little(0, 10) + Self.little(body.count, 4) + name
        body += Self.little(0x0403_4B50, 4) + shared + name + content
        count += 1
    }

    var bytes: [UInt8] {
        var end = Self.little(0x0605_4B50, 4)
        end += Self.little(0, 4)
        end += Self.little(count, 2)
        end += Self.little(count, 2)
        end += Self.little(directory.count, 4)
        end += Self.little(body.count, 4)
        end += Self.little(0, 2)
        return body + directory + end
    }

    private static func little(_ number: Int, _ length: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        for index in 0..<min(length, 8) {
            bytes[index] = UInt8(truncatingIfNeeded: number >> (8 * index))
        }
        return bytes
    }

    /// CRC-32 as zip has it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        return number ^ number >> 31
    }
}
