"""The image is the same bit for bit whoever builds it, where and when; and holds one program and nothing else.

Two builds in roots made from the lock alone, by two users with two umasks, in two folders, from sources with other times and modes; and
one with this machine's own compiler, where that is the lock's. Skipped while the lock's inputs are not in the cache: `make image`
brings them.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from eif_test import KERNEL, RAMDISK, read, unpack  # noqa: E402
from support import case  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "deploy" / "image"))
import lockfile  # noqa: E402

NOBODY = 65534
LIMIT = 16 << 20
INTERPRETER = 3  # PT_INTERP


class Image(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.lock = lockfile.Lock(SOURCE / "deploy" / "image" / "lock")
        cls.cache = lockfile.default_cache() / "inputs"
        cls.names = [f"{digest[:16]}-{place.rsplit('/', 1)[1]}" for digest, _, place in cls.lock.items]
        if not all((cls.cache / name).exists() for name in cls.names):
            raise unittest.SkipTest("the lock's inputs are not in the cache: `make image` brings them")
        cls.home = Path(tempfile.mkdtemp(prefix="zcp-image-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.home.chmod(0o755)
        cls.first = cls.build(SOURCE, cls.home / "first")

    @classmethod
    def build(cls, source, out, *arguments, **options):
        done = subprocess.run([source / "deploy" / "image" / "build", "--zcp", case.build / "zcp", "--out", out, *arguments],
                              capture_output=True, check=False, **options)
        assert done.returncode == 0, done.stderr.decode()
        return (out / "signer.eif").read_bytes()

    def copy_as(self, user):
        """Sources, tool and inputs somewhere else, of somebody else, with other times and modes."""
        place = self.home / "somewhere" / "quite else"
        for part in ("CMakeLists.txt", "cmake", "tcb", "deploy/image"):
            copy = place / part
            copy.parent.mkdir(parents=True, exist_ok=True)
            if (SOURCE / part).is_dir():
                shutil.copytree(SOURCE / part, copy, copy_function=shutil.copyfile)
            else:
                shutil.copyfile(SOURCE / part, copy)
        (place / "deploy" / "image" / "build").chmod(0o755)
        shutil.copy(case.build / "zcp", place / "zcp")
        inputs = self.home / "cache" / "inputs"
        inputs.mkdir(parents=True)
        for name in self.names:
            shutil.copyfile(self.cache / name, inputs / name)
        for top in (self.home / "somewhere", self.home / "cache"):
            for path in [top, *top.rglob("*")]:
                os.utime(path, (1, 1))
                os.chown(path, user, user)
        return place

    @unittest.skipUnless(os.geteuid() == 0, "building as two users takes root")
    def test_another_user_folder_time_and_umask__same_image(self):
        place = self.copy_as(NOBODY)
        out = self.home / "second"
        out.mkdir()
        os.chown(out, NOBODY, NOBODY)
        scratch = self.home / "scratch"
        scratch.mkdir()
        os.chown(scratch, NOBODY, NOBODY)
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin", "TMPDIR": str(scratch), "HOME": str(self.home), "TZ": "Asia/Tokyo",
                       "LC_ALL": "C.UTF-8"}
        second = self.build(place, out, "--zcp", place / "zcp", "--cache", self.home / "cache", user=NOBODY, group=NOBODY,
                            extra_groups=[], umask=0o077, env=environment)
        self.assertTrue(self.first == second, "two builds from one lock differ")

    def test_this_machines_compiler__same_image(self):
        for digest, kind, place in self.lock.of("root"):
            name, version, _ = place.rsplit("/", 1)[1].split("_")
            if name in ("gcc-12", "binutils", "libc6-dev", "libssl-dev", "libsodium-dev", "libsecp256k1-dev"):
                here = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=False).stdout
                if here.split(":")[-1] != version:
                    self.skipTest(f"{name} is {here or 'not'} here, and {version} in the lock")
        self.assertTrue(self.first == self.build(SOURCE, self.home / "host", "--root", "host"), "this machine's compiler builds another image")

    def test_content__one_static_program__and_drivers(self):
        sections = read(self.first)[3]
        drivers, signer = (unpack(data) for kind, data in sections if kind == RAMDISK)
        (name, mode, program, _), = signer
        self.assertEqual((name, oct(mode)), ("init", "0o100755"))
        self.assertEqual(program[:5], b"\x7fELF\x02")
        first, size, count = struct.unpack_from("<Q14xHH", program, 32)
        kinds = [struct.unpack_from("<I", program, first + at * size)[0] for at in range(count)]
        self.assertNotIn(INTERPRETER, kinds, "the program wants a dynamic linker")
        self.assertFalse(b".symtab" in program, "the program has its symbols")
        self.assertEqual([entry[0] for entry in drivers if oct(entry[1]) != "0o40755"],
                         [f"modules/{number:02}-{module}.ko" for number, module in enumerate(
                             ("virtio_mmio", "nsm", "vsock", "vmw_vsock_virtio_transport_common", "vmw_vsock_virtio_transport"))])
        self.assertTrue(all(oct(entry[1]) != "0o100755" for entry in drivers))
        self.assertLess(sum(len(data) for kind, data in sections if kind != KERNEL), LIMIT)

    def test_code__of_the_host__is_not_in_it(self):
        program = unpack([data for kind, data in read(self.first)[3] if kind == RAMDISK][1])[0][2]
        # The local platform's development root and wrapping key; missions; paths of whoever built it.
        source = str(Path(__file__).resolve().parents[2]).encode()
        for word in (b"ZeroCopy development", b"zcp-local-wrap", b"zcp-mission-v1\x00test", b"/tmp/", source + b"/", b"/root/",
                     b"/home/", b"/bin/sh\0zcp"):
            self.assertFalse(word in program, word)


if __name__ == "__main__":
    case.main(600)
