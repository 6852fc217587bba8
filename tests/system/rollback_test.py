"""A host that restores last night's disk, or runs two copies: refused by witnesses that remember."""
import shutil
import time

import hostile_journal as journal
from support import case
from support.deployment import DONE, FAILED, Deployment
from support.witness import Carrier, Witness

MISSION = """
mission: witnessed
version: 1
principals:
  admin: {{organisation: Test, key: local, roles: [founder, key-admin, approver, auditor]}}
  bot:   {{organisation: Test, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
rules:
  speak: {{allow: message, who: bot, keys: any, limits: [5 signatures per 1d]}}
audit: {{max-unacked: 8, witnesses: [{witnesses}], witnesses-needed: 2}}
"""
LOST_TAIL, HALT = 15, 8


def leaves_of(folder):
    return [entry.leaf for entry in journal.read(folder)]


class Rollback(case.SystemTest):
    def setUp(self):
        self.witnesses = [Witness(f"w{number}.example/test", bytes([number]) * 32) for number in range(3)]
        self.carriers = []
        self.d = self.deploy(MISSION.format(witnesses=", ".join(w.verifier for w in self.witnesses)), start=False)
        self.carry(self.d.dir)
        self.d.start()
        self.d.json("key", "create", "k", "--curve", "secp256k1", "--as", "admin")

    def carry(self, folder):
        carrier = Carrier(folder, self.witnesses, leaves_of)
        self.addCleanup(carrier.end)
        self.carriers.append(carrier)
        return carrier

    def sign(self, d, text, **options):
        return d.zcp("sign", "message", "--key", "k", "--as", "bot", "--json", stdin=text, **options)

    def save(self, name):
        kept = self.d.home / name
        shutil.copytree(self.d.dir, kept, ignore=shutil.ignore_patterns("run"))
        return kept

    def put_back(self, kept):
        while self.d.dir.exists():  # the last checkpoint may just be carried back
            shutil.rmtree(self.d.dir, ignore_errors=True)
        shutil.copytree(kept, self.d.dir)

    def assert_refused(self, d):
        """It comes up as far as its boot entry, serves nobody, and says why."""
        d.begin()
        status = d.wait(state="witnesses")
        time.sleep(6)
        status = d.control(command="status")
        self.assertEqual(status["state"], "witnesses", status)
        self.assertIn("witnesses", status["error"]["what"])
        self.assertNotEqual(self.sign(d, "refill me").code, DONE)

    def test_restart__same_disk__serves_and_says_it_is_protected(self):
        self.assertEqual(self.d.json("status")["rollback"], "protected")
        self.d.restart()
        self.assertEqual(self.sign(self.d, "hello").code, DONE)
        self.assertEqual(self.d.json("audit", "verify")["valid"], True)

    def test_old_disk__put_back__does_not_refill_a_limit(self):
        self.d.wait_checkpoint()
        self.d.zcp("down")
        kept = self.save("last-night")
        self.d.start()
        for number in range(5):
            self.assertEqual(self.sign(self.d, f"{number}").code, DONE)
        self.assertNotEqual(self.sign(self.d, "one too many").code, DONE)
        self.d.wait_checkpoint()
        self.d.zcp("down")
        self.put_back(kept)
        self.assert_refused(self.d)
        self.assertGreater(sum(w.refused for w in self.witnesses), 0)

    def test_old_disk__founders_know_it__goes_on_halted_and_on_record(self):
        self.d.zcp("down")
        kept = self.save("last-night")
        self.d.start()
        self.assertEqual(self.sign(self.d, "lost").code, DONE)
        self.d.wait_checkpoint()
        self.d.zcp("down")
        self.put_back(kept)
        answer = self.d.zcp("up", "--detach", "--lost-tail")
        self.assertEqual(answer.code, DONE, str(answer))
        self.assertEqual(self.d.json("status")["rollback"], "not protected")
        self.assertNotEqual(self.sign(self.d, "halted").code, DONE)
        self.expect(self.d.zcp("resume", "--as", "admin"))
        self.assertEqual(self.sign(self.d, "again").code, DONE)
        self.assertIn(LOST_TAIL, [entry.kind for entry in journal.read(self.d.dir)])
        self.assertIs(self.d.json("audit", "verify")["valid"], True)

    def test_second_copy__while_the_first_runs__one_of_them_stops(self):
        self.d.wait_checkpoint()
        time.sleep(0.5)
        kept = self.save("copy")
        self.assertEqual(self.sign(self.d, "the first goes on").code, DONE)
        self.d.wait_checkpoint()
        time.sleep(0.5)
        copy = Deployment(case.build, self.d.mission, folder=kept)
        self.addCleanup(copy.close)
        self.carry(copy.dir)
        self.assert_refused(copy)
        self.assertEqual(self.sign(self.d, "the first still goes on").code, DONE)

    def test_second_copy__quicker_to_the_witnesses__the_first_stops_within_its_grace(self):
        self.d.wait_checkpoint()
        time.sleep(0.5)
        kept = self.save("copy")
        copy = Deployment(case.build, self.d.mission, folder=kept)
        self.addCleanup(copy.close)
        self.carry(copy.dir)
        copy.begin()
        copy.wait()
        until = time.monotonic() + 20
        answer = self.sign(self.d, "0")
        while answer.code == DONE and time.monotonic() < until:
            time.sleep(3)
            answer = self.sign(self.d, "0")
        self.assertEqual(answer.code, FAILED, str(answer))
        self.assertIn("witnesses", answer.error_text)
        self.assertEqual(self.d.json("status")["rollback"], "not protected")

    def test_witnesses__too_few_answer__nobody_is_served(self):
        self.d.zcp("down")
        self.carriers[0].witnesses = self.witnesses[:1]
        self.assert_refused(self.d)
        self.carriers[0].witnesses = self.witnesses
        self.d.zcp("down")
        self.d.start()
        self.assertEqual(self.sign(self.d, "hello").code, DONE)


if __name__ == "__main__":
    case.main(145)
