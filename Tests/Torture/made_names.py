"""Odd names, and what is no plain file."""

from made import Case, page, story


def cases(rng):
    once = "ingest 1"

    def named(name, path, about, *expect, checks=()):
        return Case(name, path, story(name.replace("-", "")), *(expect or (once,)), about=about,
                    checks=checks)

    yield named("name-feed", "two\nlines\r.txt", "line feeds in the name", checks=["noescape"])
    yield named("name-latin", b"Stra\xdfe \xfc.txt", "a name in Latin-1", checks=["noescape"])
    yield named("name-broken", b"a\xf0\x9f\x9a.txt", "a name cut within a letter",
                checks=["noescape"])
    yield named("name-overlong", b"o\xc0\xaf..\xc0\xafx.txt", "overlong slashes in the name")
    yield named("name-surrogate", b"s\xed\xa0\x80.txt", "a surrogate in the name")
    yield named("name-255", "n" * 251 + ".txt", "a name of 255 bytes")
    yield named("name-255-wide", "é" * 125 + "e.txt", "255 bytes of letters of two")
    yield named("name-escape", "\x1b]2;mine\x07\x1b[41mred\x1b[2J.txt", "escapes in the name",
                checks=["noescape"])
    yield named("name-controls", "\x9b31mc1\x85\x90q\x9c.txt", "8-bit controls in the name",
                checks=["noescape"])
    yield named("name-turned", "invoice\u202etxt.exe.txt", "a name that is turned round",
                checks=["noescape"])
    yield named("name-isolates", "\u2066\u2067\u2068a\u2069\u061c\u200e.txt", "isolates and marks",
                checks=["noescape"])
    yield named("name-forged", "a.txt is quarantined: path=b reason=none.txt",
                "a name like a line of a log")
    yield named("name-forged-feed", "x\n2026-01-01T00:00:00.000Z critical all lost.txt",
                "a name with a whole line of a log in it", checks=["noescape"])
    yield named("name-format", "%n%s%s%1000000d%@.txt", "directives of printf in the name")
    yield named("name-shell", "`touch made-by-name`;$(touch made-by-name)|x&.txt",
                "a command of the shell in the name", checks=["nofile:made-by-name"])
    yield named("name-option", "--help.txt", "a name like an option")
    yield named("name-quotes", "it's \"quoted\" \\x41 \\\\ '; DROP TABLE original; --.txt",
                "quotation marks, backslashes and SQL")
    yield named("name-blanks", "  \t  .txt", "a name of white space")
    yield named("name-composed", "Caf\u00e9 one.txt", "a composed letter")
    yield named("name-decomposed", "Cafe\u0301 one.txt", "the same letter in two parts")
    yield named("name-capital", "README.TXT", "a name in capitals")
    yield named("name-small", "readme.txt", "the same in small letters")
    yield named("name-none", "noending", "no ending")
    yield named("name-dot", ".still-coming.txt", "a name with a dot in front", "ignore")
    for suffix in ("part", "tmp", "partial", "crdownload", "filepart"):
        yield named(f"name-{suffix}", f"story.txt.{suffix}", "a transfer that goes on",
                    "ignore partial-name", "wait partial-name")
    yield named("name-lies-image", "picture.png", "text that says it is an image",
                once, "quarantine type-mismatch")
    yield Case("name-lies-zip", "page.zip", page("nameliezip"), once,
               about="a page that says it is a zip")
    yield Case("name-lies-none", "zip.html", b"PK\x05\x06" + bytes(18), "quarantine empty",
               "ingest 0", about="an empty zip that says it is a page")
    yield from specials()


def specials():
    """What specials.py makes in place."""
    once = "ingest 1"
    for name, path, about, *expect in [
        ("sp-symdead", "sp-symdead.txt", "a link to nothing", "ignore special"),
        ("sp-symloop", "sp-symloop.txt", "a link to itself", "ignore special"),
        ("sp-symfile", "sp-symfile.txt", "a link to a file", "ignore special"),
        ("sp-symdir", "sp-symdir", "a link to a directory", "ignore special"),
        ("sp-fifo", "sp-fifo.txt", "a pipe: opening it would wait for ever", "ignore special"),
        ("sp-sock", "sp-sock.txt", "a socket", "ignore special"),
        ("sp-hard", "sp-hard.txt", "a file that can be written under another name", once),
        ("sp-dirtxt", "sp-dirtxt.txt", "a directory named like a file", once),
        ("sp-deep", "sp-deep", "1,200 directories within each other", "ignore nesting"),
        ("sp-zero", "sp-zero.txt", "a device without an end", "ignore special"),
        ("sp-disk", "sp-disk.txt", "a disk", "ignore special"),
        ("sp-noperm", "sp-noperm.txt", "a file that may not be read", "wait permission"),
        ("sp-foreign", "sp-foreign/inner.txt", "a file that may not be removed", once,
         "wait permission"),
        ("sp-hole", "sp-hole.txt", "a tebibyte of nothing", "quarantine too-large",
         "wait too-large"),
        ("html-huge", "html-huge.html", "a page and a gibibyte of nothing",
         "quarantine too-large"),
        ("sp-suid", "sp-suid.txt", "a file with all bits set", once),
        ("sp-many", "sp-many/last.txt", "3,000 empty files and a page", once),
        ("sp-odd", "sp-odd", "a directory with escapes in its name", once),
        ("sp-xdir", "sp-xdir", "a directory that may not be entered", "ignore permission",
         "wait permission"),
    ]:
        yield Case(name, path, None, *expect, about=about,
                   seconds=30 if name == "html-huge" else 10)
