#!/usr/bin/env python3
"""Faults of disks, limits, clocks, databases and neighbours: told, survived, then over.

Each case brings one about, looks at what the daemon says and still answers, takes the cause away,
and then holds every promise against what was dropped.
"""

import faults_database
import faults_disk
import faults_host
import faults_inbox
import faults_limits
import faults_space
from suite import Suite

PARTS = [faults_space, faults_disk, faults_limits, faults_inbox, faults_database, faults_host]


def main():
    suite = Suite("faults", __doc__.splitlines()[0], rounds=400, seconds=3600)
    for part in PARTS:
        for case in part.CASES:
            is_chosen = case in part.SHORT or not suite.is_short
            name = case.__name__.replace("_", "-")
            if is_chosen and suite.only in name and suite.has_time:
                suite.attempt(name, case, suite)
    suite.close()


if __name__ == "__main__":
    main()
