"""`zcp eif` against an implementation of the format of its own: hashlib, zlib and struct."""
import hashlib
import json
import random
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

from support import case, merkle
from support.deployment import DONE, FAILED, NOT_VERIFIED, USAGE

HEADER = struct.Struct(">4sHHQQHH32Q32QII")
KERNEL, CMDLINE, RAMDISK, SIGNATURE, METADATA = range(1, 6)


def sha384(data):
    return hashlib.sha384(data).digest()


def measured(data):
    return sha384(bytes(48) + sha384(data)).hex()


def read(file):
    """Sections of an image, with its checksum checked."""
    magic, version, flags, memory, cpus, reserved, count, *rest = HEADER.unpack_from(file)
    offsets, sizes, unused, crc = rest[:32], rest[32:64], rest[64], rest[65]
    assert (magic, version, reserved, unused) == (b".eif", 4, 0, 0)
    at, sections, running = HEADER.size, [], zlib.crc32(file[:544])
    for offset, size in zip(offsets[:count], sizes[:count]):
        assert offset == at
        kind, zero, length = struct.unpack_from(">HHQ", file, at)
        assert (zero, length) == (0, size)
        running = zlib.crc32(file[at:at + 12 + size], running)
        sections.append((kind, file[at + 12:at + 12 + size]))
        at += 12 + size
    assert at == len(file) and running == crc
    return flags, memory, cpus, sections


def write(sections, flags=0, memory=1 << 29, cpus=2):
    """An image in any order, as other builders may lay it out."""
    offsets, at, body = [], HEADER.size, b""
    for kind, data in sections:
        offsets.append(at)
        body += struct.pack(">HHQ", kind, 0, len(data)) + data
        at += 12 + len(data)
    pad = [0] * (32 - len(sections))
    head = HEADER.pack(b".eif", 4, flags, memory, cpus, 0, len(sections), *offsets, *pad, *[len(d) for _, d in sections], *pad, 0, 0)
    crc = zlib.crc32(body, zlib.crc32(head[:544]))
    return head[:544] + struct.pack(">I", crc) + body


def pcrs(sections):
    code = b"".join(data for kind, data in sections if kind == KERNEL) + b"".join(data for kind, data in sections if kind == CMDLINE)
    disks = [data for kind, data in sections if kind == RAMDISK]
    return {"0": measured(code + b"".join(disks)), "1": measured(code + disks[0]), "2": measured(b"".join(disks[1:]))}


def unpack(archive):
    """A newc archive: [(name, mode, data, everything else)]."""
    found, at = [], 0
    while True:
        fields = [int(archive[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        assert archive[at:at + 6] == b"070701"
        name = archive[at + 110:at + 110 + fields[11] - 1].decode()
        at += (110 + fields[11] + 3) // 4 * 4
        data = archive[at:at + fields[6]]
        at += (fields[6] + 3) // 4 * 4
        if name == "TRAILER!!!":
            assert at == len(archive)
            return found
        found.append((name, fields[1], data, (fields[2], fields[3], fields[5], *fields[7:11], fields[12])))


class Eif(case.SystemTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="zcp-eif-")
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.random = random.Random(5)

    def file(self, name, data):
        (self.home / name).write_bytes(data)
        return self.home / name

    def json(self, *arguments):
        return self.expect(self.run_zcp("eif", *arguments, "--json")).json

    def build(self, *arguments, disks=2, size=5000):
        self.parts = [self.random.randbytes(self.random.randrange(1, size)) for _ in range(disks + 1)]
        names = [self.file(f"part{i}", part) for i, part in enumerate(self.parts)]
        given = [word for name in names[1:] for word in ("--ramdisk", name)]
        return self.json("build", "--kernel", names[0], "--cmdline", "console=ttyS0 quiet", *given, *arguments, "-o", self.home / "eif")

    def test_built__read_by_another_implementation__same_parts_and_measurements(self):
        for disks in (1, 2, 5, 28):
            answer = self.build(disks=disks, size=200000 if disks == 2 else 5000)
            flags, memory, cpus, sections = read((self.home / "eif").read_bytes())
            self.assertEqual((flags, memory, cpus), (0, 512 << 20, 2))
            self.assertEqual([kind for kind, _ in sections], [KERNEL, CMDLINE, METADATA] + [RAMDISK] * disks)
            self.assertEqual([data for kind, data in sections if kind in (KERNEL, RAMDISK)], self.parts)
            self.assertEqual(answer["pcrs"], {**pcrs(sections), "8": "00" * 48})
            self.assertEqual(self.json("measure", self.home / "eif")["pcrs"], answer["pcrs"])

    def test_anothers_image__in_any_order__measured_and_described(self):
        for _ in range(30):
            sections = [(KERNEL, self.random.randbytes(50)), (CMDLINE, b"a=b"), (METADATA, b"{}")]
            sections += [(RAMDISK, self.random.randbytes(self.random.randrange(100))) for _ in range(self.random.randrange(1, 6))]
            self.random.shuffle(sections)
            path = self.file("other", write(sections, flags=1, memory=1 << 30, cpus=4))
            seen = self.json("describe", path, "--role", "arn:r", "--instance", "i-1")
            wanted = {**pcrs(sections), "3": sha384(bytes(48) + b"arn:r").hex(), "4": sha384(bytes(48) + b"i-1").hex(), "8": "00" * 48}
            self.assertEqual(seen["pcrs"], wanted)
            self.assertEqual((seen["architecture"], seen["memory"], seen["cpus"]), ("arm64", 1 << 30, 4))
            self.assertEqual([item["sha256"] for item in seen["sections"]], [hashlib.sha256(data).hexdigest() for _, data in sections])

    def test_damaged__any_way__exit_4(self):
        sections = [(KERNEL, b"k"), (CMDLINE, b"c"), (RAMDISK, b"r")]
        good = write(sections)
        bad = [good[:-1], good + b"x", good[:100], b"", b"MZ" + good[2:], good[:-1] + bytes([good[-1] ^ 1]), write(sections[1:]),
               write(sections[:1] + sections[2:]), write(sections[:2]), write(sections + sections[:1]), write(sections + [(7, b"?")]),
               write([(KERNEL, b"k"), (CMDLINE, b"c\0"), (RAMDISK, b"r")]), write(sections + [(METADATA, b"[]")]),
               write(sections + [(SIGNATURE, b"\x81")])]
        for number, data in enumerate(bad):
            for command in ("measure", "describe"):
                self.expect_error(self.run_zcp("eif", command, "--json", self.file(f"bad{number}", data)), NOT_VERIFIED)

    def test_signed__pcr8__is_of_the_certificate(self):
        key, certificate = self.home / "key", self.home / "certificate"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-nodes", "-days", "2",
                        "-subj", "/CN=release", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        key.chmod(0o600)
        answer = self.build("--signing-certificate", certificate, "--private-key", key)
        der = subprocess.run(["openssl", "x509", "-in", certificate, "-outform", "DER"], check=True, capture_output=True).stdout
        self.assertEqual(answer["pcrs"]["8"], measured(der))
        self.assertEqual(self.json("describe", self.home / "eif")["signature"]["subject"], "/CN=release")
        sections = read((self.home / "eif").read_bytes())[3]
        self.assertEqual(sections[-1][0], SIGNATURE)
        moved = [(kind, b"another kernel" if kind == KERNEL else data) for kind, data in sections]
        self.expect_error(self.run_zcp("eif", "measure", "--json", self.file("moved", write(moved))), NOT_VERIFIED)
        key.chmod(0o644)
        self.expect_error(self.run_zcp("eif", "build", "--json", "--kernel", key, "--cmdline", "a", "--ramdisk", key,
                                       "--signing-certificate", certificate, "--private-key", key, "-o", self.home / "x"), FAILED)

    def append(self, log, number, key, code=DONE):
        image = self.file("image", write([(KERNEL, b"kernel"), (CMDLINE, b"c"), (RAMDISK, b"%d" % number)]))
        answer = self.run_zcp("eif", "measure", "--json", image, "--append", log, "--label", f"release-{number}", "--from",
                              "2026-01-01T00:00:00Z", "--until", "2027-01-01T00:00:00Z", "--private-key", key, "--proof",
                              self.home / "proof")
        self.assertEqual(answer.code, code, str(answer))
        return answer.json if code == DONE else None

    def test_measurement_log__appended__is_the_tree_of_its_lines(self):
        log, key, other, lines = self.home / "log", self.home / "log-key", self.home / "other-key", []
        for path in (key, other):
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True, capture_output=True)
            path.chmod(0o600)
        for number in range(5):
            answer = self.append(log, number, key)
            self.assertEqual(answer["index"], number)
            self.assertEqual(answer["line"].split()[4], "PCR0=" + answer["pcrs"]["0"])
            lines.append(answer["line"].encode())
            leaves = [merkle.leaf(line) for line in lines]
            text = f"zerocopy/measurement-log\n{number + 1}\n{merkle.text64(merkle.root(leaves))}\n".encode()
            self.assertEqual((log / "checkpoint").read_bytes(), merkle.sign_note(text, "zerocopy/measurement-log", key, self.home))
            hashes = "".join(merkle.text64(digest) + "\n" for digest in merkle.inclusion(number, leaves))
            head = f"c2sp.org/tlog-proof@v1\nextra {merkle.text64(lines[-1])}\nindex {number}\n{hashes}\n".encode()
            self.assertEqual((self.home / "proof").read_bytes(), head + (log / "checkpoint").read_bytes())
        bundle = (log / "tile" / "entries" / "000.p" / "5").read_bytes()
        self.assertEqual(bundle, b"".join(len(line).to_bytes(2, "big") + line for line in lines))
        self.assertEqual((log / "tile" / "0" / "000.p" / "5").read_bytes(), b"".join(leaves))
        before = (log / "checkpoint").read_bytes()
        self.append(log, 5, other, FAILED)
        tile = log / "tile" / "0" / "000.p" / "5"
        tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
        self.append(log, 5, key, FAILED)
        self.assertEqual((log / "checkpoint").read_bytes(), before)

    def test_ramdisk__whatever_the_files_are__same_bytes(self):
        first, second = self.file("a", b"one"), self.file("b", b"")
        self.json("ramdisk", "--file", f"x/y/b={second}", "--program", f"init={first}", "-o", self.home / "r1")
        first.chmod(0o600)
        second.touch()
        self.json("ramdisk", "--program", f"init={first}", "--file", f"x/y/b={second}", "-o", self.home / "r2")
        archive = (self.home / "r1").read_bytes()
        self.assertEqual(archive, (self.home / "r2").read_bytes())
        found = unpack(archive)
        self.assertEqual([(name, oct(mode), data) for name, mode, data, _ in found],
                         [("init", "0o100755", b"one"), ("x", "0o40755", b""), ("x/y", "0o40755", b""), ("x/y/b", "0o100644", b"")])
        self.assertTrue(all(rest == (0,) * 8 for *_, rest in found))

    def test_wrong_use__says_what(self):
        kernel = self.file("k", b"k")
        base = ["eif", "build", "--json", "--kernel", kernel, "--ramdisk", kernel, "-o", self.home / "o"]
        for more in ([], ["--cmdline", "a", "--cmdline-file", kernel], ["--cmdline", "a", "--memory", "0"],
                     ["--cmdline", "a", "--cpus", "x"], ["--cmdline", "a", "--private-key", kernel]):
            self.expect_error(self.run_zcp(*base, *more), USAGE)
        self.expect_error(self.run_zcp(*base, "--cmdline", ""), FAILED)
        self.expect_error(self.run_zcp("eif", "ramdisk", "--json", "--file", f"../x={kernel}", "-o", self.home / "o"), FAILED)
        self.expect_error(self.run_zcp("eif", "ramdisk", "--json", "--file", "x", "-o", self.home / "o"), USAGE)
        self.assertFalse((self.home / "o").exists())


if __name__ == "__main__":
    case.main(120)
