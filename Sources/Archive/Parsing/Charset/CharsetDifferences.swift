/// Where the converters of the C library and the indexes of the WHATWG Encoding Standard differ.
///
/// Found by comparing every sequence of every encoding; all else is alike. Each entry says what
/// the standard has, so that it holds whatever a later C library does.
enum CharsetDifferences {
    /// For the encodings of one byte a letter: the byte and its letter.
    static func singleByte(_ encoding: Charset.Encoding) -> [(UInt8, UInt16)] {
        switch encoding {
        case .koi8U: [(0xae, 0x45e), (0xbe, 0x40e)]
        case .macintosh: [(0xc6, 0x2206), (0xdb, 0x20ac), (0xf0, 0xf8ff)]
        case .macCyrillic: [(0xff, 0x20ac)]
        case .windows1255: [(0xca, 0x5ba)]
        default: []
        }
    }

    /// Big5: the letters that a later supplement of Hong Kong dropped as doubles and pages still
    /// hold, and the punctuation as Microsoft has it.
    static let big5 = pairs(
        """
        8e697bb8 8e6f7c06 8e7e7cce 8eab7dd2 8eb47e1d 8ecd8005 8ed08028 8f5783c1 8f6984a8
        8f6e840f 8fcb89a6 8fcc89a9 8ffe8d77 906d90fd 907a92b9 90dc975c 90f197ff 91bf9f16
        92448503 92af5159 92b0515b 92b1515d 92b2515e 92c8936e 92d17479 94476d67 94ca799b
        95d99097 9644975d 96ed701e 96fc5b28 9b767201 9b7877d7 9b7b7e87 9bc699d6 9bde91d4
        9bec60de 9bf66fb6 9c428f36 9c534fbb 9c6271df 9c689104 9c6b9df0 9c7783cf 9cbc5c10
        9cbd79e3 9cd05a67 9d578f0b 9d5a7b51 9dc462d0 9ea96062 9eef75f9 9efd6c4a 9f609b2e
        9f669f17 9fcb50ed 9fd85f0c a063880f a07762ce a0d57468 a0df7162 a0e47250 a1452027
        a14efe51 a15a2574 a1c200af a1c3ffe3 a1c502cd a1e3ff5e a1f22295 a1f32299 a1feff0f
        a240ff3c a2412215 a242fe68 a244ffe5 a246ffe0 a247ffe1 a2cc5341 a2ce5345 a3c02400
        a3c12401 a3c22402 a3c32403 a3c42404 a3c52405 a3c62406 a3c72407 a3c82408 a3c92409
        a3ca240a a3cb240b a3cc240c a3cd240d a3ce240e a3cf240f a3d02410 a3d12411 a3d22412
        a3d32413 a3d42414 a3d52415 a3d62416 a3d72417 a3d82418 a3d92419 a3da241a a3db241b
        a3dc241c a3dd241d a3de241e a3df241f a3e02421 a3e120ac c6cf5ef4 c6d365e0 c6d57676
        c6d796b6 c6de3003 c6df4edd fa5f5029 fa66507d fabd5305 fac55344 fad5537f fb485605
        fbb85a77 fbf35e75 fbf95ed0 fc4f5f58 fc6c60a4 fcb96490 fce26674 fcf1675e fdb76c9c
        fdb86e1d fdbb6e2f fdf1716e fe52732a fe6f745c feaa74e9 fedd7809
        """)

    /// GB 18030 in two bytes: the ideographic space as pages have it; six letters that its
    /// edition of 2022 keeps for private use; and what that edition gave a letter of its own.
    static let gb18030 = pairs(
        """
        a3a03000 fe51e816 fe52e817 fe53e818 fe6ce831 fe76e83b fe91e855
        a6d9fe10 a6dafe12 a6dbfe11 a6dcfe13 a6ddfe14 a6defe15 a6dffe16 a6ecfe17 a6edfe18
        a6f3fe19 fe599fb4 fe619fb5 fe669fb6 fe679fb7 fe6d9fb8 fe7e9fb9 fe909fba fea09fbb
        """)

    /// GB 18030 in four bytes: runs of letters that the C library has in two bytes only, by the
    /// place of the first among all sequences.
    static let gb18030FourByte: [(pointer: Int, scalars: ClosedRange<UInt16>)] = [
        (19057, 0x9fb4...0x9fbb), (39076, 0xfe10...0xfe19),
    ]

    /// Entries of eight hexadecimal digits: two bytes, then their letter.
    private static func pairs(_ text: String) -> [(bytes: UInt16, scalar: UInt16)] {
        text.split { $0 == " " || $0 == "\n" }.compactMap { entry in
            guard let value = UInt32(entry, radix: 16) else { return nil }
            return (UInt16(value >> 16), UInt16(truncatingIfNeeded: value))
        }
    }
}
