"""strace as a hand that reaches into a daemon's system calls: kills at one, or lets it fail."""

import re
import shutil
import subprocess
import time
from collections import Counter

from suite import Skipped

# The calls that make something durable, or that other such calls build upon.
DURABLE = ["pwrite64", "fdatasync", "fsync", "syncfs", "rename", "renameat", "renameat2", "link",
           "linkat", "unlink", "unlinkat", "ftruncate", "mkdir", "mkdirat", "copy_file_range"]


class Tracer:
    """strace on a running daemon; `stop` lets the daemon go on without it."""

    def __init__(self, daemon, calls, inject=None, paths=()):
        self.log = daemon.home + "/strace"
        command = arguments(self.log, calls, inject, paths)
        self.process = subprocess.Popen([*command, "-p", str(daemon.process.pid)],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        line = self.process.stderr.readline()
        if b"attached" not in line:
            self.stop()
            raise Skipped(f"strace cannot attach: {line.decode().strip()}")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()


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
