#!/usr/bin/env python3
"""Holds the engine to the model: the same answers, rule and numbers, request for request.

    policy_reference.py ENGINE [--requests N] [--seed N] [--seconds N]
    policy_reference.py ENGINE --faults       each fault seeded in the model must be found
"""
import argparse
import collections
import subprocess
import sys
import time

import policy_model as pm
from worlds import Draw, STARTS, request_line, world_lines

STEPS = 40


class Engine:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, lines):
        self.process.stdin.write("\n".join(lines) + "\n")

    def hear(self):
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def items_of(draw, world, requests):
    r = draw.r
    items, words = [], []
    for _ in range(r.randrange(1, 4)):
        kind = r.choice([1, 1, 2, 3, 4])
        if kind == 1:
            asset = r.randrange(5)
            item = (1, asset, r.choice([0, 1, 17, 10**6, 2**150]), r.choice([0, 2, 6]))
            words.append("1,%s,%d,%d" % (world["assets"][asset][0], item[2], item[3]))
        elif kind == 2:
            held = {m: r.choice([0, 5, 10**18, 2**255]) for m in r.sample(range(2), r.randrange(3))}
            item = (2, held)
            words.append("2,%d%s" % (len(held), "".join(",%s,%d" % (world["markets"][m][0], v) for m, v in held.items())))
        elif kind == 3:
            item = (3, r.choice([0, 95, 100, 100, 120, 10**18, pm.MAX]))
            words.append("3,%d" % item[1])
        else:
            digest = r.choice(requests)["digest"] if requests else "00" * 32
            used = {a: r.randrange(8) for a in r.sample(range(5), r.randrange(3))}
            item = (4, digest, used)
            words.append("4,%s,%d%s" % (digest, len(used), "".join(",%s,%d" % (world["assets"][a][0], v) for a, v in used.items())))
        items.append(item)
    return items, words


class Sequence:
    """One world: what happens in it, one step after the other."""

    def __init__(self, engine, seed):
        self.draw = Draw(seed)
        self.world = self.draw.world()
        self.engine, self.model = engine, pm.Model(self.world)
        self.now = self.draw.r.choice(STARTS) * 1000 + self.draw.r.randrange(-4000000, 4000000)
        self.requests, self.answers, self.seq = [], collections.Counter(), 0
        engine.tell(world_lines(self.world))
        started = engine.hear()
        if started != ["start", "0"]:
            raise SystemExit("seed %d: the engine refuses the world: %s\n%s" % (
                seed, started, "\n".join(world_lines(self.world))))

    def step(self):
        r = self.draw.r
        self.now += r.choice([0, 1, 20, 300, 999, 1000, 4000, 4000, 61000, r.randrange(4000000), 86400000])
        now = self.now - (r.randrange(3000) if r.random() < 0.1 else 0)
        dice = r.random()
        if dice < 0.12:
            return self.say(now)
        if dice < 0.17 and self.model.reviews:
            return self.approve(now)
        if dice < 0.19:
            self.engine.tell(["restart"])
            self.model.restart()
            return None
        if dice < 0.20:
            self.model.mode = r.randrange(3)
            self.engine.tell(["mode %d" % self.model.mode])
            return None
        if self.requests and r.random() < 0.3:
            q = dict(r.choice(self.requests), now=now)
        else:
            q = self.draw.request(self.world, now)
        self.requests.append(q)
        return self.ask(q)

    def ask(self, q):
        line = request_line(q)
        self.engine.tell([line])
        got = [int(x) for x in self.engine.hear()]
        want = self.model.ask(q)
        self.answers[(want[0], want[2])] += 1
        if got[:11] != want:
            return "%s\n engine %s\n model  %s" % (line, got[:11], want)
        if got[0] == 3 and got[11]:
            self.model.hold(q, got[11])
        return None

    def say(self, now):
        self.seq += self.draw.r.choice([1, 1, 1, 0])
        at = now - self.draw.r.choice([0, 0, 500, 2000, -9000, -20000])
        items, words = items_of(self.draw, self.world, self.requests)
        line = "say px %d %d %d %s" % (self.seq, max(0, at), now, " ".join(words))
        self.engine.tell([line])
        got, want = int(self.engine.hear()[0]), self.model.say(0, self.seq, at, now, items)
        return None if got == want else "%s\n engine %d\n model  %d" % (line, got, want)

    def approve(self, now):
        r = self.draw.r
        principal, review = r.randrange(4), r.choice(self.model.reviews)
        expires = now + r.choice([-1, 0, 500, 4000, 60000, 100000])
        line = "approve %d %s %d %d %d" % (principal, self.world["principals"][principal][0], review["leaf"], expires, now)
        self.engine.tell([line])
        got, want = int(self.engine.hear()[0]), self.model.approve(principal, review["leaf"], expires, now)
        return None if got == want else "%s\n engine %d\n model  %d" % (line, got, want)


def run(path, requests, seed, seconds):
    """(requests made, what differed or None, answers)"""
    engine, made, answers = Engine(path), 0, collections.Counter()
    until = time.monotonic() + seconds if seconds else None
    while (time.monotonic() < until) if until else made < requests:
        sequence = Sequence(engine, seed)
        for step in range(STEPS):
            difference = sequence.step()
            made += 1
            if difference:
                engine.process.kill()
                return made, "seed %d, step %d\n%s\n%s" % (
                    seed, step, "\n".join(world_lines(sequence.world)), difference), answers
        answers += sequence.answers
        seed += 1
    engine.close()
    return made, None, answers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine")
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    if options.faults:
        missed = []
        for fault in pm.FAULTS:
            pm.FAULT = fault
            made, difference, _ = run(options.engine, 200000, options.seed, None)
            print("%-32s %s" % (fault, "found after %d steps" % made if difference else "NOT FOUND"))
            missed += [] if difference else [fault]
        return 1 if missed else 0
    made, difference, answers = run(options.engine, options.requests, options.seed, options.seconds)
    if difference:
        print(difference)
        return 1
    names = {v: k for k, v in pm.R.items()}
    print("%d steps agree" % made)
    for (outcome, reason), count in sorted(answers.items()):
        print("  %-8s %-16s %d" % (["", "allow", "deny", "review"][outcome], names.get(reason, ""), count))
    return 0


if __name__ == "__main__":
    sys.exit(main())
