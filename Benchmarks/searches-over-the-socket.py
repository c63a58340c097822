#!/usr/bin/env python3
"""searches-over-the-socket.py PROGRAMS FOLDER: a mix of searches asked of a daemon by a client.

The files of FOLDER are dropped on a daemon of its own. Then every question is asked in turns over
the socket, answers of ten hits with snippets as JSON: milliseconds by the clock, processor time of
the daemon. Last the daemon is started again, and an article added and found.
"""

import os
import shutil
import statistics
import sys
import time

from trial import Trial, article

MIX = ["mayor", "council budget", '"city council"', "subway delays", "pizza OR bagel", "brook*",
       "headline:police", "mayor -council", "has:quote police", "the", "of the", "snow storm",
       "date:2010..2012 fire", "said:mayor", "zzxqv", "park squirrel", "NEAR(fire truck, 5)",
       "restaurnt~", "stem:voting", "(bar OR restaurant) -pizza", ""]
ROUNDS = 10


def spent(trial):
    with open(f"/proc/{trial.process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(trial, **params):
    began = time.monotonic()
    trial.call("articles.search", **params)
    return (time.monotonic() - began) * 1e3


def percentiles(times):
    ordered = sorted(times)
    middle, last = statistics.median(ordered), ordered[len(ordered) * 99 // 100]
    return f"median {middle:.2f} ms, 99th {last:.1f} ms of {len(ordered)}"


def main():
    programs, folder = sys.argv[1:3]
    trial = Trial(programs)
    shutil.copytree(folder, trial.staging + "/all")
    os.rename(trial.staging + "/all", trial.inbox + "/all")
    trial.call("sync", timeout=900_000)
    articles = trial.call("archive.status")["articles"]
    print(f"{articles} articles, {trial.processor():.1f} s of processor, "
          f"peak {trial.memory('VmHWM'):.0f} MB", flush=True)
    for sort in ("relevance", "newest"):
        slowest = {}
        before = spent(trial)
        times = []
        for _ in range(ROUNDS):
            for query in MIX:
                took = ask(trial, query=query, sort=sort, limit=10)
                times.append(took)
                slowest.setdefault(query, []).append(took)
        each = (spent(trial) - before) / len(times) * 1e3
        print(f"by {sort}: {percentiles(times)}, {each:.2f} ms of processor each")
        worst = sorted(slowest, key=lambda query: -statistics.median(slowest[query]))[:5]
        print("  slowest: " + ", ".join(
            f"{query or '(all)'} {statistics.median(slowest[query]):.1f}" for query in worst))
    for name, params in (("best ten of a word", {"query": "mayor", "limit": 10}),
                         ("three facets", {"query": "mayor", "limit": 0,
                                           "facets": ["author", "year", "month"]}),
                         ("an exact count", {"query": "the", "limit": 0, "exact": True})):
        print(f"{name}: {percentiles([ask(trial, **params) for _ in range(100)])}")
    time.sleep(12)
    print(f"at rest: {trial.memory('VmRSS'):.0f} MB", flush=True)
    trial.stop()
    print(f"started again: first answer after {trial.start() * 1e3:.0f} ms, "
          f"{trial.memory('VmRSS'):.0f} MB", flush=True)
    times = []
    for number in range(200):
        path = f"{trial.staging}/one-{number}.txt"
        with open(path, "wb") as file:
            file.write(article(number))
        began = time.monotonic()
        os.rename(path, f"{trial.inbox}/one-{number}.txt")
        trial.call("sync", timeout=60_000)
        times.append((time.monotonic() - began) * 1e3)
    print(f"an article renamed in, stored and to be found: {percentiles(times)}")
    trial.close()


if __name__ == "__main__":
    main()
