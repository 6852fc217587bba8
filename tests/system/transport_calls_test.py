"""What a signature costs core in system calls, by transport, with entries that must be on the disk and with entries that
may wait. A call more on the way of every request fails the test, and so does any that asks for memory."""
import os
import re
import shutil
import signal
import subprocess
import time

from support import case, libzcp
from support.libzcp import CHAIN_NONE, MESSAGE, P256

STRICT = """
mission: calls
version: 1
principals:
  admin: {organisation: Test, key: local, roles: [founder, key-admin, approver, signer]}
quorum: {founders: 1, resume: 1}
rules:
  messages:
    allow: message
    who: admin
    keys: any
"""
AHEAD = STRICT + "audit:\n  max-unacked: 1024\n"

# What core may call while it signs, with the host's link and the once-a-second work in it. Whatever asks the kernel
# for memory is not among them: nothing is allocated on the way.
ALLOWED = {"epoll_wait", "epoll_ctl", "recvfrom", "recvmsg", "sendto", "sendmsg", "clock_gettime", "restart_syscall",
           "getpid"}
SIGNATURES = 400
# Entries that no reply waits for leave after so long, many at a time: then core sends, zcpd answers, core reads.
GATHER_S = 0.01


class Calls(case.SystemTest):
    def open(self, mission, looks_us=0, **options):
        """A session with a key, on a new deployment whose core looks for work that long."""
        os.environ["ZCP_CORE_SPIN_US"] = str(looks_us)
        self.addCleanup(os.environ.pop, "ZCP_CORE_SPIN_US", None)
        self.d = self.deploy(mission)
        session = libzcp.Library(case.build).open(self.d.dir, "admin", **options)
        self.addCleanup(session.__exit__)
        session.key_create("k", P256)
        return session

    def count(self, work):
        """System calls of core while `work` runs, by name."""
        if shutil.which("strace") is None:
            self.skipTest("strace is not installed")
        out = self.d.dir / "calls"
        core = self.d.pids()["core"]
        tracer = subprocess.Popen(["strace", "-qq", "-c", "-U", "calls,name", "-o", str(out), "-p", str(core)],
                                  stderr=subprocess.PIPE)
        until = time.monotonic() + 5
        while tracer.poll() is None and time.monotonic() < until:
            if f"TracerPid:\t{tracer.pid}\n" in open(f"/proc/{core}/status", encoding="ascii").read():
                break
            time.sleep(0.01)
        if tracer.poll() is not None:
            self.skipTest("core can't be traced here: " + tracer.stderr.read().decode()[-200:])
        begun = time.monotonic()
        work()
        self.lots = (time.monotonic() - begun) / GATHER_S + 5  # at most
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=20)
        rows = re.findall(r"^\s*(\d+)\s+([a-z_0-9]+)\s*$", out.read_text(), re.M)
        calls = {name: int(number) for number, name in rows if name != "total"}
        self.assertEqual(set(calls) - ALLOWED, set(), calls)
        return calls

    def sign(self, session, signatures=SIGNATURES):
        for number in range(signatures):
            session.sign("k", b"message %d" % number, MESSAGE, CHAIN_NONE)

    def batches(self, session, records=20):
        for number in range(records):
            session.batch("k", [b"%d %d" % (number, one) for one in range(64)])

    def assert_calls(self, calls, signatures, each):
        self.assertLessEqual(sum(calls.values()), each * signatures + 60, calls)
        print(f"    {sum(calls.values()) / signatures:.2f} system calls a signature: {calls}")

    def assert_each(self, runs, most, signatures=SIGNATURES):
        """Of each kind the fewest of the runs are what the mechanism needs: a traced core is slow, and sees more."""
        for name in most.keys() | {name for run in runs for name in run}:
            self.assertLessEqual(min(run.get(name, 0) for run in runs), most.get(name, 0) * signatures + 20, runs)

    def test_socket__strict(self):
        session = self.open(STRICT)
        # Two waits, request in, entry out, acknowledgement in, reply out.
        self.assert_calls(self.count(lambda: self.sign(session)), SIGNATURES, 7.0)

    def test_shared_memory__strict(self):
        session = self.open(STRICT, shared_memory=True)
        # A bell that comes when the request was already seen costs core a look in vain.
        runs = [self.count(lambda: self.sign(session)) for _ in range(3)]
        self.assert_calls(min(runs, key=lambda run: sum(run.values())), SIGNATURES, 7.0)
        # A bell may be read with the host's answer or by itself.
        self.assert_each(runs, {"epoll_wait": 2, "sendto": 2, "sendmsg": 1, "recvfrom": 2})

    def test_batch__strict(self):
        session = self.open(STRICT)
        self.assert_calls(self.count(lambda: self.batches(session)), 20 * 64, 0.25)

    def test_socket__entries_may_wait(self):
        session = self.open(AHEAD)
        calls = self.count(lambda: self.sign(session))
        # A wait, request in, reply out; entries leave many at a time.
        self.assertLessEqual(sum(calls.values()), 3 * SIGNATURES + 5 * self.lots + 60, calls)
        self.assertLessEqual(calls.get("sendmsg", 0), self.lots, calls)

    def test_shared_memory__entries_may_wait(self):
        session = self.open(AHEAD, shared_memory=True)
        calls = self.count(lambda: self.sign(session))
        # A wait or two, a bell in, and two bells out: for what was taken and for what is there.
        self.assertLessEqual(calls.get("sendmsg", 0), self.lots, calls)
        self.assertLessEqual(calls.get("sendto", 0), 2 * SIGNATURES + 20, calls)
        self.assertLessEqual(sum(calls.values()), 6 * SIGNATURES + 5 * self.lots + 60, calls)

    def test_batch__entries_may_wait(self):
        session = self.open(AHEAD)
        calls = self.count(lambda: self.batches(session))
        self.assertLessEqual(sum(calls.values()), 20 * 64 * 0.1 + 5 * self.lots + 60, calls)

    def test_looking__entries_may_wait(self):
        """How often core looks says nothing; what it sends and whether it asks for memory does."""
        for options in ({}, {"shared_memory": True}):
            with self.subTest(**options):
                session = self.open(AHEAD, looks_us=2000, spin_us=2000, **options)
                calls = self.count(lambda: self.sign(session))
                self.assertLessEqual(calls.get("sendmsg", 0), self.lots, calls)
                self.assertLessEqual(calls.get("sendto", 0), 2 * SIGNATURES + 20, calls)
                print(f"    looking: {calls}")


if __name__ == "__main__":
    case.main(150)
