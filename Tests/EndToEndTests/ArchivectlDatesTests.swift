import ArchiveProtocol
import Glibc
import Testing

/// How dates are read that are given to the built program.
@Suite(.serialized) struct ArchivectlDatesTests {
    private func run(_ arguments: [String]) throws -> (
        run: ProgramRun, requests: [StubServer.Request]
    ) {
        let server = try StubServer(["articles.search": [.result(["items": []])]])
        defer { server.stop() }
        let run = try ProgramRun(arguments + ["--socket", server.path])
        return (run, server.requests)
    }

    @Test(arguments: [
        ("2017", "2017"), ("2016-02-29", "2016-02-29"),
        ("2017-01-26 15:14", "2017-01-26T15:14:00Z"),
        ("2017-01-26T15:14:00-05:00", "2017-01-26T15:14:00-05:00"),
    ])
    func `dates go to the daemon in its own form`(words: String, date: String) throws {
        let (_, requests) = try run(
            ["search", "a", "--until", words])
        #expect(requests.first?.params["until"]?.string == date)
    }

    @Test func `a span of time becomes an instant before now`() throws {
        let (run, requests) = try run(
            ["search", "a", "--since", "-2d"])
        #expect(run.exitCode == 0)
        let since = try #require(requests.first?.params["since"]?.string)
        var now = time(nil) - 2 * 86_400
        var expected = tm()
        gmtime_r(&now, &expected)
        #expect(since.hasSuffix("Z"))
        #expect(since.hasPrefix(String(expected.tm_year + 1900)))
        #expect(since.utf8.count == 20)
    }
}
