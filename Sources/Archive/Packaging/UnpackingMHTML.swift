/// Reads a page saved with its parts in one message (RFC 2557), or a mail.
///
/// One page gives one capture: the root of a `multipart/related`, the richer form of a
/// `multipart/alternative`, a text that stands alone. What the page is made of is listed and passed
/// over. So are its frames, which are advertisements and buttons more often than not, unless the
/// page itself has next to no words: then it is a frameset, and the frames are what was read.
extension Unpacking {
    /// Parts of one message; the largest pages that browsers save have some hundred.
    static let partsAllowed = 10_000

    mutating func readMHTML(_ container: Container) throws {
        let message = MIMEMessage(container.source)
        var page = SavedPage()
        var parts = 0
        while let part = try nextPart(of: message, in: container) {
            parts += 1
            if parts > Self.partsAllowed {
                let words = "more than \(Self.partsAllowed) parts"
                try note(Refusal(.entryCount, words, offset: part.offset), in: container)
                break
            }
            if part.page.number != page.number {
                try close(page, in: container)
                page = SavedPage(of: part)
            }
            try read(part, of: message, into: &page, in: container)
            if meter.isSpent {
                throw Stop(refusal: Refusal(.expansion, "too many parts unpack too far"))
            }
        }
        try close(page, in: container)
        if let damage = message.damage { try note(damage, in: container) }
    }

    /// The next part; nil at the end and where the rest cannot be read.
    private mutating func nextPart(
        of message: MIMEMessage, in container: Container
    ) throws -> MIMEMessage.Part? {
        do throws(Refusal) {
            return try message.next()
        } catch {
            try note(error, in: container)
            return nil
        }
    }

    private mutating func read(
        _ part: MIMEMessage.Part, of message: MIMEMessage, into page: inout SavedPage,
        in container: Container
    ) throws {
        let path = container.prefix + part.path
        guard let encoding = part.header.transferEncoding, part.refusal == nil else {
            let refusal = part.refusal ?? Refusal(.unsupported, "an unknown encoding")
            _ = try refuse(refusal, path: path, ordinal: try count())
            return
        }
        let body = MIMEBody(message, encoding: encoding, meter: meter)
        let head: [UInt8]
        do throws(Refusal) {
            head = try body.head(Recognition.headBytes)
        } catch {
            _ = try refuse(error, path: path, ordinal: try count())
            return
        }
        let source = PeekedSource(head, then: body)
        let form = Recognition.form(of: head, name: part.header.fileName ?? [])
        switch part.kind(form) {
        case .page where page.isHeld(part), .plain where page.isHeldAsPlain:
            guard let bytes = try collect(source, of: path) else { return }
            try take(bytes, of: part, into: &page, in: container)
        case .page: try pass(source, of: part, form: form, words: Self.frame, in: container)
        case .other where page.isAlone && form.isRead:
            let ordinal = try count()
            _ = try readMember(source, head: head, path: path, ordinal: ordinal, in: container)
        default: try pass(source, of: part, form: form, words: part.words(form), in: container)
        }
        if body.isCut {
            let words = "the base64 of \(String(decoding: path, as: UTF8.self)) ends within a byte"
            try note(Refusal(.encoding, words, offset: part.offset), in: container)
        }
    }

    private static let frame = "a frame within the page, no page by itself"
}

// MARK: Pages

extension Unpacking {
    /// A page on its way through its parts.
    private struct SavedPage {
        var number = 0
        /// Whether it is one part by itself.
        var isAlone = true
        /// Which part is the root, where the message says so.
        private var start: String?
        private var location: Substring?
        var hasRoot = false
        /// Whether its frames are pages by themselves.
        var isFrameset = false
        /// The root where none is as the message says: the first page in it, else its plain text.
        var first: Held?
        var plain: Held?

        init() {}

        init(of part: MIMEMessage.Part) {
            number = part.page.number
            isAlone = part.page.isAlone
            guard !isAlone else { return }
            start = part.page.header.contentType?.parameters["start"].map {
                String(decoding: $0, as: UTF8.self).filter { $0 != "<" && $0 != ">" }
            }
            location = part.message.savedLocation?.prefix { $0 != "#" }
        }

        /// Whether `header` is that of the root; where nothing is said, the first page is.
        func isRoot(_ header: MIMEHeader) -> Bool {
            if let start { return header.identifier("content-id") == start }
            guard let location else { return true }
            return header.location("content-location")?.prefix { $0 != "#" } == location
        }

        /// Whether a page in it is read, to be the root or a frame that counts.
        func isHeld(_ part: MIMEMessage.Part) -> Bool {
            hasRoot ? isFrameset : first == nil || isRoot(part.header)
        }

        var isHeldAsPlain: Bool { isAlone || (!hasRoot && first == nil && plain == nil) }
    }

    /// A part that was read.
    private struct Held {
        var part: MIMEMessage.Part
        var bytes: [UInt8]

        var isMarkup: Bool {
            let head = Array(bytes.prefix(Recognition.headBytes))
            return part.kind(Recognition.form(of: head, name: [])) == .page
        }
    }

    /// The bytes of a part; nil where it was refused.
    private mutating func collect(
        _ source: any ByteSource, of path: [UInt8]
    ) throws -> [UInt8]? {
        do throws(Refusal) {
            return try bytes(of: source)
        } catch {
            _ = try refuse(error, path: path, ordinal: try count())
            return nil
        }
    }

    private mutating func take(
        _ bytes: [UInt8], of part: MIMEMessage.Part, into page: inout SavedPage,
        in container: Container
    ) throws {
        let held = Held(part: part, bytes: bytes)
        if page.isAlone || page.hasRoot {
            try hand(held, isRoot: page.isAlone, in: container)
        } else if !held.isMarkup {
            page.plain = held
        } else if page.isRoot(part.header) {
            page.hasRoot = true
            page.isFrameset = MarkupWords.areFew(in: bytes)
            try handWaiting(&page, in: container)
            try hand(held, isRoot: true, in: container)
        } else {
            page.first = held
        }
    }

    /// Hands on what was read before the root was met.
    private mutating func handWaiting(_ page: inout SavedPage, in container: Container) throws {
        if let plain = page.plain { try pass(plain, Self.sameAsText, in: container) }
        if let first = page.first {
            if page.isFrameset {
                try hand(first, isRoot: false, in: container)
            } else {
                try pass(first, Self.frame, in: container)
            }
        }
        page.plain = nil
        page.first = nil
    }

    /// Hands on the root of a page that never named one which is there.
    private mutating func close(_ page: SavedPage, in container: Container) throws {
        if let first = page.first {
            if let plain = page.plain { try pass(plain, Self.sameAsText, in: container) }
            try hand(first, isRoot: true, in: container)
        } else if let plain = page.plain {
            try hand(plain, isRoot: true, in: container)
        }
    }

    private static let sameAsText = "the page once more, as plain text"
}

// MARK: Members

extension Unpacking {
    private mutating func hand(_ held: Held, isRoot: Bool, in container: Container) throws {
        let path = container.prefix + held.part.path
        let header = held.part.header
        var capture = Capture(name: path, bytes: held.bytes)
        let location =
            header.location("content-location") ?? (isRoot ? held.part.message.savedLocation : nil)
        capture.url = location.flatMap(Self.address)
        if capture.url == nil, isRoot {
            capture.url = held.part.message.savedLocation.flatMap(Self.address)
        }
        capture.captured = held.part.message.text("date").flatMap(MailDate.instant)
        capture.mediaType = header.text("content-type")
        capture.recordID =
            header.identifier("content-id")
            ?? (isRoot ? held.part.message.identifier("message-id") : nil)
        try hand(
            Member(
                ordinal: try count(), path: path, size: held.bytes.count,
                content: .capture(capture), offset: held.part.offset))
    }

    /// An address on the web; a path of the machine that saved the page is none.
    private static func address(_ location: String) -> String? {
        let scheme = location.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https",
            location.dropFirst(scheme.count).hasPrefix("://"), location.utf8.count <= 8192
        else { return nil }
        return location
    }

    private mutating func pass(
        _ held: Held, _ words: String, in container: Container
    ) throws {
        try pass(
            MemorySource(held.bytes), of: held.part, form: held.isMarkup ? .html : .pageText,
            words: words, in: container)
    }

    /// Lists a part with its size and digest.
    private mutating func pass(
        _ source: any ByteSource, of part: MIMEMessage.Part, form: Form, words: String,
        in container: Container
    ) throws {
        let path = container.prefix + part.path
        var hasher = Digest.Hasher()
        var size = 0
        do throws(Refusal) {
            while true {
                let block = try source.next()
                if block.isEmpty { break }
                hasher.update(block)
                size += block.count
            }
        } catch {
            _ = try refuse(error, path: path, ordinal: try count())
            return
        }
        try hand(
            Member(
                ordinal: try count(), path: path, size: size,
                content: .passed(form: part.form(form), digest: hasher.digest(), words: words),
                offset: part.offset))
    }
}
