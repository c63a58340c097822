import Foundation
import Testing

@testable import Archive

/// What a page says of its own encoding.
struct CharsetPrescanTests {
    private func meta(_ page: String, isLate: Bool = false) -> String? {
        CharsetPrescan.meta(in: Array(page.utf8)[...], isLate: isLate)?.encoding?.rawValue
    }

    @Test(arguments: [
        ("<meta charset=koi8-r>", "koi8-r"), ("<META/CharSet = ' KOI8-R '>", "koi8-r"),
        ("<meta content='text/html; charset=koi8-r' http-equiv=Content-Type>", "koi8-r"),
        ("<meta http-equiv=refresh content='text/html; charset=koi8-r'>", nil),
        ("<meta http-equiv=content-type content='charset; charset = \"koi8-r\"'>", "koi8-r"),
        ("<meta http-equiv=content-type content='charset=\"koi8-r'>", nil),
        ("<meta charset=koi8-r charset=big5>", "koi8-r"), ("<meta charset=koi8-r", nil),
        ("<meta charset=utf-16>", "utf-8"), ("<meta charset=x-user-defined>", "windows-1252"),
        ("<meta charset=utf-7><meta charset=big5>", "big5"), ("<metacharset=big5>", nil),
        ("<!-- <meta charset=big5> --><meta charset=koi8-r>", "koi8-r"),
        ("<!--><meta charset=big5>", "big5"), ("<p title='<meta charset=big5>'>", nil),
        ("</p title='>'><meta charset=big5>", "big5"), ("<? > <meta charset=big5>", "big5"),
        ("<! <meta charset=koi8-r> <meta charset=big5>", "big5"), ("<", nil), ("<meta ", nil),
        ("<meta charset>", nil), ("<meta charset=>", nil), ("<meta =charset=big5>", nil),
    ])
    func `a meta element tells the encoding where the standard says so`(
        page: String, encoding: String?
    ) {
        #expect(meta(page) == encoding)
    }

    @Test(arguments: [
        ("<meta charset=x-elvish>", "x-elvish"), ("<meta charset='Ütf 8'>", "tf8"),
        ("<meta charset=x-elvish><meta charset=x-orcish>", "x-elvish"),
        ("<meta charset=x-elvish><meta charset=big5>", "big5"),
        ("<meta http-equiv=content-type content='text/html; charset=none'>", "none"),
        ("<meta content='text/html; charset=none'>", nil), ("<meta charset=' '>", nil),
    ])
    func `an encoding that nobody knows is told where no other is named`(
        page: String, name: String?
    ) {
        #expect(CharsetPrescan.meta(in: Array(page.utf8)[...], isLate: false)?.name == name)
    }

    @Test func `a meta element behind the first 1024 bytes counts when it is sought`() {
        let label = "<meta charset=big5>"
        for space in [1024 - label.utf8.count, 1025 - label.utf8.count, 1024, 9000] {
            let page = String(repeating: " ", count: space) + label
            #expect(meta(page) == (space + label.utf8.count <= 1024 ? "big5" : nil))
            #expect(meta(page, isLate: true) == "big5")
        }
        #expect(meta(String(repeating: " ", count: 17000) + label, isLate: true) == nil)
    }

    @Test(arguments: [
        ("<?xml version='1.0' encoding=\"koi8-r\"?>", "koi8-r"),
        ("<?xml encoding = 'EUC-JP' ?>", "euc-jp"), ("<?xml encoding='utf-16'?>", "utf-8"),
        ("<?xml encoding='koi8-r", nil), ("<?xml encoding=koi8-r?>", nil),
        ("<?xml encoding='koi8-r >'?>", nil), (" <?xml encoding='koi8-r'?>", nil),
        ("<?xml version='1.0'?><a encoding='koi8-r'/>", nil),
    ])
    func `an XML declaration tells the encoding`(page: String, encoding: String?) {
        let told = CharsetPrescan.xmlDeclaration(in: Array(page.utf8)[...])
        #expect(told?.encoding?.rawValue == encoding)
    }

    @Test(arguments: [
        ("text/html; charset=koi8-r", "koi8-r"), ("text/html;Charset=\"Big5\"; q=1", "big5"),
        ("text/html; charset=utf-16be", "utf-16be"), ("text/html; charset=none", nil),
        ("text/html", nil), ("charset", nil), ("text/html; charset='big5", nil),
    ])
    func `a media type tells the encoding`(mediaType: String, encoding: String?) {
        #expect(CharsetPrescan.charset(in: mediaType.utf8)?.encoding?.rawValue == encoding)
    }

    // MARK: The tests of html5lib

    private static let suite = URL(filePath: #filePath)
        .appending(path: "../../../../../shared/data/html5lib-tests-dev.tar.zst")
        .standardizedFileURL

    /// The pairs of a `.dat` file: the bytes behind `#data`, the label behind `#encoding`.
    private func cases(of file: [UInt8]) -> [(page: [UInt8], label: String)] {
        var cases: [(page: [UInt8], label: String)] = []
        var page: [[UInt8]] = []
        var isLabel = false
        for line in file.split(separator: 0x0a, omittingEmptySubsequences: false) {
            switch String(decoding: line, as: UTF8.self) {
            case "#data": (page, isLabel) = ([], false)
            case "#encoding": isLabel = true
            case let label where isLabel:
                if !label.isEmpty { cases.append((Array(page.joined(separator: [0x0a])), label)) }
                isLabel = false
            default: page.append(Array(line))
            }
        }
        return cases
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: suite.path), "needs ../shared/data"))
    func `the encoding tests of html5lib come out`() throws {
        let opened = try Opened(Array(Data(contentsOf: Self.suite)), name: "suite.tar.zst")
        var count = 0
        for member in opened.members {
            let path = String(decoding: member.path, as: UTF8.self)
            // What the folder `scripted` expects, a script has to write.
            guard path.contains("/encoding/"), path.hasSuffix(".dat"),
                !path.contains("/scripted/"), case .capture(let capture) = member.content
            else { continue }
            for (page, label) in cases(of: capture.bytes) {
                let mark = page.starts(with: [0xef, 0xbb, 0xbf]) ? "utf-8" : nil
                let told = CharsetPrescan.meta(in: page[...], isLate: true)?.encoding?.rawValue
                let encoding = mark ?? told ?? "windows-1252"
                #expect(
                    encoding == Charset.Encoding(label: label.utf8)?.rawValue,
                    "\(path): \(String(decoding: page, as: UTF8.self).suffix(200))")
                count += 1
            }
        }
        #expect(count > 0)
    }
}
