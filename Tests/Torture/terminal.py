"""Whether what archivectl prints can steer a terminal."""

import os
import pty
import re
import subprocess

# What our own marks are made of.
STYLE = re.compile(rb"\x1b\[[01]m")
# Controls, and what turns the direction of writing or hides text.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb]")


def on_terminal(command, environment):
    """What a command prints to a terminal of its own."""
    pid, master = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environment)
    output = b""
    while True:
        try:
            piece = os.read(master, 1 << 16)
        except OSError:  # EIO: the other end is closed
            break
        if not piece:
            break
        output += piece
    os.close(master)
    os.waitpid(pid, 0)
    return output.replace(b"\r\n", b"\n")


def to_pipe(command, environment):
    """What a command prints to a pipe, both outputs."""
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.stdout


def offence(output):
    """The first thing in an output that is not plain text; nil where there is none."""
    text = STYLE.sub(b"", output).decode("utf-8", "surrogateescape")
    found = FORBIDDEN.search(text) or re.search("[\udc80-\udcff]", text)
    if not found:
        return None
    return repr(text[max(0, found.start() - 30):found.end() + 10])


def ways(case_display, seen):
    """The verbs that show a file and what was read from it."""
    yield ["why", case_display]
    yield ["members", case_display]
    yield ["list-failed"]
    yield ["list-queue"]
    for article in seen.articles[:1]:
        yield ["show", article["id"]]
        yield ["show", article["id"], "--quotes"]
        yield ["cat", article["id"]]
        yield ["versions", article["id"]]
        yield ["why", article["id"]]
        yield ["search", article["headline"].split()[0] if article["headline"] else "the"]


def abused(daemon, case, seen):
    """A line for each way of looking at a case that lets something through."""
    environment = {"ARCHIVED_SOCKET": daemon.run + "/archived.sock", "TERM": "xterm",
                   "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    lines = []
    for words in ways(case.display, seen):
        command = [daemon.programs + "/archivectl", *words]
        for name, output in [
            ("a terminal", on_terminal(command, environment)),
            ("a pipe", to_pipe(command, environment)),
            ("a terminal as JSON", on_terminal([*command, "-o", "json"], environment)),
        ]:
            found = offence(output)
            if found:
                lines.append(f"archivectl {' '.join(words)[:60]!r} to {name}: {found}")
    return lines
