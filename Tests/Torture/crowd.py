"""Many clients at once, and a Redis beside them to tell what a wait is worth."""

import json
import shutil
import socket
import struct
import subprocess
import time

import made
import measure
from findings import Findings

KILOBYTE = 1024


class Crowd:
    """Connections that are held together, and closed together."""

    def __init__(self, daemon, count, name="archived.sock"):
        self.connections = []
        for _ in range(count):
            connection = socket.socket(socket.AF_UNIX)
            while True:
                try:
                    connection.connect(f"{daemon.run}/{name}")
                    break
                except BlockingIOError:
                    time.sleep(0.001)
            connection.setblocking(False)
            self.connections.append(connection)

    def say(self, data):
        """Sends as much as each connection takes now."""
        for connection in self.connections:
            try:
                connection.send(data)
            except (BlockingIOError, BrokenPipeError, ConnectionResetError):
                pass

    def close(self, abruptly=False):
        for connection in self.connections:
            if abruptly:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
            connection.close()
        self.connections = []


class Redis:
    """A Redis beside the daemon, asked to tell what a wait is worth on this machine."""

    def __init__(self, home):
        self.path = home + "/redis.sock"
        program = shutil.which("redis-server")
        self.process = program and subprocess.Popen(
            [program, "--port", "0", "--unixsocket", self.path, "--save", "", "--dir", home],
            stdout=subprocess.DEVNULL)

    def latency(self, seconds):
        """As `measure.latency`; None where there is no Redis."""
        if not self.process:
            return None
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(self.path)
        times = []
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            start = time.perf_counter()
            connection.sendall(b"PING\r\n")
            connection.recv(100)
            times.append((time.perf_counter() - start) * 1000)
        connection.close()
        return sorted(times)

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


def line(method, **params):
    return json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n"


class Suite(Findings):
    """One daemon with something to ask for, and what others notice meanwhile."""

    def __init__(self, daemon, redis, scale):
        super().__init__()
        self.daemon = daemon
        self.redis = redis
        self.scale = scale

    def fill(self, suites):
        """Stories to search, one of them of about a mebibyte."""
        for number in range(200):
            made.write(f"{self.daemon.home}/staged-{number}", made.story(f"harbour{number}"))
        paragraph = "The council met about the harbour on Tuesday, and on Wednesday again.\n\n"
        made.write(f"{self.daemon.home}/staged-200", made.story("large", tail=paragraph * 14_000))
        for number in range(201):
            shutil.move(f"{self.daemon.home}/staged-{number}",
                        f"{self.daemon.inbox}/{number}.txt")
        self.daemon.settle()
        found = self.daemon.call("articles.search", query="large", limit=1)["items"]
        small = self.daemon.call("articles.search", query="harbour7")["items"]
        for suite in suites:
            suite.large, suite.small = found[0]["id"], small[0]["id"]

    def _others(self, name, bound=10.0, seconds=2.0):
        """Holds what other clients wait to its bound, three times at most."""
        for _ in range(3):
            times = measure.latency(self.daemon, seconds)
            peers = self.redis.latency(seconds)
            ours = measure.percentile(times, 0.99)
            theirs = measure.percentile(peers, 0.99) if peers else 0
            if ours <= max(bound, 2 * theirs):
                break
        told = f", Redis {theirs:.2f} ms" if peers else ""
        self.hold(name, ours <= max(bound, 2 * theirs),
                  f"others wait {measure.percentile(times, 0.5):.2f} ms, 99 of 100 within "
                  f"{ours:.2f} ms{told} (load {measure.load():.0f})")

    def _settled_growth(self, base, within=15.0):
        """How much more is held than at first once all clients are gone."""
        limit = time.monotonic() + within
        while self.daemon.call("archive.status")["connections"] > 1:
            if time.monotonic() > limit:
                self.hold("closed", False, "connections stay after their clients are gone")
                break
            time.sleep(0.05)
        time.sleep(0.3)
        return measure.pss(self.daemon.process.pid) - base
