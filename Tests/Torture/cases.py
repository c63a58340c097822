"""Hostile files as a manifest describes them, and what a daemon made of each."""

import contextlib
import dataclasses
import json
import os
import tempfile

import made
import specials


@dataclasses.dataclass
class Case:
    """One hostile file: where it is, and the outcomes that are acceptable, best first."""

    name: str
    about: str
    expect: list  # [{"do": "salvage", "articles": 1, "reason": "corrupt"}, ...]
    checks: list
    megabytes: float
    seconds: float
    source: bytes = b""  # the path of the file; empty where it is no plain file
    path: bytes = b""  # the path to drop it at, relative to the inbox

    @property
    def display(self):
        """The path as the daemon writes it."""
        return display(self.path)


def display(path):
    """Bytes as the protocol has them: `\\xHH` where they are no UTF-8, a backslash doubled."""
    text = path.replace(b"\\", b"\\\\").decode("utf-8", "surrogateescape")
    return "".join(f"\\x{ord(c) - 0xDC00:02X}" if 0xDC80 <= ord(c) <= 0xDCFF else c for c in text)


@contextlib.contextmanager
def folder(options):
    """The folder of cases that was given, or one of the project's own for as long as it is used."""
    if options.given:
        yield options.given
        return
    with tempfile.TemporaryDirectory(prefix="made-") as folder:
        made.make(folder, options.seed)
        yield folder


def manifest(folder):
    """The cases of a folder, those of its manifest whose file is there or can be made in place."""
    with open(folder + "/manifest.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    cases = []
    for row in rows:
        path = bytes.fromhex(row["path_hex"]) if "path_hex" in row else row["path"].encode()
        source = os.fsencode(folder) + b"/files/" + path
        is_special = row["id"] in specials.MAKERS
        if not is_special and not os.path.isfile(source):
            print(f"skipped: {row['id']}: its file is not there")
            continue
        cases.append(Case(
            row["id"], row["desc"], row["expect"], row["checks"], row["rss_mb"],
            row["seconds"], b"" if is_special else source, path))
    return cases


@dataclasses.dataclass
class Seen:
    """What became of a file: what was done, why, and what was read."""

    do: str  # ingest, salvage, quarantine, ignore, wait, nothing
    reasons: list
    articles: list  # records
    evidence: list  # of each record
    count: int
    detail: str = ""

    def __str__(self):
        reasons = ",".join(self.reasons) or "-"
        return f"{self.do} {self.count} ({reasons})" + (f": {self.detail}" if self.detail else "")

    @property
    def text(self):
        return json.dumps(self.articles, ensure_ascii=False)


def look(daemon, path, since):
    """What the daemon tells of a path that was dropped after `since`."""
    try:
        row = daemon.call("inbox.explain", path=display(path))
    except Exception as error:  # Refused, or an answer that is none: both are findings
        return Seen("nothing", [], [], [], 0, str(error)[:200])
    reasons = [row["reason"]] if "reason" in row else []
    done = {"ignored": "ignore", "waiting": "wait"}.get(row["state"])
    if done:
        return Seen(done, reasons, [], [], 0, row.get("detail", ""))
    if row["state"] not in ("stored", "duplicate", "quarantined"):
        return Seen(row["state"], reasons, [], [], 0, row.get("detail", ""))
    digest = row["digest"]
    original = next((item for item in daemon.pages("originals.list", since=since)
                     if item["digest"] == digest), {})
    reasons += [original["reason"]] if "reason" in original else []
    members = daemon.call("originals.members", digest=digest, limit=1000)["items"]
    reasons += [member["reason"] for member in members if "reason" in member]
    if row["state"] == "duplicate":
        done = "ingest"
    else:
        done = {"partial": "salvage", "quarantined": "quarantine"}.get(
            original.get("state"), "ingest")
    names = original.get("articles", [])
    articles = [daemon.call("articles.get", id=name) for name in names[:20]]
    evidence = [daemon.call("articles.evidence", id=name) for name in names[:20]]
    detail = row.get("detail") or original.get("detail", "")
    return Seen(done, list(dict.fromkeys(reasons)), articles, evidence, len(names), detail)


def meets(seen, expectation):
    """Whether an outcome is the expected one."""
    if seen.do != expectation["do"]:
        return False
    if "articles" in expectation and seen.count != expectation["articles"]:
        return False
    return "reason" not in expectation or expectation["reason"] in seen.reasons


def argument(seen, case, megabytes):
    """Why an outcome that the manifest does not have is right all the same; None where it is not.

    Each is a rule of the archive, and none is about one file.
    """
    wanted = {do: {e.get("reason") for e in case.expect if e["do"] == do}
              for do in ("quarantine", "salvage", "ingest")}
    counts = {e.get("articles") for e in case.expect}
    told = set(seen.reasons)
    if seen.do == "ingest" and seen.count == 0:
        none = {"no-article", "empty", "unsupported"}
        if wanted["quarantine"] & none and told & none:
            return "sound bytes without a story are no failure: kept, with the reason"
    if seen.do == "wait" and told and told <= wanted["quarantine"]:
        return "what cannot be taken into custody stays where it is, with the same reason"
    if seen.do == "ingest" and seen.count in counts:
        if wanted["salvage"] and any(item["field"] == "document" for evidence in seen.evidence
                                     for item in evidence["items"]):
            return "the place of the damage is told as evidence of the article"
        if "expansion" in wanted["salvage"] and megabytes < 8:
            return "what would have expanded was left packed, because it is no page"
    if seen.do == "salvage" and seen.count in counts:
        if any(f"warn:{reason}" in case.checks for reason in told):
            return "the warning is the reason of a file that is kept in part"
        if "unsafe-path" in wanted["salvage"] and told == {"special"}:
            return "the link is refused, and what is named through it is read: nothing is written"
    return None


def warned(seen, subject):
    """Whether the daemon tells of an article that something about it is doubtful."""
    if subject in seen.reasons:
        return True
    if subject == "encoding":
        return any(e.get("malformedSequences") or e.get("overruledEncodings")
                   or e.get("encodingSource") in ("detected", "default") for e in seen.evidence)
    if subject == "date":
        return any("published" not in a for a in seen.articles) or any(
            i["field"] == "published" and i.get("confidence") in ("low", "rival")
            for e in seen.evidence for i in e["items"])
    return any(subject in i["rule"] or i["field"] == "document"
               for e in seen.evidence for i in e["items"])


def failed_checks(seen, case):
    """The checks on what was read that do not hold; those that need a process are elsewhere."""
    failed = []
    for check in case.checks:
        kind, _, what = check.partition(":")
        if kind == "text" and what not in seen.text:
            failed.append(check)
        if kind == "notext" and what in seen.text:
            failed.append(check)
        if kind == "nofile" and os.path.lexists(what):
            failed.append(check)
        if kind == "warn" and seen.count and not warned(seen, what):
            failed.append(check)
    return failed
