"""What people must approve first: each interface says so with an id, and signs when the same is asked again."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case, evm  # noqa: E402
from support.gateway import TOKEN, Gateway, ask, identity  # noqa: E402

ACCESS = "AKIAREVIEW"

MISSION = """
mission: reviewed
version: 1
principals:
  admin: {organisation: Test, key: local, roles: [founder, key-admin, approver, auditor]}
  risk: {organisation: Risk, key: local, roles: [approver, auditor]}
  trader: {organisation: Desk, key: local, roles: [signer]}
quorum: {founders: 1, resume: 1}
rules:
  works:
    allow: anything
    uses: [tx, message]
    who: trader
    keys: any
    chains: any
    assets: any
    to: any
    contracts: any
    methods: any
    accept-risks: all
  asks:
    review: anything
    approvals: {needed: 1, organisations: 1, valid: 15m, by: [risk]}
audit: {denials-per-minute: 10000}
"""


class Review(case.SystemTest):
    def test_review__through_each_interface__pending_approved_signed_once(self):
        d = self.deploy(MISSION)
        coin = d.json("key", "create", "coin", "--curve", "secp256k1")
        d.json("key", "create", "page", "--curve", "p256")
        g = Gateway(d, "kms", "rest", "jsonrpc", "web3signer", "clef", "vault",
                    identities=[{**identity("desk", "trader", ACCESS), "tokens": [TOKEN]}])
        self.addCleanup(g.stop)
        address, point = coin["address"], coin["public_key"].removeprefix("0x").removeprefix("04")

        def post(name, path, body):
            return ask(g.port[name], "POST", path, body, {"authorization": f"Bearer {TOKEN}"})[:2]

        def rpc(name, method, *params):
            status, answer = post(name, "/", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
            self.assertEqual(status, 200)
            return ("result" in answer, answer.get("error", {}).get("data", {}), answer.get("error", {}).get("message"))

        def rest():
            status, answer = post("rest", "/v1/sign/message", {"key": "page", "text": "rest"})
            return status == 200, answer, answer.get("why")

        def kms():
            status, answer, _ = g.kms("Sign", {"KeyId": "page", "Message": "a21z", "SigningAlgorithm": "ECDSA_SHA_256"},
                                      access_key=ACCESS)
            return status == 200, answer, answer.get("message")

        def eth1():
            data = "0x" + evm.eip1559(7, value=9).hex()
            status, answer = post("web3signer", f"/api/v1/eth1/sign/{point}", {"data": data})
            self.assertIn(status, (200, 403))
            return (True, {}, None) if status == 200 else (False, answer, answer["message"])

        def vault():
            status, answer = post("vault", "/v1/transit/sign/page", {"input": "dmF1bHQ="})
            self.assertIn(status, (200, 403))
            return status == 200, answer, answer.get("errors")

        doors = {"rest": rest, "kms": kms, "vault": vault, "eth1": eth1,
                 "jsonrpc": lambda: rpc("jsonrpc", "personal_sign", "0x6a73", address),
                 "web3signer": lambda: rpc("web3signer", "eth_sign", address, "0x7733"),
                 "clef": lambda: rpc("clef", "account_signData", "text/plain", address, "0x636c6566")}
        for name, door in doors.items():
            signed, details, text = door()
            self.assertFalse(signed, name)
            self.assertEqual(details["decision"], "review", name)
            number = re.fullmatch(r"review-(\d+)", details["pending"]).group(1)
            if name != "rest":
                self.assertIn(details["pending"], str(text), name)
            self.assertEqual(door()[1]["pending"], details["pending"], f"{name}: asking again is polling")
            d.json("approve", number, "--as", "risk")
            self.assertTrue(door()[0], f"{name} after the approval")
            self.assertFalse(door()[0], f"{name}: an approval is for once")


if __name__ == "__main__":
    case.main(60)
