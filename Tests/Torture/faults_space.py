"""No space left: by bytes, by inodes, below the reserve."""

import os

from disks import Disk, Memory, fill
from promises import expect
from trouble import NO_RESERVE, SETTINGS, Trouble


def run_full(suite, disk, settings=NO_RESERVE, leave=200_000):
    """Files come to a daemon whose disk is full, until room is made."""
    with Trouble(suite, state=disk.path + "/state", inbox=disk.home + "/inbox",
                 settings=settings) as trouble:
        for _ in range(3):
            trouble.page()
        trouble.daemon.settle()
        ballast = fill(disk.path, leave)
        many = [trouble.page() for _ in range(20)] + [trouble.bundle(300)]
        trouble.expect_why(many[-1], "waiting disk-full")
        trouble.expect_answers()
        trouble.expect_idle()
        debris = os.listdir(trouble.daemon.state + "/tmp")
        expect(not debris, f"debris: {debris} in tmp while it waits")
        trouble.expect_told("space|disk-full|full")
        os.unlink(ballast)
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


def with_disk(suite, make, act):
    """A file system in a home of its own, gone when the case is over."""
    with Trouble(suite, starts=False) as holder:
        disk = make(holder.daemon.home)
        disk.home = holder.daemon.home
        try:
            act(suite, disk)
        finally:
            disk.close()


def no_bytes_left_in_memory(suite):
    with_disk(suite, lambda home: Memory(home, "size=24m"), run_full)


def no_bytes_left_on_ext4(suite):
    with_disk(suite, lambda home: Disk(home, "ext4", 64), run_full)


def below_the_reserve(suite):
    settings = SETTINGS + "storage:\n  reserveBytes: 8388608\n"
    with_disk(suite, lambda home: Disk(home, "ext4", 64),
              lambda suite, disk: run_full(suite, disk, settings, 4 << 20))


def no_inodes_left(suite):
    def act(suite, disk):
        with Trouble(suite, state=disk.path + "/state", inbox=disk.home + "/inbox",
                     settings=NO_RESERVE) as trouble:
            trouble.page()
            trouble.daemon.settle()
            disk.resize("nr_inodes=%d" % (os.statvfs(disk.path).f_files
                                          - os.statvfs(disk.path).f_ffree + 2))
            many = [trouble.page() for _ in range(10)]
            trouble.expect_why(many[-1], "waiting disk-full")
            trouble.expect_answers()
            trouble.expect_idle()
            trouble.expect_told("space|disk-full|full")
            disk.resize("nr_inodes=100000")
            trouble.expect_over()
            trouble.ledger.check_whole(trouble.daemon)
    with_disk(suite, lambda home: Memory(home, "size=64m,nr_inodes=600"), act)


CASES = [no_bytes_left_in_memory, no_bytes_left_on_ext4, below_the_reserve, no_inodes_left]
# What a change must pass before it lands.
SHORT = [no_bytes_left_on_ext4, no_inodes_left]
