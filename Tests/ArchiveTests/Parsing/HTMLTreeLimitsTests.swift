import Testing

@testable import Archive

/// Pages that are made to be slow, deep or large.
@Suite struct HTMLTreeLimitsTests {
    /// Work by count, since a clock would tell of the machine.
    private func work(_ page: String) throws -> Int {
        let (tree, work) = try HTMLTreeBuilder.measuredTree(of: Array(page.utf8))
        #expect(depth(tree) <= HTMLTreeBuilder.depthLimit)
        return work + tree.nodes.count
    }

    private static func fonts(_ count: Int) -> String {
        (0..<count).map { "<font size=\($0)>" }.joined()
    }

    private static let floods: [(String, @Sendable (Int) -> String)] = [
        ("div", { String(repeating: "<div>", count: $0) }),
        ("b", { String(repeating: "<b>", count: $0) }),
        ("a", { String(repeating: "<a>", count: $0) }),
        ("different font", { fonts($0) }),
        ("table", { String(repeating: "<table>", count: $0) }),
        ("cell", { String(repeating: "<table><tr><td>", count: $0) }),
        ("template", { String(repeating: "<template>", count: $0) }),
        ("svg", { "<svg>" + String(repeating: "<g>", count: $0) }),
        ("scope", { "<p><object>" + String(repeating: "<div>", count: $0) }),
        ("reopened", { "<p>" + fonts(200) + String(repeating: "<p>x", count: $0) }),
        ("adoption", { String(repeating: "<a><b><p></a></b>", count: $0) }),
        (
            "deep adoption",
            {
                String(repeating: "<b><div>", count: $0) + String(repeating: "</b>", count: $0)
            }
        ),
        (
            "stray",
            {
                String(repeating: "<b><div>", count: 200) + String(repeating: "</i>", count: $0)
            }
        ),
        ("foster", { "<table>" + String(repeating: "<tr>x<img>", count: $0) }),
        ("items", { String(repeating: "<ul><li><div>", count: $0) }),
        ("html", { (0..<$0).map { "<html a\($0)>" }.joined() }),
    ]

    @Test(arguments: floods.indices)
    func `twice the page is twice the work`(index: Int) throws {
        let (name, page) = Self.floods[index]
        // Beyond the limits, so that what they bound is bounded in both.
        let once = try work(page(2000))
        let twice = try work(page(4000))
        #expect(twice < 3 * once, "\(name): \(once), then \(twice)")
    }

    @Test func `formatting that is never closed makes no more than four nodes of one`() throws {
        let page = "<p>" + Self.fonts(200) + String(repeating: "<p>x", count: 5000)
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        #expect(tree.nodes.count < 4 * 10_000 + 4000)
        #expect(tree.nodes.count > 2 * 10_000)
        #expect(tree.nodes.count(where: \.isText) == 5000)
    }

    @Test func `end tags of what was too deep to open close nothing else`() throws {
        let page =
            "<section>" + String(repeating: "<div>", count: 2000) + "in"
            + String(repeating: "</div>", count: 2000) + "<p>out</section>after"
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        let section = try #require(
            tree.descendants(of: HTMLTree.root).first { tree[$0].tag == .section })
        let last = tree[section].lastChild
        #expect(tree.name(of: last) == "p")
        #expect(tree.text(of: last) == "out")
        #expect(tree[tree[section].nextSibling].isText)
    }

    @Test func `a table too deep to open leaves its words in order`() throws {
        let page =
            String(repeating: "<div>", count: 600)
            + "<table><tr><td>a<td>b</table><svg><g>c</g></svg>d"
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        #expect(tree.text(of: HTMLTree.root) == "abcd")
        #expect(depth(tree) <= HTMLTreeBuilder.depthLimit)
    }

    @Test func `a page with more nodes than its size promises is begun again with more room`()
        throws
    {
        let page = String(repeating: "<b>", count: 3) + String(repeating: "<p>", count: 5000)
        let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
        #expect(tree.nodes.count > 5000)
        #expect(tree.nodes.count(where: { $0.tag == .p }) == 5000)
    }

    @Test func `made-up pages keep their links whole and their words in number`() throws {
        var random = Dice(state: 26)
        let pieces = [
            "<b>", "</b>", "<p>", "</p>", "<table>", "</table>", "<tr>", "<td>", "x", " ", "<a>",
            "</a>", "<div>", "</div>", "<svg>", "</svg>", "<template>", "</template>", "<select>",
            "<option>", "<font color=1>", "<li>", "<h1>", "</h2>", "<form>", "</form>", "<caption>",
            "<button>", "<object>", "</object>", "<math>", "<mi>", "<frameset>", "<!--c-->",
            "</body>",
            "<nobr>", "</br>", "<html a>", "<i>", "</i>", "<foreignObject>", "<title>t</title>",
        ]
        for _ in 0..<300 {
            let page = (0..<120).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            let tree = try HTMLTreeBuilder.tree(of: Array(page.utf8))
            #expect(Self.isWhole(tree), "\(page)")
        }
    }

    /// The same throws in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Whether each child knows its parent and its neighbours.
    private static func isWhole(_ tree: HTMLTree) -> Bool {
        tree.nodes.indices.allSatisfy { index in
            var previous: Int32 = -1
            var child = tree.nodes[index].firstChild
            while child >= 0 {
                guard tree[child].parent == Int32(index), tree[child].previousSibling == previous
                else { return false }
                previous = child
                child = tree[child].nextSibling
            }
            return tree.nodes[index].lastChild == previous
        }
    }
}
