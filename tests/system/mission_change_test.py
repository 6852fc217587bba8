"""Another mission by the quorum of the one in force: nothing that was spent is forgotten, and no host does it alone."""
import json
import os
import pathlib
import shutil
import signal
import time

from support import case, evm
from support.deployment import APPROVAL, DENIED, DONE, FAILED

MISSION = """
mission: desk
version: 1
principals:
  admin: {{organisation: Desk, key: local, roles: [founder, key-admin, approver]}}
  risk:  {{organisation: Risk, key: local, roles: approver}}
  chief: {{organisation: Board, key: local, roles: approver}}
  cousin: {{organisation: Risk, key: local, roles: approver}}
  bot:   {{organisation: Desk, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
{change}
assets:
  WEI: {{chain: ethereum, native: true, decimals: {decimals}}}
rules:
  {rule}:
    allow: transfer
    who: bot
    keys: any
    chains: ethereum
    assets: WEI
    to: any
    limits: ['{limit} WEI per {window}']
"""
CHANGE = "mission-change: {{approvals: 2, organisations: 2, delay: {delay}, valid: 1h, by: [risk, chief, cousin]}}"
FEE = 42_000


def mission(rule="pay", limit="400,000", window="1h", decimals=0, delay="none", change=CHANGE):
    return MISSION.format(rule=rule, limit=limit, window=window, decimals=decimals, change=change.format(delay=delay))


def put_back(files):
    for path, content in files:
        path.write_bytes(content)


class MissionChange(case.SystemTest):
    def begin(self, **terms):
        self.d = self.deploy(mission(**terms))
        self.d.json("key", "create", "k", "--curve", "secp256k1")
        self.folder = pathlib.Path(self.d.dir)

    def pay(self, nonce, value, expect=DONE):
        answer = self.d.zcp("sign", "tx", "--key", "k", "--as", "bot", "--json", stdin=evm.eip1559(nonce, value))
        self.assertEqual(answer.code, expect, str(answer))
        return answer.json

    def ask(self, text):
        path = self.d.file("next.yaml", text)
        answer = self.d.zcp("mission", "change", path, "--as", "risk", "--json")
        self.expect(answer, DONE)
        return path, json.loads(answer.out.splitlines()[-1])

    def agree(self, path, *members):
        for member in members:
            answer = self.d.zcp("mission", "sign", path, "--as", member, "--json")
            self.expect(answer, DONE)
        return json.loads(answer.out.splitlines()[-1])

    def change_to(self, text):
        path, asked = self.ask(text)
        self.agree(path, "risk", "chief")
        done = self.d.json("mission", "activate", "--as", "chief")
        self.assertEqual(done["mission"], asked["next"])
        return done

    def assert_log_holds(self, changes):
        self.d.down()
        said = json.loads(self.d.zcp("audit", "replay", "--json").out.splitlines()[-1])
        self.assertEqual((said["valid"], said["state_checked"], said["reason"]), (True, True, ""), said)
        self.assertEqual(said["mission_changes"], changes)
        verified = self.d.json("audit", "verify")
        self.assertEqual((verified["valid"], verified["founders_checked"]), (True, True), verified)
        self.d.start()

    def test_change__renamed_widened_and_back__not_one_unit_is_fresh(self):
        self.begin()
        born = self.d.json("mission", "status")["mission"]
        self.pay(1, 300_000 - FEE)
        self.pay(2, 200_000 - FEE, expect=DENIED)
        first = self.change_to(mission(rule="outgoing", window="1d"))
        self.assertEqual(first["born"], born)
        self.assertEqual(self.d.json("status")["mission_hash"], first["mission"])
        self.pay(3, 100_001 - FEE, expect=DENIED)
        self.pay(4, 60_000 - FEE)
        self.d.restart()
        self.pay(5, 40_001, expect=DENIED)
        # Another unit: what was signed stays what it was, in base units, and the quorum knows of it.
        self.change_to(mission(limit="36,000", decimals=1))
        self.assertEqual(self.pay(6, 0, expect=DENIED)["reason"], "POLICY_HALTED")
        self.d.zcp("resume", "--as", "admin")
        self.assertEqual(self.pay(6, 0, expect=DENIED)["reason"], "POLICY_WINDOW")
        self.change_to(mission(limit="500,000"))
        self.d.zcp("resume", "--as", "admin")
        self.pay(7, 140_001 - FEE, expect=DENIED)
        self.pay(8, 140_000 - FEE)
        self.pay(9, 0, expect=DENIED)
        self.assert_log_holds(changes=3)
        self.pay(10, 0, expect=DENIED)
        self.d.json("key", "create", "k2", "--curve", "secp256k1")
        self.d.restart()
        self.d.json("key", "show", "k2")

    def test_quorum__one_organisation_delay_and_withdrawal__wait(self):
        self.begin(delay="2s")
        path, asked = self.ask(mission(rule="other"))
        self.expect_error(self.d.zcp("mission", "change", path, "--as", "chief", "--json"), FAILED, "under way")
        self.expect_error(self.d.zcp("mission", "sign", path, "--as", "bot", "--json"), FAILED)
        self.agree(path, "risk", "cousin")
        self.expect_error(self.d.zcp("mission", "activate", "--as", "risk", "--json"), APPROVAL)
        self.expect_error(self.d.zcp("mission", "sign", path, "--as", "risk", "--json"), FAILED, "already")
        other = self.d.file("other.yaml", mission(rule="third"))
        self.expect_error(self.d.zcp("mission", "sign", other, "--as", "chief", "--json"), FAILED, "another mission")
        self.d.restart()  # what was begun and signed stands in the log
        shown = self.agree(path, "chief")
        self.assertEqual((shown["signatures"], shown["organisations"]), (3, 2))
        self.d.json("mission", "withdraw", "--as", "cousin")
        self.expect_error(self.d.zcp("mission", "activate", "--as", "risk", "--json"), FAILED)
        path, _ = self.ask(mission(rule="other"))
        self.agree(path, "risk", "chief")
        self.expect_error(self.d.zcp("mission", "activate", "--as", "risk", "--json"), APPROVAL, "delay")
        self.d.zcp("halt", "--as", "admin")
        time.sleep(2)
        self.d.json("mission", "activate", "--as", "risk")
        self.assertEqual(self.d.json("status")["phase"], "halted", "a change ends no halt")
        self.d.zcp("resume", "--as", "admin")
        self.pay(1, 1)
        self.assert_log_holds(changes=1)

    def test_mission_without_quorum__says_so_and_stays(self):
        self.begin(change="")
        path = self.d.file("next.yaml", mission())
        self.expect_error(self.d.zcp("mission", "change", path, "--as", "risk", "--json"), FAILED, "can't be changed")

    def test_kill_around_the_change__one_of_the_two_and_it_goes_on(self):
        self.begin()
        self.pay(1, 1)
        texts = [mission(rule="a"), mission(rule="b"), mission(rule="c"), mission(rule="d")]
        for number, text in enumerate(texts):
            path, asked = self.ask(text)
            self.agree(path, "risk", "chief")
            pid = self.d.pids()["zcpd"]
            child = os.fork()
            if child == 0:  # zcpd dies at some moment of the change, another one each time
                time.sleep(0.02 + 0.06 * number)
                try:
                    os.kill(pid, signal.SIGKILL)
                finally:
                    os._exit(0)
            self.d.zcp("mission", "activate", "--as", "risk", "--json")
            os.waitpid(child, 0)
            self.d.wait()
            now = self.d.json("mission", "status")
            self.assertIn(now["begun"], (True, False))
            if now["begun"]:
                self.d.json("mission", "activate", "--as", "risk")
                now = self.d.json("mission", "status")
            self.assertEqual(now["mission"], asked["next"])
            self.pay(10 + number, 1)
        self.assert_log_holds(changes=4)

    def test_hostile_host__swaps_and_rolls_back__refused(self):
        self.begin()
        self.pay(1, 1)
        old = [(self.folder / name, (self.folder / name).read_bytes()) for name in ("mission.cbor", "mission.yaml")]
        strange = self.d.file("strange.yaml", mission(limit="900,000"))
        self.d.json("mission", "compile", strange, "-o", str(self.folder / "strange.cbor"))
        self.d.down()

        # Another mission by itself: the root does not open, and the log has no change to it.
        shutil.copy(self.folder / "strange.cbor", self.folder / "mission.cbor")
        shutil.copy(strange, self.folder / "mission.yaml")
        self.d.begin()
        self.assertEqual(self.d.wait_error()["reason"], "ENCLAVE_WRONG_MISSION")
        self.assertNotEqual(self.d.zcp("status").code, DONE)
        self.d.down()
        put_back(old)
        self.d.start()

        # The old mission after the change: what zcpd would repair by itself is taken away from it.
        done = self.change_to(mission(rule="next"))
        self.d.down()
        put_back(old)
        kept = self.folder / "mission" / (done["mission"] + ".cbor")
        kept.rename(self.folder / "aside")
        self.d.begin()
        self.assertEqual(self.d.wait_error()["reason"], "ENCLAVE_MISSION_SUPERSEDED")
        self.d.down()
        (self.folder / "aside").rename(kept)
        self.d.start()  # it finds the change in the log, and follows it
        self.assertEqual(self.d.json("mission", "status")["mission"], done["mission"])
        self.pay(2, 1)
        self.assert_log_holds(changes=1)


if __name__ == "__main__":
    case.main(90)
