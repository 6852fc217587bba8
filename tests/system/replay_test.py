"""A log decides itself again: the same, bit for bit; and under another mission, what would change."""
import json

from support import case, evm
from support.deployment import DONE, NOT_VERIFIED

MISSION = """
mission: replayed
version: 1
principals:
  admin: {{organisation: Test, key: local, roles: [founder, key-admin, approver]}}
  bot:   {{organisation: Test, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
assets:
  WEI: {{chain: ethereum, native: true, decimals: 0}}
rules:
  speak: {{allow: message, who: bot, keys: any}}
  spend:
    allow: transfer
    who: bot
    keys: any
    chains: ethereum
    assets: WEI
    to: any
    limits: [{limit} WEI per 1d]
audit: {{denials-per-minute: 3}}
"""


class Replay(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(MISSION.format(limit=400_000))
        self.d.json("key", "create", "k", "--curve", "secp256k1", "--as", "admin")
        for nonce in range(8):  # the first four fit; of the refusals three are logged, the rest counted
            self.d.zcp("sign", "tx", "--key", "k", "--as", "bot", stdin=evm.eip1559(nonce, 70_000))
        self.d.json("sign", "message", "--key", "k", "--as", "bot", stdin="hello")
        self.d.zcp("halt", "--as", "admin")
        self.d.zcp("sign", "message", "--key", "k", "--as", "bot", stdin="halted")
        self.d.zcp("resume", "--as", "admin")
        self.d.restart()
        self.d.json("sign", "message", "--key", "k", "--as", "bot", stdin="after a restart")

    def replay(self, *arguments):
        answer = self.d.zcp("audit", "replay", "--json", *arguments)
        lines = [json.loads(line) for line in answer.out.splitlines()]
        return answer.code, lines[:-1], lines[-1]

    def test_replay__own_mission__comes_out_the_same_down_to_the_state(self):
        self.d.zcp("down")
        code, changes, said = self.replay()
        self.assertEqual((code, changes, said["valid"]), (DONE, [], True), said)
        self.assertIs(said["state_checked"], True, "the last checkpoint covers the whole log")
        self.assertGreater(said["decisions"], 6)

    def test_replay__smaller_limit__names_each_decision_that_would_change(self):
        code, changes, said = self.replay("--mission", self.d.file("new.yaml", MISSION.format(limit=200_000)))
        self.assertEqual((code, said["valid"]), (DONE, True), said)
        self.assertEqual(said["changed"], len(changes))
        self.assertGreater(len(changes), 0)
        for change in changes:
            self.assertEqual((change["was"], change["would_be"]), ("allow", "deny"))
            self.assertIn("WEI", change["rule"])

    def test_replay__from_a_saved_state__decides_what_is_new_and_comes_to_the_same_state(self):
        self.d.zcp("down")
        saved = self.d.file("state", b"")
        code, _, said = self.replay("--save", saved)
        self.assertEqual((code, said["state_checked"]), (DONE, True), said)
        self.d.start()
        for number in range(3):
            self.d.json("sign", "message", "--key", "k", "--as", "bot", stdin=f"new {number}")
        self.d.zcp("sign", "tx", "--key", "k", "--as", "bot", stdin=evm.eip1559(9, 400_000))
        self.d.zcp("down")
        _, _, whole = self.replay()
        code, _, part = self.replay("--from", saved, "--save", saved)
        self.assertEqual((code, part["valid"], part["state_checked"]), (DONE, True, True), part)
        self.assertEqual(part["entries"], whole["entries"])
        self.assertEqual((part["from"], part["decisions"]), (said["entries"], 4))
        code, _, again = self.replay("--from", saved)
        self.assertEqual((code, again["from"], again["decisions"]), (DONE, whole["entries"], 0))

    def test_replay__from_a_changed_or_foreign_state__is_refused(self):
        self.d.zcp("down")
        saved = self.d.file("state", b"")
        self.assertEqual(self.replay("--save", saved)[0], DONE)
        good = saved.read_bytes()
        refused = 0
        for at in range(0, len(good), max(1, len(good) // 30)):
            bad = bytearray(good)
            bad[at] ^= 1
            saved.write_bytes(bad)
            answer = self.d.zcp("audit", "replay", "--json", "--from", saved)
            # Where the journal goes on is a hint; a key's counter shows at its next entry.
            self.assertIn(answer.code, (DONE, NOT_VERIFIED), str(answer))
            refused += answer.code == NOT_VERIFIED
        self.assertGreater(refused, 20)
        saved.write_bytes(good[:-1])
        self.expect(self.d.zcp("audit", "replay", "--from", saved), NOT_VERIFIED)
        other = self.deploy(MISSION.format(limit=400_000))
        other.down()
        self.expect(other.zcp("audit", "replay", "--from", self.d.file("good", good)), NOT_VERIFIED)

    def test_replay__another_mission_in_the_folder__is_told(self):
        self.d.zcp("down")
        path = self.d.dir / "mission.cbor"
        kept = path.read_bytes()
        other = self.d.file("other.yaml", MISSION.format(limit=100))
        self.d.zcp("mission", "compile", other, "-o", path)
        self.assertNotEqual(path.read_bytes(), kept)
        code, _, said = self.replay()
        self.assertEqual((code, said["valid"]), (NOT_VERIFIED, False))


if __name__ == "__main__":
    case.main(100)
