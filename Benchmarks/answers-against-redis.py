#!/usr/bin/env python3
"""answers-against-redis.py PROGRAMS [ROUNDS]: the same load on archived and on Redis. See README.md."""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from trial import Trial, article

HERE = os.path.dirname(os.path.abspath(__file__))


def fill(trial, folder, count=1000):
    """Stores articles whose records have about 6,000 bytes; returns the file with their names."""
    os.makedirs(trial.staging + "/some")
    for number in range(count):
        with open(f"{trial.staging}/some/{number}.txt", "wb") as file:
            file.write(article(number, 3650))
    os.rename(trial.staging + "/some", trial.inbox + "/some")
    trial.call("sync", timeout=600_000)
    names, cursor = [], {}
    while len(names) < count:
        page = trial.call("articles.search", query="", limit=1000, **cursor)
        names += [item["id"] for item in page["items"]]
        if "nextCursor" not in page:
            break
        cursor = {"cursor": page["nextCursor"]}
    sizes = [len(json.dumps(trial.call("articles.get", id=name), separators=(",", ":")))
             for name in names]
    print(f"{len(names)} records of {statistics.mean(sizes):.0f} bytes")
    with open(folder + "/keys", "w") as file:
        file.write("\n".join(names))
    return names


def redis(folder, names):
    process = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", folder + "/redis.sock", "--save", ""],
        stdout=subprocess.DEVNULL)
    while not os.path.exists(folder + "/redis.sock"):
        time.sleep(0.01)
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(folder + "/redis.sock")
    for name in names:
        peer.sendall(f"*3\r\n$3\r\nSET\r\n$12\r\n{name}\r\n$6000\r\n{'x' * 6000}\r\n".encode())
        peer.recv(100)
    return process


def measure(trial, folder, kind, path, pid, clients, under_way):
    before = trial.processor(pid)
    out = subprocess.run(
        [folder + "/load", kind, path, folder + "/keys", str(clients), str(under_way), "1"],
        capture_output=True, text=True, check=True).stdout.split()
    done, seconds = int(out[0]), float(out[1])
    return done / seconds, (trial.processor(pid) - before) / done * 1e6, float(out[3])


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    folder = tempfile.mkdtemp(prefix="archived-bench-")
    subprocess.run(["cc", "-O2", "-o", folder + "/load", HERE + "/load.c"], check=True)
    trial = Trial(os.path.abspath(sys.argv[1]))
    peer = redis(folder, fill(trial, folder))
    sides = {"redis": (folder + "/redis.sock", peer.pid),
             "archived": (trial.home + "/run/archived.sock", trial.process.pid)}
    try:
        for clients in (1, 16, 64):
            for under_way in (1, 16):
                seen = {kind: [] for kind in sides}
                for _ in range(rounds):
                    for kind, (path, pid) in sides.items():
                        seen[kind].append(
                            measure(trial, folder, kind, path, pid, clients, under_way))
                (r_rate, r_cpu, r_99), (a_rate, a_cpu, a_99) = (
                    [statistics.median(column) for column in zip(*seen[kind])] for kind in sides)
                print(f"{clients:3} x {under_way:2}: redis {r_rate:8.0f}/s {r_cpu:5.2f} us "
                      f"p99 {r_99:6.0f} us | archived {a_rate:8.0f}/s {a_cpu:5.2f} us "
                      f"p99 {a_99:6.0f} us | rate x{a_rate / r_rate:.2f} processor "
                      f"x{a_cpu / r_cpu:.2f}", flush=True)
    finally:
        peer.terminate()
        trial.close()


main()
