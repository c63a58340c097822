"""A database that is damaged, cut, lost or of a newer release."""

import os
import re
import shutil
import sqlite3
from collections import Counter

from daemon import Ended, Refused
from disks import home_in_memory
from files import COMMON
from promises import Broken, expect
from tracing import PATIENCE, wait_for
from trouble import Trouble

FILES = ["archive.sqlite", "archive.sqlite-wal"]
PAGE = 4096  # of SQLite
TABLES = ["article", "version", "original", "member", "capture", "ledger", "withdrawal", "event"]
MENDED = "the database was damaged and is mended"


class Specimen:
    """A state directory with articles, as a stopped daemon leaves it, and all it answers."""

    def __init__(self, trouble, is_moved=False):
        self.trouble, self.daemon = trouble, trouble.daemon
        for _ in range(12):
            trouble.page()
        trouble.bundle(20)
        self.daemon.settle()
        self.answers = self.ask()
        self.daemon.kill()
        if is_moved:
            # Damage to pages that the log holds anew would not be seen.
            base = sqlite3.connect(self.daemon.state + "/archive.sqlite")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            base.close()
        self.whole = self.daemon.home + "/whole"
        shutil.copytree(self.daemon.state, self.whole)
        self.rows = rows(self.whole)

    def restore(self):
        """Puts everything back; of the hundreds of directories of originals only what differs."""
        state = self.daemon.state
        for name in set(os.listdir(state)) - {"originals"}:
            path = f"{state}/{name}"
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        shutil.copytree(self.whole, state, dirs_exist_ok=True, ignore=lambda folder, names: (
            ["originals"] if folder == self.whole else []))
        now, before = originals(state), originals(self.whole)
        for path in now - before:
            os.unlink(state + path)
        for path in before - now:
            shutil.copy(self.whole + path, state + path)

    def path(self, name):
        return f"{self.daemon.state}/{name}"

    def ask(self):
        """question: its answer, or None where the daemon says that it has none."""
        answers = {}
        for marker in sorted(self.trouble.ledger.markers):
            answers[marker] = self.answer(self.hits, marker)
        answers[COMMON] = self.answer(self.hits, COMMON)
        for identifier in answers[COMMON] or self.answers[COMMON]:
            answers[identifier] = self.answer(self.record, identifier)
        return answers

    def hits(self, query):
        return sorted(hit["id"] for hit in self.search(query)["items"])

    def record(self, identifier):
        try:
            record = self.daemon.call("articles.get", id=identifier)
            # When and from what it was captured is the database's alone.
            record.pop("captures")
            return record
        except Refused as refusal:
            if refusal.code == "notFound":
                return "notFound"
            raise

    def is_complete(self, within=PATIENCE):
        """Whether all is found, which takes a while where it is read again."""
        expected = len(self.answers[COMMON])

        def is_over():
            page = self.answer(self.search, COMMON)
            return page is None or len(page["items"]) == expected or not (
                page.get("rebuilding") or self.articles() < expected)
        wait_for(is_over, within)
        found = self.answer(self.hits, COMMON)
        return found is None or len(found) == expected

    def is_examined(self, within=PATIENCE):
        """Whether the daemon has looked through its database."""
        return wait_for(lambda: "checked" in (
            self.answer(self.daemon.call, "archive.status") or {"checked": 0}), within)

    def unseen(self):
        """What is wrong with the database that nothing told, in words; else what changed in it."""
        base = sqlite3.connect(self.path("archive.sqlite"))
        try:
            words = [row[0] for row in base.execute("PRAGMA integrity_check(3)")]
        except sqlite3.DatabaseError as error:
            words = [str(error)]
        finally:
            base.close()
        if words != ["ok"]:
            return "wrong: told by nothing: " + re.sub(r"\d+", "N", words[0].splitlines()[-1])
        now = rows(self.daemon.state)
        changed = [table for table, before in self.rows.items() if before - now[table]]
        if {"article", "version"} & set(changed):
            return f"wrong: told by nothing: another value in {changed[0]}"
        return f"another value in {changed[0]}, which has no digest" if changed else ""

    def articles(self):
        status = self.answer(self.daemon.call, "archive.status")
        return status["articles"] if status else len(self.answers[COMMON])

    def is_told(self):
        """Whether the daemon says that something is wrong."""
        status = self.answer(self.daemon.call, "archive.status")
        return status is None or bool(status["problems"])

    def search(self, query):
        return self.daemon.call("articles.search", query=query, limit=1000)

    @staticmethod
    def answer(ask, argument):
        try:
            return ask(argument)
        except ValueError:
            return "no JSON"
        except Refused as refusal:
            if refusal.code == "internalError":
                return None
            raise


def rows(state):
    """table: its rows, of the tables that are ours."""
    base = sqlite3.connect(f"file:{state}/archive.sqlite?mode=ro", uri=True)
    base.text_factory = bytes
    try:
        return {table: set(base.execute(f"SELECT * FROM {table}")) for table in TABLES}
    finally:
        base.close()


def originals(state):
    """The paths of all originals, as they are below a state directory."""
    return {f"{folder}/{name}"[len(state):]
            for folder, _, names in os.walk(state + "/originals") for name in names}


def damage(specimen, name, offset):
    """Starts on a database of which one byte is another; what came of it, in one word."""
    specimen.restore()
    with open(specimen.path(name), "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0xFF]))
    daemon = specimen.daemon
    said = len(daemon.log())
    try:
        daemon.start(within=PATIENCE)
    except Ended as end:
        expect(end.status == 78, f"alive: it ended with {end.status}, and would be started again")
        return "refused"
    try:
        specimen.is_complete()
        if not specimen.is_examined():
            return "alive: it does not look through its database"
        specimen.is_complete()
        now = specimen.ask()
        told = specimen.is_told()
        wrong = [question for question, answer in now.items()
                 if answer is not None and answer != specimen.answers.get(question)
                 and not (told and is_part(answer, specimen.answers.get(question)))]
        if wrong:
            return "wrong answer: " + kind(wrong[0], now[wrong[0]], specimen.answers)
        before = len(daemon.told("STATUS"))
        specimen.trouble.page()
        daemon.settle()
        told = told or specimen.is_told() or None in now.values()
        if told or len(daemon.told("STATUS")) < before:
            return "told"
        daemon.stop()
        mended = "mended" if MENDED in daemon.log()[said:] else "of no consequence"
        return specimen.unseen() or mended
    except (OSError, Refused) as error:
        try:
            status = daemon.wait(10)
        except Ended:
            raise Broken(f"alive: it neither serves nor ends: {error}") from None
        expect(status == 78, f"alive: it ended with {status} and would be started again")
        return "ended"
    finally:
        if daemon.is_running:
            daemon.kill()
        forget_last(specimen.trouble)


def is_part(answer, whole):
    """Whether a search found less than before: no lie where it is told that something is wrong."""
    return isinstance(answer, list) and whole is not None and set(answer) < set(whole)


def kind(question, answer, before):
    if answer == "no JSON":
        return "an answer is no UTF-8 or no JSON"
    if answer == "notFound":
        return "an article is not found by its name"
    if is_part(answer, before.get(question)):
        return "a search finds less, and nothing is told"
    if isinstance(answer, list):
        return "a search has other hits"
    return "a record has other words"


def forget_last(trouble):
    """What was dropped on damage is gone with it."""
    for digest, file in list(trouble.ledger.files.items()):
        if int(file.name[1:].split(".")[0]) > 13:
            del trouble.ledger.files[digest], trouble.ledger.names[file.name]
    trouble.number = 13


def on_all_pages(size, count, chance):
    """Offsets on every page of a file: where a page tells of itself, and anywhere on it."""
    starts = range(0, size, PAGE)
    for number in range(count):
        start = starts[number % len(starts)]
        width = min(PAGE if number // len(starts) % 2 else 12, size - start)
        yield start + chance.randrange(width)


def damage_many(suite, name, is_moved):
    with Trouble(suite, home=home_in_memory()) as trouble:
        specimen = Specimen(trouble, is_moved)
        outcomes = Counter()
        size = os.path.getsize(f"{specimen.whole}/{name}")
        count = max(4, suite.rounds)
        for offset in sorted(set(on_all_pages(size, count, suite.chance))):
            suite.tell_progress()
            try:
                outcome = damage(specimen, name, offset)
            except Broken as words:
                outcome = str(words)
            outcomes[outcome] += 1
            if outcome.startswith(("wrong", "alive", "told:")):
                print(f"  byte {offset} of {name}: {outcome}", flush=True)
        print(f"  one byte of {name} another: {dict(outcomes)}", flush=True)
        for outcome, times in outcomes.items():
            if outcome.startswith(("wrong", "alive")):
                suite.remark(f"{times} of {outcomes.total()} times: {outcome}")


def a_byte_of_the_database_is_another(suite):
    """Never a wrong answer, never damage that nothing tells, never an end before the next start."""
    damage_many(suite, "archive.sqlite", is_moved=True)


def a_byte_of_the_log_is_another(suite):
    damage_many(suite, "archive.sqlite-wal", is_moved=False)


def database_cut(suite):
    """A file that lost its end, or all of it."""
    with Trouble(suite) as trouble:
        specimen = Specimen(trouble)
        for name in FILES:
            size = os.path.getsize(specimen.path(name))
            for length in (0, 100, 4096, size // 2, size - 1):
                specimen.restore()
                os.truncate(specimen.path(name), length)
                outcome = "serves"
                try:
                    trouble.daemon.start(within=PATIENCE)
                    trouble.daemon.settle()
                    specimen.is_complete()
                    kept = len(specimen.hits(COMMON))
                    outcome = f"serves {kept} of {len(specimen.answers[COMMON])} articles"
                    if kept < len(specimen.answers[COMMON]):
                        suite.remark(f"{name} cut to {length} of {size} bytes: {outcome}, "
                                     f"problems {trouble.problems()}")
                except Ended as end:
                    outcome = f"ends with {end.status}"
                    if end.status != 78:
                        suite.remark(f"{name} cut to {length} bytes: {outcome}")
                except Refused as refusal:
                    outcome = f"refuses: {refusal}"
                print(f"  {name} cut to {length} of {size} bytes: {outcome}", flush=True)
                trouble.daemon.kill()


def database_lost(suite):
    """Everything but the originals can be made anew from them."""
    with Trouble(suite) as trouble:
        specimen = Specimen(trouble)
        for name in FILES + ["archive.sqlite-shm"]:
            os.unlink(specimen.path(name))
        trouble.daemon.start()
        trouble.daemon.settle()
        common = specimen.answers[COMMON]
        expect(specimen.is_complete(), f"rebuilt: {len(specimen.hits(COMMON))} articles")
        for identifier in common:
            expect(specimen.record(identifier) == specimen.answers[identifier],
                   f"rebuilt: {identifier} is another record than before")


def database_of_a_newer_release(suite):
    """Refused with exit status 78, and not one byte touched."""
    with Trouble(suite) as trouble:
        trouble.page()
        trouble.daemon.settle()
        trouble.daemon.stop()
        base = sqlite3.connect(trouble.daemon.state + "/archive.sqlite", isolation_level=None)
        base.execute("INSERT INTO grdb_migrations VALUES ('something of tomorrow')")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        base.close()
        before = contents(trouble.daemon)
        trouble.page()
        trouble.daemon.launch()
        trouble.expect_end([78], "newer release")
        expect(contents(trouble.daemon) == before, "durable: a newer database was touched")


def contents(daemon):
    """The bytes of the database: all that is in its files, the log included."""
    base = sqlite3.connect(f"file:{daemon.state}/archive.sqlite?mode=ro", uri=True)
    try:
        return list(base.iterdump())
    finally:
        base.close()


CASES = [database_of_a_newer_release, database_lost, database_cut,
         a_byte_of_the_database_is_another, a_byte_of_the_log_is_another]
# What a change must pass before it lands.
SHORT = [database_of_a_newer_release, database_lost]
