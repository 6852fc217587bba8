"""The unchanged image in an emulated Nitro enclave: what it measures to, that locks hold, and a signature over vsock."""
import hashlib
import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from support import case, evm
from support.deployment import DONE, NOT_VERIFIED, OPEN

ROLE = "arn:aws:iam::000000000000:role/emulated"
INSTANCE = "i-00000000000000000"

# secp256k1
P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    result = None
    while k:
        result = add(result, point) if k & 1 else result
        point = add(point, point)
        k >>= 1
    return result


def signed_by(public_key, digest, signature):
    point = int.from_bytes(public_key[1:33], "big"), int.from_bytes(public_key[33:65], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    w = pow(s, -1, N)
    found = add(times(int.from_bytes(digest, "big") * w % N, G), times(r * w % N, point))
    return found is not None and found[0] % N == r and 0 < s <= N // 2


def cache():
    return Path(os.environ.get("ZCP_CACHE") or Path.home() / ".cache" / "zerocopy")


def what_is_missing():
    qemu = Path(os.environ.get("ZCP_QEMU") or cache() / "qemu" / "bin" / "qemu-system-x86_64")
    if not qemu.exists():
        return f"there is no QEMU with the machine nitro-enclave at {qemu}: deploy/image/build-qemu makes it"
    for part in ("signer.eif", "kernel", "drivers.cpio", "signer.cpio"):
        if not (case.build / "image" / part).exists():
            return f"there is no {case.build}/image/{part}: `make image` makes it"
    return None


class Emulated(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        missing = what_is_missing()
        if missing:
            raise unittest.SkipTest(missing)
        cls.d = case.Deployment(case.build, OPEN)
        cls.addClassCleanup(cls.d.close)
        cls.image = cls.sign_image()
        os.environ["ZCP_IMAGE"] = str(cls.image)
        answer = cls.d.up("--platform", "qemu", timeout=120)
        assert answer.code == DONE, f"{answer}\n{cls.d.log()}"
        assert "an emulated enclave, which clients refuse" in answer.text, str(answer)
        cls.document = cls.d.home / "document"
        cls.seen = cls.client()

    @classmethod
    def sign_image(cls):
        """The same parts with a signature: nothing but PCR8 may differ from the image that was built."""
        home, parts = cls.d.home, case.build / "image"
        key, certificate, image = home / "key.pem", home / "certificate.pem", home / "signed.eif"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-nodes", "-days", "2",
                        "-subj", "/CN=image test", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        key.chmod(0o600)
        cmdline = json.loads(case.run(case.build, "eif", "describe", "--json", parts / "signer.eif").out)["cmdline"]
        answer = case.run(case.build, "eif", "build", "--kernel", parts / "kernel", "--cmdline", cmdline, "--ramdisk",
                          parts / "drivers.cpio", "--ramdisk", parts / "signer.cpio", "--signing-certificate", certificate,
                          "--private-key", key, "-o", image)
        assert answer.code == DONE, str(answer)
        return image

    @classmethod
    def client(cls):
        cls.transaction = evm.eip155(nonce=0)
        program = next(path for path in (case.build / "emulated-client",) if path.exists())
        done = subprocess.run([program, cls.d.dir, cls.document, cls.transaction.hex()], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, f"{done.stderr.decode()}\n{cls.d.log()}"
        return json.loads(done.stdout)

    def test_measurements__inside__are_those_that_zcp_computes(self):
        measured = json.loads(self.run_zcp("eif", "measure", "--json", "--role", ROLE, "--instance", INSTANCE, self.image).out)["pcrs"]
        unsigned = json.loads(self.run_zcp("eif", "measure", "--json", case.build / "image" / "signer.eif").out)["pcrs"]
        for index in ("0", "1", "2", "3", "4", "8"):
            self.assertEqual(self.seen["pcrs"][index], measured[index], f"PCR{index}")
            self.assertNotEqual(measured[index], "00" * 48, f"PCR{index}")
        for index in ("0", "1", "2"):
            self.assertEqual(measured[index], unsigned[index], f"PCR{index}: a signature is not code")

    def test_mission__in_pcr16__is_the_compiled_one(self):
        mission = hashlib.sha256((self.d.dir / "mission.cbor").read_bytes()).digest()
        self.assertEqual(self.seen["mission"], mission.hex())
        self.assertEqual(self.seen["pcrs"]["16"], hashlib.sha384(bytes(48) + mission).hexdigest())

    def test_locks__hold__or_no_root_is_released(self):
        # zc_nitro_check_locks() reads every lock and tries to extend PCR0 and PCR16 before the root's key is made.
        for index in map(str, (5, 6, 7, *range(9, 16))):
            self.assertEqual(self.seen["pcrs"].get(index, "00" * 48), "00" * 48)
        self.assertIn("zcp-core: serving after", self.d.log())

    def test_signature__over_vsock__verifies(self):
        digest, signature = bytes.fromhex(self.seen["digest"]), bytes.fromhex(self.seen["signature"])
        self.assertTrue(signed_by(bytes.fromhex(self.seen["public_key"]), digest, signature))
        self.assertFalse(signed_by(bytes.fromhex(self.seen["public_key"]), hashlib.sha256(digest).digest(), signature))

    def test_signatures__many_under_way__verify(self):
        # $ZCP_QEMU_CPUS gives the enclave more than one processor, and so threads that sign.
        self.assertEqual(self.seen["verified"], 64)
        self.assertEqual("with signing threads" in self.d.log(), int(os.environ.get("ZCP_QEMU_CPUS", "1")) > 1)

    def test_status__says__emulated(self):
        self.assertEqual(self.seen["platform"], "qemu")
        self.assertIs(self.seen["hardware"], False)
        self.assertEqual(json.loads((self.d.dir / "deployment.json").read_text())["platform"], "qemu")

    def test_document__verified__is_refused(self):
        answer = self.run_zcp("verify", "--json", "--doc", self.document)
        self.assertEqual(answer.code, NOT_VERIFIED, str(answer))
        self.assertIs(answer.json["valid"], False)
        self.assertIs(answer.json["hardware"], False)
        for command in (["status"], ["verify"], ["key", "list"]):
            self.assertEqual(self.d.zcp(*command).code, NOT_VERIFIED, command)

    def test_start__is_timed(self):
        ready = int(re.search(r"ready for the host after (\d+) ms", self.d.log()).group(1))
        serving = int(re.search(r"serving after (\d+) ms", self.d.log()).group(1))
        print(f"init to ready {ready} ms, to serving {serving} ms with a birth in between, all emulated", flush=True)
        self.assertLess(serving, 20000)


if __name__ == "__main__":
    case.main(300)
