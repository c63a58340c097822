/// The words by which one language tells who said what, as data.
struct QuotationLanguage: Sendable {
    static let verb: UInt32 = 1
    static let title: UInt32 = 2
    static let male: UInt32 = 4
    static let female: UInt32 = 8
    static let plural: UInt32 = 16
    /// Words that are capital at the start of a sentence, or always, and are nobody's name.
    static let noName: UInt32 = 32
    static let preposition: UInt32 = 64
    static let article: UInt32 = 128
    static let particle: UInt32 = 256
    /// Words of places and bodies, not of persons.
    static let body: UInt32 = 512
    static let according: UInt32 = 1024
    static let suffix: UInt32 = 2048
    static let pronoun: UInt32 = male | female | plural

    /// The marks of each word.
    let table: WordTable
    /// Whether every noun has a capital, so that a single one is a name only where a full name
    /// has it too.
    let capitalizesNouns: Bool

    /// The rules of the language with the BCP 47 tag `tag`; English where it is none of those
    /// known.
    static func rules(for tag: String?) -> QuotationLanguage {
        switch tag {
        case "de": german
        case "fr": french
        case "es": spanish
        default: english
        }
    }

    private init(_ lists: [(words: String, mark: UInt32)], capitalizesNouns: Bool = false) {
        self.capitalizesNouns = capitalizesNouns
        table = WordTable(lists + Self.common)
    }

    private static let common: [(words: String, mark: UInt32)] = [
        ("de la van von der del di bin al el le du dos da ter ten zu", particle),
        ("jr sr ii iii iv", suffix),
        (
            "city hall county state states street avenue park department university college school "
                + "association coalition council committee company corporation inc corp union "
                + "center centre institute board bureau agency news times post house senate "
                + "congress court church hospital tower party road river island north south east "
                + "west new york washington america united democrats republicans", body
        ),
    ]

    private static let english = QuotationLanguage([
        (
            "said says say saying told tells telling added adds adding wrote writes writing "
                + "tweeted "
                + "tweets tweeting asked asks asking continued continues replied replies responded "
                + "responds explained explains noted notes stated states declared declares "
                + "concluded "
                + "concludes recalled recalls insisted insists argued argues exclaimed announced "
                + "announces admitted admits acknowledged remarked quipped joked shouted yelled "
                + "chanted chanting warned warns claimed claims testified testifies agreed agrees "
                + "answered answers observed observes commented complained confirmed posted "
                + "pleaded "
                + "promised vowed urged reads read reported reports interjected demanded fumed "
                + "texted emailed blogged boasted mused cried whispered predicted charged lamented "
                + "suggested countered emphasized stressed cautioned thinks thought believes "
                + "conceded contended opined thundered barked boomed repeated retorted reiterated "
                + "sang screamed sighed shot snapped put began concurred", verb
        ),
        ("according", according),
        (
            "mr mrs ms dr president mayor governor gov senator sen representative rep congressman "
                + "congresswoman secretary director commissioner chief officer detective det "
                + "sergeant sgt lieutenant lt captain capt general attorney judge justice "
                + "professor "
                + "prof pastor rev reverend rabbi bishop alderman ald councilman councilwoman "
                + "councilmember chairman chairwoman chair spokesman spokeswoman spokesperson "
                + "owner "
                + "manager principal superintendent ceo founder executive minister chancellor king "
                + "queen prince princess sir lady lord pope speaker leader nominee candidate "
                + "assemblyman assemblywoman member inspector deputy co-founder editor author "
                + "resident neighbor lawyer prosecutor analyst coach teacher chef artist activist "
                + "organizer strategist pollster aide adviser advisor student father mother "
                + "developer consultant administrator comptroller treasurer clerk sheriff "
                + "ambassador colonel col major vice borough republican democrat actor actress "
                + "singer comedian businessman billionaire host anchor reporter columnist "
                + "correspondent historian scientist researcher economist expert witness "
                + "firefighter "
                + "cop trooper archbishop cardinal son brother husband daughter sister wife "
                + "librarian violinist musician baker driver nurse "
                + "doctor pilot engineer architect designer photographer gardener farmer tenant "
                + "landlord bartender veteran priest imam volunteer parent commuter customer rider "
                + "survivor head former longtime local retired acting senior assistant", title
        ),
        (
            "he him his mr congressman spokesman councilman chairman father king son brother "
                + "husband",
            male
        ),
        (
            "she her mrs ms congresswoman spokeswoman councilwoman chairwoman mother queen "
                + "daughter sister wife",
            female
        ),
        ("they them their", plural),
        (
            "the a an this that these those his her its their our my your some many most all "
                + "one two "
                + "three four five another other each every", article
        ),
        (
            "of in on at for from by to with about against during after before under over near "
                + "since into between among through upon via", preposition
        ),
        (
            "the a an this that these those his her its their our my your and but or so if when "
                + "while where what who why how which as at by for from in on to with about after "
                + "before during since until although because then there here it he she they we i "
                + "you not no yes yet also still even just only now today yesterday tomorrow some "
                + "many most all one two three another other monday tuesday wednesday thursday "
                + "friday saturday sunday january february march april may june july august "
                + "september october november december asked according despite of once later "
                + "earlier however meanwhile instead both each every is are was were do does did "
                + "has have had would could should will can let don't it's that's i'm we're "
                + "there's he's she's they're read photo video follow among under over near "
                + "through between like such more much more first last next", noName
        ),
    ])

    private static let german = QuotationLanguage(
        [
            (
                "sagte sagt sagten sagen erklärte erklärt erklärten betonte betont meinte meint "
                    + "kritisierte forderte fordert berichtete berichtet schrieb schreibt ergänzte "
                    + "fügte antwortete fragte fragt kommentierte äußerte sprach bezeichnete "
                    + "warnte "
                    + "kündigte teilte bestätigte behauptete versicherte räumte verwies hieß heißt "
                    + "zitiert urteilte begründete so erläuterte unterstrich versprach lobte rief",
                verb
            ),
            ("laut zufolge gemäß", according),
            (
                "herr frau dr prof präsident präsidentin bundeskanzler bundeskanzlerin kanzler "
                    + "kanzlerin "
                    + "minister ministerin innenminister innenministerin außenminister "
                    + "finanzminister "
                    + "ministerpräsident bürgermeister bürgermeisterin sprecher sprecherin chef "
                    + "chefin "
                    + "vorsitzender vorsitzende vorsitzenden politiker politikerin direktor "
                    + "direktorin "
                    + "senator generalsekretär abgeordneter abgeordnete richter anwalt trainer "
                    + "premierminister verteidigungsminister parteichef gewerkschaftschef "
                    + "pressesprecher", title
            ),
            ("er ihm sein herr", male), ("ihr frau", female),
            ("der die das ein eine einer dem den des", article),
            (
                "von in im an am auf bei mit nach aus zu zum zur über gegen für unter vor",
                preposition
            ),
            (
                "der die das ein eine er sie es wir ich und aber doch auch nach bei in im am "
                    + "an auf für "
                    + "mit von vor zu zur zum über unter wie wenn da dann nun so als nicht kein "
                    + "keine "
                    + "dies diese dieser man was wer wo montag dienstag mittwoch donnerstag "
                    + "freitag "
                    + "samstag sonntag januar februar märz april mai juni juli august september "
                    + "oktober "
                    + "november dezember laut außerdem zudem damit dabei", noName
            ),
        ], capitalizesNouns: true)

    private static let french = QuotationLanguage([
        (
            "dit déclaré déclare affirmé affirme ajouté ajoute expliqué explique assuré assure "
                + "estime "
                + "estimé souligné souligne indiqué indique lancé lance raconte écrit répondu "
                + "répond confie confié précise précisé rappelle conclut poursuit insiste regrette "
                + "tweeté annonce annoncé admet reconnaît reconnu demande", verb
        ),
        ("selon d'après", according),
        (
            "m mme président présidente ministre maire directeur directrice député députée "
                + "sénateur "
                + "sénatrice porte-parole secrétaire chef professeur docteur dr avocat avocate "
                + "juge",
            title
        ),
        ("il lui", male), ("elle", female), ("ils elles", plural),
        ("le la les un une l' ce cette son sa", article),
        ("de du des à au aux en dans par pour sur avec chez contre", preposition),
        (
            "le la les un une des il elle ils elles on nous vous je et mais ou donc or ni car "
                + "que qui "
                + "ce cette ces son sa ses dans en à au pour par sur avec selon après avant lundi "
                + "mardi mercredi jeudi vendredi samedi dimanche", noName
        ),
    ])

    private static let spanish = QuotationLanguage([
        (
            "dijo dice dijeron afirmó afirma explicó explica añadió añade aseguró asegura declaró "
                + "declara señaló señala indicó indica comentó contó cuenta escribió respondió "
                + "agregó destacó subrayó advirtió manifestó sostuvo preguntó insistió recordó "
                + "reconoció admitió anunció concluyó apuntó", verb
        ),
        ("según", according),
        (
            "presidente presidenta ministro ministra alcalde alcaldesa director directora diputado "
                + "diputada senador senadora portavoz secretario secretaria jefe profesor doctor "
                + "dr "
                + "señor señora sr sra abogado juez", title
        ),
        ("él", male), ("ella", female), ("ellos ellas", plural),
        ("el la los las un una su este esta", article),
        ("de del en a al por para con sobre contra desde entre", preposition),
        (
            "el la los las un una él ella ellos y pero o que su sus en de a por para con según "
                + "después antes lunes martes miércoles jueves viernes sábado domingo no sí ya",
            noName
        ),
    ])
}
