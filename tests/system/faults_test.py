"""A disk that fails under load: writes that are full, torn and short, syncs that fail and dawdle, kills, power cuts.

In strict mode nothing that was acknowledged is ever lost; in bounded mode a power cut takes at most max-unacked of the
signatures that were out, and no sync is tried again on a file whose sync failed. ROUNDS (16), SEED for the same again;
tests/system/faults_test.sh runs 2,000."""
import ctypes
import hashlib
import mmap
import os
import random
import signal
import threading
import time
from collections import Counter

import hostile_journal as journal
from hostile_support import ask, library
from support import case
from support.libzcp import CHAIN_NONE, DIGEST, OK, P256, ZcpError

ROUNDS = int(os.environ.get("ROUNDS", "16"))
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(1 << 32))))
BACK_WITHIN_S = 30

MISSION = """
mission: faults
version: 1
principals:
  admin: {{organisation: Test, key: local, roles: [founder, key-admin, approver]}}
  free:  {{organisation: Test, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
rules:
  raw: {{allow: digest, uses: digest, who: free, keys: any, accept-risks: raw-digest}}
audit: {{max-unacked: {unacked}}}
"""


class Plan(ctypes.Structure):
    """As tests/faults/faults.c has it."""
    _fields_ = [("durable", ctypes.c_uint64), ("write_full", ctypes.c_uint32), ("write_torn", ctypes.c_uint32),
                ("write_short", ctypes.c_uint32), ("sync_fails", ctypes.c_uint32), ("delay", ctypes.c_uint32),
                ("delay_ms", ctypes.c_uint32), ("hit", ctypes.c_uint32 * 5),
                ("late", ctypes.c_uint32)]


FAULTS = ("write_full", "write_torn", "write_short", "sync_fails")


class Client(threading.Thread):
    def __init__(self, library, folder, seed):
        super().__init__(daemon=True)
        self.library, self.folder, self.random = library, folder, random.Random(seed)
        self.told, self.cut, self.last, self.error = [], 0, 0.0, ""
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            try:
                with self.library.open(self.folder, "free") as session:
                    while not self.stopping.is_set():
                        result, got, _, error = ask(session, "k", self.random.randbytes(32), DIGEST, CHAIN_NONE)
                        if result != OK:
                            raise ZcpError(error)
                        self.told.append((got.entry, bytes(got.leaf)))
                        self.last = time.monotonic()
            except ZcpError as error:
                self.cut, self.error = self.cut + 1, str(error)
                time.sleep(0.01)


class Log:
    """The leaf hashes on the disk. What a sync confirmed is read once: it never changes."""

    def __init__(self, folder):
        self.path, self.leaves, self.offset = folder / "log" / "journal", [], 0

    def read(self, confirmed):
        """Of the file as it is now; `confirmed` bytes of it are final. Returns the leaves, confirmed and not."""
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        later, at, start = [], 0, self.offset
        while at + 4 <= len(data):
            end = at + 4 + int.from_bytes(data[at:at + 4], "big")
            if end > len(data):
                break
            entry, _ = journal.cbor(data, at + 5)
            leaf = hashlib.sha256(b"\0" + entry).digest()
            at = end
            if start + end <= confirmed:
                self.leaves.append(leaf)
                self.offset = start + end
            else:
                later.append(leaf)
        return self.leaves + later if later else self.leaves


class Faults(case.SystemTest):
    def begin(self, unacked):
        self.random, self.unacked = random.Random(SEED + unacked), unacked
        self.d = self.deploy(MISSION.format(unacked=unacked), start=False)
        path = self.d.file("plan", bytes(ctypes.sizeof(Plan)))
        with open(path, "r+b") as file:
            self.plan = Plan.from_buffer(mmap.mmap(file.fileno(), ctypes.sizeof(Plan)))
        self.d.options["env"] = {**os.environ, "LD_PRELOAD": str(case.build / "libzc_faults.so"),
                                 "ZC_FAULTS": str(path)}
        self.d.start()
        shared = library(case.build)
        with shared.open(self.d.dir, "admin") as admin:
            admin.key_create("k", P256)
        self.clients = [Client(shared, self.d.dir, self.random.random()) for _ in range(3)]
        for client in self.clients:
            client.start()
            self.addCleanup(client.stopping.set)
        self.what, self.most, self.lost, self.told = Counter(), 0, 0, 0
        self.pending, self.taken, self.log = [], [0] * len(self.clients), Log(self.d.dir)

    def told_so_far(self):
        for number, client in enumerate(self.clients):
            new = client.told[self.taken[number]:]
            self.taken[number] += len(new)
            self.told += len(new)
            self.pending += new

    def check(self, confirmed, everything=False):
        """How much of what clients hold is gone; what is confirmed is not asked about again."""
        self.told_so_far()
        leaves = self.log.read(confirmed)
        # What an event took shows once others stand in its place: not in the account of the next event.
        reach, until = max((entry for entry, _ in self.pending), default=0), time.monotonic() + BACK_WITHIN_S
        while not everything and len(self.log.leaves) <= reach and time.monotonic() < until:
            time.sleep(0.005)
            leaves = self.log.read(self.plan.durable)
        final = len(leaves) if everything else len(self.log.leaves)
        gone = [(entry, leaf) for entry, leaf in self.pending if entry < final and leaves[entry] != leaf
                or everything and entry >= final]
        self.pending = [] if everything else [item for item in self.pending if item[0] >= final]
        self.lost += len(gone)
        self.most = max(self.most, len(gone))
        self.assertLessEqual(len(gone), self.unacked, f"{len(gone)} signatures were out and are not in the log")

    def power_cut(self):
        """Everything ends at once; of what no sync confirmed, some pages are there and some are not."""
        found = self.d.pids()
        stopped = [found[name] for name in ("up", "zcpd", "enclave") if found.get(name)]
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none acts on another's end
            for pid in stopped:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
        while self.d.control(command="status") is not None:
            time.sleep(0.01)
        time.sleep(0.05)
        path = self.d.dir / "log" / "journal"
        durable, size = self.plan.durable, path.stat().st_size
        self.assertLessEqual(durable, size)
        os.truncate(path, durable if self.random.random() < 0.5 else self.random.randrange(durable, size + 1))
        self.check(path.stat().st_size, everything=True)
        answer = self.d.up()
        self.assertEqual(answer.code, 0, f"{answer}\n{self.d.log()}")

    def one_round(self):
        time.sleep(self.random.uniform(0.02, 0.15))
        core = self.core()
        what = self.random.choice(FAULTS + ("delay", "kill", "power", "power"))
        self.what[what] += 1
        if what in FAULTS:
            setattr(self.plan, what, 1)
        elif what == "delay":
            self.plan.delay_ms, self.plan.delay = self.random.randrange(1, 80), self.random.randrange(1, 5)
            time.sleep(0.03)
            if self.random.random() < 0.5:
                self.power_cut()  # while the disk is behind
        elif what == "power":
            self.power_cut()
        else:
            os.kill(self.d.pids()[self.random.choice(("zcpd", "core", "enclave"))], signal.SIGKILL)
        self.wait_back(None if what in ("write_short", "delay", "power") else core)
        self.check(self.plan.durable)

    def core(self):
        return self.d.pids().get("core")

    def wait_back(self, ended):
        """Until another core than the one that ended signs: what one event took is told apart from the next."""
        began = after = time.monotonic()
        while ended is not None or max(client.last for client in self.clients) <= after:
            if ended is not None and self.core() not in (None, ended):
                ended, after = None, time.monotonic()
            if time.monotonic() - began > BACK_WITHIN_S:
                self.fail(f"no signature {BACK_WITHIN_S} s after: {self.d.control(command='status')}\n{self.d.log()}\n"
                          f"{[(client.cut, client.error) for client in self.clients]}")
            time.sleep(0.005)

    def storm(self, unacked):
        print(f"seed {SEED}, max-unacked {unacked}, {ROUNDS} rounds", flush=True)
        self.begin(unacked)
        for number in range(ROUNDS):
            self.one_round()
            if number % 100 == 99:
                print(f"round {number + 1}: {self.told} signatures, {self.lost} lost", flush=True)
        for client in self.clients:
            client.stopping.set()
        for client in self.clients:
            client.join(30)
        self.d.zcp("down")
        self.check((self.d.dir / "log" / "journal").stat().st_size, everything=True)
        hits = dict(zip(("full", "torn", "short", "sync", "delay"), self.plan.hit))
        print(f"rounds {ROUNDS} {dict(self.what)}; faults {hits}; signatures {self.told}; lost {self.lost}, most at once "
              f"{self.most} of {unacked} allowed; syncs after a failed one {self.plan.late}", flush=True)
        self.assertEqual(self.plan.late, 0, "a failed sync was followed by another on the same file")
        # Each round leaves boots, whose documents take the most time.
        self.assertIs(self.d.json("audit", "verify", timeout=60 + ROUNDS)["valid"], True)
        replayed = self.d.zcp("audit", "replay", "--json", timeout=60 + ROUNDS)
        self.assertEqual(replayed.code, 0, str(replayed))

    def test_strict__whatever_the_disk_does__nothing_acknowledged_is_lost(self):
        self.storm(0)

    def test_bounded__whatever_the_disk_does__no_more_than_the_bound_is_lost(self):
        self.storm(6)


if __name__ == "__main__":
    case.main(145 if ROUNDS <= 16 else 60 + 4 * ROUNDS)
