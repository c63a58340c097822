/// The one address of a story among the many it was reached by.
enum CanonicalURL {
    /// The address without what a capture, a campaign or a view added to it.
    ///
    /// Taken off: the web.archive.org prefix, `www.`, the default port, user and password, the
    /// fragment, tracking parameters, a slideshow's page, `amp`, the slash at the end; the scheme
    /// becomes https.
    ///
    /// - Returns: nil where `url` is no address of the web.
    static func canonical(_ url: String) -> String? {
        var address = Array(url.utf8)
        // Without its user or its port, an address may turn out to be that of an archive.
        for _ in 0..<8 {
            guard let tidied = tidied(unwrapped(address)) else { return nil }
            address = tidied
            if captured(ArraySlice(tidied)) == nil { break }
        }
        return String(decoding: address, as: UTF8.self)
    }

    private static func tidied(_ original: [UInt8]) -> [UInt8]? {
        guard let parts = Parts(original) else { return nil }
        var path = original[parts.path]
        trimPath(&path)
        var result = Array("https://".utf8)
        result.append(contentsOf: bareHost(parts, original))
        result.append(contentsOf: path)
        let query = keptQuery(original[parts.query])
        if !query.isEmpty {
            if path.isEmpty { result.append(0x2F) }
            result.append(0x3F)
            result.append(contentsOf: query)
        }
        return result
    }

    /// The host of an address in lower case without `www.`; nil where it has none.
    static func host(_ url: String) -> String? {
        let original = unwrapped(Array(url.utf8))
        guard let parts = Parts(original) else { return nil }
        return String(decoding: bareHost(parts, original, keepingPort: false), as: UTF8.self)
    }

    /// The address that a web.archive.org address is a capture of; any other as it is.
    static func withoutArchive(_ url: String) -> String {
        let bytes = Array(url.utf8)
        let original = unwrapped(bytes)
        return original.count == bytes.count ? url : String(decoding: original, as: UTF8.self)
    }

    /// The address that `url` means on a page at `base`, without an archive's prefix.
    static func resolved(_ url: String, base: String?) -> String? {
        let bytes = Array(HTMLBytes.trimmed(ArraySlice(unwrapped(Array(url.utf8)))))
        guard let first = bytes.first, first != 0x23 else { return nil }
        if Parts(bytes) != nil { return String(decoding: bytes, as: UTF8.self) }
        if HTMLBytes.starts(bytes, with: "//") {
            return Parts(Array("https:".utf8) + bytes) == nil
                ? nil : "https:" + String(decoding: bytes, as: UTF8.self)
        }
        if let colon = bytes.firstIndex(of: 0x3A),
            !bytes[..<colon].contains(where: { $0 == 0x2F || $0 == 0x3F })
        {
            return nil
        }
        guard let base else { return String(decoding: bytes, as: UTF8.self) }
        let page = unwrapped(Array(base.utf8))
        guard let parts = Parts(page) else { return String(decoding: bytes, as: UTF8.self) }
        let directory =
            first == 0x2F
            ? page[..<parts.path.lowerBound]
            : page[...(page[parts.path].lastIndex(of: 0x2F) ?? parts.path.lowerBound - 1)]
        let slash = first != 0x2F && directory.last != 0x2F ? "/" : ""
        return String(decoding: directory, as: UTF8.self) + slash
            + String(decoding: bytes, as: UTF8.self)
    }

    // MARK: The archive's prefix

    /// Takes `web.archive.org/web/20161124080554im_/` off, as often as it stands there.
    private static func unwrapped(_ url: [UInt8]) -> [UInt8] {
        var inner = ArraySlice(url)
        while let next = captured(inner) { inner = next }
        guard inner.startIndex > 0 else { return url }
        // Redirections of an archive collapse the two slashes of the scheme into one.
        for scheme in ["https:/", "http:/"] as [StaticString]
        where HTMLBytes.starts(inner, with: scheme) {
            let tail = inner.dropFirst(scheme.utf8CodeUnitCount)
            guard tail.first != 0x2F else { return Array(inner) }
            return inner.prefix(scheme.utf8CodeUnitCount) + [0x2F] + tail
        }
        return Array("http://".utf8) + inner
    }

    /// What stands behind one such prefix; a part of `url`, so that a thousand of them cost no
    /// more than their length.
    private static func captured(_ url: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = url
        if HTMLBytes.starts(rest, with: "https:") {
            rest = rest.dropFirst(6)
        } else if HTMLBytes.starts(rest, with: "http:") {
            rest = rest.dropFirst(5)
        }
        if HTMLBytes.starts(rest, with: "//") {
            rest = rest.dropFirst(2)
        } else if rest.startIndex != url.startIndex, rest.first == 0x2F {
            rest = rest.dropFirst()
        }
        if HTMLBytes.starts(rest, with: "web.archive.org") {
            rest = rest.dropFirst(15)
        } else if rest.startIndex != url.startIndex {
            return nil
        }
        guard HTMLBytes.starts(rest, with: "/web/") else { return nil }
        rest = rest.dropFirst(5)
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
        guard digits >= 4 && digits <= 14 else { return nil }
        rest = rest.dropFirst(digits)
        if rest.first == 0x2A { rest = rest.dropFirst() }
        // Three letters and an underscore are the longest.
        let modifier = rest.prefix(5).prefix { $0 != 0x2F }
        guard modifier.isEmpty || (modifier.count <= 4 && modifier.last == 0x5F) else { return nil }
        rest = rest.dropFirst(modifier.count)
        return rest.first == 0x2F ? rest.dropFirst() : nil
    }

    // MARK: The parts

    /// Where the parts of an address of the web stand.
    private struct Parts {
        var host: Range<Int>
        /// The port's digits where it is not the scheme's own.
        var port: Range<Int>?
        var path: Range<Int>
        var query: Range<Int>

        init?(_ url: [UInt8]) {
            var start = 0
            var ownPort = "80"
            if HTMLBytes.starts(url, with: "https://") {
                start = 8
                ownPort = "443"
            } else if HTMLBytes.starts(url, with: "http://") {
                start = 7
            }
            guard start > 0, !url.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
            let end = url[start...].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }
            let authority = start..<(end ?? url.count)
            if let at = url[authority].lastIndex(of: 0x40) { start = at + 1 }
            let colon = url[start..<authority.upperBound].lastIndex(of: 0x3A)
            host = start..<(colon ?? authority.upperBound)
            if let colon {
                let digits = url[colon + 1..<authority.upperBound]
                guard digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
                if !digits.isEmpty, !digits.elementsEqual(ownPort.utf8) { port = digits.indices }
            }
            guard !host.isEmpty, url[host].allSatisfy(Self.isHost) else { return nil }
            let fragment = url[authority.upperBound...].firstIndex(of: 0x23) ?? url.count
            let mark = url[authority.upperBound..<fragment].firstIndex(of: 0x3F)
            path = authority.upperBound..<(mark ?? fragment)
            query = (mark.map { $0 + 1 } ?? fragment)..<fragment
        }

        private static func isHost(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x80...0xFF: true
            default: false
            }
        }
    }

    private static func bareHost(
        _ parts: Parts, _ url: [UInt8], keepingPort: Bool = true
    ) -> [UInt8] {
        var host = HTMLBytes.lowered(url[parts.host])[...]
        while HTMLBytes.starts(host, with: "www."), host.count > 4 { host = host.dropFirst(4) }
        while host.last == 0x2E, host.count > 1 { host.removeLast() }
        if keepingPort, let port = parts.port { host += [0x3A] + url[port] }
        return Array(host)
    }

    private static func trimPath(_ path: inout ArraySlice<UInt8>) {
        while true {
            while path.last == 0x2F { path.removeLast() }
            guard let slash = path.lastIndex(of: 0x2F) else { return }
            let last = path[(slash + 1)...]
            if last.elementsEqual("amp".utf8) || last.elementsEqual("amp.html".utf8) {
                path = path[..<slash]
            } else if isSlideshow(path, slash) {
                path = path[..<(path[..<slash].lastIndex(of: 0x2F) ?? slash)]
            } else {
                return
            }
        }
    }

    /// Whether the path ends in `/slideshow/12` or the like.
    private static func isSlideshow(_ path: ArraySlice<UInt8>, _ slash: Int) -> Bool {
        let last = path[(slash + 1)...]
        guard !last.isEmpty, last.count <= 3, last.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let before = path[..<slash].lastIndex(of: 0x2F)
        else { return false }
        let word = path[(before + 1)..<slash]
        return ["slideshow", "slideshows", "slide", "gallery"].contains {
            word.elementsEqual($0.utf8)
        }
    }

    // MARK: The query

    private static func keptQuery(_ query: ArraySlice<UInt8>) -> [UInt8] {
        var kept: [UInt8] = []
        for parameter in query.split(separator: 0x26) {
            let name = HTMLBytes.lowered(parameter.prefix { $0 != 0x3D })
            if isTracking(name) || parameter.elementsEqual("amp=1".utf8) { continue }
            if !kept.isEmpty { kept.append(0x26) }
            kept.append(contentsOf: parameter)
        }
        return kept
    }

    private static func isTracking(_ name: [UInt8]) -> Bool {
        if HTMLBytes.starts(name, with: "utm_") { return true }
        return tracking.contains { name.elementsEqual($0.utf8) }
    }

    /// Parameters that tell who sent the reader, not what is read.
    private static let tracking: [String] = [
        "_ga", "_hsenc", "_hsmi", "amp", "cmpid", "dclid", "fbclid", "ftag", "gbraid", "gclid",
        "gclsrc", "guccounter", "icid", "igshid", "mbid", "mc_cid", "mc_eid", "mkt_tok", "msclkid",
        "ncid", "ocid", "outputtype", "smid", "smtyp", "sr_share", "taid", "twclid", "wbraid",
        "wt_mc", "xtor", "yclid",
    ]
}
