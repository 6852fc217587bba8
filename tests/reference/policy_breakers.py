"""What trips by itself, who is revoked, and what a quorum sets back."""
import policy_terms as t
from policy_terms import *

DENIALS, LOSS, FALL, UNACKED, SILENT, STEP = range(1, 7)


class Breakers:
    def reset_breakers(self):
        """Counting begins anew."""
        self.mode = 0
        self.tripped = NONE
        self.denials = []
        self.reports = []  # (feed, equity, time of the report), since the last reset
        if t.FAULT != "peak kept at a reset":
            self.peaks = {}  # rule -> (period, equity)

    def resume(self):
        """As a quorum says. Today's equity is where everything begins."""
        self.reset_breakers()
        for feed, state in self.feeds.items():
            if "equity" in state:
                self.see_equity(feed, *state["equity"])

    def note_denial(self, now):
        self.denials.append(max(now, self.now))

    def see_equity(self, feed, equity, at):
        self.reports.append((feed, equity, at))
        for i, r in enumerate(self.w["rules"]):
            if r["kind"] != DRAWDOWN or r["feed"] != feed:
                continue
            period = self.w["zones"][r["zone"]].period(r["period"], at) if r.get("period") else 0
            old = self.peaks.get(i)
            if old is None or period > old[0]:
                self.peaks[i] = (period, equity)
            else:
                self.peaks[i] = (old[0], max(old[1], equity))

    def highest(self, b):
        """The highest equity within the breaker's window before the last report, by whole buckets."""
        mine = [(equity, at) for feed, equity, at in self.reports if feed == b["feed"]]
        if b["on"] == FALL:
            return max([equity for equity, _ in mine] or [0])
        width = -(-b["window"] * 1000 // 63)
        if t.FAULT == "loss of the last report only":
            mine = mine[-1:]
        return max([equity for equity, at in mine if at // width > mine[-1][1] // width - 64] or [0])

    def would_trip(self, b, now, unacked, off):
        feed = self.feeds.get(b["feed"], {})
        if b["on"] == DENIALS:
            if t.FAULT == "denials never leave":
                return len(self.denials) > b["count"]
            return sum(self.in_window(b["window"], at, now) for at in self.denials) > b["count"]
        if b["on"] in (LOSS, FALL):
            if "equity" not in feed:
                return False
            highest = self.highest(b)
            allowed = b["amount"] if b["on"] == LOSS else highest * b["count"] // 10000
            return highest - feed["equity"][0] > allowed
        if b["on"] == UNACKED:
            return unacked > b["count"]
        if b["on"] == SILENT:
            return "seq" not in feed or now - feed["time"] > b["window"] * 1000
        return abs(off) > b["window"] * 1000

    def watch(self, now, unacked, off):
        """The breaker that trips, which is made so."""
        now = max(now, self.now)
        for i, b in enumerate(self.w["breakers"]):
            if b["mode"] > self.mode and self.would_trip(b, now, unacked, off):
                self.mode, self.tripped = b["mode"], i
                return i
        return NONE

    def revoke_principal(self, principal):
        if principal >= len(self.w["principals"]):
            return 5
        self.gone.add(principal)
        return 0

    def revoke_rule(self, rule):
        if rule >= len(self.w["rules"]) or self.w["rules"][rule]["kind"] != ALLOW:
            return 5
        self.void.add(rule)
        return 0
