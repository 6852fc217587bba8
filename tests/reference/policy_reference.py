#!/usr/bin/env python3
"""Holds the engine to the model: the same answers, rule and numbers, step for step.

    policy_reference.py ENGINE [--steps N] [--seed N] [--jobs N]
    policy_reference.py ENGINE --faults       each fault seeded in the model must be found

The model lives through some worlds first and says what it expects; then the engine hears all of
them at once. So neither waits for the other.
"""
import argparse
import collections
import concurrent.futures
import subprocess
import sys
import time

import policy_terms as t
from lives import Life

WORLDS = 100  # lived through before the engine is asked
STEPS = 100   # of one world


class Chunk:
    """Worlds of some seeds: what the engine is told, what it should answer, and where each answer
    was asked for."""

    def __init__(self, seeds):
        self.lines, self.expected, self.asked = [], [], []
        self.answers, self.steps = collections.Counter(), 0
        for seed in seeds:
            life = Life(seed)
            first = len(self.lines)
            for _ in range(STEPS):
                life.step()
            self.steps += STEPS
            self.lines += life.lines
            self.expected += life.expected
            self.asked += [(seed, first, first + at) for at in life.asked]
            self.answers += life.answers

    def difference(self, engine):
        """None, or what was told and how the answers differ."""
        told = subprocess.run([engine], input="\n".join(self.lines) + "\n", capture_output=True, text=True)
        got = told.stdout.splitlines()
        for i, want in enumerate(self.expected):
            if i >= len(got) or got[i] != want:
                seed, first, at = self.asked[i]
                world = [x for x in self.lines[first:at] if x.split()[0] not in ("ask", "say", "approve")]
                return "seed %d\n%s\n%s\n engine %s\n model  %s\n%s" % (
                    seed, "\n".join(world[:40]), self.lines[at], got[i] if i < len(got) else "nothing",
                    want, told.stderr)
        return None if len(got) == len(self.expected) and told.returncode == 0 else "the engine ended: " + told.stderr


def live(engine, seeds, fault=None):
    t.FAULT = fault
    chunk = Chunk(seeds)
    return chunk.steps, chunk.difference(engine), chunk.answers


def faults(options):
    """The first world in which each fault shows; all must."""
    missed = []
    for fault in t.FAULTS:
        made, difference = 0, None
        for first in range(options.seed, options.seed + 4000, 50):
            steps, difference, _ = live(options.engine, range(first, first + 50), fault)
            made += steps
            if difference:
                break
        print("%-32s %s" % (fault, "found within %d steps" % made if difference else "NOT FOUND"), flush=True)
        missed += [] if difference else [fault]
    return 1 if missed else 0


def report(steps, answers, seconds):
    names = {v: k for k, v in t.R.items()}
    print("%d steps agree, %d seconds" % (steps, seconds))
    for (outcome, reason), count in sorted(answers.items()):
        print("  %-8s %-16s %d" % (["", "allow", "deny", "review"][outcome], names.get(reason, ""), count))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    if options.faults:
        return faults(options)
    began, done, answers = time.monotonic(), 0, collections.Counter()
    worlds = -(-options.steps // STEPS)
    chunks = [range(options.seed + at, options.seed + min(at + WORLDS, worlds)) for at in range(0, worlds, WORLDS)]
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for steps, difference, seen in pool.map(live, [options.engine] * len(chunks), chunks):
            if difference:
                print(difference, flush=True)
                pool.shutdown(cancel_futures=True)
                return 1
            done += steps
            answers += seen
            if done % 500000 == 0:
                print("%d steps agree, %d seconds" % (done, time.monotonic() - began), flush=True)
    report(done, answers, time.monotonic() - began)
    return 0


if __name__ == "__main__":
    sys.exit(main())
