#!/usr/bin/env python3
"""Tries every limit of archived.yaml(5) on both sides: at it, and one beyond.

    limits.py              all
    limits.py --only members

What is beyond must be refused, and told by the limit's name or number. `BROKEN`, exit 1.
Not tried, because nobody outside can see them: `socket.outputBytes`, `inbox.rescanSeconds`,
`inbox.networkPollSeconds`, `outlets.directory`; and `log.level`, which has no number.
"""

import os
import re
import signal
import subprocess
import threading
import time

import cases
import forms
import made
from daemon import HERE, PROGRAMS, Daemon
from findings import Findings, main
from limits_clients import Clients
from tracing import PATIENCE

MANUAL = HERE + "/../../docs/man/archived.yaml.5"


class Files(Findings):
    """How much is read of a file."""

    def _drop(self, daemon, name, data):
        made.write(daemon.home + "/staged", data)
        os.rename(daemon.home + "/staged", f"{daemon.inbox}/{name}")
        daemon.settle()
        return cases.look(daemon, name.encode(), "2000-01-01")

    def _both(self, key, value, inside, outside, reason, ending="txt", more="", told=None,
             count=1):
        """One file at a limit, another beyond it."""
        with Daemon(settings=f"limits:\n  {key}: {value}\n{more}") as daemon:
            daemon.start()
            seen = self._drop(daemon, "inside." + ending, inside)
            self.hold(key, seen.count >= count and reason not in seen.reasons,
                      f"at {value}: {seen}")
            seen = self._drop(daemon, "outside." + ending, outside)
            self.hold(key, reason in seen.reasons and (told or key) in seen.detail,
                      f"beyond: {seen}")

    def pageBytes(self):
        size = 30_000
        self._both("pageBytes", size, made.story("page").ljust(size), made.story(
            "pageover").ljust(size + 1), "too-large")

    def fileBytes(self):
        size = 40_000
        self._both("fileBytes", size, made.story("file").ljust(size), made.story(
            "fileover").ljust(size + 1), "too-large")

    def expandedBytes(self):
        """All members together; the last one is beyond."""
        def bundle(word, size):
            return forms.zip_of(*[(f"{i}.txt", made.story(f"{word}{i}").ljust(size // 4))
                                  for i in range(4)])
        self._both("expandedBytes", 40_000, bundle("expanded", 40_000), bundle(
            "expandedover", 40_004), "expansion", "zip", count=4)

    def expansionRatio(self):
        """The floor is taken away, so that the ratio alone decides."""
        def packed(word, times):
            size = 3_000
            while True:
                data = forms.gzip_of(made.story(word).ljust(size))
                if size >= len(data) * times:
                    return forms.gzip_of(made.story(word).ljust(len(data) * times))
                size += 1
        inside, outside = packed("ratio", 9), packed("ratioover", 13)
        self._both("expansionRatio", 10, inside, outside, "expansion", "txt.gz",
                  more="  expansionFloor: 0\n")

    def expansionFloor(self):
        def packed(word, size):
            return forms.gzip_of(made.story(word).ljust(size))
        self._both("expansionFloor", 50_000, packed("floor", 50_000), packed(
            "floorover", 50_001), "expansion", "txt.gz", more="  expansionRatio: 2\n",
            told="2 times")

    def members(self):
        def bundle(word, count):
            return forms.zip_of(*[(f"{i}.txt", made.story(f"{word}{i}")) for i in range(count)])
        self._both("members", 7, bundle("members", 7), bundle("membersover", 8), "entry-count",
                  "zip", count=7)

    def nesting(self):
        def nested(word, depth):
            data = made.story(word)
            for level in range(depth):
                data = forms.zip_of((f"{level}.zip" if level else "a.txt", data))
            return data
        self._both("nesting", 3, nested("nesting", 3), nested("nestingover", 4), "nesting", "zip",
                  told="more than 3 containers")

    def workerBytes(self):
        small = made.page("workerbytes")
        large = made.page("workerlarge", body="<p a=b c=d>x" * 5_000_000)
        self._both("workerBytes", 1 << 28, small, large, "too-large", "html",
                  told=str(1 << 28))

    def pageSeconds(self):
        """Every reader is stopped as soon as it is there: each is silent for too long."""
        with Daemon(settings="limits:\n  pageSeconds: 5\n") as daemon:
            daemon.start()
            seen = self._drop(daemon, "inside.txt", made.story("seconds"))
            self.hold("pageSeconds", seen.count == 1, f"within 5 s: {seen}")
            over = threading.Event()

            def stop_all():
                while not over.is_set():
                    for pid in daemon.workers():
                        try:
                            os.kill(pid, signal.SIGSTOP)
                        except ProcessLookupError:
                            pass
                    time.sleep(0.001)

            thread = threading.Thread(target=stop_all)
            thread.start()
            seen = self._drop(daemon, "outside.txt", made.story("secondsover"))
            over.set()
            thread.join()
            self.hold("pageSeconds", seen.do == "quarantine" and "timeout" in seen.reasons
                      and "5 s" in seen.detail, f"beyond: {seen}")

    def reserveBytes(self):
        with Daemon(settings="storage:\n  reserveBytes: 1099511627776\n") as daemon:
            daemon.start()
            seen = self._drop(daemon, "outside.txt", made.story("reserve"))
            self.hold("reserveBytes", seen.do == "wait" and seen.reasons == ["disk-full"],
                      f"less is free: {seen}")
            daemon.stop()
            made.write(daemon.config, b"storage:\n  reserveBytes: 0\n")
            daemon.start()
            daemon.settle()
            seen = cases.look(daemon, b"outside.txt", "2000-01-01")
            self.hold("reserveBytes", seen.count == 1, f"more is free: {seen}")

    def maximumWaitSeconds(self):
        with Daemon(settings="inbox:\n  maximumWaitSeconds: 1\n") as daemon:
            daemon.start()
            with open(daemon.inbox + "/slow.txt", "wb") as file:
                end = time.monotonic() + PATIENCE
                while time.monotonic() < end:
                    file.write(b"more ")
                    file.flush()
                    time.sleep(0.01)
                    if daemon.call("inbox.status")["waiting"]:
                        break
                seen = cases.look(daemon, b"slow.txt", "2000-01-01")
            self.hold("maximumWaitSeconds", seen.reasons == ["still-changing"], f"beyond: {seen}")

    # All numbers

    def bounds(self):
        """Each number of the manual: its bounds are accepted, and what is beyond is refused."""
        with open(MANUAL) as file:
            text = file.read()
        found = re.findall(r"^\.It Ic (\w+)\.(\w+)\n(?:(?!^\.It).)*?^(\d+) to (\d+)", text,
                           re.M | re.S)
        self.hold("bounds", len(found) >= 21, f"{len(found)} numbers in the manual")
        path = f"/tmp/limits-{os.getpid()}.yaml"
        for group, key, low, high in found:
            for value, is_good in ((int(low), True), (int(high), True), (int(low) - 1, False),
                                   (int(high) + 1, False), ("x", False), ("1.5", False)):
                made.write(path, f"{group}:\n  {key}: {value}\n".encode())
                done = subprocess.run([PROGRAMS + "/archived", "check-config", path],
                                      capture_output=True, text=True)
                said = done.stdout + done.stderr
                if (done.returncode == 0) == is_good and (is_good or f"{group}.{key}" in said):
                    continue
                self.hold("bounds", False, f"{group}.{key}: {value}: {said.strip()[:200]}")
        os.unlink(path)


def run(options):
    return sum(suite.run(options) for suite in (Files(), Clients()))


if __name__ == "__main__":
    main("limits", __doc__, run)
