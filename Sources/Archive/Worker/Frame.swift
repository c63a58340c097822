/// A message between the daemon and a worker: a length of four bytes, then fields one after
/// another, numbers of eight bytes, lowest first, and byte strings behind their length.
///
/// The daemon believes nothing that a worker says: every length is held against the frame.
struct FrameWriter {
    private(set) var bytes = [UInt8](repeating: 0, count: 4)

    /// Makes room for what comes, so that a large page is not copied on the way to its frame.
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    /// Adds a number.
    mutating func number(_ value: Int) {
        withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Adds a byte string.
    mutating func string(_ value: some Collection<UInt8>) {
        number(value.count)
        bytes.append(contentsOf: value)
    }

    /// Adds bytes that need no length, because they are all of the frame.
    mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    mutating func text(_ value: String) { string(value.utf8) }

    /// Adds whether there is a value, and then the value.
    mutating func optional<Value>(_ value: Value?, _ write: (inout FrameWriter, Value) -> Void) {
        number(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }

    mutating func text(ifPresent value: String?) { optional(value) { $0.text($1) } }

    /// The whole frame, its length in front.
    consuming func frame() -> [UInt8] {
        let length = UInt32(truncatingIfNeeded: bytes.count - 4)
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        return bytes
    }
}

/// Takes the fields of a frame out again.
struct FrameReader {
    /// The frame holds less than it should: its writer is broken.
    struct Broken: Error {}

    /// Most bytes of one frame: a page at its limit, and the fields beside it.
    static let limit = 1 << 31

    private let bytes: [UInt8]
    private var position = 0

    /// Takes the bytes behind the length.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() throws(Broken) -> Int {
        guard bytes.count - position >= 8 else { throw Broken() }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[position + index]) << (8 * UInt64(index)) }
        position += 8
        return Int(Int64(bitPattern: value))
    }

    mutating func string() throws(Broken) -> [UInt8] {
        let count = try number()
        guard count >= 0, count <= bytes.count - position else { throw Broken() }
        position += count
        return Array(bytes[position - count..<position])
    }

    mutating func text() throws(Broken) -> String { String(decoding: try string(), as: UTF8.self) }

    mutating func optional<Value>(
        _ read: (inout FrameReader) throws(Broken) -> Value
    ) throws(Broken) -> Value? {
        try number() == 0 ? nil : try read(&self)
    }

    mutating func textIfPresent() throws(Broken) -> String? {
        try optional { (reader) throws(Broken) in try reader.text() }
    }
}
