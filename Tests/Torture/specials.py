"""What stands in an inbox and is no plain file: made in place, each by its name."""

import os
import socket
import stat

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


def _device(kind, name, major, minor):
    def make(inbox):
        if os.geteuid() == 0:
            os.mknod(inbox + b"/" + name, kind | 0o666, os.makedev(major, minor))
        else:
            _link("/dev/zero", name)(inbox)
    return make


def _unreadable(inbox):
    """Whose owner has not given it to anybody yet."""
    made.write(inbox + b"/sp-noperm.txt", made.story("noperm"))
    os.chmod(inbox + b"/sp-noperm.txt", 0)


def _foreign(inbox):
    """What may be read, and not be removed: the directory is another's."""
    os.mkdir(inbox + b"/sp-foreign")
    made.write(inbox + b"/sp-foreign/inner.txt", made.story("foreign"))
    return b"sp-foreign/inner.txt"


def _hole(name, size, head=b""):
    """Bytes that take no room, all zero."""
    def make(inbox):
        with open(inbox + b"/../hole", "wb") as file:
            file.write(head)
            file.truncate(size)
        os.rename(inbox + b"/../hole", inbox + b"/" + name)
    return make


def _programs(inbox):
    made.write(inbox + b"/sp-suid.txt", made.story("suid"))
    os.chmod(inbox + b"/sp-suid.txt", 0o6777)


def _many(inbox):
    _make_directory(inbox + b"/sp-many")
    for number in range(3_000):
        made.write(inbox + b"/sp-many/%d" % number, b"")
    made.write(inbox + b"/sp-many/last.txt", made.story("many"))
    return b"sp-many/last.txt"


def _odd_directory(inbox):
    name = b"sp-\x1b[2J\n\xff"
    _make_directory(inbox + b"/" + name)
    made.write(inbox + b"/" + name + b"/inner.txt", made.story("odddirectory"))
    return name + b"/inner.txt"


MAKERS = {
    "sp-zero": _device(stat.S_IFCHR, b"sp-zero.txt", 1, 5),
    "sp-disk": _device(stat.S_IFBLK, b"sp-disk.txt", 7, 99),
    "sp-noperm": _unreadable,
    "sp-foreign": _foreign,
    "sp-hole": _hole(b"sp-hole.txt", 1 << 40),
    "sp-sparse": _hole(b"sp-sparse.txt", 100 << 30),
    "html-huge": _hole(b"html-huge.html", 1 << 30, made.page("huge")),
    "sp-suid": _programs,
    "sp-many": _many,
    "sp-odd": _odd_directory,
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
