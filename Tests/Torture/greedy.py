"""Clients who take without giving: what each costs, for crowds.py."""

import threading
import time

import measure
from crowd import KILOBYTE, Suite, line


class Greedy(Suite):
    """Clients who ask and never read, or send and never end."""

    def _greedy(self, name, request, repeats, count=1_000, peers=False):
        """Clients that ask and never read; all of them together may take 64 MiB."""
        count //= self.scale
        base = measure.pss(self.daemon.process.pid)
        crowd = self._crowd(count)
        stop = threading.Event()
        peak = [0]

        def watch():
            while not stop.wait(0.1):
                peak[0] = max(peak[0], measure.pss(self.daemon.process.pid) - base)

        watcher = threading.Thread(target=watch)
        watcher.start()
        crowd.say(request * repeats)
        self._others(name)
        time.sleep(1)
        stop.set()
        watcher.join()
        theirs = self.redis.never_read(max(10, count // 5)) if peers else ""
        self.hold(name, peak[0] <= 64 << 20,
                  f"{count} clients that never read take {peak[0] / count / KILOBYTE:.1f} KiB "
                  f"each at most{theirs}")
        crowd.close(abruptly=True)
        self._gives_back(name, base, max(8 << 20, peak[0] // 8))

    def greedy_records(self):
        self._greedy("greedy-records", line("articles.get", id=self.small), 2_000)

    def greedy_large(self):
        self._greedy("greedy-large", line("articles.get", id=self.large), 4, peers=True)

    def greedy_searches(self):
        self._greedy("greedy-searches",
                     line("articles.search", query="bridge", limit=1000), 40)

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
