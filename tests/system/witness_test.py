"""`zcp witness`: every status code of C2SP tlog-witness, and what it remembers after it was killed."""
import base64
import hashlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from support import case
from support.deployment import NOT_VERIFIED, OPEN, USAGE


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Witness(case.SystemTest):
    """The log is a real deployment's, which signs checkpoints of growing size."""

    @classmethod
    def setUpClass(cls):
        cls.d = d = cls.deploy_for_class(OPEN)
        d.json("key", "create", "k", "--curve", "p256")
        cls.notes = []
        for i in range(3):
            d.json("sign", "digest", "--key", "k", stdin=f"{i + 1:064d}")
            d.wait_checkpoint()
            cls.notes.append((d.dir / "log" / "checkpoint").read_bytes())
        cls.leaves = (d.dir / "log").joinpath("tile", "0", f"000.p/{cls.size(cls.notes[-1])}").read_bytes()
        cls.origin = cls.notes[0].split(b"\n")[0].decode()
        document = d.json("verify")
        key = bytes.fromhex(document["log_key"])
        ident = hashlib.sha256(cls.origin.encode() + b"\n\x01" + key).digest()[:4]
        cls.key = f"{cls.origin}+{ident.hex()}+{base64.b64encode(bytes([1]) + key).decode()}"

    @staticmethod
    def size(note):
        return int(note.split(b"\n")[1])

    def setUp(self):
        self.home = tempfile.TemporaryDirectory(prefix="zcp-witness-")
        self.addCleanup(self.home.cleanup)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [str(case.build / "zcp"), "witness", "--dir", self.home.name, "--name", "witness.test/w1", "--listen",
             "127.0.0.1:0", "--log", self.key], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        self.vkey = self.process.stdout.readline().split()[1]
        self.port = int(self.process.stdout.readline().split()[1])

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, body, path="/add-checkpoint", method="POST"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read(), answer.headers["Content-Type"]
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read(), refusal.headers["Content-Type"]

    def add(self, old, note, proof=()):
        lines = "".join(base64.b64encode(item).decode() + "\n" for item in proof)
        return self.ask(f"old {old}\n{lines}\n".encode() + note)

    def leaf(self, index):
        return self.leaves[32 * index:32 * index + 32]

    def root(self, begin, end):
        if end - begin == 1:
            return self.leaf(begin)
        half = 1 << ((end - begin - 1).bit_length() - 1)
        return node(self.root(begin, begin + half), self.root(begin + half, end))

    def consistency(self, old, new):
        def walk(old, begin, end, whole):
            if old == end - begin:
                return [] if whole else [self.root(begin, end)]
            half = 1 << ((end - begin - 1).bit_length() - 1)
            if old <= half:
                return walk(old, begin, begin + half, whole) + [self.root(begin + half, end)]
            return walk(old - half, begin + half, end, False) + [self.root(begin, begin + half)]
        return walk(old, 0, new, True)

    def test_growth__200_and_a_cosignature_line(self):
        first, last = self.size(self.notes[0]), self.size(self.notes[-1])
        status, body, _ = self.add(0, self.notes[0])
        self.assertEqual(status, 200, body)
        self.assertTrue(body.decode().startswith("— witness.test/w1 ") and body.endswith(b"\n"))
        signature = base64.b64decode(body.split()[-1])
        self.assertEqual(len(signature), 4 + 8 + 64)
        self.assertEqual(signature[:4].hex(), self.vkey.split("+")[1])
        self.assertEqual(self.add(first, self.notes[-1], self.consistency(first, last))[0], 200)
        self.assertEqual(self.add(last, self.notes[-1])[0], 200, "the same one again")

    def test_conflict__409_and_the_size_it_knows__also_after_a_kill(self):
        first, last = self.size(self.notes[0]), self.size(self.notes[-1])
        self.assertEqual(self.add(0, self.notes[0])[0], 200)
        for _ in range(2):
            status, body, kind = self.add(0, self.notes[-1])
            self.assertEqual((status, body, kind), (409, f"{first}\n".encode(), "text/x.tlog.size"))
            self.end()
            self.start()
        self.assertEqual(self.add(first, self.notes[-1], self.consistency(first, last))[0], 200)
        self.assertEqual(self.add(first, self.notes[0])[0], 409, "an older one")

    def test_proof__wrong__422(self):
        first, last = self.size(self.notes[0]), self.size(self.notes[-1])
        self.assertEqual(self.add(0, self.notes[0], [bytes(32)])[0], 422, "nothing to prove from nothing")
        self.assertEqual(self.add(0, self.notes[0])[0], 200)
        good = self.consistency(first, last)
        for proof in ([], good[:-1], good + [bytes(32)], [bytes(32)] + good[1:]):
            self.assertEqual(self.add(first, self.notes[-1], proof)[0], 422)

    def test_signature__forged__403(self):
        lines = self.notes[0].split(b"\n")
        lines[1] = str(self.size(self.notes[0]) + 1).encode()
        self.assertEqual(self.add(0, b"\n".join(lines))[0], 403)

    def test_log__unknown__404(self):
        self.assertEqual(self.add(0, self.notes[0].replace(b"zerocopy/", b"zerocopx/"))[0], 404)
        self.assertEqual(self.ask(b"", "/checkpoint")[0], 404)

    def test_request__malformed__400(self):
        note = self.notes[0]
        for body in (b"", b"old\n\n" + note, b"old -1\n\n" + note, b"old 01\n\n" + note, b"old 0\n" + note,
                     b"old 0\nAAAA\n\n" + note, b"old 0\n\n", b"old 99999999999999999999\n\n" + note,
                     b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n" + note,
                     f"old {self.size(note) + 1}\n\n".encode() + note):
            self.assertEqual(self.ask(body)[0], 400, body[:60])

    def test_method__405__length__413(self):
        self.assertEqual(self.ask(None, method="GET")[0], 405)
        self.assertEqual(self.ask(b"x" * 200000)[0], 413)

    def test_zcpd__asks_it__keeps_the_cosignature(self):
        self.d.down()
        answer = self.d.up("--witness", f"http://127.0.0.1:{self.port}/")
        self.assertEqual(answer.code, 0, str(answer))
        self.d.wait_checkpoint()
        until = time.monotonic() + 10
        while not (self.d.dir / "log" / "cosigned").exists() and time.monotonic() < until:
            time.sleep(0.05)
        self.assertIn("— witness.test/w1 ", (self.d.dir / "log" / "cosigned").read_text())
        self.assertEqual(self.d.json("audit", "verify", "--witness", self.vkey)["witnesses"], 1)
        self.check_proof()

    def check_proof(self):
        """A proof carries the cosignature, and says whether it is of whom its reader trusts."""
        proof = self.d.home / "proof"
        until = time.monotonic() + 10
        while "— witness.test/w1 " not in (self.d.dir / "log" / "checkpoint").read_text() and time.monotonic() < until:
            time.sleep(0.05)
        self.d.json("audit", "prove", "2", "-o", proof, "--disclose", "mission")
        with_key = self.d.json("audit", "verify", proof, "--witness", self.vkey)
        self.assertEqual((with_key["witnesses"], with_key["mission_disclosed"]), (1, True))
        alone = self.d.json("audit", "verify", proof)
        self.assertEqual((alone["witnesses"], alone["witnesses_known"]), (0, False), "this mission names none")
        name, _, key = self.vkey.split("+", 2)
        stranger = base64.b64encode(base64.b64decode(key)[:-1] + b"\0").decode()
        ident = hashlib.sha256(name.encode() + b"\n" + base64.b64decode(stranger)).digest()[:4].hex()
        answer = self.d.json("audit", "verify", proof, "--witness", f"{name}+{ident}+{stranger}", expect=NOT_VERIFIED)
        self.assertIn("witnesses", answer["reason"])
        self.expect(self.d.zcp("audit", "verify", proof, "--witness", "x"), USAGE)
        whole = proof.read_bytes()
        line = whole.index("— witness.test/w1 ".encode()) + 30
        proof.write_bytes(whole[:line] + bytes([whole[line] ^ 1]) + whole[line + 1:])
        self.d.json("audit", "verify", proof, "--witness", self.vkey, expect=NOT_VERIFIED)


if __name__ == "__main__":
    case.main(120)
