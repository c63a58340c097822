"""Limits of the kernel: descriptors of the process and the system, watches, processes."""

import time

import files
from promises import expect
from tracing import PATIENCE, Tracer, arguments, wait_for
from trouble import Trouble


def few_descriptors(suite):
    """More clients than descriptors: files wait or are taken, and all is well when they leave."""
    with Trouble(suite, starts=False) as trouble:
        trouble.daemon.start(wrap=["prlimit", "--nofile=64"])
        trouble.page()
        trouble.daemon.settle()
        held = []
        for _ in range(80):
            try:
                held.append(trouble.daemon.connect(timeout=2))
            except OSError:
                break
        time.sleep(0.5)
        for _ in range(5):
            trouble.page()
        many = trouble.bundle(30)
        trouble.expect_idle(3)
        expect(trouble.daemon.is_running, f"alive: it ended: {trouble.daemon.log()[-400:]}")
        for connection in held:
            connection.close()
        trouble.expect_over()
        trouble.expect_why(many, "stored")
        trouble.ledger.check_whole(trouble.daemon)


def no_descriptor_in_the_system(suite):
    """ENFILE wherever a file is opened: what is held open still answers."""
    with Trouble(suite) as trouble:
        trouble.page()
        trouble.daemon.settle()
        trouble.daemon.call("ping")
        tracer = Tracer(trouble.daemon, ["openat", "open"], "error=ENFILE")
        for _ in range(5):
            trouble.page()
        time.sleep(3)
        expect(trouble.daemon.is_running, f"alive: it ended: {trouble.daemon.log()[-400:]}")
        trouble.expect_idle()
        trouble.expect_told("limit|files open|missing")
        trouble.heal(tracer)


def no_process_for_a_worker(suite):
    """EAGAIN where a worker is to be started."""
    with Trouble(suite) as trouble:
        tracer = Tracer(trouble.daemon, ["execve"], "error=EAGAIN")
        for _ in range(5):
            trouble.page()
        time.sleep(3)
        expect(trouble.daemon.is_running, f"alive: it ended: {trouble.daemon.log()[-400:]}")
        trouble.expect_idle()
        trouble.expect_told("worker|process")
        trouble.heal(tracer)


def no_watches_left(suite):
    """inotify refuses: the inbox is polled, and the sysctl to raise is named."""
    with Trouble(suite, starts=False) as trouble:
        wrap = arguments(trouble.daemon.home + "/strace", ["inotify_add_watch"], "error=ENOSPC")
        trouble.daemon.start(wrap=[wrap[0], "-D", *wrap[1:]])
        for way in files.WAYS:
            trouble.page(way)
        trouble.expect_told("fs.inotify.max_user_watches")
        expect(trouble.daemon.call("inbox.status")["watch"] == "polling", "told: not polling")
        wait_for(lambda: not trouble.daemon.call("inbox.status")["queued"], PATIENCE)
        trouble.ledger.check(trouble.daemon)
        trouble.daemon.stop()


def watches_come_back(suite):
    """A directory could not be watched; when it can, events are heard again without a restart."""
    with Trouble(suite) as trouble:
        tracer = Tracer(trouble.daemon, ["inotify_add_watch"], "error=ENOSPC")
        trouble.daemon.call("inbox.rescan", admin=True)
        trouble.expect_told("fs.inotify.max_user_watches")
        tracer.stop()
        trouble.page()
        trouble.expect_over()
        expect(trouble.daemon.call("inbox.status")["watch"] == "inotify",
               "alive: it polls for ever")


def no_inotify_instance(suite):
    with Trouble(suite, starts=False) as trouble:
        wrap = arguments(trouble.daemon.home + "/strace", ["inotify_init1"], "error=EMFILE")
        trouble.daemon.start(wrap=[wrap[0], "-D", *wrap[1:]])
        for way in files.WAYS:
            trouble.page(way)
        trouble.expect_told("fs.inotify.max_user_instances")
        wait_for(lambda: not trouble.daemon.call("inbox.status")["queued"], PATIENCE)
        trouble.ledger.check(trouble.daemon)
        trouble.daemon.stop()


CASES = [few_descriptors, no_descriptor_in_the_system, no_process_for_a_worker, no_watches_left,
         watches_come_back, no_inotify_instance]
# What a change must pass before it lands.
SHORT = [few_descriptors, no_process_for_a_worker, no_watches_left]
