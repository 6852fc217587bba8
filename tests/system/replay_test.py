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
