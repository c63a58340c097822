/// Which of the vocabularies of news an element's name belongs to.
enum XMLVocabulary: UInt8, Sendable {
    /// The document's own: RSS, Atom, NITF, NewsML, XHTML, or one that is not known.
    case core
    /// RSS 1.0's module for full texts.
    case content
    /// Dublin Core elements and terms.
    case dublinCore
    /// Media RSS.
    case media
    /// An extension that is not read.
    case other

    /// The vocabulary that a namespace names; nil where it is not known.
    static func named(_ uri: ArraySlice<UInt8>) -> XMLVocabulary? {
        for (start, vocabulary) in namespaces where uri.starts(with: start.utf8) {
            return vocabulary
        }
        return nil
    }

    /// The vocabulary that a prefix usually stands for, where a document does not declare it.
    static func usual(_ prefix: ArraySlice<UInt8>) -> XMLVocabulary {
        switch String(decoding: prefix.prefix(16), as: UTF8.self) {
        case "content": .content
        case "dc", "dcterms", "dct": .dublinCore
        case "media": .media
        case "atom", "rss", "rdf", "nitf", "html", "xhtml", "x": .core
        default: .other
        }
    }

    private static let namespaces: [(String, XMLVocabulary)] = [
        ("http://purl.org/rss/1.0/modules/content", .content),
        ("http://purl.org/rss/1.0/modules/", .other),
        ("http://purl.org/dc/", .dublinCore),
        ("http://search.yahoo.com/mrss", .media), ("http://www.rssboard.org/media-rss", .media),
        ("http://www.w3.org/2005/Atom", .core), ("http://purl.org/atom/ns", .core),
        ("http://purl.org/rss/1.0/", .core), ("http://my.netscape.com/", .core),
        ("http://channel.netscape.com/", .core), ("http://backend.userland.com/", .core),
        ("http://iptc.org/std/", .core), ("http://www.w3.org/1999/xhtml", .core),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns", .core),
    ]
}

/// The prefixes that are declared where an XML document is being read.
struct XMLNamespaces {
    private var declarations: [(prefix: ArraySlice<UInt8>, vocabulary: XMLVocabulary, depth: Int)] =
        []
    /// Declarations in force at one place; more of them would only cost time.
    private static let limit = 128

    /// Takes the declarations of a start tag.
    mutating func declare(_ attributes: ArraySlice<XMLAttribute>, _ source: [UInt8], depth: Int) {
        for attribute in attributes where declarations.count < Self.limit {
            let name = source[attribute.name.range]
            guard name.starts(with: "xmlns".utf8) else { continue }
            let prefix = name.dropFirst(5)
            guard prefix.isEmpty || prefix.first == 0x3a else { continue }
            let known = XMLVocabulary.named(source[attribute.value.range])
            declarations.append(
                (prefix.dropFirst(), known ?? (prefix.isEmpty ? .core : .other), depth))
        }
    }

    /// Forgets what elements deeper than `depth` declared.
    mutating func leave(to depth: Int) {
        while let last = declarations.last, last.depth > depth { declarations.removeLast() }
    }

    /// The vocabulary of an element with `prefix`.
    func vocabulary(of prefix: ArraySlice<UInt8>) -> XMLVocabulary {
        for declaration in declarations.reversed()
        where declaration.prefix.count == prefix.count
            && declaration.prefix.elementsEqual(prefix)
        {
            return declaration.vocabulary
        }
        return prefix.isEmpty ? .core : XMLVocabulary.usual(prefix)
    }
}
