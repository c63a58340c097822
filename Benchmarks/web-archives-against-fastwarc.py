"""Web archives against FastWARC: processor time for every record, in turns, medians.

usage: web-archives-against-fastwarc.py MEASURE FILE... [--rounds N]

MEASURE is the program that `ARCHIVED_MEASURE=1 swift build -c release --product measure
-Xswiftc -enable-testing` builds; needs `pip install fastwarc`.

Two pairs are compared. Reading: records with their HTTP heads, every payload read. Opening: the same
with the block's stated digest verified and the payload hashed with SHA-256, which custody needs.
"""

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import time

PEER = "--peer"


def read(path):
    from fastwarc.warc import ArchiveIterator
    records = count = 0
    began = time.process_time()
    for record in ArchiveIterator(open(path, "rb"), parse_http=True):
        count += len(record.reader.read())
        records += 1
    return records, count, time.process_time() - began


def verify(path):
    from fastwarc.warc import ArchiveIterator
    records = count = 0
    began = time.process_time()
    for record in ArchiveIterator(open(path, "rb"), parse_http=False):
        record.verify_block_digest()
        record.parse_http()
        payload = record.reader.read()
        hashlib.sha256(payload).digest()
        count += len(payload)
        records += 1
    return records, count, time.process_time() - began


def peer(path):
    records, count, reading = read(path)
    _, _, opening = verify(path)
    print(json.dumps({"records": records, "payloadBytes": count,
                      "readSeconds": reading, "openSeconds": opening}))


def run(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def compare(measure, path, rounds):
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(run(measure, "web-archives", path))
        theirs.append(run(sys.executable, __file__, PEER, path))
    if ours[0]["records"] != theirs[0]["records"]:
        print(f"{path}: {ours[0]['records']} records here, {theirs[0]['records']} there")
    for what in ("read", "open"):
        key = what + "Seconds"
        ratio = statistics.median(t[key] / o[key] for o, t in zip(ours, theirs))
        here = statistics.median(o["records"] / o[key] for o in ours)
        there = statistics.median(t["records"] / t[key] for t in theirs)
        print(f"{path}: {what}: {here:,.0f} records a processor second, FastWARC {there:,.0f}: "
              f"x {ratio:.2f}")
    print(f"{path}: peak memory {max(o['peakMemoryMB'] for o in ours)} MB")


def main():
    if PEER in sys.argv:
        return peer(sys.argv[-1])
    parser = argparse.ArgumentParser()
    parser.add_argument("measure")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for path in options.files:
        compare(options.measure, path, options.rounds)


main()
