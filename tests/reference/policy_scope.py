"""Which rules a request falls under: every rule is tried, every list read from its beginning."""
import policy_terms as t
from policy_terms import *


class Scope:
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
        if t.FAULT == "call tree ignored":
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

    # A request is asked more than once, and nothing that happens changes what it falls under.

    def touched(self, i, q):
        """With its conditions, where the rule has some."""
        memo = q["memo"]
        if i not in memo:
            r = self.w["rules"][i]
            memo[i] = self.touches(r, q) and ("if" not in r or self.conditions(r, q))
        return memo[i]

    def covered(self, i, q):
        memo = q["memo"]
        if i not in memo:
            r = self.w["rules"][i]
            memo[i] = self.covers(r, q) and ("if" not in r or self.conditions(r, q))
        return memo[i]
