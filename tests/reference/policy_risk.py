"""Risk scores: what a model looks at, what it remembers, and what its trees say."""
import math
import struct

import policy_terms as t
from policy_terms import *

ONE = 65536
MOST = 1 << 52
SPANS = {0: 3600000, 1: 86400000, 2: 30 * 86400000}
(NOTHING, AMOUNT, RATIO, VOLUME, REQUESTS, NEW, KNOWN, HOUR, WEEKDAY, IS_CHAIN, IS_OP, IS_FLAG, FLAGS,
 IS_FAMILY, GAS_RATIO, FEE_LOG, ORDER_LOG, SIDE, ORDER_REDUCES, MOVES, CALLS, UNREAD, ASSETS,
 IDLE) = range(1, 25)
SPENT = (OUT, M_ALLOWANCE, PULL, LOCK)


def leading(value):
    """The leading 64 bits, and how far they stand above one."""
    bits = value.bit_length()
    return (value << (64 - bits) if bits <= 64 else value >> (bits - 64)), bits - 64


def log2(value):
    """Squaring the leading 64 bits doubles the logarithm: its whole part is the next bit."""
    x, shift = leading(value)
    log = shift + 63
    for _ in range(16):
        square = x * x
        carry = square >> 127
        x = square >> (64 if carry else 63)
        log = 2 * log + carry
    return log


def ratio(value, total, count):
    above, high = leading(min(value * count, MAX))
    below, low = leading(total)
    shift = 63 - 16 - (high - low)
    if shift < 12:
        return MOST
    return min(((above << 63) // below) >> shift if shift <= 64 else 0, MOST)


def key_of(number):
    """The key of a binary64 number, as the compiled form has thresholds."""
    bits = struct.unpack(">Q", struct.pack(">d", number))[0]
    return -(bits & (2**63 - 1)) if bits >> 63 else bits


class Risk:
    def begin_history(self):
        self.past = {}     # (what, principal, name) -> [(time, amount)]
        self.asked = {}    # principal -> [time]
        self.met = {}      # (principal, chain, address) -> times

    def order_volume(self, q):
        """Price × quantity or the quantity by value, in 10^-8."""
        def rescaled(units, scale):
            return min(units * 10**(8 - scale), MAX) if scale <= 8 else units // 10**(scale - 8)
        if not q["order"]:
            return 0
        if q["quote"]:
            return rescaled(*q["quote"])
        if not q["price"] or not q["quantity"]:
            return 0
        return rescaled(min(q["price"][0] * q["quantity"][0], MAX), q["price"][1] + q["quantity"][1])

    def amounts(self, q):
        sums = {}
        for m in q["moves"]:
            if m["kind"] in SPENT and m["amount"]:
                name = ("asset", q["principal"], (q["chain"] or 0, m["asset"]))
                sums[name] = min(sums.get(name, 0) + m["amount"], MAX)
        order = self.order_volume(q)
        if order:
            sums[("market", q["principal"], q["market"])] = order
        return sums

    def parties(self, q):
        chain = q["chain"] or 0
        found = [m["to"] for m in q["moves"] if m["kind"] in SPENT + (CONTROL,)] + [c[0] for c in q["calls"]]
        return {(q["principal"], chain, who) for who in found if who}

    def gas_row(self, q):
        return ("gas", q["principal"], q["chain"] or 0)

    def remembered(self, items, window):
        """Those of which the bucket, a 31st of the window, has not left."""
        width = -(-SPANS[window] // 31)
        return [i for i in items if i[0] // width >= self.now // width - 31]

    def mean_ratio(self, row, amount, window):
        past = self.remembered(self.past.get(row, ()), window)
        total = min(sum(a for _, a in past), MAX)
        return ratio(amount, total, len(past)) if total else None

    def observe(self, q):
        if not self.w["models"]:
            return
        self.asked.setdefault(q["principal"], []).append((self.now, 1))
        rows = self.amounts(q)
        if q["gasprice"]:
            rows[self.gas_row(q)] = q["gasprice"]
        for row, amount in rows.items():
            self.past.setdefault(row, []).append((self.now, amount))
        for party in self.parties(q):
            self.met[party] = self.met.get(party, 0) + 1

    def feature(self, q, kind, p):
        """In units of 2^-16, or None where there is none."""
        if kind in (AMOUNT, RATIO, VOLUME, ASSETS):
            return self.amount_feature(q, kind, p)
        if kind in (HOUR, WEEKDAY):
            second = self.now // 1000
            local = self.w["zones"][p].wall(second) + 10 * 86400
            return local % 86400 * ONE // 3600 if kind == HOUR else local // 86400 % 7 * ONE
        if kind in (NEW, KNOWN):
            counts = [self.met.get(party, 0) for party in self.parties(q)]
            if not counts:
                return None
            return ONE * (min(counts) == 0) if kind == NEW else ONE * min(counts)
        if kind == REQUESTS:
            return ONE * len(self.remembered(self.asked.get(q["principal"], ()), p))
        if kind == GAS_RATIO:
            return self.mean_ratio(self.gas_row(q), q["gasprice"], p) if q["gasprice"] else None
        if kind == IDLE:
            if q["principal"] not in self.asked:
                return None
            return log2(max(1, self.now - self.asked[q["principal"]][-1][0])) - 653118
        if kind in (ORDER_LOG, SIDE, ORDER_REDUCES):
            return self.order_feature(q, kind)
        if kind == IS_CHAIN:
            return ONE * ((q["chain"] or 0) == p)
        return {NOTHING: None, FEE_LOG: None, IS_OP: ONE * (q["op"] == p),
                IS_FLAG: ONE * (q["flags"] >> p & 1), FLAGS: ONE * bin(q["flags"]).count("1"),
                IS_FAMILY: ONE * (q["family"] == p), MOVES: ONE * len(q["moves"]),
                CALLS: ONE * len(q["calls"]), UNREAD: ONE * len(q["calls"])}[kind]

    def amount_feature(self, q, kind, window):
        amounts = self.amounts(q)
        if kind == ASSETS:
            return ONE * len(amounts)
        if kind == AMOUNT:
            found = [log2(a) for a in amounts.values()]
        elif kind == RATIO:
            found = [self.mean_ratio(row, a, window) for row, a in amounts.items()]
        else:
            found = [log2(min(MAX, a + sum(x for _, x in self.remembered(self.past.get(row, ()), window))))
                     for row, a in amounts.items()]
        return max((f for f in found if f is not None), default=None)

    def order_feature(self, q, kind):
        def log(decimal):
            return log2(decimal[0]) - (decimal[1] * 14267572527 >> 16) if decimal and decimal[0] else None
        if not q["order"]:
            return None
        if kind == SIDE:
            return ONE if q["side"] == 1 else -ONE
        if kind == ORDER_REDUCES:
            return ONE * q["reduce"]
        if q["quote"]:
            return log(q["quote"])
        price, quantity = log(q["price"]), log(q["quantity"])
        return None if price is None or quantity is None else price + quantity

    def walk(self, node, values):
        while isinstance(node, tuple):
            feature, missing, threshold, left, right = node
            value = values[feature]
            if t.FAULT == "missing goes left" and value is None:
                missing = 0
            if missing > 2 and not value:
                below = missing == 3
            elif value is None and missing < 2:
                below = missing == 0
            else:
                below = (value or 0) / ONE < threshold
            node = left if below else right
        return node

    def score(self, model, values):
        """In millionths, rounded down. Leaves are sixteenths."""
        total = sum(self.walk(tree, values) for tree in model["trees"])
        if not model["logistic"]:
            return total * 1000000 // 16
        return math.floor(1000000 / (1 + math.exp(-total / 16)))

    def ask_models(self, q):
        """{model: (score, features)} of the models of the rules that the request touches, up to the
        first rule that denies."""
        scores = {}
        for i, r in enumerate(self.w["rules"]):
            if r["kind"] != RISK or not self.touched(i, q):
                continue
            if r["model"] not in scores:
                model = self.w["models"][r["model"]]
                values = [self.feature(q, *f) for f in model["features"]]
                scores[r["model"]] = (self.score(model, values), values)
            if self.denies(r, scores):
                break
        return scores

    def denies(self, r, scores):
        at = r["deny_at"]
        return at is not None and scores[r["model"]][0] >= at + (t.FAULT == "score from one above")

    def risk_denied(self, q, scores):
        for i, r in enumerate(self.w["rules"]):
            if r["kind"] == RISK and self.touched(i, q) and r["model"] in scores and self.denies(r, scores):
                if t.FAULT == "denied requests are remembered":
                    self.observe(q)
                answer = self.deny("RISK_SCORE", i, max(0, scores[r["model"]][0]), max(0, r["deny_at"]), i)
                return answer[:11] + [scores]
        return None

    def wants_review(self, i, r, scores):
        return r["kind"] != RISK or \
            r["model"] in scores and r["review_at"] is not None and scores[r["model"]][0] >= r["review_at"]
