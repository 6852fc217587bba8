"""Values in the reference currency, and what a request comes to under a limit: {row: amount}."""
import policy_terms as t
from policy_terms import *


class Values:
    def fresh(self, feed, at):
        oldest = self.w["feeds"][feed][2] * 1000
        if t.FAULT == "stale by a second":
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
        if t.FAULT == "haircut forgotten":
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
                key = ("to", "" if t.FAULT == "counterparty rows merged" else m["to"])
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
