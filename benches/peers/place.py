"""What is measured and what with: builds, installations, inputs, the machine."""

import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent.parent
PLACE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE / "target")).absolute() / "peers"
NOW = "2026-06-01"  # the day on which the corpus is clean but for the faults it was given
SEED = "1"

FROM_PYPI = {"check-jsonschema": "0.39.0"}
FROM_NPM = {"ajv-cli": "5.0.0", "ajv-formats": "2.1.1"}
# Of regorus the program is an example of the crate.
FROM_CRATES = {"jsonschema-cli": ("0.60.2", []), "regorus": ("0.14.1", ["--example", "regorus"])}


class Refusal(Exception):
    """Why nothing can be measured."""


def need(words, what):
    """Runs something that has to succeed; what it printed."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Refusal(f"{what} failed with {done.returncode}: {' '.join(map(str, words))}")
    return done.stdout.decode()


def on_path(name, package):
    found = shutil.which(name)
    if not found:
        raise Refusal(f"{name} is not installed (Debian's package {package})")
    return found


class Tools:
    """Programs by name, and their versions."""

    def __init__(self, debug, peers):
        if platform.system() != "Linux" or not os.access("/usr/bin/time", os.X_OK):
            raise Refusal("peak memory needs GNU time at /usr/bin/time (Debian's package time)")
        PLACE.mkdir(parents=True, exist_ok=True)
        self.debug = debug
        self.build()
        self.versions = {"entralint": need([self.entralint, "--version"], "entralint").split()[1]}
        self.of = {}
        for peer in peers:
            self.find(peer)

    def build(self):
        words = ["cargo", "build", "--locked", "--message-format=json-render-diagnostics"]
        words += [] if self.debug else ["--release"]
        words += ["--bin", "entralint", "--example", "corpus", "--bench", "ratios"]
        made = {}
        for line in need(words, "the build").splitlines():
            line = json.loads(line)
            if line.get("executable"):
                made[line["target"]["name"]] = line["executable"]
        self.entralint, self.corpus, self.bench = made["entralint"], made["corpus"], made["ratios"]

    def find(self, peer):
        if peer in ("IgnoredAny", "Value"):
            self.of[peer], version = self.bench, locked("serde_json")
        elif peer in ("jq", "rg"):
            self.of[peer] = on_path(peer, {"jq": "jq", "rg": "ripgrep"}[peer])
            version = need([self.of[peer], "--version"], peer).split("\n")[0].replace("jq-", "").split()
            version = version[1] if len(version) > 1 else version[0]
        elif peer in FROM_PYPI:
            self.of[peer], version = self.from_pypi(peer), FROM_PYPI[peer]
        elif peer == "ajv":
            self.of[peer], version = self.from_npm(), f"{FROM_NPM['ajv-cli']} (ajv-cli)"
        else:
            self.of[peer], version = self.from_crates(peer), FROM_CRATES[peer][0]
        self.versions[peer] = version

    def from_pypi(self, name):
        program = PLACE / "venv/bin" / name
        if not installed(program, FROM_PYPI[name]):
            need([sys.executable, "-m", "venv", PLACE / "venv"], "python3 -m venv")
            pip = [PLACE / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            need([*pip, f"{name}=={FROM_PYPI[name]}"], f"the installation of {name}")
            stamp(program, FROM_PYPI[name])
        return str(program)

    def from_npm(self):
        program = PLACE / "node_modules/.bin/ajv"
        versions = " ".join(f"{name}@{version}" for name, version in FROM_NPM.items())
        if not installed(program, versions):
            npm = [on_path("npm", "npm"), "install", "--prefix", PLACE, "--no-save", "--no-package-lock"]
            npm += ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            need([*npm, *versions.split()], "the installation of ajv-cli")
            stamp(program, versions)
        return str(program)

    def from_crates(self, name):
        version, words = FROM_CRATES[name]
        words = [*words, "--debug"] if self.debug else words
        root = PLACE / ("debug" if self.debug else "release")
        program = root / "bin" / name
        if not installed(program, version):
            cargo = ["cargo", "install", "--quiet", "--locked", "--force", "--root", root, "--version", version]
            need([*cargo, *words, name], f"the installation of {name}")
            stamp(program, version)
        return str(program)

    def make(self, kind, count, path):
        """An input of examples/corpus, made once."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"unfinished-{path.name}")
            remove(unfinished)
            need([self.corpus, kind, "--count", count, "--seed", SEED, "--out", unfinished], "the corpus")
            unfinished.rename(path)
        return path

    def check(self, path, *words):
        return [self.entralint, "check", "--no-config", "--now", NOW, *words, str(path)]


def stamp(program, version):
    program.parent.joinpath(f".{program.name}.version").write_text(version)


def installed(program, version):
    said = program.parent / f".{program.name}.version"
    return program.exists() and said.exists() and said.read_text() == version


def locked(crate):
    lines = (HERE / "Cargo.lock").read_text().splitlines()
    at = lines.index(f'name = "{crate}"')
    return lines[at + 1].split('"')[1]


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def machine(tools):
    """What the numbers were measured on, in a sentence."""
    cpu = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    commit = f" ({commit.stdout.strip()})" if commit.returncode == 0 else ""
    system = f"{platform.system()} {platform.release()}"
    return f"entralint {tools.versions['entralint']}{commit}; {cpu}, {cores} cores, {memory:.0f} GiB, {system}."
