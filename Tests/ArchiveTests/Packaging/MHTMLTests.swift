import Testing

@testable import Archive

/// Messages made in memory.
enum Messages {
    static let page = "<html><h1>Ferry resumes</h1><p>" + String(repeating: "word ", count: 60)

    /// A page saved with its parts, as browsers write it; each part is its header and its body.
    static func saved(
        _ parts: [(String, String)], type: String = "multipart/related; boundary=\"b-1\"",
        location: String? = "https://gazette.example/ferry", end: String = "--b-1--\r\n"
    ) -> String {
        var text = "From: <Saved by Blink>\r\nSubject: Ferry\r\n"
        if let location { text += "Snapshot-Content-Location: \(location)\r\n" }
        text += "Date: Mon, 17 Dec 2018 11:14:59 -0000\r\nMIME-Version: 1.0\r\n"
        text += "Content-Type: \(type)\r\n\r\n\r\n"
        for (header, body) in parts { text += "--b-1\r\n\(header)\r\n\r\n\(body)\r\n" }
        return text + end
    }

    static func html(_ location: String, _ more: String = "") -> String {
        "Content-Type: text/html; charset=utf-8\r\nContent-Location: \(location)\(more)"
    }

    static let css = ("Content-Type: text/css\r\nContent-Location: https://c.example/a.css", "p{}")
}

struct MHTMLTests {
    private func opened(_ text: String, limits: Limits = Limits()) throws -> Opened {
        try Opened(Array(text.utf8), name: "saved.mhtml", limits: limits)
    }

    private func captures(_ opened: Opened) -> [Capture] {
        opened.members.compactMap {
            if case .capture(let capture) = $0.content { capture } else { nil }
        }
    }

    /// The bodies that were handed on as pages.
    private func pages(_ text: String) throws -> [String] {
        captures(try opened(text)).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func `the root of a saved page is a capture with its provenance`() throws {
        let id = "\r\nContent-ID: <frame-1@mhtml.blink>"
        let opened = try opened(
            Messages.saved([
                (Messages.html("https://gazette.example/ferry", id), "<p>caf\u{e9}</p>"),
                Messages.css,
            ]))
        #expect(opened.package.form == "mhtml")
        #expect(opened.reasons == [])
        #expect(
            opened.lines == [
                "https://gazette.example/ferry=<p>caf\u{e9}</p>", "https://c.example/a.css-css",
            ])
        let capture = try #require(captures(opened).first)
        #expect(capture.url == "https://gazette.example/ferry")
        #expect(capture.captured == "2018-12-17T11:14:59Z")
        #expect(capture.mediaType == "text/html; charset=utf-8")
        #expect(capture.recordID == "frame-1@mhtml.blink")
        #expect(opened.members.map(\.size) == [12, 3])
        #expect(opened.members.map(\.ordinal) == [0, 1])
        guard case .passed(_, let digest, let words) = opened.members[1].content else {
            Issue.record("the style sheet was not passed over")
            return
        }
        #expect(digest == Digest(of: Array("p{}".utf8)))
        #expect(words == "a style sheet of the page")
    }

    @Test func `the start parameter names the root, else the address does, else it is the first`()
        throws
    {
        let type = "multipart/related; start=\"<two>\"; boundary=b-1"
        let one = Messages.html("https://a.example/1", "\r\nContent-ID: <one>")
        let two = Messages.html("https://a.example/2", "\r\nContent-ID: <two>")
        let parts = [(one, "first " + Messages.page), (two, "second " + Messages.page)]
        #expect(try pages(Messages.saved(parts, type: type)).map { $0.prefix(6) } == ["second"])
        for (location, expected) in [
            ("https://a.example/2#top", "second"), ("https://a.example/3", "first "),
            (nil, "first "),
        ] {
            let text = Messages.saved(parts, location: location)
            #expect(try pages(text).map { String($0.prefix(6)) } == [expected])
        }
    }

    @Test func `frames are passed over, unless the page has next to no words of its own`() throws {
        let frame = (Messages.html("cid:frame-2@x"), "<p>in the frame</p>")
        let root = Messages.html("https://gazette.example/ferry")
        let whole = try opened(Messages.saved([(root, Messages.page), frame]))
        #expect(captures(whole).count == 1)
        #expect(whole.lines.last == "cid:frame-2@x-html")
        let frameset =
            "<frameset><frame src=\"cid:frame-2@x\"></frameset><script>"
            + String(repeating: "words ", count: 90) + "</script>"
        let empty = try opened(Messages.saved([(root, frameset), frame]))
        #expect(captures(empty).map { String(decoding: $0.bytes, as: UTF8.self) }.last == frame.1)
        #expect(captures(empty).last?.url == nil)
    }

    @Test func `of a mail the richer text is the page, and what is sent along is opened`() throws {
        let mail = """
            Received: from a by b\r\nFrom: Ada <ada@gazette.example>\r\nMessage-ID: <m1@gazette>\r
            Date: 1 Jan 2017 00:30:00 EST\r\nMIME-Version: 1.0\r
            Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r
            Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r
            Content-Type: text/plain\r\n\r\nplain words\r\n--in\r
            Content-Type: text/html\r\n\r\n<p>rich words</p>\r\n--in--\r\n--out\r
            Content-Type: application/zip; name="a.zip"\r
            Content-Transfer-Encoding: base64\r\n\r\n
            """
        let zip = BrokenContainers.zip([BrokenContainers.Part("note.txt", "in the zip")])
        var noise = Noise(seed: 3)
        let bytes = Array(mail.utf8) + noise.base64(zip) + Array("\r\n--out--\r\n".utf8)
        let opened = try Opened(bytes, name: "mail.eml")
        #expect(opened.lines.count == 4)
        #expect(opened.lines[1].hasSuffix("=<p>rich words</p>"))
        #expect(opened.lines[2...] == ["a.zip>zip", "a.zip!/note.txt=in the zip"])
        #expect(captures(opened).first?.recordID == "m1@gazette")
        #expect(captures(opened).first?.captured == "2017-01-01T05:30:00Z")
        #expect(opened.reasons == [])
    }

    @Test func `a mail that is one text is one page`() throws {
        for type in ["text/plain; charset=utf-8", "text/html"] {
            let text =
                "From: a@b\r\nMIME-Version: 1.0\r\nContent-Type: \(type)\r\n"
                + "Content-Transfer-Encoding: quoted-printable\r\n\r\nThe ferry=20re=\r\nsumes\r\n"
            #expect(try pages("\r\nFrom x Mon\n" + text) == ["The ferry resumes"])
        }
    }

    @Test func `line ends of LF, blanks behind delimiters and text around the parts do no harm`()
        throws
    {
        let text = Messages.saved(
            [(Messages.html("https://a.example/"), Messages.page)], end: "--b-1-- \t\r\nepilogue")
        let plain = text.replacing("\r\n", with: "\n").replacing("--b-1\n", with: "--b-1 \t\n")
        #expect(try pages(plain) == [Messages.page])
        let preamble = text.replacing("\r\n\r\n\r\n--", with: "\r\n\r\nmany parts\r\n-- \r\n\r\n--")
        #expect(try pages(preamble) == [Messages.page])
    }

    @Test func `boundaries are matched as they stand, to a thousand characters`() throws {
        for boundary in [
            "(.*)+[a-z]{1,99}", "a", String(repeating: "x", count: 1000), "--", "a--",
        ] {
            let text = Messages.saved(
                [(Messages.html("x"), "--\r\n--b-12\r\n" + Messages.page), Messages.css])
            let other = text.replacing("b-1", with: boundary).replacing(
                "--\(boundary)2", with: "-- no delimiter")
            #expect(try opened(other).lines.count == 2, "\(boundary)")
            #expect(try opened(other).reasons == [])
        }
    }

    @Test(arguments: [
        "multipart/related", "multipart/related; boundary=\"\"",
        "multipart/related; boundary=other",
    ])
    func `a boundary that is missing or wrong is found in the message`(type: String) throws {
        let parts = [(Messages.html("https://a.example/"), Messages.page), Messages.css]
        let opened = try opened(Messages.saved(parts, type: type))
        #expect(captures(opened).map(\.bytes) == [Array(Messages.page.utf8)])
        #expect(opened.lines.contains("https://c.example/a.css-css"))
        #expect(opened.reasons == [])
    }

    @Test func `a message that ends early gives its parts and says where it ends`() throws {
        let text = Messages.saved(
            [Messages.css, (Messages.html("https://a.example/"), Messages.page)], end: "")
        let opened = try opened(text)
        #expect(opened.lines.count == 2)
        #expect(opened.reasons == [.truncated])
        #expect(opened.package.refusals.first?.offset == text.utf8.count)
        let none = try self.opened(Messages.saved([], end: "nothing"))
        #expect(none.reasons == [.malformed])
    }

    @Test func `an unknown transfer encoding costs its part`() throws {
        let odd = "Content-Type: text/html\r\nContent-Transfer-Encoding: x-uuencode"
        let opened = try opened(
            Messages.saved([(odd, "begin"), (Messages.html("https://a.example/"), Messages.page)]))
        #expect(opened.members.count == 2)
        guard case .refused(let refusal) = opened.members[0].content else {
            Issue.record("it was read")
            return
        }
        #expect(refusal.reason == .unsupported)
        #expect(captures(opened).count == 1)
    }

    @Test func `a page is read to the limit and refused above, its neighbours are kept`() throws {
        var limits = Limits()
        limits.pageBytes = Messages.page.utf8.count
        let parts = [(Messages.html("https://a.example/"), Messages.page), Messages.css]
        #expect(captures(try opened(Messages.saved(parts), limits: limits)).count == 1)
        limits.pageBytes -= 1
        let lines = try opened(Messages.saved(parts), limits: limits).lines
        #expect(lines == ["https://a.example/!too-large", "https://c.example/a.css-css"])
    }

    @Test func `parts are counted to ten thousand and not beyond`() throws {
        let part = "--b-1\r\nContent-Type: text/css\r\n\r\nx\r\n"
        for (count, reasons) in [(10_000, []), (10_001, [Reason.entryCount])] {
            let text = Messages.saved([], end: String(repeating: part, count: count) + "--b-1--")
            let opened = try opened(text)
            #expect(opened.members.count == 10_000)
            #expect(opened.reasons == reasons)
        }
    }

    @Test func `multiparts nest to twenty and not beyond`() throws {
        func nested(_ depth: Int) -> String {
            var text = "MIME-Version: 1.0\r\n"
            for level in 1...depth {
                text += "Content-Type: multipart/mixed; boundary=b\(level)x\r\n\r\n--b\(level)x\r\n"
            }
            text += "Content-Type: text/html\r\n\r\n<p>deep</p>\r\n"
            for level in (1...depth).reversed() { text += "--b\(level)x--\r\n" }
            return text
        }
        #expect(try pages(nested(20)) == ["<p>deep</p>"])
        #expect(try opened(nested(20)).reasons == [])
        guard case .refused(let refusal)? = try opened(nested(21)).members.first?.content else {
            Issue.record("it was read")
            return
        }
        #expect(refusal.reason == .nesting)
    }

    @Test func `a header is read to a mebibyte and refused above`() throws {
        for (count, isRead) in [(10_000, true), (600_000, false)] {
            let long = "X-Long: a" + String(repeating: "\r\n b", count: count)
            let text = Messages.saved(
                [(Messages.html("https://a.example/"), Messages.page)],
                type: "text/x\r\n\(long)\r\nContent-Type: multipart/related; boundary=b-1"
            ).replacing("Content-Type: text/x\r\n", with: "")
            let opened = try opened(text)
            #expect(captures(opened).isEmpty != isRead)
            #expect(opened.reasons == (isRead ? [] : [.malformed]))
        }
    }

    @Test func `a message within a message is opened as one`() throws {
        let inner = Messages.saved([(Messages.html("https://a.example/in"), Messages.page)])
            .replacing("b-1", with: "c-2")
        let text = Messages.saved(
            [
                ("Content-Type: message/rfc822", inner),
                (Messages.html("https://a.example/b"), "<p>b"),
            ],
            type: "multipart/digest; boundary=b-1")
        #expect(try pages(text) == [Messages.page, "<p>b"])
    }

    @Test func `every message of a mailbox is opened`() throws {
        let mail = "From ada@gazette Mon Jan  2 03:04:05 2017\nFrom: a@b\nMIME-Version: 1.0\n"
        let text = "Content-Type: text/plain\n\nwords\n\nFrom the pier at 10:30 it left.\n\n"
        let saved = Messages.saved(
            [(Messages.html("https://a.example/"), Messages.page)],
            type: "multipart/alternative; boundary=b-1"
        ).split(separator: "\r\n\r\n", maxSplits: 1)[1]
        let rich = "Content-Type: multipart/alternative; boundary=b-1\n\n" + saved + "\n\n"
        let opened = try opened(mail + text + mail + rich + mail + text)
        let words = "words\n\nFrom the pier at 10:30 it left.\n"
        #expect(
            captures(opened).map { String(decoding: $0.bytes, as: UTF8.self) }
                == [words, Messages.page, words])
        #expect(opened.reasons == [])
    }
}
