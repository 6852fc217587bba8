"""Unmodified clients of AWS KMS against a running gateway: @aws-sdk/client-kms, two published signers of Ethereum that
sit on it, boto3, the aws command line; curl and an outside validator for REST. clients_test.py BUILD_DIR, with ZC_NODE
(a node) and ZC_PACKAGES (the folder with node_modules)."""
import base64
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

# pylint: disable=wrong-import-position
from support import case  # noqa: E402
from support.deployment import OPEN, STARTER  # noqa: E402
from support.gateway import ACCESS_KEY, SECRET, TOKEN, Gateway, identity  # noqa: E402

HERE = Path(__file__).resolve().parent
AWS = {**os.environ, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "eu-west-1",
       "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}


class Clients(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        for curve in ("secp256k1", "p256", "ed25519"):
            cls.d.json("key", "create", f"key-{curve}", "--curve", curve)
        cls.g = Gateway(cls.d, "kms", "rest", identities=[identity("desk", "admin", ACCESS_KEY, TOKEN)])
        cls.addClassCleanup(cls.g.stop)
        cls.kms = f"http://127.0.0.1:{cls.g.port['kms']}"
        cls.rest = f"http://127.0.0.1:{cls.g.port['rest']}"

    def run_client(self, *command, **options):
        done = subprocess.run([str(part) for part in command], env=AWS, capture_output=True, timeout=100, check=False, **options)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        return done.stdout

    def aws(self, *arguments):
        return json.loads(self.run_client("/usr/bin/aws", "--endpoint-url", self.kms, "--output", "json", "kms", *arguments))

    def test_javascript__sdk_and_signers(self):
        print(self.run_client(os.environ["ZC_NODE"], "clients.mjs", self.kms, self.rest, TOKEN, cwd=os.environ["ZC_PACKAGES"]).decode())

    def test_boto3(self):
        print(self.run_client("/usr/bin/python3", HERE / "boto3_client.py", self.kms).decode())

    def test_aws_command_line(self):
        message = base64.b64encode(b"a message of the command line").decode()
        sign = ["--key-id", "alias/key-p256", "--message", message, "--signing-algorithm", "ECDSA_SHA_256"]
        signed = self.aws("sign", *sign)
        self.assertTrue(self.aws("verify", *sign, "--signature", signed["Signature"])["SignatureValid"])
        self.assertEqual(self.aws("get-public-key", "--key-id", "key-secp256k1")["KeySpec"], "ECC_SECG_P256K1")
        made = self.aws("create-key", "--key-spec", "ECC_NIST_P256", "--key-usage", "SIGN_VERIFY")["KeyMetadata"]
        self.run_client("/usr/bin/aws", "--endpoint-url", self.kms, "kms", "create-alias", "--alias-name", "alias/cli",
                        "--target-key-id", made["KeyId"])
        self.assertEqual(self.aws("describe-key", "--key-id", "alias/cli")["KeyMetadata"]["KeyId"], made["KeyId"])
        self.assertIn(made["KeyId"], [key["KeyId"] for key in self.aws("list-keys", "--page-size", "1")["Keys"]])
        self.aws("schedule-key-deletion", "--key-id", made["KeyId"], "--pending-window-in-days", "7")

    def test_curl(self):
        answer = json.loads(self.run_client("curl", "-sf", "-H", f"Authorization: Bearer {TOKEN}", "--json",
                                            '{"key": "key-p256", "text": "by curl"}', f"{self.rest}/v1/sign/message"))
        self.assertEqual(answer["decision"], "allow")


class Refusals(case.SystemTest):
    def test_aws_command_line__denied__says_so(self):
        d = self.deploy(STARTER)
        d.json("key", "create", "key-p256", "--curve", "p256")
        g = Gateway(d, "kms", identities=[identity("traders", "trader", ACCESS_KEY)])
        self.addCleanup(g.stop)
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", f"http://127.0.0.1:{g.port['kms']}", "kms", "sign", "--key-id",
                               "key-p256", "--message", "aGk=", "--signing-algorithm", "ECDSA_SHA_256"], env=AWS, capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("AccessDeniedException", done.stderr.decode())
        self.assertIn("denied", done.stderr.decode())


if __name__ == "__main__":
    case.main(140)
