/// The words by which pages name the places of byline, date and title, and what stands apart from
/// the story: data for `PageSurvey`.
enum MetadataWords {
    // What a word says of its element, as bits.
    static let byline: UInt32 = 1
    static let date: UInt32 = 2
    static let modified: UInt32 = 4
    static let apart: UInt32 = 8
    /// A box about the writer, away from the byline.
    static let portrait: UInt32 = 16
    static let kicker: UInt32 = 32
    /// Within an `aside`, where some pages set the byline and others all sorts of things.
    static let beside: UInt32 = 64

    private static let table = WordTable([
        (
            """
            byline bylines author authors authorname authorlink autor autoren autora autore autori \
            autores auteur auteurs writer writers reporter reporters journalist journalists \
            journaliste redakteur verfasser forfatter skribent author-name contributor \
            contributors signature firma vcard attribution yazar muhabir penulis
            """, byline
        ),
        (
            """
            date dates dateline datetime datum timestamp time times pubdate published publishdate \
            publisheddate publish publication postdate posted articledate entrydate fecha datapub \
            dato zeit zeitpunkt uhrzeit created creation meta info tarih tanggal
            """, date
        ),
        (
            "modified updated update lastmod lastmodified dateupdated aktualisiert edited",
            modified
        ),
        (
            """
            related relatedarticles relatedposts relatedstories relatedcontent recommended \
            recommendations recommendation recirc recirculation readmore morefrom moreon mostread \
            mostpopular popular trending newsletter newsletters comment comments commentlist \
            respond disqus livefyre sidebar nav navbar navigation menu breadcrumb breadcrumbs \
            footer promo promos promotion carousel slider outbrain taboola zergnet cookie consent \
            gdpr modal popup overlay ad ads advert advertisement advertising ticker rail upsell \
            nextarticle prevnext postnav caption figcaption copyright leserbrief kommentar \
            kommentare commentaires comentarios
            """, apart
        ),
        ("bio biography authorbio authorbox aboutauthor portrait profile about", portrait),
        (
            "kicker eyebrow overline spitzmarke dachzeile topline toptitle roofline supertitle",
            kicker
        ),
    ])

    /// The bits of all words in the class, the id and the test names of an element.
    static func marks(_ tree: HTMLTree, _ node: Int32) -> UInt32 {
        let element = tree[node]
        let first = Int(element.firstAttribute)
        var marks: UInt32 = 0
        // One way over the attributes: an element has few, and a page has many elements.
        for attribute in tree.attributes[first..<first + Int(element.attributeCount)]
        where attribute.key == .class || attribute.key == .id || attribute.key == .dataQA
            || attribute.key.key == 0 && isTestName(tree.source[attribute.name.range])
        {
            marks |= Self.marks(tree, attribute.value)
        }
        return marks
    }

    private static func isTestName(_ name: ArraySlice<UInt8>) -> Bool {
        name.count == 11 && HTMLBytes.starts(name, with: "data-testid")
            || name.count == 14 && HTMLBytes.starts(name, with: "data-component")
    }

    /// The bits of the words of `span`: `post-author_name` has three, `pubDate` has two and itself.
    private static func marks(_ tree: HTMLTree, _ span: HTMLSpan) -> UInt32 {
        var marks: UInt32 = 0
        let range = span.range.prefix(300)
        var start = range.lowerBound
        var hump = start
        var index = start
        while index <= range.upperBound {
            let byte = index < range.upperBound ? tree.source[index] : 0x20
            let isCapital = byte &- 0x41 < 26
            if TextScanning.isASCIILetter(byte) {
                if isCapital, index > hump, tree.source[index - 1] &- 0x61 < 26 {
                    marks |= table[TextScanning.hash(tree.source, hump..<index)]
                    hump = index
                }
            } else {
                if index > hump { marks |= table[TextScanning.hash(tree.source, hump..<index)] }
                if hump > start { marks |= table[TextScanning.hash(tree.source, start..<index)] }
                start = index + 1
                hump = start
            }
            index += 1
        }
        return marks
    }

    /// The parts of an address under which writers have pages of their own.
    private static let authorPaths = WordTable([
        (
            """
            author authors autor autoren autores autora auteur auteurs autore autori staff \
            people profile profiles reporter reporters journalist journalists journaliste \
            journalistes contributor contributors writer writers columnist columnists by person \
            redaktion signataires periodista periodistas redactor newsteam forfatter experten \
            byline yazarlar editors correspondents
            """, byline
        )
    ])

    /// Whether a part of an address is one of them.
    static func isAuthorPath(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        range.count <= 24 && authorPaths[TextScanning.hash(bytes, range)] != 0
    }
}

extension HTMLName {
    static let dataQA = HTMLName("data-qa")
    static let itemscope = HTMLName("itemscope")
    static let itemtype = HTMLName("itemtype")
    static let pubdate = HTMLName("pubdate")
}
