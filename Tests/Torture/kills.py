#!/usr/bin/env python3
"""Kills at random moments: while files come in, while the daemon is down, while it recovers."""

import os
import signal
import threading
import time

import files
from daemon import Daemon, Ended
from promises import Ledger, expect
from suite import Suite, flat


class Kills:
    """One daemon that is killed round after round, and what was dropped on it."""

    def __init__(self, suite):
        self.suite = suite
        self.chance = suite.chance
        self.daemon = Daemon()
        self.staging = self.daemon.home + "/staging"
        os.makedirs(self.staging)
        self.ledger = Ledger()
        self.number = 0
        self.kills = 0
        self.startup = self.daemon.start()
        self.starts = [self.daemon.processor()]
        self.window = self.calibrate()

    def calibrate(self):
        """Three times what a file takes, from the drop until it is settled."""
        times = []
        for _ in range(5):
            began = time.monotonic()
            self.drop(self.next_file())
            self.daemon.settle()
            times.append(time.monotonic() - began)
        return max(0.03, 3 * sorted(times)[2])

    # Dropping

    def next_file(self):
        self.number += 1
        chance = self.chance.random()
        if chance < 0.10 and self.ledger.files:
            again = self.chance.choice(list(self.ledger.files.values()))
            name = f"again{self.number}-{again.name}"
            return files.File(name, again.data, again.markers, again.fate)
        if chance < 0.18:
            return self.repeating()
        return files.make(self.number, self.chance)

    def repeating(self):
        """A bundle that holds, beside a new page, one that may be known by another file."""
        known = [file for file in self.ledger.files.values() if file.name.endswith(".txt")]
        marker = f"mk{self.number}a"
        pages, markers = [files.page(marker, self.chance)], [marker]
        if known:
            old = self.chance.choice(known)
            pages.append(old.data)
            markers += old.markers
        return files.File(f"f{self.number}.zip", files.bundle(pages), markers)

    def drop(self, file):
        files.drop(file, self.staging, self.daemon.inbox, self.chance)
        self.ledger.note(file)

    def add(self, file):
        try:
            answered = files.add(self.daemon, file, self.staging)
        except OSError:
            answered = False
        self.ledger.note(file) if answered else self.ledger.note_unanswered(file)

    def drop_all(self, some):
        for way, file in some:
            way(file)

    # One round

    def round(self):
        some = [self.next_file() for _ in range(self.chance.randrange(1, 6))]
        ways = [self.add if self.chance.random() < 0.1 else self.drop for _ in some]
        watches = self.chance.random() < 0.3
        pause = self.chance.random() ** 2 * self.window
        number = signal.SIGTERM if self.chance.random() < 0.15 else signal.SIGKILL
        dropper = threading.Thread(target=self.drop_all, args=[list(zip(ways, some))])
        dropper.start()
        limit = time.monotonic() + pause
        if watches:
            self.ledger.observe(self.daemon)
        while time.monotonic() < limit:
            pass  # a sleep would land on the timer's beat
        status = self.kill(number)
        dropper.join()
        expect(number == signal.SIGKILL or status == 0, f"alive: a stop ended with {status}")
        if self.chance.random() < 0.2:
            some.append(self.next_file())
            self.drop(some[-1])
        while self.chance.random() < 0.25:
            self.die_while_recovering()
        self.start()
        self.ledger.check(self.daemon, [file for file in some if file.digest in self.ledger.files])

    def start(self):
        self.daemon.start()
        self.starts.append(self.daemon.processor())

    def kill(self, number=signal.SIGKILL):
        self.kills += 1
        return self.daemon.kill(number)

    def die_while_recovering(self):
        """Starts, and is killed before it is ready or while it takes what it found."""
        self.daemon.launch()
        time.sleep(self.chance.random() * 2 * self.startup)
        if not self.daemon.is_running:
            raise Ended(self.daemon.process.returncode, self.daemon.log())
        self.kill()

    def whole(self):
        self.ledger.check_whole(self.daemon)
        self.start()

    def close(self, keep):
        hidden = [name for name in os.listdir(self.daemon.inbox) if name.startswith(".")]
        if hidden:
            self.suite.finding("inbox", f"debris: {len(hidden)} hidden files, as {hidden[0]}")
        if words := flat(self.starts):
            self.suite.finding("starts", words)
        self.daemon.close(keep)
        if keep:
            print(f"kept: {self.daemon.home}")


def main():
    suite = Suite("kills", __doc__, rounds=1000, seconds=3600)
    kills, totals = Kills(suite), [0, 0, 0]
    for number in range(1, suite.rounds + 1):
        whole = suite.attempt(f"round {number}", kills.round)
        is_last = number == suite.rounds or not suite.has_time
        if whole and (number % 100 == 0 or is_last):
            whole = suite.attempt(f"whole check after round {number}", kills.whole,
                                  is_round=False)
        if is_last or not whole:
            # What is broken stays so: the rounds go on with another daemon.
            ledger = kills.ledger
            for place, count in enumerate([len(ledger.files), len(ledger.markers), kills.kills]):
                totals[place] += count
            kills.close(suite.keep and not whole)
            if is_last:
                break
            kills = Kills(suite)
    suite.close("{} files, {} articles, {} kills".format(*totals))


if __name__ == "__main__":
    main()
