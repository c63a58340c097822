"""The limits on what a client may ask, for limits.py."""

import time

import made
from daemon import Daemon
from findings import Findings
from tracing import PATIENCE, wait_for


class Clients(Findings):
    def _ask(self, daemon, data, name="archived.sock", timeout=10):
        connection = daemon.connect(name, timeout)
        connection.sendall(data)
        return connection

    def lineBytes(self):
        with Daemon(settings="socket:\n  lineBytes: 2000\n") as daemon:
            daemon.start()
            line = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
            with self._ask(daemon, line.ljust(2000) + b"\n") as client:
                self.hold("lineBytes", b'"result"' in client.recv(1000), "2000 are answered")
            with self._ask(daemon, line.ljust(2001) + b"\n") as client:
                answer = client.recv(1000)
                self.hold("lineBytes", b"tooLarge" in answer and b"2000" in answer
                          and not client.recv(10), f"2001: {answer.decode().strip()}")
            told = daemon.call("hello")["limits"]
            self.hold("lineBytes", told["lineBytes"] == 2000, f"hello tells {told}")

    def connections(self):
        for count in (1, 12):
            with Daemon(settings=f"socket:\n  connections: {count}\n") as daemon:
                daemon.start()
                within = max(1, count - 4)  # four are the administrators'
                clients = [daemon.connect() for _ in range(within)]
                for client in clients:
                    client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
                answers = [client.recv(1000) for client in clients]
                self.hold("connections", all(b'"result"' in answer for answer in answers),
                          f"{within} of {count} are served")
                with daemon.connect() as one_more:
                    answer = one_more.recv(1000)
                    self.hold("connections", b'"busy"' in answer and not one_more.recv(10),
                              f"one more: {answer.decode().strip()}")
                if count > 4:
                    status = daemon.call("archive.status", admin=True)
                    self.hold("connections", status["connections"] == within + 1,
                              "an administrator still gets in")
                for client in clients:
                    client.close()

    def inFlight(self):
        """Two questions that wait for a file which does not rest, and one behind them."""
        with Daemon(settings="socket:\n  inFlight: 2\n") as daemon:
            daemon.start()
            wait = b'{"jsonrpc":"2.0","id":1,"method":"sync","params":{"timeout":1500}}\n'
            ping = b'{"jsonrpc":"2.0","id":2,"method":"ping"}\n'
            with open(daemon.inbox + "/open.txt", "wb") as file:
                file.write(b"begun")
                file.flush()
                for count, is_first in ((1, True), (2, False)):
                    with self._ask(daemon, wait * count + ping) as client:
                        first = client.recv(200)
                        self.hold("inFlight", (b'"id":2' in first) == is_first,
                                  f"behind {count} of 2 under way: {first[:60].decode()}")
            told = daemon.call("hello")["limits"]
            self.hold("inFlight", told["inFlight"] == 2, f"hello tells {told}")

    def partialLineSeconds(self):
        with Daemon(settings="socket:\n  partialLineSeconds: 1\n") as daemon:
            daemon.start()
            with daemon.connect() as silent, self._ask(daemon, b'{"jsonrpc"') as client:
                start = time.monotonic()
                answer = client.recv(1000)
                took = time.monotonic() - start
                self.hold("partialLineSeconds", b"deadlineExceeded" in answer and took > 0.9
                          and not client.recv(10), f"after {took:.1f} s: {answer[:120].decode()}")
                silent.sendall(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
                self.hold("partialLineSeconds", b'"result"' in silent.recv(1000),
                          "who says nothing stays")

    def stalledSeconds(self):
        with Daemon(settings="socket:\n  stalledSeconds: 1\n") as daemon:
            daemon.start()
            line = b'{"jsonrpc":"2.0","id":1,"method":"describe"}\n'
            with daemon.connect() as silent, daemon.connect() as client:
                client.sendall(line * 300)
                silent.sendall(line)
                silent.recv(10)
                wait_for(lambda: daemon.call("archive.status")["connections"] <= 2, PATIENCE)
                left = daemon.call("archive.status")["connections"]
                self.hold("stalledSeconds", left == 2, f"{left} of 3 connections are left")

    def cacheBytes(self):
        with Daemon(settings="cache:\n  bytes: 20000\n") as daemon:
            daemon.start()
            for number in range(40):
                made.write(f"{daemon.inbox}/{number}.txt", made.story(f"cache{number}"))
            daemon.settle()
            for item in daemon.pages("articles.search", query="council"):
                daemon.call("articles.get", id=item["id"])
            cache = daemon.call("archive.status")["cache"]
            self.hold("cache.bytes", 0 < cache["bytes"] <= 20_000, f"holds {cache}")
