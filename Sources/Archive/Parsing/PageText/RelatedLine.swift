internal import ArchiveProtocol

/// A line that offers another story, such as `►READ MORE: Council Votes on Parks`.
enum RelatedLine {
    private static let labels: [[UInt8]] = [
        "read more", "see also", "related story", "related stories", "related coverage", "related",
        "read also", "also read", "more on this", "don't miss", "lesen sie auch", "lesen sie mehr",
        "mehr zum thema", "lire aussi", "à lire aussi", "lea también", "lee también", "leggi anche",
        "lees ook", "leia também",
    ].map { Array($0.utf8) }

    /// Reads a line with white space folded; nil where it offers nothing.
    static func read(_ line: [UInt8], style: HouseStyle?) -> RelatedLink? {
        guard line.count < 400 else { return nil }
        for mark in style?.readMoreMarks ?? [] {
            let mark = Array(mark.utf8)
            if TextScanning.has(mark, at: 0, in: line), let link = link(line, 0, mark.count) {
                return link
            }
        }
        let start = signs(line)
        for label in labels where TextScanning.has(label, at: start, in: line) {
            var colon = start + label.count
            if colon < line.count, line[colon] == 0x20 { colon += 1 }
            guard colon < line.count, line[colon] == UInt8(ascii: ":") else { continue }
            return link(line, start, colon + 1)
        }
        return nil
    }

    /// How many bytes of arrows and bullets the line begins with.
    static func signs(_ line: [UInt8]) -> Int {
        var index = 0
        while index < line.count {
            if line[index] == 0xE2, index + 2 < line.count {
                index += 3
            } else if line[index] == 0x20 || line[index] == UInt8(ascii: ">")
                || line[index] == UInt8(ascii: "*") || line[index] == UInt8(ascii: "[")
            {
                index += 1
            } else {
                break
            }
        }
        return index
    }

    private static func link(_ line: [UInt8], _ from: Int, _ to: Int) -> RelatedLink? {
        let headline = TextScanning.trimmed(line, to..<line.count)
        guard headline.count >= 3 else { return nil }
        var label = TextScanning.trimmed(line, (from + (from == 0 ? signs(line) : 0))..<to)
        while let last = line[label].last, last == UInt8(ascii: ":") || last == 0x20 {
            label = label.lowerBound..<(label.upperBound - 1)
        }
        return RelatedLink(
            label: label.isEmpty ? nil : TextScanning.string(line[label]),
            headline: TextScanning.string(line[headline]))
    }
}
