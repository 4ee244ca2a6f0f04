"""The formats for tools, each before a judge that others wrote: Microsoft's SARIF multitool and the
SARIF schema, xmllint and junitparser, GitLab's rules, Python's csv; and `convert` before `check`.
"""

import csv
import gzip
import io
import json
import os
import xml.etree.ElementTree

from judges import NOW, PLACE, WORK, broken, check, entralint, judge, run, save, title

FORMATS = ["concise", "json", "ndjson", "sarif", "github", "azure", "gitlab", "junit", "markdown", "csv"]
INPUTS = ["tenants", "hostile", "shapes", "encodings", "rules"]
MULTITOOL = PLACE / "node_modules/@microsoft/sarif-multitool-linux"

# What the multitool may say of us: there is no address of the tool yet.
KNOWN = {"SARIF2005"}

# GitLab documentation, "Code Quality", the table of the report's properties.
GITLAB = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]", "not": {"pattern": "^\\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def formats():
    title("formats for tools")
    reports = {}
    for number, name in enumerate(INPUTS):
        folder = WORK / f"formats-{number}"
        folder.mkdir()
        files = {kind: folder / f"report.{kind}" for kind in FORMATS}
        words = [f"--format={kind}={path}" for kind, path in files.items()]
        said = entralint("check", *NOW, "--persona", "audit", "-q", *words, f"fixtures/{name}")
        check(f"{name}: written, and quiet", said == b"" and all(path.exists() for path in files.values()))
        reports[name] = files
        for kind, path in files.items():
            again = entralint("convert", str(files["json"]), "--format", kind, exits=(0,))
            check(f"{name}: convert gives the same {kind}", again == path.read_bytes())
    sarif(reports)
    gitlab(reports)
    junit(reports)
    sheets(reports)


def of(reports, kind):
    return [files[kind] for files in reports.values()]


def findings(files):
    return json.loads(files["json"].read_text())["findings"]


# ---- SARIF ---------------------------------------------------------------------------------------


def multitool(path):
    """The ids of the rules that Microsoft's validator finds broken. Its exit code says nothing."""
    out = WORK / "validated.sarif"
    out.unlink(missing_ok=True)
    kinds = "Sarif;Ghas"
    words = [MULTITOOL / "Sarif.Multitool", "validate", path, "--rule-kind", kinds, "-o", out]
    # Debian's slim images have no ICU, which .NET wants by default.
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = run([*words, "--log", "ForceOverwrite", "--quiet", "true"], env=env)
    if not out.exists():
        raise RuntimeError(f"the multitool wrote nothing: {done.stdout!r} {done.stderr!r}")
    log = json.loads(out.read_text(encoding="utf-8-sig"))
    for notification in log["runs"][0].get("invocations", [{}])[0].get("toolExecutionNotifications", []):
        if notification.get("level") == "error":
            raise RuntimeError(notification)
    return {result["ruleId"] for result in log["runs"][0]["results"]}


def sarif(reports):
    logs = {name: json.loads(files["sarif"].read_text()) for name, files in reports.items()}
    largest = max(logs.values(), key=lambda log: len(log["runs"][0]["results"]))
    spoilt = broken(
        largest,
        version=lambda it: it.update(version="2.2"),
        level=lambda it: it["runs"][0]["results"][0].update(level="critical"),
        line=lambda it: it["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
        unknown=lambda it: it["runs"][0].update(extra=1),
    )
    judge("sarif", MULTITOOL / "sarif-2.1.0.json", of(reports, "sarif"), spoilt)
    for name, files in reports.items():
        said = multitool(files["sarif"])
        check(f"{name}: the multitool has nothing to say", said <= KNOWN, said - KNOWN)
    for what, edit in {
        "no location": lambda it: it["runs"][0]["results"][0].update(locations=[]),
        "no help": lambda it: it["runs"][0]["tool"]["driver"]["rules"][0].pop("help"),
        "line 0": lambda it: it["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
    }.items():
        path = save("spoilt.sarif", broken(largest, it=edit)["it"])
        check(f"the multitool sees: {what}", multitool(path) - KNOWN)
    # GitHub documentation, "SARIF support for code scanning" and its limits.
    for name, log in logs.items():
        [one] = log["runs"]
        results, rules = one["results"], one["tool"]["driver"]["rules"]
        shown = [finding for finding in findings(reports[name]) if not finding["suppression"]]
        check(f"{name}: a result for each finding ({len(shown)})", len(results) == len(shown))
        prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
        check(f"{name}: a fingerprint for each", len(set(prints)) == len(prints))
        wrong = [result for result in results if rules[result["ruleIndex"]]["id"] != result["ruleId"]]
        check(f"{name}: rule indices fit", not wrong, wrong[:1])
        levels = [["error", "warning", "note"].index(result["level"]) for result in results]
        check(f"{name}: most severe first", levels == sorted(levels))
        size = len(gzip.compress(reports[name]["sarif"].read_bytes()))
        check(f"{name}: {size} bytes compressed, GitHub takes 10 MB", size < 10_000_000)
    rules = largest["runs"][0]["tool"]["driver"]["rules"]
    scores = [float(rule["properties"].get("security-severity", "1")) for rule in rules]
    check("security severities are numbers that GitHub knows", all(0 < score <= 10 for score in scores))


# ---- the others ----------------------------------------------------------------------------------


def gitlab(reports):
    schema = save("gitlab.schema.json", GITLAB)
    largest = max((json.loads(path.read_text()) for path in of(reports, "gitlab")), key=len)
    spoilt = broken(
        largest,
        path=lambda it: it[0]["location"].update(path="./a.json"),
        severity=lambda it: it[0].update(severity="error"),
        line=lambda it: it[0]["location"].pop("lines"),
    )
    judge("gitlab", schema, of(reports, "gitlab"), spoilt)
    for name, files in reports.items():
        prints = [issue["fingerprint"] for issue in json.loads(files["gitlab"].read_text())]
        check(f"{name}: GitLab folds no two issues", len(set(prints)) == len(prints))
        check(f"{name}: no byte order mark", files["gitlab"].read_bytes()[:1] == b"[")


def xmllint(path):
    return run(["xmllint", "--noout", "--nonet", "--schema", ".ci/junit.xsd", path])


def junit(reports):
    for name, files in reports.items():
        done = xmllint(files["junit"])
        check(f"{name}: xmllint accepts the JUnit report", done.returncode == 0, done.stderr.decode())
        tree = xml.etree.ElementTree.parse(files["junit"])
        cases = list(tree.iter("testcase"))
        shown = findings(files)
        check(f"{name}: a test case for each finding", len(cases) == max(len(shown), 1))
        failed = len([finding for finding in shown if finding["severity"] != "info"])
        script = (
            "import sys, junitparser; it = junitparser.JUnitXml.fromfile(sys.argv[1]);"
            "it.update_statistics(); print(it.tests, it.failures, it.errors)"
        )
        read = run([PLACE / "venv/bin/python", "-c", script, files["junit"]])
        wanted = f"{len(cases)} {failed} 0"
        check(f"{name}: junitparser counts {wanted}", read.stdout.decode().strip() == wanted, read)
    text = max(of(reports, "junit"), key=lambda path: path.stat().st_size).read_text()
    for what, spoilt in {
        "a control character": text.replace("<failure", "\x01<failure", 1),
        "an unknown element": text.replace("<testcase", "<case/><testcase", 1),
        "a missing name": text.replace('<testsuite name="', '<testsuite title="', 1),
    }.items():
        path = WORK / "spoilt.xml"
        path.write_text(spoilt)
        check(f"xmllint sees: {what}", xmllint(path).returncode != 0)


def sheets(reports):
    for name, files in reports.items():
        text = files["csv"].read_bytes().decode()
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        shown = findings(files)
        check(f"{name}: a row for each finding", len(rows) == len(shown) + 1)
        check(f"{name}: rows of one length", len({len(row) for row in rows}) == 1)
        formulas = [cell for row in rows for cell in row if cell.lstrip()[:1] in set("=+-@\t\r")]
        check(f"{name}: no formula", not any(formulas), formulas[:3])
        check(f"{name}: lines end as RFC 4180 has it", text.count("\n") == text.count("\r\n") == len(rows))
        markdown = files["markdown"].read_text()
        check(f"{name}: a comment has room for it", len(markdown) <= 65_536)
