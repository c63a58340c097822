/// The words by which pages name the parts that are no part of the story, and the story itself.
enum HTMLDiscard {
    /// Whether an element has no text that is read.
    static func isNeverText(_ tag: HTMLTag) -> Bool {
        switch tag {
        case .script, .style, .noscript, .template, .select, .textarea, .button, .svg, .iframe,
            .head, .title, .object, .canvas, .video, .audio, .datalist:
            true
        default: false
        }
    }

    /// Whether an element names itself as something else than the story.
    static func isLeftOut(_ tree: HTMLTree, _ node: Int32) -> Bool {
        switch tree[node].tag {
        case .html, .body, .article, .main, .figure, .figcaption, .img, .picture, .h1, .head:
            return false
        case .nav, .aside, .footer, .dialog, .menu: return true
        default: break
        }
        guard tree[node].attributeCount > 0 else { return false }
        if let role = tree.value(node, .role)?.lowercased(), roles.contains(role) { return true }
        if HTMLWords.isHidden(tree, node) { return true }
        return HTMLWords.contains(tree, node, words)
    }

    private static let roles: Set<String> = [
        "navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alert", "menu",
        "menubar", "toolbar",
    ]

    private static let words = HTMLWords.set(
        """
        ad ads adbox advert advertisement advertising adunit adslot adwrapper banner sponsor \
        sponsored promo promos promotion promobox related relatedarticles relatedposts \
        relatedstories relatedcontent relatedlinks recommended recommendations recirc \
        recirculation readmore morefrom moreon mostread mostpopular popular trending newsletter \
        newsletters signup subscribe subscription subscriber paywall regwall meter share sharing \
        sharebar sharetools social socialbar socialmedia sharedaddy addthis addtoany comment \
        comments commentlist respond disqus livefyre sidebar sidebars widget widgets nav navbar \
        navigation navi menu breadcrumb breadcrumbs footer foot masthead toolbar tools cookie \
        cookies consent gdpr privacy popup modal overlay lightbox outbrain taboola zergnet dfp \
        tags taglist tagcloud topics keywords byline author authors authorbio authorbox bio date \
        dateline datum datetime postdate articledate entrydate timestamp pubdate publishdate \
        meta postmeta entrymeta articlemeta print email login register account search skip \
        pagination pager jumplinks toc disclaimer copyright legal feedback survey poll donate \
        donation donations membership partner partners affiliate affiliates teaser teasers \
        carousel slider hidden invisible sronly screenreader visuallyhidden infobox factbox rail \
        aside correctionlink upsell cta newsletterform mailchimp tooltip error noprint ticker \
        trendingnow nextarticle prevnext postnav kicker eyebrow
        """)

    /// How surely an element that names itself the story is it.
    enum Rank: CaseIterable {
        case articleBody, contentClass, article, main

        /// The part of the page's text in paragraphs that it must hold, in hundredths.
        var share: Int {
            switch self {
            case .articleBody: 30
            case .contentClass: 40
            case .article: 35
            case .main: 30
            }
        }
    }

    /// The rank of an element that names itself the story; nil for any other.
    static func rank(_ tree: HTMLTree, _ node: Int32) -> Rank? {
        let element = tree[node]
        if element.tag == .article { return isBody(tree, node) ? .articleBody : .article }
        if element.tag == .main { return isBody(tree, node) ? .articleBody : .main }
        guard element.attributeCount > 0 else { return nil }
        if isBody(tree, node) { return .articleBody }
        if element.tag.isInline || element.tag == .body || element.tag == .p { return nil }
        if HTMLWords.contains(tree, node, stories) { return .contentClass }
        if let role = tree.rawValue(node, .role),
            HTMLBytes.starts(tree.source[role.range], with: "main")
        {
            return .main
        }
        return nil
    }

    private static func isBody(_ tree: HTMLTree, _ node: Int32) -> Bool {
        guard let property = tree.value(node, .itemprop) else { return false }
        return property.split(separator: " ").contains { $0 == "articleBody" || $0 == "reviewBody" }
    }

    private static let stories = HTMLWords.set(
        """
        articlebody articlecontent articletext articlecontents storybody storycontent storytext \
        entrycontent postcontent postbody posttext bodytext bodycopy bodycontent storybodytext \
        articlebodytext fulltext articlemain contentbody articlebodycontent textcontent \
        singlecontent newsbody newscontent newstext contentarticle articledetail
        """)
}
