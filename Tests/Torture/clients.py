#!/usr/bin/env python3
"""All that rude, greedy and lying clients try: conversations, crowds, limits, forgeries, leaks.

    clients.py                      in full: about six minutes on an idle machine
    clients.py --short              a tenth of the clients, for every change
    clients.py PROTOCOL.jsonl       with the conversations of that file

Each is a command of its own, for one of them alone. Exit 1: something broke.
"""

import subprocess
import sys

from daemon import HERE
from findings import main


def run(options):
    short = ["--short"] if options.short else []
    broken = []
    for name, arguments in (("conversations", [options.given] if options.given else []),
                            ("crowds", short), ("limits", []), ("forgeries", []), ("leaks", [])):
        print(f"-- {name}", flush=True)
        done = subprocess.run([sys.executable, f"{HERE}/{name}.py", *arguments])
        if done.returncode:
            broken.append(name)
    return len(broken), f"{', '.join(broken)} " if broken else ""


if __name__ == "__main__":
    main("clients", __doc__, run, "conversations, one a line")
