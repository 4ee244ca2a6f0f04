"""The hooks and the action, as those who use them meet them: pre-commit on a repository of its own,
the action's script in an environment like a runner's, and the recipes of docs/ci.md shown to the
schemas of the systems they are for.
"""

import os
import pathlib
import shutil

FIXTURES = pathlib.Path("fixtures/tenants")
ACTION = pathlib.Path("action.yml")
RECIPES = pathlib.Path("docs/ci.md")


def parts(ci):
    """The checks, for the counters and helpers of the script that runs them."""
    import yaml  # came with pre-commit

    tools = ci.PLACE / "venv/bin"
    home = ci.WORK / "hooks"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(tools), os.path.dirname(ci.ENTRALINT), os.environ["PATH"]]),
        "PRE_COMMIT_HOME": str(ci.PLACE / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_COLOR": "never",
        # A build as pre-commit does it, but for its optimizations, and kept for the next run.
        "CARGO_TARGET_DIR": str(ci.PLACE / "hook-build"),
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
        "CARGO_PROFILE_RELEASE_LTO": "off",
        "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "256",
    }
    for who in ["AUTHOR", "COMMITTER"]:
        environment |= {f"GIT_{who}_NAME": "Contoso", f"GIT_{who}_EMAIL": "dev@contoso.com"}
    for name in [name for name in environment if name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")]:
        del environment[name]

    def git(folder, *words):
        done = ci.run(["git", "-c", "init.defaultBranch=main", *words], cwd=folder, env=environment)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def need(what, answer):
        code, said = answer
        if code != 0:
            raise RuntimeError(f"{what}: {said}")
        return said

    def tool():
        """This project as a repository of hooks, with what is not committed yet and no lock file."""
        folder = home / "entralint"
        names = need("git ls-files", git(".", "ls-files", "-z", "-co", "--exclude-standard"))
        for name in filter(None, names.split("\0")):
            keep = not name.startswith((".ci/", "fixtures/", "tests/")) and name != "Cargo.lock"
            if keep and os.path.isfile(name):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(name, folder / name)
        need("git init", git(folder, "init", "-q"))
        need("git add", git(folder, "add", "-A"))
        need("git commit", git(folder, "commit", "-q", "-m", "the hooks"))
        return folder, need("git rev-parse", git(folder, "rev-parse", "HEAD")).strip()

    def project(name, repository, revision, hook):
        folder = home / name
        folder.mkdir(parents=True)
        entry = {"repo": str(repository), "rev": revision, "hooks": [hook]}
        (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [entry]}))
        (folder / "entralint.toml").write_text('exclude = ["archive/**"]\n')
        need("git init", git(folder, "init", "-q"))
        need("pre-commit install", git(folder, "-c", "alias.pc=!pre-commit", "pc", "install"))
        return folder

    def commit(folder, files):
        for name, source in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source if isinstance(source, bytes) else pathlib.Path(source).read_bytes())
        need("git add", git(folder, "add", "-A"))
        return git(folder, "commit", "-m", "a change")

    good = {"apps/twins.json": FIXTURES / "procedure/app.json"}
    bad = {"apps/factory.json": FIXTURES / "first-steps/factory-twins.json"}

    def passes(what, answer):
        ci.check(f"{what}: the commit is made", answer[0] == 0, answer[1])

    def blocked(what, answer):
        code, said = answer
        readable = "error[adt-permission-missing]" in said and "apps/factory.json" in said
        ci.check(f"{what}: the commit is refused, and it is said why", code != 0 and readable, said)

    def hooks():
        ci.title("pre-commit")
        listed = yaml.safe_load(pathlib.Path(".pre-commit-hooks.yaml").read_text())
        ids = [hook["id"] for hook in listed]
        ci.check("the hooks", ids == ["entralint", "entralint-all", "entralint-system"], ids)
        manifest = ci.run([tools / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml"])
        ci.check("pre-commit takes .pre-commit-hooks.yaml", manifest.returncode == 0, manifest.stdout)
        repository, revision = tool()

        folder = project("system", repository, revision, {"id": "entralint-system"})
        passes("a good registration", commit(folder, good))
        blocked("a bad one", commit(folder, bad))
        need("git reset", git(folder, "rm", "-q", "-r", "-f", *bad))
        passes("other tools' JSON alone", commit(folder, {"package.json": b'{"name": "shop"}\n'}))
        passes("what is excluded", commit(folder, {"archive/old.json": next(iter(bad.values()))}))
        passes("a file that looks like an option", commit(folder, {"--config=x.json": next(iter(good.values()))}))

        # The real build, once: both hooks share it.
        folder = project("rust", repository, revision, {"id": "entralint"})
        passes("built without a lock file, a good registration", commit(folder, good))
        blocked("built without a lock file, a bad one", commit(folder, bad))
        need("git add", git(folder, "commit", "-q", "--no-verify", "-m", "past the hook"))
        passes("what was not changed is not judged", commit(folder, {"apps/other.json": good["apps/twins.json"]}))
        folder = project("all", repository, revision, {"id": "entralint-all"})
        passes("the whole repository, good", commit(folder, good))
        blocked("the whole repository, bad", commit(folder, bad))

    def action():
        ci.title("action.yml and the recipes")
        # The schema of Azure Pipelines holds patterns that are none with the flag u.
        check = [tools / "check-jsonschema", "--regex-variant", "nonunicode", "--builtin-schema"]
        done = ci.run([*check, "vendor.github-actions", ACTION])
        ci.check("check-jsonschema takes action.yml", done.returncode == 0, done.stdout)
        steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
        loose = [step["name"] for step in steps if "${{" in step["run"]]
        ci.check("no input is a part of a script", not loose, loose)
        zizmor = [tools / "zizmor", "--offline", "--no-config", "--persona=pedantic", "--no-progress"]
        done = ci.run([*zizmor, ACTION])
        ci.check("zizmor finds nothing in action.yml", done.returncode == 0, done.stdout + done.stderr)
        spoilt = ci.WORK / "spoilt" / "action.yml"
        spoilt.parent.mkdir()
        spoilt.write_text(ACTION.read_text().replace('"$GITHUB_ACTION_PATH"', "${{ inputs.paths }}"))
        done = ci.run([*zizmor, spoilt])
        ci.check("zizmor sees an input in a script", done.returncode != 0, done.stdout)

        script = next(step["run"] for step in steps if step.get("id") == "lint")
        for name, paths, want in [
            ("good", "fixtures/tenants/procedure", 0),
            ("bad", "fixtures/tenants/first-steps\r\n\nfixtures/tenants/procedure\n", 1),
            ("nothing", "docs", 3),
            ("hostile", "$(touch pwned)`touch pwned`; touch pwned\n--version", 2),
        ]:
            place = ci.WORK / f"runner-{name}"
            place.mkdir()
            files = {key: str(place / key.lower()) for key in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"]}
            given = {"PATHS": paths, "CONFIG": "", "PROFILE": "", "PERSONA": "regular", "FAIL_ON": ""}
            given |= {"ARGUMENTS": "--no-config\n--now\n2026-11-23", "SARIF": str(place / "out.sarif")}
            words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
            env = {**environment, **files, "RUNNER_TEMP": str(place)}
            done = ci.run(words, env=env | {f"LINT_{key}": value for key, value in given.items()})
            outputs = dict(line.split("=", 1) for line in open(files["GITHUB_OUTPUT"]).read().splitlines())
            fine = done.returncode == want and outputs["exit-code"] == str(want)
            ci.check(f"the action, {name}: {want}", fine, done.stdout + done.stderr)
            if want < 2:
                report = ci.load(outputs["sarif"])
                summary = open(files["GITHUB_STEP_SUMMARY"]).read()
                ci.check(f"the action, {name}: SARIF and a summary", report["runs"] and "entralint" in summary, summary)
            if want == 1:
                ci.check("the action annotates", b"::error file=fixtures/" in done.stdout, done.stdout)
        ci.check("nothing of an input was run", not os.path.exists("pwned"))

        # Recipes are blocks of YAML behind a comment that says where they go.
        schemas = {
            ".github/workflows/": "vendor.github-workflows",
            "azure-pipelines": "vendor.azure-pipelines",
            ".gitlab-ci": "vendor.gitlab-ci",
            ".pre-commit-config": None,
        }
        seen = set()
        for number, block in enumerate(RECIPES.read_text().split("```yaml\n")[1:]):
            text = block.split("```")[0]
            name = text.splitlines()[0].removeprefix("# ")
            start = next((start for start in schemas if name.startswith(start)), None)
            if not ci.check(f"{RECIPES}: {name} is known", start is not None, text):
                continue
            seen.add(start)
            folder = ci.WORK / f"recipe-{number}" / os.path.dirname(name)
            folder.mkdir(parents=True)
            path = folder / os.path.basename(name)
            path.write_text(text)
            schema = schemas[start]
            words = [*check, schema, path] if schema else [tools / "pre-commit", "validate-config", path]
            done = ci.run(words)
            ci.check(f"{RECIPES}: {name} is valid", done.returncode == 0, done.stdout + done.stderr)
            if "github" in start:
                # Readers pin actions to the commits that they trust; a document would only age.
                config = ci.WORK / "zizmor.yml"
                policy = {"unpinned-uses": {"config": {"policies": {"*": "ref-pin"}}}}
                config.write_text(yaml.safe_dump({"rules": policy}))
                done = ci.run([tools / "zizmor", "--offline", "--config", config, "--no-progress", path])
                ci.check(f"{RECIPES}: zizmor finds nothing in {name}", done.returncode == 0, done.stdout)
        ci.check("every system has its recipe", seen == set(schemas), seen)

    return [hooks, action]
