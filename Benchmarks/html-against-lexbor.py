#!/usr/bin/env python3
"""Building trees of HTML pages against lexbor, processor time only, in one run.

    html-against-lexbor.py PROGRAM FOLDER [ROUNDS]

PROGRAM is `measure` (Benchmarks/README.md), FOLDER holds the pages. Ours and lexbor (selectolax
from PyPI) take turns; what is told are medians of the rounds: the ratio over the bytes of all
pages, and the median of the pages' own ratios. Then pages that are made to be slow: what twice the
page costs, in times of the page.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from selectolax.lexbor import LexborHTMLParser

program, folder = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))


def ours(paths):
    run = subprocess.run([program, "html", *paths], capture_output=True, check=True)
    return json.loads(run.stdout)["pages"]


def lexbors(pages):
    seconds = []
    for page in pages:
        count = max(1, (4 << 20) // max(1, len(page)))
        start = time.process_time()
        for _ in range(count):
            LexborHTMLParser(page)
        seconds.append((time.process_time() - start) / count)
    return seconds


def read(path):
    with open(path, "rb") as file:
        return file.read()


def against_lexbor():
    pages = [read(path) for path in paths]
    size = sum(map(len, pages))
    whole, single = [], []
    for _ in range(rounds):
        us, them = ours(paths), lexbors(pages)
        whole.append((size / sum(us) / 1e6, size / sum(them) / 1e6, sum(them) / sum(us)))
        single.append(statistics.median(b / a for a, b in zip(us, them)))
    us, them, ratio = (statistics.median(column) for column in zip(*whole))
    print(f"{len(pages)} pages, {size} bytes, {rounds} rounds")
    print(f"ours {us:.0f} MB/s, lexbor {them:.0f} MB/s")
    print(f"over all bytes {ratio:.2f} x lexbor, the median page {statistics.median(single):.2f} x")


HOSTILE = {
    "nested div": lambda n: "<div>" * n,
    "nested b": lambda n: "<b>" * n,
    "nested font, all different": lambda n: "".join(f"<font size={i}>" for i in range(n)),
    "nested a": lambda n: "<a>" * n,
    "nested table": lambda n: "<table>" * n,
    "nested table cells": lambda n: "<table><tr><td>" * n,
    "nested svg groups": lambda n: "<svg>" + "<g>" * n,
    "nested templates": lambda n: "<template>" * n,
    "nested lists": lambda n: "<ul><li>" * n,
    "div in a paragraph's object": lambda n: "<p><object>" + "<div>" * n,
    "unclosed formatting in each paragraph": lambda n: "<p><b><i><u><s>x" * n,
    "two hundred unclosed, many paragraphs":
        lambda n: "<p>" + "".join(f"<font size={i}>" for i in range(200)) + "<p>x" * n,
    "adoption agency": lambda n: "<a><b><p></a></b>" * n,
    "adoption agency in depth": lambda n: "<b><div>" * n + "</b>" * n,
    "stray end tags": lambda n: "<b><div>" * 200 + "</i>" * n,
    "text before a table": lambda n: "<table>" + "<tr>x" * n,
    "pictures before a table": lambda n: "<table>" + "<img>" * n,
    "attributes": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + ">x",
    "the same attribute": lambda n: "<p " + "a=1 " * n + ">x",
    "tags of twenty attributes":
        lambda n: ("<p " + " ".join(f"attribute-{i}" for i in range(20)) + ">") * n,
    "html tags of new attributes": lambda n: "".join(f"<html a{i}>" for i in range(n)),
    "open comments": lambda n: "<!--" * n,
    "open quotes": lambda n: "<a b=\"" * n,
    "open scripts": lambda n: "<script><!--<script>" * n,
    "less-than signs": lambda n: "<" * n,
    "ampersands": lambda n: "&am" * n,
    "empty end tags": lambda n: "</>x" * n,
    "framesets": lambda n: "<frameset>" * n + " x" * n,
}


def doubling():
    print("twice the page, times the cost (below 3 is linear)")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in HOSTILE.items():
            pages = []
            for count in (100_000, 200_000):
                pages.append(os.path.join(folder, str(count)))
                with open(pages[-1], "w") as file:
                    file.write(make(count))
            runs = [ours(pages) for _ in range(3)]
            if runs[0][1] < 0:
                print(f"  {name}: refused")
                continue
            ratio = statistics.median(run[1] / run[0] for run in runs)
            seconds = statistics.median(run[1] for run in runs)
            size = os.path.getsize(pages[1])
            print(f"  {name}: {ratio:.2f}, {seconds * 1e3:.0f} ms for {size} bytes")


against_lexbor()
doubling()
