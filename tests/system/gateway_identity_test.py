"""Where credentials of the gateway lie: in the kernel's keyring and in a PKCS #11 token, where no file holds them."""
import ctypes
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case  # noqa: E402
from support.deployment import DONE, OPEN  # noqa: E402
from support.gateway import TOKEN, Gateway, identity  # noqa: E402

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
ADD_KEY, KEYCTL, UNLINK, PROCESS_KEYRING = 248, 250, 9, -2
PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")


def keyring_add(name, content):
    """Into the keyring of this process, which children that are started with it share."""
    libc = ctypes.CDLL(None, use_errno=True)
    number = libc.syscall(ADD_KEY, b"user", name.encode(), content, len(content), -3)  # the session's
    return number if number > 0 else None


class Identity(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(OPEN)
        self.d.json("key", "create", "desk", "--curve", "p256")
        self.seed = (self.d.dir / "credentials" / "admin.key").read_text()

    def hide(self):
        """The file goes away; the public key stays."""
        (self.d.dir / "credentials" / "admin.key").rename(self.d.home / "away")

    def serves(self, credential, **options):
        gateway = Gateway(self.d, "rest", identities=[identity("desk", credential, token=TOKEN)], **options)
        self.addCleanup(gateway.stop)
        for text in ("one", "two"):
            status, answer, _ = gateway.rest("POST", "/v1/sign/message", {"key": "desk", "text": text})
            self.assertEqual(status, 200, answer)
        return gateway

    def fails(self, credential, word, environment=None):
        gateway = Gateway(self.d, "rest", identities=[identity("desk", credential, token=TOKEN)], environment=environment)
        self.addCleanup(gateway.stop)
        status, answer, _ = gateway.rest("GET", "/v1/keys")
        self.assertGreaterEqual(status, 400, answer)
        self.assertIn(word, str(answer))

    def test_keyring__a_key_by_its_name__is_the_credential(self):
        name = f"zcp-test-{os.getpid()}"
        number = keyring_add(name, self.seed.encode())
        if number is None:
            self.skipTest("this machine lets nobody use keyrings")
        self.addCleanup(ctypes.CDLL(None).syscall, KEYCTL, UNLINK, number, -3)
        self.hide()
        self.serves(f"keyring:{name}")
        self.expect(self.d.zcp("key", "list", "--as", f"keyring:{name}"), DONE)
        self.fails("keyring:zcp-nobody", "keyring")
        self.assertIsNotNone(keyring_add(name, b"not a seed"))
        self.fails(f"keyring:{name}", "64 hex digits")

    @unittest.skipUnless(os.path.exists(MODULE) and shutil.which("softhsm2-util"), "softhsm2 is not installed")
    def test_token__a_key_that_never_leaves_it__is_the_credential(self):
        home = self.d.home / "softhsm"
        (home / "tokens").mkdir(parents=True)
        config = self.d.file("softhsm2.conf", f"directories.tokendir = {home}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        environment = {"SOFTHSM2_CONF": str(config)}
        pem = self.d.home / "admin.pem"
        subprocess.run(["openssl", "pkey", "-inform", "DER", "-out", pem], check=True,
                       input=PKCS8_ED25519 + bytes.fromhex(self.seed.strip()))
        softhsm = ["softhsm2-util", "--module", MODULE]
        tool = {"env": {**os.environ, **environment}, "check": True, "capture_output": True}
        subprocess.run([*softhsm, "--init-token", "--free", "--label", "desk", "--pin", "1234", "--so-pin", "5678"], **tool)
        subprocess.run([*softhsm, "--import", pem, "--token", "desk", "--label", "admin", "--id", "01", "--pin", "1234"], **tool)
        pin = self.d.file("pin", "1234\n")
        pin.chmod(0o600)
        self.hide()
        uri = f"pkcs11:token=desk;object=admin?module-path={MODULE}&pin-source=file:{pin}"
        self.serves(uri, environment=environment)
        self.fails(uri.replace("object=admin", "object=other"), "Ed25519", environment)
        self.fails(uri.replace("token=desk", "token=other"), "token", environment)
        self.fails("pkcs11:?x", "URI", environment)
        pin.write_text("9999\n")
        self.fails(uri, "PIN", environment)
        pin.chmod(0o644)
        self.fails(uri, "", environment)


if __name__ == "__main__":
    case.main(100)
