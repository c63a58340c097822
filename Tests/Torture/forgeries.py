#!/usr/bin/env python3
"""Tries to be somebody else: in the log, in the journal, over the sockets, on the terminal.

    forgeries.py                all
    forgeries.py --only audit

`BROKEN` is a promise that does not hold; exit 1. `journal` needs root, and says so where it is
left out.
"""

import json
import os
import re
import socket
import struct
import subprocess
import threading

import made
import terminal
from daemon import Daemon, Refused
from findings import Findings, main

STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [a-z]+ ")
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
FORGED = 'x" peer-uid=4242 y="\\" peer-gid=4242\n2026-01-01T00:00:00.000Z critical all is lost'
NAMES = ["a.zip\n2026-01-01T00:00:00.000Z critical forged=yes.zip", 'b" forged=yes c="\\.zip',
         "c\r\x1b[2K\u2028forged\x85.zip", "d\\.zip"]


def drop_forged(daemon):
    """Files that are refused and told of in the log, each under an odd name."""
    for name in NAMES:
        made.write(daemon.home + "/staged", b"PK\x03\x04" + name.encode())
        os.rename(daemon.home + "/staged", f"{daemon.inbox}/{name}")
        daemon.settle()


class Forgeries(Findings):
    def rights(self):
        """What only administrators may call is not carried out on the readers' socket."""
        with Daemon() as daemon:
            daemon.start()
            methods = [m for m in daemon.call("describe")["methods"] if m["right"] == "admin"]
            for method in methods:
                for params in ({}, {"path": "a"}, {"all": True}, {"digest": "0" * 64}):
                    try:
                        daemon.call(method["name"], **params)
                        told = "answered"
                    except Refused as error:
                        told = error.code
                    if told != "notPermitted":
                        self.hold("rights", False, f"{method['name']} {params}: {told}")
            self.hold("rights", len(methods) >= 5 and daemon.call("hello")["rights"] == "read"
                      and daemon.call("hello", admin=True)["rights"] == "admin",
                      f"{len(methods)} methods are the administrators'")
            self.hold("rights", "was called" not in daemon.log(), "none of these reached the log")

    def audit(self):
        """Who called is told by the kernel, and nothing that they send adds to it."""
        with Daemon() as daemon:
            daemon.start()
            user = 54321 if os.geteuid() == 0 else os.getuid()
            os.chmod(daemon.home, 0o711)
            os.chmod(daemon.run, 0o711)
            os.chmod(daemon.run + "/admin.sock", 0o666)
            line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "inbox.retry",
                               "params": {"path": FORGED}})
            pid = os.fork()
            if pid == 0:
                if user == 54321:
                    os.setgroups([])
                    os.setgid(54322)
                    os.setuid(user)
                with daemon.connect("admin.sock") as client:
                    client.sendall(line.encode() + b"\n")
                    client.recv(1000)
                os._exit(0)
            os.waitpid(pid, 0)
            lines = [text for text in daemon.log().split("\n") if "inbox.retry was called" in text]
            self.hold("audit", len(lines) == 1, f"{len(lines)} lines for one call")
            fields = QUOTED.sub('""', lines[0])
            self.hold("audit", f"peer-uid={user}" in fields and f"peer-pid={pid}" in fields,
                      f"who: {lines[0][:400]}")
            self.hold("audit", "4242" not in fields and fields.count("peer-uid=") == 1,
                      f"outside quotation marks: {fields[-200:]}")
            self._whole_lines("audit", daemon)

    def auditAll(self):
        """Every method of administrators leaves one line, however little is written besides."""
        for level in ("info", "error"):
            with Daemon(settings=f"log:\n  level: {level}\n") as daemon:
                daemon.start()
                methods = [m["name"] for m in daemon.call("describe")["methods"]
                           if m["right"] == "admin"]
                for method in methods:
                    try:
                        daemon.call(method, admin=True)
                    except Refused:
                        pass  # it lacks what it is to be done to; who asked is told all the same
                told = {m: daemon.log().count(f" {m} was called ") for m in methods}
                self.hold("auditAll", set(told.values()) == {1},
                          f"{len(methods)} methods at log.level {level}: {told}")

    def strangers(self):
        """Who is in neither group can connect to neither socket, and read nothing that is kept."""
        if os.geteuid() != 0:
            return print("skipped: strangers: needs root")
        with Daemon() as daemon:
            os.chmod(daemon.home, 0o711)
            daemon.start()
            made.write(daemon.inbox + "/a.txt", made.story("strangers"))
            daemon.settle()
            tries = ('for path in "$@"; do { head -c 1 "$path" || ls "$path/"; } >/dev/null '
                     '2>&1 && echo "$path"; done; exit 0')
            paths = [f"{daemon.state}/{name}" for name in os.listdir(daemon.state)]
            done = subprocess.run(["setpriv", "--reuid=54321", "--regid=54322", "--clear-groups",
                                   "sh", "-c", tries, "sh", *paths], capture_output=True,
                                  text=True)
            self.hold("strangers", done.returncode == 0 and not done.stdout,
                      f"{len(paths)} paths of the state {done.stdout[:200]}{done.stderr[:200]}")
            for name in ("archived.sock", "admin.sock"):
                pid = os.fork()
                if pid == 0:
                    os.setgroups([])
                    os.setgid(54322)
                    os.setuid(54321)
                    try:
                        daemon.connect(name)
                    except PermissionError:
                        os._exit(0)
                    os._exit(1)
                self.hold("strangers", os.waitpid(pid, 0)[1] == 0, f"{name} lets nobody else in")

    def _whole_lines(self, name, daemon):
        wrong = [text for text in daemon.log().split("\n") if text and not STAMP.match(text)
                 or "critical" in text[:40]]
        self.hold(name, not wrong, f"every line of the log is the daemon's own {wrong[:1]}")
        found = terminal.offence(daemon.log().encode())
        self.hold(name, not found, f"nothing in it steers a terminal {found or ''}")

    def log(self):
        """Names of files that are told in the log."""
        with Daemon(settings="log:\n  level: trace\n") as daemon:
            daemon.start()
            drop_forged(daemon)
            self.hold("log", daemon.log().count("is quarantined") == len(NAMES),
                      f"{len(NAMES)} odd names are told")
            self._whole_lines("log", daemon)

    def journal(self):
        """The journal's own protocol: a socket of ours stands where the journal's would."""
        if os.geteuid() != 0 or not os.path.isdir("/run/systemd"):
            return print("       journal: left out, needs root and /run/systemd")
        with Daemon() as daemon:
            place = daemon.home + "/journal"
            os.mkdir(place)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listener.bind(place + "/socket")
            listener.settimeout(2)
            entries = []

            def listen():
                try:
                    while True:
                        entries.append(journal_fields(listener.recv(1 << 18)))
                except OSError:
                    pass

            thread = threading.Thread(target=listen)
            thread.start()
            made.write(daemon.log_path, b"")
            status = os.stat(daemon.log_path)
            script = ('mkdir -p /run/systemd/journal; mount --bind "$0" /run/systemd/journal && '
                      'exec "$@"')
            daemon.start(wrap=("unshare", "--mount", "--", "sh", "-c", script, place),
                         environment={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
            drop_forged(daemon)
            try:
                daemon.call("inbox.retry", admin=True, path=FORGED)
            except Refused:
                pass
            thread.join()
            listener.close()
            told = [e for e in entries if "is quarantined" in e.get("MESSAGE", [""])[0]]
            self.hold("journal", len(told) == len(NAMES), f"{len(told)} of {len(NAMES)} names")
            self.hold("journal", all(len(v) == 1 for e in entries for v in e.values())
                      and not any("FORGED" in k for e in entries for k in e),
                      "no entry has a field twice, or one of a client's making")
            audit = [e for e in entries if "inbox.retry was called" in e.get("MESSAGE", [""])[0]]
            self.hold("journal", [e.get("ARCHIVED_PEER_UID") for e in audit] == [["0"]],
                      f"who called: {[e.get('ARCHIVED_PEER_UID') for e in audit]}")


def journal_fields(data):
    """The fields of a datagram in the journal's protocol, each with all its values."""
    fields = {}
    while data:
        line, _, rest = data.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            size = struct.unpack_from("<Q", rest)[0]
            value, rest = rest[8:8 + size], rest[9 + size:]
        fields.setdefault(name.decode(), []).append(value.decode(errors="replace"))
        data = rest
    return fields


if __name__ == "__main__":
    main("forgeries", __doc__, lambda options: Forgeries().run(options))
