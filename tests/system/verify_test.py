"""`zcp verify`: every reference value, what is hardware and what never is, and lists that a release key signs."""
import base64
import json
import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from support import case, merkle
from support.deployment import DONE, FAILED, NOT_VERIFIED, OPEN, USAGE

SOURCE = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("ZCP_VECTORS", SOURCE.parent / "shared" / "vectors"))


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Verify(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = d = cls.deploy_for_class(OPEN)
        cls.doc, cls.root = d.home / "doc", d.dir / "platform" / "root.pem"
        d.json("attest", "--nonce", "c0ffee", "-o", cls.doc)
        cls.live = d.json("verify")
        cls.pcr0 = cls.live["pcrs"]["0"]

    def verify(self, *arguments, code=DONE, doc=None, root=True):
        place = ["--root", self.root] if root else []
        answer = self.d.zcp("verify", "--json", "--doc", doc or self.doc, *place, *arguments)
        return self.expect(answer, code).json

    def refused(self, reason, *arguments, **options):
        answer = self.verify(*arguments, code=NOT_VERIFIED, **options)
        self.assertEqual(answer["reason_name"], reason)
        self.assertIs(answer["valid"], False)
        self.assertIs(answer["hardware"], False)
        self.assertEqual(answer["pcrs"], {})
        self.assertEqual(answer["checks"][-1]["state"], "failed")
        self.assertTrue(answer["checks"][-1]["detail"])

    def test_running_enclave__fresh_nonce__table_of_checks(self):
        self.assertIs(self.live["valid"], True)
        self.assertIs(self.live["hardware"], False)
        self.assertIs(self.live["development"], True)
        states = {check["name"]: check["state"] for check in self.live["checks"]}
        for name in ("form", "root", "certificates", "signature", "debug mode", "time", "nonce", "measurements", "mission",
                     "deployment", "log key", "session"):
            self.assertEqual(states.get(name), "passed", name)
        self.assertNotEqual(self.live["nonce"], self.d.json("verify")["nonce"])
        text = self.d.zcp("verify").text
        self.assertIn("hardware: NO: a development root", text)
        self.assertIn("what was checked", text)

    def test_running_enclave__another_expectation__refused(self):
        for arguments, reason in ((["--pcr0", "ab" * 48], "ATTEST_WRONG_PCR"), (["--pcr", "4=" + "ab" * 48], "ATTEST_WRONG_PCR"),
                                  (["--mission", "ab" * 32], "EVIDENCE_WRONG_MISSION"),
                                  (["--log-key", "ab" * 32], "EVIDENCE_WRONG_LOG_KEY"),
                                  (["--deployment", "ab" * 32], "EVIDENCE_WRONG_DEPLOYMENT")):
            answer = self.expect(self.d.zcp("verify", "--json", *arguments), NOT_VERIFIED).json
            self.assertEqual(answer["reason_name"], reason)

    def test_document__each_expectation__counts(self):
        live, pcrs = self.live, self.live["pcrs"]
        mission = self.d.dir / "mission.yaml"
        good = ["--nonce", "c0ffee", "--pcr0", self.pcr0, "--pcr", "1=" + pcrs["1"], "--pcr", "2=" + pcrs["2"],
                "--measurement", "pcr16=" + pcrs["16"], "--mission", mission, "--log-key", live["log_key"],
                "--deployment", live["deployment_id"], "--module-id", live["module_id"]]
        answer = self.verify(*good)
        self.assertIs(answer["hardware"], False)
        self.verify("--mission", live["mission_hash"])
        self.verify("--mission", self.d.dir / "mission.cbor")
        self.verify("--user-data", answer["user_data"])
        self.refused("ATTEST_WRONG_PCR", *good, "--pcr", "1=" + pcrs["2"])
        self.refused("ATTEST_WRONG_PCR", "--pcr", "8=" + "00" * 48)
        self.refused("ATTEST_MISSING_PCR", "--pcr", "17=" + "ab" * 48)
        self.refused("EVIDENCE_WRONG_MODULE", "--module-id", "i-0-enc0")
        self.refused("EVIDENCE_WRONG_USER_DATA", "--user-data", "00")
        self.refused("ATTEST_FOREIGN_ROOT", root=False)

    def test_document__as_text__the_same(self):
        raw = self.doc.read_bytes()
        for text in (raw.hex(), raw.hex().upper() + "\n", base64.encodebytes(raw)):
            self.assertIs(self.verify(doc=self.d.file("text", text))["valid"], True)
        record = json.dumps(["application/octet-stream", base64.urlsafe_b64encode(raw).decode().rstrip("="), 4])
        self.assertIs(self.verify(doc=self.d.file("wrapped", record))["valid"], True)
        self.refused("EVIDENCE_UNKNOWN_KIND", doc=self.d.file("words", "no evidence at all"))

    def test_wrong_use__exit_2_and_what_is_wanted(self):
        for arguments, word in ((["--pcr", "x=00"], "--pcr wants N=HEX"), (["--pcr", "32=" + "00" * 48], "--pcr wants"),
                                (["--pcr", "1=00"], "--pcr wants"), (["--measurement", "PCR0"], "--measurement wants"),
                                (["--log-key", "00"], "64 hexadecimal"), (["--accept", self.doc], "--release-key"),
                                (["--tcb", "Revoked"], "never accepted"), (["--mission", self.root], "--mission wants"),
                                (["--release-key", "00" * 32], "go together")):
            with self.subTest(" ".join(map(str, arguments))):
                self.expect_error(self.d.zcp("verify", "--json", "--doc", self.doc, *arguments), USAGE, word)
        self.expect_error(self.d.zcp("verify", "--json", "--doc", self.doc, "--collateral", self.d.home / "none"), FAILED)
        many = [word for _ in range(70) for word in ("--pcr0", self.pcr0)]
        self.expect_error(self.d.zcp("verify", "--json", "--doc", self.doc, *many), USAGE, "too many")

    def sign(self, lines, key):
        listed = self.d.file("list", lines)
        done = subprocess.run([str(SOURCE / "scripts" / "sign-measurements"), str(listed), str(key)], capture_output=True,
                              check=True)
        return self.d.file("note", done.stdout)

    def test_published_measurements__signed_by_a_person__accepted_in_their_time(self):
        key, public, other = (self.d.home / name for name in ("release.pem", "release.pub", "other.pem"))
        for path in (key, other):
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(path)], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", str(key), "-pubout", "-out", str(public)], check=True, capture_output=True)
        now = datetime.now(timezone.utc).timestamp()
        line = "nitro {} {} signer-1.4.0 PCR0={}\n"
        good = line.format(moment(now - 3600), moment(now + 3600), self.pcr0)
        note = self.sign(good, key)
        answer = self.verify("--accept", note, "--release-key", public)
        self.assertEqual(answer["accepted_as"], "signer-1.4.0")
        self.assertIs(answer["hardware"], False)
        spki = subprocess.run(["openssl", "pkey", "-in", str(key), "-pubout", "-outform", "DER"], check=True,
                              capture_output=True).stdout
        self.verify("--accept", note, "--release-key", spki[-32:].hex())
        self.assertIs(self.d.json("verify", "--accept", note, "--release-key", public)["valid"], True)
        for text, signer, reason in ((good, other, "EVIDENCE_ACCEPTED_NOT_SIGNED"), ("", key, "EVIDENCE_NOT_ACCEPTED"),
                                     (good.replace(self.pcr0, "ab" * 48), key, "EVIDENCE_NOT_ACCEPTED"),
                                     (line.format(moment(now - 9), moment(now - 8), self.pcr0), key, "EVIDENCE_NOT_ACCEPTED_NOW"),
                                     (good + "rubbish\n", key, "EVIDENCE_BAD_ACCEPTED")):
            with self.subTest(reason):
                self.refused(reason, "--accept", self.sign(text, signer), "--release-key", public)
        self.refused("EVIDENCE_BAD_ACCEPTED", "--accept", self.d.file("empty", ""), "--release-key", public)

    def key(self, name):
        path = self.d.home / name
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(path)], check=True, capture_output=True)
        return path

    def proof(self, lines, index, key, name="zerocopy/measurement-log", size=None):
        """The entry number `index` of a log of these lines, as C2SP tlog-proof has it."""
        leaves = [merkle.leaf(line.encode()) for line in lines]
        checkpoint = f"{name}\n{len(lines) if size is None else size}\n{merkle.text64(merkle.root(leaves))}\n".encode()
        hashes = "".join(merkle.text64(digest) + "\n" for digest in merkle.inclusion(index, leaves))
        head = f"c2sp.org/tlog-proof@v1\nextra {merkle.text64(lines[index].encode())}\nindex {index}\n{hashes}\n"
        return head.encode() + merkle.sign_note(checkpoint, name, key, self.d.home)

    def test_measurement_log__proof_made_elsewhere__accepted_and_no_other(self):
        key, other = self.key("log.pem"), self.key("log-other.pem")
        public = merkle.public_key(key).hex()
        now = datetime.now(timezone.utc).timestamp()
        good = f"nitro {moment(now - 3600)} {moment(now + 3600)} signer-1.5.0 PCR0={self.pcr0}"
        lines = [f"nitro {moment(0)} {moment(now)} signer-0.{i}.0 PCR0={i + 1:02x}{'00' * 47}" for i in range(6)]
        for index in range(len(lines)):
            logged = [*lines[:index], good, *lines[index + 1:]]
            place = self.d.file("proof", self.proof(logged, index, key))
            answer = self.verify("--measurements", place, "--release-key", public)
            self.assertEqual(answer["accepted_as"], "signer-1.5.0")
        self.assertIs(self.d.json("verify", "--measurements", place, "--release-key", public)["valid"], True)
        logged = [*lines, good]
        sound = self.proof(logged, 6, key)
        foreign = self.proof([*lines, good + "0"], 6, key)
        late = good.replace(moment(now + 3600), moment(now - 60))
        for what, data, reason in (
                ("another key", self.proof(logged, 6, other), "EVIDENCE_LOG_NOT_SIGNED"),
                ("another name", self.proof(logged, 6, key, name="zerocopy/other"), "EVIDENCE_BAD_LOG_PROOF"),
                ("another size", self.proof(logged, 6, key, size=9), "EVIDENCE_NOT_IN_LOG"),
                ("another index", sound.replace(b"index 6", b"index 5"), "EVIDENCE_NOT_IN_LOG"),
                ("another line", sound[:sound.index(b"index")].replace(b"extra ", b"extra AAAA") + sound[sound.index(b"index"):],
                 "EVIDENCE_NOT_IN_LOG"),
                ("an entry that is no line", foreign, "EVIDENCE_BAD_LOG_PROOF"),
                ("another measurement", self.proof(logged, 2, key), "EVIDENCE_NOT_ACCEPTED"),
                ("out of its time", self.proof([*lines, late], 6, key), "EVIDENCE_NOT_ACCEPTED_NOW"),
                ("cut", sound[:-40], "EVIDENCE_BAD_LOG_PROOF")):
            with self.subTest(what):
                self.refused(reason, "--measurements", self.d.file("proof", data), "--release-key", public)
        place = self.d.file("proof", sound)
        for arguments in (["--measurements", place], ["--accept", place, "--release-key", public],
                          ["--measurements", self.doc, "--release-key", public],
                          ["--measurements", place, "--accept", place, "--release-key", public]):
            self.expect_error(self.d.zcp("verify", "--json", "--doc", self.doc, *arguments), USAGE)


class Published(case.SystemTest):
    """Documents, reports and quotes of real hardware."""

    def setUp(self):
        if not VECTORS.is_dir():
            self.skipTest(f"there are no vectors at {VECTORS} (set ZCP_VECTORS)")

    def verify(self, *arguments):
        return self.run_zcp("verify", "--json", *arguments)

    def test_nitro_documents__as_the_manifest_says(self):
        reasons = {"debug": "ATTEST_DEBUG_MODE", "badsig": "ATTEST_BAD_SIGNATURE", "foreignroot": "ATTEST_FOREIGN_ROOT"}
        folder = VECTORS / "nitro"
        for row in json.loads((folder / "manifest.json").read_text()):
            at = moment(row["timestamp_ms"] / 1000)
            with self.subTest(row["file"]):
                answer = self.verify("--doc", folder / row["file"], "--at", at, "--allow-debug")
                valid = row["kind"] == "prod"
                self.assertEqual(answer.code, DONE if valid else NOT_VERIFIED)
                self.assertIs(answer.json["valid"], valid)
                self.assertIs(answer.json["hardware"], valid)
                if not valid:
                    self.assertEqual(answer.json["reason_name"], reasons[row["kind"]])
                elif row["nonzero_pcrs"]:
                    held = [word for index, value in row["nonzero_pcrs"].items() for word in ("--pcr", f"{index}={value}")]
                    self.expect(self.verify("--doc", folder / row["file"], "--at", at, *held), DONE)
                expired = self.expect(self.verify("--doc", folder / row["file"]), NOT_VERIFIED).json
                self.assertIn(expired["reason_name"], ("ATTEST_EXPIRED", "ATTEST_FOREIGN_ROOT"))

    def test_aws_root_given_by_hand__is_the_pinned_one(self):
        folder = VECTORS / "nitro"
        row = next(row for row in json.loads((folder / "manifest.json").read_text()) if row["kind"] == "prod")
        at = moment(row["timestamp_ms"] / 1000)
        pinned = self.expect(self.verify("--doc", folder / row["file"], "--at", at, "--root",
                                         folder / "aws-nitro-enclaves-root-g1.pem")).json
        self.assertIs(pinned["hardware"], True, "the AWS root itself is no root of one's own")

    def test_snp_and_tdx__with_their_collateral(self):
        snp, dcap = VECTORS / "tee" / "sev_snp_go", VECTORS / "tee" / "dcap"
        report = ["--doc", snp / "report.hex", "--collateral", snp / "vcek.pem", "--collateral", snp / "ask_ark_milan.pem",
                  "--at", "2025-01-01T00:00:00Z"]
        self.assertEqual(self.expect(self.verify(*report), NOT_VERIFIED).json["reason_name"], "EVIDENCE_DEBUG_MODE")
        accepted = self.expect(self.verify(*report, "--allow-debug")).json
        self.assertEqual([accepted["valid"], accepted["hardware"], accepted["debug"]], [True, False, True])
        quote = ["--doc", dcap / "tdx_quote.hex", "--collateral", dcap / "tdx_quote_collateral.json", "--at", "2025-07-01T00:00:00Z"]
        answer = self.expect(self.verify(*quote)).json
        self.assertEqual([answer["hardware"], answer["tcb_status"]], [True, "UpToDate"])
        mrtd = answer["measurements"]["MRTD"]
        self.expect(self.verify(*quote, "--measurement", "mrtd=" + mrtd))
        self.expect(self.verify(*quote, "--measurement", "mrtd=" + "ab" * 48), NOT_VERIFIED)
        quote[1], quote[3] = dcap / "sgx_quote.hex", dcap / "sgx_quote_collateral.json"
        self.assertEqual(self.expect(self.verify(*quote), NOT_VERIFIED).json["reason_name"], "EVIDENCE_TCB_NOT_ACCEPTED")
        self.expect(self.verify(*quote, "--tcb", "ConfigurationAndSWHardeningNeeded"))


if __name__ == "__main__":
    case.main(140)
