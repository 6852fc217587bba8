"""What happens in a world, one step after the other: the engine's lines, and the model's answers."""
import collections

import policy_terms as t
from policy_breakers import NONE
from policy_model import Model
from worlds import STARTS, Draw, request_head, request_tail, world_lines

# Milliseconds between steps: mostly within one bucket or one window.
PACES = [0, 0, 0, 1, 20, 300, 500, 999, 1000, 1000, 4000]


class Life:
    def __init__(self, seed):
        self.draw = Draw(seed)
        self.world = self.draw.world()
        self.model = Model(self.world)
        r = self.draw.r
        self.now = r.choice(STARTS) * 1000 + r.randrange(-4000000, 4000000)
        self.requests, self.said, self.seq = [], [], 0
        self.answers = collections.Counter()
        self.lines, self.expected, self.asked = list(world_lines(self.world)), [], []
        self.expect("start 0")

    def expect(self, answer):
        """The last line is answered so."""
        self.asked.append(len(self.lines) - 1)
        self.expected.append(answer)

    def tell(self, line, answer=None):
        self.lines.append(line)
        if answer is not None:
            self.expect(answer)

    def step(self):
        r = self.draw.r
        self.now += r.choice(PACES)
        if r.random() < 0.06:
            self.now += r.choice([61000, 3600000, r.randrange(4000000), r.randrange(4000000), 86400000])
        now = self.now - (r.randrange(3000) if r.random() < 0.1 else 0)
        if self.model.mode and r.random() < 0.1:
            return self.resume(now)
        if self.model.reviews and r.random() < 0.02:
            return self.revoke(now)
        dice = r.random()
        for chance, act in self.ACTS:
            if dice < chance:
                return act(self, now)
        return self.ask(now)

    def ask(self, now):
        r = self.draw.r
        if self.model.reviews and r.random() < 0.3:
            q = r.choice(self.model.reviews)["q"]
        elif self.requests and r.random() < 0.7:
            q = r.choice(self.requests)
        else:
            q = self.draw.request(self.world)
            q["line"], q["memo"] = request_tail(q), {}
            self.requests.append(q)
        q["now"], q["halted"] = now, int(r.random() < 0.02)
        want = self.model.ask(q)
        leaf = self.model.hold(q) if want[0] == 3 else 0
        self.answers[(want[0], want[2])] += 1
        words = want[:11] + [leaf]
        for model, (score, values) in sorted((want[11] or {}).items()):
            words.append("%d:%d:%s" % (model, score, ",".join("-" if v is None else str(v) for v in values)))
        self.tell(request_head(q) + q["line"], " ".join(map(str, words)))
        if want[0] == 2:
            self.tell("denied %d" % now)
            self.model.note_denial(now)

    def restart(self, now):
        self.tell("restart")
        self.model.restart()

    def mode(self, now):
        self.model.mode = self.draw.r.randrange(3)
        self.tell("mode %d" % self.model.mode)

    def resume(self, now):
        self.tell("resume")
        self.model.resume()

    def watch(self, now):
        r = self.draw.r
        now, unacked, off = self.now, r.choice([0, 3, 9]), r.choice([0, 0, -5001, 5000, 90000])
        self.tell("watch %d %d %d" % (now, unacked, off), str(self.model.watch(now, unacked, off)))

    def revoke(self, now):
        r = self.draw.r
        if r.random() < 0.5:
            said_yes = [p for v in self.model.reviews for p in v["yes"]]
            principal = r.choice(said_yes + [0, 1, 2, 3, 7])
            self.tell("revoke principal %d" % principal, str(self.model.revoke_principal(principal)))
        else:
            rule = r.randrange(len(self.world["rules"]) + 1)
            self.tell("revoke rule %d" % rule, str(self.model.revoke_rule(rule)))

    def look(self, now):
        """Blast radius and headroom, which change nothing."""
        r = self.draw.r
        leased = [x.get("asset", NONE) for x in self.world["rules"] if "lease" in x]
        asset = r.choice(leased or [NONE, 0, 1, 2, 3])
        self.tell("blast %d" % asset, "blast %d %d" % tuple(self.model.blast(asset)))
        rule = r.randrange(len(self.world["rules"]))
        self.tell("headroom %d" % rule, " ".join(["headroom"] + [str(x) for x in self.model.headroom(rule) or []]))

    def say(self, now):
        self.seq += self.draw.r.choice([1, 1, 1, 0])
        at = now - self.draw.r.choice([0, 0, 500, 2000, -9000, -20000])
        items, words = self.draw.items(self.world, self.requests)
        self.tell("say px %d %d %d %s" % (self.seq, max(0, at), now, " ".join(words)),
                  str(self.model.say(0, self.seq, at, now, items)))

    def approve(self, now):
        r = self.draw.r
        if not self.model.reviews:
            return self.ask(now)
        principal, review = r.choice([0, 1, 2, 2, 3, 3]), r.choice(self.model.reviews)
        expires = now + r.choice([-1, 0, 500, 900, 4000, 4000, 60000, 100000])
        self.tell("approve %d %s %d %d %d" % (principal, self.world["principals"][principal][0], review["leaf"], expires, now),
                  str(self.model.approve(principal, review["leaf"], expires, now)))

    ACTS = [(0.11, say), (0.16, approve), (0.175, restart), (0.178, mode), (0.195, watch), (0.20, resume),
            (0.203, revoke), (0.22, look)]
