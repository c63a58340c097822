"""What is not what it says: pictures called pages, two encodings in one text, odd containers."""

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib

import forms
from forms import zip_of
from made import Case, page, story

PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1 << 31, 1 << 31) + bytes(900)
DOCUMENT = (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n"
            b"trailer<</Root 1 0 R>>\n%%EOF\n")


def cases(rng):
    yield from called(rng)
    yield from letters()
    yield from chains()
    yield from zips()


def called(rng):
    """Bytes of one trade under the name of another."""
    kept = ("ingest 0", "quarantine type-mismatch", "quarantine unsupported")
    sheet = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3_000)
    for name, data, about in [
        ("pdf.html", DOCUMENT, "a PDF"), ("png.html", PICTURE, "a picture of 4 exapixels"),
        ("jpeg.txt", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + rng.randbytes(3_000), "a picture"),
        ("gif.htm", b"GIF89a\xff\xff\xff\xff\xf7\0\0" + rng.randbytes(800), "a picture"),
        ("webp.html", b"RIFF\xff\xff\xff\x7fWEBPVP8 " + rng.randbytes(500), "a picture"),
        ("film.html", b"\0\0\0\x18ftypmp42" + rng.randbytes(2_000), "a film"),
        ("sound.txt", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + rng.randbytes(2_000), "a sound"),
        ("word.doc.html", sheet, "an old office document"),
        ("base.xml", b"SQLite format 3\0" + bytes(4_000), "a database"),
        ("class.json", b"\xca\xfe\xba\xbe\0\0\x004" + rng.randbytes(900), "a program"),
        ("wasm.md", b"\0asm\x01\0\0\0" + rng.randbytes(900), "a program"),
        ("exe.mhtml", b"MZ" + rng.randbytes(2_000), "a program"),
        *[(f"noise.{ending}", rng.randbytes(20_000), "noise")
          for ending in ("warc", "zip", "html", "xml", "mhtml", "txt")],
        ("font.html", b"wOF2" + rng.randbytes(3_000), "a font"),
        ("key.txt", b"-----BEGIN PRIVATE KEY-----\nQUFB\n-----END PRIVATE KEY-----\n", "a key"),
        ("capture.html", b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(500), "a network capture"),
        ("zeros.html", bytes(300_000), "zero bytes"), ("ones.txt", b"\xff" * 300_000, "one bits"),
    ]:
        yield Case("called-" + name, "called-" + name, data, *kept, "quarantine corrupt",
                   "quarantine not-text", "quarantine malformed", "quarantine no-article",
                   "quarantine encoding", about=f"{about} called .{name.rsplit('.', 1)[1]}")
    yield Case("called-page.pdf", "called-page.pdf", page("calledpdf"), "ingest 1",
               about="a page called .pdf", checks=["text:calledpdf"])
    yield Case("called-both.html", "called-both.html", b"GIF89a/*" + page("calledboth"),
               "ingest 1", *kept, about="a picture and a page at once")
    yield Case("called-pdf-page.html", "called-pdf-page.html", DOCUMENT + page("calledpdfpage"),
               "ingest 1", *kept, about="a PDF and a page at once")


def letters():
    """Two encodings, or none, in one text."""
    def text(name, data, *expect, about, ending="txt", checks=()):
        return Case("mixed-" + name, f"mixed-{name}.{ending}", data,
                    *(expect or ("ingest 1",)), about=about, checks=checks)

    unread = ("ingest 1", "ingest 0", "quarantine encoding", "quarantine not-text")
    half = story("mixedhalf").decode()
    yield text("half", half[:150].encode() + half[150:].replace("winter", "wïnter").encode(
        "cp1252") + "é ü ñ\n".encode() + "é ü ñ\n".encode("cp1252"),
               about="UTF-8, then windows-1252",
               checks=["text:pays half", "warn:encoding"])
    yield text("wide-half", half[:150].encode() + half[150:].encode("utf-16-le"), *unread,
               about="UTF-8, then UTF-16")
    yield text("marks", b"\xef\xbb\xbf\xff\xfe" + story("mixedmarks"), *unread,
               about="two byte order marks")
    yield text("marks-many", b"\xef\xbb\xbf" * 5_000 + story("mixedmany"), *unread,
               about="5,000 byte order marks")
    yield text("wide-page", page("mixedwide").decode().encode("utf-16-le"), *unread,
               about="a page in UTF-16 without a mark", ending="html")
    yield text("wide-swapped", b"\xfe\xff" + page("mixedswapped").decode().encode("utf-16-le"),
               *unread, about="UTF-16 with the other mark", ending="html")
    yield text("wide-halves", b"\xff\xfe" + story("mixedhalves").decode().encode("utf-16-le")
               + b"\x00\xd8" * 5_000, *unread, about="halves of letters in UTF-16")
    yield text("seven", story("mixedseven").replace(b"county", b"+AGM-ounty +ADw-b+AD4-"),
               about="UTF-7 in a text", checks=["notext:<b>"])
    yield text("japanese", page("mixedjapanese", '<meta charset="iso-2022-jp">',
               "<p>\x1b$B\x1b(B<script>\x1b$B%&\x1b(J~\\</p>"), about="escapes of ISO-2022-JP",
               ending="html")
    yield text("hz", page("mixedhz", '<meta charset="hz-gb-2312">', "<p>~{<script>~}</p>"),
               *unread, about="an encoding that was given up", ending="html")
    yield text("gb", page("mixedgb", '<meta charset="gb18030">') + b"\x81\x30\x81" * 9_000,
               about="cut letters of GB 18030", ending="html")
    yield text("ebcdic", story("mixedebcdic").decode().replace("—", "-").encode("cp037"), *unread,
               about="EBCDIC")
    yield text("tags", (half + "".join(chr(0xE0020 + i % 95) for i in range(5_000))).encode(),
               about="letters that nobody sees", checks=["noescape"])
    yield text("nonletters", (half + "\ufffe\uffff\U0010ffff\ufdd0" * 2_000).encode(),
               about="code points that are no letters")
    yield text("controls", story("mixedcontrols", title="Council\x07\x08\x0b\x0c\x0e\x7f Weighs\x85"
               "\x9d a Bridge"), about="controls in the title", checks=["noescape"])
    yield text("narrow", story("mixednarrow").replace(b"\n", b"\r"), about="lines that end in CR")
    yield text("nel", story("mixednel").replace(b"\n", "\x85".encode()), "ingest 1", "ingest 0",
               about="lines that end in NEL")


def chains():
    """Compressions within compressions, parts behind parts, and forms that few know."""
    def packed(name, ending, data, *expect, about, rss_mb=96):
        return Case("chain-" + name, f"chain-{name}.{ending}", data, *expect, about=about,
                    rss_mb=rss_mb)

    text = story("chainall")
    chain = bz2.compress(lzma.compress(forms.zstd_frame(gzip.compress(text, mtime=0))))
    yield packed("all", "txt.gz.zst.xz.bz2", chain, "ingest 1", "quarantine nesting",
                 about="a story in four compressions")
    bomb = lzma.compress(gzip.compress(bz2.compress(b" " * (64 << 20)), mtime=0))
    yield packed("bomb", "txt.bz2.gz.xz", bomb, "quarantine expansion", "quarantine nesting",
                 about="a bomb in three compressions")
    yield packed("xz-parts", "txt.xz", lzma.compress(b"") * 5_000 + lzma.compress(story("xzparts")),
                 "ingest 1", "quarantine entry-count", about="5,000 streams of xz")
    yield packed("bz2-parts", "txt.bz2", bz2.compress(b"") * 5_000 + bz2.compress(
        story("bz2parts")), "ingest 1", about="5,000 streams of bzip2")
    yield packed("zst-skips", "txt.zst", (b"\x50\x2a\x4d\x18" + struct.pack("<I", 3) + b"abc")
                 * 100_000 + forms.zstd_frame(story("zstskips")), "ingest 1",
                 about="100,000 frames to be skipped")
    yield packed("zst-skip-lie", "txt.zst", b"\x50\x2a\x4d\x18\xff\xff\xff\xff" + text,
                 "quarantine truncated", "quarantine corrupt", "ingest 0",
                 about="a frame of 4 GiB to be skipped")
    yield packed("zst-parts", "txt.zst", forms.zstd_frame(b" ") * 20_000 + forms.zstd_frame(
        story("zstparts")), "ingest 1", about="20,000 frames of a blank")
    window = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29, "preset": 0}]
    yield packed("xz-window", "txt.xz", lzma.compress(story("xzwindow"), filters=window),
                 "ingest 1", "quarantine expansion", "quarantine unsupported",
                 "quarantine too-large", about="a dictionary of 512 MiB")
    yield packed("lzma", "txt.lzma", lzma.compress(b" " * (64 << 20), lzma.FORMAT_ALONE),
                 "quarantine expansion", "quarantine unsupported", "ingest 0",
                 about="the old form of xz")
    yield packed("lz4-bomb", "txt.lz4", lz4_bomb(64), "quarantine expansion",
                 "quarantine corrupt", about="64 MiB in lz4")
    for name, data, about in [
        ("Z", b"\x1f\x9d\x90" + bytes(range(256)), "compress"), ("lz", b"LZIP\x01\x1b" + bytes(90),
         "lzip"), ("cpio", b"070701" + b"0" * 104, "cpio"), ("a", b"!<arch>\nx/" + b" " * 58, "ar"),
        ("cab", b"MSCF\0\0\0\0" + bytes(60), "cab"), ("rar", b"Rar!\x1a\x07\x01\0" + bytes(50),
         "rar"), ("lha", b"\x24\x00-lh5-" + bytes(60), "lha"), ("iso", bytes(32_769) + b"CD001\x01"
         + bytes(4_000), "a disc"), ("xar", b"xar!\0\x1c\0\1" + bytes(90), "xar"),
        ("plist", b"bplist00" + b"\xd1\x01\x02" * 900 + b"\xff" * 32, "a binary property list"),
    ]:
        yield packed("form-" + name, name, data, "quarantine unsupported", "ingest 0",
                     "quarantine corrupt", about=f"a container that is not opened: {about}")
    yield packed("gz-flags", "txt.gz", b"\x1f\x8b\x08\xff\0\0\0\0\0\xff" + struct.pack("<H", 65_535)
                 + bytes(65_535), "quarantine corrupt", "quarantine truncated",
                 "quarantine unsupported", about="every flag of gzip, and what it asks")
    yield packed("gz-size", "txt.gz", gzip.compress(story("gzsize"), mtime=0)[:-4] + b"\xff" * 4,
                 "salvage 1 corrupt", "quarantine corrupt", "ingest 1", about="a length that lies")
    deep = zlib.compressobj(9, zlib.DEFLATED, -15)
    stored = b"".join(b"\0\0\0\xff\xff" for _ in range(200_000))
    yield packed("gz-blocks", "txt.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored + deep.compress(
        story("gzblocks")) + deep.flush() + struct.pack("<II", zlib.crc32(story("gzblocks")),
        len(story("gzblocks"))), "ingest 1", about="200,000 blocks of nothing")


def lz4_bomb(megabytes):
    """One frame of lz4: a letter, and then that letter again."""
    frame = b"\x04\x22\x4d\x18\x60\x70\x73"  # independent blocks of 4 MiB, no check sums
    size = (4 << 20) - 32
    run = size - 1 - 5 - 19
    block = (b"\x1f" + b" " + b"\x01\0" + b"\xff" * (run // 255) + bytes([run % 255]) + b"\x50"
             + b"     ")
    return frame + (struct.pack("<I", len(block)) + block) * (megabytes // 4) + bytes(4)


def zips():
    """Lies of ZIP64, of methods, of what stands twice."""
    def zipped(name, data, *expect, about, rss_mb=96, checks=()):
        return Case("zip-" + name, f"zip-{name}.zip", data, *expect, about=about, rss_mb=rss_mb,
                    checks=checks)

    any_damage = ("salvage 1 corrupt", "ingest 1", "quarantine corrupt", "quarantine truncated",
                  "salvage 1 truncated", "quarantine too-large", "quarantine expansion",
                  "ingest 2", "salvage 2 corrupt")
    whole = zip_of(("a.txt", story("zip64lies")))
    for name, extra, about in [
        ("64-size", struct.pack("<HHQQ", 1, 16, 1 << 62, 1 << 62), "two sizes of 2^62"),
        ("64-negative", struct.pack("<HHQQ", 1, 16, (1 << 64) - 1, 5), "a size of 2^64 - 1"),
        ("64-short", struct.pack("<HH", 1, 60_000), "a field longer than all"),
        ("64-offset", struct.pack("<HHQQQ", 1, 24, 400, 400, 1 << 63), "an offset of 2^63"),
    ]:
        yield zipped(name, with_extra(whole, extra), *any_damage, about=about)
    end = whole.index(b"PK\x05\x06")
    for name, count, offset in [("64-count", 1 << 63, whole.index(b"PK\1\2")),
                                ("64-directory", 1, (1 << 64) - 9)]:
        record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count,
                             end - whole.index(b"PK\1\2"), offset)
        locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
        yield zipped(name, whole[:end] + record + locator + b"PK\x05\x06" + struct.pack(
            "<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0), *any_damage,
            about=f"an end that tells {name}")
    for method, name in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        yield zipped(name, zip_of(("a.txt", story("zip" + name)), method=method), "ingest 1",
                     "quarantine unsupported", about=f"a member in {name}")
        yield zipped(name + "-bomb", zip_of(("a.txt", b" " * (64 << 20)), method=method),
                     "quarantine expansion", "quarantine unsupported",
                     about=f"64 MiB of blanks in {name}")
    inner = zip_of(("inner.txt", story("zipinner")))
    yield zipped("stored", zip_of(("a.txt", story("zipouter")), ("b.zip", inner),
                 method=zipfile.ZIP_STORED), "ingest 2", about="a zip that lies open in a zip")
    yield zipped("twice", zip_of(("a.txt", story("ziptwice1")), ("a.txt", story("ziptwice2"))),
                 "ingest 2", about="two members of one name")
    yield zipped("differ", whole.replace(b"a.txt", b"b.txt", 1), *any_damage,
                 about="two names of one member")
    yield zipped("behind", whole + whole.replace(b"zip64lies", b"zipbehind"), *any_damage,
                 about="two zips, one behind the other")
    yield zipped("descriptor", streamed(story("zipdescriptor")), "ingest 1",
                 about="sizes behind the bytes")
    yield zipped("descriptor-cut", streamed(story("zipcut"))[:-60], "ingest 1", *any_damage,
                 about="sizes behind the bytes, and no directory")
    yield zipped("many", zip_of(*[(f"{i}.txt", b"x") for i in range(20_000)]),
                 "ingest 0", "quarantine no-article", "quarantine entry-count", "salvage 0",
                 about="20,000 members of one letter")
    yield zipped("folders", zip_of(*[("a/" * i, b"") for i in range(1, 500)]), "quarantine empty",
                 "ingest 0", "quarantine no-article", about="500 folders within each other")


def with_extra(whole, extra):
    """A zip of one member whose directory entry leaves its numbers to an extra field."""
    start, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entry = bytearray(whole[start:end])
    struct.pack_into("<II", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    struct.pack_into("<I", entry, 42, 0xFFFFFFFF)
    entry += extra
    return (whole[:start] + entry + b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, 1, 1, len(entry), start, 0))


def streamed(data):
    """A zip written to a pipe: its local headers tell no sizes."""
    class Pipe:
        def __init__(self):
            self.parts = []

        def write(self, some):
            self.parts.append(bytes(some))
            return len(some)

        def flush(self):
            pass

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(zipfile.ZipInfo("a.txt"), "w") as member:
            member.write(data)
    return b"".join(pipe.parts)
