"""entralint beside others on the same files: an array of applications, a folder, one manifest."""

import json
import shlex

from measure import Contender, compete, number, ratio
from place import HERE, PLACE, Refusal

SCHEMA = HERE / "schemas/input/application.schema.json"
TWINS = "0b07f429-9f4b-4714-9392-cc5e8e80c8b0"
RULES = HERE / "benches/peers/rules.rego"
MANIFEST = HERE / "fixtures/tenants/procedure/app.json"

WHAT = {
    "IgnoredAny": "serde_json, nothing built: what JSON costs on one core",
    "Value": "serde_json, a tree built",
    "jq": "`jq empty`",
    "rg": "`rg -c`: searches, understands nothing",
    "ajv": "one schema",
    "check-jsonschema": "one schema",
    "jsonschema-cli": "one schema",
    "regorus": "five rules in Rego",
}


def names(chosen):
    unknown = [name for name in chosen if name not in WHAT]
    if unknown:
        raise Refusal(f"no such peer: {', '.join(unknown)}; there are {', '.join(WHAT)}")
    return [name for name in WHAT if not chosen or name in chosen]


def array_schema():
    """The schema of an application, for a list of them."""
    one = json.loads(SCHEMA.read_text())
    path = PLACE / "applications.schema.json"
    path.write_text(json.dumps({**one, "$id": "urn:entralint:peers", "type": "array", "properties": {}, "items": one}))
    return path


def others(tools, peers, path, schema):
    """Contenders for one file."""
    words = {
        "IgnoredAny": ["--ignored-any", path],
        "Value": ["--value", path],
        "jq": ["empty", path],
        "rg": ["-c", TWINS, path],
        "ajv": ["validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats", "-s", schema, "-d", path],
        "check-jsonschema": ["--schemafile", schema, path],
        "jsonschema-cli": ["validate", schema, "-i", path],
        "regorus": ["eval", "-d", RULES, "-i", path, "data.applications.findings"],
    }
    # 1: something is not valid, or was not found.
    return [Contender(peer, [tools.of[peer], *words[peer]], (0, 1), WHAT[peer]) for peer in peers]


def others_in_folder(tools, peers, path, schema):
    """Contenders for a folder; those that take one file alone are none."""
    find = f"find {shlex.quote(str(path))} -name '*.json'"
    quoted = {peer: shlex.quote(str(tools.of[peer])) for peer in peers}
    schema = shlex.quote(str(schema))
    words = {
        "jq": lambda it: f"{find} -exec {it} empty {{}} +",
        "rg": lambda it: f"{it} -c --no-ignore {TWINS} {shlex.quote(str(path))}",
        "ajv": lambda it: f"{it} validate --spec=draft2020 --strict=false -c ajv-formats -s {schema} -d {shlex.quote(str(path) + '/**/*.json')}",
        "check-jsonschema": lambda it: f"{find} -exec {it} --schemafile {schema} {{}} +",
        "jsonschema-cli": lambda it: f"{find} -printf '--instance=%p\\n' | xargs {it} validate {schema}",
    }
    # 123: xargs of a program that ended with 1.
    return [
        Contender(peer, ["sh", "-c", words[peer](quoted[peer])], (0, 1, 123), WHAT[peer]) for peer in peers if peer in words
    ]


def field(tools, said, title, path, contenders):
    ours = Contender("entralint", tools.check(path, "--format", "concise"), (0, 1), "every rule, places, one run")
    everybody = [ours, *contenders]
    compete(everybody, said.rounds, said.timeout)
    if ours.trouble:
        raise Refusal(f"entralint: {ours.trouble} on {path}")
    lines = [f"### {title}", "", "| | version | does | median s | times entralint | peak MiB |", "|---|---|---|---:|---:|---:|"]
    for one in everybody:
        row = [one.name, tools.versions[one.name], one.sentence]
        if one.trouble:
            row += [one.trouble, "", number(one.peak)]
        else:
            row += [number(one.median()), number(ratio(one, ours)), number(one.peak)]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def tables(tools, said, peers):
    count = max(10, round(100_000 * said.scale))
    files = max(10, round(20_000 * said.scale))
    array = tools.make("apps-array", count, PLACE / f"apps-{count}.json")
    tree = tools.make("apps-tree", files, PLACE / f"tree-{files}")
    size = array.stat().st_size / 1e6
    of_array = others(tools, peers, array, array_schema())
    yield field(tools, said, f"{count:,} applications, {size:,.0f} MB", array, of_array)
    yield field(tools, said, f"A folder of {files:,} applications", tree, others_in_folder(tools, peers, tree, SCHEMA))
    yield field(tools, said, "One manifest: what starting costs", MANIFEST, others(tools, peers, MANIFEST, SCHEMA))
