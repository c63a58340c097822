#!/usr/bin/env python3
"""reading-against-peers.py FOLDER [PROGRAM] [--pages N]: pages read a second, and how well.

FOLDER is a data set as score.py takes it. The program reads every page with all metadata, evidence
and quotations, its start and unpacking counted; trafilatura takes the body and metadata, Resiliparse
the main text alone, both from pages already unpacked. Processor time, one run, the same pages.
"""

import argparse
import gzip
import json
import os
import time

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

import score


def pages(folder, rows):
    """Each page's row and bytes."""
    for row in rows:
        for ending, opened in ((".html", open), (".html.gz", gzip.open)):
            path = os.path.join(folder, "pages", row["id"] + ending)
            if os.path.exists(path):
                with opened(path, "rb") as file:
                    yield row, file.read()


def by_trafilatura(row, page):
    found = trafilatura.bare_extraction(page, url=row.get("url"), with_metadata=True)
    fields = found.as_dict() if found else {}
    return {
        "headline": fields.get("title"),
        "authors": (fields.get("author") or "").split("; "),
        "published": {"value": fields.get("date")},
        "body": [{"text": fields.get("text") or ""}],
    }


def by_resiliparse(_, page):
    text = bytes_to_str(page, detect_encoding(page))
    return {"body": [{"text": extract_plain_text(text, main_content=True)}]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder")
    parser.add_argument("program", nargs="?", default=".build-release/release/archived")
    parser.add_argument("--pages", type=int, default=400, help="every so-manieth page is taken")
    options = parser.parse_args()
    with open(os.path.join(options.folder, "truth.jsonl"), encoding="utf8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    rows = rows[:: max(1, len(rows) // options.pages)][: options.pages]
    read, seconds = score.read_pages(options.folder, rows, options.program)
    runs = {"archived": (read, seconds)}
    taken = list(pages(options.folder, rows))
    for name, peer in (("trafilatura", by_trafilatura), ("resiliparse", by_resiliparse)):
        began = time.process_time()
        read = {row["id"]: peer(row, page) for row, page in taken}
        runs[name] = (read, time.process_time() - began)
    for name, (read, seconds) in runs.items():
        speed = len(taken) / seconds
        print(f"{name}: {speed:.0f} pages a second, {seconds / runs['archived'][1]:.1f} x the time")
        score.table("  of these", [score.compare(row, read.get(row["id"], {})) for row in rows])


if __name__ == "__main__":
    main()
