"""A daemon of its own for a benchmark, and articles made up for it."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

WORDS = """harbor council budget ferry school garden bridge library market street winter committee
 neighbors repair funding owner station museum morning evening plan vote question answer river
 report office permit tenant landlord bakery orchestra crossing signal shelter""".split()


def article(number, size=5500):
    """A made-up news page of about `size` bytes; the same number gives the same page."""
    chance = random.Random(number)
    word = lambda: chance.choice(WORDS)
    lines = [f"Headline {number}: {word().title()} {word().title()} Before the {word().title()}", "",
             f"By Ada Quill | March {1 + number % 28}, 201{number % 8} {1 + number % 12}:15pm", ""]
    while sum(map(len, lines)) < size:
        text = " ".join(word() for _ in range(45)).capitalize() + "."
        if chance.random() < 0.3:
            text = f'"{text}" said Mayor Odile Park, who spoke about item {chance.randrange(10**6)}.'
        lines += [text, ""]
    return ("\n".join(lines)).encode()


class Trial:
    """One daemon on a directory of its own; on `home`, which is kept, if it is given."""

    def __init__(self, programs, settings="", home=None):
        self.programs = programs
        self.is_kept = home is not None
        self.home = home or tempfile.mkdtemp(prefix="archived-bench-")
        self.inbox = self.home + "/state/inbox"
        self.staging = self.home + "/staging"
        for path in (self.inbox, self.staging):
            os.makedirs(path, exist_ok=True)
        with open(self.home + "/archived.yaml", "w") as file:
            file.write(settings)
        self.start()

    def start(self):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.programs + "/archived", "--state-directory", self.home + "/state",
             "--runtime-directory", self.home + "/run", "--config", self.home + "/archived.yaml"],
            stderr=open(self.home + "/log", "a"))
        while True:
            try:
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(self.home + "/run/archived.sock")
                break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(open(self.home + "/log").read())
                time.sleep(0.001)
        self.lines = self.socket.makefile("rb")
        self.call("ping")
        return time.monotonic() - began

    def call(self, method, **params):
        line = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self.socket.sendall(json.dumps(line).encode() + b"\n")
        answer = json.loads(self.lines.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def memory(self, field):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(field)) / 1000

    def processor(self, pid=None):
        """Seconds of processor time of a process; of the daemon with its workers, living or dead."""
        with open(f"/proc/{pid or self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        if pid:
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        return own + sum(self.processor(worker) for worker in self.workers())

    def workers(self):
        children = f"/proc/{self.process.pid}/task/"
        return [worker for task in os.listdir(children)
                for worker in open(f"{children}{task}/children").read().split()]

    def peak_memory(self):
        """Megabytes of the daemon and its workers at their peaks, added up."""
        peaks = [open(f"/proc/{pid}/status").read().split("VmHWM:")[1].split()[0]
                 for pid in [str(self.process.pid)] + self.workers()]
        return sum(map(int, peaks)) / 1000

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)

    def close(self):
        self.stop()
        if not self.is_kept:
            shutil.rmtree(self.home)
