#!/usr/bin/env python3
"""Crowds of clients: idle, greedy, vanishing. What each costs, and what others notice of it.

    crowds.py            all of them, in full: about three minutes
    crowds.py --short    a tenth of the clients
    crowds.py --only greedy-records

A promise that does not hold begins with `BROKEN`; exit 1. Memory is the daemon's own share (PSS).
Times are what others wait meanwhile: 99 of 100 within 10 ms, tried up to three times, because the
machine may be busy. Redis is asked in the same breath where it is installed, to tell how busy.
"""

import json
import os
import resource
import time

import made
import measure
from crowd import KILOBYTE, Redis, Suite, line
from daemon import Daemon
from files import bundle
from findings import main
from greedy import Greedy


class Crowds(Suite):
    """Clients who mean no harm, or are gone."""

    def idle(self):
        count = 9_900 // self.scale
        base = measure.pss(self.daemon.process.pid)
        crowd = self._crowd(count)
        self.daemon.call("ping")
        held = measure.pss(self.daemon.process.pid) - base
        self.hold("idle", held <= count * 8 * KILOBYTE,
                  f"{count} clients that say nothing take {held / count:.0f} B each")
        crowd.say(line("ping"))
        crowd.hear()
        asked = measure.pss(self.daemon.process.pid) - base
        self.hold("idle", asked <= count * 8 * KILOBYTE,
                  f"after a question {asked / count:.0f} B each{self.redis.idle(count)}")
        self._others("idle")
        crowd.close()
        self._gives_back("idle", base, max(4 << 20, held // 10))

    def lagging(self):
        """A listener that does not read is told what it missed, and can have all of it."""
        count = 6_000  # more than the sockets and the daemon hold between them
        with Daemon(settings="socket:\n  outputBytes: 65536\n") as daemon:
            daemon.start()
            with daemon.connect() as slow:
                slow.sendall(line("events.subscribe"))
                lines = slow.makefile("rb")
                first = json.loads(lines.readline())["result"]["revision"]
                made.write(daemon.home + "/staged", bundle(
                    made.story(f"event{number}") for number in range(count)))
                os.rename(daemon.home + "/staged", daemon.inbox + "/events.zip")
                daemon.settle()
                last = daemon.call("archive.status")["revision"]
                seen, lags = [first], 0
                while seen[-1] < last:
                    message = json.loads(lines.readline())
                    if message.get("method") == "event":
                        seen.append(message["params"]["revision"])
                    if message.get("method") == "lagged":
                        lags += 1
                        slow.sendall(line("events.subscribe", since=message["params"]["from"]))
        self.hold("lagging", seen == list(range(first, last + 1)) and last - first >= count,
                  f"{last - first} events in order and without a gap")
        self.hold("lagging", lags > 0, f"a listener that did not read was told so {lags} times")

    def vanish(self):
        """Clients that ask for much and are gone: their questions go with them."""
        base = measure.pss(self.daemon.process.pid)
        fds = self.daemon.descriptors()
        request = line("articles.search", query="bridge OR council", limit=1000) * 32
        for _ in range(40 // self.scale + 1):
            crowd = self._crowd(50)
            crowd.say(request)
            crowd.close(abruptly=True)
        start = time.monotonic()
        self.daemon.call("articles.search", query="bridge", wait=120)
        waited = time.monotonic() - start
        # As with what others wait: CI holds that it is answered.
        self.hold("vanish", waited <= 2.0 or self.scale > 1,
                  f"a question after {50 * (40 // self.scale + 1) * 32} of clients that are gone "
                  f"waits {waited:.2f} s")
        self._gives_back("vanish", base, 16 << 20)
        more = self.daemon.descriptors() - fds
        self.hold("vanish", more <= 4, f"{more} more descriptors are open")


def run(options):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Daemon(settings="socket:\n  connections: 10000\n") as daemon:
        daemon.start()
        redis = Redis(daemon.home)
        try:
            suites = [kind(daemon, redis, 10 if options.short else 1) for kind in (Crowds, Greedy)]
            suites[0].fill(suites)
            return sum(suite.run(options) for suite in suites)
        finally:
            redis.close()


if __name__ == "__main__":
    main("crowds", __doc__, run)
