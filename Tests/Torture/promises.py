"""What must hold after whatever was done to the daemon: the promises, as checks."""

import hashlib
import os
import sqlite3
import subprocess
import time

from daemon import Refused
from files import COMMON


class Broken(Exception):
    """A promise that was broken."""


def expect(holds, words):
    if not holds:
        raise Broken(words)


class Ledger:
    """All that was dropped on one daemon, and what a client has seen of it."""

    def __init__(self):
        self.files = {}  # digest: File
        self.names = {}  # every name dropped under: digest
        self.unanswered = set()  # names of files whose sender never knew that they are in
        self.seen = {}  # digest: the articles that a client was shown
        self.revision = 0

    def note(self, file):
        self.files[file.digest] = file
        self.names[file.name] = file.digest

    def note_unanswered(self, file):
        """A sender that got no answer: the file may be in, or not; after a power cut, or half."""
        self.unanswered.add(file.name)

    def observe(self, daemon):
        """Asks as a client does; what was answered must stay true."""
        try:
            self.revision = max(self.revision, daemon.call("archive.status")["revision"])
            for item in daemon.pages("originals.list"):
                self.seen.setdefault(item["digest"][7:], set()).update(item["articles"])
        except (OSError, Refused):
            pass  # it was killed meanwhile, or is to be

    @property
    def markers(self):
        return {marker for file in self.files.values() for marker in file.markers}

    # The checks

    def check(self, daemon, recent=None):
        """All promises over all files; searches and digests over `recent` files alone."""
        daemon.settle()
        chosen = self.files.values() if recent is None else recent
        listed = list(daemon.pages("originals.list"))
        items = {item["digest"][7:]: item for item in listed}
        expect(len(items) == len(listed), "one place: an original is listed twice")
        self._check_places(daemon, items)
        self._check_originals(daemon, items, chosen)
        self._check_articles(daemon, items, chosen)
        self._check_seen(daemon, items)

    def _check_places(self, daemon, items):
        strange = [item["name"] for digest, item in items.items()
                   if digest not in self.files and item["name"] not in self.unanswered]
        expect(not strange, f"one place: originals that nobody dropped: {strange[:5]}")
        left = [name for _, _, names in os.walk(daemon.inbox) for name in names
                if not name.startswith(".")]
        expect(not left, f"one place: left in the inbox: {left[:5]}")
        debris = os.listdir(daemon.state + "/tmp")
        expect(not debris, f"debris: debris in tmp: {debris[:5]}")
        for digest, file in self.files.items():
            item = items.get(digest)
            expect(item, f"durable: {file.name} is not in the register")
            told = f"{item['state']} {item['form']} {item.get('detail')}"
            expect(item["state"] == file.fate,
                   f"one place: {file.name} is {told}, not {file.fate}")
            expect(item["form"] != "file", f"one place: {file.name} has no form: {told}")
        places = originals_on_disk(daemon.state)
        for digest, item in items.items():
            where = "quarantine" if item["state"] == "quarantined" else "originals"
            found = places.pop(digest, None)
            expect(found == [where], f"one place: {digest} is in {found}, not in {where} alone")
        expect(not places, f"debris: files without a register: {places}")

    def _check_originals(self, daemon, items, chosen):
        for file in chosen:
            where = "quarantine" if file.fate == "quarantined" else "originals"
            expect(digest_on_disk(daemon.state, where, file.digest) == file.digest,
                   f"byte-exact: {file.name}: its original is not what was dropped")
            answer = daemon.call("originals.verify", digest=file.digest)["items"]
            expect(answer[0]["ok"], f"byte-exact: {file.name}: verify says {answer}")
        chosen = {file.digest for file in chosen}
        for name, digest in self.names.items():
            if digest not in chosen:
                continue
            state = daemon.call("inbox.explain", path=name)["state"]
            fate = self.files[digest].fate
            fates = {"quarantined", "duplicate"} if fate == "quarantined" else {
                "stored", "duplicate"}
            expect(state in fates, f"one place: the ledger says that {name} is {state}")

    def _check_articles(self, daemon, items, chosen):
        unsure = [item for digest, item in items.items() if digest not in self.files]
        least = len(self.markers)
        most = least + sum(len(item["articles"]) for item in unsure)
        count = daemon.call("archive.status")["articles"]
        expect(least <= count <= most, f"one place: {count} articles, not {least} to {most}")
        total = whole_search(daemon, COMMON)["total"]["value"]
        expect(total == count, f"index: the index has {total} articles, the store {count}")
        for file in chosen:
            found = set()
            for marker in file.markers:
                hits = [hit["id"] for hit in daemon.call("articles.search", query=marker)["items"]]
                expect(len(hits) == 1, f"index: {marker} of {file.name} is found {len(hits)} times")
                found.update(hits)
            kept = items[file.digest]["articles"]
            expect(found == set(kept) and len(kept) == len(found),
                   f"index: {file.name}: the index has {sorted(found)}, the store {sorted(kept)}")

    def _check_seen(self, daemon, items):
        revision = daemon.call("archive.status")["revision"]
        expect(revision >= self.revision, f"seen: revision {revision}, {self.revision} was told")
        for digest, articles in self.seen.items():
            kept = set(items[digest]["articles"]) if digest in items else set()
            expect(digest in items and articles <= kept, f"seen: {digest}: what was seen is gone")

    def check_whole(self, daemon):
        """Everything, with the programs' own checks, the database's, and a last clean stop."""
        self.check(daemon)
        verify = subprocess.run(
            [daemon.programs + "/archivectl", "verify", "--socket",
             daemon.run + "/archived.sock"], capture_output=True, text=True)
        expect(verify.returncode == 0,
               f"byte-exact: archivectl verify: {verify.returncode} {verify.stdout}{verify.stderr}")
        status = daemon.stop()
        expect(status == 0, f"alive: a stop ended with {status}")
        check_database(daemon.state)


def whole_search(daemon, query, within=120):
    """An answer of the whole index; one that is read from the store again says so."""
    limit = time.monotonic() + within
    while (answer := daemon.call("articles.search", query=query)).get("rebuilding"):
        expect(time.monotonic() < limit, f"index: it is still rebuilt after {within} s")
        time.sleep(0.02)
    return answer


def originals_on_disk(state):
    """digest: the places where a file of that name stands."""
    places = {}
    for where in ("originals", "quarantine"):
        for _, _, names in os.walk(f"{state}/{where}"):
            for name in names:
                if not name.endswith(".reason"):
                    places.setdefault(name, []).append(where)
    return places


def digest_on_disk(state, where, digest):
    path = f"{state}/{where}/" + (f"{digest[:2]}/" if where == "originals" else "") + digest
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return str(error)


def check_database(state):
    """Integrity of the database of a stopped daemon, and no row that points to nothing."""
    base = sqlite3.connect(f"file:{state}/archive.sqlite?mode=ro", uri=True)
    answer = base.execute("PRAGMA integrity_check").fetchall()
    expect(answer == [("ok",)], f"debris: integrity_check: {answer[:3]}")
    orphans = base.execute("PRAGMA foreign_key_check").fetchall()
    expect(not orphans, f"debris: rows that point to nothing: {orphans[:3]}")
    half = base.execute("SELECT count(*) FROM original WHERE state = 'reading'").fetchone()[0]
    expect(half == 0, f"debris: {half} originals are half read")
    base.close()
