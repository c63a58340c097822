/// The words by which pages part a story from what stands around it, in the languages of news.
///
/// Vocabulary is data: another language is another few words in these lists.
enum PageTextWords {
    /// Whether readers' comments begin at this line.
    static func opensComments(_ text: [UInt8]) -> Bool {
        text.count <= 60 && matches(text, comments)
    }

    /// Whether offers of other stories, tags or the site's foot begin at this line.
    static func endsStory(_ text: [UInt8]) -> Bool {
        text.count <= 90 && matches(text, ends)
    }

    /// Whether a line or paragraph is the site's and no story's: consents, calls, rights.
    static func isFurniture(_ text: [UInt8]) -> Bool {
        if BodyFurniture.isLabel(text) || BodyFurniture.isCall(text) { return true }
        guard text.count <= 900 else { return false }
        return starts.contains { TextScanning.has($0, at: 0, in: text) }
            || text.count <= 600 && inner.contains { HTMLBytes.find($0, in: text) != nil }
    }

    /// Whether a line names whose a picture is.
    static func isCredit(_ text: [UInt8]) -> Bool {
        guard text.count <= 110, !TextScanning.endsSentence(text) || text.count <= 40 else {
            return false
        }
        return creditStarts.contains { TextScanning.has($0, at: 0, in: text) }
            || creditParts.contains { HTMLBytes.find($0, in: text) != nil }
    }

    /// Whether a picture's words end with whose it is: `… on Monday. Photo: Jane Roe`.
    static func endsInCredit(_ text: [UInt8]) -> Bool {
        guard text.count > 20, text.count <= 500 else { return false }
        let tail = Array(text.suffix(72))
        if endsInSource(tail) { return true }
        return !TextScanning.endsSentence(text)
            && creditTails.contains { HTMLBytes.find($0, in: tail) != nil }
    }

    /// Whether the last brackets name somebody and an agency: `(Jane Roe/AP)`.
    private static func endsInSource(_ tail: [UInt8]) -> Bool {
        var end = tail.count
        if tail.last == 0x2E { end -= 1 }
        guard end > 0, tail[end - 1] == 0x29, let open = tail[..<end].lastIndex(of: 0x28) else {
            return false
        }
        let inner = tail[(open + 1)..<(end - 1)]
        guard let slash = inner.firstIndex(of: 0x2F) else { return false }
        let next = inner[(slash + 1)...].first { $0 != 0x20 }
        return inner.count <= 60 && next.map { (0x41...0x5A).contains($0) } == true
            && !inner.contains(where: TextScanning.isDigit)
    }

    /// A title without the site's name that a page's own title ends with: `Crane Goes | Gull`.
    static func withoutSite(_ title: [UInt8], style: HouseStyle?) -> [UInt8] {
        for mark in [" | ", " - ", " – "] as [StaticString] {
            var from = title.count
            while from > 0, !TextScanning.has(mark, at: from, in: title) { from -= 1 }
            guard from > 0 else { continue }
            let head = title[..<from]
            let tail = Array(title[(from + mark.utf8CodeUnitCount)...])
            let isBar = TextScanning.has(" | ", at: from, in: title)
            let isHouse = style.map { TextScanning.has(Array($0.outlet.utf8), at: 0, in: tail) }
            let isAddress = tail.contains(0x2E) && !tail.contains(0x20)
            if isBar && TextScanning.wordCount(tail) <= 4 || isHouse == true || isAddress,
                TextScanning.wordCount(head) >= 3
            {
                return withoutSite(Array(head), style: style)
            }
        }
        return title
    }

    /// Whether the whole line is the word before a byline, such as `By`.
    static func introducesNames(_ text: [UInt8]) -> Bool {
        var text = text
        while let last = text.last, last == 0x3A || last == 0x20 { text.removeLast() }
        // `Kommentar von`
        let words = text.split(separator: 0x20)
        if let last = words.last, words.count == 2, [UInt8]("von".utf8) == Array(last) {
            return true
        }
        return introductions.contains(TextScanning.hash(text, 0..<text.count))
    }

    /// Whether a word of the line is one that pages print on buttons, and nobody is called.
    static func namesButton(_ text: [UInt8]) -> Bool {
        text.split(separator: 0x20).contains {
            buttons.contains(TextScanning.hash(Array($0), 0..<$0.count))
        }
    }

    private static let buttons = Set(
        [
            "sharing", "download", "pdf", "audio", "bookmark", "feature", "page", "front", "app",
            "abo", "menü", "merken", "drucken", "anhören", "vorlesen", "artikel", "imprimer",
            "partager", "écouter", "compartir", "guardar", "condividi", "delen", "del", "front",
            "alert", "alerts", "jump", "skip", "content", "breaking", "exclusive", "premium",
        ].map { TextScanning.hash($0) })

    /// Whether `text` is one of `labels`, or begins with it and goes on with a number or a mark.
    private static func matches(_ text: [UInt8], _ labels: Set<[UInt8]>) -> Bool {
        var words = text.map(TextScanning.lowered)[...]
        while let first = words.first, !TextScanning.isWordByte(first) || first == 0xE2 {
            words = words.dropFirst(first == 0xE2 ? 3 : 1)
        }
        while let last = words.last, !TextScanning.isASCIILetter(last), last < 0x80 {
            words.removeLast()
        }
        if labels.contains(Array(words)) { return true }
        // `3 Kommentare`
        let rest = words.drop { TextScanning.isDigit($0) || $0 == 0x20 }
        return rest.count < words.count && labels.contains(Array(rest))
    }

    private static func set(_ text: String) -> Set<[UInt8]> {
        Set(
            text.split(separator: "|").map { part in
                Array(part.utf8.filter { $0 != 0x0A }).map(TextScanning.lowered)
            })
    }

    private static let introductions = Set(
        [
            "by", "von", "par", "por", "di", "da", "door", "av", "af", "written by", "text",
            "autor", "autorin", "author", "auteur", "autore", "autora", "reported by", "words by",
            "story by", "author of the article", "authors", "autoren", "ein artikel von",
            "escrito por", "redactie", "tekst", "autorzy",
        ].map { TextScanning.hash($0) })

    private static let comments = set(
        """
        comments|comment|leave a comment|leave a reply|post a comment|add a comment|
        join the conversation|join the discussion|view comments|show comments|all comments|
        reader comments|have your say|comments are closed|kommentare|kommentar schreiben|
        kommentieren|diskutieren sie mit|leserkommentare|kommentare lesen|forum|
        schreiben sie einen kommentar|ihr kommentar|kommentar verfassen|
        commentaires|laisser un commentaire|réagir|vos réactions|réactions|comentarios|
        deja un comentario|comentar|ver comentarios|escribe un comentario|commenti|
        lascia un commento|comentários|deixe um comentário|reacties|reageer|kommentarer|
        kommentar|komentarze|dodaj komentarz|yorumlar|комментарии
        """)

    private static let ends = set(
        """
        related articles|related stories|related content|related topics|related posts|related|
        related news|related coverage|related links|related tags|more on this story|
        more on this topic|more from|more stories|
        more news|more like this|more to explore|read next|up next|you may also like|
        you might also like|you might also be interested in|recommended|recommended for you|
        recommended stories|most read|most popular|most viewed|trending|trending now|
        trending stories|latest news|latest stories|latest|latest headlines|top stories|
        top news|editors' picks|editor’s picks|editor's picks|popular|popular stories|
        in this article|topics|tags|filed under|keywords|about the author|about the authors|
        about us|about|follow us|follow us on|share this|share this article|share this story|
        newsletter|newsletters|sign up|get the latest|explore more|explore more on these topics|
        read this next|next article|previous article|next story|from around the web|
        around the web|paid content|sponsored|sponsored content|promoted stories|elsewhere|
        from our partners|contact us|terms of use|terms and conditions|privacy policy|
        all rights reserved|references|footer|site map|sitemap|
        mehr zum thema|mehr zu diesem thema|zum thema|weitere themen|weitere artikel|
        weitere nachrichten|weitere meldungen|weitere beiträge|mehr aus|mehr aus dem ressort|
        lesen sie auch|lesen sie mehr|auch interessant|das könnte sie auch interessieren|
        das könnte dich auch interessieren|das könnte ihnen auch gefallen|meistgelesen|
        meist gelesen|meistgelesene artikel|meistgelesene|am meisten gelesen|neueste artikel|
        neueste|aktuelle nachrichten|aktuelles|top-themen|themen|schlagworte|schlagwörter|
        stichworte|zur startseite|startseite|mehr|nächster artikel|vorheriger artikel|
        über den autor|über die autorin|zum autor|artikel teilen|teilen|empfehlungen|
        empfehlungen der redaktion|redaktionsempfehlung|unsere empfehlungen|impressum|
        datenschutz|verlagsangebot|services|service|passend zum artikel|topartikel|
        sur le même sujet|sur le même thème|à lire aussi|lire aussi|à lire également|
        lire la suite|les plus lus|articles les plus lus|les articles les plus lus|à la une|
        dernières actualités|dans la même rubrique|voir aussi|mentions légales|sujets|
        thèmes associés|plus d'actualités|nos newsletters|contenus sponsorisés|
        noticias relacionadas|relacionado|relacionados|artículos relacionados|más noticias|
        más información|lo más leído|lo más visto|más leídas|te puede interesar|
        también te puede interesar|lee también|etiquetas|temas|archivado en|temas relacionados|
        últimas noticias|aviso legal|política de privacidad|te recomendamos|sobre la firma|
        articoli correlati|leggi anche|i più letti|potrebbe interessarti|argomenti|
        leia também|veja também|mais lidas|últimas notícias|tópicos|
        lees ook|meer over|meest gelezen|gerelateerd|les også|mest lest|relaterte saker|
        läs mer|läs också|mest läst|czytaj też|czytaj także|zobacz także|polecane|tematy|
        popularne|najczęściej czytane|czytaj więcej
        """)

    private static let starts: [[UInt8]] = [
        "© ", "copyright", "(c) ", "wir verwenden cookies", "diese website verwendet",
        "wir und unsere", "we and our", "we use ", "this website", "this site", "nous utilisons",
        "utilizamos ", "usamos ", "en cliquant", "mit ihrem klick", "mit nutzung",
        "um diesen inhalt", "an dieser stelle", "hier finden sie", "alle rechte vorbehalten",
        "ce contenu ", "cet article est réservé", "article réservé", "este contenido",
        "diesen artikel ", "dieser artikel ist ", "to continue reading", "to view", "log in",
        "already have an account", "create an account", "register ", "please log in",
        "bitte melden", "jetzt registrieren", "jetzt kostenlos", "javascript", "bitte aktivieren",
        "you can unsubscribe", "you are now subscribed", "thank you for", "keep up to date",
        "follow all", "for more ", "to get ", "mehr lesen", "mehr erfahren", "weiterlesen",
        "zum artikel", "zur galerie", "bildergalerie", "image source", "image caption",
        "media caption", "temps de lecture", "tiempo de lectura", "lesezeit", "lesedauer",
        "reading time", "estimated read", "min read", "artikel vorlesen", "artikel anhören",
        "listen to this", "écouter", "escuchar", "the wayback machine", "skip to ", "zum inhalt",
        "aller au contenu", "ir al contenido", "passer au contenu", "add us as", "follow ",
    ].map { Array($0.utf8) }

    private static let inner: [StaticString] = [
        "cookie", "adblock", "ad blocker", "werbeblocker", "datenschutzerklärung",
        "politique de confidentialité", "política de privacidad", "newsletter",
        "all rights reserved",
        "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
    ]

    private static let creditStarts: [[UInt8]] = [
        "©", "(c)", "foto:", "fotos:", "foto ", "photo:", "photo :", "photos:", "photo by",
        "photograph:", "photograph by", "picture:", "bild:", "bild ©", "image:", "image source",
        "image credit", "credit:", "credits:", "crédit", "crédits", "quelle:", "source:", "fuente:",
        "imagen:", "getty", "reuters", "ap photo", "dpa", "afp", "(photo", "(foto", "(image",
        "grafik:", "illustration:", "symbolbild", "archivbild", "archivfoto", "zdjęcie:", "fot.",
        "imago", "shutterstock", "istock",
    ].map { Array($0.utf8) }

    private static let creditParts: [StaticString] = [
        "getty images", "shutterstock", "istock", "/ap photo", "/dpa", "dpa/", "/afp", "afp/",
        "/reuters", "reuters/", "/ap)", "picture alliance", "/epa", "epa/", "imago/", "/imago",
        "via ap", "/efe", "efe/", "(afp)", "(dpa)", "foto: ", "photo: ", " © ", "apa/", "/apa",
        "/belga", "belga/", "/anp", "ansa/", "/ansa", "tass/", "/tass", "/ntb", "ntb/", "/ap ",
    ]

    private static let creditTails: [StaticString] = [
        " foto:", " photo:", " photo :", " bild:", " picture:", "(picture:", "(photo", "(foto",
        "(image", " image:", "©", "bild:", "foto:", "getty images", "shutterstock", "(courtesy ",
        "(ap photo", "via ap", "/afp", "/dpa", "/reuters", "/epa", "(afp)", "(reuters)",
        "photograph:", "photo by ", "photo courtesy", "crédit photo", " crédit :", "imagen:",
    ]
}
