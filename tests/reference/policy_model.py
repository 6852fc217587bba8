#!/usr/bin/env python3
"""The policy once more, slow and plain (policy_reference.py holds the engine to it).

Every charge ever made stays in a list and is summed for each request; every rule is tried against
every request; days are found by looking at the calendar; numbers are Python's. Worlds are so small
that everything meets everything: a few principals, keys, assets and markets, amounts of one digit
beside amounts near 2^256, windows of seconds, calendars around clock changes, clocks that jump.
"""
import policy_terms as t
from policy_breakers import Breakers
from policy_charges import Charges
from policy_risk import Risk
from policy_scope import Scope
from policy_terms import *
from policy_told import Told
from policy_values import Values


class Model(Scope, Values, Charges, Risk, Breakers, Told):
    def __init__(self, world):
        self.w = world
        self.now = 0
        self.mode = 0
        self.charges = {}   # (rule, key) -> of requests, and what restarts left of leases
        self.holders = {}   # who -> the charges that it holds
        self.released = []  # (rule, amount, at)
        self.leases = {}    # (rule, key) -> [left, taken at, until]
        self.feeds = {}     # feed -> dict(seq, time, positions, equity)
        self.prices = {}    # asset -> (price, scale, time)
        self.peaks = {}     # rule -> (period, equity)
        self.reviews = []
        self.digests = {}   # who -> what was signed last
        self.gone = set()   # principals that were revoked
        self.void = set()   # rules that were
        self.leaves = 0     # entries of reviews so far
        self.told_denials = []
        self.reset_breakers()
        self.begin_history()

    def stops(self, q, passes):
        return (passes & 1 and q["op"] in (CANCEL, CANCEL_ALL)) or \
               (passes & 2 and q["op"] == PLACE and q["order"] and q["reduce"])

    def deny(self, reason, rule=NONE, measured=0, limit=0, limit_rule=NONE, asset=NONE, feed=NONE):
        return [2, rule, R[reason], limit_rule, asset, feed, measured, limit, self.now, 0, 0, None]

    def limit_of(self, rule, q):
        """(measured, limit, feed, new charges), or Bad with what is known."""
        r = self.w["rules"][rule]
        seen = []
        if r["kind"] == DRAWDOWN:
            feed = self.feeds.get(r["feed"], {})
            if "equity" not in feed or not self.fresh(r["feed"], feed["equity"][1]):
                return ("STALE", 0, 0, r["feed"], [])
            peak = self.peaks[rule][1]
            limit, drop = peak * r["count"] // 10000, max(0, peak - feed["equity"][0])
            return ("DRAWDOWN" if drop > limit else None, drop, limit, r["feed"], [])
        limit = r["count"] if r["kind"] == RATE else r["amount"]
        try:
            if r["kind"] == POSITION:
                return self.position(rule, r, q, limit)
            parts = self.parts(r, q, seen)
        except Bad as bad:
            feed = r["feed"] if r["kind"] == POSITION else seen[-1] if seen else NONE
            return (str(bad), MAX if str(bad) == "OVERFLOW" else 0, limit, feed, [])
        feed = seen[-1] if seen else NONE
        best, news = None, []
        for key, amount in parts.items():
            try:
                measured, new = (amount, None) if r["kind"] == PER_TX else \
                    self.measure_row(rule, q, key, amount, limit)
            except Bad as bad:
                return (str(bad), MAX, limit, feed, [])
            if self.above(measured, limit):
                why = {PER_TX: {FEE: "FEE", ALLOWANCE: "ALLOWANCE", GAS_PRICE: "GAS_PRICE"}.get(
                    r.get("measure"), "PER_TX"), WINDOW: "WINDOW", RATE: "RATE"}[r["kind"]]
                return (why, measured, limit, feed, [])
            news += [new] if new else []
            if best is None or self.fullness(measured, limit) > self.fullness(best, limit):
                best = measured
        return (None, best or 0, limit, feed, news)

    def above(self, measured, limit):
        return measured > limit + (1 if t.FAULT == "limit off by one" else 0)

    def position(self, rule, r, q, limit):
        held = added = 0
        if q["op"] in (PLACE, AMEND) and q["order"] and not (q["op"] == PLACE and q["reduce"]):
            if q["market_at"] is None:
                raise Bad("NO_PRICE")
            feed = self.feeds.get(r["feed"], {})
            if "positions" not in feed or not self.fresh(r["feed"], feed["positions"][1]):
                raise Bad("STALE")
            for market, value in feed["positions"][0].items():
                mine = market == q["market_at"] if r.get("per") == MARKET else \
                    r.get("markets") is None or market in r["markets"]
                held = fit(held + (value if mine else 0))
            added = self.order_value(q, [])
        measured, new = self.measure_row(rule, q, self.row(r, q), added, limit, held)
        return ("POSITION" if self.above(measured, limit) else None, measured, limit, r["feed"],
                [new] if new else [])

    @staticmethod
    def fullness(measured, limit):
        if limit == 0:
            return 1000000
        shift = max(0, limit.bit_length() - 32)
        return (measured >> shift) * 1000000 // (limit >> shift)

    def ask(self, q):
        self.now = max(self.now, q["now"])
        rules = self.w["rules"]
        if (q["halted"] or self.mode == 2) and not self.stops(q, self.w["passes"]):
            return self.deny("HALTED")
        if self.mode == 1 and q["op"] != READ and not self.stops(q, 3):
            return self.deny("REDUCE_ONLY")
        if q["principal"] in self.gone:
            return self.deny("REVOKED")
        if not self.w["principals"][q["principal"]][2] & 16:
            return self.deny("NOT_A_SIGNER")
        if t.FAULT != "deny after allow":
            denied = self.denied(q)
            if denied:
                return denied
        flagged = allowed = None
        for i, r in enumerate(rules):
            if r["kind"] == ALLOW and (i not in self.void or t.FAULT == "revoked rule still allows") \
                    and self.covered(i, q):
                refused = q["flags"] & ~r["flags"]
                if not refused:
                    allowed = i
                    break
                flagged = flagged or (i, refused, r["flags"])
        if allowed is None:
            if flagged:
                return self.deny("FLAGS", flagged[0], flagged[1], flagged[2])
            return self.deny("RAW_DIGEST" if q["op"] == DIGEST else "NO_RULE")
        answer = [1, allowed, 0, NONE, NONE, NONE, 0, 0, self.now, 0, 0]
        fullest, news = -1, []
        for i, r in enumerate(rules):
            if r["kind"] not in (PER_TX, WINDOW, RATE, POSITION, DRAWDOWN) or not self.touched(i, q):
                continue
            if r["kind"] == DRAWDOWN and self.stops(q, 3):
                continue
            why, measured, limit, feed, new = self.limit_of(i, q)
            if why:
                return self.deny(why, i, measured, limit, i, r.get("asset", NONE), feed)
            news += new
            if self.fullness(measured, limit) > fullest:
                fullest = self.fullness(measured, limit)
                answer[3:8] = [i, r.get("asset", NONE), feed, measured, limit]
        scores = self.ask_models(q)
        denied = self.risk_denied(q, scores)
        if denied:
            return denied
        missing, review = self.reviews_missing(q, scores)
        if missing:
            self.leaves += 1
            return [3, missing[0], R["NEEDS_APPROVAL"], NONE, NONE, NONE, missing[1], missing[2],
                    self.now, 0, 0, scores]
        for new in news:
            took, left = self.apply(q, new)
            if took:
                answer[9] += 1
                answer[10] = left
        if news:
            self.digests[self.identity(q)] = self.signature(q)
        if review:
            self.reviews.remove(review)
        self.observe(q)
        return answer + [scores]

    def denied(self, q):
        for i, r in enumerate(self.w["rules"]):
            if r["kind"] == CONFINE:
                if self.who_asks(r, q) and not self.covered(i, q):
                    return self.deny("CONFINED", i)
                continue
            if r["kind"] not in (DENY, CHAINS, HOURS, REDUCE) or not self.touched(i, q):
                continue
            if r["kind"] == DENY:
                return self.deny("DENIED", i)
            if r["kind"] == CHAINS and not (q["op"] == MESSAGE if q["chain"] is None
                                            else q["chain"] in r["chains"]):
                return self.deny("CHAIN", i, q["chain"] or 0)
            if r["kind"] == REDUCE and q["op"] != READ and not self.stops(q, 3):
                return self.deny("REDUCE_ONLY", i)
            if r["kind"] == HOURS:
                zone = self.w["zones"][r["zone"]]
                wall = zone.wall(self.now // 1000)
                day, minute = wall // 86400, wall % 86400 // 60
                if day in r["dates"]:
                    return self.deny("BLACKOUT", i, zone.day(self.now // 1000))
                open_ = [1 for days, since, until in r["hours"]
                         if days >> ((day + 3) % 7) & 1 and since <= minute < until]
                if r["hours"] and not open_:
                    return self.deny("HOURS", i)
        return None
