"""`zcp gateway vault`: Transit's requests as they stand in Vault's documentation, and hvac, unmodified."""
import base64
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case, signatures  # noqa: E402
from support.deployment import OPEN, STARTER  # noqa: E402
from support.gateway import Gateway, ask, identity  # noqa: E402

TOKEN, OTHER = "s.a-token-of-more-than-16-characters", "s.another-token-of-16-characters"
HVAC = Path(__file__).resolve().parents[1] / "clients" / "vault" / "hvac_client.py"


def b64(data):
    return base64.b64encode(data).decode()


class Transit(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        cls.public = {}
        for curve in ("p256", "ed25519", "secp256k1"):
            key = cls.d.json("key", "create", f"key-{curve}", "--curve", curve)
            cls.public[curve] = bytes.fromhex(key["public_key"].removeprefix("0x"))
        cls.g = Gateway(cls.d, "vault", identities=[identity("desk", "admin", token=TOKEN)])
        cls.addClassCleanup(cls.g.stop)

    def vault(self, method, path, body=None, token=TOKEN):
        headers = {"x-vault-token": token, "x-vault-request": "true"} if token else {}
        return ask(self.g.port["vault"], method, f"/v1/{path}", body, headers)[:2]

    def ok(self, method, path, body=None):
        status, answer = self.vault(method, path, body)
        self.assertEqual(status, 200, answer)
        self.assertLessEqual({"request_id", "lease_id", "renewable", "lease_duration", "data", "warnings", "auth"}, set(answer))
        return answer["data"]

    def refused(self, status, method, path, body=None, word=""):
        got, answer = self.vault(method, path, body)
        self.assertEqual(got, status, answer)
        self.assertIn(word, " ".join(answer["errors"]))

    def p256_holds(self, digest, raw):
        public = self.public["p256"]
        point = (int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big"))
        self.assertTrue(signatures.ecdsa_holds("p256", point, digest, raw))

    def test_sign_p256__each_form__verifies_by_its_own_words(self):
        digest = hashlib.sha256(b"hello").digest()
        for path, extra in (("sign/key-p256", {}), ("sign/key-p256/sha2-256", {}),
                            ("sign/key-p256", {"hash_algorithm": "sha2-256", "marshaling_algorithm": "asn1", "prehashed": False}),
                            ("sign/key-p256", {"input": b64(digest), "prehashed": True})):
            for method in ("POST", "PUT"):
                made = self.ok(method, f"transit/{path}", {"input": b64(b"hello"), **extra})
                self.assertTrue(made["signature"].startswith("vault:v1:"), made)
                self.assertEqual(made["key_version"], 1)
                self.p256_holds(digest, signatures.from_der(base64.b64decode(made["signature"][9:])))
            body = {"input": b64(b"hello"), **extra, "signature": made["signature"]}
            self.assertIs(self.ok("POST", "transit/" + path.replace("sign", "verify"), body)["valid"], True)
            wrong = {**body, "input": b64(hashlib.sha256(b"hullo").digest())}
            self.assertIs(self.ok("POST", "transit/" + path.replace("sign", "verify"), wrong)["valid"], False)
        jws = self.ok("POST", "transit/sign/key-p256", {"input": b64(b"hello"), "marshaling_algorithm": "jws"})["signature"]
        raw = base64.urlsafe_b64decode(jws[9:] + "==")
        self.assertEqual(len(raw), 64)
        self.p256_holds(digest, raw)
        body = {"input": b64(b"hello"), "marshaling_algorithm": "jws", "signature": jws}
        self.assertIs(self.ok("POST", "transit/verify/key-p256", body)["valid"], True)

    def test_sign_ed25519__a_message__holds(self):
        made = self.ok("POST", "transit/sign/key-ed25519", {"input": b64(b"hello")})["signature"]
        self.assertTrue(signatures.ed25519_holds(self.public["ed25519"], b"hello", base64.b64decode(made[9:])))
        body = {"input": b64(b"hello"), "signature": made}
        self.assertIs(self.ok("POST", "transit/verify/key-ed25519", body)["valid"], True)
        self.refused(400, "POST", "transit/sign/key-ed25519", {"input": b64(bytes(32)), "prehashed": True}, "prehashed")

    def test_batch__good_and_bad_items__each_its_own_answer(self):
        items = [{"input": b64(b"one"), "reference": "a"}, {"input": "?"}, {"input": b64(b"two"), "reference": "b"}]
        results = self.ok("POST", "transit/sign/key-p256", {"batch_input": items})["batch_results"]
        self.assertEqual([one.get("reference") for one in results], ["a", None, "b"])
        self.assertEqual(["signature" in one for one in results], [True, False, True])
        self.assertIn("base64", results[1]["error"])
        checks = [{"input": b64(text), "signature": one["signature"]} for text, one in ((b"one", results[0]), (b"one", results[2]))]
        checks.append({"input": b64(b"one"), "signature": "vault:v9:AA=="})
        results = self.ok("POST", "transit/verify/key-p256", {"batch_input": checks})["batch_results"]
        self.assertEqual([one.get("valid") for one in results], [True, False, None])
        self.refused(400, "POST", "transit/sign/key-p256", {"batch_input": []}, "batch")
        self.refused(400, "POST", "transit/sign/key-p256", {"batch_input": [{}] * 257}, "256")

    def test_keys__list_read_create_configure__as_vault_answers(self):
        made = self.ok("POST", "transit/keys/made-here", {"type": "ecdsa-p256"})
        self.assertEqual((made["name"], made["type"], made["supports_signing"]), ("made-here", "ecdsa-p256", True))
        status, again = self.vault("POST", "transit/keys/made-here", {"type": "ecdsa-p256"})
        self.assertEqual((status, again["warnings"]), (200, ["key made-here already existed"]))
        pem = self.ok("GET", "transit/keys/made-here")["keys"]["1"]["public_key"]
        path = self.d.file("key.pem", pem)
        subprocess.run(["openssl", "pkey", "-pubin", "-in", path, "-noout"], check=True)
        for names in (self.ok("LIST", "transit/keys")["keys"], self.ok("GET", "transit/keys?list=true")["keys"]):
            self.assertLessEqual({"key-p256", "key-ed25519", "made-here"}, set(names))
            self.assertNotIn("key-secp256k1", names)
        self.ok("POST", "transit/keys/made-here/config", {"deletion_allowed": False, "min_decryption_version": 1})
        for body, word in (({"exportable": True}, "exportable"), ({"deletion_allowed": "true"}, "deletion"),
                           ({"auto_rotate_period": "24h"}, "version")):
            self.refused(400, "POST", "transit/keys/made-here/config", body, word)
        self.refused(400, "POST", "transit/keys/made-here/rotate", {}, "version")
        self.refused(400, "DELETE", "transit/keys/made-here", None, "deletion is not allowed")
        for body, word in (({}, "unknown key type aes256-gcm96"), ({"type": "rsa-2048"}, "unknown key type rsa-2048"),
                           ({"type": "ed25519", "derived": True}, "derivation"), ({"type": 7}, "unknown key type")):
            self.refused(400, "POST", "transit/keys/new", body, word)
        self.refused(400, "POST", "transit/keys/made-here", {"type": "ed25519"}, "another type")

    def test_requests__what_makes_no_sense__vaults_errors(self):
        for status, method, path, body, word in (
                (400, "POST", "transit/sign/nothing", {"input": ""}, "signing key not found"),
                (400, "POST", "transit/verify/nothing", {"input": ""}, "signature verification key not found"),
                (400, "POST", "transit/sign/key-secp256k1", {"input": ""}, "signing key not found"),
                (400, "POST", "transit/sign/key-p256", {}, "missing input"),
                (400, "POST", "transit/sign/key-p256", {"input": "!"}, "base64"),
                (400, "POST", "transit/sign/key-p256/sha2-512", {"input": ""}, "invalid hash algorithm sha2-512"),
                (400, "POST", "transit/sign/key-p256", {"input": b64(b"x"), "prehashed": True}, "32 bytes"),
                (400, "POST", "transit/sign/key-p256", {"input": "", "marshaling_algorithm": "der"}, "marshaling"),
                (400, "POST", "transit/sign/key-p256", {"input": "", "key_version": 2}, "version"),
                (400, "POST", "transit/sign/key-p256", {"input": "", "context": "AA=="}, "context"),
                (400, "POST", "transit/sign/key-p256", "{", "failed to parse JSON"),
                (400, "POST", "transit/sign/key-p256", "[]", "no object"),
                (400, "POST", "transit/verify/key-p256", {"input": "", "signature": "AA=="}, "no prefix"),
                (400, "POST", "transit/verify/key-p256", {"input": "", "signature": "vault:v1:!"}, "base64"),
                (404, "GET", "transit/keys/nothing", None, ""),
                (404, "POST", "transit/encrypt/key-p256", {}, "no handler"),
                (404, "GET", "secret/data/x", None, "no handler"),
                (405, "GET", "transit/sign/key-p256", None, "unsupported operation"),
                (405, "PATCH", "transit/keys/key-p256", None, "unsupported operation")):
            self.refused(status, method, path, body, word)

    def test_token__absent_or_wrong__permission_denied(self):
        for token in (None, "s.nobody", OTHER):
            status, answer = self.vault("GET", "transit/keys/key-p256", token=token)
            self.assertEqual((status, answer["errors"]), (403, ["permission denied"]))
        self.assertEqual(self.vault("GET", "sys/health", token=None)[0], 200)
        self.assertFalse(self.vault("GET", "sys/seal-status", token=None)[1]["sealed"])
        self.assertEqual(self.ok("GET", "auth/token/lookup-self")["display_name"], "desk")
        time.sleep(0.1)
        self.assertNotIn(TOKEN, self.g.log_path.read_text())

    def test_hvac__unmodified__works(self):
        done = subprocess.run(["/usr/bin/python3", HVAC, f"http://127.0.0.1:{self.g.port['vault']}", TOKEN],
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-3000:])
        self.assertEqual(json.loads(done.stdout.splitlines()[-1]), {"done": 9})


class Policy(case.SystemTest):
    def test_refused_and_sealed__by_policy_and_by_the_kill_switch__said(self):
        d = self.deploy(STARTER)
        d.json("key", "create", "key-p256", "--curve", "p256")
        gateway = Gateway(d, "vault", identities=[identity("desk", "trader", token=TOKEN)])
        self.addCleanup(gateway.stop)
        port, headers = gateway.port["vault"], {"x-vault-token": TOKEN}
        for body in ({"input": b64(b"x")}, {"input": b64(bytes(32)), "prehashed": True}):
            status, answer, _ = ask(port, "POST", "/v1/transit/sign/key-p256", body, headers)
            self.assertEqual((status, answer["decision"]), (403, "deny"), answer)
            self.assertTrue(answer["errors"][0].startswith("permission denied: denied"), answer)
        batch = {"batch_input": [{"input": b64(b"x")}]}
        answer = ask(port, "POST", "/v1/transit/sign/key-p256", batch, headers)[1]["data"]["batch_results"][0]
        self.assertEqual(answer["decision"], "deny", answer)
        self.assertEqual(ask(port, "POST", "/v1/transit/keys/mine", {"type": "ed25519"}, headers)[0], 403)
        d.json("halt")
        time.sleep(1.2)
        status, answer, _ = ask(port, "GET", "/v1/sys/health")
        self.assertEqual((status, answer["sealed"]), (503, True))


if __name__ == "__main__":
    case.main(120)
