#!/usr/bin/env python3
"""Makes a corpus to measure the index with: one article a line, its fields parted by tabs.

    search-corpus.py FOLDER CORPUS.tsv          the Markdown files below FOLDER, tags stripped
    search-corpus.py --grow N REAL.tsv OUT.tsv  N articles made of the paragraphs of REAL.tsv
    search-corpus.py --queries CORPUS.tsv OUT   queries of every class, drawn from its words

The fields: row, date, author, headline, body. Grown articles take their paragraphs from three
articles (60, 25 and 15 in a hundred), their lengths from real ones; words in at most five
articles are changed by an ending, so that the vocabulary keeps growing. Their text repeats itself
more than life: phrases and words that occur together are denser than they should be.
"""
import collections
import datetime
import html
import pathlib
import random
import re
import sys

SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.S | re.I)
BREAK = re.compile(r"</(p|div|li|h\d|blockquote)>|<br\s*/?>", re.I)
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[a-z0-9]+")


def real(folder):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text("utf-8", "replace")
        head, _, body = text.removeprefix("---\n").partition("\n---\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        body = TAG.sub(" ", BREAK.sub("\n", SCRIPT.sub(" ", body)))
        lines = (" ".join(line.split()) for line in html.unescape(body).splitlines())
        body = "\x1f".join(line for line in lines if line)
        try:
            date = datetime.datetime.strptime(fields.get("date", ""), "%b %d, %Y %I:%M %p")
        except ValueError:
            date = datetime.datetime(2000, 1, 1)
        title = " ".join(fields.get("title", "").split())
        yield date, fields.get("author", "unknown").strip(), title, body


def write(articles, path):
    with open(path, "w", encoding="utf-8") as out:
        for row, (date, author, title, body) in enumerate(articles, 1):
            stamp = date.strftime("%Y-%m-%dT%H:%M")
            out.write(f"{row}\t{stamp}\t{author}\t{title}\t{body}\n")


def read(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            _, stamp, author, title, body = line.rstrip("\n").split("\t")
            yield datetime.datetime.fromisoformat(stamp), author, title, body


def grow(count, source):
    chance = random.Random(7)
    articles = list(read(source))
    rare = collections.Counter()
    for _, _, _, body in articles:
        rare.update(set(WORD.findall(body.lower())))
    rare = {word for word, number in rare.items() if number <= 5 and word.isalpha()}
    paragraphs = [body.split("\x1f") for _, _, _, body in articles]
    day = datetime.datetime(1980, 1, 1)
    step = datetime.timedelta(minutes=40 * 365 * 24 * 60 / count)

    def changed(match):
        word = match.group()
        if word.lower() not in rare or chance.random() < 0.5:
            return word
        return word + chance.choice("aeioy") + chance.choice("bdlmnrst") + str(chance.randrange(100))

    for number in range(count):
        three = [chance.randrange(len(articles)) for _ in range(3)]
        wanted = len(articles[chance.randrange(len(articles))][3])
        body, length = [], 0
        while length < wanted:
            paragraph = chance.choice(paragraphs[chance.choices(three, (60, 25, 15))[0]] or [""])
            paragraph = re.sub(r"[A-Za-z]+", changed, paragraph)
            body.append(paragraph)
            length += len(paragraph) + 1
        _, author, title, _ = articles[three[0]]
        yield day + number * step, author, title, "\x1f".join(body)


def queries(source, out):
    chance = random.Random(11)
    articles, frequency = [], collections.Counter()
    for date, author, title, body in read(source):
        words = WORD.findall((title + " " + body).lower())
        frequency.update(set(words))
        if chance.random() < 20000 / (len(articles) + 20000):
            articles.append((author, words))
    count = len(articles)
    common = [word for word, number in frequency.items() if number > 0.2 * count and len(word) > 1]
    with open(out, "w", encoding="utf-8") as lines:
        for _ in range(200):
            author, words = chance.choice(articles)
            while len(words) < 20:
                author, words = chance.choice(articles)
            rare = [w for w in words if 2 <= frequency[w] <= 0.0005 * count + 2] or words
            middle = [w for w in words if 0.002 * count < frequency[w] < 0.2 * count] or words
            place = chance.randrange(len(words) - 3)
            two = chance.sample(common, 2)
            stem = chance.choice(middle)
            asked = {
                "rare": chance.choice(rare), "common": chance.choice(common),
                "and": " ".join(chance.sample(middle, 2) if len(middle) > 1 else middle * 2),
                "and_cc": " ".join(two), "or": " ".join(chance.sample(common, 2)),
                "or_many": " ".join(chance.sample(words, 5)),
                "phrase": " ".join(words[place:place + 3]),
                "phrase_cc": " ".join(words[place:place + 2]),
                "prefix": stem[:4], "not": f"{chance.choice(middle)} {chance.choice(common)}",
                "author": f"{chance.choice(middle)}|{author}",
                "date": chance.choice(common), "oldest": chance.choice(common),
                "facet": chance.choice(common), "count": chance.choice(common),
                "count_and": " ".join(two),
            }
            for name, text in asked.items():
                lines.write(f"{name}\t{text}\n")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[0] == "--grow":
        write(grow(int(arguments[1]), arguments[2]), arguments[3])
    elif arguments[0] == "--queries":
        queries(arguments[1], arguments[2])
    else:
        write(real(arguments[0]), arguments[1])
