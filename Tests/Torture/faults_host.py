"""Neighbours and clocks: a second daemon, what stands at the sockets' paths, time that jumps."""

import os
import shutil
import signal
import socket
import time

import files
from daemon import Daemon
from disks import require
from promises import expect
from suite import Skipped
from tracing import PATIENCE, wait_for
from trouble import Trouble


def two_daemons_on_one_state(suite):
    """The second ends at once and names the first, which notices nothing."""
    with Trouble(suite) as trouble:
        trouble.page()
        second = Daemon(home=trouble.daemon.home + "/second", state=trouble.daemon.state)
        began = time.monotonic()
        second.launch()
        status = second.wait(20)
        expect(status == 78, f"alive: the second ended with {status}")
        expect(time.monotonic() - began < 10, "alive: the second took its time")
        expect(str(trouble.daemon.process.pid) in second.log(), f"told: {second.log()}")
        trouble.expect_over()
        trouble.daemon.kill()
        second.start()
        second.close()
        trouble.daemon.start()
        trouble.page()
        trouble.ledger.check_whole(trouble.daemon)


def sockets_of_a_killed_daemon(suite):
    """What a kill left behind is replaced."""
    with Trouble(suite) as trouble:
        trouble.daemon.kill()
        expect(os.path.exists(trouble.daemon.run + "/archived.sock"), "the test has no sockets")
        trouble.daemon.start()
        trouble.page()
        trouble.expect_over()


def stranger_at_the_socket(suite):
    """A file, a directory, a link, a living socket: left alone, and named."""
    with Trouble(suite, starts=False) as trouble:
        path = trouble.daemon.run + "/archived.sock"
        other = socket.socket(socket.AF_UNIX)
        makers = {
            "file": lambda: open(path, "w").close(), "directory": lambda: os.mkdir(path),
            "link": lambda: os.symlink("/dev/null", path), "live": lambda: other.bind(path)}
        for name, make in makers.items():
            make()
            if name == "live":
                other.listen()
            before = os.lstat(path)
            trouble.daemon.launch()
            trouble.expect_end([78], "archived.sock")
            after = os.lstat(path)
            expect((before.st_ino, before.st_mtime) == (after.st_ino, after.st_mtime),
                   f"durable: a stranger's {name} was touched")
            shutil.rmtree(path) if name == "directory" else os.unlink(path)
        other.close()
        trouble.daemon.start()
        trouble.page()
        trouble.expect_over()


# Swift looks for the arguments on the stack, where a preloaded library may have put them away: the
# daemon would take its default directories for its own.
APART = ["unshare", "-m", "sh", "-c",
         'mount -t tmpfs t /var/lib && mount -t tmpfs t /run && exec "$0" "$@"']


def clock_that_jumps(suite):
    """Ten years on, ten years back, and on again, while files come in.

    What needs no timer is tried: faketime shifts those of the clock that never jumps as well.
    """
    library = next((path for path in ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
                                      "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1")
                    if os.path.exists(path)), None)
    require("unshare")
    if not library:
        raise Skipped("needs faketime")
    with Trouble(suite, starts=False) as trouble:
        clock = trouble.daemon.home + "/clock"

        def set_clock(shift):
            with open(clock + ".new", "w") as file:
                file.write(shift + "\n")
            os.rename(clock + ".new", clock)
        set_clock("+0d")
        trouble.daemon.start(wrap=APART, environment={
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"})
        if not os.path.exists(trouble.daemon.inbox):
            raise Skipped("faketime took the arguments away from the program")
        for shift in ("+0d", "+3650d", "-3650d", "+1d"):
            set_clock(shift)
            for _ in range(5):
                trouble.page(files.by_rename)
            trouble.bundle(3)
            done = wait_for(lambda: not os.listdir(trouble.daemon.inbox), PATIENCE)
            expect(done, f"alive: at {shift} stay {os.listdir(trouble.daemon.inbox)}")
            trouble.ledger.check(trouble.daemon)
            trouble.ledger.observe(trouble.daemon)
        trouble.daemon.kill()
        trouble.daemon.start()
        trouble.ledger.check_whole(trouble.daemon)


def stopped_and_continued(suite):
    """SIGSTOP for longer than a settle time, with files half written meanwhile."""
    with Trouble(suite) as trouble:
        for _ in range(3):
            trouble.daemon.process.send_signal(signal.SIGSTOP)
            for way in files.WAYS:
                trouble.page(way)
            time.sleep(0.5)
            trouble.daemon.process.send_signal(signal.SIGCONT)
        trouble.expect_over()
        trouble.ledger.check_whole(trouble.daemon)


CASES = [two_daemons_on_one_state, sockets_of_a_killed_daemon, stranger_at_the_socket,
         clock_that_jumps, stopped_and_continued]
# What a change must pass before it lands.
SHORT = [two_daemons_on_one_state, stranger_at_the_socket, clock_that_jumps]
