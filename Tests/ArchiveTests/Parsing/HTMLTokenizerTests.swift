import Testing

@testable import Archive

/// A page's tokens in one line: `<p class=a>`, `</p>`, `"text"`, `!comment`.
private func tokens(_ page: String) -> [String] {
    let bytes = Array(page.utf8)
    return withTokenizer(of: bytes) { tokenizer in
        var result: [String] = []
        func text(_ span: HTMLSpan) -> String { String(decoding: bytes[span.range], as: UTF8.self) }
        while true {
            let token = tokenizer.next()
            let content = text(token.span)
            switch token.kind {
            case .end: return result
            case .text: result.append("\"\(content)\"")
            case .startTag:
                tokenizer.content = contents[token.tag] ?? .data
                tokenizer.endTag = HTMLTagTable.key(of: token.tag)
                let first = Int(token.firstAttribute)
                let list = (first..<first + Int(token.attributeCount)).map { index in
                    let attribute = tokenizer.attributes[index]
                    return " \(text(attribute.name))=\(text(attribute.value))"
                }
                result.append("<\(content)\(list.joined())\(token.isSelfClosing ? "/" : "")>")
            case .endTag: result.append("</\(content)>")
            case .comment: result.append("!\(content)")
            case .doctype: result.append("!DOCTYPE\(content)")
            }
        }
    }
}

private let contents: [HTMLTag: HTMLTokenizer.Content] = [
    .title: .characterData, .textarea: .characterData, .style: .raw, .script: .script,
    .plaintext: .plain,
]

private func withTokenizer<Result>(
    of bytes: [UInt8], _ body: (inout HTMLTokenizer) -> Result
) -> Result {
    withUnsafeTemporaryAllocation(of: HTMLAttribute.self, capacity: 4096) { room in
        bytes.withUnsafeBufferPointer { buffer in
            var tokenizer = HTMLTokenizer(buffer, attributes: HTMLArena(room))
            return body(&tokenizer)
        }
    }
}

@Suite struct HTMLTokenizerTests {
    @Test(arguments: [
        ("<p>Hello</p>", ["<p>", "\"Hello\"", "</p>"]),
        ("a < b <3 c", ["\"a < b <3 c\""]),
        ("<!doctype html>x", ["!DOCTYPE html", "\"x\""]),
        ("<br/>", ["<br/>"]),
        ("a</>x", ["\"a\"", "\"x\""]), ("a</", ["\"a</\""]),
        ("<?xml?>x", ["!?xml?", "\"x\""]),
        ("</ p>x", ["! p", "\"x\""]),
    ])
    func `tags and text are told apart`(page: String, expected: [String]) {
        #expect(tokens(page) == expected)
    }

    @Test(arguments: [
        ("<a href=x>", "<a href=x>"), ("<a href = 'x y'>", "<a href=x y>"),
        ("<a href=\"x>y\">", "<a href=x>y>"), ("<a hidden>", "<a hidden=>"),
        ("<a b=1 c>", "<a b=1 c=>"), ("<a b='1'c=2>", "<a b=1 c=2>"), ("<a =x>", "<a =x=>"),
        ("<A HREF=x>", "<A HREF=x>"), ("<a href=x/>", "<a href=x/>"),
        ("<a b=1 B=2 b>", "<a b=1>"), ("<a b/c/>", "<a b= c=/>"), ("<a b/ >", "<a b=>"),
    ])
    func `attributes are read in every way of quoting`(page: String, expected: String) {
        #expect(tokens(page) == [expected])
    }

    @Test(arguments: [
        ("<!-- a -->b", ["! a ", "\"b\""]), ("<!-->b", ["!", "\"b\""]),
        ("<!--->b", ["!", "\"b\""]), ("<!-- a --!>b", ["! a ", "\"b\""]),
        ("<!-- a -- b -->c", ["! a -- b ", "\"c\""]), ("<!-- open", ["! open"]),
        ("<!-- open -", ["! open "]), ("<!-- open --!", ["! open "]), ("<!-- a --!b", ["! a --!b"]),
        ("<![CDATA[a]]>b", ["![CDATA[a]]", "\"b\""]),
    ])
    func `a comment ends where browsers end it`(page: String, expected: [String]) {
        #expect(tokens(page) == expected)
    }

    @Test(arguments: [
        ("<script>if (a<b) '</p>'</script>x", "if (a<b) '</p>'"),
        ("<script><!-- <script></script> --></script>x", "<!-- <script></script> -->"),
        ("<script><!--></script>x", "<!-->"),
        ("<script><!-- <script>a</script>b</script>x", "<!-- <script>a</script>b"),
        ("<script><!-- <scripty></script>x", "<!-- <scripty>"),
        ("<style>a > b {}</style>x", "a > b {}"),
        ("<title>a <b> c</title>x", "a <b> c"),
        ("<textarea></p></TEXTAREA >x", "</p>"),
    ])
    func `what looks like a tag in raw text is text`(page: String, content: String) {
        let found = tokens(page)
        #expect(found.count == 4)
        #expect(found[1] == "\"\(content)\"")
        #expect(found[3] == "\"x\"")
    }

    @Test(arguments: ["<a href=\"x", "<p><b class=", "<p"])
    func `a page that ends within a tag ends before it`(page: String) {
        #expect(!tokens(page).joined().contains("class"))
        #expect(!tokens(page).joined().contains("href"))
    }

    @Test func `attributes beyond the limit are passed over and the tag is kept`() {
        let many = (0..<3000).map { "a\($0)=1" }.joined(separator: " ")
        let count = withTokenizer(of: Array("<p \(many)>x".utf8)) { tokenizer in
            let token = tokenizer.next()
            #expect(token.kind == .startTag)
            #expect(token.tag == .p)
            return Int(token.attributeCount)
        }
        #expect(count == HTMLTokenizer.attributeLimit)
    }

    @Test(arguments: ["a", "attribute-with-a-long-name-"])
    func `of many attributes of one name the first one counts`(name: String) {
        let many = (0..<500).map { "\(name)\($0 % 100)=\($0)" }.joined(separator: " ")
        let bytes = Array("<p \(many)>".utf8)
        let values = withTokenizer(of: bytes) { tokenizer in
            let token = tokenizer.next()
            return (0..<Int(token.attributeCount)).map {
                String(decoding: bytes[tokenizer.attributes[$0].value.range], as: UTF8.self)
            }
        }
        #expect(values == (0..<100).map(String.init))
    }

    @Test func `the cost of an attribute does not grow with the number of attributes`() {
        func work(_ count: Int) -> Int {
            let many = (0..<count).map { "a\($0)" }.joined(separator: " ")
            return withTokenizer(of: Array("<p \(many)>x".utf8)) { tokenizer in
                _ = tokenizer.next()
                return tokenizer.work
            }
        }
        #expect(work(1000) < 1000)
    }

    @Test(
        arguments: [
            (" html", "html", nil, nil, false), (" HTML ", "html", nil, nil, false),
            ("", nil, nil, nil, true),
            (" html PUBLIC \"-//A//B\" 'c.dtd'", "html", "-//A//B", "c.dtd", false),
            (" html public \"-//A//B\"", "html", "-//A//B", nil, false),
            (" html SYSTEM 'about:legacy-compat'", "html", nil, "about:legacy-compat", false),
            (" html SYSTEM c.dtd", "html", nil, nil, true), (" html x", "html", nil, nil, true),
            (" html PUBLIC \"open", "html", "open", nil, true),
        ] as [(String, String?, String?, String?, Bool)])
    func `a doctype's parts are read`(
        text: String, name: String?, publicID: String?, systemID: String?, isForced: Bool
    ) {
        let doctype = HTMLDoctype(text.utf8)
        #expect(doctype.name == name)
        #expect(doctype.publicID == publicID)
        #expect(doctype.systemID == systemID)
        #expect(doctype.isForcedQuirks == isForced)
    }

    @Test(arguments: [
        (" html", false), (" svg", true), ("", true),
        (" html PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\"", true),
        (" html PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"", true),
        (" html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN' 'http://x/loose.dtd'", false),
        (" html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://x/strict.dtd\"", false),
    ])
    func `old doctypes ask for the ways of old browsers`(text: String, isQuirks: Bool) {
        #expect(HTMLDoctype(text.utf8).isQuirks == isQuirks)
    }

    @Test(arguments: [
        ("Tom &amp; Jerry", "Tom & Jerry"), ("&#8217;&#x2014;", "’—"), ("&#146;", "’"),
        ("&eacute;&Eacute;", "éÉ"), ("&notit;", "¬it;"), ("&notin;", "∉"), ("&amp", "&"),
        ("AT&T &c.", "AT&T &c."), ("&#;&#x;&", "&#;&#x;&"), ("&#0;&#xD800;&#99999999;", "���"),
        ("&NotEqualTilde;", "≂̸"), ("&CounterClockwiseContourIntegral;", "∳"),
    ])
    func `character references are read as browsers read them`(text: String, expected: String) {
        #expect(read(text, isAttribute: false) == expected)
    }

    @Test func `a name without semicolon stays in an address`() {
        #expect(read("?a=1&copy=2&amp;b", isAttribute: true) == "?a=1&copy=2&b")
        #expect(read("?a=1&copy=2", isAttribute: false) == "?a=1©=2")
    }

    private func read(_ text: String, isAttribute: Bool) -> String {
        var result: [UInt8] = []
        Array(text.utf8).withUnsafeBufferPointer {
            HTMLReferences.append($0, isAttribute: isAttribute, to: &result)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
