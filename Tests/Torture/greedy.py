"""Clients who take without giving: what each costs, for crowds.py."""

import threading
import time

import measure
from crowd import KILOBYTE, Suite, line


class Peak:
    """The most that a daemon takes beyond `base` bytes during a `with`."""

    def __init__(self, daemon, base):
        self.pid, self.base, self.bytes = daemon.process.pid, base, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(0.05):
            self.bytes = max(self.bytes, measure.pss(self.pid) - self.base)


class Greedy(Suite):
    """Clients who ask and never read, or send and never end."""

    def _greedy(self, name, request, repeats, count=1_000, peers=False):
        """Clients that ask and never read; all of them together may take 64 MiB."""
        count //= self.scale
        base, crowd = measure.pss(self.daemon.process.pid), self._crowd(count)
        with Peak(self.daemon, base) as peak:
            crowd.say(request * repeats)
            self._others(name)
            time.sleep(1)
        theirs = self.redis.never_read(max(10, count // 5)) if peers else ""
        self.hold(name, peak.bytes <= 64 << 20,
                  f"{count} clients that never read take {peak.bytes / count / KILOBYTE:.1f} KiB "
                  f"each at most{theirs}")
        crowd.close(abruptly=True)
        self._gives_back(name, base, max(8 << 20, peak.bytes // 8))

    def greedy_records(self):
        self._greedy("greedy-records", line("articles.get", id=self.small), 2_000)

    def greedy_large(self):
        self._greedy("greedy-large", line("articles.get", id=self.large), 4, peers=True)

    def greedy_searches(self):
        """What one more costs, of crowds of two sizes: what is being found costs both the same."""
        request = line("articles.search", query="bridge", limit=1000)
        self._greedy("greedy-searches", request, 40)
        sizes = (100, 400 if self.scale > 1 else 1_000)
        few, many = (self._peak(request * 40, size) for size in sizes)
        each = (many - few) / (sizes[1] - sizes[0]) / KILOBYTE
        fixed = few / KILOBYTE - each * sizes[0]
        self.hold("greedy-searches", each <= 64 and fixed <= 16 * KILOBYTE,
                  f"each of {sizes[1]} takes {each:.1f} KiB, all together {fixed / KILOBYTE:.1f} "
                  f"MiB beside that")

    def _peak(self, requests, count):
        """The most that so many clients made the daemon take, the less of two times."""
        peaks = []
        for _ in range(2):
            base, crowd = measure.pss(self.daemon.process.pid), self._crowd(count)
            with Peak(self.daemon, base) as peak:
                crowd.say(requests)
                time.sleep(3)
            crowd.close(abruptly=True)
            self._gives_back("greedy-searches", base, max(8 << 20, peak.bytes // 8))
            peaks.append(peak.bytes)
        return min(peaks)

    def greedy_events(self):
        self._greedy("greedy-events", line("events.subscribe", since=0), 1)

    def greedy_descriptors(self):
        """Descriptors that are asked for and not taken stay with the daemon."""
        count = max(4, 40 // self.scale)
        before = self.daemon.descriptors()
        crowd = self._crowd(count)
        threads = [threading.Thread(target=_pour, args=(c, line(
            "articles.raw", id=self.small, descriptor=True) * 100, 30))
            for c in crowd.connections]
        peak = 0
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            peak = max(peak, self.daemon.descriptors() - before)
            time.sleep(0.05)
        self.hold("greedy-descriptors", peak <= count * 64,
                  f"{count} clients that ask for 3,000 each make it hold {peak / count:.0f} each")
        self._others("greedy-descriptors")
        crowd.close(abruptly=True)
        self._gone("greedy-descriptors")
        left = self.daemon.descriptors() - before
        self.hold("greedy-descriptors", left <= 8, f"{left} are open after they left")

    def greedy_halves(self):
        """Lines of nearly a mebibyte that do not end."""
        half = b" " * 1_000_000
        count = 1_000 // self.scale
        base = measure.pss(self.daemon.process.pid)
        crowd = self._crowd(count)
        threads = [threading.Thread(target=_pour_all, args=(part, half)) for part in (
            crowd.connections[::2], crowd.connections[1::2])]
        for thread in threads:
            thread.start()
        peak = 0
        while any(thread.is_alive() for thread in threads):
            peak = max(peak, measure.pss(self.daemon.process.pid) - base)
            time.sleep(0.05)
        self._others("greedy-halves")
        self.hold("greedy-halves", peak <= (64 << 20) + count * 128 * KILOBYTE,
                  f"{count} begun lines of 1 MB take {peak / 1e6:.0f} MB")
        crowd.close(abruptly=True)
        self._gives_back("greedy-halves", base, max(8 << 20, peak // 8))

    def greedy_lines(self):
        """Lines of a mebibyte, 32 at once: what is asked is held, not only what is answered."""
        padding = b" " * (1_000_000)
        request = line("ping").replace(b"{", b"{" + padding, 1)
        count = 100 // self.scale
        base = measure.pss(self.daemon.process.pid)
        crowd = self._crowd(count)
        threads = [threading.Thread(target=_pour, args=(c, request, 40))
                   for c in crowd.connections]
        peak = 0
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            peak = max(peak, measure.pss(self.daemon.process.pid) - base)
            time.sleep(0.05)
        crowd.close(abruptly=True)
        self.hold("greedy-lines", peak <= count * (4 << 20),
                  f"{count} clients with lines of 1 MB take {peak / count / 1e6:.2f} MB each")
        self._gives_back("greedy-lines", base, max(8 << 20, peak // 8))


def _pour_all(connections, data):
    for connection in connections:
        connection.settimeout(2)
        try:
            connection.sendall(data)
        except OSError:
            pass


def _pour(connection, request, repeats):
    connection.settimeout(5)
    try:
        for _ in range(repeats):
            connection.sendall(request)
    except OSError:
        pass
