/// The words that differ from one in a few letters: of `ferry` also `fery` and `berry`.
///
/// Levenshtein's automaton, which is led along another word letter by letter. The same one tells
/// which terms a dictionary has, which of them need not be looked at, and what snippets mark. At
/// most so many letters differ; where the first does, no other may.
struct SimilarWord {
    /// Edits that can be asked for.
    static let mostEdits = 2

    /// Where the letters that were read have led.
    fileprivate struct State {
        /// How many were read.
        var count = 0
        /// How many letters may differ in these and in all that follow: 1 or 2.
        var edits: Int
        /// How many letters of the word they can stand for, without edits, with one, with two:
        /// a bit each from two fewer than were read up to two more.
        var exact: UInt8 = 0b00100
        var one: UInt8 = 0b01100
        var two: UInt8 = 0b11100

        /// Whether what goes on so can be similar.
        var isAlive: Bool { (edits > 1 ? two : one) != 0 }
    }

    /// The letters of the word, with room for all that a state looks at.
    private let letters: [UInt32]
    private let count: Int
    private let start: State
    /// Numbers of no letters: one that the word has around it, and one that it does not have.
    private static let edge = UInt32.max
    private static let other = UInt32.max - 1

    init(_ word: [UInt8], edits: Int) {
        let own = String(decoding: word, as: UTF8.self).unicodeScalars.map(\.value)
        let edge = [UInt32](repeating: Self.edge, count: 5)
        letters = edge[..<2] + own + edge
        count = own.count
        var start = State(edits: max(1, min(Self.mostEdits, edits)))
        Self.cut(&start, own.count)
        self.start = start
    }

    func matches(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        var state = start
        guard word.allSatisfy({ $0 < 0x80 }) else {
            for letter in String(decoding: word, as: UTF8.self).unicodeScalars where state.isAlive {
                state = step(state, letter.value)
            }
            return distance(state) != nil
        }
        for letter in word {
            state = step(state, UInt32(letter))
            if !state.isAlive { return false }
        }
        return distance(state) != nil
    }

    // MARK: The automaton

    /// Takes away what the word is too short for.
    @inline(__always)
    private static func cut(_ state: inout State, _ letters: Int) {
        let beyond = letters - state.count + 3
        let inside: UInt8 = beyond >= 5 ? 0b11111 : beyond > 0 ? 1 << UInt8(beyond) - 1 : 0
        state.exact &= inside
        state.one &= inside
        state.two &= inside
    }

    /// Where a letter leads from a state that is alive.
    @inline(__always)
    private func step(_ state: State, _ letter: UInt32) -> State {
        var equal: UInt8 = 0
        for offset in 0..<5 where letters[state.count + offset] == letter {
            equal |= 1 << UInt8(offset)
        }
        let isOther = state.count == 0 && letter != letters[2]
        var next = State(count: state.count + 1, edits: isOther ? 1 : state.edits)
        // A letter is the same; or it is one too many, or another one, or some before it lack.
        next.exact = state.exact & equal
        next.one = state.one & equal | state.exact >> 1 | state.exact | next.exact << 1
        next.two = state.two & equal | state.one >> 1 | state.one | next.one << 1
        Self.cut(&next, count)
        return next
    }

    /// How many letters differ, if the word that was read ends here; nil where it is not similar.
    private func distance(_ state: State) -> Int? {
        let place = count - state.count + 2
        guard (0..<5).contains(place) else { return nil }
        let bit: UInt8 = 1 << UInt8(place)
        if state.exact & bit != 0 { return 0 }
        if state.one & bit != 0 { return 1 }
        return state.edits > 1 && state.two & bit != 0 ? 2 : nil
    }

    /// The least letter from `value` on with which a word can go on; nil where none is.
    private func leastLetter(_ state: State, from value: UInt32) -> UInt32? {
        if step(state, Self.other).isAlive {
            // Behind U+D7FF come the halves of pairs, which are no letters.
            let letter = (0xD800..<0xE000).contains(value) ? 0xE000 : value
            return letter <= 0x10FFFF ? letter : nil
        }
        var least = Self.edge
        for letter in letters[state.count..<state.count + 5]
        where letter >= value && letter < least && step(state, letter).isAlive {
            least = letter
        }
        return least < Self.edge ? least : nil
    }
}

extension SimilarWord {
    /// What another word is.
    enum Likeness {
        /// It is similar; so many letters differ.
        case similar(edits: Int)
        /// It is not, but longer ones can be.
        case beginning
        /// It is not, nor is any that begins as it does.
        case none
    }

    /// The way along words that come in order, which keeps its memory from one to the next.
    struct Way {
        fileprivate var letters: [UInt32] = []
        fileprivate var states: [State] = []
        /// How many of the letters were read.
        fileprivate var count = 0

        /// Takes the letters of a word.
        fileprivate mutating func take(_ word: ArraySlice<UInt8>) {
            letters.removeAll(keepingCapacity: true)
            for byte in word {
                guard byte < 0x80 else {
                    letters = String(decoding: word, as: UTF8.self).unicodeScalars.map(\.value)
                    return
                }
                letters.append(UInt32(byte))
            }
        }
    }

    /// Tells how like another word is.
    func likeness(of word: ArraySlice<UInt8>, _ way: inout Way) -> Likeness {
        way.take(word)
        way.states.removeAll(keepingCapacity: true)
        var state = start
        for index in way.letters.indices {
            way.states.append(state)
            state = step(state, way.letters[index])
            way.count = index + 1
            if !state.isAlive { return .none }
        }
        return distance(state).map(Likeness.similar) ?? .beginning
    }

    /// Appends the first word behind one that led nowhere that can be similar, or begin one that
    /// is.
    ///
    /// - Returns: false where there is none.
    func appendNext(behind way: Way, to word: inout [UInt8]) -> Bool {
        for count in (0..<way.count).reversed() {
            guard let letter = leastLetter(way.states[count], from: way.letters[count] + 1)
            else { continue }
            for letter in way.letters[..<count] { Self.append(letter, to: &word) }
            Self.append(letter, to: &word)
            var state = step(way.states[count], letter)
            // Where but one letter can follow, it does.
            while distance(state) == nil, !step(state, Self.other).isAlive,
                let next = leastLetter(state, from: 0)
            {
                Self.append(next, to: &word)
                state = step(state, next)
            }
            return true
        }
        return false
    }

    private static func append(_ letter: UInt32, to word: inout [UInt8]) {
        if letter < 0x80 { return word.append(UInt8(letter)) }
        if let scalar = Unicode.Scalar(letter) { word += UTF8.encode(scalar) ?? .init() }
    }
}
