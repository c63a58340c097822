/// What letters are folded to: case and the marks on Latin letters count for nothing.
///
/// It agrees with SQLite's `unicode61 remove_diacritics 2` on every letter; where that parts a
/// word at a combining mark of an Indic or other script, this keeps the word whole.
enum Folding {
    static let separator: UInt32 = 0
    /// A mark above or below a letter, which is left out of the word.
    static let mark: UInt32 = 1

    private static let tableSize = 0x3000

    /// What each scalar below U+3000 is folded to.
    nonisolated(unsafe) static let table: UnsafePointer<UInt32> = {
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: tableSize)
        for value in 0..<tableSize {
            table[value] = Unicode.Scalar(UInt32(value)).map(computed) ?? separator
        }
        for (first, letters) in [(0xC0, latin), (0x1E00, latinAdditional)] {
            for (index, letter) in letters.utf8.enumerated() where letter != 0x2E {
                table[first + index] = UInt32(letter)
            }
        }
        for (variant, letter) in variants { table[Int(variant)] = letter }
        return UnsafePointer(table)
    }()

    @inline(__always)
    static func folded(_ scalar: UInt32) -> UInt32 {
        if scalar < UInt32(tableSize) { return table[Int(scalar)] }
        return Unicode.Scalar(scalar).map(computed) ?? separator
    }

    private static func computed(_ scalar: Unicode.Scalar) -> UInt32 {
        if (0x300...0x36F).contains(scalar.value) { return mark }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .letterNumber:
            return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar.value
        case .modifierLetter, .otherLetter, .decimalNumber, .otherNumber,
            .privateUse, .nonspacingMark, .spacingMark:
            return scalar.value
        default: return separator
        }
    }

    /// Forms of a letter within a word and in old print.
    private static let variants: [(UInt32, UInt32)] = [
        (0xB5, 0x3BC), (0x3C2, 0x3C3), (0x3D0, 0x3B2), (0x3D1, 0x3B8), (0x3D5, 0x3C6),
        (0x3D6, 0x3C0), (0x3F0, 0x3BA), (0x3F1, 0x3C1), (0x3F5, 0x3B5), (0x212A, 0x6B),
        (0x212B, 0x61),
    ]

    /// The plain letters of U+00C0 to U+024F and U+1E00 to U+1EFF; a point where there is none.
    private static let latin = """
        aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.yaaaaaaccccccccdd\
        ..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll....nnnnnn...oooooo..rrrrrrssssss\
        sstttt..uuuuuuuuuuuuwwyyyzzzzzzs................................oo.............u\
        u............................aaiioouuuuuuuuuu.aa......ggkkoooo..j...gg..nnaa....\
        aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................
        """
    private static let latinAdditional = """
        aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo\
        oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....\
        aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu\
        uuyyyyyyyy......
        """
}
