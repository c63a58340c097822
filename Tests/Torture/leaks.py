#!/usr/bin/env python3
"""Looks for what gets out or stays open: descriptors, paths, modes, what reaches a terminal.

    leaks.py                all
    leaks.py --only modes

`BROKEN` is a promise that does not hold; exit 1. `paths` needs root and strace(1).
"""

import array
import os
import re
import shutil
import socket
import stat
import time

import made
import terminal
from daemon import Daemon, Refused
from findings import Findings, main
from forgeries import drop_forged
from tracing import Tracer


def fewest(daemon):
    """Open descriptors, once they have not become fewer for a second."""
    least, since = daemon.descriptors(), time.monotonic()
    while time.monotonic() - since < 1:
        time.sleep(0.02)
        if (now := daemon.descriptors()) < least:
            least, since = now, time.monotonic()
    return least


class Leaks(Findings):
    def descriptors(self):
        """Those that a client passes and nobody asked for are closed."""
        with Daemon() as daemon:
            daemon.start()
            daemon.call("ping")
            daemon.hang_up()
            before = fewest(daemon)
            null = os.open("/dev/null", os.O_RDONLY)
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null] * 200))]
            ping = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
            clients = []
            for name in ("archived.sock", "admin.sock"):
                for data in (ping, b"\n", b"nonsense\n", ping[:9], ping * 3, b"x",
                             ping.replace(b"ping", b"inbox.add")):
                    client = daemon.connect(name)
                    for _ in range(20):
                        client.sendmsg([data], rights)
                    clients.append(client)
            daemon.call("ping")
            held = fewest(daemon) - before - len(clients) - 1
            # At most one waits for the end of each begun line.
            self.hold("descriptors", held <= len(clients),
                      f"{held} of {len(clients) * 20 * 200} passed are open while clients stay")
            for client in clients:
                client.close()
            daemon.hang_up()
            left = fewest(daemon) - before
            self.hold("descriptors", left <= 1, f"{left} are open after they left")

    def paths(self):
        """No path that a client sends is ever opened, whatever it is sent as."""
        if not shutil.which("strace") or os.geteuid() != 0:
            return print("       paths: left out, needs strace and root")
        with Daemon() as daemon:
            daemon.start()
            made.write(daemon.inbox + "/a.txt", made.story("paths"))
            daemon.settle()
            with Tracer(daemon, ["%file"]) as tracer:
                asked = 0
                for method in daemon.call("describe")["methods"]:
                    for name, schema in method["params"]["properties"].items():
                        if schema["type"] != "string":
                            continue
                        for value in ("/etc/passwd", "../../../../etc/passwd", "file:///etc/passwd",
                                      "/proc/self/environ", "\u0000/etc/passwd", "~/.ssh/marker",
                                      "a.txt/../../../../etc/passwd", "\\x2fetc\\x2fpasswd"):
                            asked += 1
                            try:
                                daemon.call(method["name"], admin=True, **{name: value})
                            except Refused:
                                pass
                story = daemon.call("articles.search", query="paths")["items"][0]["id"]
                daemon.call("articles.raw", id=story)
            calls = [" ".join(call) for call in tracer.seen()]
            opened = [c for c in calls if re.search("passwd|environ|marker", c)]
            self.hold("paths", not opened, f"{asked} paths sent, {len(calls)} calls seen "
                      f"{opened[:2]}")
            self.hold("paths", any("/originals/" in c for c in calls), "an original is opened")

    def modes(self):
        """Nobody else can read or change what is kept, whatever the umask was."""
        with Daemon() as daemon:
            shutil.rmtree(daemon.state)
            shutil.rmtree(daemon.run)
            mask = os.umask(0)
            try:
                daemon.start()
            finally:
                os.umask(mask)
            made.write(daemon.inbox + "/a.txt", made.story("modes"))
            made.write(daemon.inbox + "/b.zip", b"PK\x03\x04none")
            daemon.settle()
            wrong = []
            count = 0
            for folder, _, names in os.walk(daemon.state):
                for path in [folder, *(folder + "/" + name for name in names)]:
                    count += 1
                    mode = stat.S_IMODE(os.lstat(path).st_mode)
                    if mode & 0o077:
                        wrong.append(f"{path[len(daemon.home):]} {mode:o}")
            self.hold("modes", not wrong, f"{count} files and directories {wrong[:3]}")
            sockets = {n: stat.S_IMODE(os.lstat(f"{daemon.run}/{n}").st_mode)
                       for n in os.listdir(daemon.run)}
            self.hold("modes", all(m & 0o007 == 0 for m in sockets.values()) and len(sockets) == 2,
                      f"sockets {({n: f'{m:o}' for n, m in sockets.items()})}")

    def terminals(self):
        """What archivectl says of odd words, odd names and a stream of events."""
        with Daemon() as daemon:
            daemon.start()
            drop_forged(daemon)
            for word in ("a", "b"):
                made.write(f"{daemon.inbox}/{word}.txt", made.story(
                    "steer" + word, title="Council \x1b[2J\u202e Weighs \x9b31m " + word))
            daemon.settle()
            environment = {"ARCHIVED_SOCKET": daemon.run + "/archived.sock", "TERM": "xterm",
                           "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
            odd = "\x1b]0;x\x07\u202ey\x9b2J"
            for words in (["why", odd], ["show", odd], ["search", f'"{odd}'], ["search", odd],
                          ["call", odd], ["call", "ping", odd], ["members", odd], [odd],
                          ["list-failed"], ["list-failed", "-o", "json"], ["list-queue"],
                          ["search", "council"], ["search", "council", "-o", "json"],
                          ["search", "council", "-o", "json-lines"], ["status", "--since", odd],
                          ["quotes", "council"], ["quotes", "--speaker", odd],
                          ["call", "originals.list"], ["--output", odd]):
                command = [daemon.programs + "/archivectl", *words]
                for name, output in (("terminal", terminal.on_terminal(command, environment)),
                                     ("pipe", terminal.to_pipe(command, environment))):
                    if name == "pipe" and ("json" in " ".join(words) or words[0] == "call"):
                        continue  # for programs: as it is
                    found = terminal.offence(output)
                    if found:
                        self.hold("terminals", False, f"archivectl {words} to a {name}: {found}")
            self.hold("terminals", True, "tried")


if __name__ == "__main__":
    main("leaks", __doc__, lambda options: Leaks().run(options))
