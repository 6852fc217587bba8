"""A disk that takes no more: signing stops cleanly, nothing acknowledged is lost, and it comes back by itself."""
import os
import resource
import shutil
import subprocess

from support import case, evm, libzcp
from support.deployment import FAILED, NOBODY, OPEN, STARTER, UNREACHABLE, run

SMALL = 2 << 20
# No file of the store grows beyond this: the limit below is to meet the journal first.
STORE_FILES = 64 << 10


class Full:
    """A file system of 2 MiB, where this user may mount one."""

    def __init__(self, test):
        self.path = test.d.home / "small"
        self.path.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=700", "zcp-test", str(self.path)],
                              stderr=subprocess.PIPE, check=False) if os.getuid() == 0 else None
        self.mounted = done is not None and done.returncode == 0
        if self.mounted:
            test.addCleanup(subprocess.run, ["umount", "-l", str(self.path)], check=True)
            test.addCleanup(test.d.stop)  # runs first

    def fill(self):
        with open(self.path / "filler", "ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass

    def free(self):
        (self.path / "filler").unlink()


class Storage(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(OPEN, start=False)

    def sign(self, nonce):
        return self.d.zcp("sign", "tx", "--key", "k", "--json", stdin=evm.eip1559(nonce))

    def sign_until_refused(self, first):
        """Signs until nobody answers any more; the digests that were given out, by log entry."""
        given = {}
        with libzcp.Library(case.build).open(self.d.dir, "admin", no_reconnect=True) as session:
            with self.assertRaises(libzcp.ZcpError) as stopped:
                for nonce in range(first, first + 5000):
                    signature = session.sign("k", evm.eip1559(nonce))
                    given[signature.entry] = "0x" + bytes(signature.digest).hex()
        self.assertEqual(stopped.exception.result, libzcp.UNREACHABLE)
        return given

    def nothing_lost(self, given):
        verified = self.d.json("audit", "verify")
        self.assertIs(verified["valid"], True)
        logged = {e["sequence"]: e.get("digest") for e in self.d.lines("audit", "tail", "-n", "100000")}
        self.assertEqual({entry: logged.get(entry) for entry in given}, given)

    def status_says_full(self, words):
        self.d.wait_error()
        told = self.expect_error(self.d.zcp("status", "--json"), UNREACHABLE, *words)
        self.assertEqual(told["reason"], "SUPPORT_DISK_FULL")
        self.expect(self.d.zcp("status"), UNREACHABLE, *words[:1])

    def comes_back(self, given, nonce):
        self.d.wait()
        answer = self.sign(nonce)
        self.assertEqual(answer.code, 0, str(answer))
        given[answer.json["entry"]] = answer.json["digest"]
        self.nothing_lost(given)
        self.d.restart()
        self.nothing_lost(given)

    def test_disk_full__signing_stops_and_comes_back_when_space_is_freed(self):
        small = Full(self)
        if not small.mounted:
            self.skipTest("mounting a small file system needs root; the limit on file size below stands in for it")
        self.d.dir = small.path / "d"
        self.d.start()
        self.d.json("key", "create", "k", "--curve", "secp256k1")
        given = {}
        for turn in range(3):
            small.fill()
            given.update(self.sign_until_refused(10000 * turn))
            self.status_says_full(["the disk is full", "free some space"])
            self.nothing_lost(given)
            if turn == 0:
                self.expect_error(self.sign(9999), UNREACHABLE, "zcp status")
            small.free()
            self.comes_back(given, 10000 * turn + 9998)

    def test_disk_full__many_requests_under_way__every_signature_given_is_in_the_log(self):
        small = Full(self)
        if not small.mounted:
            self.skipTest("mounting a small file system needs root")
        self.d.dir = small.path / "d"
        self.d.start()
        self.d.json("key", "create", "k", "--curve", "secp256k1")
        given = {}
        with libzcp.Library(case.build).open(self.d.dir, "admin", no_reconnect=True) as session:
            small.fill()
            try:
                for batch in range(100):
                    for i in range(50):
                        session.send("k", evm.eip1559(batch * 50 + i))
                    for _ in range(50):
                        signature, _denial = session.receive()
                        given[signature.entry] = "0x" + bytes(signature.digest).hex()
                self.fail("the disk never filled")
            except libzcp.ZcpError as error:
                self.assertEqual(error.result, libzcp.UNREACHABLE)
        small.free()
        self.comes_back(given, 100000)

    def test_start_on_a_full_disk__says_so_and_leaves_nothing_half(self):
        small = Full(self)
        if not small.mounted:
            self.skipTest("mounting a small file system needs root")
        self.d.dir = small.path / "d"
        small.fill()
        answer = self.d.up("--json")
        self.expect_error(answer, FAILED, "the disk is full")
        small.free()
        self.d.zcp("down")
        self.expect(self.d.up())
        self.assertIs(self.d.json("verify")["valid"], True)

    def test_file_size_limit__signing_stops_and_comes_back_when_it_is_raised(self):
        """The same for any user: a limit on the size of the files that zcpd may write."""
        self.d.start()
        self.d.json("key", "create", "k", "--curve", "secp256k1")
        given = {}
        journal = self.d.dir / "log" / "journal"
        with libzcp.Library(case.build).open(self.d.dir, "admin") as session:
            while journal.stat().st_size < 2 * STORE_FILES:
                signature = session.sign("k", evm.eip1559(len(given)))
                given[signature.entry] = "0x" + bytes(signature.digest).hex()
        self.limit(journal.stat().st_size + 5000)
        given.update(self.sign_until_refused(10000))
        self.status_says_full(["size limit", "ulimit -f"])
        self.nothing_lost(given)
        self.limit(resource.RLIM_INFINITY)
        self.comes_back(given, 20000)

    def limit(self, size):
        """Of the processes that run and, through their supervisor, of those that follow them."""
        pids = self.d.pids()
        for name in ("up", "zcpd"):
            hard = resource.prlimit(pids[name], resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pids[name], resource.RLIMIT_FSIZE, (size, hard))

    def test_folder_not_writable__says_so(self):
        other = {}
        programs = case.build
        if os.getuid() == 0:
            other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            programs = self.d.home / "bin"
            programs.mkdir()
            for name in ("zcp", "zcpd", "zcp-enclave"):
                shutil.copy(case.build / name, programs)
            self.d.home.chmod(0o755)
        locked = self.d.home / "locked"
        locked.mkdir()
        locked.chmod(0o555)
        self.addCleanup(locked.chmod, 0o755)
        mission = self.d.file("m.yaml", STARTER.read_bytes())
        answer = run(programs, "up", "--detach", "--json", "--mission", mission, "--dir", locked / "d", **other)
        self.expect_error(answer, FAILED, "permission denied", "change its mode")

    def test_output_to_a_full_device__fails_and_leaves_the_device_alone(self):
        self.d.start()
        # Through a link, so that not even a faulty zcp can put a file in the place of the device.
        full = self.d.home / "full"
        full.symlink_to("/dev/full")
        for command in (["attest", "-o", full], ["mission", "compile", self.d.dir / "mission.yaml", "-o", full]):
            self.expect_error(self.d.zcp(*command, "--json"), FAILED, "the disk is full")
            self.assertTrue(full.is_symlink())
        self.assertIs(self.d.json("verify")["valid"], True)


if __name__ == "__main__":
    case.main(120)
