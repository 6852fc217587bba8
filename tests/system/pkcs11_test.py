"""PKCS #11: programs that people have, unmodified, sign with keys of a running enclave."""
import os
import shutil
import subprocess
import unittest

from support import case
from support.deployment import OPEN, STARTER

TOOLS = ("pkcs11-tool", "p11tool", "openssl", "ssh-keygen", "keytool")
URI = "pkcs11:token=zerocopy;object=web;type=private;pin-value=admin"


class Pkcs11(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise unittest.SkipTest(f"not installed: {', '.join(missing)} (scripts/install-packages check)")
        cls.d = cls.deploy_for_class(OPEN)
        cls.d.json("key", "create", "web", "--curve", "p256")
        cls.d.json("key", "create", "ed", "--curve", "ed25519")
        cls.d.json("key", "create", "coin", "--curve", "secp256k1")
        cls.module = str((case.build / "libzcp-pkcs11.so").resolve())
        cls.message = cls.d.file("message.txt", "a message of some length\n")
        engine = ["openssl_conf = conf", "[conf]", "engines = engines", "[engines]", "pkcs11 = engine", "[engine]",
                  "engine_id = pkcs11", f"MODULE_PATH = {cls.module}", "init = 0", "[req]", "distinguished_name = name",
                  "[name]"]
        cls.engine = cls.d.file("engine.cnf", "\n".join(engine) + "\n")

    def call(self, *command, code=0, env=None, **more):
        environment = {**os.environ, "ZCP_DIR": str(self.d.dir), "ZCP_PKCS11_LOG": "1", **(env or {})}
        done = subprocess.run([str(part) for part in command], env=environment, cwd=self.d.home, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, **more)
        text = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(done.returncode, code, f"{command}\n{text}")
        return text

    def tool(self, *arguments, login="admin", **options):
        pin = ["--login", "--pin", login] if login else []
        return self.call("pkcs11-tool", "--module", self.module, *pin, *arguments, **options)

    def openssl(self, *arguments, **options):
        env = {"OPENSSL_CONF": str(self.engine), "ZCP_PKCS11_KEYS": "web"}
        return self.call("openssl", *arguments, env=env, **options)

    def certificate(self):
        path = self.d.home / "web.pem"
        if not path.exists():
            self.openssl("req", "-new", "-x509", "-days", "30", "-sha256", "-engine", "pkcs11", "-keyform", "engine",
                         "-key", URI, "-subj", "/CN=web.example", "-out", path)
        return path

    def test_pkcs11_tool__objects__private_keys_that_never_leave(self):
        text = self.tool("--list-objects")
        for label in ("web", "ed", "coin"):
            self.assertIn(f"label:      {label}", text)
        self.assertIn("sensitive, always sensitive, never extractable", text)
        self.assertNotIn("label", self.tool("--list-objects", login=None), "nothing is shown before a login")

    def test_pkcs11_tool__its_own_test__no_errors(self):
        self.assertIn("No errors", self.tool("--test"))

    def test_pkcs11_tool__ecdsa_sha256__openssl_verifies(self):
        key = self.d.home / "web.der"
        signature = self.d.home / "message.sig"
        self.tool("--read-object", "--type", "pubkey", "--label", "web", "-o", key)
        self.tool("--sign", "-m", "ECDSA-SHA256", "--label", "web", "-i", self.message, "-o", signature,
                  "--signature-format", "openssl")
        pem = self.d.home / "web.pub.pem"
        self.call("openssl", "pkey", "-pubin", "-inform", "DER", "-in", key, "-out", pem)
        self.assertIn("Verified OK", self.call("openssl", "dgst", "-sha256", "-verify", pem, "-signature", signature,
                                               self.message))
        self.message.write_text("another message\n")
        self.call("openssl", "dgst", "-sha256", "-verify", pem, "-signature", signature, self.message, code=1)

    def test_pkcs11_tool__generate__a_key_of_the_enclave(self):
        self.tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "made-here", "--id", "0a0b")
        self.assertEqual(self.d.json("key", "show", "made-here")["origin"], "generated")

    def test_login__pin_of_nobody__refused(self):
        self.assertIn("CKR_PIN_INCORRECT", self.tool("--list-objects", login="nobody", code=1))
        self.assertIn("CKR_PIN_INCORRECT", self.tool("--list-objects", login="../admin", code=1))

    def test_p11tool__objects__listed(self):
        text = self.call("p11tool", "--provider", self.module, "--login", "--list-all", "pkcs11:token=zerocopy",
                         env={"GNUTLS_PIN": "admin"})
        self.assertIn("object=web;type=private", text)

    def test_openssl_engine__certificate_and_cms__verified(self):
        pem = self.certificate()
        self.assertIn("OK", self.call("openssl", "verify", "-CAfile", pem, pem))
        signed = self.d.home / "message.cms"
        self.openssl("cms", "-sign", "-in", self.message, "-signer", pem, "-engine", "pkcs11", "-keyform", "engine",
                     "-inkey", URI, "-outform", "PEM", "-nodetach", "-out", signed)
        self.call("openssl", "cms", "-verify", "-in", signed, "-inform", "PEM", "-CAfile", pem, "-purpose", "any")

    def test_keytool__key_with_certificate__listed(self):
        der = self.d.home / "web.crt.der"
        self.call("openssl", "x509", "-in", self.certificate(), "-outform", "DER", "-out", der)
        self.tool("--write-object", der, "--type", "cert", "--label", "web")
        config = self.d.file("java.cfg", f"name = ZeroCopy\nlibrary = {self.module}\n")
        text = self.call("keytool", "-list", "-keystore", "NONE", "-storetype", "PKCS11", "-storepass", "admin",
                         "-providerClass", "sun.security.pkcs11.SunPKCS11", "-providerArg", config,
                         env={"ZCP_PKCS11_KEYS": "web"})
        self.assertIn("web, PrivateKeyEntry", text)

    def test_ssh_keygen__public_keys__shown(self):
        text = self.call("ssh-keygen", "-D", self.module, env={"ZCP_CREDENTIAL": "admin", "ZCP_PKCS11_KEYS": "web"})
        self.assertIn("ecdsa-sha2-nistp256 ", text)

    def test_starter_mission__digest__denied_with_the_rule(self):
        """A digest tells policy nothing: without the raw use it is refused, and the log has it."""
        d = self.deploy(STARTER)
        d.json("key", "create", "web", "--curve", "p256")
        digest = d.file("digest", bytes(range(32)))
        env = {"ZCP_DIR": str(d.dir)}
        text = self.tool("--sign", "-m", "ECDSA", "--label", "web", "-i", digest, "-o", d.home / "no.sig", login="trader",
                         env=env, code=1)
        self.assertIn("0x1b", text.lower())
        self.assertFalse((d.home / "no.sig").exists() and (d.home / "no.sig").stat().st_size > 0)
        self.assertIn("deny", d.zcp("audit", "tail").out.decode())


if __name__ == "__main__":
    case.main(120)
