#!/usr/bin/env python3
"""Drops hostile files on a daemon one by one, and holds what becomes of each against a manifest.

    hostile.py                  the project's own, made anew by made.py
    hostile.py FOLDER           those of FOLDER/manifest.jsonl
    hostile.py --only zip-      those whose name begins so

Each line that begins with `BROKEN` is a promise that does not hold: an outcome that is none of the
acceptable ones, a check that fails, memory or processor time beyond the bound. `argued` is an
outcome that the manifest does not have and we hold to be right, with why. Exit 1: something broke.
"""

import datetime
import os
import shutil
import subprocess
import time

import cases
import made
import measure
import specials
import terminal
from daemon import Daemon, Ended
from findings import main

NOBODY = 65534
QUICK = 10  # seconds that a case may take, and be one for every change
MEASURING_NOISE = 6.0  # megabytes that a process takes and gives back by itself


class Run:
    """All cases on one daemon that has no network."""

    def __init__(self, daemon, verbose):
        self.daemon = daemon
        self.verbose = verbose
        self.broken = []
        self.argued = 0
        self.worst = (0.0, "")
        self.slowest = (0.0, "")

    def start(self):
        wrap = ()
        if os.geteuid() == 0:
            # As a service: nobody's user, who may not read everything, and no network.
            for path in (self.daemon.state, self.daemon.run):
                os.chown(path, NOBODY, NOBODY)
            os.chmod(self.daemon.home, 0o755)
            os.chmod(self.daemon.home + "/notify", 0o777)
            wrap = ("unshare", "--net", "--", "setpriv", f"--reuid={NOBODY}",
                    f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "--")
        self.daemon.start(wrap=wrap)
        self.drop_control("warming-up")

    def drop_control(self, name):
        """A sound file: the workers are started, and the daemon still reads."""
        made.write(self.daemon.home + "/staged", made.story(name))
        os.rename(self.daemon.home + "/staged", f"{self.daemon.inbox}/{name}.txt")
        self.daemon.settle()
        row = self.daemon.call("inbox.explain", path=name + ".txt")
        return row.get("articles") == 1

    def drop(self, case):
        if case.source:
            staged = os.fsencode(self.daemon.home + "/staged")
            shutil.copyfile(case.source, staged)
            target = os.fsencode(self.daemon.inbox) + b"/" + case.path
            os.rename(staged, target)
        else:
            case.path = specials.MAKERS[case.name](os.fsencode(self.daemon.inbox)) or case.path

    def one(self, case):
        """One case: dropped, waited for, looked at."""
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
        before = self.daemon.processor()
        with measure.Growth(self.daemon) as growth:
            self.drop(case)
            self.daemon.settle(120)
        took = self.daemon.processor() - before
        seen = cases.look(self.daemon, case.path, now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.worst = max(self.worst, (growth.megabytes, case.name))
        self.slowest = max(self.slowest, (took, case.name))
        self.judge(case, seen, growth.megabytes)
        self.hold(growth.megabytes <= case.megabytes + MEASURING_NOISE, case,
                  f"grew by {growth.megabytes:.0f} MB, bound {case.megabytes}")
        self.hold(took <= case.seconds, case, f"took {took:.1f} s of processor")
        if "noescape" in case.checks:
            for line in terminal.abused(self.daemon, case, seen):
                self.hold(False, case, line)
        if self.verbose:
            print(f"  {case.name}: {seen}  [{growth.megabytes:.0f} MB, {took:.2f} s]")

    def judge(self, case, seen, megabytes):
        failed = cases.failed_checks(seen, case)
        self.hold(not failed, case, f"fails {failed}, was {seen}")
        if any(cases.meets(seen, expected) for expected in case.expect):
            return
        words = cases.argument(seen, case, megabytes)
        if words:
            self.argued += 1
            print(f"argued {case.name}: {words} ({seen})")
            return
        wanted = " or ".join(
            " ".join(str(v) for v in expected.values()) for expected in case.expect)
        self.hold(False, case, f"was {seen}; acceptable: {wanted}")

    def hold(self, is_kept, case, words):
        if not is_kept:
            self.broken.append(case.name)
            print(f"BROKEN {case.name} ({case.about}): {words}", flush=True)


def chosen(folder, options):
    """The cases that are asked for; CI has no time for those of ours that may take long."""
    for case in cases.manifest(folder):
        is_quick = case.seconds <= QUICK or options.given or not options.short
        if case.name.startswith(options.only) and is_quick:
            yield case


def run(options):
    with cases.folder(options) as folder, Daemon(settings="log:\n  level: notice\n") as daemon:
        run = Run(daemon, options.verbose)
        run.start()
        count = 0
        for case in chosen(folder, options):
            count += 1
            try:
                run.one(case)
            except (OSError, Ended) as error:
                run.hold(False, case, f"the daemon: {error}")
                if not daemon.is_running:
                    run.start()
        alive = cases.Case("after-all", "a sound file is read after all of these", [], [], 0, 0)
        run.hold(run.drop_control("after-all"), alive, "it was not")
        crashes = daemon.log().count("the reader crashed")
        run.hold(crashes == 0, alive, f"{crashes} readers crashed")
        # Deeper than Python's own way of removing goes.
        subprocess.run(["rm", "-rf", daemon.inbox], check=False)
    return len(set(run.broken)), (
        f"{count} cases, {run.argued} argued; most memory {run.worst[0]:.0f} MB "
        f"({run.worst[1]}), most processor {run.slowest[0]:.1f} s ({run.slowest[1]}); ")


if __name__ == "__main__":
    main("hostile", __doc__, run, "a folder with manifest.jsonl and files/")
