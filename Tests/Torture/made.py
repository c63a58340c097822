#!/usr/bin/env python3
"""Makes hostile files with a manifest of what may become of each.

    made.py FOLDER [--seed N]     writes FOLDER/manifest.jsonl and FOLDER/files/

The same seed makes the same bytes. Nothing here was taken from elsewhere: every text is made up.
"""

import argparse
import json
import os
import random
import sys
import warnings


def story(word, title=None, byline="By Ada Quill | March 4, 2015 7:33am", tail=""):
    """A news page as plain text about a word that nothing else holds."""
    return (f"""The Harlow Courier

{title or f'Council Weighs the Future of {word.capitalize()} Bridge'}

{byline}

HARLOW — The council met on Tuesday to talk about {word}, a bridge that nobody has crossed since \
the flood of last winter.

"We will open {word} again before the autumn, or I will resign," said Mayor Odile Park.

The work is to cost four million crowns, of which the county pays half.
{tail}""").encode()


def page(word, head="", body="", title=None):
    """A news page as HTML about a word that nothing else holds."""
    title = title or f"Council Weighs the Future of {word.capitalize()} Bridge"
    return (f"""<!DOCTYPE html><html lang="en"><head><title>{title} - The Harlow Courier</title>
{head}</head><body><article><h1>{title}</h1><p class="byline">By Ada Quill</p>
<p>HARLOW — The council met on Tuesday to talk about {word}, a bridge that nobody has crossed since
the flood of last winter.</p><p>"We will open {word} again before the autumn, or I will resign,"
said Mayor Odile Park. The work is to cost four million crowns, of which the county pays half.</p>
{body}</article></body></html>
""").encode()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


class Case:
    """One row of the manifest, with its bytes; `expect` as "salvage 1 corrupt"."""

    def __init__(self, name, path, data, *expect, about="", checks=(), rss_mb=64, seconds=10):
        self.path = path if isinstance(path, bytes) else path.encode()
        self.data = data
        self.row = {
            "id": name, "desc": about or name, "expect": [_outcome(e) for e in expect],
            "checks": list(checks), "rss_mb": rss_mb, "seconds": seconds,
            "special": data is None}


def _outcome(words):
    """`ingest 1`, `salvage 1 corrupt`, `quarantine corrupt`, `ignore`, `wait permission`."""
    do, *rest = words.split()
    outcome = {"do": do}
    for word in rest:
        outcome.update({"articles": int(word)} if word.isdigit() else {"reason": word})
    return outcome


def make(folder, seed=1):
    """Writes all cases; returns how many."""
    import made_archives
    import made_disguises
    import made_floods
    import made_markup
    import made_names
    import made_texts
    import made_webarchives
    warnings.filterwarnings("ignore", "Duplicate name")  # which is what some are about
    os.makedirs(folder + "/files", exist_ok=True)
    count = 0
    with open(folder + "/manifest.jsonl", "w", encoding="utf-8") as manifest:
        for group in (made_names, made_texts, made_markup, made_archives, made_webarchives,
                      made_disguises, made_floods):
            for case in group.cases(random.Random(seed)):
                row = dict(case.row)
                if case.data is not None:
                    write(os.fsencode(folder) + b"/files/" + case.path, case.data)
                try:
                    row["path"] = case.path.decode()
                except UnicodeDecodeError:
                    row["path_hex"] = case.path.hex()
                manifest.write(json.dumps(row) + "\n")
                count += 1
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{make(options.folder, options.seed)} cases in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
