"""A daemon of a test's own: its directories, its process, its sockets, and what it tells."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from service_manager import ServiceManager

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.environ.get("ARCHIVED_PROGRAMS", HERE + "/../../.build-release/release")


class Ended(Exception):
    """The daemon ended where it was to serve; `status` is its exit status."""

    def __init__(self, status, log):
        super().__init__(f"the daemon ended with {status}: {log[-400:].strip()}")
        self.status = status


class Refused(Exception):
    """An answer that is an error; `code` is its name, as `notFound`."""

    def __init__(self, error):
        super().__init__(f"{error['message']} ({error.get('data', {}).get('code')})")
        self.code = error.get("data", {}).get("code")


class Daemon:
    """One daemon on directories of its own; begin with `start`, end with `close`."""

    def __init__(self, home=None, state=None, inbox=None, settings="", programs=PROGRAMS):
        self.programs = programs
        self.home = home or tempfile.mkdtemp(prefix="torture-")
        self.state = state or self.home + "/state"
        self.inbox = inbox or self.state + "/inbox"
        self.run = self.home + "/run"
        self.log_path = self.home + "/log"
        self.config = self.home + "/archived.yaml"
        self.process = None
        self.started = 0.0
        self.heard = 0  # what the service manager was told before this run
        self.connections = {}
        for path in (self.home, self.state, self.run):
            os.makedirs(path, exist_ok=True)
        with open(self.config, "w") as file:
            if inbox:
                settings = f"inbox:\n  path: {inbox}\n" + settings.replace("inbox:\n", "")
            file.write(settings)
        self.manager = ServiceManager(self.home + "/notify")

    # Life

    def launch(self, wrap=(), environment=None):
        """Starts the process and returns at once; `wrap` is put before its command line."""
        self.hang_up()
        self.started = time.monotonic()
        self.heard = len(self.manager.messages)
        command = [self.programs + "/archived", "--state-directory", self.state,
                   "--runtime-directory", self.run, "--config", self.config]
        variables = {**os.environ, "NOTIFY_SOCKET": self.manager.path,
                     "SWIFT_BACKTRACE": "enable=no", **(environment or {})}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*wrap, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=variables)

    def start(self, wrap=(), environment=None, within=60.0):
        """Starts the process and waits for READY=1; returns the seconds that took."""
        self.launch(wrap, environment)
        while not self.told("READY"):
            if self.process.poll() is not None:
                raise Ended(self.process.returncode, self.log())
            if time.monotonic() - self.started > within:
                raise Ended("no READY=1", self.log())
            time.sleep(0.002)
        return time.monotonic() - self.started

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self, number=signal.SIGKILL, within=40.0):
        """Sends a signal and waits for the end; returns the exit status, minus the signal."""
        self.hang_up()
        if self.process is None:
            return None
        if self.process.poll() is None:
            workers = self.workers()
            self.process.send_signal(number)
            self.wait(within)
            self._outlived(workers)
        return self.process.returncode

    def wait(self, within=40.0):
        """Waits for the process to end by itself; ends it for good where it does not."""
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Ended(f"nothing within {within:.0f} s that it should have", self.log()) from None

    def stop(self):
        return self.kill(signal.SIGTERM)

    def _outlived(self, workers, within=20.0):
        """Workers see their socket close and leave; one that stays would be nobody's."""
        limit = time.monotonic() + within
        while any(self._is_worker(pid) for pid in workers):
            if time.monotonic() > limit:
                raise Ended("a worker that outlived it", self.log())
            time.sleep(0.002)

    @staticmethod
    def _is_worker(pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return b"parse-worker" in file.read()
        except OSError:
            return False

    def close(self, keep=False):
        if self.is_running:
            self.process.kill()
            self.process.wait()
        self.hang_up()
        self.manager.close()
        if not keep:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    # Questions

    def connect(self, name="archived.sock", timeout=30.0):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout)
        connection.connect(f"{self.run}/{name}")
        return connection

    def call(self, method, /, *, admin=False, wait=60.0, **params):
        """The result of a method, over a connection that is kept for the next."""
        name = "admin.sock" if admin else "archived.sock"
        try:
            if name not in self.connections:
                connection = self.connect(name)
                self.connections[name] = (connection, connection.makefile("rb"))
            connection, lines = self.connections[name]
            connection.settimeout(wait)
            line = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            connection.sendall(json.dumps(line).encode() + b"\n")
            answer = lines.readline()
            if not answer:
                raise ConnectionError("the daemon closed the connection")
        except OSError:
            self.hang_up()
            raise
        answer = json.loads(answer)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def pages(self, method, **params):
        """All items of a method that answers in pages."""
        params.setdefault("limit", 1000)
        while True:
            page = self.call(method, **params)
            yield from page["items"]
            if "nextCursor" not in page:
                return
            params["cursor"] = page["nextCursor"]

    def hang_up(self):
        for connection, lines in self.connections.values():
            lines.close()
            connection.close()
        self.connections = {}

    def settle(self, timeout=60.0):
        """Waits until every file dropped before is settled."""
        self.call("sync", timeout=int(timeout * 1000), wait=timeout + 10)

    # What it takes, and what it says

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def status_line(self):
        """The last STATUS= of this run."""
        return (self.told("STATUS") or [""])[-1]

    def told(self, key):
        """What this run told the service manager of a key, oldest first."""
        return self.manager.told(key, self.process.pid, self.heard)

    def memory(self, field="VmHWM", pid=None):
        """Megabytes, by a field of /proc/PID/status."""
        with open(f"/proc/{pid or self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(field)) / 1024

    def peak_memory(self):
        """Megabytes of the daemon and its workers at their peaks, added up."""
        return self.memory() + sum(self.memory(pid=pid) for pid in self.workers())

    def processor(self):
        """Seconds of processor time of the daemon with its workers, living or dead."""
        def fields(pid):
            with open(f"/proc/{pid}/stat") as file:
                return list(map(int, file.read().rsplit(")", 1)[1].split()[11:15]))
        ticks = sum(fields(self.process.pid)) + sum(sum(fields(w)[:2]) for w in self.workers())
        return ticks / os.sysconf("SC_CLK_TCK")

    def workers(self):
        found = []
        try:
            for task in os.listdir(f"/proc/{self.process.pid}/task"):
                with open(f"/proc/{self.process.pid}/task/{task}/children") as file:
                    found += file.read().split()
        except OSError:
            pass  # it ended meanwhile
        return [int(pid) for pid in found]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
