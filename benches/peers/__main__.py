"""entralint beside other programs on the same files, and under load: the tables of
docs/performance.md.

    python3 benches/peers                                the ratios
    python3 benches/peers --applications --depth         two of the load cases
    python3 benches/peers --all --write                  everything, and into docs/performance.md
    python3 benches/peers --all --scale 0.01 --rounds 1  whether it works

Needs Linux, Rust, Python, node with npm, jq, ripgrep and GNU time (/usr/bin/time); the other peers
are installed below target/peers. The corpora are those of examples/corpus, made from a seed. Seconds
depend on the machine and on what else it does, so run it on a quiet one, and compare ratios.
"""

import argparse
import os
import re
import sys

sys.dont_write_bytecode = True

import load
import ratios
from place import HERE, Refusal, Tools, machine

PAGE = HERE / "docs/performance.md"
MARKS = re.compile(r"(<!-- table -->\n).*?(<!-- /table -->)", re.DOTALL)


def arguments():
    words = argparse.ArgumentParser(prog="benches/peers", description=__doc__.split("\n\n")[0])
    words.add_argument("--ratios", action="store_true", help="beside other programs (the default)")
    for name, case in load.CASES.items():
        words.add_argument(f"--{name}", action="store_true", help=case.help)
    words.add_argument("--all", action="store_true", help="the ratios and every load case")
    words.add_argument("--scale", type=float, default=1.0, help="share of the full size, such as 0.01")
    words.add_argument("--rounds", type=int, default=5, help="runs of each program on each input")
    words.add_argument("--timeout", type=float, default=900, help="seconds that a run may take")
    words.add_argument("--peers", default="", help="some of them, separated by commas; left out: all")
    words.add_argument("--debug", action="store_true", help="a build without optimizations, to try this script")
    words.add_argument("--keep", action="store_true", help="leave the inputs of the load cases there")
    words.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    said = words.parse_args()
    if not 0 < said.scale <= 1 or said.rounds < 1:
        words.error("--scale is above 0 and at most 1, --rounds at least 1")
    said.cases = [name for name in load.CASES if said.all or getattr(said, name)]
    said.ratios = said.ratios or said.all or not said.cases
    return said


def tables(said):
    chosen = [name for name in said.peers.split(",") if name]
    tools = Tools(said.debug, ratios.names(chosen) if said.ratios else [])
    said_of = [machine(tools), f"Scale {said.scale:g}, {said.rounds} rounds, seed 1."]
    if said.debug:
        said_of.append("A build without optimizations: these numbers say nothing.")
    parts = [" ".join(said_of)]
    if said.ratios:
        parts += ratios.tables(tools, said, ratios.names(chosen))
    if said.cases:
        parts.append(load.table(tools, said))
    return "\n\n".join(parts) + "\n"


def main():
    os.chdir(HERE)
    said = arguments()
    if said.write and not MARKS.search(PAGE.read_text()):
        raise Refusal(f"{PAGE.relative_to(HERE)} has no <!-- table --> and <!-- /table -->")
    text = tables(said)
    print(text)
    if said.write:
        PAGE.write_text(MARKS.sub(lambda marks: f"{marks[1]}{text}{marks[2]}", PAGE.read_text()))


if __name__ == "__main__":
    try:
        main()
    except Refusal as why:
        sys.exit(f"error: {why}")
