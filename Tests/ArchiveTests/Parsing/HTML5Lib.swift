import ArchiveProtocol
import Foundation

@testable import Archive

/// One case of the html5lib suite, and what came of it.
struct HTML5LibCase {
    var name: String
    var input: String
    var expected: String
    var found: String

    var passes: Bool { expected.utf8.elementsEqual(found.utf8) }
}

// MARK: Trees

/// A tree-construction case as its file has it.
struct HTML5LibTreeTest {
    var data = ""
    var document = ""
    var fragment: String?
    /// Whether the case is for browsers that run scripts; nil where it is for both.
    var runsScripts: Bool?

    /// The cases of a `.dat` file.
    static func read(_ file: String) -> [HTML5LibTreeTest] {
        ("\n\n" + file).components(separatedBy: "\n\n#data\n").dropFirst().map { text in
            var test = HTML5LibTreeTest()
            var section = "#data"
            var lines: [String: [Substring]] = [:]
            var body = text[...]
            while body.last == "\n" { body.removeLast() }
            for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
                let isMark = [
                    "#errors", "#new-errors", "#document-fragment", "#script-on", "#script-off",
                    "#document",
                ].contains(line)
                if isMark, section != "#document" {
                    section = String(line)
                    lines[section] = []
                } else {
                    lines[section, default: []].append(line)
                }
            }
            test.data = lines["#data", default: []].joined(separator: "\n")
            test.document = lines["#document", default: []].joined(separator: "\n")
            test.fragment = lines["#document-fragment"]?.first.map(String.init)
            if lines["#script-on"] != nil { test.runsScripts = true }
            if lines["#script-off"] != nil { test.runsScripts = false }
            return test
        }
    }

    /// The case once without scripts, once with, where it does not say.
    func cases() throws -> [HTML5LibCase] {
        try [false, true].filter { runsScripts == nil || runsScripts == $0 }.map { scripts in
            HTML5LibCase(
                name: [fragment.map { "in \($0)" }, scripts ? "with scripts" : nil]
                    .compactMap(\.self).joined(separator: ", "),
                input: data, expected: document, found: try outline(runsScripts: scripts))
        }
    }

    /// What our tree is, in the suite's notation.
    func outline(runsScripts: Bool) throws -> String {
        var options = HTMLTreeOptions(keepsComments: true, runsScripts: runsScripts)
        options.context = fragment.map(Self.context)
        let tree = try HTMLTreeBuilder.tree(of: Array(data.utf8), options: options)
        let root = fragment == nil ? HTMLTree.root : tree[HTMLTree.root].firstChild
        return tree.outline(within: root)
    }

    private static func context(_ name: String) -> HTMLFragmentContext {
        let words = name.split(separator: " ").map(String.init)
        guard words.count == 2 else {
            let tag = HTMLTag.allCases.first { $0.rawValue == name } ?? .other
            return HTMLFragmentContext(tag: tag)
        }
        if words[0] == "svg" {
            let isIntegration = ["desc", "title", "foreignObject"].contains(words[1])
            return HTMLFragmentContext(
                tag: words[1] == "svg" ? .svg : isIntegration ? .integration : .foreign, kind: .svg)
        }
        let isText = ["mi", "mo", "mn", "ms", "mtext"].contains(words[1])
        let tag: HTMLTag =
            words[1] == "math"
            ? .math : isText ? .mathText : words[1] == "annotation-xml" ? .annotation : .foreign
        return HTMLFragmentContext(tag: tag, kind: .math)
    }
}

extension HTMLTree {
    /// The nodes within `root` in the notation of the html5lib suite.
    func outline(within root: Int32) -> String {
        var lines: [String] = []
        var text: [UInt8] = []
        var textDepth = -1
        func endText() {
            if textDepth >= 0, !text.isEmpty {
                let text = String(decoding: text, as: UTF8.self)
                lines.append("| " + String(repeating: " ", count: textDepth * 2) + "\"\(text)\"")
            }
            text = []
            textDepth = -1
        }
        var depths: [Int32: Int] = [root: -1]
        for node in descendants(of: root) where node != root {
            let depth = (depths[self[node].parent] ?? -1) + 1
            depths[node] = depth
            if self[node].isText {
                if depth != textDepth || self[node].previousSibling < 0 { endText() }
                textDepth = depth
                append(node, to: &text)
                continue
            }
            endText()
            let indent = "| " + String(repeating: " ", count: depth * 2)
            lines += self.lines(of: node).map { indent + $0 }
            if self[node].tag == .template, self[node].kind == .html {
                lines.append(indent + "  content")
                depths[node] = depth + 1
            }
        }
        endText()
        return lines.joined(separator: "\n")
    }

    private func lines(of node: Int32) -> [String] {
        let element = self[node]
        switch element.kind {
        case .comment: return ["<!-- \(plainText(element.content)) -->"]
        case .doctype:
            let doctype = HTMLDoctype(source[element.content.range])
            let name = doctype.name ?? ""
            guard doctype.publicID != nil || doctype.systemID != nil else {
                return ["<!DOCTYPE \(name)>"]
            }
            return [
                "<!DOCTYPE \(name) \"\(doctype.publicID ?? "")\" \"\(doctype.systemID ?? "")\">"
            ]
        default: break
        }
        let prefix = element.kind == .svg ? "svg " : element.kind == .math ? "math " : ""
        let first = Int(element.firstAttribute)
        let list = attributes[first..<first + Int(element.attributeCount)].map { attribute in
            (name(of: attribute, on: element.kind), value(attribute.value))
        }
        return ["<\(prefix)\(name(of: node))>"]
            + list.sorted { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }
            .map { "  \($0.0)=\"\($0.1)\"" }
    }

    private func value(_ span: HTMLSpan) -> String {
        var bytes: [UInt8] = []
        append(span, isAttribute: true, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

// MARK: Tokens

/// The cases of a tokenizer file.
enum HTML5LibTokenTest {
    /// Each case once for each state that it begins in.
    ///
    /// Cases with half a surrogate pair are left out: there is no such text in UTF-8.
    static func cases(_ file: [UInt8]) throws -> [HTML5LibCase] {
        let json = try JSONSerialization.jsonObject(with: Data(file)) as? [String: Any]
        guard let tests = json?["tests"] as? [[String: Any]] else { return [] }
        return tests.flatMap { test -> [HTML5LibCase] in
            let isEscaped = test["doubleEscaped"] as? Bool ?? false
            guard let written = test["input"] as? String, let output = test["output"] as? [[Any]],
                let input = text(written, isEscaped)
            else { return [] }
            let states = test["initialStates"] as? [String] ?? ["Data state"]
            let expected = outline(output.map { expectedLine($0, isEscaped) })
            return states.map { state in
                HTML5LibCase(
                    name: "\(test["description"] as? String ?? "") (\(state))", input: input,
                    expected: expected,
                    found: found(input, state, test["lastStartTag"] as? String ?? ""))
            }
        }
    }

    /// Characters that follow one another are one token.
    private static func outline(_ lines: [(isText: Bool, line: String)]) -> String {
        var result: [String] = []
        var wasText = false
        for (isText, line) in lines {
            if isText, wasText, let last = result.popLast() {
                result.append(last + line)
            } else {
                result.append((isText ? "text " : "") + line)
            }
            wasText = isText
        }
        return result.joined(separator: "\n")
    }

    private static func expectedLine(_ token: [Any], _ isEscaped: Bool) -> (Bool, String) {
        func string(_ value: Any?) -> String {
            (value as? String).flatMap { text($0, isEscaped) } ?? "null"
        }
        switch token.first as? String {
        case "Character": return (true, string(token.last))
        case "Comment": return (false, "comment \(string(token.last))")
        case "EndTag": return (false, "end \(string(token.last))")
        case "DOCTYPE":
            let words = token.dropFirst().prefix(3).map(string).joined(separator: "|")
            return (false, "doctype \(words)|\(token.last as? Bool ?? false)")
        default:
            let attributes = (token[2] as? [String: String] ?? [:])
                .map { (string($0.key), string($0.value)) }
            return (false, start(string(token[1]), attributes, token.count > 3))
        }
    }

    private static func start(
        _ name: String, _ attributes: [(String, String)], _ isSelfClosing: Bool
    ) -> String {
        "start \(name)\(isSelfClosing ? "/" : "")"
            + attributes.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            .map { " \($0.0)=\($0.1)" }.joined()
    }

    /// A text with its `\uXXXX` read where it was escaped twice; nil for half a surrogate pair.
    private static func text(_ text: String, _ isEscaped: Bool) -> String? {
        guard isEscaped else { return text }
        var units: [UInt16] = []
        let written = Array(text.utf16)
        var index = 0
        while index < written.count {
            if written[index] == 0x5C, index + 5 < written.count, written[index + 1] == 0x75,
                let unit = UInt16(
                    String(decoding: written[index + 2..<index + 6], as: UTF16.self), radix: 16)
            {
                units.append(unit)
                index += 6
            } else {
                units.append(written[index])
                index += 1
            }
        }
        return String(validating: units, as: UTF16.self)
    }

    private static func found(_ input: String, _ state: String, _ lastStartTag: String) -> String {
        let source = Array(input.utf8)
        return withUnsafeTemporaryAllocation(of: HTMLAttribute.self, capacity: 2048) { room in
            source.withUnsafeBufferPointer { bytes in
                var tokenizer = HTMLTokenizer(bytes, attributes: HTMLArena(room))
                tokenizer.content = contents[state] ?? .data
                tokenizer.endTag = lastStartTag.utf8.reduce(0) { $0 << 6 | HTMLName.code($1) }
                var lines: [(Bool, String)] = []
                while true {
                    let token = tokenizer.next()
                    if token.kind == .end { return outline(lines) }
                    lines.append(line(token, tokenizer, source))
                }
            }
        }
    }

    private static let contents: [String: HTMLTokenizer.Content] = [
        "Data state": .data, "PLAINTEXT state": .plain, "RCDATA state": .characterData,
        "RAWTEXT state": .raw, "Script data state": .script, "CDATA section state": .section,
    ]

    private static func line(
        _ token: HTMLToken, _ tokenizer: borrowing HTMLTokenizer, _ source: [UInt8]
    ) -> (Bool, String) {
        func read(_ span: HTMLSpan, references: Bool, attribute: Bool, keepsNull: Bool) -> String {
            var bytes: [UInt8] = []
            let controls = keepsNull ? HTMLControls.keepingNull : .replacingNull
            Array(source[span.range]).withUnsafeBufferPointer {
                if references {
                    HTMLReferences.append(
                        $0, isAttribute: attribute, controls: controls, to: &bytes)
                } else {
                    HTMLReferences.append($0[...], controls, to: &bytes)
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        func name(_ span: HTMLSpan) -> String {
            let name = read(span, references: false, attribute: false, keepsNull: false)
            return String(decoding: HTMLBytes.lowered(name.utf8), as: UTF8.self)
        }
        switch token.kind {
        case .text:
            let keepsNull = token.content == .data || token.content == .section
            return (
                true,
                read(
                    token.span, references: token.hasReferences, attribute: false,
                    keepsNull: keepsNull)
            )
        case .comment:
            let text = read(token.span, references: false, attribute: false, keepsNull: false)
            return (false, "comment \(text)")
        case .doctype:
            let doctype = HTMLDoctype(source[token.span.range], isCut: token.isCut)
            let words = [doctype.name, doctype.publicID, doctype.systemID].map { $0 ?? "null" }
            return (
                false, "doctype \(words.joined(separator: "|"))|\(!doctype.isForcedQuirks)"
            )
        case .endTag: return (false, "end \(name(token.span))")
        default:
            let first = Int(token.firstAttribute)
            let attributes = (first..<first + Int(token.attributeCount)).map { index in
                let attribute = tokenizer.attributes[index]
                return (
                    name(attribute.name),
                    read(attribute.value, references: true, attribute: true, keepsNull: false)
                )
            }
            return (false, start(name(token.span), attributes, token.isSelfClosing))
        }
    }
}
