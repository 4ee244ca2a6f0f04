"""Runs programs in turns: seconds, peak memory, exit codes."""

import os
import signal
import statistics
import subprocess
import tempfile
import time


class Contender:
    def __init__(self, name, words, exits=(0,), sentence=""):
        self.name, self.words, self.exits, self.sentence = name, [str(word) for word in words], exits, sentence
        self.seconds, self.peak, self.trouble, self.code = [], None, "", None

    def start(self, words, out):
        # A group of its own, so that what it started ends with it.
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def once(self, words, timeout):
        """Seconds of one run; `None` where it was too slow or failed, and `trouble` says so."""
        # Some programs stop early when what they print goes nowhere.
        with tempfile.TemporaryFile() as out:
            began = time.perf_counter()
            child = self.start(words, out)
            try:
                self.code = child.wait(timeout=timeout)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                self.trouble = f"more than {timeout:.0f} s"
                return None
            seconds = time.perf_counter() - began
        if self.code not in self.exits:
            self.trouble = f"exit code {self.code}"
            return None
        return seconds

    def memory(self, timeout):
        """A run for its peak in MiB, which also brings the input into memory; its seconds.

        GNU time starts it: what Python starts counts Python's own memory as its least.
        """
        with tempfile.NamedTemporaryFile("r") as said:
            seconds = self.once(["/usr/bin/time", "-q", "-f", "%M", "-o", said.name, *self.words], timeout)
            lines = said.read().split()
        if seconds is not None and lines:
            self.peak = int(lines[-1]) / 1024
        return seconds

    def median(self):
        return statistics.median(self.seconds) if self.seconds else None


def compete(contenders, rounds, timeout):
    """Lets them take turns, and everybody begins a round once."""
    for one in contenders:
        one.memory(timeout)
    for number in range(rounds):
        for turn in range(len(contenders)):
            one = contenders[(number + turn) % len(contenders)]
            if not one.trouble:
                seconds = one.once(one.words, timeout)
                if seconds is not None:
                    one.seconds.append(seconds)


def ratio(one, other):
    """The median over the rounds of one's time divided by the other's."""
    pairs = list(zip(one.seconds, other.seconds))
    return statistics.median(a / b for a, b in pairs) if pairs else None


def number(value):
    """Three digits that count."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
