"""What the policy engine can do, a running deployment does: approvals, revocations, and the log that replays them."""
import hashlib
import json
import os
import signal
import time

from support import case, evm, libzcp
from support.deployment import APPROVAL, DENIED, DONE, FAILED
from support.witness import Ed25519

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


SLICES = """
mission: slices
version: 1
principals:
  admin: {{organisation: Desk, key: local, roles: [founder, key-admin, approver]}}
  bot:   {{organisation: Desk, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
reference: {{name: USD, decimals: 2}}
feeds:
  px: {{key: "{feed}", says: equity, oldest: 1h}}
breakers:
  silence: {{on: stale-feed, within: 1h, feed: px, then: reduce-only}}
  burst: {{on: denials, more-than: 5, within: 1m, then: halted}}
assets:
  WEI: {{chain: ethereum, native: true, decimals: 0}}
rules:
  speak: {{allow: message, who: bot, keys: any}}
  pay:
    allow: transfer
    who: bot
    keys: any
    chains: ethereum
    assets: WEI
    to: any
    limits: ['{limit} WEI per 1d slices of {slice} for 10m']
audit: {{max-unacked: 1000}}
"""
LIMIT, SLICE, COST = 600_000, 100_000, 42_001  # one wei and its fee


def cbor(item):
    """Canonical CBOR of what feeds' messages are made of."""
    def head(major, value):
        if value < 24:
            return bytes([major << 5 | value])
        size = next(i for i in range(4) if value < 1 << (8 << i))
        return bytes([major << 5 | 24 + size]) + value.to_bytes(1 << size, "big")
    if isinstance(item, int):
        return head(0, item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item)) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(cbor, item))
    return head(5, len(item)) + b"".join(cbor(key) + cbor(value) for key, value in item.items())


class Hostile(case.SystemTest):
    """A host that withholds, cuts and restarts. What it gets out is never more than `zcp status` showed."""

    def setUp(self):
        self.feed_key = Ed25519(hashlib.sha256(b"the feed of a test").digest())
        self.d = self.deploy(SLICES.format(feed=self.feed_key.public.hex(), limit=f"{LIMIT:,}", slice=f"{SLICE:,}"))
        self.library = libzcp.Library(case.build)
        self.d.json("key", "create", "k", "--curve", "secp256k1")
        self.sequence = 0
        self.nonce = 0

    def feed(self, equity, expect=DONE):
        self.sequence += 1
        status = self.d.json("status")
        message = cbor({1: "zcp-feed-v1", 2: "px", 3: bytes.fromhex(status["deployment_id"]), 4: self.sequence,
                        5: status["time_ms"], 6: [[3, equity.to_bytes((equity.bit_length() + 7) // 8, "big")]]})
        path = self.d.file("words", cbor([message, self.feed_key.sign(message)]))
        answer = self.d.zcp("feed", path, "--as", "bot", "--json")
        self.assertEqual(answer.code, expect, str(answer))

    def mode(self, expected, seconds=5):
        until = time.monotonic() + seconds
        while self.d.json("status")["mode"] != expected:
            self.assertLess(time.monotonic(), until, f"the mode is not {expected}")
            time.sleep(0.05)

    def radius(self):
        (line,) = self.d.json("status")["radius"]
        self.assertEqual(line["asset"], "WEI")
        return int(line["amount"])

    def pay(self):
        """Whether one more payment left the enclave."""
        self.nonce += 1
        try:
            with self.library.open(self.d.dir, "bot", timeout_ms=400) as session:
                session.sign("k", evm.eip1559(self.nonce, 1))
                return COST
        except libzcp.ZcpError as error:
            self.assertIn(error.result, (libzcp.DENIED, libzcp.UNREACHABLE), str(error))
            return 0

    def begin(self):
        self.mode("reduce-only")  # the feed has said nothing yet
        self.assertEqual(self.d.json("status")["tripped"], "silence")
        self.assertEqual(self.pay(), 0)
        self.feed(1000)
        self.d.json("resume", "--as", "admin")
        self.mode("normal")

    def test_hostile_host__confirms_nothing_and_cuts_the_log__never_past_the_radius(self):
        self.begin()
        spent = self.pay()
        self.assertEqual(spent, COST)
        shown = self.radius()
        self.assertEqual(shown, SLICE - COST)
        self.assertEqual(int(self.d.json("verify")["radius"][0]["amount"]), shown)

        pids = self.d.pids()
        boot = self.d.boot()
        os.kill(pids["zcpd"], signal.SIGSTOP)
        try:
            out = sum(self.pay() for _ in range(4))
            self.assertGreater(out, 0, "within the slice nothing waits")
            self.assertLessEqual(out, shown)
            with self.library.open(self.d.dir, "bot", timeout_ms=2000) as session:
                session.sign("k", b"hello", use=libzcp.MESSAGE)  # what spends nothing goes on
            os.kill(pids["core"], signal.SIGKILL)
        finally:
            os.kill(pids["zcpd"], signal.SIGCONT)
        self.d.wait(boot=boot)

        self.assertEqual(self.radius(), 0, "what was left of the slice counts as spent")
        spent += out
        while (cost := self.pay()) > 0:
            spent += cost
        self.assertLessEqual(spent, LIMIT)
        self.d.down()
        said = json.loads(self.d.zcp("audit", "replay", "--json").out.splitlines()[-1])
        self.assertEqual((said["valid"], said["state_checked"], said["reason"]), (True, True, ""))

    def test_breaker__burst_of_denials__halts_until_a_quorum_resumes(self):
        self.begin()
        for _ in range(6):
            self.d.zcp("sign", "message", "--key", "k", "--as", "admin", stdin="not a signer")
        status = self.d.json("status")
        self.assertEqual((status["phase"], status["mode"], status["tripped"]), ("halted", "halted", "burst"))
        self.d.restart()
        self.assertEqual(self.d.json("status")["mode"], "halted")
        self.assertEqual(self.pay(), 0)
        self.d.json("resume", "--as", "admin")
        self.assertEqual(self.pay(), COST)
        kinds = [entry["kind"] for entry in self.d.lines("audit", "export", "--format", "jsonl")]
        self.assertEqual((kinds.count("trip"), kinds.count("feed")), (2, 1))
        self.assertIs(self.d.json("audit", "verify")["valid"], True)


if __name__ == "__main__":
    case.main(100)
