import Testing

@testable import Archive

/// Each insertion mode by pages of our own; the standard's section is in the names.
@Suite struct HTMLTreeModesTests {
    private func body(_ page: String) throws -> String {
        try bodyOutline(HTMLTreeBuilder.tree(of: Array("<!doctype html>\(page)".utf8)))
    }

    private func whole(_ page: String, runsScripts: Bool = false) throws -> String {
        let options = HTMLTreeOptions(keepsComments: true, runsScripts: runsScripts)
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8), options: options)
        return lineOutline(tree, within: HTMLTree.root)
    }

    @Test(arguments: [
        ("", "html(head() body())"),
        ("x", "html(head() body('x'))"),
        (
            "<!doctype html><!--a--><html><!--b--><title>t</title></head> <body>x</body><!--c-->",
            "!doctype !a html(!b head(title('t')) ' ' body('x') !c)"
        ),
        ("<meta charset=utf-8><p>x", "html(head(meta()) body(p('x')))"),
        ("</head><link><p>x", "html(head(link()) body(p('x')))"),
        ("<p>x</body></html><!--d--> y", "html(head() body(p('x' ' ' 'y'))) !d"),
        (
            "<head><noscript><link></noscript><title>t</title>",
            "html(head(noscript(link()) title('t')) body())"
        ),
        (
            "<frameset><frame> x <noframes>y</noframes></frameset> z",
            "html(head() frameset(frame() ' ' ' ' noframes('y')) ' ')"
        ),
        ("x<frameset>", "html(head() body('x'))"),
    ])
    func `the page's own elements are supplied (13_2_6_4_1 to 6, 17 to 21)`(
        page: String, expected: String
    ) throws {
        #expect(try whole(page) == expected)
    }

    @Test func `without scripts the content of noscript is read`() throws {
        #expect(try whole("<p><noscript><img></noscript>").contains("noscript(img())"))
        #expect(
            try whole("<p><noscript><img></noscript>", runsScripts: true)
                .contains("noscript('<img>')"))
    }

    @Test(arguments: [
        ("<b>a<p>b</b>c</p>d", "b('a') p(b('b') 'c') 'd'"),
        ("<b>a<i>b</b>c</i>d", "b('a' i('b')) i('c') 'd'"),
        ("<p><b>a<p>c", "p(b('a')) p(b('c'))"),
        ("<a href=1>a<div><a href=2>b", "a('a') div(a() a('b'))"),
        ("<b><b><b><b>a<p>b", "b(b(b(b('a' p('b')))))"),
        ("<p><b><b><b><b>a<p>b", "p(b(b(b(b('a'))))) p(b(b(b('b'))))"),
        (
            "<p><b id=1><b id=2><b><b>a<p>b",
            "p(b(b(b(b('a'))))) p(b(b(b(b('b')))))"
        ),
        ("<nobr>a<nobr>b", "nobr('a') nobr('b')"),
        ("<b><table><td>a</b>b", "b(table(tbody(tr(td('a' 'b')))))"),
        ("<b><object>a</b>b</object>c", "b(object('a' 'b') 'c')"),
    ])
    func `formatting goes on where blocks end it (13_2_6_4_7)`(
        page: String, expected: String
    ) throws {
        #expect(try body(page) == expected)
    }

    @Test(arguments: [
        ("<table>a<tr>b<td>c</table>d", "'a' 'b' table(tbody(tr(td('c')))) 'd'"),
        ("<table> <tr> <td>c</table>", "table(' ' tbody(tr(' ' td('c'))))"),
        ("<table>&#32;<tr>", "table(' ' tbody(tr()))"),
        ("<table><p>a<td>b", "p('a') table(tbody(tr(td('b'))))"),
        ("<table><caption>a<td>b", "table(caption('a') tbody(tr(td('b'))))"),
        ("<table><col><td>b", "table(colgroup(col()) tbody(tr(td('b'))))"),
        ("<table><tr><th>a<tbody><td>b", "table(tbody(tr(th('a'))) tbody(tr(td('b'))))"),
        ("<table><td>a</tr>b</table>", "'b' table(tbody(tr(td('a'))))"),
        ("<table><form><input type=hidden><input></form>", "input() table(form() input())"),
        ("<table><table>a</table>b", "table() 'a' table() 'b'"),
        (
            "<div><table><script>s</script><style>t</style></table>",
            "div(table(script('s') style('t')))"
        ),
    ])
    func `what may not stand in a table goes before it (13_2_6_4_9 to 15)`(
        page: String, expected: String
    ) throws {
        #expect(try body(page) == expected)
    }

    @Test func `a paragraph holds a table only in pages of old browsers`() throws {
        #expect(try body("<p>a<table>") == "p('a') table()")
        #expect(
            try bodyOutline(HTMLTreeBuilder.tree(of: Array("<p>a<table>".utf8))) == "p('a' table())"
        )
    }

    @Test(arguments: [
        ("<template><td>a</td></template>b", "template(td('a')) 'b'"),
        ("<template><tr><td>a</template>", "template(tr(td('a')))"),
        ("<template><p>a<col>b</template>", "template(p('a' 'b'))"),
        ("<table><template>a</template><td>", "table(template('a') tbody(tr(td())))"),
        ("<div><template><b>a</div>b</template>c", "div(template(b('a' 'b')) 'c')"),
    ])
    func `a template holds parts of any kind (13_2_6_4_16)`(
        page: String, expected: String
    ) throws {
        #expect(try body("<body>" + page) == expected)
    }

    @Test(arguments: [
        (
            "<select><option>a<option>b<optgroup><option>c</select>d",
            "select(option('a') option('b') optgroup(option('c'))) 'd'"
        ),
        ("<select><div>a<p>b</select>c", "select(div('a' p('b'))) 'c'"),
        ("<select><option>a<select>b", "select(option('a')) 'b'"),
        ("<select><input>", "select() input()"),
        ("<select><option>a<hr>", "select(option('a') hr())"),
        ("<button>a<button>b", "button('a') button('b')"),
        ("<form>a<form>b</form>c", "form('a' 'b') 'c'"),
        ("<ruby>a<rt>b<rp>c</ruby>", "ruby('a' rt('b') rp('c'))"),
        ("<image>", "img()"), ("a</br>b", "'a' br() 'b'"),
        ("<plaintext>a</p>", "plaintext('a</p>')"),
        ("<pre>\n\na</pre><textarea>\r\nb</textarea>", "pre('\na') textarea('b')"),
        ("<pre>&#10;a", "pre('a')"), ("<h1>a</h3>b", "h1('a') 'b'"),
        ("<li>a<ul><li>b</li></ul><li>c", "li('a' ul(li('b'))) li('c')"),
        ("<xmp><b></xmp><iframe><b></iframe>", "xmp('<b>') iframe('<b>')"),
    ])
    func `controls and odd elements nest as browsers nest them (13_2_6_4_7)`(
        page: String, expected: String
    ) throws {
        #expect(try body(page) == expected)
    }

    @Test(arguments: [
        (
            "<svg><lineargradient/><foreignObject><p>a</p></foreignObject></svg>b",
            "svg(linearGradient() foreignObject(p('a'))) 'b'"
        ),
        ("<svg><g><p>a", "svg(g()) p('a')"),
        ("<svg><g></p>a", "svg(g()) p() 'a'"),
        ("<svg><font>a<font color=red>b", "svg(font('a')) font('b')"),
        ("<svg><![CDATA[a<b]]></svg>", "svg('a<b')"),
        ("<svg><title><b>a</title></svg>", "svg(title(b('a')))"),
        ("<math><mi>a<b>c</b><mglyph/></math>d", "math(mi('a' b('c') mglyph())) 'd'"),
        ("<math><annotation-xml encoding=TEXT/HTML><p>a", "math(annotation-xml(p('a')))"),
        ("<math><annotation-xml><p>a", "math(annotation-xml()) p('a')"),
        ("<math><annotation-xml><svg><p>a", "math(annotation-xml(svg())) p('a')"),
        ("<svg><script>a<b></svg>c", "svg(script('a')) b('c')"),
        ("<table><svg><g>a</table>", "svg(g('a')) table()"),
    ])
    func `drawings and formulas keep to themselves (13_2_6_5)`(
        page: String, expected: String
    ) throws {
        #expect(try body(page) == expected)
    }

    @Test func `attributes of drawings are spelt and parted as the standard does`() throws {
        let page = "<svg viewbox=1 xlink:HREF=2 onclick=3><math definitionurl=4>"
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        let names = tree.attributes.prefix(3).map { tree.name(of: $0, on: .svg) }
        #expect(names == ["viewBox", "xlink href", "onclick"])
        #expect(tree.name(of: tree.attributes[0], on: .html) == "viewbox")
        #expect(tree.name(of: tree.attributes[3], on: .math) == "definitionURL")
    }

    @Test(arguments: [
        ("a\0b", "'ab'"), ("<p\0x>", "p\u{FFFD}x()"), ("<svg>a\0b", "svg('a\u{FFFD}b')"),
        ("<title>a\0b</title>", ""), ("<textarea>a\0b</textarea>", "textarea('a\u{FFFD}b')"),
        ("<table>\0<td>", "table(tbody(tr(td())))"), ("a\r\nb\rc\nd", "'a\nb\nc\nd'"),
        ("a&#13;b", "'a\rb'"), ("<p>\0</p>", "p()"),
    ])
    func `NUL and line ends are made good when the text is asked for`(
        page: String, expected: String
    ) throws {
        #expect(try body("<body>" + page).replacing("title('a\u{FFFD}b')", with: "") == expected)
    }

    @Test func `an attribute's line ends and NUL are made good`() throws {
        let tree = try HTMLTreeBuilder.tree(of: Array("<p title='a\r\nb\0&amp;'>".utf8))
        var bytes: [UInt8] = []
        tree.append(tree.attributes[0].value, isAttribute: true, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "a\nb\u{FFFD}&")
    }

    @Test func `texts are told where they stand in the source`() throws {
        let page = "<!doctype html>\r\n<p>one</p>\r\n<table>two<td>three</table>"
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        let found = tree.nodes.filter(\.isText).map {
            String(decoding: tree.source[$0.content.range], as: UTF8.self)
        }
        #expect(found.contains("one") && found.contains("two") && found.contains("three"))
    }

    @Test func `a second body gives its new attributes to the first`() throws {
        let tree = try HTMLTreeBuilder.tree(of: Array("<body a=1 b=2><p><body b=3 C=4>".utf8))
        let body = try #require(tree.descendants(of: 0).first { tree[$0].tag == .body })
        #expect(tree[body].attributeCount == 3)
        #expect(tree.value(body, HTMLName("b")) == "2")
        #expect(tree.value(body, HTMLName("c")) == "4")
    }

    @Test(arguments: [
        (HTMLFragmentContext(tag: .div), "<td>a</td><p>b", "'a' p('b')"),
        (HTMLFragmentContext(tag: .tr), "<td>a<td>b", "td('a') td('b')"),
        (HTMLFragmentContext(tag: .table), "<td>a", "tbody(tr(td('a')))"),
        (HTMLFragmentContext(tag: .title), "<b>a</title>", "'<b>a</title>'"),
        (HTMLFragmentContext(tag: .template), "<td>a", "td('a')"),
        (HTMLFragmentContext(tag: .select), "<select><option>a", "option('a')"),
        (HTMLFragmentContext(tag: .svg, kind: .svg), "<g/><p>a", "g() p('a')"),
        (HTMLFragmentContext(tag: .mathText, kind: .math), "<b>a</b><mglyph/>", "b('a') mglyph()"),
    ])
    func `a fragment is read as the content of its element (13_4)`(
        context: HTMLFragmentContext, page: String, expected: String
    ) throws {
        let tree = try HTMLTreeBuilder.tree(
            of: Array(page.utf8), options: HTMLTreeOptions(context: context))
        #expect(lineOutline(tree, within: tree[HTMLTree.root].firstChild) == expected)
    }
}
