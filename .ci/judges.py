"""What the checks of .ci/conformance share: running things, saying what holds, and the JSON Schema
validators.

Every judge is shown a broken document too: one that accepts everything would prove nothing.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import time

ENTRALINT = os.path.abspath(sys.argv[1])
PLACE = pathlib.Path(sys.argv[2]).absolute()
WORK = PLACE / "work"
NOW = ["--no-config", "--now", "2026-11-23"]
passed, failures = 0, []


def check(what, holds, detail=""):
    global passed
    if holds:
        passed += 1
        print(f"ok: {what}")
    else:
        failures.append(what)
        print(f"FAILED: {what}\n{str(detail)[:2000]}".rstrip())
    return holds


START = time.monotonic()


def title(text):
    print(f"\n-- {text} ({time.monotonic() - START:.0f} s)", flush=True)


def run(words, **more):
    return subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, timeout=600, **more)


def entralint(*words, exits=(0, 1), **more):
    done = run([ENTRALINT, *words], **more)
    if done.returncode not in exits:
        shown = done.stderr.decode(errors="replace")
        check(f"entralint {' '.join(words)}", False, f"exit code {done.returncode}\n{shown}")
    return done.stdout


def save(name, document):
    path = WORK / name
    path.write_text(json.dumps(document))
    return path


def load(path):
    # The byte order mark is Windows PowerShell's.
    return json.loads(pathlib.Path(path).read_bytes().decode("utf-8-sig"))


# ---- judges --------------------------------------------------------------------------------------


def check_jsonschema(schema, files):
    """None where the schema is no schema, else whether each file is valid."""
    tool = PLACE / "venv/bin/check-jsonschema"
    if run([tool, "--check-metaschema", schema]).returncode != 0:
        return None
    if not files:
        return []
    words = [tool, "--output-format", "json", "--schemafile", schema]
    done = run([*words, *files])
    said = json.loads(done.stdout)
    if said.get("parse_errors"):
        raise RuntimeError(f"check-jsonschema cannot read: {said['parse_errors']}")
    if (said["status"] == "ok") != (done.returncode == 0):
        raise RuntimeError(f"check-jsonschema: exit code {done.returncode}")
    bad = {os.path.abspath(error["filename"]) for error in said.get("errors", [])}
    return [os.path.abspath(file) not in bad for file in files]


def ajv(schema, files):
    done = run(["node", PLACE / "ajv.mjs", schema, *files])
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    return json.loads(done.stdout)


JUDGES = {"check-jsonschema": check_jsonschema, "ajv": ajv}


def judge(what, schema, good, bad):
    """Each judge accepts all of `good` and none of `bad`, which maps a name to a document."""
    good = [pathlib.Path(path) for path in good]
    broken = [save(f"broken-{number}.json", document) for number, document in enumerate(bad.values())]
    for name, tool in JUDGES.items():
        try:
            verdicts = tool(schema, [*good, *broken])
        except Exception as error:  # a judge that falls over has not judged
            check(f"{what}: {name}", False, error)
            continue
        if verdicts is None:
            check(f"{what}: {name}", False, "the schema is no schema")
            continue
        rejected = [str(path) for path, valid in zip(good, verdicts) if not valid]
        check(f"{what}: {name} accepts {len(good)}", good and not rejected, "\n".join(rejected))
        wrong = [name for name, valid in zip(bad, verdicts[len(good) :]) if valid]
        check(f"{what}: {name} rejects {len(bad)} broken ones", bad and not wrong, "\n".join(wrong))


def broken(document, **edits):
    """Copies of a document, each spoilt by one edit."""
    copies = {}
    for name, edit in edits.items():
        copies[name] = copy.deepcopy(document)
        edit(copies[name])
    return copies


def within(schema, pointer):
    """A schema for what `pointer` of another describes; the other is bundled with it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://example.com/{pointer.strip('/').replace('$defs/', '')}",
        "$ref": f"{schema['$id']}#{pointer}",
        "$defs": {"bundled": schema},
    }


def summary():
    """Says how it went; the exit code."""
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"\nconformance: {passed} passed, {len(failures)} failed")
    return 1 if failures else 0
