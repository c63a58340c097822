#!/usr/bin/env python3
"""inbox.py PROGRAMS: how fast dropped files become answers. See README.md."""

import os
import signal
import statistics
import sys
import time

from trial import Trial, article


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def at_once(trial, count):
    folder = trial.staging + "/bulk"
    os.makedirs(folder)
    for number in range(count):
        write(f"{folder}/{number}.txt", article(number))
    began, processor = time.monotonic(), trial.processor()
    os.rename(folder, trial.inbox + "/bulk")
    trial.call("sync", timeout=600_000)
    seconds = time.monotonic() - began
    kept = trial.call("archive.status")["articles"]
    print(f"{count} articles at once: {count / seconds:.0f} a second, {kept} kept, "
          f"{(trial.processor() - processor) / count * 1e3:.2f} ms of processor each, "
          f"peak {trial.memory('VmHWM'):.0f} MB")


def one_by_one(trial, count):
    times = []
    for number in range(10**6, 10**6 + count):
        path = f"{trial.staging}/{number}.txt"
        write(path, article(number))
        began = time.monotonic()
        os.rename(path, f"{trial.inbox}/{number}.txt")
        while not trial.call("articles.search", query=f"headline:{number}", limit=1)["items"]:
            pass
        times.append((time.monotonic() - began) * 1e3)
        time.sleep(0.02)
    times.sort()
    print(f"one article renamed in, until it is found: median {statistics.median(times):.1f} ms, "
          f"99th of a hundred {times[count * 99 // 100]:.1f} ms")


def while_stopped(trial, count):
    before = trial.call("inbox.status")
    trial.process.send_signal(signal.SIGSTOP)
    for number in range(2 * 10**6, 2 * 10**6 + count):
        write(f"{trial.inbox}/{number}.txt", article(number, 400))
    began = time.monotonic()
    trial.process.send_signal(signal.SIGCONT)
    trial.call("sync", timeout=600_000)
    after = trial.call("inbox.status")
    print(f"{count} files dropped on a stopped daemon: {after['stored'] - before['stored']} stored "
          f"{time.monotonic() - began:.1f} s after it went on, "
          f"{after['overflows'] - before['overflows']} overflows told")


def main():
    trial = Trial(os.path.abspath(sys.argv[1]))
    at_once(trial, 15_000)
    one_by_one(trial, 200)
    while_stopped(trial, 20_000)
    trial.stop()
    print(f"restart with {35_200} articles: first answer after {trial.start() * 1e3:.0f} ms")
    time.sleep(2)
    print(f"at rest: {trial.memory('VmRSS'):.0f} MB")
    trial.close()


main()
