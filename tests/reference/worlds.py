"""Worlds, requests and feeds drawn at random, as the model's values and the engine's lines."""
import random
import zlib

from policy_breakers import DENIALS, FALL, LOSS, SILENT, STEP, UNACKED
from policy_risk import *
from policy_terms import *

USERS = ["22" * 20, "33" * 20, "44" * 20, "55" * 32]
TOKEN_HEX, ROUTER, ACCOUNT = "aa" * 20, "cc" * 20, "01" * 20
METHODS = ["02020202", "05050505", "0909"]
KEYS = ["hot-1", "hot-2", "cold"]
# Berlin in 2026: the clock goes forward on 29 March and back on 25 October. Beside it a made-up
# zone whose clock goes back over midnight, and one whose does forward.
ZONES = [(3600, [(1774746000, 7200), (1792890000, 3600)]),
         (0, [(1774753200, 3600), (1774828800, 0), (1774915200, 3600)]),
         (-14400, [])]
STARTS = [1774746000, 1774753200, 1774828800, 1774915200, 1792890000, 1774990000, 1767225600]


class Draw:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def world(self):
        r = self.r
        w = dict(principals=[("root", "a", 16 | 4), ("bot", "a", 16), ("boss", "b", 4), ("chief", "a", 4)],
                 assets=[("ETH", 1, "-", 18), ("USDC", 1, TOKEN_HEX, 6), ("ETHX", 10, "-", 18),
                         ("USDT", VENUE, "55534454", 18), ("BTC", VENUE, "425443", 18)],
                 reference=r.choice([0, 2, 6]), feeds=[("px", 15, r.choice([1, 3, 60]))],
                 markets=[("perp", "BTCUSDT", 3, r.choice([1, 5]), r.choice([0, 1]), r.choice([4, None])),
                          ("spot", "ETHUSDT", 3, 1, 0, None)],
                 prices={}, zones=[Zone(o, list(c)) for o, c in ZONES], passes=r.randrange(4), rules=[])
        for asset in range(5):
            if r.random() < 0.7:
                fed = r.random() < 0.6
                w["prices"][asset] = (0 if fed else None, r.choice([0, 0, 50, 10000]),
                                      None if fed else r.choice([1, 7, 10**6, 10**18, 2**200]))
        w["breakers"] = [self.breaker() for _ in range(r.choice([0, 0, 1, 2, 3]))]
        w["models"] = [self.model() for _ in range(r.choice([0, 0, 0, 1, 2]))]
        count = r.randrange(1, 8)
        if r.random() < 0.9:
            w["rules"].append(dict(kind=ALLOW, uses=range(1, 6), flags=2**24 - 1))
        for _ in range(count):
            w["rules"].append(self.rule(w))
        return w

    def subset(self, items, least=0):
        items = list(items)
        return set(self.r.sample(items, self.r.randrange(least, len(items) + 1)))

    def amount(self):
        r = self.r
        return r.choice([r.randrange(60), r.randrange(60), r.randrange(6) * 10**18, 5 * 10**6, MAX, 2**255, 0])

    def rule(self, w):
        r = self.r
        kind = r.choice([ALLOW, ALLOW, DENY, PER_TX, PER_TX, WINDOW, WINDOW, WINDOW, WINDOW, RATE,
                         CHAINS, REVIEW, HOURS, CONFINE, REDUCE, POSITION, DRAWDOWN] +
                        [RISK] * 8 * (len(w["models"]) > 0))
        if kind in (DENY, CHAINS, CONFINE, REDUCE, HOURS, DRAWDOWN) and r.random() < 0.5:
            kind = WINDOW
        o = dict(kind=kind, uses=set(range(1, 6)) if r.random() < 0.85 else self.subset(range(1, 6)), flags=0)
        if kind == ALLOW:
            o["flags"] = r.choice([0, 2**24 - 1, r.randrange(2**24)])

        def maybe(key, items, chance=0.15):
            if r.random() < chance:
                o[key] = self.subset(items)
        maybe("principals", range(4))
        maybe("operations", [TRANSFER, TOKEN, APPROVE, CALL, MESSAGE, DIGEST, PLACE, AMEND, CANCEL])
        maybe("keys", ["hot-1", "hot-*", "cold", "*"])
        maybe("chains", [1, 10, VENUE])
        maybe("contracts", [TOKEN_HEX, ROUTER, USERS[0]], 0.1)
        maybe("methods", METHODS, 0.1)
        maybe("assets", range(5))
        maybe("to", USERS + [ROUTER])
        maybe("markets", range(2), 0.1)
        if kind == CHAINS:
            o.setdefault("chains", self.subset([1, 10, VENUE], 1))
        if kind in (PER_TX, WINDOW):
            o["measure"] = r.choice([VALUE, VALUE, FEE, ALLOWANCE, NOTIONAL] + [GAS_PRICE] * (kind == PER_TX))
            o["amount"] = self.amount()
            if o["measure"] != NOTIONAL:
                o["asset"] = r.choice([0, 0, 0, 1, 1, 2, 3, 4])
        if kind in (WINDOW, RATE):
            if r.random() < 0.35:
                o["period"], o["zone"] = r.randrange(1, 4), r.randrange(3)
            else:
                o["window"] = r.choice([1, 2, 4, 63, 63, 3600, 3600, 86400, 31622400])
            o["per"] = r.choice([0, 0, KEY, PRINCIPAL, CHAIN, COUNTERPARTY, ASSET])
            if o["per"] == ASSET and o.get("measure") != NOTIONAL or \
                    o["per"] == COUNTERPARTY and o.get("measure", FEE) == FEE:
                o["per"] = 0
        if kind == RATE:
            o["count"] = r.randrange(8)
        if kind == WINDOW and r.random() < 0.4:
            o["lease"], o["lease_s"] = r.randrange(1, 30), r.choice([1, 2, 60, 3600])
        if kind == WINDOW and r.random() < 0.3:
            o["release"], o["feed"] = self.amount(), 0
        if kind == HOURS:
            o["zone"] = r.randrange(3)
            o["hours"] = [(r.randrange(1, 128), *sorted(r.sample(range(1441), 2))) for _ in range(r.randrange(3))]
            today = r.choice(STARTS) // 86400
            o["dates"] = sorted(self.subset(range(today - 1, today + 2), 0 if o["hours"] else 1))
        if kind == RISK:
            self.thresholds(o, w)
        if kind == REVIEW or o.get("review_at") is not None:
            panel = set(r.choice([[0, 2], [2, 3], [0, 2, 3]]))
            needed = r.randrange(1, len(panel) + 1)
            most = min(needed, len({w["principals"][p][1] for p in panel}))
            o["panel"] = (needed, r.randrange(1, most + 1), r.choice([1, 5, 60]), r.choice([0, 100, 5000]), panel)
        if kind == POSITION:
            o.update(amount=self.amount(), window=r.choice([1, 4, 60]), feed=0, per=r.choice([0, MARKET]))
        if kind == DRAWDOWN:
            o.update(count=r.choice([0, 500, 5000, 10000]), feed=0)
            if r.random() < 0.5:
                o["period"], o["zone"] = 1, r.randrange(3)
        if kind in (ALLOW, DENY, REVIEW, RISK) and r.random() < 0.15:
            o["if"] = [self.condition() for _ in range(r.randrange(1, 3))]
        return o

    def condition(self):
        r = self.r
        label = r.choice(["to", "amountIn", ""])
        test = r.randrange(1, 5)
        values = self.subset([USERS[0], "05", "00", "01ff"]) if test < 3 else set()
        return (label, r.randrange(2), test, r.choice([0, 5, 511]) if test > 2 else 0, values)

    def thresholds(self, o, w):
        r = self.r
        o["model"] = r.randrange(len(w["models"]))
        scores = [-2000000, -62500, 0, 0, 1, 62500, 268941, 500000, 730000, 731058, 731059, 1000000, 2500000]
        low, high = sorted(r.sample(range(len(scores)), 2))
        o["review_at"], o["deny_at"] = r.choice([(scores[low], scores[high]), (scores[low], None), (None, scores[high])])
        if o["review_at"] == o["deny_at"]:
            o["review_at"] = None

    def breaker(self):
        r = self.r
        on = r.choice([DENIALS, DENIALS, LOSS, LOSS, FALL, UNACKED, SILENT, STEP])
        return dict(on=on, mode=r.randrange(1, 3), feed=0 if on in (LOSS, FALL, SILENT) else None,
                    window=0 if on in (FALL, UNACKED) else r.choice([1, 4, 5, 63, 3600, 86400]),
                    count=r.choice([0, 2, 5, 500, 5000, 10000]) if on in (DENIALS, FALL, UNACKED) else 0,
                    amount=r.choice([0, 4, 5, 20, 10**18, MAX]) if on == LOSS else 0)

    def model(self):
        r = self.r
        kinds = [(NOTHING, 0), (AMOUNT, 0), (RATIO, 0), (RATIO, 1), (VOLUME, 0), (VOLUME, 2), (REQUESTS, 0),
                 (REQUESTS, 1), (NEW, 0), (KNOWN, 0), (HOUR, 0), (HOUR, 1), (WEEKDAY, 0), (WEEKDAY, 2),
                 (IS_CHAIN, 1), (IS_CHAIN, VENUE), (IS_OP, TOKEN), (IS_OP, PLACE), (IS_FLAG, 3), (FLAGS, 0),
                 (IS_FAMILY, 5), (GAS_RATIO, 0), (GAS_RATIO, 1), (FEE_LOG, 0), (ORDER_LOG, 0), (SIDE, 0),
                 (ORDER_REDUCES, 0), (MOVES, 0), (CALLS, 0), (UNREAD, 0), (ASSETS, 0), (IDLE, 0)]
        features = r.sample(kinds, r.randrange(1, 6))
        return dict(features=features, logistic=r.random() < 0.4,
                    trees=[self.tree(len(features), 0) for _ in range(r.choice([1, 1, 2, 5, 9]))])

    def tree(self, features, depth):
        r = self.r
        if depth == 3 or r.random() < 0.2:
            return r.randrange(-24, 25)
        threshold = r.choice([-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 12.0, 20.0, 60.0, 1 / 3])
        return (r.randrange(features), r.randrange(5), threshold, self.tree(features, depth + 1),
                self.tree(features, depth + 1))

    def items(self, world, requests):
        """What a feed says: for the model, and as the engine's words."""
        r = self.r
        items, words = [], []
        for _ in range(r.randrange(1, 4)):
            kind = r.choice([1, 1, 2, 3, 3, 4])
            if kind == 1:
                asset = r.randrange(5)
                item = (1, asset, r.choice([0, 1, 17, 10**6, 2**150]), r.choice([0, 2, 6]))
                words.append("1,%s,%d,%d" % (world["assets"][asset][0], item[2], item[3]))
            elif kind == 2:
                held = {m: r.choice([0, 5, 10**18, 2**255]) for m in r.sample(range(2), r.randrange(3))}
                item = (2, held)
                words.append("2,%d%s" % (len(held), "".join(",%s,%d" % (world["markets"][m][0], v) for m, v in held.items())))
            elif kind == 3:
                item = (3, r.choice([0, 95, 100, 100, 120, 10**18, MAX]))
                words.append("3,%d" % item[1])
            else:
                digest = r.choice(requests)["digest"] if requests else "00" * 32
                used = {a: r.randrange(8) for a in r.sample(range(5), r.randrange(3))}
                item = (4, digest, used)
                words.append("4,%s,%d%s" % (digest, len(used), "".join(",%s,%d" % (world["assets"][a][0], v) for a, v in used.items())))
            items.append(item)
        return items, words

    def request(self, w):
        r = self.r
        venue = r.random() < 0.4
        chain = VENUE if venue else r.choice([1, 1, 1, 10, None, 56])
        op = r.choice([PLACE, PLACE, PLACE, AMEND, CANCEL, CANCEL_ALL, READ]) if venue else \
            r.choice([TRANSFER, TRANSFER, TOKEN, TOKEN, APPROVE, CALL, MESSAGE, DIGEST])
        q = dict(principal=r.choice([1] * 14 + [0] * 5 + [2]), key=r.choice(KEYS), op=op, chain=chain,
                 use=5 if op == DIGEST else 2 if op == MESSAGE else 4 if venue else r.choice([1, 1, 3]),
                 flags=2**r.randrange(20) if r.random() < 0.08 else 0,
                 family=5 if venue else 1, account="" if venue else ACCOUNT, nonce=r.randrange(4),
                 gas=0 if venue else r.choice([0, 21000, 21000]), gasprice=r.randrange(60), target="",
                 moves=[], calls=[], args=[], order=venue, market="", side=0, type=0, reduce=0,
                 price=None, quantity=None, quote=None, market_at=None)
        q["keyid"] = {"hot-1": "10" * 16, "hot-2": "20" * 16, "cold": "30" * 16}[q["key"]]
        if op in (MESSAGE, DIGEST):
            q["chain"], q["gas"] = None, 0
        elif not venue:
            self.fill_tx(q)
        else:
            self.fill_order(q, w)
        for _ in range(r.choice([0, 0, 0, 1, 3])):
            kind = r.randrange(1, 6)
            number = r.choice([0, 5, 6, 511, 512, 2**256 - 1]) if kind <= 3 else 0
            q["args"].append((kind, r.choice(["to", "amountIn", "x"]), number,
                              "" if kind <= 3 else r.choice([USERS[0], "05", "00"])))
        body = repr(sorted((k, v) for k, v in q.items() if k != "principal"))
        q["digest"] = "%064x" % (zlib.crc32(body.encode()) * 2**64 + 1)
        return q

    def fill_tx(self, q):
        r = self.r
        token = q["op"] in (TOKEN, APPROVE)
        q["target"] = TOKEN_HEX if token else r.choice(USERS[:3] + [ROUTER])
        kinds = {TRANSFER: [OUT], TOKEN: [OUT, PULL], APPROVE: [M_ALLOWANCE]}.get(
            q["op"], [OUT, RECEIVE, CONTROL, LOCK, M_ALLOWANCE])
        for _ in range(1 if q["op"] != CALL else r.randrange(4)):
            amount = r.choice([r.randrange(13), r.randrange(13), 10**18, MAX if r.random() < 0.1 else 1, 2**128])
            q["moves"].append(dict(kind=r.choice(kinds), asset=TOKEN_HEX if token else r.choice(["-", "-", TOKEN_HEX, "bb" * 20]),
                                   amount=amount, to=r.choice(USERS + [ROUTER]),
                                   **{"from": r.choice([ACCOUNT] * 3 + [USERS[1]])}))
        if r.random() < 0.6:
            q["moves"].append(dict(kind=M_FEE, asset="-", amount=r.randrange(4), to="", **{"from": ACCOUNT}))
        if token or q["op"] == CALL:
            q["calls"].append((q["target"], r.choice(METHODS)))
            for _ in range(r.choice([0, 0, 1, 2])):
                q["calls"].append((r.choice([TOKEN_HEX, ROUTER, USERS[1]]), r.choice(METHODS + [""])))

    def fill_order(self, q, w):
        r = self.r
        q["market"] = r.choice(["BTCUSDT", "BTCUSDT", "ETHUSDT", "DOGEUSDT"])
        q["market_at"] = next((i for i, m in enumerate(w["markets"]) if m[1] == q["market"]), None)
        q["calls"].append(("", r.choice(METHODS)))
        q["side"], q["type"] = r.randrange(1, 3), r.choice([1, 1, 2, 3])
        q["reduce"] = int(r.random() < 0.2)
        price = lambda: (r.choice([0, 1, 7, 12345, 10**18]), r.choice([0, 1, 6, 18, 30]))
        q["price"] = price() if q["type"] != 2 and r.random() < 0.9 else None
        q["quantity"] = price() if r.random() < 0.9 else None
        q["quote"] = price() if r.random() < 0.2 else None


def cbor(value):
    """Canonical CBOR of what a model's form is made of."""
    def head(major, n):
        for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
            if n < 24:
                return bytes([major << 5 | n])
            if n < 1 << 8 * size:
                return bytes([major << 5 | extra]) + n.to_bytes(size, "big")
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    return head(4, len(value)) + b"".join(map(cbor, value))


def decimal(sixteenths):
    m, e = sixteenths, 4
    while m and m % 2 == 0:
        m, e = m // 2, e - 1
    return [m, e] if m else [0, 0]


def preorder(tree):
    if not isinstance(tree, tuple):
        return [decimal(tree)]
    feature, missing, threshold, left, right = tree
    return [[feature, missing, key_of(threshold)]] + preorder(left) + preorder(right)


def model_form(m):
    return cbor({1: "zcp-risk-model-v1", 2: 2, 3: 2 if m["logistic"] else 1, 4: [[0, 0]],
                 5: [list(f) for f in m["features"]], 6: 0, 7: [1, 0], 8: False,
                 9: [[0, preorder(tree)] for tree in m["trees"]]})


def scope_words(o):
    bits = lambda s: sum(1 << i for i in s)
    words = ["uses=%d" % sum(1 << (u - 1) for u in o["uses"]), "flags=%d" % o["flags"]]
    if o.get("principals") is not None:
        words.append("principals=%d" % bits(o["principals"]))
    if o.get("operations") is not None:
        words.append("operations=%d" % sum(1 << (p - 1) for p in o["operations"]))
    for key in ("assets", "markets"):
        if o.get(key) is not None:
            words.append("%s=%d" % (key, bits(o[key])))
    for key in ("keys", "contracts", "methods", "to", "chains"):
        if o.get(key) is not None:
            words.append("%s=%s" % (key, ",".join(str(x) for x in sorted(o[key], key=str))))
    for key in ("measure", "asset", "amount", "count", "window", "period", "per", "zone", "feed",
                "lease", "lease_s", "release"):
        if key in o:
            words.append("%s=%d" % (key, o[key]))
    if o.get("hours"):
        words.append("hours=" + ",".join("%d:%d:%d" % h for h in o["hours"]))
    if o.get("dates"):
        words.append("dates=" + ",".join(map(str, o["dates"])))
    if "panel" in o:
        words.append("panel=%d:%d:%d:%d:%d" % (*o["panel"][:4], bits(o["panel"][4])))
    if "model" in o:
        words.append("thresholds=%d:%s:%s" % (o["model"], *["-" if o[k] is None else o[k] for k in ("review_at", "deny_at")]))
    if "if" in o:
        words.append("if=" + ",".join("%s:%d:%d:%d:%s" % (*c[:4], "+".join(sorted(c[4]))) for c in o["if"]))
    return words


def world_lines(w):
    yield "reset"
    for p in w["principals"]:
        yield "principal %s %s %d" % (p[0], p[1], p[2] | 1)
    for a in w["assets"]:
        yield "asset %s %d %s %d" % a
    yield "reference USD %d" % w["reference"]
    for f in w["feeds"]:
        yield "feed %s %d %d" % f
    for m in w["markets"]:
        yield "market %s %d %s %d %d %d %s" % (m[0], VENUE, *m[1:5], "-" if m[5] is None else m[5])
    for asset, (feed, haircut, fixed) in sorted(w["prices"].items()):
        yield "price %d %s %d %s" % (asset, "-" if feed is None else feed, haircut, "-" if fixed is None else fixed)
    for i, (offset, changes) in enumerate(ZONES):
        yield "zone z%d %d %s" % (i, offset, " ".join("%d %d" % c for c in changes))
    for i, b in enumerate(w["breakers"]):
        yield "breaker b%d %d %d %s %d %d %d" % (i, b["on"], b["mode"], "-" if b["feed"] is None else b["feed"],
                                                b["window"], b["count"], b["amount"])
    for i, m in enumerate(w["models"]):
        yield "model m%d %s" % (i, model_form(m).hex())
    yield "passes %d" % w["passes"]
    for i, o in enumerate(w["rules"]):
        yield "rule r%d %d %s" % (i, o["kind"], " ".join(scope_words(o)))
    yield "start"


def request_head(q):
    return "ask now=%d halted=%d " % (q["now"], q["halted"])


def request_tail(q):
    words = ["%s=%s" % (k, q[k]) for k in ("principal", "key", "keyid", "use", "family", "op", "flags", "nonce",
                                           "gas", "gasprice", "digest")]
    words += ["account=" + (q["account"] or "-"), "target=" + (q["target"] or "-")]
    if q["chain"] is not None:
        words.append("chain=%d" % q["chain"])
    for m in q["moves"]:
        words.append("m=%d,%s,%s,%s,%d" % (m["kind"], m["asset"], m["from"] or "-", m["to"] or "-", m["amount"]))
    words += ["c=%s,%s" % (c[0] or "-", c[1] or "-") for c in q["calls"]]
    words += ["a=%d,%s,%d,%s" % (a[0], a[1], a[2], a[3] or "-") for a in q["args"]]
    if q["order"]:
        words += ["market=" + q["market"], "side=%d" % q["side"], "type=%d" % q["type"], "reduce=%d" % q["reduce"]]
        words += ["%s=%d:%d" % (k, *q[k]) for k in ("price", "quantity", "quote") if q[k]]
    return " ".join(words)
