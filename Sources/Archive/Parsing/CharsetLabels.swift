/// The names that pages give to encodings, as the WHATWG Encoding Standard reads them: a closed
/// table, so that no page can ask for a converter that nobody thought of.
enum CharsetLabels {
    /// An encoding that a label stands for.
    enum Encoding: Equatable {
        case utf8, utf16LittleEndian, utf16BigEndian, windows1252
        /// Read by `iconv` under `system`; `name` is the WHATWG name.
        case converted(name: String, system: String)
        /// One that WHATWG refuses to read, for the attacks that it allows.
        case refused(name: String)
    }

    /// The encoding of `label`; nil where no such label exists (UTF-7 among them).
    static func encoding(of label: String) -> Encoding? {
        table[label]
    }

    private static let table: [String: Encoding] = {
        var table: [String: Encoding] = [:]
        for label in ["utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8"] {
            table[label] = .utf8
        }
        for label in latinLabels { table[label] = .windows1252 }
        for label in ["utf-16", "utf-16le", "ucs-2", "unicode", "csunicode", "iso-10646-ucs-2"] {
            table[label] = .utf16LittleEndian
        }
        table["utf-16be"] = .utf16BigEndian
        for (name, system, labels) in converted {
            for label in [name] + labels {
                table[label] = .converted(name: name, system: system)
            }
        }
        for label in ["hz-gb-2312", "iso-2022-kr", "csiso2022kr", "iso-2022-cn", "iso-2022-cn-ext"]
        {
            table[label] = .refused(name: label)
        }
        return table
    }()

    private static let latinLabels = [
        "windows-1252", "cp1252", "x-cp1252", "ansi_x3.4-1968", "ascii", "us-ascii", "iso-8859-1",
        "iso8859-1", "iso88591", "iso_8859-1", "iso_8859-1:1987", "latin1", "latin-1", "l1",
        "cp819", "ibm819", "iso-ir-100", "csisolatin1",
    ]

    /// WHATWG name, what glibc calls it, and further labels.
    private static let converted: [(String, String, [String])] = [
        ("iso-8859-2", "ISO-8859-2", ["latin2", "l2", "iso8859-2", "iso_8859-2", "csisolatin2"]),
        ("iso-8859-3", "ISO-8859-3", ["latin3", "l3", "iso8859-3", "iso_8859-3"]),
        ("iso-8859-4", "ISO-8859-4", ["latin4", "l4", "iso8859-4", "iso_8859-4"]),
        ("iso-8859-5", "ISO-8859-5", ["cyrillic", "iso8859-5", "iso_8859-5"]),
        ("iso-8859-6", "ISO-8859-6", ["arabic", "iso8859-6", "iso_8859-6", "asmo-708"]),
        ("iso-8859-7", "ISO-8859-7", ["greek", "greek8", "iso8859-7", "iso_8859-7"]),
        ("iso-8859-8", "ISO-8859-8", ["hebrew", "visual", "iso8859-8", "iso_8859-8"]),
        ("iso-8859-8-i", "ISO-8859-8", ["logical", "csiso88598i"]),
        ("iso-8859-10", "ISO-8859-10", ["latin6", "l6", "iso8859-10"]),
        ("iso-8859-13", "ISO-8859-13", ["iso8859-13"]),
        ("iso-8859-14", "ISO-8859-14", ["iso8859-14"]),
        ("iso-8859-15", "ISO-8859-15", ["latin9", "l9", "iso8859-15", "iso_8859-15"]),
        ("iso-8859-16", "ISO-8859-16", ["iso8859-16"]),
        ("koi8-r", "KOI8-R", ["koi", "koi8", "koi8_r", "cskoi8r"]),
        ("koi8-u", "KOI8-U", ["koi8-ru"]),
        ("macintosh", "MACINTOSH", ["mac", "x-mac-roman", "csmacintosh"]),
        ("ibm866", "IBM866", ["866", "cp866", "csibm866"]),
        ("windows-874", "CP874", ["dos-874", "tis-620", "iso-8859-11", "iso8859-11"]),
        ("windows-1250", "CP1250", ["cp1250", "x-cp1250"]),
        ("windows-1251", "CP1251", ["cp1251", "x-cp1251"]),
        ("windows-1253", "CP1253", ["cp1253", "x-cp1253"]),
        ("windows-1254", "CP1254", ["cp1254", "x-cp1254", "iso-8859-9", "latin5", "l5"]),
        ("windows-1255", "CP1255", ["cp1255", "x-cp1255"]),
        ("windows-1256", "CP1256", ["cp1256", "x-cp1256"]),
        ("windows-1257", "CP1257", ["cp1257", "x-cp1257"]),
        ("windows-1258", "CP1258", ["cp1258", "x-cp1258"]),
        ("gbk", "GB18030", ["gb2312", "gb_2312", "gb_2312-80", "chinese", "x-gbk", "csgb2312"]),
        ("gb18030", "GB18030", []),
        ("big5", "BIG5-HKSCS", ["big5-hkscs", "cn-big5", "x-x-big5", "csbig5"]),
        ("euc-jp", "EUC-JP", ["x-euc-jp", "cseucpkdfmtjapanese"]),
        ("iso-2022-jp", "ISO-2022-JP", ["csiso2022jp"]),
        ("shift_jis", "CP932", ["shift-jis", "sjis", "ms_kanji", "windows-31j", "x-sjis"]),
        (
            "euc-kr", "CP949",
            ["korean", "ks_c_5601-1987", "ksc5601", "ksc_5601", "windows-949", "cseuckr"]
        ),
    ]
}
