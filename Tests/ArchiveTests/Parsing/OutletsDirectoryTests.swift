import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// House styles read from YAML.
struct OutletsDirectoryTests {
    private func load(_ yaml: String) throws -> HouseStyles {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(yaml.utf8).write(to: folder.appending(path: "paper.yaml"))
        return try OutletsDirectory.load(folder.path)
    }

    @Test func `a style applies by host and by the words of its banner`() throws {
        let styles = try load(
            """
            outlet: The Harbor Post
            hosts: [harborpost.example]
            timeZone: Europe/Berlin
            banners: ["Kept by the Harbor Library. All of it."]
            """)
        #expect(styles.style(forHost: "www.harborpost.example")?.outlet == "The Harbor Post")
        #expect(styles.style(forHost: "news.harborpost.example:8080") != nil)
        #expect(styles.style(forHost: "notharborpost.example") == nil)
        #expect(styles.style(forText: "Kept by the Harbor Library.All\nof it.\n\nTitle") != nil)
        #expect(styles.style(forText: "Kept by the Harbor Society. All of it.") == nil)
    }

    @Test(arguments: [
        ("outlet: A\nbaners: [x]", "baners"), ("hosts: [a.example]", "outlet"),
        ("outlet: A\ntimeZone: Mars/Olympus", "timeZone"), ("outlet: A\nhosts: a.example", "hosts"),
        ("outlet: A\nsection: middle", "section"), ("outlet: A\neditions: [north]", "editions"),
    ])
    func `a fault names the file and the key`(yaml: String, key: String) throws {
        let failure = try #require(throws: OutletsDirectory.Failure.self) { try load(yaml) }
        #expect(failure.key == key)
        #expect(failure.path.hasSuffix("/paper.yaml"))
    }

    @Test func `a fault names the line and what to do`() throws {
        let faults = [
            (
                """
                # A paper.
                outlet: A

                furnitures: [x]
                """, 4, "furniture, hosts"
            ),
            ("outlet: A\ntimeZone: Mars/Olympus\n", 2, "America/New_York"),
            ("outlet: A\nhosts: a.example\n", 2, "behind a hyphen"),
        ]
        for (yaml, line, remedy) in faults {
            let failure = try #require(throws: OutletsDirectory.Failure.self) { try load(yaml) }
            #expect(failure.line == line)
            #expect(failure.description.contains("/paper.yaml: line \(line): "))
            #expect(failure.description.contains(remedy))
        }
        let long = "outlet: A\nhosts: [" + String(repeating: "a.example, ", count: 8000) + "]"
        let failure = try #require(throws: OutletsDirectory.Failure.self) { try load(long) }
        #expect(failure.description.contains("65536 bytes"))
    }

    @Test func `a directory that is missing is refused`() {
        #expect(throws: OutletsDirectory.Failure.self) {
            try OutletsDirectory.load("/nonexistent/outlets")
        }
    }

    @Test func `the address of a page chooses the edition`() throws {
        let styles = try load(
            """
            outlet: The Post
            hosts: [post.example]
            timeZone: America/New_York
            editions: ["chicago = America/Chicago"]
            section: after-date
            """)
        let page = PageTextParserTests.page([], url: "https://post.example/chicago/20130415/lake/x")
        #expect(styles.style(for: page)?.timeZone?.identifier == "America/Chicago")
    }

    @Test func `an address gives day and section`() {
        let address = PageAddress("https://www.post.example/new-york/20170126/civic-center/a-story")
        #expect(address.host == "post.example")
        #expect(address.date?.value == "2017-01-26")
        #expect(address.section(.afterDate) == "Civic Center")
        #expect(PageAddress("http://a.example/2017/02/30/x").date == nil)
        #expect(PageAddress("http://a.example/tags/x/page/3").isListing)
        #expect(!PageAddress("http://a.example/2017/01/26/tags").isListing)
    }
}
