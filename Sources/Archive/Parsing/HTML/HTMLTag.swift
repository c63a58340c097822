/// The elements that the tree builder and the readers know by name; every other one is `other`.
///
/// The cases behind `xmp` are elements of drawings and formulas: their names are told by the
/// source, and what counts of them is the part that they play in the tree's building.
enum HTMLTag: String, Sendable, CaseIterable {
    case other = ""
    case a, abbr, acronym, address, applet, area, article, aside, audio, b, base, basefont, bdi
    case bdo, bgsound, big, blink, blockquote, body, br, button, canvas, caption, center, cite
    case code, col, colgroup, data, datalist, dd, del, details, dfn, dialog, dir, div, dl, dt, em
    case embed, fieldset, figcaption, figure, font, footer, form, frame, frameset, h1, h2, h3, h4
    case h5, h6, head, header, hgroup, hr, html, i, iframe, image, img, input, ins, kbd, keygen
    case label, legend, li, link, listing, main, map, mark, marquee, menu, meta, meter, nav
    case nobr, noembed, noframes, noscript, object, ol, optgroup, option, output, p, param, picture
    case plaintext, pre, progress, q, rb, rp, rt, rtc, ruby, s, samp, script, search, section
    case select, slot, small, source, span, strike, strong, style, sub, summary, sup, table
    case tbody, td, template, textarea, tfoot, th, thead, time, title, tr, track, tt, u, ul
    case `var`, video, wbr, xmp

    case svg, math
    /// An element within `svg` or `math` of no other part.
    case foreign = "#foreign"
    /// A MathML text integration point: `mi`, `mo`, `mn`, `ms`, `mtext` (13.2.6).
    case mathText = "#math-text"
    /// MathML's `annotation-xml` whose content is no HTML.
    case annotation = "#annotation"
    /// An HTML integration point: SVG's `foreignObject`, `desc`, `title`, an annotation in HTML.
    case integration = "#integration"

    /// Tables by tag have so many places.
    static let numbers = 256

    /// The number of the tag in tables.
    @inline(__always)
    var number: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

    /// Whether the element is one of SVG or MathML.
    @inline(__always)
    var isForeign: Bool { number >= HTMLTag.svg.number }
}

// MARK: What the readers ask

extension HTMLTag {
    /// Whether the element stands in a line of text instead of beginning a new one.
    var isInline: Bool {
        switch self {
        case .a, .abbr, .acronym, .b, .bdi, .bdo, .big, .blink, .cite, .code, .data, .del, .dfn,
            .em, .font, .i, .ins, .kbd, .label, .mark, .nobr, .output, .q, .rb, .rp, .rt, .rtc,
            .ruby, .s, .samp, .slot, .small, .span, .strike, .strong, .sub, .sup, .time, .tt, .u,
            .var, .wbr, .other, .img, .image, .picture, .source, .map, .area, .input, .button,
            .svg, .math, .script, .style, .noscript, .template, .link, .meta, .foreign, .mathText,
            .annotation, .integration:
            true
        default: false
        }
    }

    /// Whether this is one of the six headings.
    var isHeading: Bool {
        switch self {
        case .h1, .h2, .h3, .h4, .h5, .h6: true
        default: false
        }
    }
}

// MARK: What the tree builder asks

extension HTMLTag {
    /// The standard's category "special" (13.2.4.2).
    var isSpecial: Bool {
        switch self {
        case .address, .applet, .area, .article, .aside, .base, .basefont, .bgsound, .blockquote,
            .body, .br, .button, .caption, .center, .col, .colgroup, .dd, .details, .dir, .div,
            .dl, .dt, .embed, .fieldset, .figcaption, .figure, .footer, .form, .frame, .frameset,
            .h1, .h2, .h3, .h4, .h5, .h6, .head, .header, .hgroup, .hr, .html, .iframe, .img,
            .input, .keygen, .li, .link, .listing, .main, .marquee, .menu, .meta, .nav, .noembed,
            .noframes, .noscript, .object, .ol, .p, .param, .plaintext, .pre, .script, .search,
            .section, .select, .source, .style, .summary, .table, .tbody, .td, .template,
            .textarea, .tfoot, .th, .thead, .title, .tr, .track, .ul, .wbr, .xmp, .mathText,
            .annotation, .integration:
            true
        default: false
        }
    }

    /// Whether the element ends every scope but a table's (13.2.4.2, "has an element in scope").
    var endsScope: Bool {
        switch self {
        case .applet, .caption, .html, .marquee, .object, .select, .table, .td, .template, .th,
            .mathText, .annotation, .integration:
            true
        default: false
        }
    }

    /// Whether the element ends a table's scope.
    var endsTableScope: Bool { self == .html || self == .table || self == .template }

    /// Whether the end tag may be left out, so that others supply it (13.2.6.3).
    var hasImpliedEnd: Bool {
        switch self {
        case .dd, .dt, .li, .optgroup, .option, .p, .rb, .rp, .rt, .rtc: true
        default: false
        }
    }

    /// Whether the end tag is supplied even where a template ends.
    var hasThoroughlyImpliedEnd: Bool {
        switch self {
        case .caption, .colgroup, .tbody, .td, .tfoot, .th, .thead, .tr: true
        default: hasImpliedEnd
        }
    }

    /// Whether text directly within is moved out of the table (13.2.6.1).
    var fostersContent: Bool {
        switch self {
        case .table, .tbody, .tfoot, .thead, .tr: true
        default: false
        }
    }

    /// Whether this is `tbody`, `tfoot` or `thead`.
    var isTableSection: Bool { self == .tbody || self == .tfoot || self == .thead }

    /// Whether a start tag of this name ends a drawing or a formula (13.2.6.5); `font` does so by
    /// its attributes only.
    var breaksOut: Bool {
        switch self {
        case .b, .big, .blockquote, .body, .br, .center, .code, .dd, .div, .dl, .dt, .em, .embed,
            .h1, .h2, .h3, .h4, .h5, .h6, .head, .hr, .i, .img, .li, .listing, .menu, .meta,
            .nobr, .ol, .p, .pre, .ruby, .s, .small, .span, .strong, .strike, .sub, .sup, .table,
            .tt, .u, .ul, .var:
            true
        default: false
        }
    }
}

/// A name packed into 60 bits, six a character, so that names are compared as numbers.
struct HTMLName: Sendable, Hashable {
    /// 0 for a name longer than ten characters or with a character that is not packed.
    let key: UInt64

    /// Packs `name`, which is lower case.
    init(_ name: StaticString) {
        var key: UInt64 = 0
        name.withUTF8Buffer { for byte in $0 { key = key << 6 | HTMLName.code(byte) } }
        self.key = key
    }

    init(key: UInt64) { self.key = key }

    /// The six bits of a character; 63 where it is not packed.
    @inline(__always)
    static func code(_ byte: UInt8) -> UInt64 {
        let lower = byte | 0x20
        if lower >= 0x61 && lower <= 0x7A && byte >= 0x41 { return UInt64(lower & 0x1F) }
        if byte >= 0x30 && byte <= 0x39 { return UInt64(byte) }
        return byte == 0x2D ? 62 : 63
    }
}

/// The known tags by their packed names, and what each byte is to a name.
///
/// Asked for every byte of every name, so its tables lie in memory of its own, written once before
/// anybody sees them and never freed. No index can miss them: they are cut to the tables' sizes.
struct HTMLTagTable: @unchecked Sendable {
    /// The one table, made when it is first asked for.
    static let shared = HTMLTagTable()

    /// The code of a byte that ends a name: white space, `/`, `>`.
    static let end: UInt8 = 0
    /// The code of a byte that is not packed.
    static let unpacked: UInt8 = 63

    private let slots: UnsafeMutableBufferPointer<(key: UInt64, tag: HTMLTag)>
    private let codes: UnsafeMutableBufferPointer<UInt8>

    private init() {
        slots = .allocate(capacity: 512)
        slots.initialize(repeating: (0, .other))
        codes = .allocate(capacity: 256)
        for tag in HTMLTag.allCases where tag != .other && !tag.rawValue.utf8.contains(0x23) {
            let key = Self.key(of: tag)
            var slot = Self.slot(key)
            while slots[slot].key != 0 { slot = (slot + 1) & 511 }
            slots[slot] = (key, tag)
        }
        for byte in UInt8.min...UInt8.max {
            let code = UInt8(truncatingIfNeeded: HTMLName.code(byte))
            let endsName = [0x09, 0x0A, 0x0C, 0x0D, 0x20, 0x2F, 0x3E].contains(byte)
            codes.initializeElement(at: Int(byte), to: endsName ? Self.end : code)
        }
    }

    /// The packed name of a tag.
    static func key(of tag: HTMLTag) -> UInt64 {
        tag.rawValue.utf8.reduce(0) { $0 << 6 | HTMLName.code($1) }
    }

    /// What a byte is to a name.
    @inline(__always)
    func code(_ byte: UInt8) -> UInt8 { codes[Int(byte)] }

    /// The tag that is named so.
    @inline(__always)
    func tag(_ key: UInt64) -> HTMLTag {
        guard key != 0 else { return .other }
        var slot = Self.slot(key)
        while slots[slot].key != 0 {
            if slots[slot].key == key { return slots[slot].tag }
            slot = (slot + 1) & 511
        }
        return .other
    }

    @inline(__always)
    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
}
