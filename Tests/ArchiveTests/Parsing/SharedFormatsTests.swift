import ArchiveProtocol
import Foundation
import Glibc
import Testing

@testable import Archive

/// Real files of wires and feeds that lie beside the repository on some machines.
@Suite struct SharedFormatsTests {
    private static let bundle = FixturePage.repository.deletingLastPathComponent()
        .appending(path: "shared/data/formats-dev.tar.zst")
    private static let isPresent = FileManager.default.fileExists(atPath: bundle.path)

    /// What the list of a set says is true of one file.
    private struct Truth {
        var root: String?
        var headline: String?
        var paragraphs = 0
        var items = 0
        var isNinjs = false

        init(_ what: String, _ truth: String) {
            isNinjs = what.hasPrefix("ninjs")
            headline = Self.quoted(truth, after: isNinjs ? "headline=" : "headline ")
            root = truth.hasPrefix("root ") ? String(truth.dropFirst(5).prefix { $0 != ";" }) : nil
            paragraphs = Self.number(truth, after: "p=")
            items = Self.number(truth, after: " item=") + Self.number(truth, after: " entry=")
        }

        private static func number(_ text: String, after mark: String) -> Int {
            guard let range = text.range(of: mark) else { return 0 }
            return Int(text[range.upperBound...].prefix { $0.isNumber }) ?? 0
        }

        private static func quoted(_ text: String, after mark: String) -> String? {
            guard let range = text.range(of: mark), let quote = text[range.upperBound...].first,
                quote == "'" || quote == "\""
            else { return nil }
            let rest = text[range.upperBound...].dropFirst()
            return rest.firstIndex(of: quote).map { String(rest[..<$0]) }
        }
    }

    /// The readings of all pages by the path of the file that they came from.
    private static func readings() throws -> (list: String, readings: [String: [Reading]]) {
        let descriptor = Glibc.open(bundle.path, O_RDONLY)
        defer { close(descriptor) }
        var list = ""
        var readings: [String: [Reading]] = [:]
        let parser = Parser(styles: .none)
        _ = try Opener(limits: Limits()).open(descriptor: descriptor, name: []) { piece in
            guard case .member(let member) = piece, case .capture(let capture) = member.content
            else { return }
            let path = String(decoding: member.path, as: UTF8.self)
            let file = path.components(separatedBy: "!/")[0].split(separator: "/").dropFirst()
                .joined(separator: "/")
            if file == "MANIFEST.tsv" { list = String(decoding: capture.bytes, as: UTF8.self) }
            guard
                ["newsml", "ninjs", "nitf", "feeds"].contains(file.prefix { $0 != "/" })
                    || file.hasPrefix("broken/feedparser")
            else { return }
            let reading = try parser.read(capture)
            for evidence in reading.evidence {
                #expect(evidence.range.upperBound <= capture.bytes.count)
            }
            readings[file, default: []].append(reading)
        }
        return (list, readings)
    }

    @Test(.enabled(if: isPresent, "needs ../shared/data/formats-dev.tar.zst"))
    func `wires and feeds come out as the list of the set says`() throws {
        let (list, all) = try Self.readings()
        var count = 0
        for line in list.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init)
            guard fields.count > 5, let readings = all[fields[0]] else { continue }
            count += 1
            check(readings, Truth(fields[4], fields[5]), fields[0])
        }
        #expect(count > 120)
    }

    private func check(_ readings: [Reading], _ truth: Truth, _ file: String) {
        #expect(readings.count == max(1, truth.items) || truth.items == 0, "\(file)")
        guard let reading = readings.first else { return }
        switch truth.root {
        case "nitf": #expect(reading.form == "nitf", "\(file)")
        case "newsItem", "packageItem", "NewsML", "newsMessage", "knowledgeItem", "planningItem":
            #expect(readings.allSatisfy { $0.form == "newsml" }, "\(file)")
        case "rss", "feed", "RDF": #expect(reading.form == "feed", "\(file)")
        default: break
        }
        let isText = truth.root.map { ["nitf", "newsItem", "NewsML"].contains($0) } ?? false
        guard case .article(let article) = reading.finding else {
            #expect(!(isText && truth.paragraphs > 0), "\(file): \(reading.finding)")
            return
        }
        #expect(!article.body.isEmpty, "\(file)")
        guard let headline = truth.headline, truth.items == 0, headline.first != "[",
            headline != "None"
        else { return }
        let folded = { (text: String) in
            text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        #expect(
            folded(article.headline).hasPrefix(folded(headline))
                || folded(article.alternativeHeadline ?? "").hasPrefix(folded(headline)), "\(file)")
    }
}
