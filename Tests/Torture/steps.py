#!/usr/bin/env python3
"""Kills and failures at each durable system call of a first start, an ingest and a recovery."""

import fcntl
import os
import random
import shutil

import files
from daemon import Daemon, Refused
from disks import home_in_memory
from promises import Ledger, expect
from suite import Suite
from tracing import DURABLE, PATIENCE, Tracer, arguments, counts, wait_for

PHASES = ["birth", "ingest", "recovery"]
FAULTS = {
    "kill": "signal=KILL:when={}", "eio-once": "error=EIO:when={}", "eio": "error=EIO:when={}+",
    "enospc-once": "error=ENOSPC:when={}", "enospc": "error=ENOSPC:when={}+",
}


class Steps:
    """One workload, run anew for each point at which it is broken."""

    def __init__(self, seed):
        self.home = home_in_memory()
        chance = random.Random(seed)
        markers = ["mk1a", "mk1b", "mk1c"]
        self.files = [
            files.File("page.txt", files.page("mk0a", chance), ["mk0a"]),
            files.File("pages.zip", files.bundle(files.page(m, chance) for m in markers), markers),
            files.File("what.rar", b"Rar!\x1a\x07\x01\x00" + chance.randbytes(500), [],
                       "quarantined"),
        ]
        self.chance = chance
        self.newborn = self.prepare("newborn", lambda daemon: None)
        self.wounded = self.prepare("wounded", self.wound)

    def prepare(self, name, act):
        """A state directory to begin from, as a killed daemon left it."""
        with Daemon(home=f"{self.home}/{name}") as daemon:
            daemon.start()
            act(daemon)
            daemon.kill()
            shutil.copytree(daemon.state, f"{self.home}/{name}-state")
        return f"{self.home}/{name}-state"

    def wound(self, daemon):
        """Leaves half an ingest: originals without a row, a log to be replayed, a full inbox."""
        tracer = Tracer(daemon, ["pwrite64"], "signal=KILL:when=9")
        self.drop(daemon)
        daemon.wait()
        tracer.stop()

    def drop(self, daemon):
        staging = daemon.home + "/staging"
        os.makedirs(staging, exist_ok=True)
        ledger = Ledger()
        for file in self.files:
            files.drop(file, staging, daemon.inbox, self.chance, files.by_rename)
            ledger.note(file)
        return ledger

    # One run

    def count(self, phase):
        """How often each call is made in a phase where nothing happens to it."""
        with Daemon(home=home_in_memory()) as daemon:
            self.act(daemon, phase, DURABLE, None)
            return counts(daemon.home + "/strace")

    def break_at(self, phase, call, number, fault):
        with Daemon(home=home_in_memory()) as daemon:
            ledger = self.act(daemon, phase, [call], FAULTS[fault].format(number))
            heals = wait_for(lambda: not daemon.is_running or is_well(daemon, ledger), PATIENCE)
            expect(heals, f"alive: it does not go on: {daemon.status_line()}")
            if not daemon.is_running:
                status = daemon.kill()
                expect(status in ((-9,) if fault == "kill" else (1, 78)),
                       f"alive: it ended with {status}: {daemon.log()[-300:].strip()}")
                # A child between fork and exec has the lock as well, the longer under strace.
                wait_for(lambda: is_free(daemon.state + "/lock"), PATIENCE)
                daemon.start()
            if ledger is None:
                ledger = self.drop(daemon)
            ledger.check(daemon)
            daemon.kill()
            daemon.start()
            ledger.check_whole(daemon)

    def act(self, daemon, phase, calls, inject):
        """Runs a phase under strace to its end or the daemon's; what was dropped in it."""
        log = daemon.home + "/strace"
        if phase == "ingest":
            return self.ingest(daemon, calls, inject)
        if phase == "recovery":
            os.rmdir(daemon.state)
            shutil.copytree(self.wounded, daemon.state)
        wrap = arguments(log, calls, inject)
        daemon.launch([wrap[0], "-D", *wrap[1:]])
        wait_for(lambda: daemon.told("READY") or not daemon.is_running, PATIENCE)
        ledger = None
        if phase == "recovery":
            ledger = Ledger()
            for file in self.files:
                ledger.note(file)
        return self.until_settled(daemon, ledger)

    def ingest(self, daemon, calls, inject):
        os.rmdir(daemon.state)
        shutil.copytree(self.newborn, daemon.state)
        daemon.start()
        tracer = Tracer(daemon, calls, inject)
        ledger = self.until_settled(daemon, self.drop(daemon))
        tracer.stop()
        return ledger

    @staticmethod
    def until_settled(daemon, ledger):
        """Until the inbox is empty, the daemon ended, or it keeps a file waiting."""
        def is_over():
            return not daemon.is_running or not os.listdir(daemon.inbox) or is_waiting(daemon)
        wait_for(is_over, PATIENCE)
        if daemon.is_running:
            wait_for(lambda: not daemon.is_running, 0.2)
        return ledger

    def close(self):
        shutil.rmtree(self.home)


def is_free(path):
    try:
        with open(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def is_waiting(daemon):
    try:
        return daemon.call("inbox.status", wait=5)["waiting"] > 0
    except (OSError, ValueError, Refused):
        return False  # it ends


def is_well(daemon, ledger):
    """Whether nothing is left to do and nothing is told to be wrong."""
    try:
        if daemon.call("archive.status", wait=5)["problems"]:
            return False
        return ledger is None or not os.listdir(daemon.inbox)
    except (OSError, ValueError, Refused):
        return False  # it ends


def points(steps, suite):
    """All points at which a phase can be broken."""
    for phase in PHASES:
        for call, count in steps.count(phase).items():
            for number in range(1, count + 1):
                for fault in FAULTS:
                    # Where nothing was taken in yet, only a kill can harm.
                    if fault == "kill" or phase == "ingest":
                        if suite.only in f"{phase} {call} {number} {fault}":
                            yield phase, call, number, fault


def main():
    suite = Suite("steps", __doc__, rounds=10**6, seconds=3600)
    steps = Steps(suite.seed)
    every = list(points(steps, suite))
    chosen = suite.chance.sample(every, min(suite.rounds, len(every)))
    for point in chosen:
        if not suite.has_time:
            break
        suite.attempt("{} {} {} {}".format(*point), steps.break_at, *point)
    steps.close()
    suite.close(f"{len(every)} points in all")


if __name__ == "__main__":
    main()
