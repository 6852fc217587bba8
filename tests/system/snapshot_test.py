"""A start goes on from the newest sealed snapshot; one that is of no use costs time and nothing else."""
import json

from hostile_support import library
from support import case, evm
from support.deployment import DONE
from support.libzcp import CHAIN_EVM, CHAIN_NONE, DENIED, MESSAGE, SECP256K1, TX, ZcpError

MISSION = """
mission: long-lived
version: 1
principals:
  admin: {organisation: Test, key: local, roles: [founder, key-admin, approver, signer]}
quorum: {founders: 1, resume: 1}
assets:
  WEI: {chain: ethereum, native: true, decimals: 0}
rules:
  speak: {allow: message, who: admin, keys: any}
  spend:
    allow: transfer
    who: admin
    keys: any
    chains: ethereum
    assets: WEI
    to: any
    limits: [300000 WEI per 1d]
audit: {max-unacked: 64}
"""


class Snapshots(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(MISSION)
        self.shared = library(case.build)
        self.work(first=True)
        self.d.restart()

    def work(self, first=False, count=320):
        with self.shared.open(self.d.dir, "admin") as session:
            if first:
                session.key_create("k", SECP256K1)
                session.sign("k", evm.eip1559(1, 70_000), TX, CHAIN_EVM)
            for number in range(count):
                session.sign("k", f"{number}".encode(), MESSAGE, CHAIN_NONE)

    def status(self):
        return self.d.control(command="status")

    def spend(self, nonce, wei):
        with self.shared.open(self.d.dir, "admin") as session:
            try:
                session.sign("k", evm.eip1559(nonce, wei), TX, CHAIN_EVM)
                return DONE
            except ZcpError as error:
                return error.result

    def whole_is_right(self):
        """The limit, the key and the log are as if nothing had been left out."""
        self.assertEqual(self.spend(2, 300_000), DENIED)
        self.assertEqual(self.spend(3, 70_000), DONE)
        self.d.down()
        answer = self.d.zcp("audit", "verify", "--json")
        self.assertEqual((answer.code, answer.json["valid"]), (DONE, True), str(answer))
        replayed = self.d.zcp("audit", "replay", "--json")
        self.assertEqual(json.loads(replayed.out.splitlines()[-1])["valid"], True, str(replayed))

    def test_start__after_an_orderly_stop__decides_only_what_came_after(self):
        status = self.status()
        self.assertGreater(status["loaded_from"], 300)
        self.assertLess(status["log_entries"] - status["loaded_from"], 16)
        self.whole_is_right()

    def test_start__after_a_crash__goes_on_from_the_snapshot_before_it(self):
        before = self.status()["loaded_from"]
        self.work(count=40)
        self.d.kill("zcpd")
        self.d.wait()
        self.assertEqual(self.status()["loaded_from"], before)
        self.whole_is_right()

    def test_start__with_a_snapshot_changed_torn_or_foreign__reads_the_whole_log(self):
        path = self.d.dir / "snapshot"
        good = path.read_bytes()
        other = self.deploy(MISSION)
        with self.shared.open(other.dir, "admin") as session:
            session.key_create("k", SECP256K1)
            for number in range(320):
                session.sign("k", f"{number}".encode(), MESSAGE, CHAIN_NONE)
        other.down()
        changed = bytearray(good)
        changed[len(good) * 2 // 3] ^= 1
        for bad, word in ((bytes(changed), "snapshot"), (good[:-20], "not whole"), (b"", "not whole"),
                          ((other.dir / "snapshot").read_bytes(), "where it ends")):
            self.d.down()
            path.write_bytes(bad)
            self.assertEqual(self.d.up().code, DONE)
            self.assertEqual(self.status()["loaded_from"], 0)
            self.assertIn(word, self.d.log())
        self.whole_is_right()

    def test_start__with_a_snapshot_beyond_the_end_of_the_log__says_that_entries_are_lost(self):
        self.d.down()
        old = (self.d.dir / "log" / "journal").read_bytes()
        self.assertEqual(self.d.up().code, DONE)
        self.work()
        self.d.down()
        (self.d.dir / "log" / "journal").write_bytes(old)
        self.d.up()
        self.assertIn("the end of the log is lost", self.d.log())
        self.assertEqual(self.status()["loaded_from"], 0)


if __name__ == "__main__":
    case.main(100)
