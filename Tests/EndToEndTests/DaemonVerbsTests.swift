import ArchiveProtocol
import Foundation
import Glibc
import Testing

/// Every verb of the built `archivectl` against the built daemon.
@Suite(.serialized) struct DaemonVerbsTests {
    private let ferry = Story.ferry

    /// A daemon that holds the ferry's story, and the story's id.
    private func withFerry(_ test: (RunningDaemon, String) throws -> Void) throws {
        try RunningDaemon.run { daemon in
            try daemon.drop("ferry.md", ferry.bytes)
            let hits = try daemon.lines("search", "zebrawort", "--sync")
            try test(daemon, try #require(hits.first?["id"]?.string))
        }
    }

    @Test func `an article is found and shown in every form`() throws {
        try withFerry { daemon, id in
            let search = try daemon.ctl("search", "ferry", "by:quill")
            #expect(search.output.hasPrefix("\(id)  2017-01-26  \(ferry.headline)\n"))
            #expect(search.errors == "1 shown of 1\n")
            #expect(try daemon.lines("search", "nowhere").isEmpty)

            let shown = try daemon.ctl("show", id, "--quotes")
            #expect(shown.exitCode == 0)
            #expect(shown.output.hasPrefix("\(ferry.headline)\nIda Quill\n2017-01-26 15:14\n"))
            #expect(shown.output.contains("Olive Brandt, Mayor: “We waited eleven years"))

            let record = try #require(try daemon.lines("show", String(id.prefix(6))).first)
            let article = try #require(Article(record))
            #expect(article.id == id)
            #expect(article.headline == ferry.headline)
            #expect(article.authors == ["Ida Quill"])
            #expect(article.published?.value == "2017-01-26T15:14")
            #expect(article.body.map(\.text) == ferry.paragraphs)
            #expect(article.quotations.map(\.speaker) == ["Olive Brandt"])
            #expect(article.captures.map(\.file) == ["ferry.md"])

            let text = try daemon.ctl("cat", id)
            #expect(text.output.contains("\n" + ferry.paragraphs[0] + "\n"))
            #expect(try daemon.ctl("show", "zzzzzzzzzzzz").exitCode == 4)
        }
    }

    @Test func `a search is counted, explained and put right, now and as it was`() throws {
        try withFerry { daemon, id in
            let revision = try daemon.ask("archive.status")["revision"]?.int ?? 0
            var other = Story(2, marker: "yewbarge")
            other.author = "Jo Reed"
            other.paragraphs.append("The ferry to Harbor Point waited for the boat and its ribbon.")
            try daemon.drop("barge.md", other.bytes)
            let counts = try daemon.ctl(
                "search", "ferry", "--count", "--facet", "author", "--timeline", "--sync")
            #expect(
                counts.output == "2\nauthor  1  Ida Quill\nauthor  1  Jo Reed\n2017-01  2\n")
            let old = try daemon.lines("search", "ferry", "--at", "\(revision)")
            #expect(old.map { $0["id"]?.string } == [id])
            #expect(try daemon.ctl("search", "fery").errors.hasSuffix("\nDid you mean: ferry\n"))
            let hit = try #require(try daemon.lines("search", "ferry", "--explain").first)
            let shares = try #require(hit["explanation"]?.array)
            let sum = shares.reduce(0) { $0 + ($1["score"]?.double ?? 0) }
            #expect(sum == hit["score"]?.double && sum > 0)
            let related = try daemon.lines("related", id)
            #expect(related.map { $0["headline"]?.string } == [other.headline])
        }
    }

    @Test func `raw bytes are those that were dropped, of a file and of a member`() throws {
        try withFerry { daemon, id in
            #expect(try daemon.ctl("cat", id, "--raw").bytes == ferry.bytes)
            var member = Story(2, marker: "yewbarge")
            member.paragraphs += (0..<2000).map { "Plank \($0) of the barge is sound." }
            var zip = ZipFile()
            zip.add("readme.bin", [0, 1, 2, 3])
            zip.add("stories/barge.md", member.bytes)
            try daemon.drop("bundle.zip", zip.bytes)
            let hits = try daemon.lines("search", "yewbarge", "--sync")
            let barge = try #require(hits.first?["id"]?.string)
            #expect(try daemon.ctl("cat", barge, "--raw").bytes == member.bytes)
            let members = try daemon.lines("members", "bundle.zip")
            #expect(members.map { $0["path"]?.string } == ["readme.bin", "stories/barge.md"])
            #expect(members.last?["outcome"]?.string == "stored")
            #expect(members.last?["article"]?.string == barge)
        }
    }

    @Test func `quotations and versions are told`() throws {
        try withFerry { daemon, id in
            let quotes = try daemon.lines("quotes", "--speaker", "brandt")
            #expect(quotes.map { $0["id"]?.string } == [id])
            #expect(quotes.first?["text"]?.string?.hasPrefix("We waited eleven years") == true)
            #expect(try daemon.lines("quotes", "eleven", "--speaker", "nobody").isEmpty)
            var later = ferry
            later.paragraphs.append("Correction: the ribbon was blue.")
            try daemon.drop("ferry-later.md", later.bytes)
            try daemon.settle()
            let versions = try daemon.lines("versions", id)
            #expect(versions.map { $0["version"]?.int } == [2, 1])
            #expect(versions.first?["captures"]?.array?.first?["file"]?.string == "ferry-later.md")
            #expect(try daemon.ctl("cat", id, "--raw").bytes == later.bytes)
            #expect(try daemon.ctl("cat", id, "--raw", "--version", "1").bytes == ferry.bytes)
            #expect(try daemon.status("articles").int == 1)
            #expect(try daemon.status("versions").int == 2)
        }
    }

    @Test func `why tells of a path by its name and by its place`() throws {
        try withFerry { daemon, _ in
            for subject in ["ferry.md", daemon.inbox.path + "/ferry.md"] {
                let run = try daemon.ctl("why", subject)
                #expect(run.exitCode == 0)
                #expect(run.output.contains("state:      stored since "))
            }
            try daemon.drop("half.part", ferry.bytes)
            try daemon.settle()
            let ignored = try daemon.lines("why", "half.part").first
            #expect(ignored?["state"]?.string == "ignored")
            #expect(ignored?["reason"]?.string == "partial-name")
            #expect(try daemon.ctl("why", "never-seen.md").exitCode == 4)
        }
    }

    @Test func `files are added, waited for, and named by where they came from`() throws {
        try RunningDaemon.run { daemon in
            let path = daemon.aside + "/one.md"
            try daemon.write(Story(1, marker: "ashboat").bytes, to: path)
            let added = try daemon.ctl("add", path)
            #expect(added.output == "one.md: added\n")
            let waited = try daemon.ctl(
                "add", "-", "--name", "two.md", "--wait",
                input: Story(2, marker: "oakboat").bytes)
            #expect(waited.exitCode == 0)
            #expect(waited.output.hasPrefix("two.md: stored"))
            let bad = try daemon.ctl(
                "add", "-", "--name", "bad.zip", "--wait", input: Array("PK\u{3}\u{4}xx".utf8))
            #expect(bad.exitCode == 1)
            #expect(bad.output.hasPrefix("bad.zip: quarantined"))
            #expect(try daemon.ctl("wait").output.hasPrefix("settled at revision "))
            #expect(try daemon.lines("search", "ashboat").count == 1)
            #expect(try daemon.lines("search", "oakboat").count == 1)
            // The file that was added stays where it was.
            #expect(try daemon.bytes(of: path) == Story(1, marker: "ashboat").bytes)
        }
    }

    @Test func `a broken bundle is listed with its reason, retried and discarded`() throws {
        try RunningDaemon.run { daemon in
            var zip = ZipFile()
            zip.add("story.md", ferry.bytes)
            try daemon.drop("broken.zip", Array(zip.bytes.prefix(90)))
            try daemon.settle()
            let failed = try #require(try daemon.lines("list-failed").first)
            #expect(failed["path"]?.string == "broken.zip")
            #expect(failed["reason"]?.string == "truncated")
            #expect(failed["detail"]?.string?.isEmpty == false)
            let digest = try #require(failed["digest"]?.string)
            let hex = String(digest.dropFirst(7))
            #expect(daemon.files(in: "quarantine") == [hex, hex + ".reason"])
            #expect(daemon.files(in: "originals").isEmpty)

            let retried = try daemon.ctl("retry", "broken.zip")
            #expect(retried.output == "1 put back into the queue\n")
            try daemon.settle()
            #expect(try daemon.lines("list-failed").count == 1)
            #expect(try daemon.ctl("retry", "--all").output == "1 put back into the queue\n")
            try daemon.settle()
            #expect(daemon.files(in: "quarantine") == [hex, hex + ".reason"])

            #expect(try daemon.ctl("discard", digest).output == "\(digest): discarded\n")
            #expect(try daemon.lines("list-failed").isEmpty)
            #expect(daemon.files(in: "quarantine").isEmpty)
            #expect(try daemon.lines("why", "broken.zip").first?["state"]?.string == "gone")
            #expect(try daemon.ctl("discard", digest).exitCode == 4)
        }
    }

    @Test func `the status counts what was taken in`() throws {
        try withFerry { daemon, _ in
            try daemon.drop("again.md", ferry.bytes)
            try daemon.settle()
            let run = try daemon.ctl("status")
            #expect(run.exitCode == 0)
            #expect(run.output.contains(": running since "))
            #expect(run.output.contains("1 in 1 versions, 1 quotations\n"))
            #expect(run.output.contains("1 stored, 1 duplicates, 0 ignored\n"))
            let status = try #require(try daemon.lines("status").first)
            #expect(status["originals"]?.int == 1)
            #expect(status["inbox"]?["path"]?.string == daemon.inbox.path)
            let row = try #require(try daemon.lines("why", "again.md").first)
            #expect(row["state"]?.string == "duplicate")
            #expect(try daemon.lines("list-queue").isEmpty)
            let stored = try daemon.lines("list-queue", "--state", "stored")
            #expect(stored.map { $0["path"]?.string } == ["ferry.md"])
        }
    }

    @Test func `rescan, reload, describe, call and version answer`() throws {
        try withFerry { daemon, id in
            #expect(try daemon.ctl("rescan").output == "0 found\n")
            #expect(try daemon.ctl("reload").output == "reloaded; nothing changed\n")
            let methods = try daemon.lines("describe").compactMap { $0["name"]?.string }
            #expect(methods.contains("articles.search") && methods.contains("describe"))
            let call = try daemon.ctl("call", "articles.get", "{\"id\":\"\(id)\"}")
            #expect(try JSONParser.parse(call.bytes)["id"]?.string == id)
            #expect(try daemon.ctl("call", "articles.get", "{\"idd\":\"\(id)\"}").exitCode == 2)
            #expect(try daemon.ctl("call", "--admin", "inbox.rescan").exitCode == 0)
            #expect(try daemon.ctl("version").output.hasPrefix("archivectl "))
        }
    }

    @Test func `what happened is told from a revision on`() throws {
        try withFerry { daemon, id in
            let run = try ProgramRun(
                ["monitor", "--since", "0", "-o", "json-lines", "--socket", daemon.socket],
                interrupting: id, within: .seconds(10))
            #expect(run.exitCode == 130)
            let events = try run.output.utf8.split(separator: 0x0A).map { try JSONParser.parse($0) }
            #expect(events.contains { $0["type"]?.string == "article.added" })
            #expect(events.first?["revision"]?.int == 1)
        }
    }

    @Test func `what happens is told as it happens`() throws {
        try withFerry { daemon, _ in
            let later = Story(7, marker: "elmboat")
            let run = try ProgramRun(
                ["monitor", "--type", "article.added", "--socket", daemon.socket],
                interrupting: later.headline, within: .seconds(10),
                meeting: ("from revision", { try? daemon.drop("later.md", later.bytes) }))
            #expect(run.exitCode == 130)
            #expect(run.output.contains("article.added"))
            #expect(!run.output.contains(ferry.headline))
        }
    }

    @Test func `a house style is tried before it is put into use`() throws {
        try RunningDaemon.run { daemon in
            try daemon.drop("kestrel.txt", RunningDaemon.story("kestrel"))
            try daemon.settle()
            let style = daemon.aside + "/courier.yaml"
            try daemon.write(
                Array("outlet: Kestrel Courier\ntimeZone: America/Chicago\n".utf8), to: style)
            let run = try daemon.ctl("outlets", "check", style)
            #expect(run.exitCode == 0)
            #expect(run.errors.contains(", new: "))
            #expect(run.errors.contains(" of 1 looked at, 1 in all\n"))
            try daemon.write(Array("outlet: K\nzone: x\n".utf8), to: style)
            let faulty = try daemon.ctl("outlets", "check", style)
            #expect(faulty.exitCode != 0)
            #expect(faulty.errors.contains("\(style): line 2: zone: is no key of a house style"))
            let list = try daemon.ctl("outlets")
            #expect(list.exitCode == 0 && list.errors.hasSuffix(" house styles\n"))
        }
    }
}
