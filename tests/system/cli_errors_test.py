"""Every wrong use of `zcp` ends with the right exit code and says what failed, why, and what to do next."""
import json
import os
import shutil
import subprocess

from support import case, evm
from support.deployment import (DENIED, DONE, FAILED, NOBODY, NOT_VERIFIED, OPEN, STARTER, UNREACHABLE, USAGE, Answer,
                                Deployment, run)

TX = evm.eip1559(0)

# Arguments, exit code, words of the error. {dir} is a running deployment, {home} a folder of test files.
USES = [
    # The command line itself.
    (["key", "create", "--curve", "p256"], USAGE, ["NAME is missing", "zcp key create --help"]),
    (["key", "create", "k"], USAGE, ["--curve is missing"]),
    (["key", "create", "k", "--curve", "rsa"], USAGE, ["secp256k1, p256, ed25519"]),
    (["key", "create", "k", "--curve", "p256", "--tier", "tepid"], USAGE, ["hot or cold"]),
    (["key", "create", "k", "--curve", "p256", "--nonce", "random"], USAGE, ["hedged or deterministic"]),
    (["key", "create", "k", "l", "--curve", "p256"], USAGE, ["one argument too many: l"]),
    (["key", "create", "k", "--colour", "red"], USAGE, ["there is no option --colour"]),
    (["status", "--verbose"], USAGE, ["there is no option --verbose"]),
    (["status", "-x"], USAGE, ["there is no option -x"]),
    (["status", "--json=yes"], USAGE, ["--json takes no value"]),
    (["status", "now"], USAGE, ["one argument too many"]),
    (["up", "--platform", "moon", "--detach", "--dir", "{home}/new"], USAGE, ["platforms local and qemu"]),
    (["sign", "tx", "{home}/tx"], USAGE, ["--key is missing"]),
    (["sign", "tx", "--key", "k", "--chain", "dogecoin", "{home}/tx"], USAGE, ["--chain is evm"]),
    (["tx", "decode", "--chain", "dogecoin", "{home}/tx"], USAGE, ["--chain is evm"]),
    (["tx", "decode", "--from", "0x12", "{home}/tx"], USAGE, ["--from wants a public key"]),
    (["attest", "--nonce", "xyz"], USAGE, ["--nonce"]),
    (["attest", "--nonce", "00" * 513], USAGE, ["at most 512 bytes"]),
    (["verify", "--pcr0", "12"], USAGE, ["96 hexadecimal digits"]),
    (["verify", "--nonce", "g"], USAGE, ["--nonce"]),
    (["verify", "--at", "yesterday"], USAGE, ["2024-09-07T14:38:42Z"]),
    (["audit", "tail", "-n", "many"], USAGE, ["-n wants a number"]),
    (["key", "import", "k", "--curve", "p256"], USAGE, ["--private-key is missing"]),
    # Files.
    (["tx", "decode", "{home}/none"], FAILED, ["{home}/none", "there is no such file", "check the path"]),
    (["tx", "decode", "{home}"], FAILED, ["it is a folder", "name a file"]),
    (["tx", "decode", "{home}/tx/below"], FAILED, ["not a folder"]),
    (["tx", "decode", "{home}/empty"], FAILED, ["no bytes"]),
    (["tx", "decode", "{home}/garbage"], FAILED, ["cannot decode the transaction at byte"]),
    (["tx", "decode", "{home}/odd"], FAILED, ["cannot decode the transaction at byte"]),
    (["tx", "decode", "{home}/cut"], FAILED, ["at byte", "ends before"]),
    (["tx", "decode", "{home}/trailing"], FAILED, ["at byte", "left over"]),
    (["tx", "decode", "{home}/blob"], FAILED, ["too few fields"]),
    (["tx", "decode", "{home}/large"], FAILED, ["larger than"]),
    (["sign", "tx", "--key", "k", "{home}/none"], FAILED, ["there is no such file"]),
    (["sign", "tx", "--key", "k", "{home}/empty"], FAILED, ["nothing was signed", "no bytes"]),
    (["sign", "tx", "--key", "k", "{home}/garbage"], FAILED, ["nothing was signed"]),
    (["sign", "tx", "--key", "k", "{home}/cut"], FAILED, ["nothing was signed", "at byte"]),
    (["sign", "tx", "--key", "k", "{home}/trailing"], FAILED, ["nothing was signed", "left over"]),
    (["sign", "tx", "--key", "k", "{home}/signed"], FAILED, ["already signed"]),
    (["sign", "tx", "--key", "k", "{home}/oversize"], USAGE, ["cannot send the request", "longer than"]),
    (["sign", "tx", "--key", "k", "{home}/large"], FAILED, ["larger than"]),
    (["sign", "message", "--key", "k", "{home}/tx"], FAILED, ["nothing was signed", "transaction"]),
    (["sign", "digest", "--key", "k", "{home}/tx"], FAILED, ["exactly 32 bytes"]),
    (["verify", "--doc", "{home}/none"], FAILED, ["there is no such file"]),
    (["verify", "--doc", "{home}/tx", "--root", "{home}/tx"], FAILED, ["no PEM certificate"]),
    (["verify", "--doc", "{home}/tx", "--root", "{home}/none"], FAILED, ["there is no such file"]),
    (["attest", "-o", "{home}/none/doc"], FAILED, ["{home}/none/doc", "there is no such file"]),
    (["audit", "verify", "--log", "{home}/none"], FAILED, ["there is no such file"]),
    (["mission", "show", "{home}/none"], FAILED, ["there is no such file"]),
    (["mission", "compile", "{dir}/mission.yaml", "-o", "{home}/none/m"], FAILED, ["there is no such file"]),
    # Keys.
    (["key", "show", "nobody"], FAILED, ["there is no key of this name"]),
    (["key", "disable", "nobody"], FAILED, ["there is no key of this name"]),
    (["sign", "tx", "--key", "nobody", "{home}/tx"], FAILED, ["there is no key of this name"]),
    (["sign", "tx", "--key", "off", "{home}/tx"], FAILED, ["the key is disabled"]),
    (["sign", "tx", "--key", "p", "{home}/tx"], FAILED, ["does not sign for this kind of chain"]),
    (["key", "create", "k", "--curve", "p256"], FAILED, ["a key of this name exists already"]),
    (["key", "create", "UPPER", "--curve", "p256"], FAILED, ["a-z"]),
    (["key", "create", "x" * 64, "--curve", "p256"], USAGE, ["longer than"]),
    (["key", "import", "i", "--curve", "p256", "--private-key", "{home}/none"], FAILED, ["there is no such file"]),
    (["key", "import", "i", "--curve", "p256", "--private-key", "{home}/garbage"], FAILED, ["private key of this curve"]),
    (["key", "import", "i", "--curve", "p256", "--private-key", "{home}/zero"], FAILED, ["not a private key of this curve"]),
    (["key", "import", "i", "--curve", "secp256k1", "--private-key", "{home}/order"], FAILED, ["not a private key"]),
    (["key", "import", "again", "--curve", "secp256k1", "--private-key", "{home}/one"], FAILED, ["under another name"]),
    # Principals and credentials.
    (["status", "--as", "nobody"], FAILED, ["nobody.key", "there is no such file"]),
    (["status", "--as", "../admin"], FAILED, ["cannot name a credential"]),
    (["status", "--as", "stranger"], FAILED, ["no principal with this credential"]),
    (["status", "--as", "loose"], FAILED, ["loose.key", "others", "chmod"]),
    (["status", "--as", "broken"], FAILED, ["broken.key", "64 hex digits"]),
    (["status", "--as", "linked"], FAILED, ["symbolic link"]),
    (["resume"], FAILED, ["not halted"]),
    (["halt", "--reason", "x" * 201], USAGE, ["longer than"]),
    # Nothing there.
    (["status", "--dir", "{home}/nothing"], UNREACHABLE, ["no deployment", "zcp up", "--dir"]),
    (["verify", "--dir", "{home}/nothing"], UNREACHABLE, ["no deployment"]),
    (["sign", "tx", "--key", "k", "{home}/tx", "--dir", "{home}/nothing"], UNREACHABLE, ["no deployment"]),
    (["down", "--dir", "{home}/nothing"], UNREACHABLE, ["no ZeroCopy runs in this folder", "--dir"]),
    (["audit", "verify", "--dir", "{home}/nothing"], FAILED, ["there is no such file"]),
    (["audit", "tail", "--dir", "{home}/nothing"], FAILED, ["there is no such file"]),
    (["up", "--detach", "--mission", "{home}/none", "--dir", "{home}/new"], FAILED, ["there is no such file", "--mission"]),
    (["up", "--detach", "--mission", "{home}/broken.yaml", "--dir", "{home}/new"], FAILED, ["zcp mission check"]),
    (["up", "--detach", "--mission", "{dir}/mission.yaml", "--dir", "{home}/" + "x" * 120], FAILED, ["107 characters", "shorter --dir"]),
    (["up", "--detach", "--mission", "{dir}/mission.yaml", "--dir", "{home}/tx"], FAILED, ["{home}/tx"]),
]

BROKEN = """mission: broken
version: 1
principals:
  admin: {organisation: T, key: local, roles: [founder, key-admin, aprover]}
quorum: {founders: 1, resume: 1}
rules:
  pay:
    allow: transfer
    who: nobody
    keys: any
    colour: red
"""


class CliErrors(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = d = cls.deploy_for_class(OPEN)
        d.json("key", "create", "k", "--curve", "secp256k1")
        d.json("key", "create", "p", "--curve", "p256")
        d.json("key", "create", "off", "--curve", "secp256k1")
        d.json("key", "disable", "off")
        order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
        files = {
            "tx": TX, "empty": b"", "garbage": "zz not hex, not a transaction", "odd": TX.hex()[:-1], "cut": TX[:-3],
            "trailing": TX + b"\0", "blob": b"\x03" + TX[1:], "large": b"\x02" * (2 << 20), "broken.yaml": BROKEN,
            "oversize": evm.eip1559(0, data=b"\1" * 61440), "zero": "00" * 32, "order": order, "one": "11" * 32,
        }
        for name, content in files.items():
            d.file(name, content)
        d.json("key", "import", "once", "--curve", "secp256k1", "--private-key", d.home / "one")
        d.file("signed", bytes.fromhex(d.json("sign", "tx", "--key", "k", stdin=TX)["signed"][2:]))
        credentials = d.dir / "credentials"
        for name, content, mode in (("stranger", "22" * 32 + "\n", 0o600), ("broken", "not a key\n", 0o600),
                                    ("loose", (credentials / "admin.key").read_text(), 0o644)):
            (credentials / f"{name}.key").write_text(content)
            (credentials / f"{name}.key").chmod(mode)
        (credentials / "linked.key").symlink_to("admin.key")

    def fill(self, word):
        return word.replace("{dir}", str(self.d.dir)).replace("{home}", str(self.d.home))

    def test_wrong_uses__each__tells_what_why_and_what_next(self):
        for arguments, code, words in USES:
            arguments, words = [self.fill(word) for word in arguments], [self.fill(word) for word in words]
            place = [] if "--dir" in arguments else ["--dir", self.d.dir]
            with self.subTest(" ".join(arguments)[:120]):
                self.expect_error(run(case.build, *arguments, *place, "--json"), code, *words)
                self.expect_people(run(case.build, *arguments, *place), code, *words)

    def expect_people(self, answer: Answer, code, *words):
        """The same for people: `zcp: what: why. Next.` and nothing that drives a terminal."""
        self.expect(answer, code)
        for word in words:
            self.assertIn(word.lower(), answer.error_text.lower(), str(answer))
        self.assertEqual(answer.out, b"")
        last = answer.error_text.splitlines()[-1]
        self.assertRegex(last, r"^zcp: .+: .+\. [A-Z`].+\.$")
        self.assertFalse(any(ord(c) < 32 for c in last))

    def test_no_or_unknown_command__usage_on_standard_error(self):
        for arguments in ([], ["fly"], ["key"], ["key", "fly"], ["sign"]):
            answer = run(case.build, *arguments)
            self.expect(answer, USAGE, "usage: zcp COMMAND", "Exit codes")
            self.assertEqual(answer.out, b"")

    def test_option_without_its_value__at_the_end__says_so(self):
        self.expect_error(run(case.build, "key", "create", "k", "--json", "--curve"), USAGE, "--curve wants a value")

    def test_help__every_command__on_standard_output(self):
        overview = run(case.build, "--help")
        self.expect(overview)
        commands = [line[2:18].split() for line in overview.text.splitlines() if line.startswith("  ") and line[2] != " "]
        self.assertGreater(len(commands), 20)
        for command in commands:
            answer = self.expect(run(case.build, *command, "--help"))
            self.assertTrue(answer.text.startswith(f"usage: zcp {' '.join(command)}"), str(answer))
            self.assertEqual(answer.err, b"")

    def test_mission_check__broken__line_column_and_key(self):
        path = self.d.home / "broken.yaml"
        answer = self.expect(self.d.zcp("mission", "check", path), FAILED)
        for place, key, word in (("4:68", "principals.admin.roles", "aprover"), ("9:10", "rules.pay.who", "nobody"),
                                 ("11:5", "rules.pay", "colour")):
            line = [line for line in answer.error_text.splitlines() if line.startswith(f"{path}:{place}: error: ")]
            self.assertEqual(len(line), 1, f"{place}: {answer}")
            self.assertIn(key, line[0])
            self.assertIn(word, line[0])
        report = self.expect(self.d.zcp("mission", "check", path, "--json"), FAILED).json
        self.assertEqual(report["errors"], len([f for f in report["findings"] if f["level"] == "error"]))
        self.assertIn((11, 5), {(f["line"], f["column"]) for f in report["findings"]})
        for text in ("", "\t", "a: [", "mission: x\nmission: y\n", "&a [*a]\n", "\xff".encode("latin-1"), b"\0" * 10):
            bad = self.d.file("bad.yaml", text)
            answer = self.expect(self.d.zcp("mission", "check", bad), FAILED)
            self.assertRegex(answer.error_text, r"bad\.yaml:\d+:\d+: error: ", repr(text))

    def test_role_missing__refused_by_name(self):
        d = self.deploy(STARTER)
        d.json("key", "create", "k", "--curve", "secp256k1")
        for arguments in (["key", "create", "x", "--curve", "p256"], ["key", "disable", "k"], ["halt"], ["resume"]):
            self.expect_error(d.zcp(*arguments, "--as", "trader", "--json"), FAILED, "the role that this needs")
        self.assertEqual(d.json("status")["phase"], "serving")

    def test_wrong_kind_of_key_for_the_use__says_so_and_logs_no_signature(self):
        before = self.d.json("key", "show", "p")["uses"]
        self.expect_error(self.d.zcp("sign", "tx", "--key", "p", "--json", stdin=TX), FAILED)
        self.assertEqual(self.d.json("key", "show", "p")["uses"], before)

    def test_standard_output_full__is_a_failure(self):
        for arguments in (["status"], ["status", "--json"], ["key", "list"], ["key", "show", "k"], ["verify"], ["audit", "tail"],
                          ["mission", "show", str(self.d.dir / "mission.cbor")], ["attest"], ["--help"]):
            with self.subTest(" ".join(arguments)), open("/dev/full", "wb") as full:
                place = [] if arguments == ["--help"] else ["--dir", str(self.d.dir)]
                done = subprocess.run([str(case.build / "zcp"), *arguments, *place], stdout=full, stderr=subprocess.PIPE,
                                      stdin=subprocess.DEVNULL, check=False)
                self.assertEqual(done.returncode, FAILED, done.stderr)
                self.assertIn(b"standard output", done.stderr)

    def test_enclave_down__exit_5_and_what_to_do(self):
        d = self.deploy()
        d.down()
        for arguments in (["status"], ["key", "list"], ["attest"], ["verify"], ["halt"], ["sign", "tx", "--key", "k"]):
            with self.subTest(" ".join(arguments)):
                self.expect_error(d.zcp(*arguments, "--json", stdin=TX), UNREACHABLE, "zcp up")
        self.assertIs(d.json("audit", "verify")["valid"], True, "reading the log asks nobody")

    def test_deployment_json__spoiled__never_talks(self):
        d = self.deploy()
        path = d.dir / "deployment.json"
        good = path.read_text()
        for bad, code in (("", FAILED), ("{", FAILED), ("{}", FAILED), (good.replace('"deployment_id": "', '"deployment_id": "0'), FAILED),
                          (good.replace('"pcr0": "', '"pcr0": "ff'), FAILED)):
            path.write_text(bad)
            self.expect_error(d.zcp("status", "--json"), code)
        for name, digits in (("deployment_id", 64), ("pcr0", 96)):
            path.write_text(json.dumps({**json.loads(good), name: "0" * digits}))
            self.expect_error(d.zcp("key", "list", "--json"), NOT_VERIFIED)
        path.write_text(good)
        d.json("status")

    def test_somebody_else__without_permission__is_told(self):
        """A user who owns neither the folder nor its credential."""
        if os.getuid() != 0:
            self.skipTest("needs root to become another user")
        programs = self.d.home / "bin"
        programs.mkdir()
        for name in ("zcp", "zcpd", "zcp-enclave"):
            shutil.copy(case.build / name, programs)
        self.d.home.chmod(0o755)
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.expect_error(run(programs, "status", "--json", "--dir", self.d.dir, **other), FAILED, "permission denied")
        locked = self.d.home / "locked"
        locked.mkdir(mode=0o755)
        answer = run(programs, "up", "--detach", "--json", "--mission", STARTER, "--dir", locked / "d", **other)
        self.expect_error(answer, FAILED, "permission denied")


if __name__ == "__main__":
    case.main(90)
