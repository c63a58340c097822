"""Web archives and saved pages: lengths, codings, chunks, boundaries that lie."""

import base64

import forms
from forms import gzip_of, message, record, response, zip_of
from made import Case, page


def cases(rng):
    yield from lengths()
    yield from payloads()
    yield from packed()
    yield from answers()
    yield from older()
    yield from saved()


def capture(word, *fields, length=None, version="1.0", extra=()):
    return record("response", response(page(word), *fields), *extra, length=length,
                  version=version, uri=f"https://courier.example/{word}")


def lengths():
    one = ("salvage 1 corrupt", "salvage 1 truncated")

    def warc(name, *records, expect, about, checks=(), rss_mb=64):
        return Case("warc-" + name, f"warc-{name}.warc", b"".join(records), *expect, about=about,
                    checks=checks, rss_mb=rss_mb)

    for name, length, about in [
        ("short", 100, "too short"), ("long", 2_000, "too long"), ("negative", -5, "negative"),
        ("beyond", 2 ** 64 + 7, "past 2^64"), ("none", False, "missing"),
        ("words", "many", "no number"), ("hex", "0x400", "hexadecimal"),
        ("plus", "+700", "with a sign"),
    ]:
        yield warc(name, capture("warc" + name, length=length), capture("warc2" + name),
                   expect=one + ("ingest 2", "salvage 2 corrupt"),
                   about=f"a length that is {about}")
    yield warc("huge", capture("warchuge", length=2 ** 63 - 1), expect=[
        "quarantine truncated", "salvage 1 truncated"], about="a length of 2^63 - 1")
    yield warc("twice", capture("warctwice", extra=["Content-Length: 3"]), expect=[
        "quarantine corrupt", "salvage 1 corrupt"], about="two lengths")
    yield warc("head", capture("warchead", extra=["X: " + "y" * 400_000]), expect=[
        "ingest 1", "quarantine corrupt"], about="a field of 400,000 bytes")
    yield warc("fields", capture("warcfields", extra=[f"X-{i}: y" for i in range(30_000)]),
               expect=["ingest 1", "quarantine corrupt"], about="30,000 fields",
               checks=["linear"])
    yield warc("version", capture("warcversion", version="7.3"), expect=[
        "quarantine unsupported", "ingest 1"], about="a version that is none")
    yield warc("between", capture("warcone"), b"\xde\xad" * 700, capture("warctwo"),
               expect=["salvage 2 corrupt"], about="noise between records")
    yield warc("cut", capture("warcwhole") + capture("warccut")[:-300], expect=[
        "salvage 1 truncated", "salvage 2 truncated"], about="cut in a record")
    yield warc("lines", *[b"WARC/1.0\r\n" * 40_000], expect=[
        "quarantine corrupt", "quarantine truncated"], about="40,000 beginnings",
        checks=["linear"])
    yield warc("steering", record(
        "response", response(page("warcsteering")),
        uri="https://courier.example/\x1b[2J\u202ex\x9b31m"), expect=["ingest 1"],
        about="escapes in the address", checks=["noescape"])
    yield warc("file", record("response", response(page("warcfile")), uri="file:///etc/passwd"),
               expect=["ingest 1"], about="an address that is a file",
               checks=["notext:root:x:0"])
    yield warc("circle", *[record(
        "revisit", response(b""), f"WARC-Refers-To-Target-URI: https://courier.example/{i ^ 1}",
        "WARC-Refers-To-Date: 2015-03-04T07:33:00Z", uri=f"https://courier.example/{i}")
        for i in range(2)], expect=["quarantine no-article", "ingest 0"],
        about="revisits of each other")


def payloads():
    def warc(name, body, *fields, expect=("ingest 1",), about, checks=(), rss_mb=64, more=b""):
        whole = record("response", response(body, *fields),
                       uri=f"https://courier.example/p{name}") + more
        return Case("http-" + name, f"http-{name}.warc", whole, *expect, about=about,
                    checks=checks, rss_mb=rss_mb)

    bombed = ("salvage 1 expansion", "quarantine expansion")
    head = page("bombhead").replace(b"</article></body></html>", b"<p>")
    after = capture("afterbomb")
    yield warc("gzip-bomb", forms.gzip_bomb(head, b"ha ", 70), "Content-Encoding: gzip",
               expect=bombed, about="70 MiB in gzip", rss_mb=96, more=after)
    yield warc("brotli-bomb", forms.brotli_bomb(head, 0x61, 128), "Content-Encoding: br",
               expect=bombed, about="1 GiB in brotli, 300,000 to 1", rss_mb=96,
               more=after.replace(b"afterbomb", b"afterbrotli"))
    yield warc("zstd-bomb", forms.zstd_frame(head, (b"a", 1 << 30)), "Content-Encoding: zstd",
               expect=bombed, about="1 GiB in zstd", rss_mb=96,
               more=after.replace(b"afterbomb", b"afterzstd"))
    twice = gzip_of(forms.gzip_bomb(head, b"a", 100))
    yield warc("twice-bomb", twice, "Content-Encoding: gzip, gzip", expect=bombed,
               about="100 MiB in gzip in gzip", rss_mb=96,
               more=after.replace(b"afterbomb", b"aftertwice"))
    yield warc("codings", page("codings"), "Content-Encoding: " + ", ".join(["gzip"] * 3_000),
               expect=["ingest 1", "quarantine unsupported"], about="3,000 codings")
    yield warc("coding-lie", page("codinglie"), "Content-Encoding: br",
               about="says brotli, is none")
    yield warc("chunk-huge", b"FFFFFFFFFFFFFFFF\r\n" + page("chunkhuge"),
               "Transfer-Encoding: chunked",
               expect=["ingest 1", "salvage 1 truncated", "quarantine corrupt",
                       "quarantine truncated", "salvage 1 corrupt"], about="a chunk of 2^64 - 1")
    chunks = b"".join(b"1;x=%d\r\n%c\r\n" % each for each in enumerate(page("chunks")))
    yield warc("chunks", chunks + b"0\r\n\r\n", "Transfer-Encoding: chunked",
               about="chunks of one byte")
    yield warc("chunk-lie", page("chunklie"), "Transfer-Encoding: chunked",
               about="says chunks, has none")
    yield warc("type-lie", page("typelie"), "Content-Type: image/png",
               about="two types, one of them an image")


def answers():
    """What a server may have said, and a crawler kept."""
    def warc(name, head, *expect, about, kind="response", fields=(), body=None, checks=()):
        block = head + (page("answer" + name.replace("-", "")) if body is None else body)
        data = record(kind, block, *fields, uri=f"https://courier.example/{name}")
        return Case("answer-" + name, f"answer-{name}.warc", data, *(expect or ("ingest 1",)),
                    about=about, checks=checks, seconds=10)

    line = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    unread = ("ingest 1", "ingest 0", "quarantine corrupt", "quarantine malformed",
              "salvage 0 corrupt", "salvage 0 malformed", "salvage 1 truncated",
              "salvage 1 corrupt", "quarantine truncated")
    yield warc("fields", line + b"".join(b"X-%d: y\r\n" % i for i in range(60_000)) + b"\r\n",
               *unread, about="60,000 fields")
    yield warc("field", line + b"X: " + b"y" * 3_000_000 + b"\r\n\r\n", *unread,
               about="a field of 3 MB")
    yield warc("folded", line + b"X: y\r\n" + b" y\r\n" * 100_000 + b"\r\n", *unread,
               about="a field folded 100,000 times")
    yield warc("long", line + b"Content-Length: 99999999999999999999\r\n\r\n", *unread,
               about="a length of 10^20")
    yield warc("short", line + b"Content-Length: 3\r\n\r\n", *unread, about="a length of 3")
    yield warc("negative", line + b"Content-Length: -1\r\n\r\n", *unread,
               about="a length of -1")
    yield warc("status", b"HTTP/9.9 99999999999999999999 \x1b[2J\r\n\r\n", *unread,
               about="a status of 10^20", checks=["noescape"])
    yield warc("none", b"\r\n" * 50_000, *unread, about="an answer of empty lines")
    yield warc("bare", b"", *unread, about="an answer without a head")
    yield warc("types", line + b"Content-Type: text/html; charset=x\r\n" * 20_000 + b"\r\n",
               *unread, about="20,000 types")
    yield warc("resource", b"", about="a page without a head", kind="resource",
               fields=["Content-Type: text/html"])
    yield warc("part", line + b"\r\n", "quarantine unsupported", "salvage 0 unsupported",
               about="the first of several parts", fields=["WARC-Segment-Number: 1"])
    yield warc("parts", line + b"\r\n", "ingest 0", "quarantine no-article", "salvage 0 no-article",
               about="the last of several parts", kind="continuation",
               fields=["WARC-Segment-Number: 18446744073709551617"])
    for name, value, about in [
        ("date", "WARC-Date: 99999-99-99T99:99:99Z", "a date beyond all"),
        ("date-long", "WARC-Date: " + "2015-" * 50_000, "a date of 250,000 letters"),
        ("address", "WARC-Target-URI: https://courier.example/" + "x" * 900_000,
         "an address of 900,000 letters"),
        ("address-steering", "WARC-Target-URI: https://x/\u202e\x1b[2J\x9b", "escapes"),
        ("address-script", "WARC-Target-URI: javascript:alert(1)", "a script for an address"),
        ("digest", "WARC-Block-Digest: sha1:" + "A" * 300_000, "a digest of 300,000 letters"),
        ("digest-kind", "WARC-Payload-Digest: rot13:abc", "a digest of a kind that is none"),
        ("length", "Content-Length: 5\r\nContent-Length: 5", "three lengths"),
        ("id", "WARC-Record-ID: <urn:uuid:>" * 3_000, "an identifier of 80,000 letters"),
    ]:
        yield warc("of-" + name, line + b"\r\n", *unread, "salvage 1 digest", "salvage 0",
                   about=about, fields=[value], checks=["noescape"])


def older():
    """ARC, and packages that tell of what is not there."""
    unread = ("ingest 1", "salvage 1 corrupt", "salvage 1 truncated", "quarantine corrupt",
              "quarantine truncated", "salvage 1 malformed", "quarantine malformed", "ingest 0",
              "quarantine unsupported", "salvage 0 corrupt", "salvage 0 truncated")
    head = b"filedesc://a.arc 0.0.0.0 20150304073300 text/plain 75\n1 0 Courier\nURL IP-address "
    head += b"Archive-date Content-type Archive-length\n\n"
    block = response(page("arc"))

    def arc(name, line, about, tail=b"", data=None):
        whole = head + (line + b"\n" + block + b"\n" + tail if data is None else data)
        return Case("arc-" + name, f"arc-{name}.arc", whole, *unread, about=about)

    told = b"https://courier.example/arc 192.0.2.1 20150304073300 text/html %s"
    for name, length in [("sound", b"%d" % len(block)), ("short", b"7"), ("long", b"999999"),
                         ("negative", b"-1"), ("huge", b"9223372036854775807"),
                         ("beyond", b"99999999999999999999999"), ("words", b"many")]:
        yield arc(name, told % length, f"an ARC whose length is {name}")
    yield arc("spaces", (told % (b"%d" % len(block))).replace(b" ", b" " * 50_000),
              "an ARC of 200,000 blanks")
    yield arc("address", b"https://courier.example/" + b"x" * 900_000 + told[23:] % b"5",
              "an ARC with an address of 900,000 letters")
    yield arc("heads", b"", "40,000 heads of an ARC", data=head * 40_000)

    def wacz(name, listed, *expect, about, more=()):
        return Case("wacz-" + name, f"wacz-{name}.wacz", zip_of(
            ("datapackage.json", listed), ("archive/a.warc", capture("wacz" + name)), *more),
            *(expect or unread), "salvage 1", "salvage 2", about=about,
            checks=["notext:root:x:0"])

    yield wacz("far", b'{"resources":[{"path":"https://192.0.2.1/a.warc"}]}',
               about="a part that is elsewhere")
    yield wacz("hash", b'{"resources":[{"path":"archive/a.warc","hash":"sha256:'
               + b"f" * 500_000 + b'","bytes":-1}]}', about="a digest of 500,000 letters")
    yield wacz("listed", b'{"resources":[' + b",".join(b'{"path":"archive/%d"}' % i
               for i in range(50_000)) + b"]}", about="50,000 parts that are not there")
    yield wacz("within", b'{"resources":[]}', about="a package in a package", more=[
        ("archive/b.wacz", zip_of(("datapackage.json", b"{}"), ("archive/c.warc", capture(
            "waczwithin"))))])
    yield wacz("pages", b'{"resources":[]}', about="a list of pages that lies", more=[
        ("pages/pages.jsonl", b'{"url":"file:///etc/passwd","ts":"' + b"9" * 100_000 + b'"}\n'
         * 20_000)])
    yield Case("warc-chain", "warc-chain.warc", capture("warcchain") + b"".join(record(
        "revisit", response(b""), f"WARC-Refers-To-Target-URI: https://courier.example/r{i - 1}",
        "WARC-Refers-To-Date: 2015-03-04T07:33:00Z", uri=f"https://courier.example/r{i}")
        for i in range(5_000)), "ingest 1", "salvage 1", about="5,000 revisits, each of the last")
    yield Case("warc-tiny", "warc-tiny.warc", capture("warctiny") + record(
        "metadata", b"") * 20_000, "ingest 1", about="20,000 records of nothing")
    yield Case("warcgz-bombs", "bombs.warc.gz", b"".join(gzip_of(record(
        "response", response(page(f"bombs{i}", body="<!-- " + " " * (3 << 20) + "-->")),
        uri=f"https://courier.example/bombs{i}")) for i in range(20)), "ingest 20",
        "salvage 5 expansion", "salvage", "quarantine expansion",
        about="20 pages of 3 MiB of blanks, 250 to 1", rss_mb=96)


def packed():
    two = capture("packedone") + capture("packedtwo")
    yield Case("warcgz-parts", "parts.warc.gz", gzip_of(capture("partone")) + gzip_of(
        capture("parttwo")), "ingest 2", about="a part a record")
    yield Case("warcgz-whole", "whole.warc.gz", gzip_of(two), "ingest 2", about="one part")
    damaged = bytearray(gzip_of(capture("damagedone")))
    damaged[-6] ^= 0x55
    yield Case("warcgz-crc", "crc.warc.gz", bytes(damaged) + gzip_of(capture("damagedtwo")),
               "salvage 1 corrupt", "salvage 2 corrupt", about="a wrong check sum, then a record")
    yield Case("warcgz-cut", "cut.warc.gz", gzip_of(capture("cutone")) + gzip_of(
        capture("cuttwo"))[:-200], "salvage 1 truncated", "salvage 2 truncated", about="cut")
    listed = '{"resources":[{"path":"../../etc/passwd"},{"path":"archive/a.warc"}]}'
    yield Case("wacz-path", "path.wacz", zip_of(
        ("datapackage.json", listed.encode()), ("archive/a.warc", capture("waczpath"))),
        "salvage 1 unsafe-path", "quarantine unsafe-path", about="a list that leads out",
        checks=["notext:root:x:0"])
    yield Case("wacz-list", "list.wacz", zip_of(
        ("datapackage.json", b"[" * 100_000), ("archive/a.warc", capture("waczlist"))),
        "salvage 1 malformed", "ingest 1", "quarantine malformed", "salvage 1 corrupt",
        about="a list 100,000 deep")


def saved():
    fields = ("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n"
              "Content-Location: https://courier.example/{}")

    def mhtml(name, data, *expect, about, checks=()):
        return Case("mhtml-" + name, f"mhtml-{name}.mhtml", data, *(expect or ("ingest 1",)),
                    about=about, checks=checks, seconds=5)

    def part(word, coding="8bit", data=None):
        return fields.format(coding, word), page(word) if data is None else data

    refused = ("quarantine malformed", "ingest 1")
    yield mhtml("boundary", message(part("mboundary"), boundary="=_(.*+?)[a-z]{1,9}$^|\\"),
                about="a boundary of signs")
    yield mhtml("boundary-none", message(part("mnone"), stated=""), *refused, about="none told")
    yield mhtml("boundary-empty", message(part("mempty"), stated='; boundary=""'), *refused,
                about="an empty one")
    yield mhtml("boundary-long", message(part("mlong"), boundary="b" * 5_000), *refused,
                about="one of 5,000 letters")
    yield mhtml("boundary-prefix", message(part("mprefix", data=page("mprefix") + b"\r\n--b00\r\n"),
                                           boundary="b0"), about="a line that begins like it")
    yield mhtml("open", message(part("mopen"), end=False), "salvage 1 truncated", "ingest 1",
                about="the last one missing")
    yield mhtml("parts", message(*[("Content-Type: image/png", b"")] * 12_000, part("mparts")),
                "ingest 1", "quarantine entry-count", about="12,000 parts", checks=["linear"])
    nested = page("mnested")
    for level in range(60):
        nested = message(("Content-Type: text/html" if level == 0 else
                          f'Content-Type: multipart/related; boundary="n{level - 1}"', nested),
                         boundary=f"n{level}")
    yield mhtml("nested", nested, "quarantine nesting", "ingest 0", "ingest 1",
                about="60 messages within each other")
    yield mhtml("folded", message(part("mfolded"), head="X: a" + "\r\n b" * 60_000 + "\r\n"),
                *refused, "ingest 0", about="a field folded 60,000 times", checks=["linear"])
    yield mhtml("base64", message(part("mbase", "base64", base64.encodebytes(
        page("mbase"))[:-7] + b"=*=!")), "ingest 1", "salvage 1 encoding", about="base64 with junk")
    yield mhtml("quoted", message(part("mquoted", "quoted-printable", page("mquoted").replace(
        b"=", b"=3D").replace(b"council", b"coun=ZZcil=") + b"=")), about="escapes that are none")
    yield mhtml("coding", message(part("mcoding", "x-uuencode")), "ingest 1",
                "quarantine unsupported", about="a coding that is none")
    yield mhtml("words", message(part("mwords"), head="Subject: =?utf-8?B?" + "=?" * 20_000
                                 + "\r\n"), about="encoded words that do not end",
                checks=["linear"])
    yield mhtml("steering", message(part("\x1b[2J\u202ex", data=page("msteering"))),
                about="escapes in the address", checks=["noescape"])
