/// The sentences by which pages speak of themselves instead of telling the story: labels of
/// advertisements, calls to subscribe, thanks to contributors.
enum BodyFurniture {
    /// Whether the whole block is such a label, whatever marks stand around it.
    static func isLabel(_ text: [UInt8]) -> Bool {
        text.count <= 90 && labels.contains(letters(text))
    }

    /// Whether a block calls on its reader, wherever it stands.
    static func isCall(_ text: [UInt8]) -> Bool {
        let words = text.drop { !isLetter($0) }
        return text.count <= 420 && calls.contains { HTMLBytes.starts(words, with: $0) }
            || text.count <= 300 && inner.contains { HTMLBytes.find($0, in: text) != nil }
    }

    /// Whether a block can only stand after a story: rights, contributors, the writer's address,
    /// a disclaimer, a note.
    static func isTail(_ text: [UInt8]) -> Bool {
        guard text.count <= 900 else { return false }
        if disclaimers.contains(where: { HTMLBytes.find($0, in: text) != nil }) { return true }
        guard text.count <= 600 else { return false }
        let words = text.drop { !isLetter($0) && $0 != 0xC2 }
        return isNote(text) || Contribution.isIn(text)
            || tails.contains { HTMLBytes.starts(words, with: $0) }
            || (text.count <= 400 && innerTails.contains { HTMLBytes.find($0, in: text) != nil })
    }

    /// Whether a block begins with the number of a note: `[2] The Gull, 4 May 1911`.
    private static func isNote(_ text: [UInt8]) -> Bool {
        let digits = text.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
        return text.first == 0x5B && (1...3).contains(digits.count)
            && digits.endIndex < text.count && text[digits.endIndex] == 0x5D
    }

    /// Whether a block says when or by whom, as the lines above a story do.
    static func isHead(_ text: [UInt8]) -> Bool {
        text.count <= 120 && heads.contains { HTMLBytes.starts(text, with: $0) }
    }

    /// `text` in lower case without what is neither letter nor digit.
    static func letters(_ text: [UInt8]) -> [UInt8] {
        HTMLBytes.lowered(text.filter { isLetter($0) && $0 != 0xC2 && $0 != 0xA0 })
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
            || (byte >= 0x30 && byte <= 0x39)
    }

    private static let labels: Set<[UInt8]> = Set(
        """
        advert|advertisement|advertisements|article continues below|article continues after ad|
        story continues below advertisement|continue reading|continue reading below|ad|ads|
        sponsored|sponsored content|promoted|promoted content|scroll to continue|anzeige|werbung|
        reklam|reklame|annonsørinnhold|annonse|annons|advertentie|advertentie lees hieronder verder|
        publicidad|publicité|pubblicità|publicidade|mainos|
        comments|comment|leave a comment|post a comment|add a comment|view comments|show comments|
        tell us what you think|join the conversation|kommentare|kommentieren|comentarios|
        commentaires|0 comments|no comments|
        share|share this|share this article|share this story|share on facebook|share on twitter|
        tweet|share it|sharing|teilen|artikel teilen|compartir|partager|condividi|delen|
        read more|read more here|read also|read next|related|related stories|related articles|
        related story|related topics|recommended|recommended for you|you may also like|
        more stories|more on this|more on this story|more about|more guides|trending|most read|
        most popular|up next|watch next|czytaj więcej|mehr zum thema|lesen sie auch|
        auch interessant|das könnte sie auch interessieren|weitere informationen|weitere artikel|
        schlagwörter zu diesem artikel|mehr dazu|zum thema|lire aussi|
        a lire aussi|à lire aussi|lea también|leer también|leggi anche|lees ook|läs också|
        les også|les mer|lue myös|leia também|leia mais|saiba mais|
        close|caption|captions|hide caption|toggle caption|view full caption|enlarge this image|
        watch now|watch live|play video|listen to article|
        listen to this article|loading|loading video|view gallery|
        see all photos|back to top|
        view this post on instagram|view on twitter|see more on twitter|
        this slideshow requires javascript|please enable javascript|
        follow us|follow|sign up|sign in|log in|subscribe|subscribe now|newsletter|newsletters|
        tags|topics|filed under|categories|print|email|save|copy link|link copied|copied|
        show more|load more|see more|show less|view more|
        jump to|about the author|about the authors|
        editors picks|latest news|breaking news|advertisement advertisement|
        ein klick für den datenschutz|externer inhalt|
        empfohlener externer inhalt|reporting by|by|posted on|posted in|published|updated|
        was this article helpful|was this helpful|did you find this helpful|
        thanks for reading|thank you for reading
        """.utf8.split(separator: 0x7C).map { letters(Array($0)) })

    private static let calls: [StaticString] = [
        "click here to subscribe", "click here to sign up", "sign up for", "sign up to",
        "sign up here", "subscribe to", "subscribe for", "subscribe here", "subscribe now",
        "subscribe today", "get the latest", "get our ", "get breaking news",
        "follow us on", "follow us at", "like us on", "find us on", "join us on", "join our ",
        "download our app", "download the app", "enter your email", "by signing up",
        "by clicking", "by submitting", "your email address", "this field is for",
        "we use cookies", "this site uses", "this website uses", "to view this video",
        "your browser does not", "please enable", "you need to enable", "please turn on",
        "have a tip?", "got a tip", "do you have a story", "want to read more",
        "already a subscriber", "become a member", "become a subscriber", "support our journalism",
        "support independent", "make a donation", "donate today", "save my name, email",
        "your email address will not", "a post shared by ", "tags:", "tags ",
        "filed under", "posted in:",
        "posted under", "topics:", "keywords:", "schlagwörter:", "read more:", "read also:",
        "also read:", "read next:", "related:", "see also:", "more:", "watch:", "watch |",
        "listen:", "lesen sie auch:", "lesen sie mehr", "mehr zum thema", "lire aussi",
        "lea también", "leer también", "leggi anche:", "lees ook:", "les også:", "läs också:",
        "leia também:", "leia mais:", "click here for more", "click here to read",
        "click here to join", "for more news", "for more stories", "for the latest",
        "stay up to date", "stay informed", "don't miss", "melden sie sich",
        "abonnieren sie", "hier geht es zu", "jetzt anmelden", "newsletter:", "abonnez-vous",
        "inscrivez-vous", "suscríbete", "síguenos", "sigue toda la", "iscriviti", "segui ",
        "assine ", "siga o", "this advertisement has",
        "article continues", "story continues", "continue reading", "image credit:",
        "photo credit:", "foto:", "fotos:", "image source:", "photo:", "photos:", "photo by ",
        "bild:", "fotocredit", "quelle:", "source: getty", "getty images",
    ]

    private static let inner: [StaticString] = [
        "privacy policy and terms", "to our newsletter", "our free newsletter",
        "daily newsletter", "weekly newsletter", "comments policy", "commenting policy",
        "see our privacy", "read our privacy", "will not be published", "for our newsletter",
        "as a preferred source", "latest updates right in your inbox", "in your inbox",
        "to your inbox", "may earn a commission", "earn an affiliate commission",
        "click here to sign up", "follow me on ", "follow us on ",
    ]

    private static let tails: [StaticString] = [
        "copyright ", "all rights reserved",
        "© ", "the views expressed", "the views and opinions", "views expressed",
        "opinions expressed",
        "disclaimer", "follow him ", "follow her ", "follow them ", "follow @", "contact the ",
        "contact him", "contact her", "email him", "email her", "reach him", "reach her",
        "share this", "share your", "photos by",
        "with agency", "via:", "follow the ",
        "to read more", "for more on", "you can follow",
        "read the original", "read more about", "read more from", "view the original",
        "view original",
        "if you enjoyed", "if you liked", "like this article", "like what you",
    ]

    private static let disclaimers: [StaticString] = [
        "for informational purposes only", "for educational purposes only",
        "informational and educational purposes", "educational and informational purposes",
    ]

    private static let innerTails: [StaticString] = [
        "all rights reserved", "can be reached at",
        "may be reached at", "follow him on", "follow her on", "follow them on",
        "be reproduced without", "on twitter: @",
        "on twitter @", "is a staff writer", "is a staff reporter", "is a freelance",
    ]

    private static let heads: [StaticString] = [
        "stand:", "updated ", "updated:", "published ", "published:", "last updated",
        "last modified", "posted on", "posted by", "posted:", "by ", "von ", "veröffentlicht",
        "aktualisiert", "actualizado", "publicado", "publié", "mis à jour", "aggiornato",
        "pubblicato", "gepubliceerd", "publisert", "oppdatert", "publicerad", "uppdaterad",
        "edited by ", "reviewed by ", "written by ", "story by ", "words by ", "text:", "foto:",
    ]
}
