internal import ArchiveProtocol

/// Reads the documents from elsewhere that a page shows within itself.
enum HTMLEmbeds {
    /// The document of an `iframe`, `embed`, `object` or `video`.
    static func read(_ tree: HTMLTree, _ node: Int32, base: String?) -> Embed? {
        guard let found = address(tree, node),
            let url = CanonicalURL.resolved(found, base: base), !HTMLPicture.isTiny(tree, node)
        else { return nil }
        let host = CanonicalURL.host(url)
        if let host, isNoise(host) { return nil }
        if tree[node].tag == .video, host == nil { return nil }
        return Embed(title: tree.value(node, .title), provider: host.map(provider), url: url)
    }

    private static func address(_ tree: HTMLTree, _ node: Int32) -> String? {
        if let address = tree.value(node, .source) ?? tree.value(node, .dataSource) {
            return HTMLBytes.starts(address.utf8, with: "about:") ? nil : address
        }
        if let data = tree.value(node, HTMLName("data")) { return data }
        var count = 0
        for inner in tree.descendants(of: node) {
            count += 1
            if count > 64 { return nil }
            switch tree[inner].tag {
            case .embed, .iframe, .source:
                if let address = tree.value(inner, .source) { return address }
            case .param:
                let name = tree.value(inner, .name)?.lowercased()
                if name == "movie" || name == "src" { return tree.value(inner, .value) }
            default: break
            }
        }
        return nil
    }

    /// The post of a social network that a quotation of a page stands for.
    static func post(_ tree: HTMLTree, _ node: Int32, base: String?) -> Embed? {
        let address =
            tree.rawValue(node, named: "data-instgrm-permalink").flatMap(tree.text)
            ?? tree.value(node, .dataHref) ?? tree.value(node, .cite) ?? lastLink(tree, node)
        guard let address, let url = CanonicalURL.resolved(address, base: base),
            let host = CanonicalURL.host(url)
        else { return nil }
        return Embed(provider: provider(host), url: url)
    }

    private static func lastLink(_ tree: HTMLTree, _ node: Int32) -> String? {
        var link: Int32?
        for inner in tree.descendants(of: node) where tree[inner].tag == .a { link = inner }
        return link.flatMap { tree.value($0, .href) }
    }

    /// Whether a host shows advertisements or counts visitors.
    private static func isNoise(_ host: String) -> Bool {
        let parts = [
            "doubleclick", "googlesyndication", "googletagmanager", "adservice", "adserver",
            "amazon-adsystem", "outbrain", "taboola", "scorecardresearch", "quantserve", "adsystem",
        ]
        let bytes = Array(host.utf8)
        return parts.contains { part in
            bytes.indices.contains { bytes[$0...].starts(with: part.utf8) }
        }
    }

    /// The service at a host by its usual name.
    static func provider(_ host: String) -> String {
        let labels = host.split(separator: ".")
        for (name, domain) in services
        where labels.contains(where: { $0.utf8.elementsEqual(domain.utf8) }) {
            return name
        }
        guard labels.count >= 2 else { return host }
        let label = labels[labels.count - 2]
        return label.prefix(1).uppercased() + label.dropFirst()
    }

    private static let services: [(String, String)] = [
        ("YouTube", "youtube"), ("YouTube", "youtube-nocookie"), ("YouTube", "youtu"),
        ("Vimeo", "vimeo"), ("Twitter", "twitter"), ("X", "x"), ("Instagram", "instagram"),
        ("Instagram", "instagr"), ("Facebook", "facebook"), ("Scribd", "scribd"),
        ("SoundCloud", "soundcloud"), ("Spotify", "spotify"), ("TikTok", "tiktok"),
        ("DocumentCloud", "documentcloud"), ("Vine", "vine"), ("GIPHY", "giphy"),
        ("SlideShare", "slideshare"), ("Google Maps", "maps"), ("Google", "google"),
        ("Dailymotion", "dailymotion"), ("Datawrapper", "datawrapper"), ("Datawrapper", "dwcdn"),
        ("Reddit", "reddit"), ("Bandcamp", "bandcamp"), ("Flickr", "flickr"),
        ("Storify", "storify"), ("CARTO", "carto"), ("CARTO", "cartodb"), ("Ustream", "ustream"),
    ]
}
