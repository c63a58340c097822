"""What a suite finds: a line for each promise, and how many did not hold."""

import argparse
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

    def run(self, only=""):
        """All promises of the suite, or those whose name begins so."""
        for name in vars(type(self)):
            if name[0] == "_" or not name.startswith(only):
                continue
            try:
                getattr(self, name)()
            except (OSError, Refused) as error:
                self.hold(name, False, f"{type(error).__name__}: {error}")

    @classmethod
    def main(cls, words):
        """The command of a suite that takes nothing but `--only`; its exit status."""
        parser = argparse.ArgumentParser(description=words.splitlines()[0])
        parser.add_argument("--only", default="", help="those whose name begins so")
        options = parser.parse_args()
        began = time.monotonic()
        suite = cls()
        suite.run(options.only)
        name = cls.__name__.lower()
        print(f"{name}: {suite.broken} broken; {time.monotonic() - began:.0f} s")
        return 1 if suite.broken else 0
