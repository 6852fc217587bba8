"""ethers.js's published transactions: signed by the running enclave with their imported keys, byte for byte."""
import collections
import json
import os
import time
import unittest
from pathlib import Path

from support import case, evm, libzcp
from support.deployment import OPEN

FOLDER = Path(os.environ.get("ZCP_VECTORS") or Path(__file__).resolve().parents[3] / "shared" / "vectors")
FOLDER = FOLDER / "ethereum" / "ethers"
WITH_CLI = 40

Case = collections.namedtuple("Case", "name kind private_key unsigned signed")


def plain(text):
    return bytes.fromhex(text[2:])


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def all_types():
    for item in load("transactions_all_types"):
        for kind in ("Legacy", "Eip155", "Berlin", "London", "Cancun"):
            yield Case(f"all_types/{item['name']}/{kind}", kind, plain(item["privateKey"]),
                       plain(item[f"unsigned{kind}"]), plain(item[f"signed{kind}"]))


def legacy():
    for item in load("transactions_legacy"):
        for kind, ending in (("Legacy", ""), ("Eip155", "ChainId5")):
            yield Case(f"legacy/{item['name']}/{kind}", kind, plain(item["privateKey"]),
                       plain(item[f"unsignedTransaction{ending}"]), plain(item[f"signedTransaction{ending}"]))


def typed():
    for item in load("typed-transactions_2930_1559"):
        kind = {1: "Berlin", 2: "London"}[item["tx"]["type"]]
        yield Case(f"typed/{item['name']}", kind, plain(item["key"]), plain(item["unsigned"]), plain(item["signed"]))


# Which fields are the priority fee, the highest price of gas and the gas limit.
TIP_PRICE_LIMIT = {"Legacy": (1, 1, 2), "Eip155": (1, 1, 2), "Berlin": (2, 2, 3), "London": (2, 3, 4),
                   "Cancun": (2, 3, 4)}


def out_of_reach(c):
    """Why the product rightly refuses a case, found from the bytes alone; None when it must sign it."""
    fields = evm.items(c.unsigned[1:] if c.unsigned[0] < 0x80 else c.unsigned)
    tip, price, limit = (int.from_bytes(fields[at], "big") for at in TIP_PRICE_LIMIT[c.kind])
    if tip > price:
        return "INTENT_TIP_ABOVE_MAX"
    return "INTENT_FEE_OVERFLOW" if price * limit >= 2**256 else None


@unittest.skipUnless(FOLDER.is_dir(), f"no vectors in {FOLDER}: set ZCP_VECTORS to the folder that holds ethereum/ethers")
class Ethers(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        cases = [*all_types(), *legacy(), *typed()]
        cls.cases = [c for c in cases if c.unsigned]
        cls.unpublished = collections.Counter(c.kind for c in cases if not c.unsigned)
        cls.keys = {}
        for c in cls.cases:
            cls.keys.setdefault(c.private_key, f"key-{len(cls.keys)}")

    def test_sign__every_published_transaction__same_bytes(self):
        began = time.monotonic()
        signed, left_out = collections.Counter(), collections.Counter()
        with libzcp.Library(case.build).open(self.d.dir, "admin", timeout_ms=30000) as session:
            for private_key, name in self.keys.items():
                session.key_import(name, private_key)
            imported = time.monotonic()
            for c in self.cases:
                expected = out_of_reach(c)
                try:
                    raw = session.evm_signed(c.unsigned, session.sign(self.keys[c.private_key], c.unsigned))
                except libzcp.ZcpError as error:
                    self.assertEqual(error.reason, expected, f"{c.name}: {error}")
                    left_out[expected] += 1
                    continue
                self.assertIsNone(expected, f"{c.name} was signed")
                self.assertEqual(raw.hex(), c.signed.hex(), c.name)
                signed[c.kind] += 1
        print(f"\n  {len(self.keys)} keys imported in {imported - began:.1f} s, {sum(signed.values())} transactions signed in"
              f" {time.monotonic() - imported:.1f} s, byte for byte as published: {dict(signed)}")
        print(f"  forms of which the file has nothing to compare with (EIP-155 of chain 0, blobs of none): {dict(self.unpublished)}")
        for reason, count in left_out.items():
            print(f"  {count} left out, refused with {reason}")
        self.assertGreater(sum(signed.values()), 10 * sum(left_out.values()))
        self.assertIs(self.d.json("audit", "verify")["valid"], True)

    def test_zcp__sample_through_the_command_line__same_bytes(self):
        d = self.deploy(OPEN)
        usable = [c for c in self.cases if out_of_reach(c) is None]
        kinds = [[c for c in usable if c.kind == kind] for kind in TIP_PRICE_LIMIT]
        sample = [c for kind in kinds for c in kind[::len(kind) // (WITH_CLI // len(kinds))]][:WITH_CLI]
        names = {}
        for c in sample:
            if c.private_key not in names:
                names[c.private_key] = f"cli-{len(names)}"
                path = d.file("private", c.private_key.hex() + "\n")
                key = d.json("key", "import", names[c.private_key], "--curve", "secp256k1", "--nonce", "deterministic",
                             "--private-key", path)
                self.assertEqual((key["origin"], key["nonce"]), ("imported", "deterministic"))
            answer = d.json("sign", "tx", "--chain", "evm", "--key", names[c.private_key], stdin="0x" + c.unsigned.hex())
            self.assertEqual(answer["signed"], "0x" + c.signed.hex(), c.name)


if __name__ == "__main__":
    case.main(120)
