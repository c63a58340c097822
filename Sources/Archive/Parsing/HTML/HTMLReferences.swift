internal import Glibc

/// Reads the character references of HTML, such as `&amp;`, `&#8217;` and `&#x2014;`
/// (WHATWG HTML Standard, section 13.2.5.72).
enum HTMLReferences {
    /// Appends `bytes` with the references read.
    ///
    /// - Parameters:
    ///   - isAttribute: whether `&copy=1` stays as it is, as within an address.
    ///   - controls: what becomes of NUL and line ends; nil leaves all as it is.
    static func append(
        _ bytes: UnsafeBufferPointer<UInt8>, isAttribute: Bool, controls: HTMLControls? = nil,
        to result: inout [UInt8]
    ) {
        var position = 0
        while let base = bytes.baseAddress, position < bytes.count,
            let found = memchr(base + position, 0x26, bytes.count - position)
        {
            let ampersand = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
            append(bytes[position..<ampersand], controls, to: &result)
            position = reference(bytes, ampersand, isAttribute, &result)
        }
        append(bytes[position...], controls, to: &result)
    }

    /// Appends bytes without references: line ends as one line feed (13.2.3.5), NUL as told.
    static func append(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ controls: HTMLControls?,
        to result: inout [UInt8]
    ) {
        guard let controls else {
            result.append(contentsOf: bytes)
            return
        }
        var wasReturn = false
        for byte in bytes {
            switch byte {
            case 0x0D: result.append(0x0A)
            case 0x0A where wasReturn: break
            case 0 where controls == .replacingNull:
                result.append(contentsOf: UTF8.encodedReplacementCharacter)
            case 0 where controls == .droppingNull: break
            default: result.append(byte)
            }
            wasReturn = byte == 0x0D
        }
    }

    /// Reads the reference at `ampersand`; where there is none, the ampersand stands for itself.
    ///
    /// - Returns: the place after it.
    static func reference(
        _ bytes: UnsafeBufferPointer<UInt8>, _ ampersand: Int, _ isAttribute: Bool,
        _ result: inout [UInt8]
    ) -> Int {
        let start = ampersand + 1
        if start < bytes.count, bytes[start] == 0x23 {
            if let end = numeric(bytes, start + 1, &result) { return end }
        } else if let end = named(bytes, start, isAttribute, &result) {
            return end
        }
        result.append(0x26)
        return start
    }

    private static func numeric(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ result: inout [UInt8]
    ) -> Int? {
        let isHexadecimal = start < bytes.count && bytes[start] | 0x20 == 0x78
        let first = isHexadecimal ? start + 1 : start
        var index = first
        var value: UInt32 = 0
        while index < bytes.count, let digit = digit(bytes[index], isHexadecimal) {
            value = min(value * (isHexadecimal ? 16 : 10) + digit, 0x110000)
            index += 1
        }
        guard index > first else { return nil }
        append(meant(value), &result)
        return index < bytes.count && bytes[index] == 0x3B ? index + 1 : index
    }

    private static func digit(_ byte: UInt8, _ isHexadecimal: Bool) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46 where isHexadecimal: UInt32(byte - 0x37)
        case 0x61...0x66 where isHexadecimal: UInt32(byte - 0x57)
        default: nil
        }
    }

    /// The code point that browsers show: numbers of C1 controls mean windows-1252.
    private static func meant(_ value: UInt32) -> UInt32 {
        if value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF) { return 0xFFFD }
        guard value >= 0x80 && value <= 0x9F else { return value }
        let windows1252: [UInt32] = [
            0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
            0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
            0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
        ]
        return windows1252[Int(value - 0x80)]
    }

    private static func named(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ isAttribute: Bool,
        _ result: inout [UInt8]
    ) -> Int? {
        var end = start
        while end < bytes.count, end - start <= HTMLEntities.longestName, isAlphanumeric(bytes[end])
        {
            end += 1
        }
        guard end > start else { return nil }
        let table = HTMLEntities.table
        if end < bytes.count, bytes[end] == 0x3B, let entry = table.entry(bytes, start..<end) {
            append(entry, &result)
            return end + 1
        }
        var length = min(end - start, HTMLEntities.longestLegacyName)
        while length >= 2 {
            if let entry = table.entry(bytes, start..<start + length), entry.isLegacy {
                let next = start + length < bytes.count ? bytes[start + length] : 0
                if isAttribute, next == 0x3D || isAlphanumeric(next) { return nil }
                append(entry, &result)
                return start + length
            }
            length -= 1
        }
        return nil
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }

    private static func append(_ entry: HTMLEntities.Entry, _ result: inout [UInt8]) {
        append(entry.first, &result)
        if entry.second != 0 { append(entry.second, &result) }
    }

    private static func append(_ point: UInt32, _ result: inout [UInt8]) {
        let scalar = Unicode.Scalar(point) ?? "\u{FFFD}"
        result.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }
}

/// What becomes of NUL where line ends are made one.
enum HTMLControls {
    case keepingNull, droppingNull, replacingNull
}
