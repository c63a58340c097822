/// The words of credits in many languages: data for `BylineNames`.
enum BylineWords {
    /// Joins two names.
    static let joint: UInt32 = 1
    /// Stands small within a name.
    static let particle: UInt32 = 2
    /// What somebody is.
    static let title: UInt32 = 4
    /// Where small, the name ends before it.
    static let stop: UInt32 = 8
    /// No credit goes on with it.
    static let never: UInt32 = 16
    /// Part of an organisation's name.
    static let organisation: UInt32 = 32
    /// A news agency.
    static let agency: UInt32 = 64
    /// What pages print beside a credit: no name has it.
    static let noise: UInt32 = 128
    /// What kind of text it is that somebody wrote.
    static let kind: UInt32 = 256
    /// Stands between that and the name.
    static let by: UInt32 = 512

    /// What introduces a credit in running text.
    static let introductions: [[UInt8]] = [
        "written by ", "reported by ", "story by ", "text by ", "posted by ", "published by ",
        "words by ", "by: ", "by ", "von: ", "von ", "text: ", "text von ", "ein artikel von ",
        "ein gastbeitrag von ", "eine analyse von ", "ein kommentar von ", "par ", "por: ", "por ",
        "di ", "door ", "autor: ", "autorin: ", "autoren: ", "author: ", "authors: ", "auteur : ",
        "auteur: ", "autore: ", "autora: ", "af ", "escrito por ", "publicado por ",
        "redactie: ", "propos recueillis par ", "a cura di ",
    ].map { Array($0.utf8) }

    /// What introduces a credit only where the page says that here is one.
    static let marked: [[UInt8]] = [
        "de ", "da ", "av ", "od ", "autor ", "autorin ", "author ", "auteur ", "autore ",
        "autora ", "tekst ", "text ", "reporter ", "editor ", "redaktion: ", "about ",
        "door: ", "av: ", "af: ", "di: ", "de: ", "par : ", "par: ", "skrevet av ", "by\u{A0}",
        "kommentar von ", "analyse von ", "interview von ", "beitrag von ", "foto: ", "opinion by ",
        "analysis by ", "review by ", "interview by ", "autorin/autor ", "autor/autorin ",
        "autor/in ", "autoren ", "autores ", "authors ", "auteurs ", "erstellt von ",
        "verfasst von ", "geschrieben von ", "reporting by ", "writing by ", "compiled by ",
    ].map { Array($0.utf8) }

    /// What introduces those who had another part in a story than writing it.
    static let otherParts: [[UInt8]] = [
        "reviewed by", "medically reviewed", "fact checked", "fact-checked", "edited by",
        "updated by", "photos by", "photo by", "photographs by", "photography by", "images by",
        "illustration by", "illustrations by", "illustrated by", "illustration von",
        "additional reporting",
        "translated by", "produced by", "narrated by", "video by", "fotos von", "foto von",
        "fotos:", "foto:", "photos :", "photo :", "übersetzt von", "traduit par", "traducido por",
        "foto di", "foto's",
    ].map { Array($0.utf8) }

    /// What stands alone before a name, or before a colon, and says that it is the writer's.
    static let labels = Set(
        [
            "autor", "autorin", "autorin/autor", "autor/autorin", "autor/in", "autor:in",
            "autoren", "autores", "author", "authors", "author(s)", "auteur", "auteurs",
            "auteur(e)", "autore", "autori", "autora", "verfasser", "verfasst von",
            "erstellt von", "geschrieben von", "written by", "reported by", "writer",
        ].map { Array($0.utf8) })

    /// The first words of `introductions` and `labels`.
    private static let firstWords: WordTable = {
        let words = (introductions + labels).map { line in
            String(decoding: line.prefix(while: TextScanning.isASCIILetter), as: UTF8.self)
        }
        return WordTable([(words.joined(separator: " "), by)])
    }()

    /// Whether the word in `range` can begin a credit in running text.
    static func begins(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        firstWords[TextScanning.hash(bytes, range)] != 0
    }

    /// What words of a profession end with.
    static let titleEnds = [
        "redakteur", "redakteurin", "redakteure", "redaktion", "reporter", "reporterin",
        "korrespondent", "korrespondentin", "journalist", "journalistin", "kolumnist",
        "kolumnistin", "experte", "expertin", "leiter", "leiterin", "chefin", "redacteur",
        "verslaggever",
    ].map { Array($0.utf8) }

    /// Agencies by their full names.
    static let agencies: Set<String> = [
        "associated press", "the associated press", "deutsche presse-agentur",
        "agence france-presse", "austria presse agentur", "anadolu ajansı", "anadolu agency",
        "press association", "pa media", "press trust of india", "agencia efe", "europa press",
        "canadian press", "the canadian press", "australian associated press", "thomson reuters",
        "asian news international", "cnn wire", "kyodo news", "la presse canadienne",
        "evangelischer pressedienst", "katholische nachrichten-agentur",
    ]

    /// What each word is.
    static let table = WordTable([
        ("and & und et y e with mit avec con og och ve ja és i", joint),
        (
            "de la le van von der den del di da dos du el al bin ibn ter ten zu zur of the for v. "
                + "te af des das do lo y e",
            particle
        ),
        (
            "staff writer writers reporter reporters editor editors correspondent correspondents "
                + "contributor contributing special columnist critic bureau chief producer "
                + "photographer senior political writer's intern managing deputy assistant "
                + "associate freelance guest host redakteur redakteurin korrespondent "
                + "korrespondentin journaliste correspondant redactor redactora corresponsal "
                + "reporterin redaktor autor autorin experte expertin gastautor gastautorin "
                + "volontär volontärin chefredakteur kolumnist journalist journalistin author "
                + "periodista redattore giornalista inviato redacteur verslaggever director "
                + "head manager officer expert specialist lead strategist consultant marketing "
                + "content blogger analyst rechtsanwalt rechtsanwältin ceo founder "
                + "president chefreporter",
            title
        ),
        ("for in at aus à en bei on from special via", stop),
        (
            "monday tuesday wednesday thursday friday saturday sunday this that then when now "
                + "clicking using the it his her its their our your my a an all far law contrast "
                + "comparison january february march april june july august september october "
                + "november december", never
        ),
        (
            "news online media redaktion redaktionsteam redaction rédaction redacción redacao "
                + "redação redazione redactie redakcja staff team zeitung nachrichten magazin "
                + "magazine tv radio press presse agency agentur agence agencia agenzia editorial "
                + "desk newsroom times herald tribune gazette journal daily network group gmbh "
                + "inc inc. ltd llc verlag digital bureau service services wire institute "
                + "foundation center centre university newspaper reporters correspondents editors "
                + "nieuws noticias notizie actualités board webdesk nachrichtenagentur "
                + "office website bund company admin redaktionsnetzwerk deutschland "
                + "associated council association channel", organisation
        ),
        (
            "dpa afp ap reuters apa sid epd kna ansa efe lusa upi tass xinhua belga anp ritzau "
                + "ntb stt aap ians pti ani kyodo jiji yonhap dts keystone-sda sda agi adnkronos "
                + "bloomberg pap čtk europapress", agency
        ),
        (
            "updated published posted share follow subscribe comments comment minutes minute min "
                + "read reading photo photos foto fotos image images getty illustration more "
                + "view views posts articles about contact email e-mail bio copyright video watch "
                + "listen sign login home menu search print save uhr aktualisiert veröffentlicht "
                + "stand datum publié mis publicado actualizado shutterstock istock twitter "
                + "facebook instagram linkedin whatsapp us see full profile last modified am pm "
                + "est edt gmt ago hours date time teilen kommentare kommentar lesezeit "
                + "monday tuesday wednesday thursday friday saturday sunday january february "
                + "july september october november december januar februar "
                + "märz juni juli oktober dezember janvier février avril juin juillet août "
                + "septembre octobre novembre décembre enero febrero abril mayo junio julio "
                + "agosto septiembre octubre noviembre diciembre credit quelle source fonte "
                + "weitere copy link url google scholar pubmed pub med mehr advertisement anzeige "
                + "über name euer gruß grüße "
                + "artikel beitrag opinion analysis politics world "
                + "business sports sport politik wirtschaft kultur archive archives topics",
            noise
        ),
        (
            "erstellt geschrieben verfasst rezept pressemitteilung interview gastbeitrag kommentar "
                + "analyse bericht autorenseite text beitrag reportage essay kolumne im ein eine "
                + "une un une un'intervista intervista entretien chronique tribune analyse review "
                + "commentary column essay report story words written skrevet tekst artikel",
            kind
        ),
        ("by von par por di door av af od", by),
    ])
}
