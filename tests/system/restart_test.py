"""What survives a stop, and what a host that meddles with the stored files gets: nothing, and a clear word."""
import shutil
import signal
import sqlite3
import os
import time

from support import case, evm
from support.deployment import DONE, FAILED, NOT_VERIFIED, OPEN, STARTER, UNREACHABLE

# Kinds of blobs in store.db.
KEY, GENESIS, ROOT = 2, 4, 5


class Survival(case.SystemTest):
    def test_restart__keys_and_log__are_back(self):
        d = self.deploy(OPEN)
        for curve in ("secp256k1", "p256", "ed25519"):
            d.json("key", "create", curve, "--curve", curve)
        private = d.file("private", "11" * 32)
        d.json("key", "import", "imported", "--curve", "secp256k1", "--nonce", "deterministic", "--private-key", private)
        d.json("key", "disable", "p256")
        signed = d.json("sign", "tx", "--key", "imported", stdin=evm.eip1559(0))
        before, keys = d.json("status"), d.lines("key", "list")
        tail = d.lines("audit", "tail", "-n", "1000")
        for how in ("down", "kill"):
            with self.subTest(how):
                if how == "down":
                    d.restart()
                else:
                    boot = d.boot()
                    d.kill("zcpd")
                    d.wait(boot=boot)
                after = d.json("status")
                self.assertEqual(d.lines("key", "list"), keys)
                self.assertEqual(d.lines("audit", "tail", "-n", "1000")[:len(tail)], tail)
                for same in ("deployment_id", "mission_hash"):
                    self.assertEqual(after[same], before[same])
                self.assertNotEqual(after["boot_id"], before["boot_id"])
                self.assertGreater(after["log_entries"], before["log_entries"])
                self.assertIs(d.json("verify")["valid"], True)
                self.assertIs(d.json("audit", "verify")["valid"], True)
        again = d.json("sign", "tx", "--key", "imported", stdin=evm.eip1559(0))
        self.assertEqual(again["signed"], signed["signed"], "deterministic nonces give the same bytes")
        self.assertEqual(d.json("key", "show", "imported")["uses"], 2)
        self.expect_error(d.zcp("sign", "message", "--key", "p256", "--json", stdin=b"x"), FAILED, "disabled")

    def test_kill__any_process__service_is_back_by_itself(self):
        d = self.deploy(OPEN)
        d.json("key", "create", "k", "--curve", "secp256k1")
        for nonce, victim in enumerate(("front", "core", "enclave", "zcpd")):
            boot = d.boot()
            d.kill(victim)
            d.wait(boot=boot)
            d.json("sign", "tx", "--key", "k", stdin=evm.eip1559(nonce))
        self.assertIs(d.json("audit", "verify")["valid"], True)

    def test_down__supervisor_told_to_end__nothing_is_left(self):
        d = self.deploy()
        pids = d.pids()
        self.assertEqual(set(pids), {"up", "zcpd", "enclave", "front", "core"})
        os.kill(pids["up"], signal.SIGTERM)
        until = time.monotonic() + 10
        while any(os.path.exists(f"/proc/{pid}") for pid in pids.values()) and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual([name for name, pid in pids.items() if os.path.exists(f"/proc/{pid}")], [])
        self.expect_error(d.zcp("down", "--json"), UNREACHABLE, "no ZeroCopy runs")

    def test_same_folder_twice__one_deployment(self):
        d = self.deploy()
        other = self.deploy(start=False)
        copied = shutil.copytree(d.dir, other.dir, ignore=shutil.ignore_patterns("run"))
        self.assertTrue(copied.exists())
        answer = d.zcp("up", "--detach")
        self.expect(answer, DONE)
        self.assertIn("already runs", answer.text)


class Meddling(case.SystemTest):
    """One good deployment is made once; each test gets a copy of its folder and spoils that."""

    @classmethod
    def setUpClass(cls):
        cls.good, cls.foreign = cls.deploy_for_class(OPEN), cls.deploy_for_class(OPEN)
        for d in (cls.good, cls.foreign):
            d.json("key", "create", "first", "--curve", "secp256k1")
            d.json("sign", "tx", "--key", "first", stdin=evm.eip1559(0))
            d.json("key", "create", "last", "--curve", "p256")
            d.wait_checkpoint()
            d.down()

    def setUp(self):
        self.d = self.deploy(OPEN, start=False)
        shutil.copytree(self.good.dir, self.d.dir, ignore=shutil.ignore_patterns("run"))
        self.journal = self.d.dir / "log" / "journal"

    def store(self, statement, *values, of=None):
        with sqlite3.connect((of or self.d).dir / "store.db") as database:
            return database.execute(statement, values).fetchall()

    def foreign_blob(self, kind, name=b""):
        return self.store("SELECT data FROM blobs WHERE kind = ? AND name = ?", kind, name, of=self.foreign)[0][0]

    def frames(self):
        data, found = self.journal.read_bytes(), []
        while data:
            length = 4 + int.from_bytes(data[:4], "big")
            found.append(data[:length])
            data = data[length:]
        return found

    def refuses(self, reason, *words):
        """It does not serve, and says why."""
        self.d.begin()
        self.assertEqual(self.d.wait_error()["reason"], reason)
        told = self.expect_error(self.d.zcp("status", "--json"), UNREACHABLE, *words)
        self.assertEqual(told["reason"], reason)
        self.d.down()

    def audit_finds(self, *words):
        verified = self.expect(self.d.zcp("audit", "verify", "--json"), NOT_VERIFIED).json
        self.assertIs(verified["valid"], False)
        for word in words:
            self.assertIn(word, verified["reason"])
        self.expect(self.d.zcp("audit", "verify"), NOT_VERIFIED, verified["reason"])

    def test_untouched_copy__serves(self):
        self.expect(self.d.up())
        self.d.json("sign", "tx", "--key", "first", stdin=evm.eip1559(1))

    def test_foreign_key_blob__added__refused(self):
        self.store("INSERT INTO blobs(kind, name, data) VALUES(?, ?, ?)", KEY, b"smuggled", self.foreign_blob(KEY, b"last"))
        self.refuses("ENCLAVE_KEY_UNREADABLE", "another image, mission or deployment")
        up = self.expect_error(self.d.up("--json"), FAILED, "another image, mission or deployment")
        self.assertEqual(up["reason"], "ENCLAVE_KEY_UNREADABLE")
        sign = self.d.zcp("sign", "tx", "--key", "first", "--json", stdin=evm.eip1559(1))
        self.expect_error(sign, UNREACHABLE, "zcp status")

    def test_foreign_key_blob__in_place_of_ours__refused(self):
        self.store("UPDATE blobs SET data = ? WHERE kind = ? AND name = ?", self.foreign_blob(KEY, b"first"), KEY, b"first")
        self.refuses("ENCLAVE_KEY_UNREADABLE", "another image, mission or deployment")

    def test_key_blob__under_another_name__serves_only_its_own(self):
        """Names are sealed with the key: the host's label means nothing."""
        (blob,), = self.store("SELECT data FROM blobs WHERE kind = ? AND name = ?", KEY, b"first")
        self.store("DELETE FROM blobs WHERE kind = ? AND name = ?", KEY, b"last")
        self.store("UPDATE blobs SET name = ? WHERE kind = ? AND name = ?", b"last", KEY, b"first")
        self.assertTrue(blob)
        self.expect(self.d.up())
        self.assertEqual([key["name"] for key in self.d.lines("key", "list")], ["first"])

    def test_key_blob__one_bit_changed__refused(self):
        (blob,), = self.store("SELECT data FROM blobs WHERE kind = ? AND name = ?", KEY, b"first")
        self.store("UPDATE blobs SET data = ? WHERE name = ?", blob[:-1] + bytes([blob[-1] ^ 1]), b"first")
        self.refuses("ENCLAVE_KEY_UNREADABLE")

    def test_foreign_root__refused(self):
        self.store("UPDATE blobs SET data = ? WHERE kind = ?", self.foreign_blob(ROOT), ROOT)
        self.refuses("ENCLAVE_ROOT_UNREADABLE")

    def test_foreign_genesis__refused(self):
        self.store("UPDATE blobs SET data = ? WHERE kind = ?", self.foreign_blob(GENESIS), GENESIS)
        self.refuses("ENCLAVE_WRONG_MISSION")

    def test_genesis_lost__no_second_birth_over_the_old_root(self):
        before = self.store("SELECT data FROM blobs WHERE kind = ?", ROOT)
        self.store("DELETE FROM blobs WHERE kind = ?", GENESIS)
        self.refuses("SUPPORT_STORE_MISSING", "genesis")
        self.assertEqual(self.store("SELECT data FROM blobs WHERE kind = ?", ROOT), before)

    def test_whole_foreign_folder_contents__clients_refuse(self):
        """Everything but what clients pin is another deployment's: it runs, and nobody talks to it."""
        pinned = (self.d.dir / "deployment.json").read_bytes()
        shutil.rmtree(self.d.dir)
        shutil.copytree(self.foreign.dir, self.d.dir, ignore=shutil.ignore_patterns("run"))
        (self.d.dir / "deployment.json").write_bytes(pinned)
        self.d.up()
        self.expect_error(self.d.zcp("sign", "tx", "--key", "first", "--json", stdin=evm.eip1559(1)), NOT_VERIFIED)
        self.expect_error(self.d.zcp("status", "--json"), NOT_VERIFIED)
        self.audit_finds("deployment.json")

    def test_changed_mission__named__refused(self):
        other = self.d.file("other.yaml", OPEN.read_text().replace("100000", "99999"))
        for mission in (other, STARTER):
            self.expect_error(self.d.zcp("up", "--detach", "--json", "--mission", mission), FAILED, "another one is in force")

    def test_changed_mission__in_the_folder__refused(self):
        other = self.d.file("other.yaml", OPEN.read_text().replace("100000", "99999"))
        self.d.json("mission", "compile", other, "-o", self.d.dir / "mission.cbor")
        (self.d.dir / "mission.yaml").write_bytes(other.read_bytes())
        self.refuses("ENCLAVE_WRONG_MISSION", "mission")

    def test_log_tail_with_a_birth_deleted__refused(self):
        frames = self.frames()
        birth = max(number for number, frame in enumerate(frames) if b"zcp-birth-v1" in frame)
        self.journal.write_bytes(b"".join(frames[:birth]))
        self.refuses("ENCLAVE_KEY_WITHOUT_BIRTH", "the log was cut")
        self.audit_finds()

    def test_log_emptied_or_gone__refused_and_not_valid(self):
        for spoil in (lambda: self.journal.write_bytes(b""), self.journal.unlink):
            with self.subTest():
                spoil()
                self.refuses("ENCLAVE_KEY_WITHOUT_BIRTH")
                self.audit_finds()

    def test_log_tail_torn__cut_off_and_serves(self):
        whole = self.journal.read_bytes()
        self.journal.write_bytes(whole + b"\x00\x00\x01")
        self.expect(self.d.up())
        self.assertIn("never confirmed", self.d.log())
        self.assertEqual(self.journal.read_bytes()[:len(whole)], whole)
        self.assertIs(self.d.json("audit", "verify")["valid"], True)

    def test_log_byte_edited__refused_and_found(self):
        whole = self.journal.read_bytes()
        frames = self.frames()
        for number, frame in enumerate(frames):
            start = sum(map(len, frames[:number]))
            at = start + 4 + (len(frame) - 4) * 2 // 5
            with self.subTest(entry=number):
                self.journal.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                self.audit_finds()
        self.refuses("ENCLAVE_BAD_JOURNAL", "zcp audit verify")

    def test_log_entries_swapped_dropped_doubled__refused_and_found(self):
        frames = self.frames()
        spoiled = {
            "swapped": [*frames[:2], frames[3], frames[2], *frames[4:]],
            "dropped": [*frames[:3], *frames[4:]],
            "doubled": [*frames[:4], frames[3], *frames[4:]],
            "another's": [*frames[:-1], self.foreign_last()],
        }
        for name, changed in spoiled.items():
            with self.subTest(name):
                self.journal.write_bytes(b"".join(changed))
                self.audit_finds()
        self.refuses("ENCLAVE_BAD_JOURNAL")

    def foreign_last(self):
        mine, self.journal = self.journal, self.foreign.dir / "log" / "journal"
        last = self.frames()[-1]
        self.journal = mine
        return last

    def test_log_frame_length_edited__refused_by_name_and_found(self):
        whole = bytearray(self.journal.read_bytes())
        whole[len(self.frames()[0])] ^= 1
        self.journal.write_bytes(whole)
        self.refuses("SUPPORT_JOURNAL_CORRUPT", "damaged")
        self.audit_finds("damaged")

    def test_store_damaged_or_of_another_version__refused_by_name(self):
        self.store("PRAGMA user_version = 99")
        self.refuses("SUPPORT_STORE_VERSION")
        for leftover in self.d.dir.glob("store.db-*"):
            leftover.unlink()
        (self.d.dir / "store.db").write_bytes(b"not a database, but long enough to be looked at" * 20)
        self.refuses("SUPPORT_STORE")


if __name__ == "__main__":
    case.main(140)
