"""Root reads every byte that the kernel gives of every process, and finds no key: at rest, and in the middle of signing."""
import ctypes
import errno
import hashlib
import json
import os
import secrets
import signal
import sqlite3
import threading
import time
import unittest

import hostile_memory as memory
from hostile_journal import cbor
from hostile_support import library
from support import case, signatures
from support.deployment import NOBODY, OPEN
from support.libzcp import CHAIN_EVM, CHAIN_NONE, DIGEST, ED25519, HEDGED, HMAC_SHA256, MESSAGE, P256, SECP256K1

CURVES = {"secp256k1": SECP256K1, "p256": P256, "ed25519": ED25519}
ENCLAVE = ("enclave", "front", "core")


def nonces(curve, private_key, answer):
    """What k was, and its opposite: a low s hides which. Whoever has k has the key."""
    n = signatures.CURVES[curve][2]
    r, s = (int.from_bytes(bytes(answer.signature)[at:at + 32], "big") for at in (0, 32))
    k = (int.from_bytes(bytes(answer.digest), "big") + r * int.from_bytes(private_key, "big")) * pow(s, -1, n) % n
    assert signatures.times(curve, k)[0] % n == r, "the formula for the nonce is wrong"
    return k.to_bytes(32, "big"), (n - k).to_bytes(32, "big"), pow(k, -1, n).to_bytes(32, "big")


class Evidence(ctypes.Structure):
    """zcp_evidence; the session's two keys lie behind it in the client's memory."""
    _fields_ = [("hardware", ctypes.c_bool), ("module_id", ctypes.c_char * 128), ("timestamp_ms", ctypes.c_uint64),
                ("pcr_mask", ctypes.c_uint32), ("pcr", ctypes.c_uint8 * 48 * 32), ("ours", ctypes.c_bool),
                ("deployment_id", ctypes.c_uint8 * 32), ("mission_hash", ctypes.c_uint8 * 32),
                ("log_key", ctypes.c_uint8 * 32), ("boot_id", ctypes.c_uint8 * 16)]


def session_keys(session):
    """Every run of random bytes where the client keeps the keys of its records."""
    session.lib.zcp_session_evidence.argtypes = [ctypes.c_void_p]
    session.lib.zcp_session_evidence.restype = ctypes.POINTER(Evidence)
    evidence = session.lib.zcp_session_evidence(session.handle)
    behind = ctypes.string_at(ctypes.addressof(evidence.contents) + ctypes.sizeof(Evidence), 256)
    runs = {f"session {at}": behind[at:at + 16] for at in range(0, 240, 8)}
    return {name: run for name, run in runs.items() if len(set(run)) >= 13 and run[6:8] != b"\0\0" != run[14:]}


@unittest.skipIf(os.geteuid() != 0, "only root reads the memory of others")
class MemoryTest(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.deploy_for_class(OPEN)
        cls.library = library(case.build)
        cls.keys = {name: secrets.token_bytes(32) for name in CURVES}
        cls.session = cls.library.open(cls.deployment.dir, "admin").__enter__()
        for name, curve in CURVES.items():
            cls.session.key_import(name, cls.keys[name], curve, HEDGED)

    def setUp(self):
        if not self.deployment.json("status")["memory_out_of_reach"]:
            self.skipTest("this kernel has no memfd_secret: root reads the enclave's memory, and `status` says so")

    def imported(self):
        needles = {}
        for name, key in self.keys.items():
            needles.update(memory.forms(name, key))
        expanded = bytearray(hashlib.sha512(self.keys["ed25519"]).digest())
        expanded[0], expanded[31] = expanded[0] & 248, expanded[31] & 127 | 64
        needles.update(memory.forms("Ed25519 scalar", bytes(expanded[:32])))
        needles.update(memory.forms("Ed25519 prefix", bytes(expanded[32:])))
        return needles

    def derived(self):
        """The deployment's own secrets, opened as the enclave opens them: root may read the machine's secret."""
        folder = self.deployment.dir
        known = self.deployment.json("status")
        pcr0 = bytes.fromhex(json.loads((folder / "deployment.json").read_text())["pcr0"])
        pcr16 = hashlib.sha384(bytes(48) + bytes.fromhex(known["mission_hash"])).digest()
        machine = (folder / "platform" / "secret").read_bytes()
        wrap = memory.hkdf(machine, pcr0 + pcr16, b"zcp-local-wrap-v1")
        with sqlite3.connect(folder / "store.db") as store:
            (sealed,) = store.execute("SELECT data FROM blobs WHERE kind = 5").fetchone()
        (_, nonce, box), _ = cbor(sealed)
        place = b"\x58\x20" + bytes.fromhex(known["deployment_id"]) + b"\x58\x30" + pcr0 + b"\x58\x30" + pcr16
        root = memory.aes_gcm_open(wrap, nonce, b"\x84\x72zcp-sealed-root-v1" + place, box)
        made = {"machine secret": machine, "wrapping key": wrap, "root secret": root}
        for name, info in (("identity key", b"zcp identity v1\0"), ("log key", b"zcp log v1\0"),
                           ("tag key", b"zcp journal tag v1"), ("sealing key", b"zcp key seal v1")):
            made[name] = memory.hkdf(root, info)
        needles = {}
        for name, secret in made.items():
            needles.update(memory.forms(name, secret))
        return needles

    def assert_nowhere(self, needles, who=("zcpd", "up", *ENCLAVE), read=None):
        pids = self.deployment.pids()
        for name in who:
            found, looked = memory.find(pids[name], needles, read)
            self.assertGreater(looked, 1 << 20, f"too little of {name} could be read to mean anything")
            self.assertEqual(found, [], f"secrets in the memory of {name}")

    def test_search__own_memory__finds(self):
        found, _ = memory.find(os.getpid(), self.imported())
        self.assertTrue(any(what == "p256" for what, _ in found))

    def test_imported_keys__read_by_root__nowhere(self):
        self.assert_nowhere(self.imported())
        self.assert_nowhere(self.imported(), ENCLAVE, memory.by_call)

    def test_imported_keys__after_thousands_of_signatures__nowhere(self):
        needles = self.imported()
        for _ in range(1500):
            self.session.sign("secp256k1", secrets.token_bytes(40), MESSAGE, CHAIN_EVM)
            self.session.sign("p256", secrets.token_bytes(32), DIGEST, CHAIN_NONE)
            self.session.sign("ed25519", secrets.token_bytes(32), DIGEST, CHAIN_NONE)
        self.assert_nowhere(needles)

    def test_venue_secrets__after_orders__nowhere(self):
        secret, passphrase = secrets.token_hex(32).encode(), secrets.token_hex(16).encode()
        self.session.secret_import("okx", secret, HMAC_SHA256, api_key="name", venue="okx", passphrase=passphrase)
        order = self.deployment.file("order.json", json.dumps({
            "venue": "okx", "account": "cash", "market": "BTC-USDT", "action": "order-place", "side": "buy", "type": "limit",
            "price": "30000.1", "quantity": "0.5"}))
        for _ in range(20):
            request = self.deployment.json("sign", "order", order, "--key", "okx")["signed"]
            self.assertEqual(request["headers"]["OK-ACCESS-PASSPHRASE"].encode(), passphrase)
        self.assert_nowhere({"secret": secret[:24], "end of it": secret[-24:], "passphrase": passphrase[:16],
                             "end of that": passphrase[-16:]})

    def test_nonces__after_signing__nowhere(self):
        needles = {}
        for curve in signatures.CURVES:
            for number in range(3):
                answer = self.session.sign(curve, secrets.token_bytes(32), DIGEST, CHAIN_NONE)
                for which, nonce in zip(("k", "-k", "1/k"), nonces(curve, self.keys[curve], answer)):
                    needles.update(memory.forms(f"{curve} {which} {number}", nonce))
            self.assert_nowhere(needles)

    def test_imported_keys__stopped_in_the_middle_of_signing__nowhere(self):
        needles, stop = self.imported(), threading.Event()

        def sign(curve):
            with self.library.open(self.deployment.dir, "admin") as session:
                while not stop.is_set():
                    session.sign(curve, secrets.token_bytes(32), DIGEST, CHAIN_NONE)

        signers = [threading.Thread(target=sign, args=(curve,), daemon=True) for curve in CURVES]
        for signer in signers:
            signer.start()
        core = self.deployment.pids()["core"]
        try:
            found = [hit for _ in range(300) for hit in self.look_while_stopped(core, needles)]
        finally:
            stop.set()
            for signer in signers:
                signer.join(20)
        self.assertEqual(sorted(set(found)), [], "secrets in core's memory while it signs")

    def look_while_stopped(self, pid, needles):
        """What can be read of a process's small writable mappings, its stack above all, at this very moment."""
        time.sleep(0.002)
        os.kill(pid, signal.SIGSTOP)
        file = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        try:
            for mapping in memory.mappings(pid):
                if "w" in mapping.rights and mapping.end - mapping.start < 1 << 20:
                    data = memory.by_file(file, mapping) or b""
                    yield from ((what, mapping.name or "anonymous") for what, needle in needles.items() if needle in data)
        finally:
            os.close(file)
            os.kill(pid, signal.SIGCONT)

    def test_own_secrets__read_by_root__nowhere(self):
        self.assert_nowhere(self.derived())

    def test_credential__read_by_root__nowhere(self):
        seed = bytes.fromhex((self.deployment.dir / "credentials" / "admin.key").read_text())
        self.assert_nowhere(memory.forms("credential", seed))

    def test_session_keys__read_by_root__nowhere_in_the_enclave(self):
        needles = session_keys(self.session)
        self.assertGreaterEqual(len(needles), 4, "where the client keeps its keys has moved")
        self.assert_nowhere(needles)

    def test_vaults__every_way_to_read__refused(self):
        for name in ENCLAVE:
            pid = self.deployment.pids()[name]
            vaults = [mapping for mapping in memory.mappings(pid) if mapping.secret]
            self.assertTrue(vaults, f"{name} has no vault")
            file = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
            self.addCleanup(os.close, file)
            for vault in vaults:
                self.assertIsNone(memory.by_file(file, vault))
                self.assertIsNone(memory.by_call(pid, vault))
            self.assertEqual(memory.attach(pid), 0)
            try:
                self.assertEqual([memory.peek(pid, vault.start) for vault in vaults], [None] * len(vaults))
            finally:
                memory.detach(pid)


def look_as(user, pids):
    """What `user` could do to these processes that must be refused; runs in a child that becomes that user."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    for pid in pids:
        for name in ("mem", "maps", "environ", "syscall"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    file.read(1)
                yield f"read /proc/{pid}/{name}"
            except OSError:
                pass
        for name in ("fd", "map_files"):
            try:
                yield f"listed /proc/{pid}/{name}: {os.listdir(f'/proc/{pid}/{name}')}"
            except OSError:
                pass
        if memory.by_call(pid, memory.Mapping(0x400000, 0x401000, "r", "")) is not None:
            yield "process_vm_readv"
        if ctypes.get_errno() != errno.EPERM:
            yield f"process_vm_readv found {errno.errorcode.get(ctypes.get_errno())} instead of being refused"
        if memory.attach(pid) != errno.EPERM:
            yield "ptrace"


class OrdinaryUserTest(case.SystemTest):
    """Who runs the enclave can't look into it: not even with the same user number."""

    def test_memory__of_the_same_user__is_out_of_reach(self):
        user = os.geteuid() or NOBODY
        if os.geteuid() == 0 and not case.build.stat().st_mode & 1:
            self.skipTest("an ordinary user can't enter the build folder")
        deployment = self.deploy(OPEN, user=user if os.geteuid() == 0 else None)
        pids = deployment.pids()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            said = "; ".join(look_as(user, [pids[name] for name in ENCLAVE]))
            os.write(writing, said.encode() or b"nothing")
            os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        with open(reading, "rb") as answer:
            self.assertEqual(answer.read().decode(), "nothing")


if __name__ == "__main__":
    case.main(120)
