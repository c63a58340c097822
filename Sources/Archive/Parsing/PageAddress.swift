internal import ArchiveProtocol

/// What the address of a story tells: host, day, section, and whether it lists stories.
struct PageAddress: Sendable {
    /// The host in small letters, without `www.` and port.
    let host: String
    /// The parts of the path, in small letters as they stand.
    let parts: [String]

    init(_ url: String) {
        var rest = Substring(url.prefix(4096))
        if let slash = rest.firstIndex(of: "/"), slash > rest.startIndex,
            rest[..<slash].last == ":"
        {
            rest = rest[slash...]
        }
        let end = rest.firstIndex { $0 == "?" || $0 == "#" } ?? rest.endIndex
        let pieces = rest[..<end].split(separator: "/", omittingEmptySubsequences: true)
        host = Self.plainHost(String(pieces.first ?? ""))
        parts = pieces.dropFirst().map { $0.lowercased() }
    }

    /// `host` in small letters, without `www.`, user and port.
    static func plainHost(_ host: String) -> String {
        var plain = Substring(host.lowercased())
        if let at = plain.lastIndex(of: "@") { plain = plain[plain.index(after: at)...] }
        if let colon = plain.firstIndex(of: ":") { plain = plain[..<colon] }
        if plain.hasPrefix("www.") { plain = plain.dropFirst(4) }
        return String(plain)
    }

    /// The day in the path (`/20170126/`, `/2017/01/26/`, `/2017-01-26`), with the parts it takes.
    private var dated: (date: NewsDate, parts: Range<Int>)? {
        for index in parts.indices {
            let part = Array(parts[index].utf8)
            if part.count == 8, let date = Self.date(part[0..<4], part[4..<6], part[6..<8]) {
                return (date, index..<(index + 1))
            }
            if part.count >= 10, part[4] == UInt8(ascii: "-"), part[7] == UInt8(ascii: "-"),
                let date = Self.date(part[0..<4], part[5..<7], part[8..<10])
            {
                return (date, index..<(index + 1))
            }
            if part.count == 4, index + 2 < parts.count,
                let date = Self.date(part[...], parts[index + 1].utf8, parts[index + 2].utf8)
            {
                return (date, index..<(index + 3))
            }
        }
        return nil
    }

    private static func date(
        _ year: some Collection<UInt8>, _ month: some Collection<UInt8>,
        _ day: some Collection<UInt8>
    ) -> NewsDate? {
        guard (1...2).contains(month.count), (1...2).contains(day.count),
            let year = number(year), let month = number(month), let day = number(day),
            (1990...2100).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilTime.days(inMonth: month, of: year)
        else { return nil }
        return NewsDate(
            value: "\(year)-\(CivilTime.two(month))-\(CivilTime.two(day))", precision: .day,
            source: "url")
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard TextScanning.isDigit(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }

    /// The day in the path.
    var date: NewsDate? { dated?.date }

    /// The section that the path names, by `rule`; without a rule, the part before the day, else
    /// the part after it that is not the story's own.
    func section(_ rule: HouseStyle.SectionRule?) -> String? {
        guard let dates = dated?.parts else {
            return rule == .first && parts.count > 1 ? Self.title(parts[0]) : nil
        }
        let before = dates.lowerBound > 0 ? Self.title(parts[dates.lowerBound - 1]) : nil
        let after = dates.upperBound + 1 < parts.count ? Self.title(parts[dates.upperBound]) : nil
        switch rule {
        case .beforeDate: return before
        case .afterDate: return after
        case .first: return dates.lowerBound > 0 ? Self.title(parts[0]) : nil
        case .none?: return nil
        case nil: return before ?? after
        }
    }

    /// `civic-center` as `Civic Center`; nil where the part is no words.
    private static func title(_ part: String) -> String? {
        guard part.utf8.allSatisfy({ TextScanning.isASCIILetter($0) || $0 == 0x2D }),
            part.utf8.count > 2
        else { return nil }
        return part.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined(separator: " ")
    }

    /// Whether the path is that of a list of stories: a tag, a column, a numbered page.
    var isListing: Bool {
        for (index, part) in parts.enumerated() {
            switch part {
            case "tag", "tags", "topic", "topics", "category", "categories", "columns", "author",
                "authors", "search", "archive", "archives":
                // A story may lie under one of them, but then its day does too.
                if date == nil { return true }
            case "page":
                if index + 1 < parts.count, Int(parts[index + 1]) != nil { return true }
            default: break
            }
        }
        return false
    }
}
