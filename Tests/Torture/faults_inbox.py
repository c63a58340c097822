"""The inbox as a place: gone and back, renamed, replaced, mounted over, flooded."""

import os
import shutil
import signal
import tempfile
import time

import disks
import files
from promises import expect
from tracing import PATIENCE, wait_for
from trouble import Trouble


def inbox_gone_and_back(suite):
    with Trouble(suite) as trouble:
        trouble.page()
        trouble.daemon.settle()
        shutil.rmtree(trouble.daemon.inbox)
        trouble.expect_told("the inbox .* is missing")
        trouble.expect_answers()
        trouble.expect_idle()
        os.mkdir(trouble.daemon.inbox)
        for way in files.WAYS:
            trouble.page(way)
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


def inbox_is_no_directory(suite):
    """What else stands at its path is left alone; the archive answers all the same."""
    with Trouble(suite, starts=False) as trouble:
        with open(trouble.daemon.inbox, "w") as file:
            file.write("no directory")
        trouble.daemon.start()
        trouble.expect_told("the inbox .* cannot be opened: Not a directory")
        trouble.expect_answers()
        os.unlink(trouble.daemon.inbox)
        os.mkdir(trouble.daemon.inbox)
        trouble.page()
        trouble.expect_over()


def inbox_renamed_and_replaced(suite):
    """The path is what counts: what lies in the renamed directory is not taken, and not lost."""
    with Trouble(suite) as trouble:
        trouble.page()
        trouble.daemon.settle()
        trouble.daemon.process.send_signal(signal.SIGSTOP)
        late = trouble.page()
        os.rename(trouble.daemon.inbox, trouble.daemon.inbox + "-old")
        os.mkdir(trouble.daemon.inbox)
        trouble.page()
        trouble.daemon.process.send_signal(signal.SIGCONT)
        wait_for(lambda: not os.listdir(trouble.daemon.inbox), PATIENCE)
        expect(os.path.exists(f"{trouble.daemon.inbox}-old/{late.name}")
               or trouble.matches(late, "stored"), "durable: a file of the old inbox is gone")
        if os.path.exists(f"{trouble.daemon.inbox}-old/{late.name}"):
            os.rename(f"{trouble.daemon.inbox}-old/{late.name}",
                      f"{trouble.daemon.inbox}/{late.name}")
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


def inbox_renamed_under_way(suite):
    """Renamed at random moments while files come and a lane is at work."""
    with Trouble(suite) as trouble:
        for round_number in range(10):
            for _ in range(5):
                trouble.page()
            trouble.bundle(20)
            time.sleep(suite.chance.random() * 0.1)
            old = f"{trouble.daemon.inbox}-{round_number}"
            os.rename(trouble.daemon.inbox, old)
            time.sleep(suite.chance.random() * 0.2)
            os.mkdir(trouble.daemon.inbox)
            for name in os.listdir(old):
                try:
                    os.rename(f"{old}/{name}", f"{trouble.daemon.inbox}/{name}")
                except FileNotFoundError:
                    pass  # a lane that still held the old one removed it
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


def inbox_mounted_over(suite):
    disks.require("mount")
    home = tempfile.mkdtemp(prefix="torture-")
    inbox = home + "/inbox"
    with Trouble(suite, home + "/home", inbox=inbox) as trouble:
        trouble.page()
        trouble.daemon.settle()
        disks.run("mount", "-t", "tmpfs", "tmpfs", inbox)
        try:
            for way in (files.by_write, files.by_slow_write):
                trouble.page(way)
            trouble.expect_over()
        finally:
            disks.run("umount", "-l", inbox)
        trouble.page()
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)
    shutil.rmtree(home)


def inbox_read_only(suite):
    """What cannot be taken away waits and is told; once it can be, each is taken once."""
    disks.require("mount")
    home = tempfile.mkdtemp(prefix="torture-")
    inbox = home + "/inbox"
    os.mkdir(inbox)
    disks.run("mount", "--bind", inbox, inbox)
    with Trouble(suite, home + "/home", inbox=inbox) as trouble:
        try:
            trouble.page(files.by_write)
            trouble.daemon.settle()
            trouble.daemon.process.send_signal(signal.SIGSTOP)
            late = trouble.page(files.by_write)
            disks.run("mount", "-o", "remount,bind,ro", inbox)
            trouble.daemon.process.send_signal(signal.SIGCONT)
            trouble.expect_why(late, "waiting (permission|io-error)")
            trouble.expect_answers()
            trouble.expect_idle()
            trouble.expect_told("[Rr]ead-only|permission")
            disks.run("mount", "-o", "remount,bind,rw", inbox)
            trouble.expect_over()
        finally:
            disks.run("umount", "-l", inbox)
        trouble.ledger.check_whole(trouble.daemon)
    shutil.rmtree(home)


def more_files_than_events(suite):
    """More files at once than the kernel's queue holds, on a daemon that does not listen."""
    with Trouble(suite) as trouble:
        with open("/proc/sys/fs/inotify/max_queued_events") as file:
            count = int(file.read()) + 1000
        if count > 20_000:
            raise disks.Skipped(f"a queue of {count} events is too long for a test")
        trouble.daemon.process.send_signal(signal.SIGSTOP)
        for number in range(count):
            with open(f"{trouble.daemon.inbox}/empty{number}.bin", "wb") as file:
                file.write(b"\x00\xff%d" % (number % 7))
        kept = [trouble.page() for _ in range(5)]
        trouble.daemon.process.send_signal(signal.SIGCONT)
        is_empty = wait_for(lambda: not os.listdir(trouble.daemon.inbox), 2 * PATIENCE)
        expect(is_empty, "durable: files stay")
        for file in kept:
            trouble.expect_why(file, "stored")
        told = trouble.daemon.call("inbox.status")
        expect(told["overflows"] > 0, f"told: no overflow in {told}")
        rows = sum(1 for row in trouble.daemon.pages("inbox.list")
                   if row["path"].startswith("empty"))
        expect(rows == count, f"one place: {rows} of {count} names are in the ledger")


CASES = [inbox_gone_and_back, inbox_is_no_directory, inbox_renamed_and_replaced,
         inbox_renamed_under_way, inbox_mounted_over, inbox_read_only,
         more_files_than_events]
# What a change must pass before it lands.
SHORT = [inbox_gone_and_back, inbox_renamed_under_way]
