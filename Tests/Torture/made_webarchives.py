"""Web archives and saved pages: lengths, codings, chunks, boundaries that lie."""

import base64

import forms
from forms import gzip_of, message, record, response, zip_of
from made import Case, page


def cases(rng):
    yield from lengths()
    yield from payloads()
    yield from packed()
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
