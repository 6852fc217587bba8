"""The log as others read it: tiles on disk and over HTTP, proofs in one file, disclosure, and every way to tamper."""

import contextlib
import shutil
import sqlite3
import urllib.error
import urllib.request

from support import case
from support.deployment import DONE, NOT_VERIFIED, OPEN, USAGE

PORT = 18573

class Audit(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = d = case.Deployment(case.build, OPEN)
        cls.addClassCleanup(d.close)
        answer = d.up("--log-listen", f"127.0.0.1:{PORT}")
        assert answer.code == DONE, str(answer)
        d.json("key", "create", "k", "--curve", "p256")
        for i in range(4):
            d.json("sign", "digest", "--key", "k", stdin=f"{i + 1:064d}")
        d.wait_checkpoint()
        cls.log = d.dir / "log"
        cls.size = int((cls.log / "checkpoint").read_text().split("\n")[1])

    def copy(self, name):
        folder = self.d.home / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(self.log / "checkpoint", folder)
        shutil.copytree(self.log / "tile", folder / "tile")
        return folder

    def verify(self, path, code=DONE):
        return self.expect(self.d.zcp("audit", "verify", path, "--json"), code).json

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, b""

    def test_http__what_is_on_disk_and_nothing_else(self):
        self.assertEqual(self.get("checkpoint"), (200, (self.log / "checkpoint").read_bytes()))
        name = f"tile/0/000.p/{self.size}"
        self.assertEqual(self.get(name), (200, (self.log / name).read_bytes()))
        for path in ("journal", "tile/../journal", "tile/0/0", "tile/0/000.p/0", "tile/00/000", "tile/entries/000.p/256", ""):
            self.assertEqual(self.get(path)[0], 404, path)

    def test_folder__valid_and_every_byte_counts(self):
        folder = self.copy("bytes")
        self.assertEqual(self.verify(folder)["entries"], self.size)
        for path in [folder / "checkpoint", folder / f"tile/0/000.p/{self.size}", folder / f"tile/entries/000.p/{self.size}"]:
            whole = path.read_bytes()
            for at in range(0, len(whole), max(1, len(whole) // 40)):
                path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                answer = self.verify(folder, NOT_VERIFIED)
                self.assertTrue(answer["reason"], f"{path} byte {at}")
            path.write_bytes(whole)
        self.verify(folder)

    def test_entries__removed_swapped_doubled__found(self):
        folder = self.copy("entries")
        path = folder / f"tile/entries/000.p/{self.size}"
        data, entries = path.read_bytes(), []
        while data:
            size = 2 + int.from_bytes(data[:2], "big")
            entries.append(data[:size])
            data = data[size:]
        self.assertEqual(len(entries), self.size)
        for at in range(len(entries)):
            wrong = [entries[:at] + entries[at + 1:], entries[:at] + [entries[at]] + entries[at:]]
            if at > 0:
                wrong.append(entries[:at - 1] + [entries[at], entries[at - 1]] + entries[at + 1:])
            for order in wrong:
                path.write_bytes(b"".join(order))
                self.verify(folder, NOT_VERIFIED)

    def test_proof__checked_alone__says_what_it_proves(self):
        proof = self.d.home / "proof"
        made = self.d.json("audit", "prove", f"{2:064d}", "-o", proof, "--disclose", "intent")
        elsewhere = self.d.home / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        answer = self.expect(self.run_zcp("audit", "verify", proof, "--json", "--dir", elsewhere)).json
        self.assertIs(answer["valid"], True)
        self.assertIs(answer["hardware"], False)
        self.assertEqual(answer["entry"]["sequence"], made["sequence"])
        self.assertEqual(answer["entry"]["digest"], "0x" + f"{2:064d}")
        self.assertIn("intent", answer["entry"])
        for closed in ("principal", "rule", "key"):
            self.assertNotIn(closed, answer["entry"])
        text = self.run_zcp("audit", "verify", proof, "--dir", elsewhere).text
        self.assertIn("the code that measures to PCR0", text)
        self.assertIn("Hardware: NO", text)
        whole = proof.read_bytes()
        for at in range(20, len(whole) - 1200, 37):
            proof.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1:])
            self.assertNotEqual(self.run_zcp("audit", "verify", proof, "--dir", elsewhere).code, DONE, f"byte {at}")

    def test_redacted_group__closed_for_ever__log_still_verifies(self):
        copy, closed = self.d.home / "copy", self.d.home / "closed"
        shutil.copy(self.log / "journal", copy)
        self.expect(self.d.zcp("audit", "redact", "4", "--group", "intent", "--log", copy, "-o", closed))
        self.assertIs(self.expect(self.d.zcp("audit", "verify", "--log", closed, "--json")).json["valid"], True)
        self.assertLess(closed.stat().st_size, copy.stat().st_size)
        self.expect(self.d.zcp("audit", "redact", "4", "--group", "x", "--log", copy, "-o", closed), USAGE)

    def index(self, *options, code=DONE):
        return self.expect(self.d.zcp("audit", "index", *options, "--json"), code)

    def spoil_index(self, sql):
        with contextlib.closing(sqlite3.connect(self.log / "index.db")) as db, db:
            db.execute(sql)

    def test_index__made_checked_and_any_change_of_it_found(self):
        made = self.index("--rebuild", "--check").json
        self.assertEqual(made["entries"], len(self.d.lines("audit", "export")))
        changes = ["UPDATE entry SET time_ms = time_ms - 1 WHERE sequence = 3",
                   "UPDATE entry SET offset = offset + 1 WHERE sequence = 2",
                   "UPDATE entry SET decision = 2 WHERE decision = 1",
                   "UPDATE entry SET digest = zeroblob(32) WHERE digest IS NOT NULL",
                   "UPDATE entry SET key_id = NULL",
                   "UPDATE entry SET kind = kind + 1 WHERE sequence = 1",
                   "DELETE FROM entry WHERE sequence = 2",
                   "INSERT INTO entry SELECT 1000000, offset, time_ms, kind, decision, key_id, digest FROM entry"
                   " WHERE sequence = 1"]
        for change in changes:
            with self.subTest(change):
                self.spoil_index(change)
                self.expect_error(self.d.zcp("audit", "index", "--check", "--json"), NOT_VERIFIED, "--rebuild")
                self.index("--rebuild", "--check")

    def test_index__wrong__hides_nothing(self):
        (self.log / "index.db").unlink(missing_ok=True)
        whole = self.d.lines("audit", "export")
        since = whole[-1]["time"][:19] + "Z"
        asked = [["audit", "tail", "-n", "3"], ["audit", "export", "--since", since],
                 ["audit", "export", "--since", "2100-01-01T00:00:00Z"]]
        without = [self.d.lines(*words) for words in asked]
        self.index()
        self.assertEqual([self.d.lines(*words) for words in asked], without)
        for change in ("UPDATE entry SET time_ms = 1",
                       "UPDATE entry SET time_ms = 4102444800000",
                       "UPDATE entry SET offset = 7",
                       "UPDATE entry SET offset = (SELECT max(offset) FROM entry)"):
            with self.subTest(change):
                self.index("--rebuild")
                self.spoil_index(change)
                self.assertEqual([self.d.lines(*words) for words in asked], without)
        self.index("--rebuild")

    def test_z_tiles__lost__made_again(self):
        before = (self.log / f"tile/0/000.p/{self.size}").read_bytes()
        self.d.down()
        shutil.rmtree(self.log / "tile")
        self.d.start()
        self.d.wait_checkpoint()
        grown = int((self.log / "checkpoint").read_text().split("\n")[1])
        self.assertTrue((self.log / f"tile/0/000.p/{grown}").read_bytes().startswith(before))
        type(self).size = grown
        answer = self.d.up("--log-listen", f"127.0.0.1:{PORT}")
        self.assertEqual(answer.code, DONE)
        self.assertIs(self.expect(self.d.zcp("audit", "verify", "--json")).json["valid"], True)

if __name__ == "__main__":
    case.main(140)
