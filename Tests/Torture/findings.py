"""The frame of a suite of promises: its command line, a line for each promise, its summary."""

import argparse
import sys
import time

from daemon import Refused


class Findings:
    """A suite whose methods are promises, each by the name that it is told under."""

    def __init__(self):
        self.broken = 0

    def hold(self, name, is_kept, words):
        """Tells of a promise; one that does not hold begins with `BROKEN`."""
        self.broken += not is_kept
        print(f"{'      ' if is_kept else 'BROKEN'} {name}: {words}", flush=True)

    def run(self, options):
        """All promises of the suite, or those whose name begins so; how many are broken."""
        only = options.only.replace("-", "_")
        for name in vars(type(self)):
            if name[0] == "_" or not name.startswith(only):
                continue
            try:
                getattr(self, name)()
            except (OSError, Refused) as error:
                self.hold(name, False, f"{type(error).__name__}: {error}")
        return self.broken


def main(name, about, act, given=None):
    """The command of a suite: ends with 1 where `act`, which is given the options, says so.

    `act` returns how many promises are broken, or that and words for the summary.
    """
    parser = argparse.ArgumentParser(prog=name, description=about.splitlines()[0])
    if given:
        parser.add_argument("given", nargs="?", help=given)
    parser.add_argument("--only", default="", help="what begins so")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="only what CI has time for")
    parser.add_argument("--verbose", action="store_true", help="a line for each case")
    began = time.monotonic()
    broken = act(parser.parse_args())
    broken, words = broken if isinstance(broken, tuple) else (broken, "")
    print(f"{name}: {broken} broken; {words}{time.monotonic() - began:.0f} s", flush=True)
    sys.exit(1 if broken else 0)
