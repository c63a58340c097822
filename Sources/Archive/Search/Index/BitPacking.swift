/// Numbers in no more bits than the greatest of them needs.
///
/// A block of 128 numbers stands in four lanes: the numbers 0, 4, 8 … are the bits of one stream
/// of 32-bit words, 1, 5, 9 … those of the next, and the words of the four alternate. Four numbers
/// are unpacked at a time, and a block of width `w` has 16·w bytes. A run is packed one number
/// after the other instead, so that any of them can be read alone.
enum BitPacking {
    static let blockSize = 128
    private typealias Lanes = SIMD4<UInt32>

    @inline(__always)
    static func width(_ greatest: UInt32) -> Int { 32 - greatest.leadingZeroBitCount }

    /// Appends 128 numbers to `output`, each in `width` bits.
    static func pack(
        _ numbers: UnsafePointer<UInt32>, width: Int, to output: inout [UInt8]
    ) {
        guard width > 0 else { return }
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: 16 * width))
        output.withUnsafeMutableBytes { bytes in
            guard let target = bytes.baseAddress else { return }
            let words = target + start
            for row in 0..<32 {
                let lanes = UnsafeRawPointer(numbers).loadUnaligned(
                    fromByteOffset: 16 * row, as: Lanes.self)
                let bit = row * width
                let place = words + 16 * (bit >> 5)
                let shift = UInt32(bit & 31)
                let low = place.loadUnaligned(as: Lanes.self) | lanes &<< Lanes(repeating: shift)
                place.storeBytes(of: low, as: Lanes.self)
                if Int(shift) + width > 32 {
                    (place + 16).storeBytes(
                        of: lanes &>> Lanes(repeating: 32 - shift), as: Lanes.self)
                }
            }
        }
    }

    /// Reads 128 numbers of `width` bits from 16·width bytes.
    static func unpack(
        _ words: UnsafeRawPointer, width: Int, into numbers: UnsafeMutablePointer<UInt32>
    ) {
        switch width {
        case 0: numbers.update(repeating: 0, count: blockSize)
        case 1: unpack(words, constant: 1, into: numbers)
        case 2: unpack(words, constant: 2, into: numbers)
        case 3: unpack(words, constant: 3, into: numbers)
        case 4: unpack(words, constant: 4, into: numbers)
        case 5: unpack(words, constant: 5, into: numbers)
        case 6: unpack(words, constant: 6, into: numbers)
        case 7: unpack(words, constant: 7, into: numbers)
        case 8: unpack(words, constant: 8, into: numbers)
        default: unpack(words, any: width, into: numbers)
        }
    }

    /// The same for a width that the compiler knows, so that no shift is left to be computed.
    @inline(__always)
    private static func unpack(
        _ words: UnsafeRawPointer, constant width: Int, into numbers: UnsafeMutablePointer<UInt32>
    ) {
        let output = UnsafeMutableRawPointer(numbers)
        let mask = Lanes(repeating: 1 &<< UInt32(width) &- 1)
        @inline(__always) func row(_ row: Int) {
            let bit = row &* width
            let shift = bit & 31
            let lanes = words.loadUnaligned(fromByteOffset: 16 &* (bit >> 5), as: Lanes.self)
            var value = lanes &>> Lanes(repeating: UInt32(truncatingIfNeeded: shift))
            if shift &+ width > 32 {
                let next = words.loadUnaligned(
                    fromByteOffset: 16 &* (bit >> 5) &+ 16, as: Lanes.self)
                value |= next &<< Lanes(repeating: UInt32(truncatingIfNeeded: 32 &- shift))
            }
            (output + 16 &* row).storeBytes(of: value & mask, as: Lanes.self)
        }
        @inline(__always) func four(_ first: Int) {
            row(first)
            row(first &+ 1)
            row(first &+ 2)
            row(first &+ 3)
        }
        four(0)
        four(4)
        four(8)
        four(12)
        four(16)
        four(20)
        four(24)
        four(28)
    }

    private static func unpack(
        _ words: UnsafeRawPointer, any width: Int, into numbers: UnsafeMutablePointer<UInt32>
    ) {
        let output = UnsafeMutableRawPointer(numbers)
        let mask = Lanes(repeating: width == 32 ? .max : 1 &<< UInt32(width) &- 1)
        var place = words
        var lanes = place.loadUnaligned(as: Lanes.self)
        var shift = 0
        for row in 0..<32 {
            var value = lanes &>> Lanes(repeating: UInt32(truncatingIfNeeded: shift))
            shift += width
            if shift >= 32, row < 31 {
                shift -= 32
                place += 16
                lanes = place.loadUnaligned(as: Lanes.self)
                if shift > 0 {
                    value |= lanes &<< Lanes(repeating: UInt32(truncatingIfNeeded: width - shift))
                }
            }
            (output + 16 * row).storeBytes(of: value & mask, as: Lanes.self)
        }
    }

    /// Turns 128 gaps, each less one, into the numbers that they lead to from `next` on.
    @inline(__always)
    static func addUp(_ gaps: UnsafeMutablePointer<UInt32>, from next: UInt32) {
        let place = UnsafeMutableRawPointer(gaps)
        var before = Lanes(repeating: next)
        for row in 0..<32 {
            var lanes = (place + 16 * row).loadUnaligned(as: Lanes.self)
            lanes &+= Lanes(0, lanes[0], lanes[1], lanes[2])
            lanes &+= Lanes(0, 0, lanes[0], lanes[1])
            let own = Lanes(repeating: lanes[3] &+ 4)
            lanes &+= before
            (place + 16 * row).storeBytes(of: lanes &+ Lanes(0, 1, 2, 3), as: Lanes.self)
            before &+= own
        }
    }

    /// Appends a run of numbers, each in `width` bits: the bytes that hold them, rounded up.
    static func packRun(
        _ numbers: UnsafeBufferPointer<UInt32>, width: Int, to output: inout [UInt8]
    ) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: (numbers.count * width + 7) / 8))
        output.withUnsafeMutableBytes { bytes in
            var place = start
            var bits: UInt64 = 0
            var filled = 0
            for number in numbers {
                bits |= UInt64(number) &<< UInt64(filled)
                filled &+= width
                if filled >= 32 {
                    bytes.storeBytes(
                        of: UInt32(truncatingIfNeeded: bits), toByteOffset: place, as: UInt32.self)
                    place += 4
                    bits &>>= 32
                    filled &-= 32
                }
            }
            while filled > 0 {
                bytes[place] = UInt8(truncatingIfNeeded: bits)
                place += 1
                bits &>>= 8
                filled &-= 8
            }
        }
    }

    /// The number at `index` of a run; up to eight bytes past it are loaded.
    @inline(__always)
    static func number(_ run: UnsafeRawPointer, width: Int, at index: Int) -> UInt32 {
        let bit = index &* width
        let bits = run.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
        return UInt32(
            truncatingIfNeeded: bits &>> UInt64(bit & 7) & (1 &<< UInt64(width) &- 1))
    }
}

extension [UInt8] {
    /// Appends a number, seven bits a byte, the lowest first; all bytes but the last have bit 7.
    mutating func appendVarint(_ value: UInt64) {
        var value = value
        while value > 0x7F {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func appendWord<Word: FixedWidthInteger>(_ word: Word) {
        Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
    }
}

/// Reads numbers one after the other from checked bytes, and never past their end.
struct ByteReader {
    private(set) var place: UnsafeRawPointer
    private let end: UnsafeRawPointer
    /// Whether something was cut; what was read since is 0.
    private(set) var isCut = false

    init(_ start: UnsafeRawPointer, count: Int) {
        place = start
        end = start + count
    }

    var isAtEnd: Bool { place >= end }

    @inline(__always)
    mutating func varint() -> UInt64 {
        if place < end {
            let byte = place.load(as: UInt8.self)
            if byte < 0x80 {
                place += 1
                return UInt64(byte)
            }
        }
        return longVarint()
    }

    private mutating func longVarint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < end, shift < 64 {
            let byte = place.load(as: UInt8.self)
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        isCut = true
        return 0
    }

    /// The next `count` bytes; nil where there are fewer.
    mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= end - place else {
            isCut = true
            return nil
        }
        defer { place += count }
        return UnsafeRawBufferPointer(start: place, count: count)
    }
}
