"""Much of one thing: a million tags, items, parts, names, none of which may cost more than once."""

import base64
import json

import forms
from forms import message
from made import Case, page, story


def cases(rng):
    yield from pages()
    yield from fields()
    yield from data()
    yield from lists()
    yield from saved()


def pages():
    def html(name, body, *expect, about, rss_mb=256):
        return Case("flood-" + name, f"flood-{name}.html", page("flood" + name.replace("-", ""),
                    body=body), *(expect or ("ingest 1",)), about=about, seconds=15, rss_mb=rss_mb)

    yield html("bold", "<b>" * 1_000_000, about="a million formatting elements left open",
               rss_mb=512)
    yield html("fonts", "".join(f"<font size={i}>" for i in range(200_000)),
               about="200,000 formatting elements, none like another")
    yield html("anchors", "".join(f"<a href=#{i}>x" for i in range(150_000)),
               about="150,000 links, each of which ends the one before")
    yield html("paragraph-ends", "</p>" * 500_000, about="ends that make paragraphs")
    yield html("tables", "<table>" * 200_000, about="tables that push each other out")
    yield html("cells", "<table><td colspan=1000000 rowspan=1000000>x" * 2_000,
               about="cells that span a million cells")
    yield html("options", "<select>" + "<option>x" * 200_000, about="choices")
    yield html("ruby", "<ruby><rt>" * 100_000, about="annotations within each other")
    yield html("headings", "<h1>Bridge</h1>" * 50_000, about="50,000 headlines")
    yield html("breaks", "x<br>" * 300_000, about="line breaks")
    yield html("frames", "<iframe srcdoc='" + "<iframe srcdoc=\"" * 50_000, about="pages in pages")
    yield html("figures", "<figure><img src=a.jpg alt=x><figcaption>A bridge. Ada Quill"
               "</figcaption></figure>" * 30_000, about="30,000 pictures")
    yield html("quotations", "<p>“We will open it again,” said Mayor Odile Park.</p>" * 20_000,
               about="20,000 quotations")
    yield html("stories", "<p>READ MORE: <a href='/2015/x'>What the Bridge Means</a></p>" * 20_000,
               about="20,000 related stories")
    yield html("embeds", "<blockquote class=twitter-tweet><p>x</p><a href=https://twitter.com/a/"
               "status/1>x</a></blockquote>" * 20_000, about="20,000 embedded posts")
    yield html("sources", "<img srcset='" + "a.jpg 1x, " * 200_000 + "'>", about="one picture of "
               "200,000 sources")
    for name in ("title", "textarea", "style", "noscript", "plaintext", "xmp", "svg"):
        yield html("open-" + name, f"<{name}>" + "x y " * 200_000,
                   about=f"a {name} that does not end")


def fields():
    def html(name, head, *expect, about, checks=()):
        return Case("field-" + name, f"field-{name}.html", page("field" + name.replace("-", ""),
                    head=head), *(expect or ("ingest 1",)), about=about, seconds=15, rss_mb=256,
                    checks=checks)

    def linked(name, words, **members):
        body = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **members})
        return html(name, f"<script type=application/ld+json>{body}</script>", about=words)

    person = {"@type": "Person", "name": "Ada Quill"}
    yield linked("authors", "50,000 writers", author=[
        {"@type": "Person", "name": f"Ada Quill {i}"} for i in range(50_000)])
    yield linked("authors-one", "one writer, 50,000 times", author=[person] * 50_000)
    yield linked("author-long", "a writer of 2 MB", author="Ada Quill " * 200_000)
    yield linked("keywords", "100,000 keywords", keywords=[f"k{i}" for i in range(100_000)])
    yield linked("section", "a section of 2 MB", articleSection="Bridges " * 250_000)
    yield linked("headline", "a headline of 2 MB", headline="Council Weighs " * 140_000)
    yield linked("body", "a text of 4 MB", articleBody="The council met on Tuesday. " * 150_000)
    yield linked("about", "subjects that hold each other", about={"about": {"about": [
        {"@id": "#a", "about": {"@id": "#a"}}] * 30_000}})
    yield html("graph", "<script type=application/ld+json>" + json.dumps({"@graph": [
        {"@type": "NewsArticle", "headline": f"Bridge {i}", "@id": f"#{i}",
         "author": {"@id": f"#{i + 1}"}} for i in range(30_000)]}) + "</script>",
        about="a graph of 30,000 articles, each the author of the one before")
    yield html("scripts", '<script type=application/ld+json>{"@type":"NewsArticle"}</script>'
               * 20_000, about="20,000 scripts of data")
    yield html("script-long", "<script type=application/ld+json>{\"headline\":\"" + "\\u0041"
               * 500_000, "ingest 0", about="a script of data that does not end")
    yield html("meta", "<meta name=author content='Ada Quill'>" * 50_000, about="50,000 authors")
    yield html("meta-long", f"<meta property=og:title content='{'Council ' * 300_000}'>",
               about="a title of 2.4 MB")
    long = "x" * 1_000_000
    yield html("canonical", f"<link rel=canonical href='https://courier.example/{long}'>",
               about="an address of 1 MB")
    yield html("canonical-file", "<link rel=canonical href='file:///etc/passwd'>",
               about="an address that is a file", checks=["notext:root:x:0"])
    yield html("canonical-steering", "<link rel=canonical href='https://courier.example/&#27;[2J"
               "&#x202e;x&#10;y'>", about="escapes in the address", checks=["noescape"])
    yield html("published", "<meta property=article:published_time content='" + "2015-03-04T" *
               50_000 + "'>", about="an instant of 550,000 letters")
    yield html("bases", "<base href=https://courier.example/>" * 50_000, about="50,000 bases")


def data():
    """Front matter and JSON."""
    def text(name, head, *expect, about):
        return Case("yaml-" + name, f"yaml-{name}.md", b"---\n" + head.encode() + b"\n---\n\n"
                    + story("yaml" + name.replace("-", "")), *(expect or ("ingest 1", "ingest 0")),
                    about=about, seconds=10, rss_mb=128)

    yield text("merge", "a: &a {b: 1}\n" + "".join(
        f"c{i}: &c{i}\n  <<: [*{'a' if i == 0 else f'c{i - 1}'}, *a]\n" for i in range(500)),
        about="anchors merged into each other")
    yield text("wide", "a: &a [" + "x," * 10_000 + "x]\nb: [" + "*a," * 10_000 + "*a]",
               "ingest 1", "ingest 0", "quarantine expansion", about="one anchor 10,000 times")
    yield text("circle", "a: &a [*a, *a]\ntitle: Bridge", about="an anchor that holds itself")
    yield text("deep", "".join(" " * i + "a:\n" for i in range(2_000)),
               about="2,000 maps in each other, by their margin")
    yield text("deep-flow", "a: " + "{a: " * 20_000, about="20,000 maps in each other, by brackets")
    yield text("dashes", "- " * 20_000 + "a", about="20,000 lists in each other, on one line")
    yield text("keys", "".join(f"k{i}: v\n" for i in range(100_000)), about="100,000 keys")
    yield text("key-twice", "title: Bridge\n" * 50_000, about="one key 50,000 times")
    yield text("key-long", "k" * 1_000_000 + ": v", about="a key of 1 MB")
    yield text("value-long", "title: " + "Bridge " * 150_000, about="a title of 1 MB")
    yield text("complex", "? " * 10_000 + "a", about="keys that are maps")
    yield text("tags", "title: !!python/object/apply:os.system ['touch made-by-yaml']\n"
               "a: !<tag:x,2000:y> 1", about="tags that would run something")
    yield text("documents", "title: Bridge\n" + "--- \n" * 50_000, about="50,000 documents")
    yield text("directive", "%YAML 9.9\n%TAG ! tag:x:\n--- \ntitle: Bridge", about="directives")
    yield text("binary", "title: !!binary " + "QUFB" * 100_000, about="bytes as a title")
    yield text("numbers", "date: " + "9" * 100_000 + "\nauthor: 0x" + "f" * 100_000
               + "\ntags: [.inf, -.inf, .nan, 1e999999]", about="numbers beyond all bounds")
    yield text("quote", 'title: "' + "\\x41" * 100_000, about="a quotation that does not end")
    yield text("block", "title: |9\n" + "x\n" * 50_000, about="a block of another margin")
    yield text("anchors", "".join(f"k{i}: &a{i} x\n" for i in range(50_000)),
               about="50,000 anchors")
    lists = '{"items":[' + ",".join('{"a":1}' for _ in range(200_000)) + "]}"
    refused = ("ingest 0", "quarantine malformed", "quarantine unsupported")
    for name, body, about in [
        ("items", lists, "200,000 objects"),
        ("twice", '{"uri":"u","headline":"A","headline":"B","uri":"v"}', "keys that come twice"),
        ("strings", json.dumps({"uri": "u", "headline": "Council " * 200_000}), "a long headline"),
        ("surrogates", '{"uri":"u","headline":"\\ud800\\udc00\\ud800 x"}', "half a letter"),
        ("numbers", '{"uri":"u","version":1e999999,"pubstatus":-0,"urgency":0.' + "1" * 100_000
         + "}", "numbers beyond all bounds"),
        ("not", '{"uri":NaN,"headline":Infinity,}', "what only JavaScript reads"),
        ("keys", json.dumps({f"k{i}": i for i in range(100_000)}), "100,000 keys"),
        ("open", '{"uri":"u","headline":"' + "a" * 500_000, "a text that does not end"),
    ]:
        yield Case("json-" + name, f"json-{name}.json", body.encode(), *refused, "ingest 1",
                   about=about, seconds=10, rss_mb=128)
    wide = '{"uri":"u","headline":"Council Weighs a Bridge","body_text":"Tuesday."}'
    yield Case("json-wide", "json-wide.json", wide.encode("utf-16"), *refused, "ingest 1",
               about="JSON in UTF-16")


def lists():
    feed = b"<?xml version='1.0'?><rss version='2.0'><channel><title>The Harlow Courier</title>"
    end = b"</channel></rss>"

    def listed(name, body, *expect, about, seconds=20):
        return Case("list-" + name, f"list-{name}.xml", feed + body.encode() + end, *expect,
                    about=about, seconds=seconds, rss_mb=256)

    none = ("ingest 0", "quarantine entry-count", "quarantine no-article")
    yield listed("million", "<item/>" * 1_000_000, *none, about="a million items of nothing",
                 seconds=60)
    yield listed("nested", "<item>" * 50_000, *none, "quarantine nesting", "quarantine malformed",
                 "ingest 0 malformed", about="50,000 items within each other")
    yield listed("stray", "</item>" * 200_000, *none, "quarantine malformed",
                 about="ends of items that never began")
    text = "The council met on Tuesday to talk about a bridge that nobody has crossed. " * 4
    yield listed("same", f"<item><guid>a</guid><title>Council Weighs a Bridge</title><description>"
                 f"{text}</description></item>" * 900, "ingest 1", "ingest 900",
                 about="one item 900 times")
    yield listed("escaped", "<item><title>Council Weighs Escapes</title><description>"
                 + "&amp;amp;" * 200_000 + text + "</description></item>", "ingest 1", "ingest 0",
                 about="references within references")
    yield listed("packed", "<item><title>Council Weighs Tags</title><description><![CDATA[<p>"
                 + "<b><i>" * 100_000 + text + "]]></description></item>", "ingest 1",
                 about="a page of 200,000 tags in an item")
    atom = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>"
    yield Case("list-atom", "list-atom.xml", (atom + "<entry/>" * 300_000 + "</feed>").encode(),
               *none, about="300,000 entries of nothing", seconds=20, rss_mb=256)


def saved():
    def mhtml(name, whole, *expect, about):
        return Case("mime-" + name, f"mime-{name}.mhtml", whole, *(expect or ("ingest 1",)),
                    about=about, seconds=15, rss_mb=128)

    html = "Content-Type: text/html; charset=utf-8"
    refused = ("quarantine malformed", "quarantine no-article", "ingest 0", "salvage 1",
               "ingest 1")
    yield mhtml("boundaries", message((html, page("mimelines") + b"\r\n--b0" * 300_000)),
                "ingest 1", "quarantine entry-count", "salvage 1", "salvage 1 entry-count",
                about="300,000 boundaries")
    yield mhtml("nearly", message((html, page("mimenearly") + b"\r\n--b" * 500_000), boundary="b0"),
                about="500,000 lines that begin like a boundary")
    yield mhtml("soft", message((html + "\r\nContent-Transfer-Encoding: quoted-printable", page(
        "mimesoft").replace(b"=", b"=3D") + b"=\r\n" * 500_000)), about="500,000 soft breaks")
    yield mhtml("equals", message((html + "\r\nContent-Transfer-Encoding: quoted-printable", page(
        "mimeequals").replace(b"=", b"=3D") + b"=" * 1_000_000)), about="a million escapes of none")
    yield mhtml("blanks", message((html + "\r\nContent-Transfer-Encoding: base64",
                base64.encodebytes(page("mimeblanks")) + b" \r\n" * 500_000)),
                about="base64 and a megabyte of blanks")
    yield mhtml("headers", message((html + "".join(f"\r\nX-{i}: y" for i in range(60_000)),
                page("mimeheaders"))), *refused, about="60,000 fields of a part")
    yield mhtml("parameters", message((html + "".join(f"; a*{i}=x" for i in range(40_000)),
                page("mimeparameters"))), *refused, about="a type of 40,000 parameters")
    yield mhtml("comments", message(("Content-Type: " + "(" * 100_000 + " text/html",
                page("mimecomments"))), *refused, about="comments within comments")
    yield mhtml("recipients", b"To: " + b"a@b.example, " * 100_000 + b"\r\n" + message(
        (html, page("mimerecipients"))), *refused, about="100,000 recipients")
    inner = b"Subject: inmost\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + page(
        "mimemessages")
    for _ in range(300):
        inner = b"MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    yield mhtml("messages", inner, *refused, "quarantine nesting",
                about="300 mails within each other")
    yield mhtml("mailbox", b"".join(b"From a@b Thu Jan  1 00:00:00 2015\nSubject: Bridge\n"
                b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx\n\n" for _ in range(20_000)),
                "ingest 0", "quarantine entry-count", "quarantine no-article", "salvage 0",
                about="20,000 mails of nothing")
    yield mhtml("charset", message(("Content-Type: text/html; charset=" + "x" * 300_000,
                page("mimecharset"))), *refused, about="an encoding of 300,000 letters")
    yield mhtml("utf7", message(("Content-Type: text/html; charset=utf-7", page(
        "mimeseven", body="<p>+ADw-script+AD4-</p>"))), about="UTF-7 is not read")
    yield mhtml("wide", message(("Content-Type: text/html; charset=utf-16le", page(
        "mimewide").decode().encode("utf-16-le"))), *refused, about="a part in UTF-16")
    yield mhtml("bomb", message(("Content-Type: application/x-gzip\r\nContent-Transfer-Encoding: "
                "base64", base64.encodebytes(forms.gzip_bomb(b"", b" ", 60))), (html, page(
                    "mimebomb"))), "ingest 1", "salvage 1 expansion", "salvage 1",
                about="a bomb beside a page")
