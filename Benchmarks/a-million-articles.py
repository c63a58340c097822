#!/usr/bin/env python3
"""a-million-articles.py PROGRAMS CORPUS.tsv HOME: a daemon with very many articles.

CORPUS.tsv is made by search-corpus.py --grow. Its articles are dropped on a daemon that keeps its
state in HOME, as zips of 5,000 Markdown files, until the archive has as many as CORPUS: one that
was taken in earlier is measured again at once. Then: start until READY, memory at rest, a mix of
searches over the socket, one article renamed in until it is found, at rest and while more are taken
in and files of the index merged. The articles for that are made up, and stay.
"""

import importlib
import json
import os
import socket
import statistics
import struct
import sys
import threading
import time
import zipfile

from trial import Trial, article

searches = importlib.import_module("searches-over-the-socket")
BUNDLE = 5_000
UNDER_WAY = 3


class Host(Trial):
    """A daemon that is told to say when it is ready, as systemd is."""

    def start(self):
        self.path = f"{self.home}/notify"
        if os.path.exists(self.path):
            os.unlink(self.path)
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ready.bind(self.path)
        ready.settimeout(600)
        os.environ["NOTIFY_SOCKET"] = self.path
        self.ready = None
        began = time.monotonic()
        threading.Thread(target=self.listen, args=(ready, began), daemon=True).start()
        answered = super().start()
        while self.ready is None:
            time.sleep(0.001)
        return answered

    def listen(self, ready, began):
        while b"READY=1" not in ready.recv(4096):
            pass
        self.ready = time.monotonic() - began
        try:
            while True:
                ready.recv(4096)
        except OSError:
            pass

    def hear(self):
        """Has the daemon tell of every file that it stored, for `heard`."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(f"{self.home}/run/archived.sock")
        self.told = connection.makefile("rb")
        line = {"jsonrpc": "2.0", "id": 1, "method": "events.subscribe",
                "params": {"types": ["file.stored"]}}
        connection.sendall(json.dumps(line).encode() + b"\n")
        self.told.readline()

    def heard(self, name):
        """Waits until a file is told of as stored."""
        while json.loads(self.told.readline())["params"]["path"] != name:
            pass

    def segments(self):
        """The numbers of the files in the manifest of the index, and of those that are there."""
        folder = f"{self.home}/state/index"
        numbers = []
        with open(folder + "/manifest", "rb") as file:
            words = [word for word, in struct.iter_unpack("<Q", file.read())]
        place = 4
        while place < len(words) - 1:
            numbers.append(words[place])
            place += 4 + words[place + 3]
        there = [int(name[:-6]) for name in os.listdir(folder) if name.endswith(".lists")]
        return numbers, there

    def is_merging(self):
        try:
            named, there = self.segments()
        except OSError:
            return True
        return bool(set(there) - set(named))


def markdown(line):
    row, stamp, author, title, body = line.rstrip("\n").split("\t")
    paragraphs = body.replace("\x1f", "\n\n")
    return (f"---\nauthor: {author}\ndate: {stamp}:00\ntitle: {title}\noutlet: The Grown Paper\n"
            f"url: https://grown.example/{stamp[:4]}/{row}\n---\n\n{paragraphs}\n")


def bundles(corpus, first):
    """Zips of the articles of a corpus from one on, as (name, function that writes it)."""
    members = []
    with open(corpus, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number >= first:
                members.append((f"{number}.md", markdown(line)))
            if len(members) == BUNDLE:
                yield number, members
                members = []
    if members:
        yield number, members


def write(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for name, text in members:
            bundle.writestr(name, text)


def take_in(host, corpus):
    """Drops what is lacking of a corpus, a few bundles at a time."""
    before = host.call("archive.status")["articles"]
    began, spent = time.monotonic(), host.processor()

    def tell(count):
        seconds, processor = time.monotonic() - began, host.processor() - spent
        print(f"{count} articles taken in: {seconds:.0f} s by the clock, {processor:.0f} s of "
              f"processor, peak {host.memory('VmHWM'):.0f} MB, {host.peak_memory():.0f} MB with "
              "workers", flush=True)

    for number, members in bundles(corpus, before):
        name = f"grown-{number}.zip"
        write(f"{host.staging}/{name}", members)
        os.rename(f"{host.staging}/{name}", f"{host.inbox}/{name}")
        while sum(name.endswith(".zip") for name in os.listdir(host.inbox)) >= UNDER_WAY:
            time.sleep(0.05)
        if (number + 1) % 50_000 < BUNDLE:
            tell(number + 1 - before)
    host.call("sync", timeout=3_600_000)
    count = host.call("archive.status")["articles"]
    if count > before:
        tell(count - before)
    print(f"{count} articles")


def at_rest(host, when):
    cells = [f"{name} {host.memory(name):.0f}" for name in ("VmRSS", "RssAnon", "RssFile")]
    print(f"memory {when}, MB: {', '.join(cells)}", flush=True)


def restarts(host):
    times = []
    for _ in range(5):
        host.stop()
        answered = host.start()
        times.append((host.ready * 1e3, answered * 1e3))
    for name, values in zip(("READY", "the first answer"), zip(*times)):
        cells = ", ".join(f"{value:.0f}" for value in values)
        print(f"started until {name}, ms: {cells}", flush=True)


def mix(host):
    for sort in ("relevance", "newest"):
        before, times, slowest = searches.spent(host), [], {}
        for _ in range(searches.ROUNDS):
            for query in searches.MIX:
                took = searches.ask(host, query=query, sort=sort, limit=10)
                times.append(took)
                slowest.setdefault(query, []).append(took)
        each = (searches.spent(host) - before) / len(times) * 1e3
        print(f"searches by {sort}: {searches.percentiles(times)}, {each:.2f} ms of processor each")
        worst = sorted(slowest, key=lambda query: -statistics.median(slowest[query]))[:6]
        print("  slowest: " + ", ".join(
            f"{query or '(all)'} {statistics.median(slowest[query]):.1f}" for query in worst),
            flush=True)
    for name, params in (("three facets", {"query": "mayor", "limit": 0,
                                           "facets": ["author", "year", "month"]}),
                         ("an exact count", {"query": "the", "limit": 0, "exact": True})):
        times = [searches.ask(host, **params) for _ in range(100)]
        print(f"{name}: {searches.percentiles(times)}", flush=True)


def one_by_one(host, numbers, is_over=lambda: False):
    """Renames articles in: milliseconds until each is found, and whether files were merged.

    The daemon's event tells when to ask; asking all the time would keep a processor busy.
    """
    times = []
    host.hear()
    for number in numbers:
        name = f"one-{number}.txt"
        with open(f"{host.staging}/{name}", "wb") as file:
            file.write(article(number))
        began = time.monotonic()
        os.rename(f"{host.staging}/{name}", f"{host.inbox}/{name}")
        host.heard(name)
        while not host.call("articles.search", query=f"headline:{number}", limit=1)["items"]:
            pass
        times.append(((time.monotonic() - began) * 1e3, host.is_merging()))
        if is_over():
            break
        time.sleep(0.01)
    return times


def tell(name, times):
    if times:
        print(f"{name}: {searches.percentiles([took for took, _ in times])}", flush=True)


def while_merging(host, start):
    """Articles one by one, while thousands make the index write and merge files."""
    is_done = threading.Event()
    names = [f"made-up-{start}-{bundle}.zip" for bundle in range(12)]
    # All are written before: to make them up takes a processor of its own.
    for bundle, name in enumerate(names):
        first = start + 10**7 + bundle * BUNDLE
        write(f"{host.staging}/{name}",
              [(f"{n}.txt", article(n, 2400)) for n in range(first, first + BUNDLE)])

    def feed():
        for name in names:
            os.rename(f"{host.staging}/{name}", f"{host.inbox}/{name}")
            while os.path.exists(f"{host.inbox}/{name}"):
                time.sleep(0.05)
        is_done.set()

    threading.Thread(target=feed, daemon=True).start()
    times = one_by_one(host, range(start + 1000, start + 10**6), is_done.is_set)
    tell("the same while zips are taken in", [t for t in times if not t[1]])
    tell("the same while zips are taken in and files of the index written or merged",
         [t for t in times if t[1]])


def main():
    programs, corpus, home = sys.argv[1:4]
    host = Host(os.path.abspath(programs), home=os.path.abspath(home))
    take_in(host, corpus)
    time.sleep(15)
    while host.is_merging():
        time.sleep(1)
    at_rest(host, "after taking in")
    restarts(host)
    time.sleep(5)
    at_rest(host, "after a start")
    mix(host)
    at_rest(host, "after the searches")
    start = 2 * 10**6 + host.call("archive.status")["articles"]
    tell("one article renamed in until it is found", one_by_one(host, range(start, start + 200)))
    while_merging(host, start)
    time.sleep(15)
    at_rest(host, "at the end")
    print(f"segments: {len(host.segments()[0])}")
    host.close()


if __name__ == "__main__":
    main()
