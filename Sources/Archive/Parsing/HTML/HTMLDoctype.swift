/// A page's document type, and whether it asks for the ways of old browsers ("quirks mode").
struct HTMLDoctype: Equatable {
    var name: String?
    var publicID: String?
    var systemID: String?
    /// Whether the doctype is so broken that old ways are asked for.
    var isForcedQuirks = false

    /// Reads what stands between the word `doctype` and `>` (13.2.5.53 to 13.2.5.68).
    init(_ bytes: some Sequence<UInt8>, isCut: Bool = false) {
        var rest = Array(bytes)[...]
        let isBogus = read(&rest)
        // What stands behind a whole doctype does no harm, not even where the page ends in it.
        if isCut, !isBogus { isForcedQuirks = true }
    }

    /// - Returns: whether something stands behind a whole doctype.
    private mutating func read(_ rest: inout ArraySlice<UInt8>) -> Bool {
        Self.skipSpace(&rest)
        guard !rest.isEmpty else {
            isForcedQuirks = true
            return false
        }
        name = Self.text(rest.prefix { !Self.isSpace($0) }.map(HTMLBytes.lower))
        rest = rest.drop { !Self.isSpace($0) }
        Self.skipSpace(&rest)
        guard !rest.isEmpty else { return false }
        let isPublic = HTMLBytes.starts(rest, with: "public")
        guard isPublic || HTMLBytes.starts(rest, with: "system") else {
            isForcedQuirks = true
            return false
        }
        rest = rest.dropFirst(6)
        if isPublic {
            publicID = identifier(&rest)
            Self.skipSpace(&rest)
            if isForcedQuirks || rest.isEmpty { return false }
        }
        systemID = identifier(&rest)
        Self.skipSpace(&rest)
        return !isForcedQuirks && !rest.isEmpty
    }

    /// A quoted identifier; quirks are forced where there is none or its end is missing.
    private mutating func identifier(_ rest: inout ArraySlice<UInt8>) -> String? {
        Self.skipSpace(&rest)
        guard let quote = rest.first, quote == 0x22 || quote == 0x27 else {
            isForcedQuirks = true
            return nil
        }
        rest.removeFirst()
        let text = rest.prefix { $0 != quote }
        rest = rest.dropFirst(text.count)
        if rest.popFirst() == nil { isForcedQuirks = true }
        return Self.text(Array(text))
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop(while: isSpace)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
    }

    private static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        bytes.withUnsafeBufferPointer {
            HTMLReferences.append($0[...], .replacingNull, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension HTMLDoctype {
    /// Whether a paragraph may hold a table, as before the standards (13.2.6.4.1).
    var isQuirks: Bool {
        if isForcedQuirks || name != "html" { return true }
        let id = publicID.map { HTMLBytes.lowered($0.utf8) } ?? []
        if Self.wholeIDs.contains(where: { Array($0.utf8) == id }) { return true }
        let ibm = "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"
        if let systemID, HTMLBytes.lowered(systemID.utf8) == Array(ibm.utf8) { return true }
        if publicID != nil, Self.idBeginnings.contains(where: { id.starts(with: $0.utf8) }) {
            return true
        }
        return systemID == nil && Self.idBeginningsAlone.contains { id.starts(with: $0.utf8) }
    }

    private static let wholeIDs = [
        "-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html",
    ]

    /// Those that ask for old ways only where no system identifier follows.
    private static let idBeginningsAlone = [
        "-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//",
    ]

    private static let idBeginnings = [
        "+//silmaril//dtd html pro v0r11 19970101//",
        "-//as//dtd html 3.0 aswedit + extensions//",
        "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
        "-//ietf//dtd html 2.0 level 1//", "-//ietf//dtd html 2.0 level 2//",
        "-//ietf//dtd html 2.0 strict level 1//", "-//ietf//dtd html 2.0 strict level 2//",
        "-//ietf//dtd html 2.0 strict//", "-//ietf//dtd html 2.0//", "-//ietf//dtd html 2.1e//",
        "-//ietf//dtd html 3.0//", "-//ietf//dtd html 3.2 final//", "-//ietf//dtd html 3.2//",
        "-//ietf//dtd html 3//", "-//ietf//dtd html level 0//", "-//ietf//dtd html level 1//",
        "-//ietf//dtd html level 2//", "-//ietf//dtd html level 3//",
        "-//ietf//dtd html strict level 0//", "-//ietf//dtd html strict level 1//",
        "-//ietf//dtd html strict level 2//", "-//ietf//dtd html strict level 3//",
        "-//ietf//dtd html strict//", "-//ietf//dtd html//",
        "-//metrius//dtd metrius presentational//",
        "-//microsoft//dtd internet explorer 2.0 html strict//",
        "-//microsoft//dtd internet explorer 2.0 html//",
        "-//microsoft//dtd internet explorer 2.0 tables//",
        "-//microsoft//dtd internet explorer 3.0 html strict//",
        "-//microsoft//dtd internet explorer 3.0 html//",
        "-//microsoft//dtd internet explorer 3.0 tables//",
        "-//netscape comm. corp.//dtd html//", "-//netscape comm. corp.//dtd strict html//",
        "-//o'reilly and associates//dtd html 2.0//",
        "-//o'reilly and associates//dtd html extended 1.0//",
        "-//o'reilly and associates//dtd html extended relaxed 1.0//",
        "-//sq//dtd html 2.0 hotmetal + extensions//",
        "-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
        "-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
        "-//spyglass//dtd html 2.0 extended//", "-//sun microsystems corp.//dtd hotjava html//",
        "-//sun microsystems corp.//dtd hotjava strict html//",
        "-//w3c//dtd html 3 1995-03-24//", "-//w3c//dtd html 3.2 draft//",
        "-//w3c//dtd html 3.2 final//", "-//w3c//dtd html 3.2//", "-//w3c//dtd html 3.2s draft//",
        "-//w3c//dtd html 4.0 frameset//", "-//w3c//dtd html 4.0 transitional//",
        "-//w3c//dtd html experimental 19960712//", "-//w3c//dtd html experimental 970421//",
        "-//w3c//dtd w3 html//", "-//w3o//dtd w3 html 3.0//", "-//webtechs//dtd mozilla html 2.0//",
        "-//webtechs//dtd mozilla html//",
    ]
}
