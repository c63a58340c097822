#!/usr/bin/env python3
"""Measures making snippets against tantivy (PyPI), in turns, by processor time.

    snippets-against-tantivy.py MEASURE CORPUS.tsv QUERIES [ROUNDS]

MEASURE is the built program of Benchmarks/Measure; search-corpus.py makes corpus and queries. Both
make the snippets of the same ten articles, those that tantivy finds best, for the same words. A
query's time is the middle one of five, from the query to ten snippets with marks; printed are the
median (p50) and the 99th of 100 (p99) of each class's queries, medians over the rounds, and how
many times tantivy's time ours is.

tantivy is given documents that are in memory; ours takes the text out of the JSON record, which is
in its figure. Both show some 150 letters, tantivy of the body alone.
"""
import collections
import statistics
import subprocess
import sys
import tempfile
import time

import tantivy

CLASSES = ("common", "rare", "and", "or", "or_many", "phrase")


def index(corpus):
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=True, tokenizer_name="default", index_option="position")
    schema.add_integer_field("row", stored=True, indexed=False, fast=True)
    index = tantivy.Index(schema.build())
    writer = index.writer(heap_size=128 << 20, num_threads=1)
    with open(corpus, encoding="utf-8") as lines:
        for line in lines:
            row, _, _, _, body = line.rstrip("\n").split("\t")
            text = body.replace("\x1f", "\n")
            writer.add_document(tantivy.Document(text=[text], row=[int(row)]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def questions(index, path):
    """The class, the words as ours takes them, the query, and the ten best articles."""
    searcher, schema = index.searcher(), index.schema
    for line in open(path, encoding="utf-8"):
        name, text = line.rstrip("\n").split("\t")
        words = text.split(" ")
        if name not in CLASSES:
            continue
        if name == "phrase":
            query = tantivy.Query.phrase_query(schema, "text", words)
        else:
            occur = tantivy.Occur.Must if name == "and" else tantivy.Occur.Should
            terms = [(occur, tantivy.Query.term_query(schema, "text", w)) for w in words]
            query = tantivy.Query.boolean_query(terms)
        found = [searcher.doc(address) for _, address in searcher.search(query, 10).hits]
        if found:
            yield name, f'"{text}"' if name == "phrase" else text, query, found


def theirs(index, asked):
    times = []
    for _, _, query, found in asked:
        five = []
        for _ in range(5):
            start = time.process_time_ns()
            generator = tantivy.SnippetGenerator.create(
                index.searcher(), query, index.schema, "text")
            for document in found:
                generator.snippet_from_doc(document).to_html()
            five.append((time.process_time_ns() - start) / 1000)
        times.append(sorted(five)[2])
    return times


def ours(measure, corpus, asked):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as lines:
        for _, text, _, found in asked:
            lines.write(f"{text}\t{' '.join(str(d['row'][0]) for d in found)}\n")
        lines.flush()
        run = subprocess.run([measure, "snippets", corpus, lines.name], check=True,
                             capture_output=True, text=True)
    return [float(line.split("\t")[0]) for line in run.stdout.split("\n") if line]


def points(asked, times):
    classes = collections.defaultdict(list)
    for (name, _, _, _), value in zip(asked, times, strict=True):
        classes[name].append(value)
        classes["all"].append(value)
    return {name: (statistics.median(values), sorted(values)[(len(values) - 1) * 99 // 100])
            for name, values in classes.items()}


def main():
    measure, corpus, queries = sys.argv[1:4]
    built = index(corpus)
    asked = list(questions(built, queries))
    rounds = [(points(asked, ours(measure, corpus, asked)), points(asked, theirs(built, asked)))
              for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 3)]
    print(f"{len(asked)} queries; microseconds of processor time, ours / tantivy = times")
    for name in rounds[0][0]:
        cells = []
        for place in range(2):
            a, b = (statistics.median(run[side][name][place] for run in rounds) for side in (0, 1))
            cells.append(f"{a:8.1f} /{b:8.1f} = {a / b:4.2f}")
        print(f"{name:10} p50 {cells[0]}   p99 {cells[1]}")


if __name__ == "__main__":
    main()
