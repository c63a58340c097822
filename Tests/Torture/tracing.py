"""strace on a daemon's system calls: looks at them, lets one fail, or kills at one."""

import os
import re
import shutil
import subprocess
import time
from collections import Counter

from suite import Skipped

PATIENCE = 90  # seconds that a busy machine may need; what is waited for ends the wait

# The calls that make something durable, or that other such calls build upon.
DURABLE = ["pwrite64", "fdatasync", "fsync", "syncfs", "rename", "renameat", "renameat2", "link",
           "linkat", "unlink", "unlinkat", "ftruncate", "mkdir", "mkdirat", "copy_file_range"]


LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")


class Tracer:
    """strace on a running daemon and those whom it starts; `stop` lets it go on without."""

    def __init__(self, daemon, calls, inject=None, paths=()):
        self.pid = daemon.process.pid
        self.log = daemon.home + "/strace"
        command = [*arguments(self.log, calls, inject, paths), "-qq", "-s", "512"]
        with open(self.log + ".said", "wb") as said:
            self.process = subprocess.Popen([*command, "-p", str(self.pid)],
                                            stdin=subprocess.DEVNULL, stderr=said)
        wait_for(lambda: self.process.poll() is not None or self.holds_all(), PATIENCE)
        if self.process.poll() is not None and os.path.exists(f"/proc/{self.pid}"):
            with open(self.log + ".said") as said:
                words = said.read().strip()
            # A daemon that is killed at its first call ends its tracer as well.
            if "attach" in words:
                raise Skipped(f"strace cannot attach: {words}")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def holds_all(self):
        """Whether no thread of the daemon is without a tracer."""
        try:
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{thread}/status") as file:
                    if "TracerPid:\t0\n" in file.read():
                        return False
        except OSError:
            pass  # a thread, or the daemon, ended meanwhile
        return True

    def stop(self):
        """Lets go; by force where strace waits for a thread that waits for a child of its own."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def seen(self):
        """Each call as its process, its name and the rest of its line."""
        with open(self.log, errors="replace") as file:
            return [found.groups() for found in map(LINE.match, file) if found]


def arguments(log, calls, inject=None, paths=()):
    """The command line of strace, to be put before that of a daemon or given a process."""
    if not shutil.which("strace"):
        raise Skipped("needs strace")
    names = ",".join(calls)
    command = ["strace", "-f", "-o", log, "-e", f"trace={names}", "-e", "signal=none"]
    if inject:
        command += ["-e", f"inject={names}:{inject}"]
    for path in paths:
        command += ["-P", path]
    return command


def counts(log):
    """call: how often the thread that called it most did so, which is how strace counts."""
    each = Counter()
    with open(log, errors="replace") as file:
        for line in file:
            if found := re.match(r"(\d+) +(\w+)\(", line):
                each[found.groups()] += 1
    most = {}
    for (_, call), count in each.items():
        most[call] = max(count, most.get(call, 0))
    return most


def wait_for(holds, within):
    """Whether something comes true within so many seconds."""
    limit = time.monotonic() + within
    while not holds():
        if time.monotonic() > limit:
            return False
        time.sleep(0.005)
    return True
