"""File systems of a test's own, which can lose power, fill up and go read-only."""

import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
import time

from suite import Skipped

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN
LOG_FLUSHED, LOG_LOST = 1, 2  # what of the journal reaches the disk before the power is gone


def require(*programs):
    """Skips the case where the machine lacks what it needs."""
    if os.geteuid() != 0:
        raise Skipped("needs root")
    for program in programs:
        if not shutil.which(program):
            raise Skipped(f"needs {program}")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")


def home_in_memory():
    """A new directory for what is made hundreds of times and is not about disks."""
    memory = "/dev/shm"
    return tempfile.mkdtemp(prefix="torture-", dir=memory if os.access(memory, os.W_OK) else None)


class Disk:
    """A file system on a loop device, mounted while in use."""

    def __init__(self, home, kind="ext4", megabytes=512, inodes=None):
        require("mount", f"mkfs.{kind}")
        self.image, self.path, self.kind = f"{home}/disk.img", f"{home}/disk", kind
        self.is_mounted = False
        os.makedirs(self.path)
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        options = ["-q", "-F"] if kind == "ext4" else ["-q"]
        if inodes:
            options += ["-N", str(inodes)]
        run(f"mkfs.{kind}", *options, self.image)
        try:
            self.mount()
        except OSError as error:
            raise Skipped(f"cannot mount a loop device: {error}") from None

    def mount(self, options="loop"):
        run("mount", "-o", options, self.image, self.path)
        self.is_mounted = True

    def unmount(self):
        """Whoever was killed a moment ago may hold a file still."""
        for _ in range(200):
            try:
                run("umount", self.path)
                self.is_mounted = False
                return
            except OSError as error:
                last = error
                time.sleep(0.02)
        raise last

    def cut_power(self, journal=LOG_LOST):
        """What was not synced is gone; nothing can be read or written until `mount`."""
        number = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(number, SHUTDOWN, struct.pack("I", journal))
        finally:
            os.close(number)

    def remount(self, mode):
        run("mount", "-o", f"remount,{mode}", self.path)

    def turn_read_only(self):
        """An error of ext4's own, after which it takes nothing more."""
        with open("/proc/mounts") as file:
            device = next(line.split()[0] for line in file if line.split()[1] == self.path)
        self.remount("errors=remount-ro")
        try:
            with open(f"/sys/fs/ext4/{os.path.basename(device)}/trigger_fs_error", "w") as file:
                file.write("torture")
        except OSError as error:
            raise Skipped(f"this kernel's ext4 makes no errors to order: {error}") from None

    def close(self):
        if self.is_mounted:
            self.unmount()


class Memory:
    """A file system in memory, of few bytes or few inodes."""

    def __init__(self, home, options):
        require("mount")
        self.path = f"{home}/memory"
        os.makedirs(self.path)
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", self.path)

    def resize(self, options):
        run("mount", "-o", f"remount,{options}", self.path)

    def close(self):
        for _ in range(200):
            try:
                return run("umount", self.path)
            except OSError:
                time.sleep(0.02)
        run("umount", "-l", self.path)


def fill(path, leave):
    """Fills the file system at `path` until only `leave` bytes are free; returns the ballast."""
    ballast = f"{path}/ballast"
    with open(ballast, "wb") as file:
        space = os.statvfs(path)
        os.posix_fallocate(file.fileno(), 0,
                           max(1, space.f_bavail * space.f_frsize - leave))
    return ballast
