"""The road once, as a newcomer walks it: start, keys, a signature, a refusal, evidence, log, kill switch."""

from support import case, evm
from support.deployment import APPROVAL, DENIED, NOT_VERIFIED, OPEN


class Tour(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class()
        for curve in ("secp256k1", "p256", "ed25519"):
            cls.d.json("key", "create", f"key-{curve}", "--curve", curve)

    def as_trader(self, *arguments, **options):
        return self.d.zcp(*arguments, "--as", "trader", "--json", **options)

    def test_status__running__tells_what_runs_and_what_is_not_protected(self):
        status = self.d.json("status")
        self.assertEqual(status["phase"], "serving")
        self.assertEqual(status["platform"], "local")
        self.assertIs(status["hardware"], False)
        self.assertEqual(status["rollback"], "not protected")
        self.assertEqual(status["mission"], "starter")
        self.assertTrue(status["isolation"]["seccomp"])
        self.assertTrue(status["isolation"]["no_new_privs"])
        self.assertIn("not hardware", self.d.zcp("status").text)

    def test_up__already_running__says_so_and_succeeds(self):
        again = self.d.zcp("up", "--detach", "--json")
        self.expect(again)
        self.assertEqual(again.json["deployment_id"], self.d.json("status")["deployment_id"])

    def test_key__three_curves__shown_and_listed(self):
        lengths = {"secp256k1": 65, "p256": 65, "ed25519": 32}
        listed = {key["name"]: key for key in self.d.lines("key", "list")}
        for curve, length in lengths.items():
            key = self.d.json("key", "show", f"key-{curve}")
            self.assertEqual(key, listed[f"key-{curve}"])
            self.assertEqual(key["curve"], curve)
            self.assertEqual(key["origin"], "generated")
            self.assertEqual(key["state"], "active")
            self.assertEqual(len(bytes.fromhex(key["public_key"])), length)
            self.assertTrue(key["birth"])
        self.assertRegex(listed["key-secp256k1"]["address"], r"^0x[0-9a-fA-F]{40}$")

    def test_tx_decode__offline__intent_flags_text(self):
        tx = evm.eip1559(7, value=evm.ETH // 2)
        for form in (tx, tx.hex(), "0x" + tx.hex() + "\n"):
            decoded = self.run_zcp("tx", "decode", "--chain", "evm", "--json", "--dir", self.d.home / "none", stdin=form)
            self.expect(decoded)
            self.assertEqual(decoded.json["intent"]["operation"], "transfer")
            self.assertEqual(decoded.json["intent"]["nonce"], 7)
            self.assertEqual(decoded.json["intent"]["value"], str(evm.ETH // 2))
            self.assertEqual(decoded.json["flags"], [])
            self.assertIn("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", decoded.json["text"])

    def test_tx_decode__what_is_dangerous__is_flagged(self):
        approve = bytes.fromhex("095ea7b3") + bytes(12) + evm.TREASURY + b"\xff" * 32
        unknown = bytes.fromhex("deadbeef") + bytes(32)
        for data, flag in ((approve, "unlimited-approval"), (unknown, "unknown-calldata")):
            tx = evm.eip1559(0, value=0, to=evm.USDC, data=data)
            decoded = self.d.json("tx", "decode", stdin=tx)
            self.assertIn(flag, decoded["flags"])

    def test_sign_tx__within_the_mission__signed_logged_and_complete(self):
        tx = evm.eip1559(100, value=evm.ETH // 100)
        answer = self.as_trader("sign", "tx", "--key", "key-secp256k1", "--chain", "evm", stdin=tx)
        self.expect(answer)
        signed = answer.json
        self.assertEqual(signed["decision"], "allow")
        self.assertEqual(signed["rule"], "trader-sends-eth")
        self.assertRegex(signed["digest"], r"^0x[0-9a-f]{64}$")
        self.assertRegex(signed["signature"], r"^0x[0-9a-f]{130}$")
        decoded = self.d.json("tx", "decode", stdin=signed["signed"])
        self.assertEqual(decoded["intent"]["digest"], signed["digest"])
        self.assertEqual(decoded["intent"]["account"], self.d.json("key", "show", "key-secp256k1")["address"])
        entry = [line for line in self.d.lines("audit", "tail", "-n", "1000") if line["sequence"] == signed["entry"]][0]
        self.assertEqual((entry["kind"], entry["decision"], entry["digest"]), ("decision", "allow", signed["digest"]))
        self.assertEqual((entry["principal"], entry["key"]), ("trader", "key-secp256k1"))

    def test_sign_tx__above_the_limit__denied_with_rule_and_margin(self):
        tx = evm.eip1559(101, value=2 * evm.ETH)
        answer = self.as_trader("sign", "tx", "--key", "key-secp256k1", stdin=tx)
        self.expect(answer, DENIED)
        denial = answer.json
        self.assertEqual(denial["decision"], "deny")
        self.assertEqual(denial["rule"], "trader-sends-eth/ETH-per-tx")
        self.assertEqual(denial["reason"], "POLICY_PER_TX")
        self.assertEqual(denial["margin"], {"measured": str(2 * evm.ETH + 42000), "limit": str(evm.ETH), "asset": "ETH"})
        entry = [line for line in self.d.lines("audit", "tail", "-n", "1000") if line["sequence"] == denial["entry"]][0]
        self.assertEqual((entry["decision"], entry["rule"]), ("deny", denial["rule"]))
        told = self.d.zcp("sign", "tx", "--as", "trader", "--key", "key-secp256k1", stdin=tx)
        self.expect(told, DENIED, "trader-sends-eth/ETH-per-tx", "2.000000000000042 ETH", "the limit is 1 ETH")

    def test_sign__what_no_rule_allows__denied(self):
        cases = {
            "another chain": evm.eip1559(102, chain=5),
            "a token the mission lacks": evm.token_transfer(103, 1, token=evm.TREASURY),
            "a recipient it lacks": evm.token_transfer(104, 1, to=evm.USDC),
            "contract creation": evm.eip1559(105, to=b"", data=b"\x00"),
            "an unlimited approval": evm.eip1559(106, value=0, to=evm.USDC, data=bytes.fromhex("095ea7b3") + bytes(12)
                                                 + evm.TREASURY + b"\xff" * 32),
        }
        for name, tx in cases.items():
            with self.subTest(name):
                denial = self.expect(self.as_trader("sign", "tx", "--key", "key-secp256k1", stdin=tx), DENIED).json
                self.assertEqual(denial["decision"], "deny")
        for use, payload in (("message", b"hello"), ("digest", "11" * 32)):
            self.expect(self.as_trader("sign", use, "--key", "key-secp256k1", stdin=payload), DENIED)
        by_admin = self.d.zcp("sign", "tx", "--key", "key-secp256k1", "--json", stdin=evm.eip1559(107))
        self.assertEqual(self.expect(by_admin, DENIED).json["reason"], "POLICY_NOT_A_SIGNER")

    def test_attest_verify__running_enclave__valid_and_not_hardware(self):
        verified = self.d.json("verify")
        self.assertIs(verified["valid"], True)
        self.assertIs(verified["hardware"], False)
        self.assertEqual(verified["reason"], "")
        self.assertRegex(verified["pcrs"]["0"], r"^[0-9a-f]{96}$")
        self.assertEqual(verified["deployment_id"], self.d.json("status")["deployment_id"])
        self.assertIn("NO", self.d.zcp("verify").text)
        wrong = self.d.zcp("verify", "--pcr0", "ab" * 48, "--json")
        self.assertIs(self.expect(wrong, NOT_VERIFIED).json["valid"], False)

    def test_attest_verify__document_in_a_file__each_expectation_counts(self):
        path, root = self.d.home / "doc", self.d.dir / "platform" / "root.pem"
        attested = self.d.json("attest", "--nonce", "c0ffee", "-o", path)
        self.assertEqual(bytes.fromhex(attested["document"]), path.read_bytes())
        good = self.d.json("verify", "--doc", path, "--root", root, "--nonce", "c0ffee")
        self.assertIs(good["valid"], True)
        self.assertIs(good["hardware"], False)
        pcr0 = good["pcrs"]["0"]
        self.d.json("verify", "--doc", path, "--root", root, "--pcr0", pcr0)
        document = bytearray(path.read_bytes())
        document[len(document) // 2] ^= 1
        altered = self.d.file("altered", bytes(document))
        cut = self.d.file("cut", bytes(document[:-1]))
        refused = {
            "wrong pcr0": (["--doc", path, "--root", root, "--pcr0", "00" * 48], "ATTEST_WRONG_PCR"),
            "wrong nonce": (["--doc", path, "--root", root, "--nonce", "c0ffef"], "ATTEST_WRONG_NONCE"),
            "no nonce where one is expected": (["--doc", path, "--root", root, "--nonce", "00"], "ATTEST_WRONG_NONCE"),
            "altered": (["--doc", altered, "--root", root], None),
            "cut": (["--doc", cut, "--root", root], None),
            "the AWS root, since no root was named": (["--doc", path], "ATTEST_FOREIGN_ROOT"),
            "years later": (["--doc", path, "--root", root, "--at", "2099-01-01T00:00:00Z"], "ATTEST_EXPIRED"),
            "years before": (["--doc", path, "--root", root, "--at", "2001-01-01T00:00:00Z"], "ATTEST_NOT_YET_VALID"),
        }
        for name, (arguments, reason) in refused.items():
            with self.subTest(name):
                answer = self.expect(self.d.zcp("verify", "--json", *arguments), NOT_VERIFIED)
                self.assertIs(answer.json["valid"], False)
                self.assertIs(answer.json["hardware"], False)
                self.assertTrue(answer.json["reason"])
                self.assertEqual(answer.json["pcrs"], {})
                if reason:
                    self.assertEqual(answer.json["reason_name"], reason)
                self.expect(self.d.zcp("verify", *arguments), NOT_VERIFIED)

    def test_attest__every_byte_altered__never_valid(self):
        path, root = self.d.home / "doc2", self.d.dir / "platform" / "root.pem"
        self.d.json("attest", "-o", path)
        good = path.read_bytes()
        altered = self.d.home / "altered2"
        for at in range(0, len(good), max(1, len(good) // 60)):
            altered.write_bytes(good[:at] + bytes([good[at] ^ 0x40]) + good[at + 1:])
            answer = self.d.zcp("verify", "--json", "--doc", altered, "--root", root)
            self.assertEqual(answer.code, NOT_VERIFIED, f"byte {at}: {answer}")

    def test_audit__whole_log__verifies(self):
        tail = self.d.lines("audit", "tail", "-n", "3")
        self.assertLessEqual(len(tail), 3)
        for entry in tail:
            self.assertTrue({"sequence", "time", "kind", "previous", "boot_id"} <= entry.keys())
        verified = self.d.json("audit", "verify")
        self.assertIs(verified["valid"], True)
        self.assertEqual(verified["reason"], "")
        self.assertEqual(verified["entries"], self.d.json("status")["log_entries"])
        self.assertIn("valid", self.d.zcp("audit", "verify").text)

    def test_mission__compile_and_show__the_hash_that_the_enclave_measures(self):
        source = self.d.dir / "mission.yaml"
        compiled = self.d.json("mission", "compile", source, "-o", self.d.home / "m.cbor")
        self.assertEqual(compiled["hash"], self.d.json("status")["mission_hash"])
        self.assertEqual((self.d.home / "m.cbor").read_bytes(), (self.d.dir / "mission.cbor").read_bytes())
        self.assertEqual(self.d.json("mission", "check", source)["errors"], 0)
        shown = self.d.json("mission", "show", self.d.home / "m.cbor")
        self.assertEqual(shown, self.d.json("mission", "show", source))


class KillSwitch(case.SystemTest):
    def test_halt_resume__on_a_test_mission__nothing_signed_between(self):
        d = self.deploy(OPEN)
        self.assertIn("WARNING", d.restart().zcp("up", "--mission", OPEN).error_text + d.log() + self.warning(OPEN))
        d.json("key", "create", "k", "--curve", "secp256k1")
        d.json("key", "create", "e", "--curve", "ed25519")
        sign = ("sign", "tx", "--key", "k")
        d.json(*sign, stdin=evm.eip1559(0))
        self.assertIn("entry", d.json("halt", "--reason", "drill"))
        self.assertEqual(d.json("status")["phase"], "halted")
        for arguments, payload in ((sign, evm.eip1559(1)), (("sign", "message", "--key", "e"), b"hello")):
            denial = d.json(*arguments, stdin=payload, expect=DENIED)
            self.assertEqual((denial["decision"], denial["reason"]), ("deny", "POLICY_HALTED"))
        d.restart()
        self.assertEqual(d.json("status")["phase"], "halted", "a restart lifts no halt")
        d.json(*sign, stdin=evm.eip1559(1), expect=DENIED)
        self.assertIn("entry", d.json("resume"))
        self.assertEqual(d.json("status")["phase"], "serving")
        d.json(*sign, stdin=evm.eip1559(1))
        self.expect_error(d.zcp("resume", "--json"), 1, "not halted")
        kinds = [entry["kind"] for entry in d.lines("audit", "tail", "-n", "100")]
        self.assertLess(kinds.index("halt"), kinds.index("resume"))
        self.assertIs(d.json("audit", "verify")["valid"], True)
        self.assertIs(d.json("down")["stopped"], True)
        self.assertEqual(d.zcp("status").code, 5)

    def warning(self, mission):
        other = self.deploy(mission, start=False)
        return self.expect(other.up()).error_text

    def test_sign__message_and_digest__every_curve(self):
        d = self.deploy(OPEN)
        for curve, length in (("secp256k1", 65), ("p256", 64), ("ed25519", 64)):
            d.json("key", "create", curve, "--curve", curve)
            message = d.json("sign", "message", "--key", curve, stdin=b"hello")
            self.assertEqual(len(message["signature"]), 2 + 2 * length)
            self.assertNotIn("signed", message)
            as_hex = d.json("sign", "message", "--key", curve, "--hex", stdin=b"hello".hex())
            self.assertEqual(as_hex["digest"], message["digest"])
        digest = d.json("sign", "digest", "--key", "p256", stdin="0x" + "22" * 32)
        self.assertEqual(digest["digest"], "0x" + "22" * 32)

    def test_resume__quorum_of_two__one_approver_is_not_enough(self):
        d = self.deploy(TWO_APPROVERS)
        d.json("key", "create", "k", "--curve", "secp256k1")
        d.json("halt", "--as", "second")
        self.expect(d.zcp("resume", "--json"), APPROVAL)
        self.expect(d.zcp("resume", "--json"), APPROVAL)
        self.assertEqual(d.json("status")["phase"], "halted")
        d.json("resume", "--as", "second")
        self.assertEqual(d.json("status")["phase"], "serving")


TWO_APPROVERS = """
mission: two
version: 1
principals:
  admin:  {organisation: One, key: local, roles: [founder, key-admin, approver, signer]}
  second: {organisation: Two, key: local, roles: [approver]}
quorum: {founders: 1, resume: 2}
rules:
  all:
    allow: message
    who: admin
    keys: any
"""

if __name__ == "__main__":
    case.main(90)
