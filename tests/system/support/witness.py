"""Witnesses that remember (C2SP tlog-witness, the part that decides), and whoever carries checkpoints to them.

Ed25519 is written out here so that the test needs nothing installed; its keys guard nothing."""
import base64
import hashlib
import os
import threading
import time

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    u, v = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    w, s = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = v - u, s - w, s + w, v + u
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = _add(result, point)
        point, n = _add(point, point), n >> 1
    return result


def _base():
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 else x
    return x, y, 1, x * y % P


BASE = _base()


def _encoded(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


class Ed25519:
    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.prefix = digest[32:]
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.public = _encoded(_times(self.scalar, BASE))

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % Q
        point = _encoded(_times(r, BASE))
        k = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little") % Q
        return point + ((r + k * self.scalar) % Q).to_bytes(32, "little")


def _node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(count):
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    at = _split(len(leaves))
    return _node(root(leaves[:at]), root(leaves[at:]))


def consistency(old, leaves, whole=True):
    """RFC 9162 2.1.4.1: that the tree of `leaves` continues the tree of its first `old`."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    at = _split(len(leaves))
    if old <= at:
        return consistency(old, leaves[:at], whole) + [root(leaves[at:])]
    return consistency(old - at, leaves[at:], False) + [root(leaves[:at])]


def continues(old_size, old_root, size, new_root, proof):
    """RFC 9162 2.1.4.2."""
    if old_size == size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & old_size - 1 == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for part in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = _node(part, fr), _node(part, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = _node(sr, part)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


class Witness:
    def __init__(self, name, seed):
        self.name, self.key = name, Ed25519(seed)
        self.id = hashlib.sha256(name.encode() + b"\n\4" + self.key.public).digest()[:4]
        self.seen, self.refused = {}, 0
        self.lock = threading.Lock()

    @property
    def verifier(self):
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([4]) + self.key.public).decode()}"

    def size(self, origin):
        with self.lock:
            return self.seen.get(origin, (0, None))[0]

    def add(self, old_size, proof, note):
        """A cosignature line; None when it does not follow from what was seen (409 or 422 over HTTP)."""
        text = note[:note.index("\n\n") + 1]
        origin, size, root_hash = text.split("\n")[:3]
        size, root_hash = int(size), base64.b64decode(root_hash)
        with self.lock:
            last, last_root = self.seen.get(origin, (0, None))
            if old_size != last or size < last or last and not continues(last, last_root, size, root_hash, proof):
                self.refused += 1
                return None
            self.seen[origin] = size, root_hash
        now = int(time.time())
        signature = self.key.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        return f"\u2014 {self.name} {base64.b64encode(self.id + now.to_bytes(8, 'big') + signature).decode()}\n"


class Carrier(threading.Thread):
    """Takes each new checkpoint of a deployment to the witnesses, and the cosigned note back."""

    def __init__(self, folder, witnesses, read_leaves):
        super().__init__(daemon=True)
        self.folder, self.witnesses, self.read_leaves = folder, witnesses, read_leaves
        self.ending, self.pausing = threading.Event(), threading.Event()
        self.start()

    def run(self):
        done = None
        while not self.ending.wait(0.02):
            try:
                note = (self.folder / "log" / "checkpoint").read_text()
            except OSError:
                continue
            if note != done and not self.pausing.is_set():
                self.carry(note)
                done = note

    def carry(self, note):
        origin, size = note.split("\n")[:2]
        leaves = self.read_leaves(self.folder)[:int(size)]
        lines = ""
        for witness in self.witnesses:
            old = witness.size(origin)
            proof = consistency(old, leaves) if 0 < old <= len(leaves) else []
            lines += witness.add(old, proof, note) or ""
        path = self.folder / "log" / "cosigned"
        path.with_suffix(".new").write_text(note + lines)
        os.replace(path.with_suffix(".new"), path)

    def end(self):
        self.ending.set()
        self.join(5)
