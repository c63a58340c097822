"""What stands in an inbox and is no plain file: made in place, each by its name."""

import os
import socket

import made


def _link(target, name):
    def make(inbox):
        os.symlink(target, inbox + b"/" + name)
    return make


def _pipe(inbox):
    os.mkfifo(inbox + b"/sp-fifo.txt")


def _socket(inbox):
    # Relative, because the path of a socket is bounded.
    here = os.open(".", os.O_RDONLY)
    os.chdir(inbox)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("sp-sock.txt")
    os.fchdir(here)
    os.close(here)


def _hard_link(inbox):
    outside = os.path.dirname(os.path.dirname(inbox)) + b"/still-writable"
    made.write(outside, made.story("hard"))
    os.link(outside, inbox + b"/sp-hard.txt")


def _make_directory(path):
    """A directory of whoever the inbox belongs to."""
    os.mkdir(path)
    owner = os.stat(os.path.dirname(path) or b".")
    os.chown(path, owner.st_uid, owner.st_gid)


def _directory(inbox):
    _make_directory(inbox + b"/sp-dirtxt.txt")
    made.write(inbox + b"/sp-dirtxt.txt/inner.txt", made.story("dirtxt"))
    return b"sp-dirtxt.txt/inner.txt"


def _deep(inbox):
    """1,200 directories: longer than a path may be, so each is made from within."""
    here = os.open(".", os.O_RDONLY)
    os.chdir(inbox)
    for number in range(1200):
        name = "sp-deep" if number == 0 else "deep"
        _make_directory(name.encode())
        os.chdir(name)
    made.write("bottom.txt", made.story("deep"))
    os.fchdir(here)
    os.close(here)
    return b"sp-deep" + b"/deep" * 64


def _closed(inbox):
    _make_directory(inbox + b"/sp-xdir")
    made.write(inbox + b"/sp-xdir/inner.txt", made.story("xdir"))
    os.chmod(inbox + b"/sp-xdir", 0)


MAKERS = {
    "sp-symdead": _link(b"/nowhere/at/all", b"sp-symdead.txt"),
    "sp-symloop": _link(b"sp-symloop.txt", b"sp-symloop.txt"),
    "sp-symdir": _link(b"/etc", b"sp-symdir"),
    "sp-symfile": _link(b"/etc/passwd", b"sp-symfile.txt"),
    "sp-fifo": _pipe,
    "sp-sock": _socket,
    "sp-hard": _hard_link,
    "sp-dirtxt": _directory,
    "sp-deep": _deep,
    "sp-xdir": _closed,
}
