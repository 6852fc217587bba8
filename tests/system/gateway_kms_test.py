"""AWS KMS through the gateway, down to the bytes: signatures of requests, answers, refusals, and hostile clients."""
import base64
import json
import os
import signal
import socket
import subprocess
import time

from support import case, evm
from support.deployment import OPEN, STARTER
from support.gateway import ACCESS_KEY, SECRET, Gateway, ask, identity, kms, sign_v4

ADMIN, TRADER = "AKIAADMIN", "AKIATRADER"


def b64(data):
    return base64.b64encode(data).decode()


def openssl_verifies(folder, public_der, message, signature, digest=True):
    (folder / "key.der").write_bytes(public_der)
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(signature)
    how = (["dgst", "-sha256", "-verify", "key.der", "-keyform", "DER", "-signature", "signature", "message"] if digest
           else ["pkeyutl", "-verify", "-pubin", "-inkey", "key.der", "-keyform", "DER", "-rawin", "-in", "message",
                 "-sigfile", "signature"])
    return subprocess.run(["openssl", *how], cwd=folder, capture_output=True, check=False).returncode == 0


class Kms(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        for curve in ("secp256k1", "p256", "ed25519"):
            cls.d.json("key", "create", f"key-{curve}", "--curve", curve)
        cls.g = Gateway(cls.d, "kms", identities=[identity("desk", "admin", ACCESS_KEY)])
        cls.addClassCleanup(cls.g.stop)

    def ok(self, operation, **body):
        status, answer, _ = self.g.kms(operation, body)
        self.assertEqual(status, 200, answer)
        return answer

    def refused(self, kind, operation, status=400, **body):
        got, answer, _ = self.g.kms(operation, body)
        self.assertEqual((got, answer.get("__type")), (status, kind), answer)
        self.assertTrue(answer["message"])
        return answer

    def public_der(self, key):
        return base64.b64decode(self.ok("GetPublicKey", KeyId=key)["PublicKey"])

    def test_sign__raw_and_digest__openssl_agrees(self):
        import hashlib
        message = b"not a transaction of any chain: " + os.urandom(100).hex().encode()
        for key in ("key-p256", "key-secp256k1"):
            raw = self.ok("Sign", KeyId=key, Message=b64(message), SigningAlgorithm="ECDSA_SHA_256")
            digest = self.ok("Sign", KeyId=key, Message=b64(hashlib.sha256(message).digest()), MessageType="DIGEST",
                             SigningAlgorithm="ECDSA_SHA_256")
            for answer in (raw, digest):
                self.assertEqual(answer["KeyId"], f"arn:aws:kms:eu-west-1:000000000000:key/{key}")
                self.assertTrue(openssl_verifies(self.d.home, self.public_der(key), message,
                                                 base64.b64decode(answer["Signature"])))
        signed = self.ok("Sign", KeyId="key-ed25519", Message=b64(message), SigningAlgorithm="ED25519_SHA_512")
        self.assertTrue(openssl_verifies(self.d.home, self.public_der("key-ed25519"), message,
                                         base64.b64decode(signed["Signature"]), digest=False))

    def test_verify__right_and_wrong__said(self):
        for key, algorithm in (("key-p256", "ECDSA_SHA_256"), ("key-secp256k1", "ECDSA_SHA_256"),
                               ("key-ed25519", "ED25519_SHA_512")):
            signed = self.ok("Sign", KeyId=key, Message=b64(b"hello"), SigningAlgorithm=algorithm)
            common = {"KeyId": key, "SigningAlgorithm": algorithm, "Signature": signed["Signature"]}
            self.assertIs(self.ok("Verify", Message=b64(b"hello"), **common)["SignatureValid"], True)
            self.refused("KMSInvalidSignatureException", "Verify", Message=b64(b"hullo"), **common)

    def test_key_ids__name_arn_alias_alias_arn__one_key(self):
        arn = "arn:aws:kms:eu-west-1:000000000000:"
        self.ok("CreateAlias", AliasName="alias/desk/main", TargetKeyId="key-p256")
        for name in ("key-p256", f"{arn}key/key-p256", "alias/key-p256", f"{arn}alias/key-p256", "alias/desk/main",
                     f"{arn}alias/desk/main"):
            self.assertEqual(self.ok("DescribeKey", KeyId=name)["KeyMetadata"]["KeyId"], "key-p256", name)
        for name in ("nothing", "alias/nothing", f"{arn}key/nothing", "arn:aws:kms:us-east-1:000000000000:key/key-p256",
                     "arn:aws:kms:eu-west-1:111111111111:key/key-p256", "../../key-p256", "KEY-P256"):
            self.refused("NotFoundException", "DescribeKey", KeyId=name)
        self.refused("AlreadyExistsException", "CreateAlias", AliasName="alias/desk/main", TargetKeyId="key-p256")
        self.refused("AlreadyExistsException", "CreateAlias", AliasName="alias/key-p256", TargetKeyId="key-ed25519")
        self.refused("InvalidAliasNameException", "CreateAlias", AliasName="alias/aws/x", TargetKeyId="key-p256")
        listed = self.ok("ListAliases", KeyId="key-p256")["Aliases"]
        self.assertEqual({alias["AliasName"] for alias in listed}, {"alias/key-p256", "alias/desk/main"})

    def test_lists__pages__every_row_once(self):
        marker, seen = {}, []
        for _ in range(100):
            page = self.ok("ListKeys", Limit=1, **marker)
            seen += [key["KeyId"] for key in page["Keys"]]
            if not page["Truncated"]:
                break
            marker = {"Marker": page["NextMarker"]}
        self.assertEqual(len(seen), len(set(seen)))
        self.assertLessEqual({"key-secp256k1", "key-p256", "key-ed25519"}, set(seen))
        self.refused("ValidationException", "ListKeys", Limit=0)
        self.refused("ValidationException", "ListKeys", Limit=1001)
        self.refused("InvalidMarkerException", "ListKeys", Marker="x")
        for beyond in ("n1000", f"n{2**64 - 1}"):
            page = self.ok("ListKeys", Marker=beyond)
            self.assertEqual((page["Keys"], page["Truncated"]), ([], False))

    def test_keys__created_tagged_disabled_deleted__as_kms_says(self):
        made = self.ok("CreateKey", KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256", Description="for tests",
                       Tags=[{"TagKey": "Name", "TagValue": "made-by-kms"}, {"TagKey": "team", "TagValue": "desk"}])
        self.assertEqual(made["KeyMetadata"]["KeyId"], "made-by-kms")
        shown = self.ok("DescribeKey", KeyId="made-by-kms")["KeyMetadata"]
        self.assertEqual((shown["Description"], shown["KeyState"], shown["Enabled"]), ("for tests", "Enabled", True))
        self.ok("TagResource", KeyId="made-by-kms", Tags=[{"TagKey": "team", "TagValue": "ops"}])
        tags = {tag["TagKey"]: tag["TagValue"] for tag in self.ok("ListResourceTags", KeyId="made-by-kms")["Tags"]}
        self.assertEqual(tags, {"Name": "made-by-kms", "team": "ops"})
        self.ok("EnableKey", KeyId="made-by-kms")
        self.ok("DisableKey", KeyId="made-by-kms")
        sign = {"KeyId": "made-by-kms", "Message": b64(b"x"), "SigningAlgorithm": "ECDSA_SHA_256"}
        self.refused("DisabledException", "Sign", **sign)
        self.refused("UnsupportedOperationException", "EnableKey", KeyId="made-by-kms")
        self.assertEqual(self.ok("DescribeKey", KeyId="made-by-kms")["KeyMetadata"]["KeyState"], "Disabled")
        other = self.ok("CreateKey", KeyUsage="SIGN_VERIFY", KeySpec="ECC_SECG_P256K1")["KeyMetadata"]["KeyId"]
        deleted = self.ok("ScheduleKeyDeletion", KeyId=other, PendingWindowInDays=7)
        self.assertEqual(deleted["KeyState"], "PendingDeletion")
        self.assertEqual(self.ok("DescribeKey", KeyId=other)["KeyMetadata"]["KeyState"], "PendingDeletion")
        self.refused("KMSInvalidStateException", "Sign", **{**sign, "KeyId": other})
        self.refused("AlreadyExistsException", "CreateKey", KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256",
                     Tags=[{"TagKey": "Name", "TagValue": "key-p256"}])
        self.refused("ValidationException", "CreateKey", KeyUsage="ENCRYPT_DECRYPT", KeySpec="SYMMETRIC_DEFAULT")
        self.refused("UnsupportedOperationException", "CreateKey", KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256",
                     Policy="{}")

    def test_sign__what_makes_no_sense__refused_by_its_name(self):
        sign = {"KeyId": "key-p256", "Message": b64(b"x"), "SigningAlgorithm": "ECDSA_SHA_256"}
        for kind, change in (
                ("ValidationException", {"Message": "not base64!"}),
                ("ValidationException", {"Message": ""}),
                ("ValidationException", {"Message": b64(bytes(4097))}),
                ("ValidationException", {"MessageType": "OTHER"}),
                ("ValidationException", {"MessageType": "DIGEST", "Message": b64(bytes(31))}),
                ("ValidationException", {"SigningAlgorithm": 7}),
                ("ValidationException", {"Surprise": 1}),
                ("InvalidKeyUsageException", {"SigningAlgorithm": "ECDSA_SHA_384"}),
                ("InvalidKeyUsageException", {"KeyId": "key-ed25519"}),
                ("UnsupportedOperationException", {"DryRun": True}),
                ("UnsupportedOperationException", {"KeyId": "key-ed25519", "SigningAlgorithm": "ED25519_PH_SHA_512"}),
                ("ValidationException", {"KeyId": "key-ed25519", "SigningAlgorithm": "ED25519_SHA_512",
                                         "MessageType": "DIGEST"})):
            self.refused(kind, "Sign", **{**sign, **change})
        self.assertEqual(len(base64.b64decode(self.ok("Sign", **{**sign, "Message": b64(bytes(4096))})["Signature"])) > 64,
                         True)
        self.refused("UnknownOperationException", "Encrypt")

    def test_raw__an_ethereum_transaction_on_p256__not_signed_as_a_message(self):
        self.refused("ValidationException", "Sign", KeyId="key-p256", Message=b64(evm.eip1559(1, value=1)),
                     SigningAlgorithm="ECDSA_SHA_256")

    def test_body__malformed__serialization_exception(self):
        for body in (b"", b"{", b"[]", b"null", b'{"KeyId":"a","KeyId":"b"}', b"\xff", b"{}{}", b"[" * 50000,
                     b'{"KeyId":"\\ud800"}', b'{"a":' * 200 + b"1" + b"}" * 200):
            status, answer, _ = kms(self.g.port["kms"], "DescribeKey", body)
            self.assertEqual((status, answer["__type"]), (400, "SerializationException"), body[:40])

    def forged(self, kind, body=None, headers=None, method="POST", path="/", **options):
        data = json.dumps({"KeyId": "key-p256", "salt": os.urandom(8).hex()} if body is None else body).encode()
        made = sign_v4(self.g.port["kms"], "DescribeKey", data, **options)
        status, answer, _ = ask(self.g.port["kms"], method, path, data, {**made, **(headers or {})})
        self.assertIn(status, (400, 404))
        self.assertEqual(answer["__type"], kind, answer)

    def test_signature__altered_late_or_of_another__refused(self):
        now = time.time()
        self.forged("InvalidSignatureException", secret="another-secret-of-32-characters!")
        self.forged("UnrecognizedClientException", access_key="AKIANOBODY")
        self.forged("InvalidSignatureException", when=now - 400)
        self.forged("InvalidSignatureException", when=now + 400)
        self.forged("InvalidSignatureException", headers={"x-amz-target": "TrentService.Sign"})
        self.forged("InvalidSignatureException", headers={"content-type": "application/json"})
        self.forged("InvalidSignatureException", headers={"x-amz-content-sha256": "0" * 64})
        self.forged("IncompleteSignatureException", service="s3")
        self.forged("IncompleteSignatureException", signed=("content-type", "host", "x-amz-date"))
        self.forged("IncompleteSignatureException", headers={"authorization": "AWS4-HMAC-SHA256 x"})
        self.forged("IncompleteSignatureException", headers={"authorization": "Bearer x"})
        self.forged("InvalidSignatureException", path="/?x=1")
        self.forged("UnknownOperationException", path="/other")
        self.forged("UnknownOperationException", method="PUT")
        status, answer, _ = ask(self.g.port["kms"], "POST", "/", b"{}")
        self.assertEqual((status, answer["__type"]), (400, "MissingAuthenticationTokenException"))
        data = b'{"KeyId":"key-p256" }'
        made = sign_v4(self.g.port["kms"], "DescribeKey", data)
        for changed in (b'{"KeyId":"key-p25" }', b'{"KeyId":"key-p256"}'):
            status, answer, _ = ask(self.g.port["kms"], "POST", "/", changed, made)
            self.assertEqual(answer["__type"], "InvalidSignatureException")
        self.assertEqual(ask(self.g.port["kms"], "POST", "/", data, made)[0], 200)
        status, answer, _ = ask(self.g.port["kms"], "POST", "/", data, made)
        self.assertEqual(answer["__type"], "InvalidSignatureException", "the same request twice")

    def test_size__too_large__refused_and_the_next_is_served(self):
        port = self.g.port["kms"]
        with socket.create_connection(("127.0.0.1", port), 10) as link:
            link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
            self.assertIn(b" 413 ", link.recv(4096))
        with socket.create_connection(("127.0.0.1", port), 10) as link:
            link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            got = b""
            try:
                for _ in range(100):
                    link.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
                link.sendall(b"0\r\n\r\n")
                got = link.recv(4096)
            except OSError:
                pass
            self.assertTrue(got == b"" or b" 413 " in got, got[:100])
        with socket.create_connection(("127.0.0.1", port), 10) as link:
            link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 5000 + b"\r\n")
            self.assertIn(link.recv(4096)[9:12], (b"431", b"413", b""))
        self.ok("DescribeKey", KeyId="key-p256")

    def test_log__every_request__and_no_secret(self):
        self.ok("Sign", KeyId="key-p256", Message=b64(b"in the log"), SigningAlgorithm="ECDSA_SHA_256")
        time.sleep(0.1)
        lines = [line for line in self.g.log() if line.get("operation") == "Sign" and line["status"] == 200]
        self.assertEqual((lines[-1]["identity"], lines[-1]["key"], lines[-1]["rule"]), ("desk", "key-p256", "everything"))
        text = self.g.log_path.read_text()
        for secret in (SECRET, b64(b"in the log"), "Signature="):
            self.assertNotIn(secret, text)

    def test_metrics__after_a_signature__count_it(self):
        self.ok("Sign", KeyId="key-p256", Message=b64(b"count me"), SigningAlgorithm="ECDSA_SHA_256")
        status, text, _ = ask(self.g.port["kms"], "GET", "/metrics")
        self.assertEqual(status, 200)
        text = text.decode()
        for wanted in ('zcp_gateway_request_seconds_count{interface="kms",stage="enclave"}', "zcp_gateway_log_lag_entries 0",
                       'zcp_gateway_decisions_total{rule="everything",decision="allow"}', "zcp_gateway_enclave_serving 1"):
            self.assertIn(wanted, text)


class Policy(case.SystemTest):
    """A mission with limits: what it refuses, KMS refuses, in its own words."""

    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(STARTER)
        for curve in ("secp256k1", "p256"):
            cls.d.json("key", "create", f"key-{curve}", "--curve", curve)
        cls.g = Gateway(cls.d, "kms", identities=[identity("admins", "admin", ADMIN), identity("traders", "trader", TRADER)])
        cls.addClassCleanup(cls.g.stop)

    def test_sign__nothing_allows_it__access_denied_with_the_rule_and_margin(self):
        for key, kind in (("key-secp256k1", "RAW"), ("key-p256", "RAW"), ("key-secp256k1", "DIGEST")):
            status, answer, _ = self.g.kms("Sign", {"KeyId": key, "Message": b64(bytes(32)), "MessageType": kind,
                                                    "SigningAlgorithm": "ECDSA_SHA_256"}, access_key=TRADER)
            self.assertEqual((status, answer["__type"]), (400, "AccessDeniedException"), answer)
            self.assertEqual(answer["decision"], "deny")
            self.assertLessEqual({"rule", "reason", "why", "margin"}, set(answer))
            self.assertIn("denied", answer["message"])

    def test_create_key__a_trader__access_denied(self):
        body = {"KeyUsage": "SIGN_VERIFY", "KeySpec": "ECC_NIST_P256"}
        status, answer, _ = self.g.kms("CreateKey", body, access_key=TRADER)
        self.assertEqual((status, answer["__type"]), (400, "AccessDeniedException"))
        self.assertEqual(self.g.kms("CreateKey", body, access_key=ADMIN)[0], 200)

    def test_alias__of_one_identity__is_nobody_elses(self):
        self.assertEqual(self.g.kms("CreateAlias", {"AliasName": "alias/mine", "TargetKeyId": "key-p256"}, access_key=ADMIN)[0], 200)
        self.assertEqual(self.g.kms("DescribeKey", {"KeyId": "alias/mine"}, access_key=TRADER)[0], 400)

    def test_halt_and_ready__tell_the_truth(self):
        port = self.g.port["kms"]
        self.assertEqual(ask(port, "GET", "/readyz")[0], 200)
        self.d.json("halt")
        time.sleep(1.2)
        status, answer, _ = ask(port, "GET", "/readyz")
        self.assertEqual((status, answer["status"]), (503, "halted"))
        self.assertEqual(ask(port, "GET", "/healthz")[0], 200)
        status, answer, _ = self.g.kms("Sign", {"KeyId": "key-p256", "Message": b64(b"x"), "SigningAlgorithm": "ECDSA_SHA_256"}, access_key=ADMIN)
        self.assertEqual(status, 400, answer)
        self.d.json("resume")
        time.sleep(1.2)
        self.assertEqual(ask(port, "GET", "/readyz")[0], 200)

    def test_spin__through_shared_memory__signs_and_outlives_the_enclave(self):
        """A core that leaves its shared memory behind; a gateway that looks into it."""
        g = Gateway(self.d, "kms", identities=[identity("admins", "admin", ADMIN)], options=["--spin-us", 200])
        self.addCleanup(g.stop)
        for _ in range(20):
            self.assertEqual(g.kms("DescribeKey", {"KeyId": "key-p256"}, access_key=ADMIN)[0], 200)
            self.assertEqual(g.kms("ListKeys", {}, access_key=ADMIN)[0], 200)
        self.d.restart()
        self.assertEqual(g.kms("ListKeys", {}, access_key=ADMIN)[0], 200)
        self.assertEqual(g.stop(), 0)

    def test_secret__changed_in_the_identity_file__the_old_one_is_worth_nothing(self):
        """A derived signing key is kept, and is not the secret's that took the old one's place."""
        g = Gateway(self.d, "kms", identities=[identity("admins", "admin", ADMIN)])
        self.addCleanup(g.stop)
        self.assertEqual(g.kms("ListKeys", {}, access_key=ADMIN)[0], 200)
        fresh = "another-secret-of-32-characters!"
        g.identities.write_text(g.identities.read_text().replace(SECRET, fresh))
        g.signal(signal.SIGHUP)
        until = time.monotonic() + 10
        while g.kms("ListKeys", {}, access_key=ADMIN, secret=fresh)[0] != 200:
            self.assertLess(time.monotonic(), until, "the new secret is not taken")
            time.sleep(0.05)
        status, answer, _ = g.kms("ListKeys", {}, access_key=ADMIN)
        self.assertEqual((status, answer["__type"]), (400, "InvalidSignatureException"))

    def test_restart__of_the_enclave__the_next_request_is_served(self):
        self.assertEqual(self.g.kms("DescribeKey", {"KeyId": "key-p256"}, access_key=ADMIN)[0], 200)
        self.d.down()
        status, answer, _ = ask(self.g.port["kms"], "GET", "/readyz")
        time.sleep(1.2)
        status, answer, _ = ask(self.g.port["kms"], "GET", "/readyz")
        self.assertEqual((status, answer["status"]), (503, "unreachable"))
        self.d.start()
        time.sleep(1.2)
        self.assertEqual(self.g.kms("ListKeys", {}, access_key=ADMIN)[0], 200)
        self.assertEqual(ask(self.g.port["kms"], "GET", "/readyz")[0], 200)


if __name__ == "__main__":
    case.main(120)
