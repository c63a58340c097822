/// The names that a site goes by, as keys of titles: its own, its publisher's, its host's.
struct SiteNames {
    let keys: [[UInt8]]
    private let plain: Set<[UInt8]>

    init(_ metadata: PageMetadata, publisher: String?, style: HouseStyle?, address: String?) {
        var names = [
            metadata.first("og:site_name", "application-name", "al:android:app_name")?.text,
            publisher, metadata.first("dc.publisher", "publisher")?.text, style?.outlet,
        ].compactMap(\.self)
        if let host = address.flatMap(CanonicalURL.host) {
            names.append(host)
            names += host.split(separator: ".").dropLast().filter { $0.utf8.count > 2 }
                .map(String.init)
        }
        keys = names.map { Title.key(of: $0) }.filter { !$0.isEmpty }
        plain = Set(keys.map(Self.plain))
    }

    /// Whether `name` is one of them, spaces and an article aside.
    func contain(_ name: String) -> Bool { plain.contains(Self.plain(Title.key(of: name))) }

    /// Whether `name` is a part of the house, which goes by its letters: `MDR Thüringen`.
    func containPart(_ name: String) -> Bool {
        let letters = Array(name.utf8.prefix { $0 != 0x20 })
        guard letters.count < name.utf8.count, (2...5).contains(letters.count),
            letters.allSatisfy({ $0 &- 0x41 < 26 })
        else { return false }
        let key = HTMLBytes.lowered(letters)
        return keys.contains(key)
    }

    /// Whether the site's host has the name as one of its parts: `The Gull` at `gull.example`.
    static func isOfHost(_ name: String, _ address: String?) -> Bool {
        guard let host = address.flatMap(CanonicalURL.host) else { return false }
        let key = plain(Title.key(of: name))
        return host.split(separator: ".").contains { part in
            let part = part.utf8.filter { $0 != 0x2D }
            return part.count > 2 && (plain(part) == key || part == key)
        }
    }

    static func plain(_ key: [UInt8]) -> [UInt8] {
        let key = key.filter { $0 != 0x20 }
        return key.starts(with: Array("the".utf8)) && key.count > 6 ? Array(key.dropFirst(3)) : key
    }
}
