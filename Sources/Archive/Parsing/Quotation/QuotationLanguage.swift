/// The words by which one language tells who said what, as data.
///
/// One table a language; a rule of the search never names a word itself.
struct QuotationLanguage: Sendable {
    /// Says something: `said`, `wrote`, `asked`.
    static let verb: UInt32 = 1
    /// An office or relation before or behind a name.
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
    /// A verb of saying whose subject is that of the sentence: `adding`, `telling`.
    static let participle: UInt32 = 4096
    /// Begins a clause: `that`, `when`, `and`.
    static let conjunction: UInt32 = 8192
    /// May stand between a subject and its verb: `also`, `had`, `then`.
    static let adverb: UInt32 = 16384
    /// Before the name of a work between marks: `the film`, `titled`.
    static let work: UInt32 = 32768
    /// A noun that speaks for the name before it: `the Lund campaign`.
    static let head: UInt32 = 65536
    /// A verb form that reports what another said: `sei`, `habe`.
    static let reported: UInt32 = 131_072
    /// An article of another case than the subject's: `den`, `einem`.
    static let oblique: UInt32 = 262_144
    /// Before who does what a passive verb tells: `by`, `von`.
    static let by: UInt32 = 524_288
    /// A noun for what somebody said: `response`, `tweet`.
    static let utterance: UInt32 = 1_048_576
    /// The subject of nothing: `heißt es in der Rede`.
    static let impersonal: UInt32 = 2_097_152
    /// An article by which somebody known is named: `the`, not `a`.
    static let definite: UInt32 = 4_194_304
    /// A first name of men; of women.
    static let maleName: UInt32 = 8_388_608
    static let femaleName: UInt32 = 16_777_216
    /// The pronoun by which the writer speaks.
    static let writer: UInt32 = 33_554_432
    /// A verb that gives a thing a name: what it is called is a quotation of one word.
    static let naming: UInt32 = 67_108_864
    /// A verb that says something only right beside the words: `began`, `read`.
    static let weak: UInt32 = 134_217_728
    /// A noun that by its ending tells what somebody is: `Geologin`.
    static let tradeNoun: UInt32 = 268_435_456
    /// A span of time, which acts in no sentence: `the following month`.
    static let time: UInt32 = 536_870_912
    /// A verb of saying whose object is the listener: `told`.
    static let addressing: UInt32 = 1_073_741_824
    /// Words within the names of works that are written small: `of`, `the`.
    static let minor: UInt32 = preposition | article | particle | conjunction
    static let pronoun: UInt32 = male | female | plural

    /// The marks of each word.
    let table: WordTable
    /// Whether every noun has a capital, so that a single one is a name only where a full name
    /// has it too.
    let capitalizesNouns: Bool
    /// Whether the verb is a clause's second part, so that a subject follows it where something
    /// else begins the clause.
    let verbSecond: Bool
    /// Whether a part of a sentence within marks is a quotation where the rest of the sentence
    /// reports what was said.
    let keepsParts: Bool
    /// The last letters of titles that are written as one word with their office.
    let titleEndings: [[UInt8]]
    /// The last letters of nouns before the name of a work.
    let workEndings: [[UInt8]]

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

    init(
        _ lists: [(words: String, mark: UInt32)], capitalizesNouns: Bool = false,
        verbSecond: Bool = false, keepsParts: Bool = false, titleEndings: String = "",
        workEndings: String = ""
    ) {
        self.capitalizesNouns = capitalizesNouns
        self.verbSecond = verbSecond
        self.keepsParts = keepsParts
        self.titleEndings = titleEndings.split(separator: " ").map { Array($0.utf8) }
        self.workEndings = workEndings.split(separator: " ").map { Array($0.utf8) }
        table = WordTable(lists + Self.common)
    }

    /// What the language knows of the word at `range`, whose number is `hash`.
    func marks(_ bytes: [UInt8], _ range: Range<Int>, _ hash: UInt64) -> UInt32 {
        let marks = table[hash]
        guard marks == 0, !titleEndings.isEmpty, range.count > 6 else { return marks }
        func ends(with endings: [[UInt8]]) -> Bool {
            endings.contains {
                range.count > $0.count
                    && TextScanning.has($0, at: range.upperBound - $0.count, in: bytes)
            }
        }
        if ends(with: titleEndings) { return Self.title }
        if ends(with: workEndings) { return Self.work }
        return range.count > 8
            && TextScanning.has(Self.tradeEnding, at: range.upperBound - 2, in: bytes)
            ? Self.tradeNoun : 0
    }

    /// German makes of each trade a word for women with these letters.
    private static let tradeEnding = Array("in".utf8)

    private static let common: [(words: String, mark: UInt32)] = [
        (QuotationFirstNames.male, maleName), (QuotationFirstNames.female, femaleName),
        ("de la van von der del di bin al el le du dos da ter ten zu", particle),
        ("jr sr ii iii iv", suffix),
        (
            """
            city hall county state states street avenue park department university college school
            association coalition council committee company corporation inc corp union center centre
            institute board bureau agency news times post press journal tribune herald house senate
            congress court church hospital tower party road river island north south east west new
            york washington america united democrats republicans
            """, body
        ),
    ]
}
