"""What processes hold of memory, measured while something is done to them."""

import os
import threading
import time


def field(pid, name, file="status"):
    """Bytes by a field of /proc/PID/status or smaps_rollup; 0 where the process is gone."""
    try:
        with open(f"/proc/{pid}/{file}") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024
    except (OSError, StopIteration):
        return 0


def pss(pid):
    """The share of memory that is this process's own, in bytes."""
    return field(pid, "Pss:", "smaps_rollup")


class Growth:
    """How far a daemon and its workers grow beyond what they held at the start of a `with`."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.peaks = {}
        self.base = {}
        self._isOver = threading.Event()

    def __enter__(self):
        for pid in self._processes():
            try:
                with open(f"/proc/{pid}/clear_refs", "w") as file:
                    file.write("5")  # sets VmHWM back to what is held now
            except OSError:
                pass
            self.base[pid] = field(pid, "VmRSS")
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._isOver.set()
        self._thread.join()
        self._look()

    def _processes(self):
        return [self.daemon.process.pid, *self.daemon.workers()]

    def _watch(self):
        while not self._isOver.wait(0.02):
            self._look()

    def _look(self):
        for pid in self._processes():
            self.peaks[pid] = max(self.peaks.get(pid, 0), field(pid, "VmHWM"))

    @property
    def megabytes(self):
        """All processes together; one that was started meanwhile counts from a fresh worker on."""
        return sum(max(0, peak - self.base.get(pid, FRESH)) for pid, peak in self.peaks.items()) \
            / (1 << 20)


# A worker that has read nothing yet.
FRESH = 20 << 20


def latency(daemon, seconds, method="ping", **params):
    """How long single questions take one after the other, sorted, in milliseconds."""
    times = []
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        start = time.perf_counter()
        daemon.call(method, **params)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def percentile(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def load():
    """The machine's load for one minute: what a time is worth."""
    return os.getloadavg()[0]
