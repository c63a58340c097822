import Testing

@testable import Archive

struct XMLTreeTests {
    private func tree(_ text: String) throws -> XMLTree {
        try XMLTreeBuilder.tree(of: Array(text.utf8))
    }

    private func text(_ tree: XMLTree, _ span: XMLSpan) -> String {
        String(decoding: tree.source[span.range], as: UTF8.self)
    }

    /// The elements in order, each with how deep it stands, and the texts.
    private func outline(_ text: String) throws -> String {
        let tree = try tree(text)
        return tree.descendants(of: XMLTree.document).dropFirst().map { node in
            tree[node].kind == .element
                ? "<" + tree.name(node) : self.text(tree, tree[node].name)
        }.joined(separator: " ")
    }

    @Test func `an element is all from its first to its last byte`() throws {
        let tree = try tree("<?xml version=\"1.0\"?>\n<a x='1'><b>two</b ><c/></a>\n")
        let root = try #require(tree.root)
        #expect(text(tree, tree[root].span) == "<a x='1'><b>two</b ><c/></a>")
        #expect(text(tree, tree[root].inner) == "<b>two</b ><c/>")
        #expect(tree.attribute(root, "x").map { text(tree, $0) } == "1")
        let child = try #require(tree.child(root, "c"))
        #expect(text(tree, tree[child].span) == "<c/>")
        #expect(tree.fault == nil)
    }

    @Test(arguments: [
        ("<a>1 < 2 & 3</a>", "<a 1 < 2 & 3"),
        ("<a><b>x</a>", "<a <b x"),
        ("<a></b>x</a>", "<a x"),
        ("<a><b><c>x</b>y</a>", "<a <b <c x y"),
        ("<a x=1 y>t</a>", "<a t"),
        ("<a x=\"1><b/></a>", "<a <b"),
        ("<a><!-- <b> --><?pi <c>?>t</a>", "<a t"),
        ("<a><![CDATA[<b>]]></a>", "<a <b>"),
        ("<a>x<br>y<br/>z</a>", "<a x <br y <br z"),
        ("<a><p>x<p>y</a>", "<a <p x <p y"),
        ("<!DOCTYPE a [<!ENTITY x \"]><b>\"><!-- ' -->]><a>t</a>", "<a t"),
        ("<a><b", "<a <b"),
        ("<a>cut", "<a cut"),
        ("", ""),
    ])
    func `what XML forbids costs no more than itself`(text: String, expected: String) throws {
        #expect(try outline(text) == expected)
    }

    @Test(arguments: [
        ("<a>1 < 2</a>", Reason.malformed, 5), ("<a></b></a>", .malformed, 3),
        ("<a><b>x", .truncated, 3), ("<a><![CDATA[x", .truncated, 3), ("<a><b", .truncated, 3),
        ("<a x></a>", .malformed, 3), ("<a><b></a>", .malformed, 3),
    ])
    func `the first fault is told with its byte`(text: String, reason: Reason, offset: Int) throws {
        let fault = try #require(try tree(text).fault)
        #expect(fault.reason == reason)
        #expect(fault.offset == offset)
    }

    @Test func `a namespace is told by its name, and by its usual prefix where undeclared`() throws
    {
        let tree = try tree(
            """
            <rss xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns="http://unknown.example/">
            <c:encoded/><dc:date/><y:z/><q xmlns:c="http://other.example/"><c:encoded/></q></rss>
            """)
        let kinds = tree.descendants(of: XMLTree.document).dropFirst()
            .filter { tree[$0].kind == .element }.map { tree[$0].vocabulary }
        #expect(kinds == [.core, .content, .dublinCore, .other, .core, .other])
    }

    @Test func `depth and attributes have their bounds`() throws {
        let deep = XMLTree.depthLimit
        let open = { (count: Int) in String(repeating: "<a>", count: count) }
        #expect(try tree(open(deep)).nodes.count == deep + 1)
        #expect(throws: Refusal.self) { try tree(open(deep + 1)) }
        let wide = { (count: Int) in "<a" + String(repeating: " x=''", count: count) + "/>" }
        #expect(try tree(wide(1024)).attributes.count == 1024)
        let refusal = #expect(throws: Refusal.self) { try tree(wide(1025)) }
        #expect(refusal?.reason == .malformed)
    }

    @Test func `entities made of entities are refused, others are never fetched or expanded`()
        throws
    {
        let nested = "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c '&b;&b;'>]><a>&c;</a>"
        let refusal = #expect(throws: Refusal.self) { try tree(nested) }
        #expect(refusal?.reason == .expansion)
        #expect(refusal?.offset == 28)
        let plain =
            "<!DOCTYPE a [<!ENTITY b \"R&amp;D\"><!ENTITY % p SYSTEM 'file:///x'>%p;]><a>&b;</a>"
        #expect(try outline(plain) == "<a &b;")
    }

    @Test func `references are read once`() {
        let read = { (text: String) in
            String(decoding: XMLReferences.read(Array(text.utf8)[...]), as: UTF8.self)
        }
        #expect(
            read("a &amp;lt; b &#65;&#x42; &x; & &#xD800; &#0;")
                == "a &lt; b AB &x; & &#xD800; &#0;")
    }

    @Test func `no bytes trap the tree, and every span is within them`() throws {
        var seed: UInt64 = 11
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let story = Array(
            """
            <?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>
            <r xmlns:d="http://purl.org/dc/terms/"
            a='1' b="2"><!-- c --><i><![CDATA[<x>]]>&amp;&#65;</i><d:date/><p>a<p>b<br></r>
            """.utf8)
        for _ in 0..<4000 {
            var bytes = story
            for _ in 0..<(1 + random(6)) {
                bytes[random(bytes.count)] = [0x3c, 0x3e, 0x22, 0x26, 0x5d, 0, 0x80][random(7)]
            }
            bytes.removeLast(random(bytes.count))
            guard let tree = try? XMLTreeBuilder.tree(of: bytes) else { continue }
            for node in tree.nodes {
                #expect(node.span.range.upperBound <= bytes.count)
                #expect(node.inner.range.upperBound <= bytes.count)
                #expect(node.name.range.upperBound <= bytes.count)
            }
        }
    }
}
