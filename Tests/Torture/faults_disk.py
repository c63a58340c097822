"""A disk that fails: reads, writes, syncs, checkpoints, all of it, or read-only."""

import contextlib
import os
import signal
import subprocess
import tempfile

import disks
import files
from disks import Disk, require
from promises import expect
from tracing import PATIENCE, Tracer, wait_for
from trouble import NO_RESERVE, Trouble

EIO = "error=EIO"


def one_file_cannot_be_read(suite):
    with Trouble(suite) as trouble:
        path = f"{trouble.daemon.inbox}/f1.txt"
        tracer = Tracer(trouble.daemon, ["read", "pread64"], EIO, [path])
        bad, good = trouble.page(files.by_write), trouble.page()
        trouble.expect_why(bad, "waiting io-error: .*check the disk")
        trouble.expect_why(good, "stored")
        trouble.expect_idle()
        trouble.expect_told("io-error|Input/output")
        trouble.heal(tracer)


def copies_cannot_be_written(suite):
    with Trouble(suite) as trouble:
        old = trouble.page()
        trouble.daemon.settle()
        paths = [f"{trouble.daemon.state}/tmp/{lane}-{n}" for lane in range(4) for n in range(3)]
        tracer = Tracer(trouble.daemon, ["write"], EIO, paths)
        new = trouble.page()
        trouble.expect_why(new, "waiting io-error")
        trouble.expect_why(old, "stored")
        trouble.expect_answers()
        trouble.expect_idle()
        trouble.expect_told("io-error|Input/output")
        trouble.heal(tracer)


def a_quota_is_used_up(suite):
    """EDQUOT is a full disk to whoever writes."""
    with Trouble(suite) as trouble:
        paths = [f"{trouble.daemon.state}/tmp/{lane}-{n}" for lane in range(4) for n in range(9)]
        tracer = Tracer(trouble.daemon, ["write"], "error=EDQUOT", paths)
        new = trouble.page()
        trouble.expect_why(new, "waiting disk-full")
        trouble.expect_answers()
        trouble.expect_idle()
        trouble.expect_told("space|disk-full|quota")
        trouble.heal(tracer)


def syncs_fail(suite):
    """Nothing more may be written: it ends, and the next start finds what is durable."""
    with Trouble(suite) as trouble:
        for _ in range(3):
            trouble.page()
        trouble.daemon.settle()
        trouble.ledger.observe(trouble.daemon)
        tracer = Tracer(trouble.daemon, ["fsync", "fdatasync", "syncfs"], EIO)
        for _ in range(12):
            trouble.page()
        trouble.expect_end([1], "storage failed")
        expect("5" in trouble.daemon.told("ERRNO"), "told: no ERRNO=5 to the service manager")
        tracer.stop()
        trouble.daemon.start()
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


def checkpoints_fail(suite):
    """The log of the database only grows: that must be told, before it fills the disk."""
    with Trouble(suite) as trouble:
        tracer = Tracer(trouble.daemon, ["pwrite64"], EIO,
                        [trouble.daemon.state + "/archive.sqlite"])
        for _ in range(4):
            for _ in range(20):
                trouble.page()
            trouble.daemon.settle()
        trouble.expect_answers()
        trouble.expect_told("checkpoint|write-ahead|disk I/O")
        tracer.stop()
        for _ in range(20):
            trouble.page()
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


@contextlib.contextmanager
def on_a_disk(suite, make):
    """A daemon whose state is on a disk of its own, of 64 MiB; the disk, and its troubles."""
    home = tempfile.mkdtemp(prefix="torture-")
    disk = make(home)
    try:
        with Trouble(suite, home + "/home", disk.path + "/state", home + "/inbox",
                     NO_RESERVE) as trouble:
            yield disk, trouble
    finally:
        disk.close()
        subprocess.run(["rm", "-r", home])


def ext4(home):
    return Disk(home, "ext4", 64)


def a_disk_that_turns_read_only(suite):
    """As ext4 makes itself where it finds an error of its own; then it is checked and mounted."""
    with on_a_disk(suite, ext4) as (disk, trouble):
        trouble.page()
        trouble.daemon.settle()
        trouble.ledger.observe(trouble.daemon)
        disk.turn_read_only()
        late = trouble.page()
        wait_for(lambda: not trouble.daemon.is_running
                 or trouble.matches(late, "waiting io-error"), PATIENCE)
        if trouble.daemon.is_running:
            trouble.expect_answers()
            trouble.expect_idle()
            trouble.expect_told("[Rr]ead-only|io-error|I/O error")
            trouble.daemon.kill()
        else:
            trouble.expect_end([1], "storage failed")
        trouble.daemon.launch()
        trouble.expect_end([1, 78], "[Rr]ead-only|readonly")
        disk.unmount()
        subprocess.run(["e2fsck", "-fy", disk.image], capture_output=True)
        disk.mount()
        trouble.daemon.start()
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


def a_start_on_a_disk_that_is_read_only(suite):
    with on_a_disk(suite, ext4) as (disk, trouble):
        trouble.page()
        trouble.daemon.settle()
        trouble.daemon.stop()
        disk.remount("ro")
        trouble.page()
        trouble.daemon.launch()
        trouble.expect_end([1, 78], "[Rr]ead-only|readonly")
        disk.remount("rw")
        trouble.daemon.start()
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


class FailingDisk(Disk):
    """A disk behind nbdkit, all of whose blocks fail while a file says so."""

    def __init__(self, home):
        require("nbdkit", "nbdfuse", "losetup", "mkfs.ext4")
        self.switch = home + "/fails"
        self.device, self.image, self.path, self.is_mounted = None, home + "/nbd", home + "/disk", 0
        for path in (self.image, self.path):
            os.makedirs(path)
        self.server = subprocess.Popen(
            ["nbdfuse", self.image, "--command", "nbdkit", "-s", "--exit-with-parent",
             "--filter=error", "memory", "64M", "error=EIO", "error-rate=100%",
             "error-file=" + self.switch], stderr=subprocess.DEVNULL)
        block = self.image + "/nbd"
        if not wait_for(lambda: os.path.exists(block), 10):
            self.server.kill()
            raise disks.Skipped("nbdfuse does not come up")
        self.device = subprocess.run(["losetup", "-f", "--show", block], check=True,
                                     capture_output=True, text=True).stdout.strip()
        disks.run("mkfs.ext4", "-q", self.device)
        self.image = self.device
        self.mount("errors=remount-ro")

    def close(self):
        if os.path.exists(self.switch):
            os.unlink(self.switch)
        super().close()
        subprocess.run(["losetup", "-d", self.device])
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(20)


def a_whole_disk_fails(suite):
    """As a dying disk does: blocks fail, the file system goes read-only; then it is replaced."""
    with on_a_disk(suite, FailingDisk) as (disk, trouble):
        for _ in range(5):
            trouble.page()
        trouble.daemon.settle()
        trouble.ledger.observe(trouble.daemon)
        open(disk.switch, "w").close()
        for _ in range(5):
            trouble.page()
        trouble.expect_end([1], "storage failed")
        trouble.daemon.launch()
        trouble.expect_end([1, 78], "[Rr]ead-only|readonly|Input/output|I/O error")
        os.unlink(disk.switch)
        disk.unmount()
        subprocess.run(["e2fsck", "-fy", disk.device], capture_output=True)
        disk.mount("errors=remount-ro")
        trouble.daemon.start()
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


CASES = [one_file_cannot_be_read, copies_cannot_be_written, a_quota_is_used_up, syncs_fail,
         checkpoints_fail, a_disk_that_turns_read_only, a_start_on_a_disk_that_is_read_only,
         a_whole_disk_fails]
# What a change must pass before it lands.
SHORT = [one_file_cannot_be_read, syncs_fail, a_disk_that_turns_read_only, a_whole_disk_fails]
