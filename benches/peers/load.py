"""Inputs of a size that nobody should have: time, memory, exit code, and whether it can be stopped."""

import json
import os
import pathlib
import signal
import subprocess
import time
from typing import NamedTuple

from measure import Contender, number
from place import PLACE, Refusal, remove


class Case(NamedTuple):
    help: str
    # Of the tools, the scale and the folder it may write in; what to lint, and what it is.
    make: object


def applications(tools, scale, folder):
    count = max(10, round(1_000_000 * scale))
    return tools.make("apps-array", count, folder / "apps.json"), f"{count:,} applications"


def assignments(tools, scale, folder):
    count = max(10, round(5_000_000 * scale))
    return tools.make("role-assignments", count, folder / "role-assignments.json"), f"{count:,} role assignments"


def record(tools, scale, folder):
    """An application with tags until the file is as long as wanted."""
    size = max(10_000, round(200_000_000 * scale))
    one = json.loads(tools.make("apps-ndjson", 1, folder / "one.ndjson").read_text())
    one["tags"] = []
    head, tail = json.dumps(one).split('"tags": []')
    path = folder / "record.json"
    with path.open("w") as file:
        left = size - file.write(f'{head}"tags": ["first"') - len(tail)
        at = 0
        while left > 0:
            left -= file.write(f', "tag-{at:012}"')
            at += 1
        file.write("]" + tail)
    remove(folder / "one.ndjson")
    return path, "one application"


def files(tools, scale, folder):
    count = max(10, round(200_000 * scale))
    return tools.make("apps-tree", count, folder / "tree"), f"{count:,} files"


def depth(tools, scale, folder):
    """One application at each level, so that none goes missing unseen."""
    levels = 300
    lines = tools.make("apps-ndjson", levels, folder / "apps.ndjson").read_text().splitlines()
    top = at = folder / "deep"
    for line in lines:
        at = at / "level"
        at.mkdir(parents=True)
        (at / "app.json").write_text(line)
    remove(folder / "apps.ndjson")
    return top, f"a file in each of {levels} folders, one in the other"


CASES = {
    "applications": Case("1,000,000 applications in an array, 4.5 GB", applications),
    "assignments": Case("5,000,000 role assignments, 6 GB", assignments),
    "record": Case("one application of 200 MB", record),
    "files": Case("200,000 files", files),
    "depth": Case("a tree of 300 folders, one in the other, whatever the scale", depth),
}

# The parts of a run's time after which it is stopped: while it reads, and near its end.
STOPS = (0.5, 0.8)


def table(tools, said):
    lines = [
        "### Under load",
        "",
        "One run each, `--format json=report.json`. Stopped: another run gets SIGINT after half and after four fifths "
        "of that time; how soon it has gone, and whether the report of before, or the whole new one, is there and nothing beside it.",
        "",
        "| | MB | s | MB/s | peak MiB | exit code | objects | stopped |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for name in said.cases:
        lines.append(f"| {' | '.join(row(tools, said, name))} |")
    return "\n".join(lines)


def row(tools, said, name):
    folder = PLACE / f"load-{name}"
    remove(folder)
    folder.mkdir(parents=True)
    try:
        path, what = CASES[name].make(tools, said.scale, folder)
        out = folder / "out"
        out.mkdir()
        report = out / "report.json"
        words = tools.check(path, "-q", "--format", f"json={report}")
        one = Contender(name, words, (0, 1))
        if one.memory(said.timeout) is None:
            raise Refusal(f"{what}: {one.trouble}")
        seconds = one.once(words, said.timeout)
        if seconds is None:
            raise Refusal(f"{what}: {one.trouble}")
        objects = sum(told(report)["objects"].values())
        if objects == 0:
            raise Refusal(f"{what}: nothing in it was understood")
        size = bytes_of(path) / 1e6
        stopped = [stop(words, out, seconds * part) for part in STOPS]
        cells = [number(size), number(seconds), number(size / seconds), number(one.peak), str(one.code)]
        return [what, *cells, f"{objects:,}", "; ".join(stopped)]
    finally:
        if not said.keep:
            remove(folder)


def told(report):
    """The summary of a report."""
    return json.loads(report.read_bytes())["summary"]


def bytes_of(path):
    if path.is_file():
        return path.stat().st_size
    return sum(pathlib.Path(folder, name).stat().st_size for folder, _, names in os.walk(path) for name in names)


def is_whole(report):
    """Whether a run came as far as to put its report in the place of the one before."""
    try:
        return "summary" in json.loads(report.read_bytes())
    except ValueError:
        return False


def stop(words, out, after):
    """What SIGINT after so many seconds does: how it ended, how soon, and what it left."""
    report = out / "report.json"
    report.write_text("")  # as one of a run before
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    child.send_signal(signal.SIGINT)
    began = time.perf_counter()
    code = child.wait()
    took = time.perf_counter() - began
    if code >= 0:
        return "ended before that"
    left = sorted(path.name for path in out.iterdir())
    clean = left == ["report.json"] and (report.read_text() == "" or is_whole(report))
    # What a shell makes of the signal.
    ending = f"{128 - code} in {took * 1000:.0f} ms"
    return ending if clean else f"{ending}, LEFT BEHIND: {', '.join(left)}"
