internal import CUchardet

/// Guesses the encoding of bytes that nothing tells of and that are not UTF-8.
///
/// The guess is uchardet's; it counts only where the bytes bear it out, because a wrong guess
/// spoils every letter and windows-1252 at worst some.
enum CharsetDetector {
    /// How much is looked through, and how much of it is given to the detector.
    static let searchBytes = 1 << 20
    static let sampleBytes = 64 * 1024

    /// The encoding of `bytes`; nil where no guess is good enough.
    static func encoding(of bytes: [UInt8]) -> Charset.Encoding? {
        let sample = sample(of: bytes)
        guard !sample.isEmpty else { return nil }
        let guess = guess(sample).flatMap(encoding(named:))
            .flatMap { isBorneOut($0, by: sample) ? $0 : nil }
        if let guess, guess.isMultiByte || isScript(guess) { return guess }
        return isMacintosh(sample) ? .macintosh : guess
    }

    /// The lines that hold bytes beyond ASCII: markup and English tell nothing.
    private static func sample(of bytes: [UInt8]) -> [UInt8] {
        var sample: [UInt8] = []
        for line in bytes.prefix(searchBytes).split(separator: 0x0a) {
            guard sample.count < sampleBytes else { break }
            guard line.contains(where: { $0 >= 0x80 || $0 == 0x1b }) else { continue }
            sample += line.prefix(sampleBytes - sample.count)
            sample.append(0x0a)
        }
        return sample
    }

    private static func guess(_ sample: [UInt8]) -> String? {
        guard let detector = uchardet_new() else { return nil }
        defer { uchardet_delete(detector) }
        let result = sample.withUnsafeBytes { sample in
            uchardet_handle_data(
                detector, sample.baseAddress?.assumingMemoryBound(to: CChar.self), sample.count)
        }
        guard result == 0 else { return nil }
        uchardet_data_end(detector)
        return uchardet_get_charset(detector).map { String(cString: $0) }
    }

    /// The encoding that the detector's name stands for, where it is one of the standard's.
    private static func encoding(named name: String) -> Charset.Encoding? {
        switch name {
        case "MAC-CYRILLIC": .macCyrillic
        case "UHC": .eucKR
        // The letters of Ukrainian stand where Russian has parts of boxes.
        case "KOI8-R": .koi8U
        default: Charset.Encoding(label: name.utf8)
        }
    }

    // MARK: The proof

    private static func isBorneOut(_ guess: Charset.Encoding, by sample: [UInt8]) -> Bool {
        if guess == .iso2022JP { return true }
        guard ![.utf8, .utf16LittleEndian, .utf16BigEndian, .replacement].contains(guess) else {
            return false
        }
        let isWide = guess.isMultiByte || isScript(guess)
        if isWide, !isWordsBeyondASCII(sample) { return false }
        // Where the C library lacks the converter, the page is refused rather than misread
        // wholly; Latin script can do with windows-1252.
        guard let step = TextStep(guess) else { return isWide }
        let decoded = DecodedText(sample, from: 0, by: step, hasASCIIRuns: true)
        guard decoded.malformed * 50 <= decoded.beyondASCII, !holdsControls(decoded.text) else {
            return false
        }
        if isWide { return true }
        let fitting = fitting(step, in: sample)
        return latinLetters(decoded.text) >= 16 && fitting.only >= fitting.windowsOnly
    }

    /// Whether the encoding is of a script that is not Latin: then whole words are beyond ASCII.
    private static func isScript(_ encoding: Charset.Encoding) -> Bool {
        switch encoding {
        case .iso8859_5, .iso8859_6, .iso8859_7, .iso8859_8, .iso8859_8I, .ibm866, .koi8R, .koi8U,
            .macCyrillic, .windows874, .windows1251, .windows1253, .windows1255, .windows1256:
            true
        default: false
        }
    }

    /// The C1 controls: a guess that makes them is of the wrong family.
    private static func holdsControls(_ text: [UInt8]) -> Bool {
        zip(text, text.dropFirst()).contains { $0 == 0xc2 && $1 < 0xa0 }
    }

    /// Whether most of the bytes beyond ASCII have another beside them.
    ///
    /// In Latin script they stand alone among letters of ASCII.
    private static func isWordsBeyondASCII(_ sample: [UInt8]) -> Bool {
        var beyond = 0
        var joined = 0
        for (place, byte) in sample.enumerated() where byte >= 0x80 {
            beyond += 1
            let before = place > 0 ? sample[place - 1] : 0
            let after = place + 1 < sample.count ? sample[place + 1] : 0
            if before >= 0x80 || after >= 0x80 { joined += 1 }
        }
        return beyond >= 6 && joined * 4 >= beyond * 3
    }

    /// The letters of Latin script beyond ASCII; the rest is punctuation, which Microsoft's
    /// encodings have in common and which tells nothing.
    private static func latinLetters(_ text: [UInt8]) -> Int {
        text.count { (0xc3...0xc9).contains($0) }
    }

    // MARK: Latin script

    /// Whether what stands within words of small letters is a small letter or an apostrophe as a
    /// Macintosh wrote it, and nothing of the kind in windows-1252: `don` 0xd5 `t`.
    ///
    /// uchardet knows no Macintosh but the Cyrillic one, and newsrooms had many.
    private static func isMacintosh(_ sample: [UInt8]) -> Bool {
        guard !isWordsBeyondASCII(sample), let step = TextStep(.macintosh) else { return false }
        let fitting = fitting(step, in: sample)
        return fitting.only > 0 && fitting.windowsOnly * 4 <= fitting.only
    }

    /// How many bytes between small letters fit in there by `step` only, and how many by
    /// windows-1252 only.
    private static func fitting(
        _ step: TextStep, in sample: [UInt8]
    ) -> (only: Int, windowsOnly: Int) {
        let fits = (UInt8.min...UInt8.max).map {
            (fitsWords($0, step), fitsWords($0, .windows1252))
        }
        var only = 0
        var windowsOnly = 0
        for place in sample.indices.dropFirst().dropLast() where sample[place] >= 0x80 {
            guard isSmall(sample[place - 1]), isSmall(sample[place + 1]) else { continue }
            switch fits[Int(sample[place])] {
            case (true, false): only += 1
            case (false, true): windowsOnly += 1
            default: break
            }
        }
        return (only, windowsOnly)
    }

    private static func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }

    /// Whether `byte` is what stands within a word or between two: a small Latin letter, a
    /// quotation mark, a dash.
    private static func fitsWords(_ byte: UInt8, _ step: TextStep) -> Bool {
        let letter = [byte].withUnsafeBufferPointer { byte in
            var shift: UInt8 = 0
            return step.next(in: byte, at: 0, shift: &shift).scalar
        }
        guard let letter else { return false }
        switch letter.value {
        case 0x2013...0x201d, 0x2026: return true
        default: return letter.value < 0x250 && letter.properties.isLowercase
        }
    }
}
