/// The date of a message, as mail writes it (RFC 5322, 3.3 and 4.3).
enum MailDate {
    /// The instant in RFC 3339 and UTC; nil where the text is no date.
    ///
    /// The day of the week is not asked: it is often wrong. A zone that is not known counts as
    /// UTC, as the standard advises.
    static func instant(_ text: String) -> String? {
        var words = Self.words(text)
        if let first = words.first, first.first?.isNumber != true { words.removeFirst() }
        guard words.count >= 4, let day = number(words[0], in: 1...31), let month = month(words[1]),
            let year = year(words[2]), let time = seconds(words[3])
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        // A day that the month does not have comes back as another.
        guard CivilDate(daysSince1970: date.daysSince1970) == date else { return nil }
        let local = date.daysSince1970 * 86_400 + time
        let instant = local - offset(words.count > 4 ? words[4] : "")
        let (days, second) = instant.flooredDivision(by: 86_400)
        return CivilDate(daysSince1970: days).text + "T" + two(second / 3600) + ":"
            + two(second / 60 % 60) + ":" + two(second % 60) + "Z"
    }

    /// Words outside of comments, commas and hyphens dropped, a sign before a zone kept.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var depth = 0
        for character in text.prefix(200) {
            if character == "(" { depth += 1 }
            let ends =
                character.isWhitespace || character == "," || depth > 0
                || (character == "-" && !word.isEmpty && words.count < 4)
            if ends {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
            if character == ")", depth > 0 { depth -= 1 }
        }
        return word.isEmpty ? words : words + [word]
    }

    private static func number(_ word: String, in range: ClosedRange<Int>) -> Int? {
        guard word.utf8.count <= 4, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(word), range.contains(value)
        else { return nil }
        return value
    }

    private static func month(_ word: String) -> Int? {
        let names = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ]
        return names.firstIndex(of: String(word.lowercased().prefix(3))).map { $0 + 1 }
    }

    /// Two digits are of 1950 to 2049, three count from 1900.
    private static func year(_ word: String) -> Int? {
        guard let year = number(word, in: 0...9999) else { return nil }
        switch word.utf8.count {
        case 2: return year < 50 ? year + 2000 : year + 1900
        case 3: return year + 1900
        case 4: return year >= 1900 ? year : nil
        default: return nil
        }
    }

    private static func seconds(_ word: String) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), let hour = number(parts[0], in: 0...23),
            let minute = number(parts[1], in: 0...59),
            let second = parts.count == 3 ? number(parts[2], in: 0...60) : 0
        else { return nil }
        return hour * 3600 + minute * 60 + min(second, 59)
    }

    private static let zones = [
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    ]

    /// Seconds east of UTC.
    private static func offset(_ word: String) -> Int {
        if let hours = zones[word.uppercased()] { return hours * 3600 }
        guard let sign = word.first, sign == "+" || sign == "-", word.utf8.count == 5,
            let digits = number(String(word.dropFirst()), in: 0...9959), digits % 100 < 60
        else { return 0 }
        let seconds = digits / 100 * 3600 + digits % 100 * 60
        return sign == "-" ? -seconds : seconds
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
