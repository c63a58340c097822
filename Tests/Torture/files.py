"""Files made up for dropping: pages and bundles with known markers, and ways to drop them."""

import array
import gzip
import hashlib
import io
import os
import socket
import json
import time
import zipfile

COMMON = "lanternfish"  # stands in every article, once


def page(marker, chance):
    """A page of text that is one article; `marker` is a word that no other holds."""
    filler = " ".join(["harbor council garden ferry school"] * chance.randrange(1, 120))
    return (f"The Harlow Courier\n\nCouncil Weighs the Future of {marker.title()} Bridge\n\n"
            "By Ada Quill | March 4, 2015 7:33am\n\n"
            f"HARLOW — The council met on Tuesday to talk about {marker} and {COMMON}. {filler}\n\n"
            f'"We will open {marker} again before the autumn," said Mayor Odile Park.\n').encode()


def html(marker, chance):
    filler = "<p>The ferry ran late again.</p>" * chance.randrange(1, 60)
    return (f"<!doctype html><html><head><title>Talk of {marker.title()}</title>"
            f'<link rel="canonical" href="https://harlow.example/2015/{marker}">'
            f"</head><body><article><h1>Talk of {marker.title()}</h1>"
            '<p class="byline">By Ada Quill</p><time datetime="2015-03-04T07:33:00Z">March 4'
            f"</time><p>The council met on Tuesday to talk about {marker} and {COMMON}.</p>"
            f"{filler}</article></body></html>").encode()


def bundle(pages):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(pages):
            archive.writestr(zipfile.ZipInfo(f"page-{number}.txt"), content)
    return buffer.getvalue()


def web_archive(pages):
    """A WARC.gz with one response a page."""
    parts = []
    for address, content in pages:
        body = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                b"Content-Length: %d\r\n\r\n" % len(content)) + content
        head = ("WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%s>\r\n"
                "WARC-Date: 2015-03-05T10:00:00Z\r\nWARC-Target-URI: %s\r\n"
                "Content-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n"
                % (hashlib.md5(content).hexdigest(), address, len(body))).encode()
        parts.append(gzip.compress(head + body + b"\r\n\r\n", mtime=0))
    return b"".join(parts)


# What gives no article: the first bytes, and what becomes of the file.
JUNK = {
    "bin": (b"\x00\xff\x03", "stored"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "quarantined"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "quarantined"),
    "gz": (b"\x1f\x8b\x08\x00", "quarantined"),
}


class File:
    """One file to be dropped: its bytes, and what must become of them."""

    def __init__(self, name, data, markers, fate="stored"):
        self.name = name
        self.data = data
        self.markers = markers
        self.fate = fate  # the state that the register must tell
        self.digest = hashlib.sha256(data).hexdigest()


def make(number, chance, largest=12):
    """The file of that number: a page, a bundle, or bytes that give no article."""
    kind = chance.choices(["text", "html", "zip", "warc", *JUNK], [16, 4, 8, 8, 1, 1, 1, 1])[0]
    if kind in JUNK:
        lead, fate = JUNK[kind]
        data = lead + b"%d " % number + chance.randbytes(chance.randrange(40, 4000))
        return File(f"f{number}.{kind}", data, [], fate)
    if kind in ("text", "html"):
        marker = f"mk{number}a"
        data = (page if kind == "text" else html)(marker, chance)
        return File(f"f{number}.{'txt' if kind == 'text' else 'html'}", data, [marker])
    markers = [f"mk{number}{chr(97 + n)}" for n in range(chance.randrange(2, largest))]
    if kind == "zip":
        return File(f"f{number}.zip", bundle(page(m, chance) for m in markers), markers)
    pages = [(f"https://harlow.example/2015/{m}", html(m, chance)) for m in markers]
    return File(f"f{number}.warc.gz", web_archive(pages), markers)


# Ways to drop a file. Each returns once the sender has made it durable: from then on it may not
# be lost.

def _write(path, data, pause=0.0):
    with open(path, "wb") as file:
        step = max(1, len(data) // 5) if pause else len(data)
        for start in range(0, len(data), step):
            file.write(data[start:start + step])
            file.flush()
            time.sleep(pause)
        os.fsync(file.fileno())


def sync_directory(path):
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def by_rename(file, staging, inbox, chance):
    _write(f"{staging}/{file.name}", file.data)
    os.rename(f"{staging}/{file.name}", f"{inbox}/{file.name}")


def by_write(file, staging, inbox, chance):
    _write(f"{inbox}/{file.name}", file.data)


def by_slow_write(file, staging, inbox, chance):
    _write(f"{inbox}/{file.name}", file.data, pause=chance.random() * 0.03)


def by_link(file, staging, inbox, chance):
    _write(f"{staging}/{file.name}", file.data)
    os.link(f"{staging}/{file.name}", f"{inbox}/{file.name}")
    os.unlink(f"{staging}/{file.name}")


WAYS = [by_rename, by_rename, by_write, by_slow_write, by_link]


def drop(file, staging, inbox, chance, way=None):
    (way or chance.choice(WAYS))(file, staging, inbox, chance)
    sync_directory(inbox)


def add(daemon, file, staging):
    """Hands a file over by its descriptor, as `archivectl add` does; durable when answered."""
    path = f"{staging}/add-{file.name}"
    _write(path, file.data)
    with open(path, "rb") as source, daemon.connect("admin.sock") as connection:
        line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "inbox.add",
                           "params": {"name": file.name}}).encode() + b"\n"
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [source.fileno()]))]
        connection.sendmsg([line], rights)
        answer = connection.makefile("rb").readline()
    os.unlink(path)
    return bool(answer) and "result" in json.loads(answer)
