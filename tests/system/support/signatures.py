"""Verification beside the product: Keccak-256, ECDSA on two curves, Ed25519 and RSA by the openssl command."""
import subprocess
import tempfile
from pathlib import Path

CURVES = {  # p, a, n, G
    "secp256k1": (2**256 - 2**32 - 977, 0, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141, (
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)),
    "p256": (2**256 - 2**224 + 2**192 + 2**96 - 1, -3,
             0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551, (
                 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
                 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)),
}


def add(curve, one, two):
    p, a, _, _ = CURVES[curve]
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and (one[1] + two[1]) % p == 0:
        return None
    slope = ((3 * one[0]**2 + a) * pow(2 * one[1], -1, p) if one == two
             else (two[1] - one[1]) * pow(two[0] - one[0], -1, p))
    x = (slope**2 - one[0] - two[0]) % p
    return x, (slope * (one[0] - x) - one[1]) % p


def times(curve, scalar, point=None):
    total, step = None, point or CURVES[curve][3]
    while scalar:
        total = add(curve, total, step) if scalar & 1 else total
        step = add(curve, step, step)
        scalar >>= 1
    return total


def number(data):
    return int.from_bytes(data, "big")


def public_key(curve, private_key):
    return times(curve, number(private_key))


def compressed(point):
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def ecdsa_holds(curve, public, digest, signature):
    """`signature` is r ‖ s."""
    n = CURVES[curve][2]
    r, s = number(signature[:32]), number(signature[32:64])
    if not (0 < r < n and 0 < s < n):
        return False
    inverse = pow(s, -1, n)
    found = add(curve, times(curve, number(digest) * inverse % n), times(curve, r * inverse % n, public))
    return found is not None and found[0] % n == r


def from_der(signature):
    """r ‖ s of a DER signature."""
    assert signature[0] == 0x30 and signature[1] == len(signature) - 2 and signature[2] == 2
    size = signature[3]
    r, rest = signature[4:4 + size], signature[4 + size:]
    assert rest[0] == 2 and rest[1] == len(rest) - 2
    return number(r).to_bytes(32, "big") + number(rest[2:]).to_bytes(32, "big")


def keccak256(data):
    mask = 2**64 - 1
    rotate = lambda value, by: ((value << by) | (value >> (64 - by))) & mask if by else value
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            constant |= (register & 1) << ((1 << bit) - 1)
            register = (register << 1) ^ (0x171 if register >> 7 & 1 else 0)
        constants.append(constant)
    padded = bytearray(data) + b"\1" + bytes(-(len(data) + 1) % 136)
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), 136):
        for lane in range(17):
            state[lane] ^= int.from_bytes(padded[start + 8 * lane:start + 8 * lane + 8], "little")
        for constant in constants:
            column = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
            state = [state[i] ^ column[(i - 1) % 5] ^ rotate(column[(i + 1) % 5], 1) for i in range(25)]
            moved, x, y, lane = list(state), 1, 0, state[1]
            for step in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                moved[x + 5 * y], lane = rotate(lane, (step + 1) * (step + 2) // 2 % 64), state[x + 5 * y]
            state = [moved[i] ^ (~moved[i - i % 5 + (i + 1) % 5] & mask & moved[i - i % 5 + (i + 2) % 5]) for i in range(25)]
            state[0] ^= constant
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def ethereum_address(public):
    return "0x" + keccak256(public[0].to_bytes(32, "big") + public[1].to_bytes(32, "big"))[12:].hex()


def _openssl(arguments, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return subprocess.run(["openssl", *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0


def ed25519_holds(public, message, signature):
    spki = bytes.fromhex("302a300506032b6570032100") + public
    return _openssl(["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin", "-in", "message",
                     "-sigfile", "signature"], {"key": spki, "message": message, "signature": signature})


def rsa_holds(public_pem, message, signature):
    return _openssl(["dgst", "-sha256", "-verify", "key", "-signature", "signature", "message"],
                    {"key": public_pem, "message": message, "signature": signature})
