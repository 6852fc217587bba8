"""The Debian package: the same bytes each time, all that it needs named, units that systemd takes, and programs that run where
it puts them."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import case
from support.deployment import DENIED, DONE, MISSIONS, run

DEPLOY = MISSIONS.parent / "deploy"
TOOLS = ("dpkg-deb", "objdump", "cmake")
PAY = "0x02e6018001028252089470997970c51812dc3a010c7d01b50e0d17dc79c8872386f26fc1000080c0"
OVERPAY = "0x02e7018001028252089470997970c51812dc3a010c7d01b50e0d17dc79c8881bc16d674ec8000080c0"


class Package(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise unittest.SkipTest(f"not installed: {', '.join(missing)}")
        cls.home = Path(tempfile.mkdtemp(prefix="zcp-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, True)
        cls.package = cls.build_package("one")
        cls.tree = cls.home / "tree"
        subprocess.run(["dpkg-deb", "-x", cls.package, cls.tree], check=True)

    @classmethod
    def build_package(cls, folder):
        done = subprocess.run(["bash", DEPLOY / "deb" / "build-deb", case.build, cls.home / folder], capture_output=True,
                              timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return Path(done.stdout.decode().split()[-1])

    def test_package__built_again__same_bytes(self):
        self.assertEqual(self.package.read_bytes(), self.build_package("two").read_bytes())

    def test_package__what_it_holds__is_nobodys_but_roots_and_names_what_it_needs(self):
        listed = subprocess.run(["dpkg-deb", "-c", self.package], check=True, capture_output=True, text=True).stdout
        for line in listed.splitlines():
            self.assertRegex(line, r"^[dl-]\S+ root/root ")
            self.assertFalse(line[8] == "w" and line[0] != "l", f"everybody may write: {line}")
            self.assertNotRegex(line.split()[0], "[sS]", f"runs as its owner: {line}")
        self.assertTrue(list(self.tree.rglob("libzcp-pkcs11.so")))
        for name in ("usr/bin/zcp", "usr/bin/zcpd", "usr/bin/zcp-enclave", "usr/bin/zcp-gateway", "usr/bin/zcp-witness",
                     "usr/include/zcp.h"):
            self.assertTrue((self.tree / name).is_file(), name)
        needs = subprocess.run(["dpkg-deb", "-f", self.package, "Depends"], check=True, capture_output=True, text=True).stdout
        self.assertRegex(needs, r"\blibc6\b")
        self.assertRegex(needs, r"\blibssl3\b")

    def test_units__systemd_takes_them(self):
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not here")
        for name in ("zerocopy.service", "zerocopy-gateway.service"):
            text = (self.tree / "usr/lib/systemd/system" / name).read_text()
            self.assertRegex(text, r"(?m)^ExecStart=/usr/bin/zcp ")
            self.assertNotRegex(text, r"@[A-Z_]+@")
            # A copy whose program and user are here, so that only the unit itself can be at fault.
            text = re.sub(r"(?m)^ExecStart=", f"ExecStart={self.tree}", text)
            text = re.sub(r"(?m)^(User|Group)=.*$", r"\1=root", re.sub(r"(?m)^Documentation=.*\n", "", text))
            unit = self.home / name
            unit.write_text(text)
            done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False)
            self.assertNotIn(name, done.stdout + done.stderr)
        gateway = (self.tree / "usr/lib/systemd/system/zerocopy-gateway.service").read_text()
        self.assertRegex(gateway, r"(?m)^Type=notify$")
        self.assertRegex(gateway, r"(?m)^WatchdogSec=\d+$")

    def test_programs__where_the_package_puts_them__sign_and_refuse(self):
        place = self.home / "d"
        environment = {**os.environ, "LD_LIBRARY_PATH": str(self.tree / "usr/lib"), "ZCP_DIR": str(place)}
        programs = self.tree / "usr/bin"
        self.expect(run(programs, "up", "--detach", env=environment), DONE)
        self.addCleanup(run, programs, "down", env=environment)
        self.expect(run(programs, "key", "create", "desk", "--curve", "secp256k1", env=environment), DONE)
        for payload, code in ((PAY, DONE), (OVERPAY, DENIED)):
            self.expect(run(programs, "sign", "tx", "--chain", "evm", "--key", "desk", "--as", "trader", stdin=payload,
                            env=environment), code)


if __name__ == "__main__":
    case.main(120)
