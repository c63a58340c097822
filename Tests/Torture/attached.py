"""strace(1) on a daemon that runs already."""

import os
import re
import subprocess
import time

LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")


class Attached:
    """What a daemon and those whom it starts ask of the kernel within a `with`."""

    def __init__(self, daemon, calls):
        self.pid = daemon.process.pid
        self.path = daemon.home + "/trace"
        self.calls = calls

    def __enter__(self):
        self.tracer = subprocess.Popen(["strace", "-f", "-qq", "-s", "512", "-e", self.calls,
                                        "-o", self.path, "-p", str(self.pid)])
        while not self._holds_all():
            time.sleep(0.01)
        return self

    def __exit__(self, *error):
        self.tracer.terminate()
        self.tracer.wait()

    def _holds_all(self):
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/status") as file:
                if "TracerPid:\t0\n" in file.read():
                    return False
        return True

    def seen(self):
        """Each call as its process, its name and the rest of its line."""
        with open(self.path, errors="replace") as file:
            return [m.groups() for m in map(LINE.match, file) if m]
