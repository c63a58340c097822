import Testing

@testable import Archive

/// A page's tokens in one line: `<p class=a>`, `</p>`, `"text"`, `!comment`.
private func tokens(_ page: String) -> [String] {
    let bytes = Array(page.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
        var tokenizer = HTMLTokenizer(buffer)
        var result: [String] = []
        while true {
            var attributes: [HTMLAttribute] = []
            let token = tokenizer.next(&attributes)
            func text(_ span: HTMLSpan) -> String {
                String(decoding: buffer[span.range], as: UTF8.self)
            }
            let content = text(token.content)
            switch token.kind {
            case .end: return result
            case .text: if !content.isEmpty { result.append("\"\(content)\"") }
            case .startTag:
                tokenizer.content = token.tag.content
                let list = attributes.map { " \(text($0.name))=\(text($0.value))" }.joined()
                result.append("<\(content)\(list)\(token.isSelfClosing ? "/" : "")>")
            case .endTag: result.append("</\(content)>")
            case .comment: result.append("!\(content)")
            case .doctype: result.append("!DOCTYPE")
            }
        }
    }
}

@Suite struct HTMLTokenizerTests {
    @Test(arguments: [
        ("<p>Hello</p>", ["<p>", "\"Hello\"", "</p>"]),
        ("a < b <3 c", ["\"a < b <3 c\""]),
        ("<!doctype html>x", ["!DOCTYPE", "\"x\""]),
        ("<br/>", ["<br/>"]),
        ("</>x", ["!", "\"x\""]),
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
    ])
    func `attributes are read in every way of quoting`(page: String, expected: String) {
        #expect(tokens(page) == [expected])
    }

    @Test(arguments: [
        ("<!-- a -->b", ["! a ", "\"b\""]), ("<!-->b", ["!", "\"b\""]),
        ("<!--->b", ["!", "\"b\""]), ("<!-- a --!>b", ["! a ", "\"b\""]),
        ("<!-- a -- b -->c", ["! a -- b ", "\"c\""]), ("<!-- open", ["! open"]),
    ])
    func `a comment ends where browsers end it`(page: String, expected: [String]) {
        #expect(tokens(page) == expected)
    }

    @Test(arguments: [
        ("<script>if (a<b) '</p>'</script>x", "if (a<b) '</p>'"),
        ("<script><!-- <script></script> --></script>x", "<!-- <script></script> -->"),
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
        let bytes = Array("<p \(many)>x".utf8)
        let count = bytes.withUnsafeBufferPointer { buffer in
            var tokenizer = HTMLTokenizer(buffer)
            var attributes: [HTMLAttribute] = []
            let token = tokenizer.next(&attributes)
            #expect(token.kind == .startTag)
            #expect(token.tag == .p)
            return attributes.count
        }
        #expect(count == HTMLTokenizer.attributeLimit)
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
