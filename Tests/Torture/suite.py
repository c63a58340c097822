"""The frame of a suite: its command line, its findings, its summary."""

import argparse
import random
import sys
import time
import traceback

from daemon import Ended, Refused
from promises import Broken


class Skipped(Exception):
    """What a suite needs and this machine has not."""


class Suite:
    """One run of a suite, by its command line.

    A round or case that breaks a promise is a finding: a line on standard output, and exit status
    1 in the end. What a round needs and the machine has not is told as `skipped: …`.
    """

    def __init__(self, name, about, rounds, seconds):
        parser = argparse.ArgumentParser(prog=name, description=about)
        parser.add_argument("--rounds", type=int, default=rounds, help=f"default: {rounds}")
        parser.add_argument("--seconds", type=float, default=seconds,
                            help=f"no further round after so many (default: {seconds})")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--only", default="", help="cases whose name holds this")
        parser.add_argument("--short", action="store_true", help="only what CI has time for")
        parser.add_argument("--keep", action="store_true", help="leave what a finding left")
        options = parser.parse_args()
        self.name = name
        self.rounds, self.seconds = options.rounds, options.seconds
        self.seed, self.only, self.keep = options.seed, options.only, options.keep
        self.is_short = options.short
        self.chance = random.Random(self.seed)
        self.began = time.monotonic()
        self.findings = 0
        self.done = 0
        self.case = ""
        self.told = self.began

    @property
    def elapsed(self):
        return time.monotonic() - self.began

    @property
    def has_time(self):
        return self.elapsed < self.seconds

    def finding(self, case, words):
        self.findings += 1
        print(f"FINDING {self.name} {case} (seed {self.seed}): {words}", flush=True)

    def tell_progress(self, every=60):
        if time.monotonic() - self.told > every:
            self.told = time.monotonic()
            print(f"  {self.name}: {self.done} rounds in {self.elapsed:.0f} s", flush=True)

    def remark(self, words):
        """A finding that the present case can go on after."""
        self.finding(self.case, words)

    def attempt(self, case, act, *arguments, is_round=True):
        """Runs one round or case, or what belongs to one; whether it kept the promises."""
        self.case, before = case, self.findings
        self.tell_progress()
        try:
            act(*arguments)
            self.done += is_round
            return self.findings == before
        except Skipped as words:
            print(f"skipped: {self.name} {case}: {words}", flush=True)
            return True
        except (Broken, Ended, Refused, OSError, ValueError, KeyError) as error:
            words = str(error)
            if not isinstance(error, (Broken, Ended)):
                where = traceback.extract_tb(error.__traceback__)[-1]
                words = f"{type(error).__name__} {error} ({where.name}, line {where.lineno})"
            self.finding(case, words)
            return False

    def close(self, words=""):
        """Prints the summary and ends the program."""
        kept = "kept every promise" if not self.findings else f"{self.findings} findings"
        print(f"{self.name}: {self.done} rounds in {self.elapsed:.0f} s, seed {self.seed}: {kept}"
              + (f"; {words}" if words else ""), flush=True)
        sys.exit(1 if self.findings else 0)


def flat(times, slack=0.3):
    """Whether the last times are no longer than the first, by their medians; in words if not.

    Of processor time: how long a start takes otherwise is for whoever shares the machine to say.
    """
    part = max(5, len(times) // 5)
    if len(times) < 2 * part:
        return None
    first, last = (sorted(some)[len(some) // 2] for some in (times[:part], times[-part:]))
    if last <= 2 * first + slack:
        return None
    return f"alive: starts took {first * 1e3:.0f} ms at first and {last * 1e3:.0f} ms at last"
