import ArchiveProtocol
import Foundation
import Testing

/// The two built programs against each other, as an archivist uses them.
@Suite(.serialized) struct DaemonTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are written for the shell`(shell: String) throws {
        let run = try ProgramRun(["--generate-completion-script", shell])
        #expect(run.exitCode == 0)
        #expect(run.output.contains("list-failed"))
    }

    @Test func `a question asked with sync includes the file dropped before it`() throws {
        let daemon = try RunningDaemon()
        for number in 0..<20 {
            try daemon.drop("\(number).txt", RunningDaemon.story("kestrel\(number)"))
            let run = try daemon.ctl("search", "--sync", "-o", "json-lines", "kestrel\(number)")
            #expect(run.exitCode == 0, "\(run.errors)")
            #expect(run.output.split(separator: "\n").count == 1)
        }
    }

    @Test func `an archivist's day`() throws {
        let daemon = try RunningDaemon()
        let story = RunningDaemon.story("kestrel")
        try daemon.drop("kestrel.txt", story)
        #expect(try daemon.ctl("wait").exitCode == 0)
        let found = try daemon.ctl("search", "-o", "json-lines", "kestrel")
        let hit = try JSONParser.parse(found.output.utf8.prefix { $0 != 0x0A })
        let id = try #require(hit["id"]?.string)

        #expect(try daemon.ctl("show", id).output.contains("Kestrel Bridge"))
        #expect(try daemon.ctl("cat", "--raw", id).output == String(decoding: story, as: UTF8.self))
        #expect(try daemon.ctl("quotes", "--speaker", "park").output.contains("I will resign"))
        #expect(try daemon.ctl("versions", id).output.contains("kestrel.txt"))
        #expect(try daemon.ctl("members", "kestrel.txt").output.contains("stored"))
        #expect(try daemon.ctl("why", "kestrel.txt").output.contains("stored"))
        #expect(
            try daemon.ctl("why", id, "headline").output.contains("Council Weighs the Future"))
        #expect(try daemon.ctl("status").output.contains("running"))
        #expect(try daemon.ctl("verify").exitCode == 0)
        #expect(try daemon.ctl("reload").exitCode == 0)
        #expect(try daemon.ctl("describe").output.contains("articles.search"))
        #expect(try daemon.ctl("call", "ping").exitCode == 0)
        #expect(try daemon.ctl("show", "zzzzzzzzzzzz").exitCode == 4)

        let added = try daemon.ctl("add", "-", "--name", "h.txt", "--wait", input: story + [0x0A])
        #expect(added.exitCode == 0, "\(added.errors)")
        #expect(try daemon.ctl("why", "h.txt").output.contains("stored"))
    }

    @Test func `a file that cannot be read is explained, tried again and discarded`() throws {
        let daemon = try RunningDaemon()
        // The head of a gzip file, and nothing after it.
        let broken: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        try daemon.drop("broken.txt.gz", broken)
        #expect(try daemon.ctl("wait").exitCode == 0)
        let failed = try daemon.ctl("list-failed", "-o", "json-lines")
        let row = try JSONParser.parse(failed.output.utf8.prefix { $0 != 0x0A })
        let digest = try #require(row["digest"]?.string)
        #expect(row["reason"]?.string == "truncated")
        #expect(try daemon.ctl("retry", digest).exitCode == 0)
        #expect(try daemon.ctl("wait").exitCode == 0)
        #expect(try daemon.ctl("list-failed", "-o", "json-lines").output.contains(digest))
        #expect(try daemon.ctl("discard", digest).exitCode == 0)
        #expect(try !daemon.ctl("list-failed", "-o", "json-lines").output.contains(digest))
    }

    @Test func `a flipped byte on disk is told by verify`() throws {
        let daemon = try RunningDaemon()
        try daemon.drop("kestrel.txt", RunningDaemon.story("kestrel"))
        #expect(try daemon.ctl("wait").exitCode == 0)
        let originals = daemon.home.appending(path: "state/originals")
        let files = try #require(
            FileManager.default.enumerator(at: originals, includingPropertiesForKeys: nil))
        let kept = try #require(
            files.compactMap { $0 as? URL }.first { $0.lastPathComponent.count == 64 })
        var bytes = try Data(contentsOf: kept)
        bytes[0] ^= 1
        chmod(kept.path, 0o600)
        try bytes.write(to: kept)
        #expect(try daemon.ctl("verify").exitCode == 1)
    }

    @Test func `a stopped daemon leaves in order, and goes on where it was`() throws {
        let daemon = try RunningDaemon()
        try daemon.drop("kestrel.txt", RunningDaemon.story("kestrel"))
        #expect(try daemon.ctl("wait").exitCode == 0)
        // What comes in later shifts the score, and nothing else.
        func found() throws -> [JSON.Member] {
            let items = try daemon.ask("articles.search", ["query": "kestrel"])["items"]?.array
            return (items?.first?.members ?? []).filter { $0.key != "score" }
        }
        let before = try found()
        #expect(!before.isEmpty)
        #expect(daemon.end(with: SIGTERM) == 0, "\(daemon.log)")
        #expect(try daemon.ctl("status").exitCode == 3)
        try daemon.drop("osprey.txt", RunningDaemon.story("osprey"))
        try daemon.start()
        #expect(try daemon.ctl("wait").exitCode == 0)
        #expect(try found() == before)
        #expect(try daemon.ctl("search", "osprey", "-o", "json-lines").output.contains("Osprey"))
    }

    @Test func `a second daemon on the same directory is refused`() throws {
        let daemon = try RunningDaemon()
        let second = try ProgramRun(
            [
                "--state-directory", daemon.home.appending(path: "state").path,
                "--runtime-directory", daemon.home.appending(path: "other").path,
            ], of: "archived")
        #expect(second.exitCode == 78)
        #expect(second.errors.contains("another archived"))
        #expect(try daemon.ask("ping") == [:])
    }

    @Test func `a lost database is made again from the originals, with the same names`() throws {
        let daemon = try RunningDaemon()
        for word in ["kestrel", "osprey"] {
            try daemon.drop("\(word).txt", RunningDaemon.story(word))
        }
        #expect(try daemon.ctl("wait").exitCode == 0)
        func names() throws -> Set<String> {
            let items = try daemon.ask("articles.search", [:])["items"]?.array ?? []
            return Set(items.compactMap { $0["id"]?.string })
        }
        let before = try names()
        #expect(before.count == 2)
        #expect(daemon.end(with: SIGTERM) == 0)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(
                at: daemon.home.appending(path: "state/archive.sqlite\(suffix)"))
        }
        try daemon.start()
        var after = try names()
        for _ in 0..<1000 where after.count < 2 {
            usleep(10_000)
            after = try names()
        }
        #expect(after == before)
    }

    @Test func `what parse prints is what the daemon stores`() throws {
        let daemon = try RunningDaemon()
        let story = RunningDaemon.story("kestrel")
        try daemon.drop("kestrel.txt", story)
        #expect(try daemon.ctl("wait").exitCode == 0)
        let file = daemon.home.appending(path: "kestrel.txt")
        try Data(story).write(to: file)
        let run = try ProgramRun(
            ["parse", "--config", "/nonexistent", "-o", "json-lines", file.path], of: "archived")
        #expect(run.exitCode == 0)
        let printed = try #require(Article(try JSONParser.parse(run.output.utf8)))
        var stored = try #require(
            Article(try daemon.ask("articles.get", ["id": .string(printed.id)])))
        #expect(stored.captures.count == 1)
        stored.captures = []
        #expect(stored == printed)
    }

    @Test func `parse puts articles into the lines of members, and addresses to files`() throws {
        let folder = "/tmp/archived-parse-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func put(_ name: String, _ bytes: [UInt8]) throws -> String {
            try Data(bytes).write(to: URL(filePath: folder + "/" + name))
            return folder + "/" + name
        }
        let story = try put("kestrel.txt", RunningDaemon.story("kestrel"))
        let other = try put("heron.txt", RunningDaemon.story("heron"))
        let list = try put(
            "list.tsv",
            Array(
                ("kestrel.txt\thttps://gull.example/2017/01/26/kestrel\nno tab in this line\n"
                    + "kestrel.txt\thttps://gull.example/second\n").utf8))
        let parse = ["parse", "--config", "/nonexistent", "-o", "members"]
        func lines(_ arguments: [String]) throws -> [JSON] {
            let run = try ProgramRun(parse + arguments, of: "archived")
            #expect(run.exitCode == 0)
            return try run.output.utf8.split(separator: 0x0A).map { try JSONParser.parse($0) }
        }
        let told = try lines(["--articles", "--addresses", list, story, other])
        #expect(told.map { $0["path"]?.string } == ["kestrel.txt", "heron.txt"])
        #expect(told.allSatisfy { $0["outcome"]?.string == "article" })
        #expect(
            told[0]["article"]?["url"]?.string == "https://gull.example/2017/01/26/kestrel")
        #expect(told[0]["article"]?["headline"]?.string?.contains("Kestrel") == true)
        #expect(told[1]["article"]?["url"] == nil)
        #expect(try lines([story]).first?["article"] == nil)
        let missing = try ProgramRun(
            parse + ["--addresses", folder + "/none.tsv", story], of: "archived")
        #expect(missing.exitCode != 0 && missing.output.isEmpty)
    }
}
