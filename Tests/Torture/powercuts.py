#!/usr/bin/env python3
"""Power cuts: a daemon on a file system that loses what was not synced, ext4 and xfs."""

import os
import shutil
import signal
import tempfile
import threading
import time

import files
from daemon import Daemon
from disks import LOG_FLUSHED, LOG_LOST, Disk
from promises import Ledger
from suite import Skipped, Suite, flat


class PowerCuts:
    """One daemon whose disk loses power round after round, and what was dropped on it."""

    def __init__(self, suite, kind):
        self.suite, self.chance = suite, suite.chance
        self.home = tempfile.mkdtemp(prefix="torture-")
        self.disk = Disk(self.home, kind)
        self.staging = self.disk.path + "/staging"
        os.makedirs(self.staging)
        files.sync_directory(self.disk.path)
        self.daemon = Daemon(home=self.home, state=self.disk.path + "/state")
        self.ledger = Ledger()
        self.number = 0
        self.is_dark = False  # between a cut and the next mount
        self.startup = self.daemon.start()
        self.starts = [self.daemon.processor()]
        # The inbox is the sender's to make durable: only the daemon's own directory is its care.
        files.sync_directory(self.disk.path)
        files.sync_directory(self.daemon.state)

    def drop_all(self, some):
        for file in some:
            try:
                files.drop(file, self.staging, self.daemon.inbox, self.chance)
                is_known = not self.is_dark
            except OSError:
                is_known = False
            # A directory of xfs lets itself be synced after the cut; no sender lives to see it.
            (self.ledger.note if is_known else self.ledger.note_unanswered)(file)

    def next_file(self):
        self.number += 1
        return files.make(self.number, self.chance)

    def round(self):
        some = [self.next_file() for _ in range(self.chance.randrange(1, 6))]
        dropper = threading.Thread(target=self.drop_all, args=[some])
        pause = self.chance.random() ** 2 * 0.4
        watches = self.chance.random() < 0.5
        dropper.start()
        limit = time.monotonic() + pause
        while time.monotonic() < limit:
            if watches:
                # Whatever a client was shown the moment before must be there after.
                self.ledger.observe(self.daemon)
        self.cut()
        dropper.join()
        self.restore()
        if self.chance.random() < 0.25:
            self.daemon.launch()
            time.sleep(self.chance.random() * 2 * self.startup)
            self.cut()
            self.restore()
        self.daemon.start()
        self.starts.append(self.daemon.processor())
        known = [file for file in some if file.digest in self.ledger.files]
        self.ledger.check(self.daemon, known)

    def cut(self):
        self.is_dark = True
        self.disk.cut_power(self.chance.choice([LOG_LOST, LOG_FLUSHED]))
        self.daemon.kill(signal.SIGKILL)

    def restore(self):
        self.disk.unmount()
        self.disk.mount()
        self.is_dark = False
        # What a sender left half staged is its own.
        shutil.rmtree(self.staging, ignore_errors=True)
        os.makedirs(self.staging)

    def close(self, keep):
        if words := flat(self.starts):
            self.suite.finding("starts", words)
        self.daemon.close(keep=True)
        if keep:
            print(f"kept: {self.disk.image}")
        self.disk.close()
        if not keep:
            shutil.rmtree(self.home)


def run(suite, kind):
    """All rounds on one kind of file system; what is broken stays so: the next begins anew."""
    done, end = 0, suite.elapsed + suite.seconds / 2
    while done < suite.rounds and suite.elapsed < end:
        cuts, is_whole = PowerCuts(suite, kind), True
        try:
            while is_whole and done < suite.rounds and suite.elapsed < end:
                done += 1
                is_whole = suite.attempt(f"{kind} round {done}", cuts.round)
            if is_whole:
                is_whole = suite.attempt(f"{kind} whole check", cuts.ledger.check_whole,
                                         cuts.daemon, is_round=False)
        finally:
            cuts.close(suite.keep and not is_whole)
    return done


def main():
    suite = Suite("powercuts", __doc__, rounds=200, seconds=900)
    rounds = {}
    for kind in ("ext4", "xfs"):
        if suite.only in kind:
            try:
                rounds[kind] = run(suite, kind)
            except Skipped as words:
                print(f"skipped: powercuts {kind}: {words}", flush=True)
    suite.close(", ".join(f"{count} on {kind}" for kind, count in rounds.items()))


if __name__ == "__main__":
    main()
