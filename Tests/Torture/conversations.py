#!/usr/bin/env python3
"""Plays conversations of rude clients, and holds what comes back against what is to come.

    conversations.py                    our own
    conversations.py PROTOCOL.jsonl     and those of a file, its methods called as ours are

A line that begins with `BROKEN` is a conversation that went otherwise; exit 1.
"""

import base64
import json
import os
import resource
import socket
import time

import made
import measure
from daemon import Daemon
from findings import main
from rude import STATUS, own


def given(path):
    """The conversations of a file, its two methods called as ours are."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            sent = []
            for piece in row["send"]:
                data = base64.b64decode(piece["b64"])
                sent += [data] * piece["n"] if piece["n"] <= 64 else [data * piece["n"]]
            isDripped = all(len(data) == 1 for data in sent)
            whole = [b"".join(sent)] if isDripped else sent
            for ours, theirs in (("archive.status", "status"), ("articles.search", "search")):
                theirs, ours = (f'"method":"{name}"'.encode() for name in (theirs, ours))
                whole = [data.replace(theirs, ours) for data in whole]
            sent = [bytes([b]) for b in whole[0]] if isDripped and sent else whole
            yield row["id"], sent, {**row["expect"], **{
                key: row[key] for key in ("shut_wr", "close_now", "connections", "read", "rss_mb")
                if key in row}}


# Where the manifest has another code for the same refusal.
NAMED_BETTER = {
    (-32600, 1007): "a line over its bound has a code of its own, tooLarge",
    (-32602, 1005): "a query that cannot be read has a code of its own, querySyntax",
}


def is_sound(sent):
    try:
        return isinstance(json.loads(b"".join(sent)), dict)
    except ValueError:
        return False


class Player:
    def __init__(self, daemon):
        self.daemon = daemon
        self.broken = 0
        self.argued = 0

    def play(self, name, sent, expect):
        before = measure.field(self.daemon.process.pid, "VmRSS")
        if expect.get("connections"):
            trouble = self.flood(expect["connections"])
        else:
            trouble = self.talk(sent, expect)
        grown = (measure.field(self.daemon.process.pid, "VmRSS") - before) / 1e6
        if grown > expect.get("rss_mb", 32):
            trouble = trouble or f"took {grown:.0f} MB"
        try:
            self.daemon.call("ping", wait=10)
        except OSError as error:
            trouble = trouble or f"others are not served: {error}"
        if trouble and trouble.startswith("argued"):
            self.argued += 1
            print(f"{trouble.replace('argued', 'argued ' + name)}")
        elif trouble:
            self.broken += 1
            print(f"BROKEN {name}: {trouble}", flush=True)

    def talk(self, sent, expect):
        connection = self.daemon.connect(timeout=20)
        with connection:
            try:
                for piece in sent:
                    connection.sendall(piece)
            except TimeoutError:
                return None if expect.get("read") is False else "what it sends is not taken"
            except OSError:
                if not expect.get("close"):
                    return "closed while it sends"
            if expect.get("read") is False or expect.get("close_now"):
                return None
            wanted = expect.get("results") or len(expect.get("seq", [0]))
            if expect.get("shut_wr"):
                connection.shutdown(socket.SHUT_WR)
            lines, closed = self.read(
                connection, wanted, b'"result"' if "result" in expect else b"\n")
            return self.judge(sent, lines, closed, connection, expect)

    @staticmethod
    def read(connection, wanted, until=b"\n"):
        data = b""
        try:
            while data.count(b"\n") < wanted or until not in data:
                piece = connection.recv(1 << 16)
                if not piece:
                    return data.split(b"\n")[:-1], True
                data += piece
        except OSError:
            pass
        return data.split(b"\n")[:-1], False

    def judge(self, sent, lines, closed, connection, expect):
        try:
            answers = [json.loads(line.decode()) for line in lines]
        except ValueError as error:
            return f"an answer that is none: {error}"
        codes = [a["error"]["code"] if "error" in a else "result" for a in answers]
        if -32603 in codes:
            return f"a fault of the daemon: {answers[codes.index(-32603)]}"
        if any(word in line for word in (b"SELECT", b"sqlite", b"SQLite") for line in lines):
            return f"SQL is told: {lines[0][:200]}"
        if expect.get("close"):
            return self.match(codes[:1], [expect["error"]]) or (
                None if self.ends(connection, closed) else "the connection stays")
        if "id" in expect:
            return None if b'"id":' + expect["id"] + b"," in lines[0] else f"id {lines[0][:80]}"
        if "results" in expect:
            count = codes.count("result")
            return None if count == expect["results"] else f"{count} results"
        if "result" in expect:
            return None if "result" in codes else f"answered {codes}"
        wanted = expect.get("seq") or [expect.get("any") or expect.get("error", codes)]
        trouble = self.match(codes, wanted)
        if trouble and wanted == [-32700] and is_sound(sent):
            return "argued: what it calls malformed is sound JSON, and answered"
        if not trouble and expect.get("close") is False:
            connection.sendall(STATUS)
            again, _ = self.read(connection, 1)
            return None if again else "the connection does not live on"
        return trouble

    @staticmethod
    def match(codes, wanted):
        if len(codes) < len(wanted):
            return f"{len(codes)} answers: {codes}"
        # Answers come in any order.
        codes = sorted(codes, key=str)
        for code, choices in zip(codes, sorted(wanted, key=str)):
            choices = choices if isinstance(choices, list) else [choices]
            if code in choices or "results" in choices and code == "result":
                continue
            words = next((NAMED_BETTER[c, code] for c in choices if (c, code) in NAMED_BETTER), 0)
            return f"argued: {words}" if words else f"answered {codes}, not {wanted}"
        return None

    @staticmethod
    def ends(connection, closed):
        try:
            return closed or not connection.recv(100)
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def flood(self, count):
        """More clients than are let in: the rest is told so, and those within are served."""
        inside = self.daemon.connect()
        told = 0
        crowd = []
        limit = min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)
        for _ in range(limit):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(10)
            connection.connect(self.daemon.run + "/archived.sock")
            crowd.append(connection)
        last = crowd[-1]
        told = last.recv(1000)
        inside.sendall(STATUS)
        served = inside.recv(1 << 16)
        for connection in [*crowd, inside]:
            connection.close()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if self.daemon.call("archive.status")["connections"] <= 2:
                    break
            except Exception:  # busy, until they are gone
                time.sleep(0.05)
        if b'"busy"' not in told:
            return f"the last of {limit} is told {told[:100]}"
        return None if b'"result"' in served else "those within are not served"


def run(options):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Daemon() as daemon:
        daemon.start()
        for number in range(30):
            made.write(f"{daemon.home}/staged", made.story(f"the{number}"))
            os.rename(f"{daemon.home}/staged", f"{daemon.inbox}/{number}.txt")
        daemon.settle()
        player = Player(daemon)
        talks = [*own(), ("flood", [], {"connections": 6_000}),
                 *(given(options.given) if options.given else [])]
        talks = [talk for talk in talks if talk[0].startswith(options.only)]
        for talk in talks:
            player.play(*talk)
    return player.broken, f"{len(talks)} conversations, {player.argued} argued; "


if __name__ == "__main__":
    main("conversations", __doc__, run, "conversations, one a line")
