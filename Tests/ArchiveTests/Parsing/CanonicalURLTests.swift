import Glibc
import Testing

@testable import Archive

@Suite struct CanonicalURLTests {
    @Test(arguments: [
        ("http://www.Gull.Example/a/b/", "https://gull.example/a/b"),
        ("https://gull.example:443/a#top", "https://gull.example/a"),
        ("http://gull.example:80", "https://gull.example"),
        ("http://gull.example:8080/a", "https://gull.example:8080/a"),
        ("https://gull.example/a?utm_source=x&id=7&fbclid=q", "https://gull.example/a?id=7"),
        ("https://gull.example/?p=12", "https://gull.example/?p=12"),
        ("https://gull.example/a/amp/", "https://gull.example/a"),
        ("https://gull.example/a?amp=1", "https://gull.example/a"),
        ("https://gull.example/a/slideshow/3/", "https://gull.example/a"),
        ("https://user:pass@gull.example/a", "https://gull.example/a"),
        (
            "https://web.archive.org/web/20160102030405/http://www.gull.example/a",
            "https://gull.example/a"
        ),
        (
            "https://web.archive.org/web/20160102030405im_/http://gull.example/a.jpg",
            "https://gull.example/a.jpg"
        ),
        ("//web.archive.org/web/2016id_/http://gull.example/a", "https://gull.example/a"),
        ("/web/20160102030405/http://gull.example/a", "https://gull.example/a"),
        (
            "http://web.archive.org/web/20160102030405/http:/gull.example/a",
            "https://gull.example/a"
        ),
        (
            "//web.archive.org/web/2016/https://web.archive.org/web/2015/http://gull.example/a",
            "https://gull.example/a"
        ),
        ("https://gull.example/slideshow/12345", "https://gull.example/slideshow/12345"),
        ("https://www.www.gull.example/a", "https://gull.example/a"),
        ("https://web.archive.org:443/web/2016/http://gull.example/a", "https://gull.example/a"),
        ("https://me@web.archive.org/web/2016/http://gull.example/a", "https://gull.example/a"),
        (
            "//web.archive.org/web/2016/web.archive.org/web/2015/gull.example",
            "https://gull.example"
        ),
    ])
    func `one story has one address`(url: String, expected: String) {
        #expect(CanonicalURL.canonical(url) == expected)
    }

    @Test(arguments: [
        "", "mailto:ida@gull.example", "javascript:x()", "gull.example/a", "ftp://gull.example/",
        "https://", "https:///a", "http://a b/", "https://gull.example/a b", "http://gull:x/",
    ])
    func `what is no address of the web has none`(url: String) {
        #expect(CanonicalURL.canonical(url) == nil)
        #expect(CanonicalURL.host(url) == nil)
    }

    @Test(arguments: [
        "http://www.Gull.Example/A/b/?utm_source=x&id=7#y", "https://gull.example/a/amp/",
        "https://web.archive.org/web/2016im_/http://gull.example/a/",
        "https://www.www.gull.example",
    ])
    func `a canonical address is its own`(url: String) {
        let once = CanonicalURL.canonical(url)
        #expect(once.flatMap(CanonicalURL.canonical) == once)
        #expect(CanonicalURL.host(url) == "gull.example")
    }

    @Test(
        arguments: [
            ("/b", "https://gull.example/b"), ("b", "https://gull.example/a/b"),
            ("//other.example/c", "https://other.example/c"), ("#top", nil), ("mailto:x@y", nil),
            ("https://web.archive.org/web/2016/http://gull.example/c", "http://gull.example/c"),
            ("/web/20160102im_/http://gull.example/d.jpg", "http://gull.example/d.jpg"),
        ] as [(String, String?)])
    func `a link is read against its page`(link: String, expected: String?) {
        #expect(CanonicalURL.resolved(link, base: "https://gull.example/a/x") == expected)
    }

    @Test func `a thousand prefixes of an archive cost no more than their length`() {
        func time(_ count: Int) -> Duration {
            let url = "//" + String(repeating: "web.archive.org/web/2016/", count: count) + "a"
            var start = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            #expect(CanonicalURL.withoutArchive(url) == "http://a")
            var end = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            return .seconds(end.tv_sec - start.tv_sec)
                + .nanoseconds(end.tv_nsec - start.tv_nsec)
        }
        // A quadratic reader would take 256 times as long for 16 times as much.
        #expect(time(32_000) < max(time(2_000), .milliseconds(2)) * 64)
    }
}
