#!/usr/bin/env python3
"""web-archive-to-articles.py PROGRAMS FILE.warc.gz [ROUNDS]: from a dropped web archive to stored,
searchable articles, against FastWARC and Resiliparse that only extract the text. See README.md."""

import os
import resource
import shutil
import statistics
import sys
import time

from trial import Trial


def peer(path):
    """Processor time in which FastWARC and Resiliparse read the main text of every HTML page."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import detect_encoding

        pages = characters = 0
        with open(path, "rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                if "html" not in (record.http_content_type or ""):
                    continue
                page = record.reader.read()
                text = page.decode(detect_encoding(page), errors="replace")
                characters += len(extract_plain_text(text, main_content=True))
                pages += 1
        usage = resource.getrusage(resource.RUSAGE_SELF)
        os.write(writer, f"{usage.ru_utime + usage.ru_stime} {pages} {characters}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    seconds, pages, characters = os.read(reader, 100).split()
    return float(seconds), int(pages), int(characters)


def ours(programs, path):
    """Processor time in which the daemon takes, reads, keeps and indexes it; and what it kept."""
    trial = Trial(programs)
    staged = trial.staging + "/" + os.path.basename(path)
    shutil.copyfile(path, staged)
    before, began = trial.processor(), time.monotonic()
    os.rename(staged, trial.inbox + "/" + os.path.basename(path))
    trial.call("sync", timeout=3_600_000)
    seconds, wall = trial.processor() - before, time.monotonic() - began
    status = trial.call("archive.status")
    memory = trial.peak_memory()
    trial.close()
    return seconds, wall, status["articles"], status["versions"], memory


def main():
    programs, path = os.path.abspath(sys.argv[1]), sys.argv[2]
    ratios = []
    for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 3):
        seconds, wall, articles, versions, memory = ours(programs, path)
        theirs, pages, _ = peer(path)
        ratios.append(theirs / seconds)
        print(f"archived: {seconds:.1f} s of processor, {wall:.1f} s, {articles} articles in "
              f"{versions} versions kept, peak {memory:.0f} MB; "
              f"FastWARC and Resiliparse: {theirs:.1f} s for the text of {pages} pages; "
              f"ratio {ratios[-1]:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}")


main()
