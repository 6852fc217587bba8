"""Change of a PSBT, offline: the output's path, followed from the account's own extended key, must lead to its script.
Keys and addresses are those of BIP-84's test vectors."""
import hashlib
import json
import os
import struct
import subprocess
import sys

ZCP = os.path.join(sys.argv[1], "zcp")
ZPUB = ("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs")
MASTER = bytes.fromhex("73c5da0a")
RECEIVING = bytes.fromhex("0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c")  # 0/0
CHANGE = bytes.fromhex("03025324888e429ab8e3dbaf1f7802648b9cd01e9b418485c5fa4c1b9b5700e1a6")  # 1/0
CHANGE_SCRIPT = bytes.fromhex("00143e34985dca6fddc9fb369940e4c7d8e2873f529c")
RECEIVING_SCRIPT = bytes.fromhex("0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2")
STRANGER = bytes.fromhex("0014") + b"\x22" * 20
HARD = 0x80000000


def expect(condition, what, run):
    if not condition:
        sys.exit(f"FAILED: {what}\n{run.args}\n{run.returncode}\n{run.stdout}{run.stderr}")


def out(amount, script):
    return struct.pack("<Q", amount) + bytes([len(script)]) + script


def tx(inputs, outputs):
    body = bytes([len(inputs)]) + b"".join(txid + struct.pack("<I", 0) + b"\x00" + b"\xff" * 4 for txid in inputs)
    return struct.pack("<I", 2) + body + bytes([len(outputs)]) + b"".join(outputs) + bytes(4)


def record(key, value):
    size = bytes([len(value)]) if len(value) < 253 else b"\xfd" + struct.pack("<H", len(value))
    return bytes([len(key)]) + key + size + value


def psbt(key=CHANGE, master=MASTER, path=(84 | HARD, HARD, HARD, 1, 0), script=CHANGE_SCRIPT):
    previous = tx([b"\x11" * 32], [out(100000, RECEIVING_SCRIPT)])
    txid = hashlib.sha256(hashlib.sha256(previous).digest()).digest()
    unsigned = tx([txid], [out(60000, STRANGER), out(39000, script)])
    derivation = record(b"\x02" + key, master + b"".join(struct.pack("<I", step) for step in path))
    return (b"psbt\xff" + record(b"\x00", unsigned) + b"\x00" + record(b"\x00", previous) + b"\x00"
            + b"\x00" + derivation + b"\x00").hex()


def second(data, owner):
    run = subprocess.run([ZCP, "tx", "decode", "--chain", "bitcoin", "--from", owner, "--json"], capture_output=True,
                         text=True, timeout=60, input=data)
    expect(run.returncode == 0, "the PSBT decodes", run)
    movement = json.loads(run.stdout)["intent"]["movements"][1]
    expect(movement["amount"] == "39000", "the second output", run)
    return movement["kind"], run


def main():
    owner = f"[73c5da0a/84h/0'/0h]{ZPUB}/0/0"
    for what, data, by, kind in [
        ("change by the account's own path", psbt(), owner, "receive"),
        ("nobody says where the key comes from", psbt(), RECEIVING.hex(), "out"),
        ("another key beside a true path: the path counts", psbt(key=RECEIVING), owner, "receive"),
        ("a stranger's script at a path of ours", psbt(script=STRANGER), owner, "out"),
        ("another master", psbt(master=b"\x73\xc5\xda\x0b"), owner, "out"),
        ("another account", psbt(path=(84 | HARD, HARD, 1 | HARD, 1, 0)), owner, "out"),
        ("another number", psbt(path=(84 | HARD, HARD, HARD, 1, 1)), owner, "out"),
        ("a third branch", psbt(path=(84 | HARD, HARD, HARD, 2, 0)), owner, "out"),
        ("a path too short", psbt(path=(84 | HARD, HARD, HARD, 1)), owner, "out"),
    ]:
        found, run = second(data, by)
        expect(found == kind, f"{what}: {found}", run)
    for wrong in (owner.replace("/0/0", "/0"), owner.replace("73c5da0a", "73c5da0"), owner[:-5] + "x/0/0",
                  owner.replace("/0'/", "/"), owner + "/1"):
        run = subprocess.run([ZCP, "tx", "decode", "--chain", "bitcoin", "--from", wrong], capture_output=True, text=True,
                             timeout=60, input=psbt())
        expect(run.returncode == 2 and "--from wants" in run.stderr, f"refused: {wrong}", run)
    print("bitcoin change: proven by path and key, or paid out")


main()
