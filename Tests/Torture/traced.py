#!/usr/bin/env python3
"""Drops hostile files under strace(1): what the daemon and its readers ask of the kernel.

    traced.py               the project's own, made anew
    traced.py FOLDER        those of FOLDER/manifest.jsonl

No path outside the daemon's own directories may be opened for writing, made, renamed or removed;
no path that only a file names may be opened at all; no connection may be begun. A reader may open
nothing once it holds strangers' bytes. `BROKEN` is a promise that does not hold; exit 1. Needs
root.
"""

import os
import re
import shutil

import cases
from daemon import Daemon
from findings import Findings, main
from tracing import Tracer

CALLS = ["%file", "socket", "connect", "execve"]
PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
# What a program of Swift and SQLite reads of the system.
SYSTEM = ("/proc/", "/sys/", "/etc/ld.so", "/lib", "/usr/lib", "/usr/share", "/dev/null",
          "/dev/urandom", "/etc/localtime", "/opt/swift", "/dev/shm")


class Trace(Findings):
    def __init__(self, daemon, calls):
        super().__init__()
        self.daemon = daemon
        self.calls = calls

    def _own(self, text):
        """Whether a path is the daemon's own: one that is relative is so to its own directory."""
        return not text.startswith("/") and ".." not in text.split("/") \
            or text.startswith((self.daemon.home, self.daemon.programs, "/proc/self/fd/"))

    def writes(self):
        wrong = []
        for _, name, rest in self.calls:
            changes = name in ("creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2",
                               "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat",
                               "rmdir", "chmod", "fchmodat", "truncate", "mknod", "mknodat")
            opens = name in ("open", "openat") and re.search("O_WRONLY|O_RDWR|O_CREAT", rest)
            if (changes or opens) and not all(
                    self._own(p) or p.startswith(("/dev/null", "/dev/shm"))
                    for p in PATH.findall(rest)[:2]):
                wrong.append(f"{name}({rest[:120]}")
        # Each directory above the daemon's own is made where it is missing: it never is.
        wrong = [w for w in wrong if not (w.startswith("mkdir(") and "EEXIST" in w)]
        self.hold("writes", not wrong, f"{len(self.calls)} calls {wrong[:3]}")

    def reads(self):
        wrong = [f"{name}({rest[:120]}" for _, name, rest in self.calls
                 if name in ("open", "openat", "openat2", "readlink", "execve")
                 for p in PATH.findall(rest)[:1]
                 if not self._own(p) and not p.startswith(SYSTEM)]
        named = [w for w in wrong if re.search("passwd|hostname|dev/zero|outside", w)]
        self.hold("reads", not named, f"nothing that a file names {named[:3]}")
        others = sorted({w for w in wrong if "ENOENT" not in w} - set(named))
        self.hold("reads", not others, f"nothing else of the system {others[:4]}")

    def network(self):
        wrong = [f"{name}({rest[:120]}" for _, name, rest in self.calls
                 if name in ("socket", "connect") and re.search("AF_INET|AF_NETLINK", rest)]
        self.hold("network", not wrong, f"no address is looked up or called {wrong[:3]}")

    def readers(self):
        """A reader's own calls, after it was told its limits: its walls refuse all of them."""
        begun = {pid for pid, name, rest in self.calls
                 if name == "execve" and "parse-worker" in rest}
        self.hold("readers", len(begun) >= 1, f"{len(begun)} were started")
        tries = [f"{name}({rest[:100]}" for pid, name, rest in self.calls
                 if pid in begun and "EPERM" in rest
                 and not any(p.startswith(SYSTEM) for p in PATH.findall(rest)[:1])]
        self.hold("readers", not tries, f"none asked for what its walls forbid {tries[:3]}")


def run(options):
    if os.geteuid() != 0 or not shutil.which("strace"):
        print("skipped: traced: needs root and strace")
        return 0
    with cases.folder(options) as folder, Daemon() as daemon:
        chosen = [case for case in cases.manifest(folder) if case.source]
        daemon.start()
        with Tracer(daemon, CALLS) as tracer:
            for case in chosen:
                shutil.copyfile(case.source, daemon.home + "/staged")
                os.rename(os.fsencode(daemon.home + "/staged"),
                          os.fsencode(daemon.inbox) + b"/" + case.path)
            daemon.settle(600)
            status = daemon.call("inbox.status")
        suite = Trace(daemon, tracer.seen())
        suite.run(options)
        suite.hold("files", status["queued"] == 0, f"{len(chosen)} files, {status['stored']} "
                   f"kept, {status['quarantined']} in quarantine")
    return suite.broken


if __name__ == "__main__":
    main("traced", __doc__, run, "a folder with manifest.jsonl and files/")
