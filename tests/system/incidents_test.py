"""Losses that happened: what a person would have read, and what the starter mission says."""
import json
import os
import unittest
from pathlib import Path

from support import case, evm
from support.deployment import DENIED, DONE, STARTER

FOLDER = Path(os.environ.get("ZCP_VECTORS") or Path(__file__).resolve().parents[3] / "shared" / "vectors")
FOLDER = FOLDER / "ethereum" / "incidents"

SAFE_TX = [("to", "address"), ("value", "uint256"), ("data", "bytes"), ("operation", "uint8"), ("safeTxGas", "uint256"),
           ("baseGas", "uint256"), ("gasPrice", "uint256"), ("gasToken", "address"), ("refundReceiver", "address"),
           ("nonce", "uint256")]


def call_of(to, data):
    """An unsigned EIP-1559 transaction of mainnet that calls `to`."""
    fields = [1, 0, 10**9, 10**10, 300000, bytes.fromhex(to[2:]), 0, bytes.fromhex(data[2:]), []]
    return "0x02" + evm.rlp(fields).hex()


def safe_tx(incident):
    """The typed data that the owners of the Safe signed."""
    names = {"safeTxGas": "safe_tx_gas", "baseGas": "base_gas", "gasPrice": "gas_price", "gasToken": "gas_token",
             "refundReceiver": "refund_receiver"}
    return {"types": {"EIP712Domain": [{"name": "verifyingContract", "type": "address"}],
                      "SafeTx": [{"name": name, "type": kind} for name, kind in SAFE_TX]},
            "primaryType": "SafeTx", "domain": {"verifyingContract": incident["safe"]},
            "message": {name: incident[names.get(name, name)] for name, _ in SAFE_TX}}


@unittest.skipUnless(FOLDER.is_dir(), f"no vectors in {FOLDER}: set ZCP_VECTORS to the folder that holds ethereum/incidents")
class Incidents(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(STARTER)
        cls.d.json("key", "create", "owner", "--curve", "secp256k1")
        cls.bybit = json.loads((FOLDER / "bybit_2025_safe_tx.json").read_text())[0]
        cls.ronin = json.loads((FOLDER / "ronin_2022_weth.json").read_text())[0]

    def decode(self, chain, text):
        return self.d.json("tx", "decode", "--chain", chain, stdin=text)

    def test_bybit__the_transaction__a_person_sees_the_takeover(self):
        incident = self.bybit
        answer = self.decode("evm", call_of(incident["safe"], incident["exec_transaction_calldata"]))
        for flag in ("delegatecall", "proxy-upgrade", "unknown-calldata", "control-change"):
            self.assertIn(flag, answer["flags"])
        text = answer["text"]
        self.assertIn(f"runs code of   {incident['to']} (unknown", text)
        self.assertIn(f"control of     {incident['safe']}", text)
        self.assertIn("replaces the code of a contract", text)
        self.assertNotIn("Token transfer", text)
        self.assertEqual([m for m in answer["intent"]["movements"] if m["kind"] == "out"], [])

    def test_bybit__what_the_owners_signed__same_hash_and_same_words(self):
        answer = self.decode("eip712", json.dumps(safe_tx(self.bybit)))
        self.assertEqual(answer["intent"]["digest"], self.bybit["safe_tx_hash"])
        self.assertIn("delegatecall", answer["flags"])
        self.assertIn("proxy-upgrade", answer["flags"])
        self.assertIn(self.bybit["to"], answer["text"])

    def test_bybit__starter_mission__denied(self):
        transaction = call_of(self.bybit["safe"], self.bybit["exec_transaction_calldata"])
        for what, text in (("tx", transaction), ("typed-data", json.dumps(safe_tx(self.bybit)))):
            answer = self.d.zcp("sign", what, "--key", "owner", "--as", "trader", "--json", stdin=text)
            self.assertEqual(answer.code, DENIED, str(answer))
            self.assertEqual(answer.json["decision"], "deny")

    def test_ronin__the_withdrawal__amount_and_recipient(self):
        incident = self.ronin
        answer = self.decode("evm", call_of(incident["to"], incident["calldata"]))
        _, user, token, amount, _ = (*incident["args"], *[""] * 5)[:5]
        self.assertIn(user.lower(), answer["text"].lower())
        self.assertIn(token.lower(), answer["text"].lower())
        self.assertIn(str(amount), answer["text"])
        denied = self.d.zcp("sign", "tx", "--key", "owner", "--as", "trader", "--json",
                            stdin=call_of(incident["to"], incident["calldata"]))
        self.assertEqual(denied.code, DENIED, str(denied))

    def test_log__the_refusals__keep_what_was_read(self):
        self.d.zcp("sign", "tx", "--key", "owner", "--as", "trader",
                   stdin=call_of(self.bybit["safe"], self.bybit["exec_transaction_calldata"]))
        tail = self.d.zcp("audit", "tail")
        self.assertEqual(tail.code, DONE, str(tail))
        self.assertIn("replaces the code of a contract", tail.out.decode())


if __name__ == "__main__":
    case.main(100)
