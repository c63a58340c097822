import ArchiveProtocol
import CLinux
import Glibc
import Testing

@testable import Archive

@Suite("Descriptors that travel with a line", .serialized)
struct DescriptorPassingTests {
    @Test
    func `a file comes along with its request`() async throws {
        try await withServer { running in
            let client = try running.client()
            for size in [0, 5, 70_000] {
                try send(client, [memfd(size)], size, "size")
                #expect(try client.answer()["result"]?.int == size)
            }
        }
    }

    @Test
    func `requests in one read have their own files or none`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.ask(1, "size")
            try send(client, [memfd(22)], 2, "size")
            try send(client, [memfd(33)], 3, "size")
            client.ask(4, "size")
            var sizes: [Int: Int] = [:]
            for _ in 0..<4 {
                let answer = try client.answer()
                sizes[try #require(answer["id"]?.int)] = answer["result"]?.int ?? -1
            }
            #expect(sizes == [1: -1, 2: 22, 3: 33, 4: -1])
        }
    }

    @Test
    func `a file that comes in the middle of a line is no line's`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send(#"{"jsonrpc":"2.0","id":1,"#)
            client.ask(0, "never")  // makes the line longer than one piece, and no JSON
            #expect(try client.error() == "parseError")
            client.send(#"{"jsonrpc":"2.0","id":1,"#)
            #expect(eventually { pending(client) == 0 })
            let rest = #""method":"size"}"# + "\n"
            try sendBytes(client, [memfd(5)], Array(rest.utf8))
            #expect(try client.error() == "invalidParams")
        }
    }

    @Test
    func `files that nobody asked for are closed`() async throws {
        try await withServer { running in
            let client = try running.client()
            let marks = "/tmp/archived-test-"
            let before = openDescriptors(marks)
            for id in 0..<10 {
                let files = [memfd(1), memfd(2), memfd(3)]
                try send(client, files, id, id % 2 == 0 ? "echo" : "size")
                _ = client.line()
                try send(client, [memfd(1)], id, "articles.get", #"{"id":"cached"}"#)
                _ = client.line()
            }
            #expect(eventually { openDescriptors(marks) == before })
        }
    }

    @Test
    func `answers bring their files with their first byte`() async throws {
        try await withServer { running in
            let client = try ArchiveClient(path: running.path, timeout: .seconds(20))
            for size in [3, 40_000, 7] {
                let (result, file) = try client.call("open", ["bytes": .integer(size)])
                let number = try #require(file)
                var status = stat()
                fstat(number, &status)
                close(number)
                #expect(result == [:])
                #expect(Int(status.st_size) == size)
                #expect(try client.call("echo").descriptor == nil)
            }
        }
    }

    private func send(
        _ client: RawClient, _ files: [Int32], _ id: Int, _ method: String, _ params: String = "{}"
    ) throws {
        let line = #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
        try sendBytes(client, files, Array((line + "\n").utf8))
    }

    /// Sends all of `files`, which are closed here, with the first of `bytes`.
    private func sendBytes(_ client: RawClient, _ files: [Int32], _ bytes: [UInt8]) throws {
        let sent = bytes.withUnsafeBytes {
            DescriptorPassing.send(client.number, $0, descriptors: files)
        }
        for file in files { close(file) }
        try #require(sent == bytes.count)
    }

    /// How many bytes the daemon has not read yet.
    private func pending(_ client: RawClient) -> Int32 {
        var count: Int32 = 0
        // SIOCOUTQ, which Swift cannot import.
        withUnsafeMutablePointer(to: &count) { _ = ioctl(client.number, 0x5411, $0) }
        return count
    }
}
