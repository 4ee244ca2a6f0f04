"""docs/scale.md, as it stands there: its blocks run on a small portfolio with GNU parallel, DuckDB
and Spark, and what they count is what single runs add up to.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import portfolio
from judges import ENTRALINT, PLACE, WORK, check, run, title

PAGE = pathlib.Path("docs/scale.md")
START = os.getcwd()
DAY, WEEK_BEFORE = "2026-11-23", "2026-11-16"
HOME = WORK / "portfolio"
# Stands in ten-mistakes, and here in several tenants.
SHARED = "13bf9daa-4d09-49c2-9d34-cf564ae21cd6"
CHANGED, GONE, EMPTY, CUT = "customer-20", "customer-21", "customer-22", "customer-23"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def environment(day):
    """Where the page's commands run: `date` knows one day, and Spark stays on this machine."""
    tools = HOME / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "date").write_text(f"#!/bin/sh\necho {day}\n")
    (tools / "date").chmod(0o755)
    path = [str(tools), os.path.dirname(ENTRALINT), str(PLACE / "venv/bin"), os.environ["PATH"]]
    spark = "--master local[2] --conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1"
    return {
        **os.environ,
        "PATH": os.pathsep.join(path),
        "HOME": str(HOME),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": f"{spark} pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(HOME / "spark"),
    }


def shell(text, day=DAY):
    return run(["bash", "-c", text], cwd=HOME, env=environment(day))


def alone(tenant, day, *words):
    """The lines and the exit code of a run for one tenant."""
    words = ["check", f"tenants/{tenant}", "--now", day, "--fail-on", "never", "--format", "ndjson", *words]
    done = run([ENTRALINT, *words], cwd=HOME, env=environment(day))
    return done.stdout, done.returncode


def findings(lines):
    found = [json.loads(line) for line in lines.splitlines()]
    return [finding for finding in found if "rule" in finding]


def counted(findings_of):
    return collections.Counter(
        (tenant, finding["rule"]) for tenant, all_of in findings_of.items() for finding in all_of
    )


def rules(findings_of):
    return collections.Counter(finding["rule"] for all_of in findings_of.values() for finding in all_of)


def scale():
    title("docs/scale.md: many tenants")
    HOME.mkdir()
    made = portfolio.make(HOME / "tenants", {SHARED})
    # The mistakes of one tenant are of this week.
    replace(CHANGED, "contoso-clean")
    bash, sql, python = blocks("bash"), blocks("sql"), blocks("python")
    counts = (len(bash), len(sql), len(python))
    if not check("the page has its blocks", counts == (3, 6, 2), counts):
        return
    done = shell(bash[0], WEEK_BEFORE)
    check("parallel: 0 where all is well", done.returncode == 0, done.stderr)
    replace(CHANGED, made[CHANGED])
    spoil()
    before = {tenant: findings((HOME / f"findings/{WEEK_BEFORE}/{tenant}.ndjson").read_bytes()) for tenant in made}
    single = with_parallel(bash[0], made)
    with_duckdb(sql, single, before)
    with_spark(bash[1:], python, single, made)


def replace(tenant, fixture):
    folder = HOME / "tenants" / tenant
    shutil.rmtree(folder)
    portfolio.write(portfolio.FIXTURES / fixture, folder, portfolio.Renamer(tenant, portfolio.published(), {SHARED}))


def spoil():
    """A tenant whose folder cannot be read, one without a file, one with half of one."""
    tenants = HOME / "tenants"
    (tenants / GONE).symlink_to("nowhere")
    (tenants / EMPTY).mkdir()
    whole = (portfolio.FIXTURES / "contoso-clean/applications.json").read_bytes()
    (tenants / CUT).mkdir()
    (tenants / CUT / "applications.json").write_bytes(whole[: len(whole) // 2])


def with_parallel(block, made):
    tenants = sorted([*made, GONE, EMPTY, CUT])
    lines, exits = {}, {}
    for tenant in tenants:
        lines[tenant], exits[tenant] = alone(tenant, DAY)
    bad = {tenant: code for tenant, code in exits.items() if code != 0}
    check("alone: 2 for what cannot be read, 3 for nothing, 0 for the others", bad == {GONE: 2, EMPTY: 3}, bad)
    done = shell(block)
    check("parallel: ends with the number of those that failed", done.returncode == len(bad), done)
    written = {path.stem: path.read_bytes() for path in (HOME / "findings" / DAY).iterdir()}
    check(f"parallel: the bytes of {len(tenants)} single runs", written == lines, sorted(written))
    single = {tenant: findings(text) for tenant, text in lines.items()}
    check("there is something to count", sum(rules(single).values()) > 100, rules(single))
    for tenant, rule in [(GONE, "unreadable-input"), (CUT, "invalid-json")]:
        check(f"{tenant}: {rule} is among its findings", counted(single)[tenant, rule] > 0)
    fixtures = {}
    for tenant, fixture in made.items():
        fixtures.setdefault(fixture, set()).add(tuple(sorted(rules({tenant: single[tenant]}).items())))
    alike = all(len(each) == 1 for each in fixtures.values())
    check("tenants of one fixture differ in their ids alone", alike, fixtures)
    return single


def with_duckdb(sql, single, before):
    import duckdb

    os.chdir(HOME)
    try:
        connection = duckdb.connect()
        connection.execute(sql[0])
        asked = [connection.execute(part).fetchall() for block in sql[1:] for part in block.split(";") if part.strip()]
    finally:
        os.chdir(START)
    top, expired, new, shared, failed, unread = asked
    tenants_with = collections.Counter(rule for _, rule in counted(single))
    wanted = {(rule, tenants_with[rule], count) for rule, count in rules(single).items()}
    check("DuckDB: rules, tenants and findings add up", set(top) == wanted and len(top) == len(wanted), top)
    wanted = sorted(
        (finding["facts"]["daysPastExpiry"], tenant, finding["subject"]["appId"])
        for tenant, all_of in single.items()
        for finding in all_of
        if finding["rule"] == "secret-expired"
    )
    check("DuckDB: expired secrets", sorted((row[3], row[0], row[2]) for row in expired) == wanted and wanted, expired)
    known = {(tenant, finding["fingerprint"]) for tenant, all_of in before.items() for finding in all_of}
    wanted = sorted(
        (tenant, finding["severity"], finding["rule"], finding["message"])
        for tenant, all_of in single.items()
        for finding in all_of
        if (tenant, finding["fingerprint"]) not in known
    )
    check("DuckDB: new since last week", new == wanted, new)
    whose = {row[0] for row in new}
    check("DuckDB: and that is this week's tenant, but not the old ones", {CHANGED, CUT} <= whose < set(single), whose)
    holders = collections.defaultdict(set)
    for tenant, all_of in single.items():
        for finding in all_of:
            if finding["subject"] and finding["subject"].get("appId"):
                holders[finding["subject"]["appId"]].add(tenant)
    wanted = {app: len(tenants) for app, tenants in holders.items() if len(tenants) > 1}
    check("DuckDB: applications of several tenants", {row[0]: row[2] for row in shared} == wanted and SHARED in wanted, shared)
    exits = {re.search(r"tenants/(\S+)", row[1])[1]: row[0] for row in failed}
    check("DuckDB: which runs failed", exits == {GONE: 2, EMPTY: 3}, failed)
    check("DuckDB: what could not be read", {(row[0], row[1]) for row in unread} == {(GONE, "unreadable-input"), (CUT, "invalid-json")}, unread)


def spark(block):
    """Runs a block; what it found, by tenant and rule, or else what it said."""
    tail = "\nimport json; print('FOUND', json.dumps([list(row) for row in findings.select('tenant', 'rule').collect()]))\n"
    done = subprocess.run(
        [sys.executable, "-"],
        input=(block + tail).encode(),
        capture_output=True,
        cwd=HOME,
        env=environment(DAY),
        timeout=600,
    )
    found = [line.removeprefix("FOUND ") for line in done.stdout.decode().splitlines() if line.startswith("FOUND ")]
    if done.returncode != 0 or len(found) != 1:
        return None, done.stderr.decode(errors="replace")
    return collections.Counter(tuple(row) for row in json.loads(found[0])), done.stdout.decode()


def with_spark(workers, python, single, made):
    files, table = python
    for worker in workers:
        done = shell(worker)
        check("the worker is written", done.returncode == 0, done.stderr)
    found, said = spark(files)
    check("Spark: a tenant that cannot be read fails the job", found is None and "exited with error code 2" in said, said[-2000:])
    worker = HOME / "worker"
    text = worker.read_text()
    worker.write_text(text.replace("exit 2", "true"))
    found, said = spark(files)
    check("Spark: and with `true` the others are there", found == counted(single), said[-2000:])
    worker.write_text(text)
    (HOME / "tenants" / GONE).unlink()
    del single[GONE]
    found, said = spark(files)
    check("Spark: counts what single runs add up to", found == counted(single), said[-2000:])
    shown = {row[1].strip(): int(row[2]) for row in (line.split("|") for line in said.splitlines()) if len(row) == 4 and row[2].strip().isdigit()}
    check("Spark: and shows it", shown == dict(rules(single)), said)

    # From a table come no configurations and no folder without files, and half a file is one line.
    # On a line a manifest is one of a list: a profile leaves alone what shows no intent.
    del single[EMPTY], single[CUT]
    single = {tenant: findings(alone(tenant, DAY, "--no-config")[0]) for tenant in single}
    found, said = spark(table)
    cut = {key: found.pop(key) for key in list(found or []) if key[0] == CUT}
    check("Spark, documents on lines: half a document is seen", (CUT, "invalid-json") in cut, cut)
    wanted = counted(single)
    listed = {tenant for tenant in single if made[tenant] != "first-steps"}

    def pages(counts):
        return {key: count for key, count in (counts or {}).items() if key[0] in listed}

    check("Spark, documents on lines: the same", pages(found) == pages(wanted) != {}, said[-2000:])
    check("Spark, documents on lines: nothing else of manifests", found is not None and found <= wanted, found)
