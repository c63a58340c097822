/// What a page or its transport calls its encoding, whether anybody knows that name or not.
struct EncodingLabel: Sendable {
    /// The standard's name of the encoding, or the unknown name as it was told.
    let name: String
    /// The encoding that is meant; nil where the standard knows no such name.
    let encoding: Charset.Encoding?

    /// How much of an unknown name is told on.
    private static let told = 40

    /// Reads a name; nil where none is given.
    init?(_ label: some Sequence<UInt8>) {
        let label = Array(label)
        encoding = Charset.Encoding(label: label)
        let shown = label.filter { (0x21...0x7e).contains($0) }.prefix(Self.told)
        guard !shown.isEmpty else { return nil }
        name = encoding?.rawValue ?? String(decoding: shown, as: UTF8.self)
    }

    private init(_ encoding: Charset.Encoding) {
        name = encoding.rawValue
        self.encoding = encoding
    }

    /// The same in a page that could be read up to this label: it is not in UTF-16, whatever the
    /// label says.
    var inReadableText: EncodingLabel {
        encoding == .utf16BigEndian || encoding == .utf16LittleEndian ? EncodingLabel(.utf8) : self
    }

    /// The same in a `<meta>` element, where the standard has `x-user-defined` mean windows-1252.
    var inMeta: EncodingLabel {
        encoding == .userDefined ? EncodingLabel(.windows1252) : inReadableText
    }
}
