#!/usr/bin/env python3
"""Ends the daemon while all kinds of clients are connected, are gone, or are being answered.

Each round begins a crowd or several, drops files, ends the daemon by SIGTERM or SIGINT at a random
moment, and holds that it ends in time, with 0.
"""

import random
import signal
import socket
import subprocess
import sys
import time

import made
from crowd import Crowd, line
from daemon import Daemon
from promises import Broken
from suite import Suite

SECONDS = 15  # answers under way have two, reading a member and writing the index the rest
UNANSWERED = (b'"id": 1, ', b"")


class Ends:
    def __init__(self, daemon, chance):
        self.daemon = daemon
        self.chance = chance
        self.dropped = 0
        self.worst = 0.0

    def fill(self):
        for number in range(60):
            made.write(f"{self.daemon.inbox}/{number}.txt", made.story(f"harbour{number}"))
        self.daemon.settle()
        found = self.daemon.call("articles.search", query="bridge", limit=60)["items"]
        search = line("articles.search", query="bridge", limit=1000)
        some = found[0]["id"]
        self.sayings = [
            search * 32, line("quotes.search", query="autumn", limit=1000) * 20,
            line("articles.search", query="bridge", limit=1000, sync=600_000) * 5,
            # Nobody waits for these: they outlive their client.
            search.replace(*UNANSWERED) * 200, line("ping").replace(*UNANSWERED) * 50,
            line("events.subscribe", since=0), line("sync", timeout=600_000) * 8,
            line("articles.get", id=some) * 300, line("articles.raw", id=some) * 20,
            line("inbox.rescan") * 20 + line("archive.reload") * 3,
            b'{"jsonrpc":"2.0","id":1,"meth',
        ]

    def crowds(self):
        """Crowds that have asked, some of them gone already or half so."""
        staying = []
        for saying in self.chance.sample(self.sayings, self.chance.randint(2, 6)):
            name = self.chance.choice(["archived.sock", "admin.sock"])
            crowd = Crowd(f"{self.daemon.run}/{name}", self.chance.randint(1, 30))
            crowd.say(saying)
            mood = self.chance.random()
            if mood < 0.3:
                crowd.close(abruptly=mood < 0.15)
                continue
            for connection in crowd.connections if mood < 0.5 else []:
                try:
                    connection.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
            staying.append(crowd)
        return staying

    def round(self):
        if not self.daemon.is_running:
            self.daemon.start()
        crowds = self.crowds()
        for _ in range(self.chance.randint(0, 30)):
            self.dropped += 1
            made.write(f"{self.daemon.inbox}/w{self.dropped}.txt",
                       made.story(f"w{self.dropped}"))
        time.sleep(self.chance.choice([0, 0.001, 0.01, 0.05, 0.2]))
        began = time.monotonic()
        self.daemon.process.send_signal(
            self.chance.choice([signal.SIGTERM, signal.SIGTERM, signal.SIGINT]))
        if self.chance.random() < 0.5:
            time.sleep(self.chance.random() * 0.3)
            for crowd in crowds:
                crowd.close(abruptly=self.chance.random() < 0.5)
        try:
            status = self.daemon.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            status = f"nothing within {SECONDS} s"
            self.daemon.kill()
        self.worst = max(self.worst, time.monotonic() - began)
        for crowd in crowds:
            crowd.close()
        if status != 0:
            raise Broken(f"it ended with {status}: {self.daemon.log()[-300:].strip()}")


def main():
    suite = Suite("ends", __doc__.splitlines()[0], rounds=200, seconds=600)
    rounds = 25 if suite.is_short else suite.rounds
    with Daemon() as daemon:
        daemon.start()
        ends = Ends(daemon, random.Random(suite.seed))
        ends.fill()
        for number in range(rounds):
            if not suite.has_time:
                break
            suite.attempt(f"round {number}", ends.round)
        suite.close(f"the longest end took {ends.worst:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
