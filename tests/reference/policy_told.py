"""What the engine is told: reviews and approvals, the words of feeds."""
import policy_terms as t
from policy_terms import *


class Told:
    def reviews_missing(self, q, scores):
        """The rule that lacks approvals, how many there are and how many it wants; or the review."""
        rules = [(i, r) for i, r in enumerate(self.w["rules"])
                 if "panel" in r and self.wants_review(i, r, scores) and self.touched(i, q)]
        if not rules:
            return None, None
        first = None
        for review in [None] + [v for v in self.reviews if v["of"] == self.envelope(q)]:
            for i, r in rules:
                needed, organisations, _, range_bps, panel = r["panel"]
                fits = review is not None and self.within(review, q, range_bps)
                yes = [p for p, until in review["yes"].items()
                       if p in panel and until > self.now and
                       (p not in self.gone or t.FAULT == "revoked approver still counts")] if fits else []
                if len(yes) < needed or len({self.w["principals"][p][1] for p in yes}) < organisations:
                    missing = (i, len(yes), needed)
                    break
            else:
                return None, review
            if first is None or first[0] is None:
                first = (review, missing)
        return first[1], None

    def envelope(self, q):
        if not q["order"]:
            return (q["principal"], q["use"], q["keyid"], q["digest"])
        return (q["principal"], q["use"], q["keyid"], q["op"], q["chain"], q["market"], q["side"],
                q["type"], q["reduce"])

    def within(self, review, q, range_bps):
        if not q["order"]:
            return True
        p, quantity, quote = review["numbers"]

        def real(d):
            return d[0] * 10**(30 - d[1])
        for a, b in ((q["quantity"], quantity), (q["quote"], quote)):
            if (a is None) != (b is None) or (a and real(a) > real(b)):
                return False
        if (q["price"] is None) != (p is None):
            return False
        return p is None or abs(real(q["price"]) - real(p)) <= real(p) * range_bps // 10000

    def hold(self, q):
        """The number of the entry that approvals name, or 0 when too many are held already."""
        numbers = (q["price"], q["quantity"], q["quote"])
        for v in self.reviews:
            if v["of"] == self.envelope(q) and v["numbers"] == numbers:
                return self.leaves
        if len(self.reviews) == 64:
            longest = max([r["panel"][2] * 2000 for r in self.w["rules"] if "panel" in r] or [0])
            old = [v for v in self.reviews if self.now - v["at"] > longest]
            if not old:
                return 0
            self.reviews.remove(min(old, key=lambda v: v["at"]))
        self.reviews.append(dict(of=self.envelope(q), numbers=numbers, leaf=self.leaves, yes={},
                                 asked_by=q["principal"], at=self.now, q=q))
        return self.leaves

    def approve(self, principal, leaf, expires, now):
        self.now = max(self.now, now)
        review = next((v for v in self.reviews if v["leaf"] == leaf), None)
        if review is None:
            return 23
        longest = max([r["panel"][2] * 1000 for r in self.w["rules"]
                       if "panel" in r and principal in r["panel"][4]] or [0])
        own = principal == review["asked_by"] and t.FAULT != "own approval counts"
        if own or longest == 0 or principal in self.gone:
            return 24
        if expires <= self.now or expires - self.now > longest:
            return 26
        review["yes"][principal] = expires
        return 0

    def say(self, feed, seq, at, now, items):
        self.now = max(self.now, now)
        state = self.feeds.setdefault(feed, {})
        if "seq" in state and (seq <= state["seq"] or at < state["time"]):
            return 21
        if at - self.now > 10000 or not self.fresh(feed, at):
            return 22
        state["seq"], state["time"] = seq, at
        for item in items:
            if item[0] == 1:
                if self.w["prices"].get(item[1], (None,))[0] == feed:
                    self.prices[item[1]] = (item[2], item[3], at)
            elif item[0] == 2:
                state["positions"] = (item[1], at)
            elif item[0] == 3:
                state["equity"] = (item[1], at)
                self.see_equity(feed, item[1], at)
            else:
                self.settle(feed, item[1], item[2])
        return 0
