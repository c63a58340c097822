#!/usr/bin/env python3
"""score.py FOLDER [PROGRAM] [--by-source] [--news] [--errors FIELD]: how well pages are read.

FOLDER holds pages/ID.html or pages/ID.html.gz and truth.jsonl: a line a page with `id` and, where
it is known, `url`, `title`, `authors`, `published`, `body`, `source`, `news`. PROGRAM is `archived`
(default: the release that `make build` made). What is compared, and how, is told at each measure.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta, timezone

WORD = re.compile(r"\w+")
BATCH = 200


# The body, after the evaluation of the article-extraction-benchmark (Zyte): texts are compared as
# bags of all runs of four words, each page counts alike, and F1 is of the means of precision and
# recall over pages.


def shingles(text):
    words = WORD.findall(text or "")
    runs = max(1, len(words) - 3)
    return Counter(tuple(words[at : at + 4]) for at in range(runs) if words)


def body_parts(true, read):
    """The shares of runs that are right, too many and missing."""
    wanted, found = shingles(true), shingles(read)
    right = sum((wanted & found).values())
    extra, missing = sum((found - wanted).values()), sum((wanted - found).values())
    total = right + extra + missing
    return (right / total, extra / total, missing / total) if total else (0.0, 0.0, 0.0)


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def harmonic(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def body_score(pairs):
    parts = [body_parts(true, read) for true, read in pairs]
    precision = mean(r / (r + e) for r, e, m in parts if r + e > 0)
    recall = mean(r / (r + m) for r, e, m in parts if r + m > 0)
    return harmonic(precision, recall), precision, recall


# Titles and names are compared by their words, without case and punctuation; a title also without
# a site's name behind a bar or a dash.


def key(text):
    plain = unicodedata.normalize("NFKC", text or "").casefold().replace("\u2019", "'")
    return " ".join(WORD.findall(plain))


DASHES = "|\u2013\u2014\u00b7\u00bb"
TAIL = re.compile(rf"(.{{8,}}?)\s+(?:[{DASHES}:]|-)\s+[^{DASHES}]{{2,60}}$")


def title_keys(text):
    text = " ".join((text or "").split())
    tail = TAIL.match(text)
    keys = {key(text), key(text.split(" | ")[0])}
    return keys | {key(tail.group(1))} if tail else keys


NAMES = re.compile(r"\s*(?:;|,|/|\||\n|\s&\s|\s(?:and|und|et|y)\s)\s*", re.I)
BY = re.compile(r"^\s*(?:by|von|par|por)[\s:]+", re.I)


def names(authors):
    listed = [authors] if isinstance(authors, str) else authors or []
    parts = (BY.sub("", part) for name in listed for part in NAMES.split(name or ""))
    return {key(part) for part in parts} - {""}


# A date is right where it is written as the true day, or as a moment of that day in UTC.


DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)\S*?(Z|[+-]\d\d:?\d\d)?)?$")


def days(text):
    match = DATE.match(str(text or ""))
    try:
        written = date.fromisoformat(match.group(1))
    except (AttributeError, ValueError):
        return set()
    zone = match.group(3)
    if not match.group(2) or zone in (None, "Z"):
        return {written}
    sign = 1 if zone[0] == "+" else -1
    east = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * sign
    moment = datetime.fromisoformat(f"{match.group(1)}T{match.group(2)}") - east
    return {written, moment.replace(tzinfo=timezone.utc).date()}


def read_pages(folder, rows, program):
    """What the program reads from each page, by the page's id, and its processor time."""
    pages = os.path.join(folder, "pages")
    files = {name.split(".html")[0]: name for name in os.listdir(pages) if ".html" in name}
    wanted = [files[row["id"]] for row in rows if row["id"] in files]
    read = {}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf8") as addresses:
        for row in rows:
            if row.get("url") and row["id"] in files:
                addresses.write(f"{files[row['id']]}\t{row['url']}\n")
        addresses.flush()
        for start in range(0, len(wanted), BATCH):
            batch = [os.path.join(pages, name) for name in wanted[start : start + BATCH]]
            run = subprocess.run(
                [program, "parse", "-o", "members", "--articles", "--addresses", addresses.name]
                + batch,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for line in run.stdout.splitlines():
                member = json.loads(line)
                if "article" in member:
                    read[member["path"].split(".html")[0]] = member["article"]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return read, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(row, article):
    """For each field that the truth has: whether it is right, and both values."""
    result = {}
    if row.get("title"):
        found = article.get("headline", "")
        right = bool(found and title_keys(row["title"]) & title_keys(found))
        result["title"] = (right, row["title"], found)
    if row.get("authors"):
        wanted, found = names(row["authors"]), names(article.get("authors"))
        result["authors"] = (wanted == found, sorted(wanted), sorted(found))
    if days(row.get("published")):
        found = (article.get("published") or {}).get("value")
        right = bool(days(row["published"]) & days(found))
        result["published"] = (right, row["published"], found)
    if "body" in row and row.get("body_kind") != "tool-golden":
        text = "\n\n".join(block["text"] for block in article.get("body", []))
        result["body"] = (row["body"] == text, row["body"], text)
    return result


def table(label, compared):
    print(f"{label}: {len(compared)} pages")
    for field in ("title", "authors", "published", "body"):
        values = [result[field] for result in compared if field in result]
        if not values:
            continue
        line = f"  {field:<10} of {len(values):<5}"
        if field == "body":
            f1, precision, recall = body_score([value[1:] for value in values])
            line += f" F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}"
        elif field == "authors":
            right = sum(len(set(a) & set(b)) for _, a, b in values)
            wanted, found = (sum(len(value[at]) for value in values) for at in (1, 2))
            precision, recall = right / max(1, found), right / max(1, wanted)
            line += f" F1 {harmonic(precision, recall):.3f}  precision {precision:.3f}"
            line += f"  recall {recall:.3f}  all right {mean(v[0] for v in values):.3f}"
        else:
            right, found = (sum(bool(value[at]) for value in values) for at in (0, 2))
            line += f" right {right / len(values):.3f}  of those read {right / max(1, found):.3f}"
        print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder")
    parser.add_argument("program", nargs="?", default=".build-release/release/archived")
    parser.add_argument("--by-source", action="store_true")
    parser.add_argument("--news", action="store_true")
    parser.add_argument("--errors", metavar="FIELD")
    options = parser.parse_args()
    with open(os.path.join(options.folder, "truth.jsonl"), encoding="utf8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    rows = [row for row in rows if row.get("news") or not options.news]
    articles, seconds = read_pages(options.folder, rows, options.program)
    if not articles:
        sys.exit(f"{options.program} read no page of {options.folder}")
    compared = [(row, compare(row, articles.get(row["id"], {}))) for row in rows]
    table("all", [result for _, result in compared])
    if options.by_source:
        for source in sorted({row.get("source", "") for row in rows}):
            table(source, [result for row, result in compared if row.get("source", "") == source])
    speed = len(rows) / max(seconds, 0.001)
    print(f"{speed:.0f} pages a second of processor time, unpacking and all")
    for row, result in compared if options.errors else []:
        right, wanted, found = result.get(options.errors, (True, "", ""))
        if not right:
            print(row["id"], str(wanted)[:200], str(found)[:200], sep=" | ")


if __name__ == "__main__":
    main()
