#!/usr/bin/env python3
"""All that rude, greedy and lying clients try: conversations, crowds, limits, forgeries, leaks.

    clients.py                      in full: about six minutes on an idle machine
    clients.py --short              a tenth of the clients, for every change
    clients.py PROTOCOL.jsonl       with the conversations of that file

Each is a command of its own, for one of them alone. Exit 1: something broke.
"""

import argparse
import subprocess
import sys
import time

from daemon import HERE


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", help="conversations, one a line")
    parser.add_argument("--short", action="store_true", help="a tenth of the clients")
    options = parser.parse_args()
    short = ["--short"] if options.short else []
    began = time.monotonic()
    broken = []
    for name, arguments in (("conversations", [options.file] if options.file else []),
                            ("crowds", short), ("limits", []), ("forgeries", []), ("leaks", [])):
        print(f"-- {name}", flush=True)
        done = subprocess.run([sys.executable, f"{HERE}/{name}.py", *arguments])
        if done.returncode:
            broken.append(name)
    print(f"clients: {', '.join(broken) or 'nothing'} broken; {time.monotonic() - began:.0f} s")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
