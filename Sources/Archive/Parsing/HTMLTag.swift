/// The elements of HTML that the readers know by name; every other one is `other`.
enum HTMLTag: String, Sendable, CaseIterable {
    case other = ""
    case a, abbr, acronym, address, applet, area, article, aside, audio, b, base, basefont, bdi
    case bdo, bgsound, big, blink, blockquote, body, br, button, canvas, caption, center, cite
    case code, col, colgroup, data, datalist, dd, del, details, dfn, dialog, dir, div, dl, dt, em
    case embed, fieldset, figcaption, figure, font, footer, form, frame, frameset, h1, h2, h3, h4
    case h5, h6, head, header, hgroup, hr, html, i, iframe, image, img, input, ins, kbd, keygen
    case label, legend, li, link, listing, main, map, mark, marquee, math, menu, meta, meter, nav
    case nobr, noembed, noframes, noscript, object, ol, optgroup, option, output, p, param, picture
    case plaintext, pre, progress, q, rb, rp, rt, rtc, ruby, s, samp, script, search, section
    case select, slot, small, source, span, strike, strong, style, sub, summary, sup, svg, table
    case tbody, td, template, textarea, tfoot, th, thead, time, title, tr, track, tt, u, ul
    case `var`, video, wbr, xmp

    /// The number of the tag in tables.
    var number: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

extension HTMLTag {
    /// Whether the element has no content and no end tag.
    var isVoid: Bool {
        switch self {
        case .area, .base, .basefont, .bgsound, .br, .col, .embed, .frame, .hr, .img, .image,
            .input, .keygen, .link, .meta, .param, .source, .track, .wbr:
            true
        default: false
        }
    }

    /// Whether the element stands in a line of text instead of beginning a new one.
    var isInline: Bool {
        switch self {
        case .a, .abbr, .acronym, .b, .bdi, .bdo, .big, .blink, .cite, .code, .data, .del, .dfn,
            .em, .font, .i, .ins, .kbd, .label, .mark, .nobr, .output, .q, .rb, .rp, .rt, .rtc,
            .ruby, .s, .samp, .slot, .small, .span, .strike, .strong, .sub, .sup, .time, .tt, .u,
            .var, .wbr, .other, .img, .image, .picture, .source, .map, .area, .input, .button,
            .svg, .math, .script, .style, .noscript, .template, .link, .meta:
            true
        default: false
        }
    }

    /// Whether a start tag of this name closes an open paragraph.
    var closesParagraph: Bool {
        switch self {
        case .address, .article, .aside, .blockquote, .center, .details, .dialog, .dir, .div, .dl,
            .fieldset, .figcaption, .figure, .footer, .form, .h1, .h2, .h3, .h4, .h5, .h6,
            .header, .hgroup, .hr, .li, .dd, .dt, .listing, .main, .menu, .nav, .ol, .p, .pre,
            .search, .section, .summary, .table, .ul, .plaintext, .xmp:
            true
        default: false
        }
    }

    /// Whether an end tag of another element may not reach through this one.
    var bounds: Bool {
        switch self {
        case .applet, .button, .caption, .html, .marquee, .object, .table, .td, .template, .th:
            true
        default: false
        }
    }

    /// Whether the element only marks words, so that its stray end tag closes no block.
    var isFormatting: Bool {
        switch self {
        case .a, .b, .big, .code, .em, .font, .i, .nobr, .s, .small, .strike, .strong, .tt, .u,
            .span, .other, .label, .cite, .q, .sub, .sup, .ins, .del, .mark, .abbr, .time:
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

    /// How the text up to the end tag is to be read.
    var content: HTMLTokenizer.Content {
        switch self {
        case .title, .textarea: .characterData
        case .script: .script
        case .style, .xmp, .iframe, .noembed, .noframes: .raw
        case .plaintext: .plain
        default: .data
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

/// The known tags by their packed names.
struct HTMLTagTable: Sendable {
    /// The one table, made when it is first asked for.
    static let shared = HTMLTagTable()

    private var keys = [UInt64](repeating: 0, count: 512)
    private var tags = [HTMLTag](repeating: .other, count: 512)

    private init() {
        for tag in HTMLTag.allCases where tag != .other {
            var key: UInt64 = 0
            for byte in tag.rawValue.utf8 { key = key << 6 | HTMLName.code(byte) }
            var slot = Self.slot(key)
            while keys[slot] != 0 { slot = (slot + 1) & 511 }
            keys[slot] = key
            tags[slot] = tag
        }
    }

    /// The tag that is named so.
    @inline(__always)
    func tag(_ key: UInt64) -> HTMLTag {
        guard key != 0 else { return .other }
        var slot = Self.slot(key)
        while keys[slot] != 0 {
            if keys[slot] == key { return tags[slot] }
            slot = (slot + 1) & 511
        }
        return .other
    }

    @inline(__always)
    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
}
