"""Bundles and compressed files: bombs, lies about sizes, paths that lead elsewhere."""

import bz2
import lzma
import struct
import tarfile

import forms
from forms import gzip_of, tar_of, zip_of, zstd_frame
from made import Case, page, story


def cases(rng):
    yield from zips()
    yield from zip_lies()
    yield from tars()
    yield from streams(rng)


def good(word):
    return (f"good/{word}.txt", story(word))


def zips():
    expand = "quarantine expansion"
    twice = ("salvage 1 unsafe-path", "ingest 2")
    outside = "nofile:/tmp/made-outside.txt"
    yield Case("zip-bomb", "zip-bomb.zip", zip_of(("z.txt", b" " * (80 << 20))), expand,
               about="80 MiB of blanks", rss_mb=96)
    yield Case("zip-bomb-many", "zip-bomb-many.zip", zip_of(
        *[(f"{i}.txt", bytes([65 + i]) * (20 << 20)) for i in range(12)]), expand,
        about="12 bombs: each costs its own, and eight end it", rss_mb=96)
    yield Case("zip-bomb-beside", "zip-bomb-beside.zip", zip_of(
        good("beside1"), ("z.txt", b" " * (40 << 20)), good("beside2")), "salvage 2 expansion",
        about="a bomb between two stories", rss_mb=96)
    yield Case("zip-overlap", "zip-overlap.zip", overlap(2_000, 1 << 20), "quarantine corrupt",
               expand, about="2,000 members that share their bytes", rss_mb=96)
    inner = zip_of(good("inmost"))
    for depth in range(3):
        inner = zip_of((f"level{depth}.zip", inner))
    yield Case("zip-nested", "zip-nested.zip", inner, "ingest 1", about="four levels")
    for depth in range(60):
        inner = zip_of((f"level{depth}.zip", inner))
    yield Case("zip-nested-deep", "zip-nested-deep.zip", inner, "quarantine nesting",
               about="64 levels, as of one that holds itself")
    layer = zip_of(("0.txt", b" " * (4 << 20)))
    for level in range(4):
        layer = zip_of(*[(f"{level}-{i}.zip", layer) for i in range(16)])
    yield Case("zip-tree", "zip-tree.zip", layer, expand, "quarantine nesting",
               about="16 of 16 of 16 of 16: 256 GiB", rss_mb=96)
    for name, path, about in [
        ("climbs", "../../../../tmp/made-outside.txt", "a path that climbs"),
        ("absolute", "/tmp/made-outside.txt", "a path from the root"),
        ("drive", "C:\\made-outside.txt", "a path with a drive"),
        ("device", "/dev/fd/1", "the path of a device"),
        ("within", "a/../../../tmp/made-outside.txt", "a path that climbs from within"),
    ]:
        yield Case("zip-" + name, f"zip-{name}.zip", zip_of(
            good("zip" + name), (path, story("outside" + name))), *twice, about=about,
            checks=[outside])
    yield Case("zip-link", "zip-link.zip", zip_of(
        good("ziplink"), forms.zip_link("l", "/tmp"), ("l/made-outside.txt", story("through"))),
        *twice, "salvage 2 special", about="a link, then a file through it", checks=[outside])
    yield Case("zip-names", "zip-names.zip", zip_of(
        ("\x1b[2J\u202eevil\n.txt", story("zipnames")), ("n" * 60_000 + ".txt", story("long"))),
        "ingest 2", about="escapes, and 60,000 letters", checks=["noescape"])
    yield Case("zip-empty", "zip-empty.zip", zip_of(), "quarantine empty", about="no members")
    yield Case("zip-nothings", "zip-nothings.zip", zip_of(
        *[(f"{i}", b"") for i in range(3_000)]), "quarantine no-article", "quarantine empty",
        about="3,000 members without bytes", checks=["linear"])


def overlap(count, size):
    """A zip whose members all point at one local header."""
    whole = zip_of(("a.txt", b"a" * size))
    end = whole.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", whole, end + 16)[0]
    entry = whole[start:end]
    return (whole[:start] + entry * count + b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, count, count, len(entry) * count, start, 0))


def zip_lies():
    def lying(name, change, *expect, about, rss_mb=64):
        data = bytearray(zip_of(good("lying" + name), good("lying2" + name)))
        change(data, data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06"))
        return Case("zip-" + name, f"zip-{name}.zip", bytes(data), *expect, about=about,
                    rss_mb=rss_mb)

    def put(offset, format, *values):
        return lambda data, entry, end: struct.pack_into(format, data, entry + offset, *values)

    both = ("salvage 1 corrupt", "ingest 2", "quarantine corrupt", "salvage 2 corrupt")
    yield lying("crc", put(16, "<I", 7), *both, about="another check sum in the directory")
    yield lying("small", put(24, "<I", 3), *both, "salvage 1 truncated",
                about="says it is smaller")
    yield lying("large", put(24, "<I", 0xFFFFFFF0), *both, about="says it is 4 GiB")
    yield lying("packed", put(20, "<I", 0x7FFFFFFF), *both, "salvage 1 truncated",
                "quarantine truncated", about="says it takes 2 GiB")
    yield lying("offset", put(42, "<I", 0xFFFFFF00), *both, "quarantine truncated",
                "salvage 1 truncated", "salvage 2 truncated", about="says it begins beyond")
    yield lying("method", put(10, "<H", 77), "salvage 1 unsupported", *both,
                about="a method that is none")
    yield lying("encrypted", put(8, "<H", 1), "salvage 1 encrypted", *both,
                about="says it is encrypted")
    yield lying("count", lambda d, entry, end: struct.pack_into("<HH", d, end + 8, 9, 9), *both,
                "quarantine truncated", about="says it has nine members")
    yield lying("directory", lambda d, e, end: struct.pack_into("<I", d, end + 16, 9), *both,
                "quarantine truncated", about="says its directory is elsewhere")
    yield lying("none", lambda d, entry, end: d.__delitem__(slice(entry, None)), *both,
                "salvage 2 truncated", "quarantine truncated", about="no directory")
    yield lying("comment", lambda d, e, end: (
        struct.pack_into("<H", d, end + 20, 22), d.extend(b"PK\x05\x06" + bytes(18))), *both,
        "quarantine empty", about="another end in its comment")


def tars():
    outside = "nofile:/tmp/made-outside.txt"
    one = ("salvage 1 unsafe-path", "ingest 2", "salvage 2 special", "salvage 1 special")

    def tar(name, *members, expect, about, checks=(outside,), data=None):
        return Case("tar-" + name, f"tar-{name}.tar", data or tar_of(*members), *expect,
                    about=about, checks=checks)

    entry = forms.tar_entry
    yield tar("climbs", good("tarclimbs"), ("../../tmp/made-outside.txt", story("tarout")),
              expect=one, about="a path that climbs")
    yield tar("absolute", good("tarabsolute"), ("/tmp/made-outside.txt", story("tarabs")),
              expect=one, about="a path from the root")
    yield tar("link", good("tarlink"), entry("l", tarfile.SYMTYPE, "/tmp"),
              ("l/made-outside.txt", story("tarthrough")), expect=one, about="through a link")
    yield tar("link-file", good("tarfile"), entry("l.txt", tarfile.SYMTYPE, "/etc/passwd"),
              expect=["salvage 1 special"], about="a link to a file",
              checks=["notext:root:x:0"])
    yield tar("hard", good("tarhard"), entry("h.txt", tarfile.LNKTYPE, "/etc/passwd"),
              expect=["salvage 1 special"], about="a hard link", checks=["notext:root:x:0"])
    yield tar("devices", good("tardevices"), entry("null", tarfile.CHRTYPE, device=(1, 3)),
              entry("disk", tarfile.BLKTYPE, device=(8, 0)), entry("pipe", tarfile.FIFOTYPE),
              expect=["salvage 1 special"], about="devices and a pipe")
    yield tar("same", good("tarsame"), ("good/tarsame.txt", story("tarsame2")),
              expect=["ingest 2"], about="two members of one name")
    body = story("tarsize").ljust(1024, b"\n")
    sizes = [("eight", b"\x80" + bytes(3) + b"\x7f" + b"\xff" * 7, "2^63 - 1 bytes"),
             ("negative", b"\xff" * 12, "-1 bytes"), ("words", b"lots", "`lots` of bytes")]
    for name, size, about in sizes:
        yield tar(name, data=forms.tar_header(b"a.txt", size) + body + bytes(1024),
                  expect=["quarantine truncated", "quarantine corrupt", "quarantine too-large",
                          "salvage 1 truncated"], about=f"says it has {about}")
    yield from tar_lies(tar, body)
    yield tar("sum", data=forms.tar_header(b"a.txt", b"00000002000", 7) + body + bytes(1024),
              expect=["quarantine corrupt", "quarantine unsupported", "quarantine not-text"],
              about="a wrong check sum")
    yield tar("cut", data=tar_of(good("tarcut"), good("tarcut2"))[:1800],
              expect=["salvage 1 truncated", "salvage 2 truncated"], about="cut in a member")


def tar_lies(tar, body):
    """Headers that speak for others."""
    any_damage = ("quarantine corrupt", "quarantine truncated", "quarantine too-large",
                  "salvage 1 corrupt", "salvage 1 truncated", "ingest 1", "ingest 2",
                  "quarantine unsupported", "salvage 1 unsafe-path", "salvage 1 unsupported")
    head, end = forms.tar_header, bytes(1024)
    plain = head(b"a.txt", b"%011o" % len(body)) + body

    def spoken(kind, data, word):
        size = b"%011o" % len(data)
        return (head(b"./x", size, kind=kind) + data.ljust(-len(data) % 512 + len(data), b"\0")
                + plain.replace(b"tarsize", word) + end)

    for name, data, about in [
        ("pax-size", forms.pax((b"size", b"9" * 18)), "a size of 10^18"),
        ("pax-negative", forms.pax((b"size", b"-5")), "a size of -5"),
        ("pax-path", forms.pax((b"path", b"../../tmp/made-outside.txt")), "a path that climbs"),
        ("pax-nul", forms.pax((b"path", b"a\0b.txt")), "a zero byte in the path"),
        ("pax-long", forms.pax((b"path", b"n" * 900_000)), "a path of 900,000 letters"),
        ("pax-many", forms.pax(*[(b"k%06d" % i, b"v") for i in range(50_000)]), "50,000 pairs"),
        ("pax-lie", b"99999999999 path=x\n", "a pair that is longer than all"),
        ("pax-words", b"lots path=x\n", "a pair of `lots` of bytes"),
        ("pax-sparse", forms.pax((b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"),
                           (b"GNU.sparse.realsize", b"9" * 18), (b"GNU.sparse.name", b"s")),
         "a sparse file of 10^18"),
    ]:
        yield tar(name, data=spoken(b"x", data, name.encode()), expect=any_damage,
                  about=f"a word before a member: {about}")
        if name == "pax-path":
            yield tar("pax-all", data=spoken(b"g", data, b"paxall"), expect=any_damage,
                      about="a word before all members: a path that climbs")
    yield tar("long-name", data=spoken(b"L", b"n" * 900_000, b"longname"), expect=any_damage,
              about="a name of 900,000 letters")
    yield tar("long-lie", data=head(b"././@LongLink", b"77777777777", kind=b"L") + plain + end,
              expect=any_damage, about="a name of 8 GiB")
    yield tar("longs", data=spoken(b"L", b"n.txt\0", b"longs") * 3_000, expect=["ingest 1",
              "ingest 3000", "salvage 1 trailing-data"], about="3,000 tars behind each other")
    yield tar("sparse", data=head(b"s.txt", b"%011o" % len(body), kind=b"S") + body + plain + end,
              expect=any_damage, about="a sparse file of the old kind")
    yield tar("volume", data=head(b"v", b"0", kind=b"V") + head(b"m", b"7777", kind=b"M") + plain
              + end, expect=any_damage, about="a volume that goes on elsewhere")
    yield tar("kinds", data=b"".join(head(b"k", b"0", kind=bytes([k])) for k in range(33, 127))
              + plain + end, expect=[*any_damage, "salvage 1 special", "quarantine special"],
              about="94 kinds of members")
    yield tar("circle", forms.tar_entry("a", tarfile.LNKTYPE, "b"), forms.tar_entry(
        "b", tarfile.LNKTYPE, "a"), good("tarcircle"), expect=["salvage 1 special"],
        about="hard links to each other")
    yield tar("many", data=head(b"n", b"0") * 50_000 + plain + end, expect=[
        "ingest 1", "salvage 1 empty"], about="50,000 members of nothing")


def streams(rng):
    expand = ("quarantine expansion", "salvage 1 expansion")

    def stream(name, ending, data, *expect, about, checks=(), rss_mb=64):
        return Case(name, f"{name}.txt.{ending}", data, *expect, about=about, checks=checks,
                    rss_mb=rss_mb)

    text = story("packed")
    yield stream("gz-bomb", "gz", forms.gzip_bomb(b"", b" ", 200), *expand,
                 about="200 MiB of blanks", rss_mb=96)
    yield stream("gz-bomb-story", "gz", forms.gzip_bomb(text, b"and on and on ", 20), *expand,
                 "quarantine too-large", about="a story that goes on", rss_mb=96)
    nested = forms.gzip_bomb(b"", b" ", 100)
    for _ in range(4):
        nested = gzip_of(nested)
    yield stream("gz-bomb-nested", "gz", nested, *expand, "quarantine nesting",
                 about="a bomb, packed four times", rss_mb=96)
    yield stream("bz2-bomb", "bz2", bz2.compress(b" " * (64 << 20)), *expand,
                 about="64 MiB in bzip2", rss_mb=96)
    yield stream("xz-bomb", "xz", lzma.compress(b" " * (64 << 20), preset=1), *expand,
                 about="64 MiB in xz", rss_mb=96)
    yield stream("zst-bomb", "zst", zstd_frame((b" ", 2 << 30)), *expand,
                 about="2 GiB in zstd, 32,768 to 1", rss_mb=96)
    yield stream("zst-window", "zst", zstd_frame(text, window_log=41), *expand,
                 "quarantine unsupported", about="a window of 2 TiB", rss_mb=96)
    yield stream("zst-story", "zst", zstd_frame(story("zstdstory")), "ingest 1",
                 about="a story in zstd", checks=["text:zstdstory"])
    parts = gzip_of(story("twoparts")[:200]) + gzip_of(story("twoparts")[200:])
    yield stream("gz-parts", "gz", parts, "ingest 1", about="two parts, one story",
                 checks=["text:pays half"])
    yield stream("gz-parts-many", "gz", gzip_of(b"") * 20_000 + gzip_of(story("manyparts")),
                 "ingest 1", about="20,000 empty parts", checks=["linear"])
    yield stream("gz-crc", "gz", gzip_of(story("gzcrc"))[:-8] + bytes(8), "salvage 1 corrupt",
                 "quarantine corrupt", about="a wrong check sum")
    yield stream("gz-cut", "gz", gzip_of(story("gzcut"))[:-30], "salvage 1 truncated",
                 "quarantine truncated", about="cut")
    yield stream("gz-tail", "gz", gzip_of(story("gztail")) + b"tail", "salvage 1 trailing-data",
                 "ingest 1", about="bytes behind the end")
    yield stream("gz-padding", "gz", gzip_of(story("gzpadding")) + bytes(9_999), "ingest 1",
                 about="zeros behind the end")
    nested = gzip_of(story("gznested"))
    for _ in range(40):
        nested = gzip_of(nested)
    yield stream("gz-nested", "gz", nested, "quarantine nesting", about="packed 41 times")
    yield stream("gz-name", "gz", b"\x1f\x8b\x08\x08\0\0\0\0\x02\xff" + b"n" * 300_000
                 + gzip_of(story("gzname"))[9:], "ingest 1", "quarantine corrupt",
                 "quarantine truncated", about="a name of 300,000 letters that never ends")
    yield stream("xz-noise", "xz", b"\xfd7zXZ\0" + rng.randbytes(5_000), "quarantine corrupt",
                 "quarantine unsupported", about="noise behind the mark of xz")
    yield Case("page-and-zip", "page-and-zip.html", page("polyglot") + zip_of(good("polyzip")),
               "ingest 1", "quarantine type-mismatch", about="a page and a zip at once")
