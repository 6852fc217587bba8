#!/usr/bin/env python3
"""The policy once more, slow and plain (policy_reference.py holds the engine to it).

Every charge ever made stays in a list and is summed for each request; every rule is tried against
every request; days are found by looking at the calendar; numbers are Python's. Worlds are so small
that everything meets everything: a few principals, keys, assets and markets, amounts of one digit
beside amounts near 2^256, windows of seconds, calendars around clock changes, clocks that jump.
"""
import datetime

MAX = 2**256 - 1
NONE = 65535
ALLOW, DENY, PER_TX, WINDOW, RATE, CHAINS, REVIEW, HOURS, CONFINE, REDUCE, POSITION, DRAWDOWN = range(1, 13)
VALUE, FEE, ALLOWANCE, GAS_PRICE, NOTIONAL = range(1, 6)
KEY, PRINCIPAL, ASSET, COUNTERPARTY, CHAIN, MARKET = range(1, 7)
OUT, M_FEE, M_ALLOWANCE, PULL, RECEIVE, CONTROL, LOCK = range(1, 8)
TRANSFER, TOKEN, APPROVE, CALL, MESSAGE, DIGEST = 1, 2, 4, 5, 7, 8
PLACE, AMEND, CANCEL, CANCEL_ALL, READ = 19, 20, 21, 22, 23
R = dict(NO_RULE=32, DENIED=33, PER_TX=34, WINDOW=35, RATE=36, CHAIN=37, HALTED=38, OVERFLOW=39,
         FLAGS=41, RAW_DIGEST=42, NOT_A_SIGNER=43, NEEDS_APPROVAL=45, HOURS=46, BLACKOUT=47,
         CONFINED=48, REDUCE_ONLY=49, STALE=50, NO_PRICE=51, POSITION=52, DRAWDOWN=53, FEE=54,
         GAS_PRICE=55, ALLOWANCE=56)
VENUE = (1 << 63) | (5 << 56) | 1
FAULT = None  # a seeded fault: the name of one of FAULTS
FAULTS = ["limit off by one", "window a bucket short", "deny after allow", "replacement adds up",
          "lease refilled at a restart", "haircut forgotten", "stale by a second",
          "month of 31 days", "own approval counts", "rounds down", "call tree ignored",
          "counterparty rows merged"]


class Bad(Exception):
    """Why something has no value: a reason of the engine."""


def ceil_div(a, b):
    if FAULT == "rounds down":
        return a // b
    return -(-a // b)


def fit(value):
    if value > MAX:
        raise Bad("OVERFLOW")
    return value


# Calendar: days are looked up second by second around each clock change, with datetime for months.

class Zone:
    def __init__(self, offset, changes):
        self.offset, self.changes = offset, changes

    def wall(self, second):
        offset = self.offset
        for at, then in self.changes:
            if at <= second:
                offset = then
        return second + offset

    def day(self, second):
        """Days never go backwards: the latest that any earlier second of the last two days had."""
        day = self.wall(second) // 86400
        for at, _ in self.changes:
            if second - 172800 <= at - 1 < second:
                day = max(day, self.wall(at - 1) // 86400)
        return day

    def period(self, kind, ms):
        day = self.day(ms // 1000)
        if kind == 1:
            return day
        if kind == 2:
            return (day + 3) // 7
        if FAULT == "month of 31 days":
            return day // 31
        date = datetime.date(1970, 1, 1) + datetime.timedelta(days=day)
        return date.year * 12 + date.month


class Charge:
    def __init__(self, who, rule, key, amount, at, digest):
        self.who, self.rule, self.key, self.amount = who, rule, key, amount
        self.at, self.digest, self.current = at, digest, True


class Model:
    def __init__(self, world):
        self.w = world
        self.now = 0
        self.mode = 0
        self.charges = []   # of requests, and what restarts left of leases
        self.released = []  # (rule, amount, at)
        self.leases = {}    # (rule, key) -> [left, taken at, until]
        self.feeds = {}     # feed -> dict(seq, time, positions, equity)
        self.prices = {}    # asset -> (price, scale, time)
        self.peaks = {}     # rule -> (period, equity)
        self.reviews = []
        self.digests = {}   # who -> what was signed last

    # Which rules a request falls under.

    def key_in(self, keys, name):
        return any(name == k or (k.endswith("*") and name.startswith(k[:-1])) for k in keys)

    def who_asks(self, r, q):
        return (r.get("principals") is None or q["principal"] in r["principals"]) and \
               (r.get("keys") is None or self.key_in(r["keys"], q["key"]))

    def asks(self, r, q):
        return self.who_asks(r, q) and q["use"] in r["uses"] and \
            (r.get("operations") is None or q["op"] in r["operations"])

    def asset_of(self, chain, token, any_chain=False):
        for i, (_, on, t, _) in enumerate(self.w["assets"]):
            if t == token and (any_chain or on == chain):
                yield i

    def asset_in(self, r, q, m, loosely):
        return any(i in r["assets"] for i in
                   self.asset_of(q["chain"] or 0, m["asset"], loosely and q["chain"] is None))

    def market_ok(self, r, q):
        return r.get("markets") is None or (q["market_at"] is not None and q["market_at"] in r["markets"])

    def covers(self, r, q):
        if not self.asks(r, q) or not self.market_ok(r, q):
            return False
        if r.get("chains") is not None and q["chain"] not in r["chains"]:
            return False
        targets = [c[0] for c in q["calls"]]
        if FAULT == "call tree ignored":
            targets = targets[:1]
        if r.get("contracts") is not None:
            targets = targets or ([q["target"]] if q["target"] else [])
            if not targets or any(t not in r["contracts"] for t in targets):
                return False
        if r.get("methods") is not None:
            if not q["calls"] or any(c[1] not in r["methods"] for c in q["calls"]):
                return False
        moved = False
        for m in q["moves"]:
            if m["kind"] == M_FEE:
                if m["asset"] != "-":
                    return False
                continue
            if m["kind"] == RECEIVE:
                continue
            if r.get("assets") is not None and m["kind"] != CONTROL and not self.asset_in(r, q, m, False):
                return False
            if r.get("to") is not None and m["to"] not in r["to"]:
                return False
            if m["kind"] != CONTROL or r.get("assets") is None:
                moved = True
        return moved or (r.get("assets") is None and r.get("to") is None)

    def touches(self, r, q):
        if not self.asks(r, q) or not self.market_ok(r, q):
            return False
        if r.get("chains") is not None and r["kind"] != CHAINS:
            if not (q["op"] != MESSAGE if q["chain"] is None else q["chain"] in r["chains"]):
                return False
        targets = [c[0] for c in q["calls"]] + [q["target"]]
        if r.get("contracts") is not None:
            tokens = [m["asset"] for m in q["moves"] if m["asset"] != "-"]
            if not any(t in r["contracts"] for t in targets + tokens if t):
                return False
        if r.get("methods") is not None and not any(c[1] in r["methods"] for c in q["calls"]):
            return False
        if r.get("assets") is None and r.get("to") is None:
            return True
        if r.get("assets") is None and any(t in r["to"] for t in targets if t):
            return True
        for m in q["moves"]:
            if m["kind"] == M_FEE:
                continue
            if r.get("assets") is not None and not self.asset_in(r, q, m, True):
                continue
            if r.get("to") is None or m["to"] in r["to"] or \
                    (m["from"] != q["account"] and m["from"] in r["to"]):
                return True
        return False

    def conditions(self, r, q):
        for label, index, test, number, values in r.get("if", []):
            named = [a for i, a in enumerate(q["args"]) if (a[1] == label if label else i == index)]
            met = []
            for kind, _, value, raw in named:
                if test in (1, 2):
                    if kind <= 3:
                        raw = value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big").hex()
                    met.append((raw in values) == (test == 1))
                elif kind > 3:
                    met.append(False)
                elif kind == 2 and value >> 255:
                    met.append(test == 3)
                else:
                    met.append(value <= number if test == 3 else value >= number)
            if not (named and all(met) if r["kind"] == ALLOW else any(met)):
                return False
        return True

    # Values.

    def fresh(self, feed, at):
        oldest = self.w["feeds"][feed][2] * 1000
        if FAULT == "stale by a second":
            oldest += 1000
        return self.now - at <= oldest

    def value(self, asset, amount, seen):
        if amount == 0:
            return 0
        price = self.w["prices"].get(asset)
        if price is None:
            raise Bad("NO_PRICE")
        feed, haircut, fixed = price
        decimals = self.w["assets"][asset][3]
        if feed is None:
            value = ceil_div(fit(amount * fixed), 10**decimals)
        else:
            seen.append(feed)
            if asset not in self.prices:
                raise Bad("NO_PRICE")
            number, scale, at = self.prices[asset]
            if not self.fresh(feed, at):
                raise Bad("STALE")
            up, down = self.w["reference"], decimals + scale
            value = fit(amount * number)
            value = fit(value * 10**(up - down)) if up >= down else ceil_div(value, 10**(down - up))
        if FAULT == "haircut forgotten":
            return value
        return ceil_div(fit(value * (10000 + haircut)), 10000)

    def order_amount(self, q):
        if q["market_at"] is None:
            raise Bad("NO_PRICE")
        _, _, quoted, factor, scale, _ = self.w["markets"][q["market_at"]]
        decimals = self.w["assets"][quoted][3]
        if q["price"] and q["quantity"] and q["type"] in (0, 1, 3):
            amount = fit(fit(q["price"][0] * q["quantity"][0]) * factor)
            down = q["price"][1] + q["quantity"][1] + scale
        elif q["quote"]:
            amount, down = q["quote"]
        else:
            raise Bad("NO_PRICE")
        return fit(amount * 10**(decimals - down)) if decimals >= down else ceil_div(amount, 10**(down - decimals))

    def order_value(self, q, seen):
        if q["market_at"] is None:
            raise Bad("NO_PRICE")
        _, _, quoted, factor, scale, base = self.w["markets"][q["market_at"]]
        bound = None
        try:
            bound = self.value(quoted, self.order_amount(q), seen)
            if q["side"] == 1:
                return bound
        except Bad as bad:
            if str(bad) != "NO_PRICE":
                raise
        try:
            if base is None or not q["quantity"]:
                raise Bad("NO_PRICE")
            decimals, down = self.w["assets"][base][3], q["quantity"][1] + scale
            amount = fit(q["quantity"][0] * factor)
            amount = fit(amount * 10**(decimals - down)) if decimals >= down \
                else ceil_div(amount, 10**(down - decimals))
            return max(bound or 0, self.value(base, amount, seen))
        except Bad as bad:
            if str(bad) != "NO_PRICE" or bound is None:
                raise
            return bound

    # What a request comes to under a limit: {row: amount}.

    def spends(self, r, kind):
        if kind in (OUT, LOCK):
            return r["measure"] in (VALUE, NOTIONAL)
        return kind == M_FEE and r["measure"] != ALLOWANCE or \
            kind == M_ALLOWANCE and r["measure"] != FEE

    def row(self, r, q):
        per = r.get("per", 0)
        return {KEY: ("key", q["keyid"]), PRINCIPAL: ("principal", q["principal"]),
                CHAIN: ("chain", q["chain"] or 0), MARKET: ("market", q["market_at"])}.get(per, ())

    def parts(self, r, q, seen):
        per, whole = r.get("per", 0), self.row(r, q)
        parts = {} if per in (ASSET, COUNTERPARTY) else {whole: 0}

        def add(key, amount):
            parts[key] = fit(parts.get(key, 0) + amount)
        if r["kind"] == RATE:
            return {whole: 1}
        if r["measure"] == GAS_PRICE:
            here = self.w["assets"][r["asset"]][1] == (q["chain"] or 0)
            return {whole: q["gasprice"] if here else 0}
        for m in q["moves"]:
            if not self.spends(r, m["kind"]):
                continue
            if r.get("to") is not None and (m["kind"] == M_FEE or m["to"] not in r["to"]):
                continue
            found = list(self.asset_of(q["chain"] or 0, m["asset"]))
            if r["measure"] != NOTIONAL:
                if r["asset"] not in self.asset_of(q["chain"] or 0, m["asset"], q["chain"] is None):
                    continue
            if per == COUNTERPARTY and m["kind"] == M_FEE:
                continue
            amount, key = m["amount"], whole
            if r["measure"] == NOTIONAL:
                if amount and not found:
                    raise Bad("NO_PRICE")
                amount = self.value(found[0], amount, seen) if amount else 0
                key = ("asset", found[0] if found else None) if per == ASSET else key
            if per == COUNTERPARTY:
                key = ("to", "" if FAULT == "counterparty rows merged" else m["to"])
            add(key, amount)
        if q["op"] in (PLACE, AMEND) and q["order"] and per != COUNTERPARTY and r.get("to") is None:
            if r["measure"] == NOTIONAL:
                value = self.order_value(q, seen)
                add(("asset", self.w["markets"][q["market_at"]][2]) if per == ASSET else whole, value)
            elif r["measure"] == VALUE and self.w["assets"][r["asset"]][1] == q["chain"]:
                at = q["market_at"]
                if at is None or self.w["markets"][at][2] == r["asset"]:
                    add(whole, self.order_amount(q))
        return parts

    def counts(self, rule, at):
        r = self.w["rules"][rule]
        if r.get("period"):
            zone = self.w["zones"][r["zone"]]
            return zone.period(r["period"], at) == zone.period(r["period"], self.now)
        span = r["window"] * 1000
        width = -(-span // 63)
        last = at - at % width + width - 1
        if FAULT == "window a bucket short":
            last -= width
        return self.now - last < span

    def identity(self, q):
        if q["family"] == 1 and q["gas"] > 0 and q["op"] not in (MESSAGE, DIGEST):
            return ("nonce", q["chain"], q["account"], q["nonce"])
        return ("digest", q["keyid"], q["digest"])

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
        live = [c for c in self.charges if c.rule == rule and c.key == key and self.counts(rule, c.at)]
        spent = fit(sum(c.amount for c in live) + base)
        held = next((c for c in live if c.current and c.who == who), None)
        same = any(c.current and c.who == who and self.counts(c.rule, c.at) for c in self.charges) \
            and self.digests.get(who) == q["digest"]
        if amount == 0 or (held and same):
            return spent, None
        taken = 0
        if held and r["kind"] != RATE:
            taken = held.amount
            amount = max(amount, taken)
            if FAULT == "replacement adds up":
                taken = 0
        return fit(spent - taken + amount), (rule, key, amount, held)

    def apply(self, q, new):
        rule, key, amount, held = new
        r = self.w["rules"][rule]
        if held:
            held.current = False
            if r["kind"] != RATE:
                self.charges.remove(held)
        at, took = self.now, 0
        if "lease" in r:
            left = self.lease(rule, key)
            _, since, until = self.leases.get((rule, key), (0, 0, 0))
            if amount <= left:
                at = since
                self.leases[(rule, key)] = (left - amount, since, until)
            else:
                spent = sum(c.amount for c in self.charges
                            if c.rule == rule and c.key == key and self.counts(rule, c.at))
                slice_ = min(max(r["lease"], amount), r["amount"] - spent)
                self.leases[(rule, key)] = (slice_ - amount, self.now, self.now + r["lease_s"] * 1000)
                took = 1
        self.charges.append(Charge(self.identity(q), rule, key, amount, at, q["digest"]))
        return took, self.leases.get((rule, key), (0,))[0]

    # The decision.

    def stops(self, q, passes):
        return (passes & 1 and q["op"] in (CANCEL, CANCEL_ALL)) or \
               (passes & 2 and q["op"] == PLACE and q["order"] and q["reduce"])

    def deny(self, reason, rule=NONE, measured=0, limit=0, limit_rule=NONE, asset=NONE, feed=NONE):
        return [2, rule, R[reason], limit_rule, asset, feed, measured, limit, self.now, 0, 0]

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
        return measured > limit + (1 if FAULT == "limit off by one" else 0)

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

    def reviews_missing(self, q):
        """The rule that lacks approvals, how many there are and how many it wants; or the review."""
        rules = [(i, r) for i, r in enumerate(self.w["rules"])
                 if r["kind"] == REVIEW and self.touches(r, q) and self.conditions(r, q)]
        if not rules:
            return None, None
        first = None
        for review in [None] + [v for v in self.reviews if v["of"] == self.envelope(q)]:
            for i, r in rules:
                needed, organisations, _, range_bps, panel = r["panel"]
                fits = review is not None and self.within(review, q, range_bps)
                yes = [p for p, until in review["yes"].items()
                       if p in panel and until > self.now] if fits else []
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

    def ask(self, q):
        self.now = max(self.now, q["now"])
        rules = self.w["rules"]
        if (q["halted"] or self.mode == 2) and not self.stops(q, self.w["passes"]):
            return self.deny("HALTED")
        if self.mode == 1 and q["op"] != READ and not self.stops(q, 3):
            return self.deny("REDUCE_ONLY")
        if not self.w["principals"][q["principal"]][2] & 16:
            return self.deny("NOT_A_SIGNER")
        if FAULT != "deny after allow":
            denied = self.denied(q)
            if denied:
                return denied
        flagged = allowed = None
        for i, r in enumerate(rules):
            if r["kind"] == ALLOW and self.covers(r, q) and self.conditions(r, q):
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
            if r["kind"] not in (PER_TX, WINDOW, RATE, POSITION, DRAWDOWN) or not self.touches(r, q):
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
        missing, review = self.reviews_missing(q)
        if missing:
            return [3, missing[0], R["NEEDS_APPROVAL"], NONE, NONE, NONE, missing[1], missing[2],
                    self.now, 0, 0]
        for new in news:
            took, left = self.apply(q, new)
            if took:
                answer[9] += 1
                answer[10] = left
        if news:
            self.digests[self.identity(q)] = q["digest"]
        if review:
            self.reviews.remove(review)
        return answer

    def denied(self, q):
        for i, r in enumerate(self.w["rules"]):
            if r["kind"] == CONFINE:
                if self.who_asks(r, q) and not self.covers(r, q):
                    return self.deny("CONFINED", i)
                continue
            if r["kind"] not in (DENY, CHAINS, HOURS, REDUCE) or not self.touches(r, q):
                continue
            if r["kind"] == DENY and self.conditions(r, q):
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

    # What is told.

    def hold(self, q, leaf):
        numbers = (q["price"], q["quantity"], q["quote"])
        for v in self.reviews:
            if v["of"] == self.envelope(q) and v["numbers"] == numbers:
                return
        self.reviews.append(dict(of=self.envelope(q), numbers=numbers, leaf=leaf, yes={},
                                 asked_by=q["principal"]))

    def approve(self, principal, leaf, expires, now):
        self.now = max(self.now, now)
        review = next((v for v in self.reviews if v["leaf"] == leaf), None)
        if review is None:
            return 23
        longest = max([r["panel"][2] * 1000 for r in self.w["rules"]
                       if r["kind"] == REVIEW and principal in r["panel"][4]] or [0])
        own = principal == review["asked_by"] and FAULT != "own approval counts"
        if own or longest == 0:
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
                for i, r in enumerate(self.w["rules"]):
                    if r["kind"] == DRAWDOWN and r["feed"] == feed:
                        period = self.w["zones"][r["zone"]].period(r["period"], at) if r.get("period") else 0
                        old = self.peaks.get(i)
                        if old is None or period > old[0]:
                            self.peaks[i] = (period, item[1])
                        else:
                            self.peaks[i] = (old[0], max(old[1], item[1]))
            else:
                self.settle(feed, item[1], item[2])
        return 0

    def settle(self, feed, digest, used):
        whos = {c.who for c in self.charges if c.current and self.counts(c.rule, c.at)
                and self.digests.get(c.who) == digest}
        for who in sorted(whos, key=str)[:1]:
            for c in [c for c in self.charges if c.current and c.who == who and self.counts(c.rule, c.at)]:
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
            if self.lease(rule, key) and FAULT != "lease refilled at a restart":
                lost = Charge(None, rule, key, left, at, None)
                lost.current = False
                self.charges.append(lost)
        self.leases = {}
