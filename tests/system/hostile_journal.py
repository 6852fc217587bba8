"""The log on disk, read from its bytes alone: D/log/journal is frames of u32 length and CBOR [entry, opening, tag]."""
import hashlib
from typing import NamedTuple, Optional

DECISION, KEY_CREATED, KEY_DISABLED = 3, 5, 7
ALLOW, DENY = 1, 2


class Entry(NamedTuple):
    sequence: int
    previous: bytes
    time_ms: int
    boot: bytes
    kind: int
    decision: Optional[int]
    key: Optional[bytes]
    uses: Optional[int]
    digest: Optional[bytes]
    leaf: bytes
    principal: Optional[str]  # from the opening, as the next
    amount: int               # what leaves, fees included, whatever the asset


def cbor(data, at=0):
    """(item, end) of the few CBOR types that a log has."""
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        return {20: False, 21: True, 22: None}[short], at
    value = short
    if short >= 24:
        size = 1 << (short - 24)
        value, at = int.from_bytes(data[at:at + size], "big"), at + size
    if major == 0:
        return value, at
    if major in (2, 3):
        return data[at:at + value], at + value
    assert major in (4, 5), f"CBOR type {major} in a log"
    items = []
    for _ in range(value * (major - 3)):
        item, at = cbor(data, at)
        items.append(item)
    return (items if major == 4 else dict(zip(items[::2], items[1::2]))), at


def entry_of(data, opening):
    field, end = cbor(data)
    assert end == len(data), "bytes after a log entry"
    principal, intent, _rule = [group and cbor(group[1])[0] for group in cbor(opening)[0]]
    amount = sum(int.from_bytes(movement[5], "big") for movement in intent[6]) if intent else 0
    return Entry(field[1], field[2], field[3], field[4], field[5], field[6], field[7], field[8], field[11],
                 hashlib.sha256(b"\0" + data).digest(), principal and principal[0].decode(), amount)


def read(folder):
    """Every entry of a deployment's log. A torn frame at the end, never confirmed, is left out."""
    data = (folder / "log" / "journal").read_bytes()
    entries, at = [], 0
    while at + 4 <= len(data):
        end = at + 4 + int.from_bytes(data[at:at + 4], "big")
        if end > len(data):
            break
        (entry, opening, _tag), _ = cbor(data[at + 4:end])
        entries.append(entry_of(entry, opening))
        at = end
    return entries


def most_in_window(events, window_ms):
    """The largest sum of amounts within any span shorter than `window_ms`; `events` are (time, amount) in order."""
    most = total = first = 0
    for time_ms, amount in events:
        total += amount
        while time_ms - events[first][0] >= window_ms:
            total -= events[first][1]
            first += 1
        most = max(most, total)
    return most
