internal import ArchiveProtocol

/// What the lines around a picture say: its caption, its credit, the title of its slideshow.
struct Caption: Sendable {
    /// The caption: of two copies the whole one.
    var text: [UInt8]?
    /// A second line that is no copy of the first: the title of the slideshow.
    var title: [UInt8]?

    private static let marks: [[UInt8]] = [
        "View Full Caption", "Hide Caption", "Toggle Caption", "Enlarge this image",
        "Show full caption", "View Caption",
    ].map { Array($0.utf8) }

    /// Whether `line` is the line under a caption, such as `View Full Caption`.
    static func isMark(_ line: [UInt8], style: HouseStyle?) -> Bool {
        guard line.count < 60 else { return false }
        if marks.contains(where: { $0.count == line.count && TextScanning.has($0, at: 0, in: line) }
        ) {
            return true
        }
        return style?.captionMarks.contains {
            $0.utf8.count == line.count && TextScanning.has(Array($0.utf8), at: 0, in: line)
        } ?? false
    }

    /// Reads the one or two lines above the mark.
    ///
    /// A page prints a caption twice, and cuts the first copy at a quotation mark; the longer one
    /// is kept.
    static func read(_ lines: [[UInt8]]) -> Caption {
        guard let first = lines.first else { return Caption() }
        guard lines.count > 1, let last = lines.last else { return Caption(text: first) }
        let short = first.count <= last.count ? first : last
        let long = first.count <= last.count ? last : first
        if long.starts(with: short) || long.starts(with: short.dropLast()) && short.count > 20 {
            return Caption(text: long)
        }
        return Caption(text: first, title: last)
    }

    /// Whether the line after the mark credits somebody: short and no sentence.
    static func isCredit(_ line: [UInt8], style: HouseStyle?) -> Bool {
        if style?.creditPrefixes.contains(where: {
            TextScanning.has(Array($0.utf8), at: 0, in: line)
        }) ?? false {
            return line.count < 200
        }
        return line.count <= 100 && !TextScanning.endsSentence(line)
            && Dateline.read(line) == nil
    }

    /// The credit in a line that is one by itself: `Photo: Jane Roe`, `[Courtesy Jane Roe]`.
    static func credit(alone line: [UInt8], style: HouseStyle?) -> [UInt8]? {
        guard line.count <= 120 else { return nil }
        for lead in [
            "photo:", "photo by ", "photos by ", "credit:", "photo credit:", "image:",
            "foto:", "fotos:", "bild:", "crédit :", "crédit photo :", "foto de ", "picture:",
        ] {
            let lead = Array(lead.utf8)
            guard TextScanning.has(lead, at: 0, in: line) else { continue }
            let rest = TextScanning.trimmed(line, lead.count..<line.count)
            return rest.isEmpty || TextScanning.endsSentence(line) ? nil : Array(line[rest])
        }
        guard line.first == UInt8(ascii: "["), line.last == UInt8(ascii: "]"), line.count > 4 else {
            return nil
        }
        let inner = Array(line[1..<(line.count - 1)])
        let isCourtesy = TextScanning.has("courtesy", at: 0, in: inner)
        return isCourtesy || inner.contains(UInt8(ascii: "/")) ? inner : nil
    }
}
