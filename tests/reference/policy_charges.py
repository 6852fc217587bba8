"""What limits count: every charge ever made, summed anew for each request; and leases."""
import policy_terms as t
from policy_terms import *


class Charge:
    def __init__(self, who, rule, key, amount, at, digest):
        self.who, self.rule, self.key, self.amount = who, rule, key, amount
        self.at, self.digest, self.current = at, digest, True


class Charges:
    def counts(self, rule, at):
        """Whether what was added at that moment still counts: the whole of its bucket must leave."""
        r = self.w["rules"][rule]
        if r.get("period"):
            zone = self.w["zones"][r["zone"]]
            return zone.period(r["period"], at) == zone.period(r["period"], self.now)
        return self.in_window(r["window"], at)

    def in_window(self, seconds, at, now=None):
        span = seconds * 1000
        width = -(-span // 63)
        last = at - at % width + width - 1
        if t.FAULT == "window a bucket short":
            last -= width
        return (self.now if now is None else now) - last < span

    def live(self, rule, key):
        """What the row's window counts; what has left never comes back and is thrown away."""
        kept = [c for c in self.charges.get((rule, key), ()) if self.counts(rule, c.at)]
        self.charges[(rule, key)] = kept
        return kept

    def held_by(self, who):
        """The charges that a reservation holds, of all rows."""
        kept = [c for c in self.holders.get(who, ()) if c.current and self.counts(c.rule, c.at)]
        self.holders[who] = kept
        return kept

    def keep(self, charge):
        self.charges.setdefault((charge.rule, charge.key), []).append(charge)
        if charge.current:
            self.holders.setdefault(charge.who, []).append(charge)

    def identity(self, q):
        if q["family"] == 1 and q["gas"] > 0 and q["op"] not in (MESSAGE, DIGEST):
            return ("nonce", q["chain"], q["account"], q["nonce"])
        return ("digest", q["keyid"], q["digest"])

    @staticmethod
    def signature(q):
        """Once more, it charges nothing: the same limits apply to the same digest."""
        return q["digest"], q["principal"], q["keyid"]

    def lease(self, rule, key):
        """The rest of a row's lease that may still be spent."""
        left, at, until = self.leases.get((rule, key), (0, 0, 0))
        return left if self.counts_if(rule, at, left) and self.now < until else 0

    def counts_if(self, rule, at, left):
        return left > 0 and self.counts(rule, at)

    def measure_row(self, rule, q, key, amount, limit, base=0):
        """(measured, new charge or None)"""
        r = self.w["rules"][rule]
        who = self.identity(q)
        live = self.live(rule, key)
        spent = fit(sum(c.amount for c in live) + base)
        held = next((c for c in live if c.current and c.who == who), None)
        if amount == 0 or (held and self.digests.get(who) == self.signature(q)):
            return spent, None
        taken = 0
        if held and r["kind"] != RATE:
            taken = held.amount
            amount = max(amount, taken)
            if t.FAULT == "replacement adds up":
                taken = 0
        return fit(spent - taken + amount), (rule, key, amount, held)

    def apply(self, q, new):
        rule, key, amount, held = new
        r = self.w["rules"][rule]
        if held:
            held.current = False
            if r["kind"] != RATE:
                self.charges[(rule, key)].remove(held)
        at, took = self.now, 0
        if "lease" in r:
            left = self.lease(rule, key)
            _, since, until = self.leases.get((rule, key), (0, 0, 0))
            if amount <= left:
                at = since
                self.leases[(rule, key)] = (left - amount, since, until)
            else:
                spent = sum(c.amount for c in self.live(rule, key))
                slice_ = min(max(r["lease"], amount), r["amount"] - spent)
                self.leases[(rule, key)] = (slice_ - amount, self.now, self.now + r["lease_s"] * 1000)
                took = 1
        self.keep(Charge(self.identity(q), rule, key, amount, at, q["digest"]))
        return took, self.leases.get((rule, key), (0,))[0]

    def settle(self, feed, digest, used):
        whos = [who for who, last in self.digests.items() if last[0] == digest and self.held_by(who)]
        for who in sorted(whos, key=str)[:1]:
            for c in self.held_by(who):
                r = self.w["rules"][c.rule]
                if "release" not in r or r["feed"] != feed or "asset" not in r:
                    continue
                back = c.amount - used.get(r["asset"], 0)
                given = sum(a for rule, a, at in self.released if rule == c.rule and self.counts(rule, at))
                back = min(back, r["release"] - given)
                if back > 0:
                    c.amount -= back
                    self.released.append((c.rule, back, self.now))

    def restart(self):
        for (rule, key), (left, at, until) in self.leases.items():
            if self.lease(rule, key) and t.FAULT != "lease refilled at a restart":
                lost = Charge(None, rule, key, left, at, None)
                lost.current = False
                self.keep(lost)
        self.leases = {}

    def blast(self, asset):
        """(what is left of the leases of one asset, or in the reference; until when)"""
        total, until = 0, self.now
        for (rule, key), (_, _, end) in self.leases.items():
            left = self.lease(rule, key)
            if left and self.w["rules"][rule].get("asset", NONE) == asset:
                total, until = total + left, max(until, end)
                if t.FAULT == "blast forgets a lease":
                    break
        return [min(total, MAX), until]

    def headroom(self, rule):
        """(what is left of a limit without `per`, what of it a lease has taken), or nothing"""
        r = self.w["rules"][rule]
        if r["kind"] not in (WINDOW, RATE, POSITION):
            return None
        limit = r["count"] if r["kind"] == RATE else r["amount"]
        return [limit - sum(c.amount for c in self.live(rule, ())), self.lease(rule, ())]
