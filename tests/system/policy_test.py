"""What the policy engine can do, a running deployment does: approvals, revocations, and the log that replays them."""
import json

from support import case, evm
from support.deployment import APPROVAL, DENIED, DONE, FAILED

MISSION = """
mission: desk
version: 1
principals:
  admin: {organisation: Desk, key: local, roles: [founder, key-admin]}
  risk:  {organisation: Risk, key: local, roles: [approver, auditor]}
  chief: {organisation: Desk, key: local, roles: approver}
  bot:   {organisation: Desk, key: local, roles: signer}
quorum: {founders: 1, resume: 2}
assets:
  WEI: {chain: ethereum, native: true, decimals: 0}
rules:
  speak: {allow: message, who: bot, keys: any}
  pay:
    allow: transfer
    who: bot
    keys: any
    chains: ethereum
    assets: WEI
    to: any
    limits: ['200,000 WEI per 1d']
  big:
    review: transfer
    approvals: {needed: 2, organisations: 2, valid: 15m, by: [risk, chief]}
"""


class Policy(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(MISSION)
        self.d.json("key", "create", "k", "--curve", "secp256k1")

    def pay(self, nonce, value=10, expect=None):
        answer = self.d.zcp("sign", "tx", "--key", "k", "--as", "bot", "--json", stdin=evm.eip1559(nonce, value))
        if expect is not None:
            self.assertEqual(answer.code, expect, str(answer))
        return answer.json

    def assert_log_replays(self):
        self.d.down()
        said = json.loads(self.d.zcp("audit", "replay", "--json").out.splitlines()[-1])
        self.assertEqual((said["valid"], said["state_checked"], said["reason"]), (True, True, ""))
        self.assertIs(self.d.json("audit", "verify")["valid"], True)
        self.d.start()

    def test_review__two_organisations_say_yes__signed_once(self):
        held = self.pay(1, expect=APPROVAL)
        self.assertEqual((held["decision"], held["rule"]), ("review", "big"))
        again = self.pay(1, expect=APPROVAL)
        self.assertEqual(again["entry"], held["entry"], "asking again holds nothing anew")
        entry = str(held["entry"])

        listed = self.d.lines("approvals", "--as", "risk")
        self.assertEqual([(r["id"], r["principal"], r["needed"], r["approved"]) for r in listed],
                         [(held["entry"], "bot", 2, False)])
        shown = self.d.json("approvals", entry, "--as", "risk")
        self.assertIn("Transfer", shown["text"])
        self.assertIn("10 WEI", shown["text"])
        self.expect_error(self.d.zcp("approvals", "999", "--as", "risk", "--json"), FAILED)
        self.expect_error(self.d.zcp("approve", entry, "--as", "bot", "--json"), FAILED, "panel")

        self.assertEqual(self.d.json("approve", entry, "--as", "risk")["approvals"], 1)
        self.pay(1, expect=APPROVAL)
        self.d.restart()
        done = self.d.json("approve", entry, "--valid", "5m", "--as", "chief")
        self.assertEqual((done["approvals"], done["approved"]), (2, True))
        self.assertEqual(self.d.json("status")["reviews"], 1)
        self.assertEqual(self.pay(1, 11, expect=APPROVAL)["decision"], "review", "another request")
        self.assertEqual(self.pay(1, expect=DONE)["decision"], "allow")
        self.assertNotEqual(self.pay(1, expect=APPROVAL)["entry"], held["entry"], "used up")
        text = self.d.zcp("sign", "tx", "--key", "k", "--as", "bot", stdin=evm.eip1559(1, 10))
        self.expect(text, APPROVAL, "zcp approve")

        # An approval satisfies a review. It lifts no limit.
        much = str(self.pay(2, 200_000, expect=DENIED)["entry"])
        self.expect_error(self.d.zcp("approve", much, "--as", "risk", "--json"), FAILED)
        self.assert_log_replays()

    def test_revoke__quorum__at_once_and_for_good(self):
        self.expect_error(self.d.zcp("revoke", "rule", "nothing", "--as", "risk", "--json"), FAILED)
        self.expect_error(self.d.zcp("revoke", "rule", "big", "--as", "risk", "--json"), FAILED, "allows nothing")
        self.expect_error(self.d.zcp("revoke", "rule", "speak", "--as", "bot", "--json"), FAILED)
        self.expect_error(self.d.zcp("revoke", "rule", "speak", "--as", "risk", "--json"), APPROVAL)
        speak = ["sign", "message", "--key", "k", "--as", "bot", "--json"]
        self.assertEqual(self.d.zcp(*speak, stdin="hello").code, DONE)
        self.d.json("revoke", "rule", "speak", "--as", "chief")
        self.assertEqual(self.d.zcp(*speak, stdin="hello").code, DENIED)
        self.d.zcp("revoke", "principal", "bot", "--as", "risk")
        self.d.json("revoke", "principal", "bot", "--as", "chief")
        self.assertEqual(self.pay(1, expect=DENIED)["reason"], "POLICY_REVOKED")
        self.d.restart()
        self.assertEqual(self.pay(1, expect=DENIED)["reason"], "POLICY_REVOKED")
        status = self.d.json("status")
        self.assertEqual(status["revoked"], 2)
        self.assertEqual(status["revocations"], [{"principal": "bot"}, {"rule": "speak"}])
        self.assert_log_replays()


if __name__ == "__main__":
    case.main(100)
