import ArchiveProtocol
import Testing

@testable import Archive

/// What the body of a page holds, in one line: `p(b('x'))`.
private func outline(_ page: String) throws -> String {
    try bodyOutline(HTMLTreeBuilder.tree(of: Array(page.utf8)))
}

/// What the body holds, in one line.
func bodyOutline(_ tree: HTMLTree) throws -> String {
    let body = try #require(tree.descendants(of: HTMLTree.root).first { tree[$0].tag == .body })
    return lineOutline(tree, within: body)
}

/// What stands within `root`, in one line: `p('a' b('x'))`.
func lineOutline(_ tree: HTMLTree, within root: Int32) -> String {
    var result = ""
    var open: [Int32] = []
    for node in tree.descendants(of: root) where node != root {
        while let last = open.last, tree[node].parent != last {
            open.removeLast()
            result += ")"
        }
        if !result.isEmpty, !result.hasSuffix("(") { result += " " }
        switch tree[node].kind {
        case .text:
            var bytes: [UInt8] = []
            tree.append(node, to: &bytes)
            result += "'\(String(decoding: bytes, as: UTF8.self))'"
        case .comment: result += "!\(tree.plainText(tree[node].content))"
        case .doctype: result += "!doctype"
        default:
            result += tree.name(of: node) + "("
            open.append(node)
        }
    }
    return result + String(repeating: ")", count: open.count)
}

/// How deep the tree is.
func depth(_ tree: HTMLTree) -> Int {
    var deepest = 0
    var depths = [Int](repeating: 0, count: tree.nodes.count)
    for node in tree.descendants(of: HTMLTree.root) where node != HTMLTree.root {
        depths[Int(node)] = depths[Int(tree[node].parent)] + 1
        deepest = max(deepest, depths[Int(node)])
    }
    return deepest
}

@Suite struct HTMLTreeTests {
    @Test(arguments: [
        ("<p>a<p>b", "p('a') p('b')"),
        ("<p>a<div>b</div>", "p('a') div('b')"),
        ("<ul><li>a<li>b</ul>c", "ul(li('a') li('b')) 'c'"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "ul(li('a' ul(li('b'))) li('c'))"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt('a') dd('b') dt('c'))"),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>d",
            "table(tbody(tr(td('a') td('b')) tr(td('c')))) 'd'"
        ),
        (
            "<table><tr><td><table><tr><td>a</table><td>b</table>",
            "table(tbody(tr(td(table(tbody(tr(td('a'))))) td('b'))))"
        ),
        ("<select><option>a<option>b</select>", "select(option('a') option('b'))"),
        ("<br>a<img>b", "br() 'a' img() 'b'"),
        ("<b>a</i>b</b>c", "b('a' 'b') 'c'"),
        ("<div><b>a</div>b", "div(b('a')) b('b')"),
        ("<a href=x>a<a href=y>b</a>c", "a('a') a('b') 'c'"),
        ("<x-y><p>a</x-y>b", "x-y(p('a' 'b'))"),
        ("<svg><path/><g>a</g></svg>b", "svg(path() g('a')) 'b'"),
        ("<td>a</p>b</td>", "'a' p() 'b'"),
        ("<h2>a<h3>b</h3>c", "h2('a') h3('b') 'c'"),
    ])
    func `end tags that are left out are supplied`(page: String, expected: String) throws {
        #expect(try outline(page) == expected)
    }

    @Test func `content below the depth limit is kept and the tree stays shallow`() throws {
        let page = String(repeating: "<div>", count: 50_000) + "deep"
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        #expect(depth(tree) <= HTMLTreeBuilder.depthLimit)
        #expect(tree.text(of: HTMLTree.root) == "deep")
    }

    @Test(arguments: [
        String(repeating: "<", count: 200_000), String(repeating: "</x>", count: 50_000),
        String(repeating: "&amp", count: 50_000), String(repeating: "&", count: 200_000),
        String(repeating: "<a href=\"", count: 20_000), String(repeating: "<!--", count: 50_000),
        String(repeating: "<b><p>", count: 30_000),
        String(repeating: "<table><tr><td>", count: 9_000),
        String(repeating: "<script><!--<script>", count: 9_000),
        String(repeating: "<![CDATA[", count: 20_000),
        String(repeating: "<figure><img src=a>", count: 9_000),
    ])
    func `a flood is read to its end`(page: String) throws {
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        #expect(tree.nodes.count <= 4 * page.utf8.count)
        #expect(depth(tree) <= HTMLTreeBuilder.depthLimit)
        let text = HTMLText.read(tree, within: HTMLTree.root, base: nil)
        #expect(text.pieces.allSatisfy { $0.range.upperBound <= page.utf8.count })
    }

    @Test func `a page of too many elements is refused with the place`() throws {
        let page = Array(String(repeating: "<a></a>", count: 1000).utf8)
        let refusal = #expect(throws: Refusal.self) {
            try HTMLTreeBuilder.tree(of: page, nodeLimit: 500)
        }
        #expect(refusal?.reason == .tooLarge)
        #expect(refusal?.offset != nil)
    }

    @Test func `a bare anchor is no link`() throws {
        let page = "<p><a>The council met.</a></p><p><a href=/b>The council met.</a></p>"
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        let text = HTMLText.read(tree, within: HTMLTree.root, base: nil)
        #expect(text.pieces.map(\.linkBytes) == [0, 16])
    }

    @Test func `blocks, pictures, embedded documents and offers are told apart`() throws {
        let page = """
            <h2>Heading</h2><p>One <b>bold</b><br>line.</p>Loose<br><br>text
            <blockquote>Said so.</blockquote><ul><li>Item</li></ul>
            <figure><img src="/a.jpg" alt="A"><figcaption>A crane. <span class="credit">Photo: Ida
            Roe</span></figcaption></figure>
            <p>READ MORE: <a href="/b">Bridge closes for repairs</a></p>
            <iframe src="https://www.youtube.com/embed/x"></iframe><script>no()</script>
            """
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        let text = HTMLText.read(tree, within: HTMLTree.root, base: "https://news.example/c/d")
        let blocks = text.pieces.map { "\($0.kind) \(String(decoding: $0.text, as: UTF8.self))" }
        #expect(
            blocks == [
                "heading Heading", "paragraph One bold line.", "paragraph Loose", "paragraph text",
                "quote Said so.", "listItem Item",
            ])
        #expect(text.images.map(\.value.caption) == ["A crane."])
        #expect(text.images.map(\.value.credit) == ["Ida Roe"])
        #expect(text.images.map(\.value.url) == ["https://news.example/a.jpg"])
        #expect(text.related.map(\.value.headline) == ["Bridge closes for repairs"])
        #expect(text.related.map(\.value.label) == ["READ MORE"])
        #expect(text.related.map(\.value.url) == ["https://news.example/b"])
        #expect(text.embeds.map(\.value.provider) == ["YouTube"])
    }

    @Test(
        arguments: [
            ("Rain on Elm Street (Ida Roe/The Gull)", "Rain on Elm Street", "Ida Roe/The Gull"),
            ("(Ida Roe)", nil, "Ida Roe"), ("Photo by Ida Roe", nil, "Ida Roe"),
            ("The mayor (left) spoke.", "The mayor (left) spoke.", nil),
            ("The mayor (left)", "The mayor (left)", nil), ("A map (1902)", "A map (1902)", nil),
            ("Rain. Photo: Ida Roe", "Rain.", "Ida Roe"),
        ] as [(String, String?, String?)])
    func `a credit is parted from its caption`(line: String, caption: String?, credit: String?) {
        let words = HTMLPicture.split(Array(line.utf8))
        #expect(words.caption == caption)
        #expect(words.credit == credit)
    }
}
