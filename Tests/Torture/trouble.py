"""One daemon in trouble: what it was given, what it says is wrong, and when that is over."""

import os
import re
import time

import files
from daemon import Daemon, Refused
from promises import Ledger, expect
from tracing import PATIENCE, wait_for

# Every file is looked at again soon, so that a case need not wait long for things to mend.
SETTINGS = "inbox:\n  rescanSeconds: 1\n  networkPollSeconds: 1\n"
NO_RESERVE = SETTINGS + "storage:\n  reserveBytes: 0\n"


class Trouble:
    """A daemon with a ledger of what was dropped on it; the inbox may lie elsewhere."""

    def __init__(self, suite, home=None, state=None, inbox=None, settings=SETTINGS, starts=True):
        self.suite, self.chance = suite, suite.chance
        self.daemon = Daemon(home=home, state=state, inbox=inbox, settings=settings)
        self.ledger = Ledger()
        self.number = 0
        # On the file system of the inbox, from which files are renamed.
        self.staging = os.path.dirname(self.daemon.inbox) + "/staging"
        os.makedirs(self.staging, exist_ok=True)
        if starts:
            self.daemon.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.daemon.close()

    def page(self, way=None):
        """Drops one page."""
        self.number += 1
        marker = f"mk{self.number}a"
        file = files.File(f"f{self.number}.txt", files.page(marker, self.chance), [marker])
        files.drop(file, self.staging, self.daemon.inbox, self.chance, way or files.by_rename)
        self.ledger.note(file)
        return file

    def bundle(self, count):
        """Drops one bundle of so many pages."""
        self.number += 1
        markers = [f"mk{self.number}x{number}" for number in range(count)]
        data = files.bundle(files.page(marker, self.chance) for marker in markers)
        file = files.File(f"f{self.number}.zip", data, markers)
        files.drop(file, self.staging, self.daemon.inbox, self.chance, files.by_rename)
        self.ledger.note(file)
        return file

    # What the daemon says

    def problems(self):
        return self.daemon.call("archive.status")["problems"]

    def why(self, file):
        """The reason and the words that are given for where a file is."""
        row = self.daemon.call("inbox.explain", path=file.name)
        return f"{row['state']} {row.get('reason')}: {row.get('detail')}"

    def expect_why(self, file, pattern, within=PATIENCE):
        holds = wait_for(lambda: self.matches(file, pattern), within)
        expect(holds, f"told: {file.name} is {self.why(file)}, not {pattern}")

    def matches(self, file, pattern):
        try:
            return re.search(pattern, self.why(file))
        except Refused:
            return False  # it was not seen yet

    def expect_told(self, pattern, within=PATIENCE):
        """It is told in the status, to the service manager and in the log."""
        def all_told():
            return all(re.search(pattern, words) for words in (
                "; ".join(self.problems()), self.daemon.status_line(), self.daemon.log()))
        if not wait_for(all_told, within):
            log = self.daemon.log().splitlines()
            where = [f"status: {self.problems()}", f"STATUS={self.daemon.status_line()}",
                     f"log: {[line for line in log if re.search(pattern, line)][-1:]}"]
            self.suite.remark(f"told: {pattern} is not told everywhere: {' '.join(where)}")

    def expect_answers(self):
        """What is there can be asked for."""
        for file in list(self.ledger.files.values()):
            for marker in file.markers:
                self.daemon.call("articles.search", query=marker)
        self.daemon.call("archive.status")

    def expect_idle(self, seconds=2.0):
        """It waits for the end of its trouble, and does not run in circles."""
        before = self.daemon.processor()
        time.sleep(seconds)
        used = self.daemon.processor() - before
        expect(used < seconds / 2,
               f"alive: {used:.1f} s of processor in {seconds:.0f} s of waiting")

    def heal(self, tracer):
        """Takes the cause away: what waited is taken, and all is whole."""
        tracer.stop()
        self.expect_over()
        self.ledger.check_whole(self.daemon)

    def expect_over(self, within=PATIENCE):
        """With its cause gone, the trouble ends by itself, and nothing is lost."""
        def is_over():
            inbox = self.daemon.call("inbox.status")
            return not inbox["waiting"] and not self.problems() and not os.listdir(
                self.daemon.inbox)
        expect(wait_for(is_over, within),
               f"alive: it does not end: {self.problems()} {self.daemon.call('inbox.status')}")
        self.ledger.check(self.daemon)

    def expect_end(self, statuses, pattern, within=PATIENCE):
        """It ends by itself, and says why."""
        status = self.daemon.wait(within)
        self.daemon.hang_up()
        expect(status in statuses, f"alive: it ended with {status}, not {statuses}")
        told = " ".join(self.daemon.told("STATUS")) + self.daemon.log()
        expect(re.search(pattern, told), f"told: {pattern} is not in {told[-400:]}")
