"""What the model's parts share: numbers of the compiled form, reasons, exact arithmetic, days."""
import datetime

MAX = 2**256 - 1
NONE = 65535
ALLOW, DENY, PER_TX, WINDOW, RATE, CHAINS, REVIEW, HOURS, CONFINE, REDUCE, POSITION, DRAWDOWN, \
    RISK = range(1, 14)
VALUE, FEE, ALLOWANCE, GAS_PRICE, NOTIONAL = range(1, 6)
KEY, PRINCIPAL, ASSET, COUNTERPARTY, CHAIN, MARKET = range(1, 7)
OUT, M_FEE, M_ALLOWANCE, PULL, RECEIVE, CONTROL, LOCK = range(1, 8)
TRANSFER, TOKEN, APPROVE, CALL, MESSAGE, DIGEST = 1, 2, 4, 5, 7, 8
PLACE, AMEND, CANCEL, CANCEL_ALL, READ = 19, 20, 21, 22, 23
R = dict(NO_RULE=32, DENIED=33, PER_TX=34, WINDOW=35, RATE=36, CHAIN=37, HALTED=38, OVERFLOW=39,
         FLAGS=41, RAW_DIGEST=42, NOT_A_SIGNER=43, NEEDS_APPROVAL=45, HOURS=46, BLACKOUT=47,
         CONFINED=48, REDUCE_ONLY=49, STALE=50, NO_PRICE=51, POSITION=52, DRAWDOWN=53, FEE=54,
         GAS_PRICE=55, ALLOWANCE=56, REVOKED=58, RISK_SCORE=59)
VENUE = (1 << 63) | (5 << 56) | 1
FAULT = None  # a seeded fault: the name of one of FAULTS
FAULTS = ["limit off by one", "window a bucket short", "deny after allow", "replacement adds up",
          "lease refilled at a restart", "haircut forgotten", "stale by a second",
          "month of 31 days", "own approval counts", "rounds down", "call tree ignored",
          "counterparty rows merged", "revoked rule still allows", "revoked approver still counts",
          "loss of the last report only", "peak kept at a reset", "denials never leave",
          "blast forgets a lease", "score from one above", "denied requests are remembered",
          "missing goes left", "week begins on Sunday"]


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
        self.offset, self.changes, self.days = offset, changes, {}

    def wall(self, second):
        offset = self.offset
        for at, then in self.changes:
            if at <= second:
                offset = then
        return second + offset

    def day(self, second):
        """Days never go backwards: the latest that any earlier second of the last two days had."""
        day = self.days.get(second)
        if day is None:
            day = self.days[second] = self.find_day(second)
        return day

    def find_day(self, second):
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
            return (day + (4 if FAULT == "week begins on Sunday" else 3)) // 7
        if FAULT == "month of 31 days":
            return day // 31
        date = datetime.date(1970, 1, 1) + datetime.timedelta(days=day)
        return date.year * 12 + date.month
