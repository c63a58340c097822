internal import ArchiveProtocol

/// A date that a page gives for a story, and how far it is believed.
struct DateCandidate {
    var date: NewsDate
    var rule: String
    var range: Range<Int>
    var weight: Int
}

/// All dates that a page gives, weighed against each other.
struct DatePool {
    private let style: HouseStyle?
    private let monthFirst: Bool?
    /// The last day that a story captured then can be of.
    private let lastDay: Int?
    private(set) var published: [DateCandidate] = []
    private(set) var modified: [DateCandidate] = []

    init(style: HouseStyle?, monthFirst: Bool?, captured: String?) {
        self.style = style
        self.monthFirst = monthFirst
        lastDay = captured.flatMap { DateParts($0)?.day }.map { $0 + 1 }
    }

    // MARK: What the page says

    /// Adds a text that is a date from its first word to its last; whether it is one.
    @discardableResult
    mutating func add(
        _ text: String, rule: String, range: Range<Int>, weight: Int, isGuess: Bool = false
    ) -> Bool {
        let source = String(rule.prefix { $0 != "/" })
        let bytes = TextScanning.folded(String(text.prefix(200)))
        guard
            let date = NewsDateReader.read(
                bytes, source: source, style: style, monthFirst: monthFirst)
        else {
            return addPrinted(bytes, rule: rule, range: range, weight: weight)
        }
        if isGuess, Byline.saysChanged(bytes) {
            return addModified(date, rule: rule, range: range)
        }
        return add(date, rule: rule, range: range, weight: weight, isGuess: isGuess)
    }

    /// Adds a date as read; whether it is plausible.
    @discardableResult
    mutating func add(
        _ date: NewsDate, rule: String, range: Range<Int>, weight: Int, isGuess: Bool
    ) -> Bool {
        guard isPlausible(date, from: isGuess ? 1990 : 1800) else { return false }
        published.append(DateCandidate(date: date, rule: rule, range: range, weight: weight))
        return true
    }

    /// Adds the first date within a printed text; whether there is one.
    mutating func addPrinted(
        _ text: [UInt8], rule: String, range: Range<Int>, weight: Int = 1
    ) -> Bool {
        guard
            let (date, start) = NewsDateReader.first(
                in: text, source: String(rule.prefix { $0 != "/" }), style: style,
                monthFirst: monthFirst)
        else { return false }
        if Byline.saysChanged(Array(text[..<start])) || Byline.saysChanged(text) {
            return addModified(date, rule: rule, range: range)
        }
        return add(date, rule: rule, range: range, weight: weight, isGuess: true)
    }

    mutating func addModified(_ text: String, rule: String, range: Range<Int>) {
        let source = String(rule.prefix { $0 != "/" })
        let bytes = TextScanning.folded(String(text.prefix(200)))
        let date =
            NewsDateReader.read(bytes, source: source, style: style, monthFirst: monthFirst)
            ?? NewsDateReader.first(
                in: bytes, source: source, style: style, monthFirst: monthFirst)?.date
        if let date { _ = addModified(date, rule: rule, range: range) }
    }

    private mutating func addModified(_ date: NewsDate, rule: String, range: Range<Int>) -> Bool {
        guard isPlausible(date, from: 1990) else { return false }
        modified.append(DateCandidate(date: date, rule: rule, range: range, weight: 1))
        return true
    }

    /// Whether a date is one of a day from `year` on and before the page was captured; the first
    /// day of 1970 is what programs write that know none.
    private func isPlausible(_ date: NewsDate, from year: Int) -> Bool {
        guard date.precision != .year, date.precision != .month,
            let parts = DateParts(date.value), parts.day > 0 || parts.year < 1970,
            parts.year >= year
        else { return false }
        return lastDay.map { parts.day <= $0 } ?? true
    }

    // MARK: What they agree upon

    /// Gives a time in UTC the clocks of the newsroom, where the page tells the same moment by
    /// them too: with an offset, or as a wall clock a whole number of quarters of an hour away.
    mutating func settle() {
        dropChanges()
        for index in published.indices {
            let date = published[index].date
            guard let parts = DateParts(date.value), parts.offset == 0, let minute = parts.minute
            else { continue }
            for other in published + modified {
                guard let local = DateParts(other.date.value), let wall = local.minute else {
                    continue
                }
                if let offset = local.offset, offset != 0 {
                    guard abs(wall - offset - minute) <= 1 else { continue }
                    published[index].date = other.date
                    break
                }
                let offset = wall - minute
                if local.offset == nil, offset != 0, abs(offset) <= 14 * 60, offset % 15 == 0 {
                    published[index].date.value =
                        other.date.value + CivilTime.text(offset: offset * 60)
                    published[index].date.precision = other.date.precision
                    break
                }
            }
        }
    }

    /// Where the page tells machines both days, what it prints of the later one is no evidence
    /// against the earlier.
    private mutating func dropChanges() {
        guard let declared = published.first(where: { $0.rule.hasPrefix("json-ld") }) else {
            return
        }
        let changes = modified.filter { !Self.isSameDay($0, declared) }
        published.removeAll { candidate in
            candidate.rule.hasPrefix("html") && changes.contains { Self.isSameDay($0, candidate) }
        }
    }

    /// The most precise candidate of the day that has most weight; the earlier ones win a tie.
    var best: DateCandidate? {
        var best: DateCandidate?
        var bestWeight = 0
        for candidate in published {
            let same = published.filter { Self.isSameDay($0, candidate) }
            let weight = Self.weight(of: same)
            guard weight > bestWeight else { continue }
            bestWeight = weight
            best = same.first
            for other in same.dropFirst() where other.precision > best?.precision ?? 0 {
                best = other
            }
        }
        return best.map { localDay(of: $0) ?? $0 }
    }

    /// The weight of candidates together; of those in print the heaviest counts for all, since a
    /// list of other stories prints one day many times.
    private static func weight(of candidates: [DateCandidate]) -> Int {
        let printed = candidates.filter { $0.rule.hasPrefix("html") }
        let declared = candidates.filter { !$0.rule.hasPrefix("html") }
        return declared.reduce(0) { $0 + $1.weight } + (printed.map(\.weight).max() ?? 0)
    }

    /// The day that the page prints for a moment in UTC, where it prints another than Greenwich
    /// had: by the newsroom's clocks, whose offset is not known, it was that day.
    private func localDay(of moment: DateCandidate) -> DateCandidate? {
        let days = published.filter { $0.rule.hasPrefix("url") || $0.rule.hasPrefix("html") }
        guard !days.contains(where: { $0.date.value.prefix(10) == moment.date.value.prefix(10) })
        else { return nil }
        return days.first { Self.isLocalDay($0, of: moment) }
    }

    private static func isSameDay(_ one: DateCandidate, _ other: DateCandidate) -> Bool {
        if one.date.value.prefix(10) == other.date.value.prefix(10) { return true }
        return isLocalDay(one, of: other) || isLocalDay(other, of: one)
    }

    /// Whether a day without a time can be that of a moment in UTC by the newsroom's clocks: the
    /// day before, in the west, or after, in the east.
    private static func isLocalDay(_ one: DateCandidate, of other: DateCandidate) -> Bool {
        guard let day = DateParts(one.date.value), day.minute == nil,
            let moment = DateParts(other.date.value), moment.offset == 0,
            let minute = moment.minute
        else { return false }
        let ofDay = minute - moment.day * 1440
        return day.day == moment.day - 1 && ofDay <= 12 * 60
            || day.day == moment.day + 1 && ofDay >= 10 * 60
    }

    /// High where the carriers agree, low where others weigh as much, or where nothing but an
    /// address or a text in print tells the day.
    func confidence(of best: DateCandidate) -> Evidence.Confidence {
        let agreeing = published.count { Self.isSameDay($0, best) }
        let isGuess = published.allSatisfy { candidate in
            !Self.isSameDay(candidate, best) || Self.guesses.contains(candidate.rule)
        }
        if agreeing == published.count {
            return isGuess ? (agreeing > 1 ? .medium : .low) : agreeing > 1 ? .high : .medium
        }
        if isGuess { return .low }
        let weight = Self.weight(of: published.filter { Self.isSameDay($0, best) })
        let others = Self.weight(of: published.filter { !Self.isSameDay($0, best) })
        return weight > 2 * others ? .high : weight > others ? .medium : .low
    }

    private static let guesses: Set<String> = ["url/day", "html/text", "html/far-text"]

    /// How far the first of the changes is to be believed.
    var confidenceOfChange: Evidence.Confidence {
        guard let first = modified.first, modified.count > 1 else { return .medium }
        return modified.allSatisfy { Self.isSameDay($0, first) } ? .high : .low
    }

    /// The first change of another day than the first.
    var rivalOfChange: DateCandidate? {
        guard let first = modified.first else { return nil }
        return modified.first { !Self.isSameDay($0, first) }
    }

    /// The first candidate of each other day.
    func rivals(of best: DateCandidate) -> [DateCandidate] {
        var rivals: [DateCandidate] = []
        for candidate in published where !Self.isSameDay(candidate, best) && rivals.count < 8 {
            if !rivals.contains(where: { Self.isSameDay($0, candidate) }) {
                rivals.append(candidate)
            }
        }
        return rivals
    }
}

extension DateCandidate {
    /// How much the date tells, as a number to compare.
    fileprivate var precision: Int { date.value.utf8.count }
}

/// The parts of an ISO 8601 date as this archive writes it.
struct DateParts {
    var year: Int
    /// Days from 1 January 1970.
    var day: Int
    /// Minutes of the wall clock from that day on.
    var minute: Int?
    /// Minutes east of UTC, where they are written.
    var offset: Int?

    init?(_ value: String) {
        let text = Array(value.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= text.count,
                text[range].allSatisfy(TextScanning.isDigit)
            else { return nil }
            return text[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard let year = number(0..<4), let month = number(5..<7), let dayOfMonth = number(8..<10)
        else { return nil }
        self.year = year
        day = CivilTime.days(year: year, month: month, day: dayOfMonth)
        guard let hour = number(11..<13), let minutes = number(14..<16) else { return }
        minute = day * 1440 + hour * 60 + minutes
        var at = 16
        while at < text.count,
            text[at] == 0x3A || text[at] == 0x2E
                || TextScanning.isDigit(text[at])
        {
            at += 1
        }
        guard at < text.count else { return }
        if text[at] == UInt8(ascii: "Z") {
            offset = 0
        } else if let hours = number(at + 1..<at + 3), let rest = number(at + 4..<at + 6) {
            offset = (text[at] == 0x2D ? -1 : 1) * (hours * 60 + rest)
        }
    }
}
