#!/usr/bin/env python3
"""Whether reading takes time in proportion to length: what repeats, once and twice as long.

    linear.py               all kinds: two minutes
    linear.py --only quotes

Processor time of `archived parse`, so that a busy machine does not matter. What is repeated grows
until it takes a fifth of a second or is 8 MiB long; twice as much must then take less than three
times as long, and one that seems to take more is tried again. `BROKEN` is one that does; exit 1.
"""

import resource
import subprocess
import tempfile
import time

import forms
import made
from daemon import PROGRAMS
from findings import main

SMALL, LARGE = 1 << 19, 1 << 23
ENOUGH = 0.2  # seconds that tell more of the reading than of the machine

TEXTS = {
    "quotes": "“", "closed-quotes": "“a” ", "said": "said Mr. ", "names": "Ada Quill, ",
    "blanks": " ", "blank-ends": "a  \n", "digits": "9", "letters": "a", "commas": "a, ",
    "accents": "\u0301", "persons": "\u200d👩", "abbreviations": "Mr. St. U.S. ",
    "empty-lines": "\n", "short-lines": "a\n", "bylines": "By Ada Quill\n",
    "dates": "March 4, 2015 7:33am\n", "headlines": "Read more: Bridge\n\n",
    "captions": "View Full Caption\n", "apostrophes": "'tis ", "sentences": "It is so. ",
    "speakers": '"So it is," said Ada Quill. ', "he": '"So," he said. ', "dashes": "— ",
    "addresses": "https://courier.example/a ", "mails": "a@b.example ", "mixed": "a“b”'c' — \"",
}
MARKDOWN = {
    "md-quotes": "> ", "md-links": "[a](", "md-images": "![a][", "md-stars": "*a **b ",
    "md-lines": "_a_ `b` ~~c~~\n", "md-lists": "- a\n  - b\n", "md-heads": "# a\n\n",
    "md-rules": "---\n\n", "md-html": "<b>a", "md-tables": "|a|b|\n", "md-references": "[a]: b\n",
}
PAGES = {
    "html-nest": "<div>", "html-close": "<div></div>", "html-open": "<b><i>", "html-a": "<a><b>",
    "html-agency": "<p><a href=x><b></a></p>", "html-tables": "<table>", "html-foster": "<table>x",
    "html-rows": "<tr><td>x", "html-templates": "<template>", "html-svg": "<svg><p>",
    "html-attributes": "<p a=1 b=2 c=3>", "html-references": "&amp;&notin;&#65;", "html-lt": "<",
    "html-comments": "<!--", "html-ends": "</p>", "html-lists": "<ul><li>x",
    "html-paragraphs": "<p>It is so, said Ada Quill.", "html-classes": "<p class='article-body'>x",
    "html-captions": "<figure><figcaption>x</figcaption></figure>", "html-h": "<h1>x</h1>",
    "html-br": "x<br>", "html-links": "<a href='/x'>Bridge</a> ", "html-select": "<select><option>",
    "html-scripts": "<script>x</script>", "html-times": "<time>2015-03-04</time>",
    "html-meta": "<meta name=author content=x>", "html-bylines": "<p class=byline>By Ada Quill</p>",
    "html-ld": "<script type=application/ld+json>{\"@type\":\"NewsArticle\"}</script>",
}
FEED = "<?xml version='1.0'?><rss version='2.0'><channel>"


def files():
    """Each kind: its name, the ending, and what makes a file of so many bytes."""
    def filled(make, unit):
        return lambda size: make(unit * (size // len(unit.encode())))

    for name, unit in TEXTS.items():
        yield name, "txt", filled(lambda text: made.story("linear", tail=text), unit)
    for name, unit in MARKDOWN.items():
        yield name, "md", filled(lambda text: b"---\ntitle: Bridge\n---\n\n" + made.story(
            "linear", tail=text), unit)
    for name, unit in PAGES.items():
        yield name, "html", filled(lambda text: made.page("linear", body=text), unit)
    for name, unit in [
        ("xml-attributes", "<x a='1' b='2'/>"), ("xml-names", "<x xmlns:a='b'/>"),
        ("xml-stray", "</x>"), ("xml-sections", "<![CDATA[]]"), ("xml-lt", "<"),
        ("xml-items", "<item><title>A</title></item>"), ("xml-instructions", "<?x y?>"),
        ("xml-comments", "<!-- -"), ("xml-references", "&x;"),
        ("xml-declarations", "<!ENTITY a 'b'>"),
    ]:
        yield name, "xml", filled(lambda text: (FEED + text + "</channel></rss>").encode(), unit)
    for name, unit in [("warc-heads", "WARC/1.0\r\n"), ("warc-fields", "A: b\r\n"),
                       ("warc-folds", " a\r\n")]:
        yield name, "warc", filled(
            lambda text: b"WARC/1.0\r\nWARC-Type: response\r\n" + text.encode(), unit)
    yield "warc-records", "warc", lambda size: forms.record(
        "response", forms.response(b"<p>x")) * (size // 400)
    yield "warc-cut", "warc", lambda size: (forms.record(
        "response", forms.response(b"<p>x"), length=1 << 40)) * (size // 400)
    for name, unit in [("mhtml-folds", "\r\n a"), ("mhtml-words", "=?utf-8?B?"),
                       ("mhtml-fields", "\r\nA: b")]:
        yield name, "mhtml", filled(lambda text: forms.message(
            ("Content-Type: text/html", made.page("linear")), head="X: a" + text + "\r\n"), unit)
    yield "mhtml-boundaries", "mhtml", lambda size: forms.message(
        ("Content-Type: text/html", b"\r\n--b" * (size // 5)))
    for name, unit in [("json-lists", "["), ("json-objects", '{"a":'), ("json-items", '{"a":1},'),
                       ("json-escapes", "\\u0041"), ("json-digits", "9")]:
        yield name, "json", filled(lambda text: b'{"headline":"' * text.startswith("\\")
                                   + b"[" * (not text.startswith("\\")) + text.encode(), unit)
    yield "zip-names", "zip", lambda size: forms.zip_of(*[
        (f"{i}.txt", b"") for i in range(size // 100)])


def processor(path):
    """Seconds of processor that reading a file takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PROGRAMS + "/archived", "parse", "-o", "members", "--config", "/nonexistent",
                    path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def growth(measure):
    """A length, the seconds that it takes, and those of twice it, beyond those of nothing."""
    nothing, size = measure(0), SMALL
    while (once := measure(size) - nothing) < ENOUGH and size < LARGE:
        size *= 4
    twice = measure(2 * size) - nothing
    for _ in range(3):
        if twice <= 3 * max(once, ENOUGH):
            break
        once = min(once, measure(size) - nothing)
        twice = min(twice, measure(2 * size) - nothing)
    return size, once, twice


def run(options):
    broken, count, pace = 0, 0, []
    with tempfile.TemporaryDirectory(prefix="linear-") as folder:
        for name, ending, make in files():
            if not name.startswith(options.only):
                continue

            def measure(size):
                made.write(f"{folder}/page.{ending}", make(size))
                return processor(f"{folder}/page.{ending}")

            size, once, twice = growth(measure)
            count += 1
            pace.append((twice * (1 << 19) / size, name))
            if twice > 3 * max(once, ENOUGH):
                broken += 1
                print(f"BROKEN {name}: {once:.2f} s for {size >> 10} KiB, and {twice:.2f} s for "
                      f"twice as much", flush=True)
    slowest = ", ".join(f"{name} {took:.2f} s" for took, name in sorted(pace)[-4:])
    return broken, f"{count} kinds, slowest for a mebibyte: {slowest}; "


if __name__ == "__main__":
    main("linear", __doc__, run)
