/// The words by which pages name their parts: of classes and ids, joined words as one.
///
/// A word stands for itself as a part (`share` of `article-share-top`) and as a whole
/// (`articleshare` of `article-share`).
enum BodyVocabulary {
    /// The kinds by the hash of each word.
    static let words: [UInt64: BodyMark] = table(parts)

    /// The kinds by the hash of each `role`.
    static let roles: [UInt64: BodyMark] = table([
        (.navigation, "navigation menu menubar toolbar search tablist"),
        (.sidebar, "complementary"), (.footer, "contentinfo banner"),
        (.overlay, "dialog alert alertdialog tooltip"),
    ])

    /// The kinds by the hash of each word that counts only where it stands alone.
    static let lone: [UInt64: BodyMark] = table([(.screenReader, "hidden hide")])

    /// The words after which a word names what stands elsewhere, or what is not there.
    static let denials = Set(
        ["has", "have", "with", "without", "no", "not", "hide"].map { BodyMarks.hash($0.utf8) })

    private static func table(_ parts: [(BodyMark, String)]) -> [UInt64: BodyMark] {
        var table: [UInt64: BodyMark] = [:]
        for (mark, words) in parts {
            for word in words.utf8.split(whereSeparator: HTMLBytes.isSpace) {
                table[BodyMarks.hash(word), default: []].formUnion(mark)
            }
        }
        return table
    }

    private static let parts: [(BodyMark, String)] = discarded + kept

    private static let discarded: [(BodyMark, String)] = [
        (
            .advertisement,
            """
            ad ads adbox advert adverts advertisement advertisements advertising adunit adslot \
            adwrapper adcontainer adlabel banner sponsor sponsored sponsoredcontent dfp gpt \
            nativeadvertisement werbung anzeige reklam reklame publicidad publicite contentmarketing
            """
        ),
        (.promotion, "promo promos promotion promobox upsell cta donate donation donations"),
        (
            .related,
            """
            related relatedarticles relatedposts relatedstories relatedcontent relatedlinks \
            recommended recommendation recommendations recirc recirculation readmore morefrom \
            moreon mostread mostpopular popular trending trendingnow outbrain taboola zergnet \
            nextarticle prevnext nextprev postnav postnavigation readnext readalso seealso \
            furtherreading similar
            """
        ),
        (
            .newsletter,
            "newsletter newsletters newsletterform mailchimp signup optin emailsignup nlsignup"
        ),
        (
            .subscription,
            "subscribe subscription subscriber paywall regwall meter membership abo subscribebox"
        ),
        (
            .share,
            """
            share sharing sharebar sharetools sharebuttons social socialbar socialmedia \
            socialshare sharedaddy addthis addtoany shariff follow followus
            """
        ),
        (
            .comment,
            """
            comment comments commentlist commentform respond disqus livefyre \
            spotim kommentare comentarios commentaires coral
            """
        ),
        (.sidebar, "sidebar sidebars rail aside rightrail leftrail"),
        (.widget, "widget widgets infobox factbox"),
        (
            .navigation,
            """
            nav navbar navigation navi menu breadcrumb breadcrumbs pagination pager jumplinks \
            toc tableofcontents skip skiplink search searchform languageswitcher
            """
        ),
        (.footer, "footer foot masthead siteheader sitefooter colophon"),
        (.consent, "cookie cookies cookiebanner consent gdpr onetrust"),
        (.overlay, "popup modal overlay lightbox tooltip interstitial"),
        (
            .tags,
            "tags taglist tagcloud tagbox taglinks topics keywords hashtags categories catlinks"
        ),
        (
            .byline,
            """
            byline author authors authorbio authorbox bio aboutauthor authorinfo authorcard \
            writer postauthor articleauthor contributor contributors
            """
        ),
        (
            .date,
            """
            date dateline datum datetime postdate articledate entrydate timestamp pubdate \
            publishdate publisheddate lastchanged lastmodified lastupdated
            """
        ),
        (
            .meta,
            "meta postmeta entrymeta articlemeta postmetadata entryutility postinfo articleinfo"
        ),
        (.account, "login register account loginform"),
        (.survey, "feedback survey poll"),
        (.teaser, "teaser teasers previewlink nativeteaser"),
        (.carousel, "carousel slider gallerycontrols slidecount"),
        (.screenReader, "sronly screenreader screenreadertext visuallyhidden isvisuallyhidden"),
        (.tools, "toolbar tools print email printonly noprint ticker correctionlink error"),
        (.legal, "disclaimer disclosure disclosures copyright legal privacy"),
        (.partner, "partner partners affiliate affiliates"),
        (.kicker, "kicker eyebrow topline overline dachzeile supertitle"),
    ]

    private static let kept: [(BodyMark, String)] = [
        (
            .caption,
            "caption captiontext captions imagecaption photocaption wpcaptiontext bildunterschrift"
        ),
        (.button, "btn button btns"),
        (
            .picture,
            """
            image images photo photograph caption picture img figure enclosure lightbox \
            wpcaption
            """
        ),
        (
            .credit,
            """
            credit credits copyright photographer source attribution photocredit imagecredit \
            fotograf urheber quelle
            """
        ),
        (
            .post,
            """
            twittertweet twittervideo instagrammedia tiktokembed fbpost fbvideo redditcard \
            blueskyembed mastodonembed imgurembedpub textpostmedia tumblrpost
            """
        ),
        (
            .standfirst,
            """
            standfirst subheadline subtitle dek articledek articlesubtitle vorspann chapo chapeau \
            sommario entradilla bajada manchet articlestandfirst
            """
        ),
        (
            .summary,
            """
            intro articleintro preface lead articlelead leadin ingress summary articlesummary \
            postexcerpt articleexcerpt storysummary summaryart abstract lede deck
            """
        ),
        (
            .live,
            "liveblog liveblogs liveticker liveevents liveevent liveupdates liveupdate livefeed"
        ),
    ]
}
