/// Some words of an article that show why it was found, with the words found marked.
///
/// Of all stretches of the text the one with the most different words of the query is shown, and
/// of equal ones the first. Words are those of the index: what it finds is what is marked.
struct Snippet {
    /// Stands before and after what was found; both are taken out of the text itself.
    static let marks = (open: "\u{E000}", close: "\u{E001}")
    /// Words of a snippet.
    private static let length = 24
    /// Words before the first that was found, at most; fewer where a sentence begins.
    private static let lead = 8
    /// Places that are weighed against each other, at most.
    private static let mostPlaces = 512
    /// Bytes from which a text without anything to mark is cut, and letters that are left at most.
    private static let opening = (uncut: 400, left: 200)

    let text: String

    /// A place where a phrase stands.
    private struct Place {
        var words: Range<Int>
        var phrase: Int
    }

    /// - Parameter text: UTF-8.
    init(of text: [UInt8], marking words: SoughtWords) {
        let text = Self.withoutMarks(text)
        var split = SplitText(text)
        let places = Self.places(of: words, in: &split)
        guard let first = Self.best(places) else {
            self.text = Self.opening(of: text)
            return
        }
        let window = Self.window(around: places[first].words, in: &split)
        self.text = Self.marked(&split, window, places[first...])
    }

    private static func withoutMarks(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(0xEE) else { return text }
        var string = String(decoding: text, as: UTF8.self)
        string.unicodeScalars.removeAll { (0xE000...0xE001).contains($0.value) }
        return Array(string.utf8)
    }

    /// Where phrases stand, in the order of the text.
    private static func places(of sought: SoughtWords, in text: inout SplitText) -> [Place] {
        var places: [Place] = []
        if sought.isEmpty { return places }
        let size = WordSplitter.longestWord + 8
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * size) {
            guard let room = $0.baseAddress else { return }
            var place = 0
            while places.count < mostPlaces, text.hasWord(place) {
                defer { place += 1 }
                let (first, second) = text.firstBytes(place)
                var left = sought.phrases(from: first, second)
                guard left != 0 else { continue }
                let word = text.word(place, in: room)
                while left != 0 {
                    let number = left.trailingZeroBitCount
                    left &= left &- 1
                    let count = sought.count(
                        of: number, from: word, at: place, in: &text, room + size)
                    guard count > 0 else { continue }
                    places.append(Place(words: place..<place + count, phrase: number))
                }
            }
        }
        return places
    }

    /// The place with which the stretch begins that shows most of the query.
    private static func best(_ places: [Place]) -> Int? {
        var best: (place: Int, phrases: Int, count: Int)?
        for (index, place) in places.enumerated() {
            var phrases: UInt64 = 0
            var count = 0
            for other in places[index...] {
                guard other.words.upperBound - place.words.lowerBound <= length else { break }
                phrases |= 1 << UInt64(other.phrase)
                count += 1
            }
            let different = phrases.nonzeroBitCount
            if let best, (best.phrases, best.count) >= (different, count) { continue }
            best = (index, different, count)
        }
        return best?.place
    }

    /// The words to show.
    private static func window(around words: Range<Int>, in text: inout SplitText) -> Range<Int> {
        guard text.hasWord(length) else { return 0..<text.count }
        var start = words.lowerBound
        while start > 0, words.lowerBound - start < lead, !text.beginsSentence(start) { start -= 1 }
        if start > 0, !text.beginsSentence(start) { start = words.lowerBound - lead / 2 }
        let last = text.hasWord(start + length) ? start + length : text.count
        let end = max(last, min(words.upperBound, start + 2 * length))
        // At the end of the text more of what is before it fits.
        return max(0, min(start, end - length))..<end
    }

    private static func marked(
        _ text: inout SplitText, _ window: Range<Int>, _ places: ArraySlice<Place>
    ) -> String {
        var found = window.map { _ in false }
        var goesOn = found
        for place in places {
            for word in place.words where window.contains(word) {
                found[word - window.lowerBound] = true
                if word > place.words.lowerBound { goesOn[word - window.lowerBound] = true }
            }
        }
        let goesBeyond = text.hasWord(window.upperBound)
        var snippet = window.lowerBound > 0 ? Array("…".utf8) : Array(text.before(0))
        for (index, word) in window.enumerated() {
            let isOpen = index > 0 && found[index - 1]
            if isOpen, !(found[index] && goesOn[index]) { snippet += marks.close.utf8 }
            if index > 0 { snippet += text.before(word) }
            if found[index], !(isOpen && goesOn[index]) { snippet += marks.open.utf8 }
            snippet += text.original(word)
        }
        if found.last == true { snippet += marks.close.utf8 }
        snippet += goesBeyond ? Array("…".utf8)[...] : text.before(text.count)
        return String(decoding: snippet, as: UTF8.self)
    }

    /// The first words of a text.
    private static func opening(of text: [UInt8]) -> String {
        guard text.count > opening.uncut else { return String(decoding: text, as: UTF8.self) }
        // Bytes 10xxxxxx go on with a letter.
        var (end, letters) = (0, 0)
        while end < text.count {
            if text[end] & 0xC0 != 0x80 { letters += 1 }
            if letters > opening.left { break }
            end += 1
        }
        let space = text[..<end].lastIndex(of: UInt8(ascii: " ")) ?? end
        return String(decoding: text[..<space], as: UTF8.self) + " …"
    }
}
