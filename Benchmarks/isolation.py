#!/usr/bin/env python3
"""isolation.py PROGRAMS FILE [ROUNDS]: what it costs that files are read in a process with walls.
See README.md.

In turns, over the same file: `archived parse`, which reads in its own process and prints each
article; a worker without the kernel's filter; and a worker as the daemon has it. A worker is asked
as the daemon asks it, and its frames are thrown away, so that the processor time is the worker's.
"""

import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile

OPEN_WALLS = "int seccomp_load(void *rules) { (void)rules; return 0; }\n"
# The settings' own names and defaults, as a worker is told them.
LIMITS = {"pageBytes": 64 << 20, "fileBytes": 64 << 30, "expandedBytes": 16 << 30,
          "expansionRatio": 250, "expansionFloor": 16 << 20, "members": 1_000_000, "nesting": 5,
          "pageSeconds": 120, "workerBytes": 1 << 30}


def processor(process):
    """Seconds of processor time of a child, which this waits for."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return usage.ru_utime + usage.ru_stime


def parsed(programs, path):
    process = subprocess.Popen(
        [f"{programs}/archived", "parse", "-o", "members", "--articles", "--config", "/nonexistent",
         path],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    articles = sum(b'"outcome":"article"' in line for line in process.stdout)
    return processor(process), articles


def frame(data):
    return struct.pack("<I", len(data)) + data


def worker(programs, path, preload=None):
    ours, theirs = socket.socketpair()
    environment = {"SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C.UTF-8"}
    if preload:
        environment["LD_PRELOAD"] = preload

    def pass_socket():
        os.dup2(theirs.fileno(), 3)
        os.set_inheritable(3, True)

    process = subprocess.Popen(
        [f"{programs}/archived", "parse-worker"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, env=environment, close_fds=False, preexec_fn=pass_socket)
    theirs.close()
    ours.sendall(frame(json.dumps({"limits": LIMITS, "styles": []}).encode()))
    name = os.path.basename(path).encode()
    request = struct.pack("<q", len(name)) + name + struct.pack("<qqq", 0, 0, 0)
    with open(path, "rb") as file:
        socket.send_fds(ours, [frame(request)], [file.fileno()])
    articles = 0
    with ours.makefile("rb", buffering=1 << 20) as frames:
        while True:
            head = frames.read(12)
            length, kind = struct.unpack("<Iq", head)
            body = frames.read(length - 8)
            if kind != 0:
                break
            articles += b'"headline":' in body
    ours.close()
    return processor(process), articles


def main():
    programs, path = os.path.abspath(sys.argv[1]), sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    times = {"in its own process": [], "worker, open": [], "worker, walled": []}
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/open.c", "w", encoding="utf-8") as source:
            source.write(OPEN_WALLS)
        shim = folder + "/open.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, source.name], check=True)
        for _ in range(rounds):
            one, articles = parsed(programs, path)
            two, others = worker(programs, path, preload=shim)
            three, same = worker(programs, path)
            if not articles == others == same:
                sys.exit(f"not the same articles: {articles}, {others}, {same}")
            for name, seconds in zip(times, (one, two, three)):
                times[name].append(seconds)
    base = times["in its own process"]
    for name, seconds in times.items():
        ratio = statistics.median(s / b for s, b in zip(seconds, base))
        print(f"{name}: {statistics.median(seconds):.2f} s of processor, {ratio:.3f} times")
    walls = statistics.median(
        w / o for w, o in zip(times["worker, walled"], times["worker, open"]))
    print(f"{articles} articles; the walls alone: {walls:.3f} times")


if __name__ == "__main__":
    main()
