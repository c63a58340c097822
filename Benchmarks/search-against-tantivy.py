#!/usr/bin/env python3
"""Measures the full-text index against tantivy (PyPI), in turns, by processor time.

    search-against-tantivy.py MEASURE CORPUS.tsv QUERIES FOLDER [ROUNDS] [--keep]

MEASURE is the built program of Benchmarks/Measure; search-corpus.py makes corpus and queries.
Each round builds both (unless --keep finds them built) and asks both every query. A query's time
is the middle one of five, a class's the median (p50) and the 99th of 100 (p99) of its queries;
printed are medians over the rounds, and how many times tantivy's time ours is.

To know when reading the figures: tantivy-py wraps every search in a MultiCollector, which turns
off tantivy's block-max pruning, so that its native library would be faster where only the best
ten are asked for. Both are asked within a process, with a query that is made before; what reading
the clock takes is taken off in both. What a call from Python takes is not: it is printed, as the
time of a query that is empty. Its prefix is a regular expression that all match alike, ours is
scored. It indexes one field of words (headline and body); ours has the fields of an article beside
that. What it builds from passes through Python, a line at a time; ours reads the lines itself.
"""
import collections
import datetime
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import tantivy

K = 10


def build(corpus, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="default", index_option="position")
    schema.add_text_field("author", stored=False, tokenizer_name="raw", fast=True)
    schema.add_integer_field("date", stored=False, indexed=True, fast=True)
    schema.add_integer_field("row", stored=True, indexed=False, fast=True)
    index = tantivy.Index(schema.build(), path=str(folder))
    start = time.process_time()
    writer = index.writer(heap_size=128 << 20, num_threads=1)
    size = 0
    with open(corpus, encoding="utf-8") as lines:
        for line in lines:
            row, stamp, author, title, body = line.rstrip("\n").split("\t")
            date = int(datetime.datetime.fromisoformat(stamp).timestamp())
            writer.add_document(
                tantivy.Document(text=[title + "\n" + body], author=[author], date=[date],
                                 row=[int(row)]))
            size += len(line.encode())
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.process_time() - start
    used = sum(path.stat().st_size for path in folder.iterdir())
    return {"cpu": seconds, "mb_per_s": size / 1e6 / seconds, "bytes": used, "share": used / size}


def query(index, name, text):
    schema, occur = index.schema, tantivy.Occur
    term = lambda word: tantivy.Query.term_query(schema, "text", word)
    every = lambda words: tantivy.Query.boolean_query([(occur.Must, term(w)) for w in words])
    words = text.split(" ")
    if name in ("or", "or_many"):
        return tantivy.Query.boolean_query([(occur.Should, term(w)) for w in words])
    if name in ("phrase", "phrase_cc"):
        return tantivy.Query.phrase_query(schema, "text", words)
    if name == "prefix":
        return tantivy.Query.regex_query(schema, "text", text + ".*")
    if name == "not":
        return tantivy.Query.boolean_query(
            [(occur.Must, term(words[0])), (occur.MustNot, term(words[1]))])
    if name == "author":
        word, author = text.split("|")
        author = tantivy.Query.term_query(schema, "author", author)
        return tantivy.Query.boolean_query([(occur.Must, term(word)), (occur.Must, author)])
    return every(words) if len(words) > 1 else term(text)


def ask(folder, queries):
    index = tantivy.Index.open(str(folder))
    index.reload()
    searcher = index.searcher()
    facet = {"authors": {"terms": {"field": "author", "size": 1000}}}

    def run(name, asked, counted):
        if name == "facet":
            searcher.aggregate(asked, facet)
            return 0
        if name in ("count", "count_and"):
            return searcher.search(asked, 1, count=True).count
        if name in ("date", "oldest"):
            order = tantivy.Order.Desc if name == "date" else tantivy.Order.Asc
            return searcher.search(asked, K, count=counted, order_by_field="date", order=order).count
        return searcher.search(asked, K, count=counted).count

    def empty(body):
        times = []
        for _ in range(1001):
            start = time.process_time_ns()
            body()
            times.append((time.process_time_ns() - start) / 1000)
        return sorted(times)[500]

    clock = empty(lambda: None)
    nothing = tantivy.Query.empty_query()
    print("a call from Python:", round(empty(lambda: run("rare", nothing, False)) - clock, 2))
    rows = []
    for line in open(queries, encoding="utf-8"):
        name, text = line.rstrip("\n").split("\t")
        asked = query(index, name, text)
        times = {}
        for counted in (False, True):
            five = []
            for _ in range(5):
                start = time.process_time_ns()
                total = run(name, asked, counted)
                five.append((time.process_time_ns() - start) / 1000)
            times[counted] = sorted(five)[2] - clock
        rows.append((name, times[False], times[True], total or 0))
    return rows


def ours(measure, folder, queries):
    lines = subprocess.run([measure, "search-index", "ask", folder, queries], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    fields = [line.split("\t") for line in lines]
    return [(f[0], float(f[1]), float(f[2]), int(f[3])) for f in fields if f[0] != "open"]


def percentiles(rows):
    classes = collections.defaultdict(lambda: ([], [], []))
    for name, plain, counted, total in rows:
        for place, value in enumerate((plain, counted, total)):
            classes[name][place].append(value)
    point = lambda values, share: sorted(values)[min(len(values) - 1, int(len(values) * share))]
    return {
        name: (point(p, 0.5), point(p, 0.99), point(c, 0.5), point(c, 0.99), statistics.mean(t))
        for name, (p, c, t) in classes.items()}


def main():
    keep = "--keep" in sys.argv
    arguments = [a for a in sys.argv[1:] if a != "--keep"]
    measure, corpus, queries, folder = arguments[:4]
    rounds = int(arguments[4]) if len(arguments) > 4 else 3
    mine, peer = pathlib.Path(folder) / "ours", pathlib.Path(folder) / "tantivy"
    builds, results = ([], []), ([], [])
    for _ in range(rounds):
        if not keep or not mine.exists():
            run = subprocess.run([measure, "search-index", "build", corpus, str(mine)], check=True,
                                 capture_output=True, text=True).stdout
            builds[0].append(json.loads(run))
        if not keep or not peer.exists():
            builds[1].append(build(corpus, peer))
        results[0].append(percentiles(ours(measure, str(mine), queries)))
        results[1].append(percentiles(ask(peer, queries)))
    for name, runs in zip(("ours", "tantivy"), builds):
        if runs:
            print("build", name, {k: round(statistics.median(r[k] for r in runs), 3) for k in runs[0]})
    print("microseconds of processor time, ours / tantivy = times")
    print(f"{'':10} {'best ten, p50':>28} {'p99':>28} {'with count, p50':>28} {'p99':>28} found")
    for name in results[0][0]:
        cells = []
        for place in range(4):
            a, b = (statistics.median(run[name][place] for run in side) for side in results)
            cells.append(f"{a:9.1f} /{b:9.1f} = {a / max(b, 0.1):4.2f}")
        totals = [side[0][name][4] for side in results]
        print(f"{name:10} {' '.join(f'{cell:>28}' for cell in cells)} {totals[0]:.0f} {totals[1]:.0f}")


main()
