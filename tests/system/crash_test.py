"""kill -9 under load: nothing acknowledged is lost, no limit is exceeded, and the service is back by itself.

ROUNDS (12) kills, SEED for the same choices again; tests/system/crash_test.sh runs 200."""
import os
import random
import signal
import sys
import threading
import time
from collections import Counter

import hostile_journal as journal
from hostile_support import ask, key_disable, key_show, library, public_key
from support import case
from support.evm import eip1559
from support.libzcp import (CHAIN_EVM, CHAIN_NONE, DENIED, DIGEST, ED25519, MESSAGE, OK, P256, SECP256K1, TX,
                            UNREACHABLE, ZcpError)

ROUNDS = int(os.environ.get("ROUNDS", "12"))
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(1 << 32))))
BACK_WITHIN_S = 20
VICTIMS = ("front", "core", "zcpd", "enclave")

PACE, PACE_MS = 30, 2000          # signatures of `paced` in each window
SPEND, SPEND_MS = 400_000, 3000   # base units of ETH in each window, fees included
TOTAL = 5 * ROUNDS                # signatures of `rationed` in a day: reached in the middle of the run

MISSION = f"""
mission: crash
version: 1
principals:
  admin:    {{organisation: Test, key: local, roles: [founder, key-admin, approver, auditor]}}
  free:     {{organisation: Test, key: local, roles: signer}}
  paced:    {{organisation: Test, key: local, roles: signer}}
  spender:  {{organisation: Test, key: local, roles: signer}}
  rationed: {{organisation: Test, key: local, roles: signer}}
quorum: {{founders: 1, resume: 1}}
assets:
  WEI: {{chain: ethereum, native: true, decimals: 0}}
rules:
  speak: {{allow: message, who: [free, paced, rationed], keys: any}}
  raw:   {{allow: digest, uses: digest, who: free, keys: any, accept-risks: raw-digest}}
  spend:
    allow: transfer
    who: spender
    keys: any
    chains: ethereum
    assets: WEI
    to: any
    limits: [{SPEND} WEI per {SPEND_MS // 1000}s]
  pace:   {{limit: anything, who: paced, limits: [{PACE} signatures per {PACE_MS // 1000}s]}}
  ration: {{limit: anything, who: rationed, limits: [{TOTAL} signatures per 1d]}}
audit: {{denials-per-minute: 60}}
"""


class Told:
    """What clients were told, and must find in the log whatever was killed."""

    def __init__(self):
        self.lock = threading.Lock()
        self.signatures = []  # (principal, key, digest, signature, entry, leaf)
        self.denials = []     # (principal, entry)
        self.created = {}     # name: public key
        self.disabled = set()
        self.lost = Counter()
        self.strange = []

    def add(self, items, item):
        with self.lock:
            items.append(item)


class Client(threading.Thread):
    """Signs without pause on a session of its own, which libzcp opens again after each kill."""

    def __init__(self, told, library, folder, principal, seed):
        super().__init__(daemon=True)
        self.told, self.library, self.folder, self.principal = told, library, folder, principal
        self.random = random.Random(seed)
        self.stopping = threading.Event()
        self.last = time.monotonic()
        self.count = 0

    def run(self):
        while not self.stopping.is_set():
            try:
                with self.library.open(self.folder, self.principal) as session:
                    while not self.stopping.is_set():
                        self.work(session)
            except ZcpError as error:
                self.note(error)

    def note(self, error):
        if error.result == UNREACHABLE:
            self.told.lost[self.principal] += 1
        else:
            self.told.add(self.told.strange, f"{self.principal}: {error}")
        time.sleep(0.01)

    def request(self):
        """(key, payload, use, chain) of the next request, never the same twice."""
        self.count += 1
        text = f"{self.principal} {self.count} {self.random.random()}".encode()
        if self.principal == "spender":
            value = self.random.randrange(1, 20_000)
            return "secp256k1", eip1559(self.count, value), TX, CHAIN_EVM
        if self.principal == "free" and self.count % 3 == 0:
            digest = self.random.randbytes(32)
            return self.random.choice(("p256", "secp256k1")), digest, DIGEST, CHAIN_NONE
        return "secp256k1", text, MESSAGE, CHAIN_EVM

    def work(self, session):
        key, payload, use, chain = self.request()
        result, got, decision, error = ask(session, key, payload, use, chain)
        if result == DENIED and decision.has_entry:
            self.told.add(self.told.denials, (self.principal, decision.entry))
        if result == DENIED:
            self.stopping.wait(0.01)
            return
        if result != OK:
            raise ZcpError(error)
        self.last = time.monotonic()
        self.told.add(self.told.signatures, (self.principal, key, bytes(got.digest), bytes(got.signature), got.entry,
                                             bytes(got.leaf)))


class Admin(Client):
    """Makes keys, and disables every third."""

    def work(self, session):
        self.count += 1
        name = f"made-{self.count}"
        key = session.key_create(name, self.random.choice((SECP256K1, P256, ED25519)))
        with self.told.lock:
            self.told.created[name] = public_key(key)
        if self.count % 3 == 0:
            key_disable(session, name)
            with self.told.lock:
                self.told.disabled.add(name)
        self.last = time.monotonic()
        self.stopping.wait(0.1)


class CrashTest(case.SystemTest):
    def test_kill__under_load__nothing_acknowledged_is_lost(self):
        print(f"seed {SEED}, {ROUNDS} rounds", flush=True)
        self.random = random.Random(SEED)
        self.kills, self.slowest, self.told = Counter(), 0.0, Told()
        self.deployment = self.deploy(MISSION)
        self.library = library(case.build)
        with self.library.open(self.deployment.dir, "admin") as admin:
            admin.key_create("secp256k1", SECP256K1)
            admin.key_create("p256", P256)
        clients = self.start_clients()
        for number in range(ROUNDS):
            self.round(number, clients)
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join(30)
            self.assertFalse(client.is_alive(), f"{client.principal} hangs")
        self.report()
        self.check()

    def start_clients(self):
        folder, made = self.deployment.dir, []
        for name in ("free", "free", "paced", "spender", "rationed"):
            made.append(Client(self.told, self.library, folder, name, self.random.random()))
        # `free` twice: two sessions of one principal. The spender once: its nonces are one account's.
        made.append(Admin(self.told, self.library, folder, "admin", self.random.random()))
        for client in made:
            client.start()
            self.addCleanup(client.stopping.set)
        return made

    def round(self, number, clients):
        time.sleep(self.random.uniform(0.02, 0.5))
        began = time.monotonic()
        self.kill(self.random.choice(VICTIMS))
        if self.random.random() < 0.25:  # once more while it starts again
            time.sleep(self.random.uniform(0, 0.15))
            self.kill(self.random.choice(VICTIMS))
        after = time.monotonic()
        free = [client for client in clients if client.principal == "free"]
        while max(client.last for client in free) <= after:
            if time.monotonic() - after > BACK_WITHIN_S:
                self.fail(f"round {number}: no signature {BACK_WITHIN_S} s after the kill: "
                          f"{self.deployment.control(command='status')}\n{self.deployment.log()}")
            time.sleep(0.005)
        self.slowest = max(self.slowest, time.monotonic() - began)
        if number % 20 == 19:
            print(f"round {number + 1}: {len(self.told.signatures)} signatures, slowest return {self.slowest:.2f} s",
                  flush=True)

    def kill(self, victim):
        pid = self.deployment.pids().get(victim)
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
                self.kills[victim] += 1
            except ProcessLookupError:
                pass

    def report(self):
        told = self.told
        signatures = Counter(item[0] for item in told.signatures)
        print(f"rounds {ROUNDS}; kills {dict(self.kills)}; signatures {len(told.signatures)} {dict(signatures)}, refusals {len(told.denials)}; "
              f"keys made {len(told.created)}, disabled {len(told.disabled)}; requests cut off {dict(told.lost)}; "
              f"slowest return {self.slowest:.2f} s", flush=True)

    def check(self):
        told = self.told
        self.assertEqual(told.strange, [])
        self.assertGreaterEqual(sum(self.kills.values()), ROUNDS * 3 // 4, "too few kills hit")
        verified = self.deployment.json("audit", "verify")
        self.assertTrue(verified["valid"], verified)
        entries = journal.read(self.deployment.dir)
        self.assertGreaterEqual(verified["entries"], told.signatures[-1][4])
        self.check_chain(entries)
        self.check_signatures(entries)
        self.check_denials(entries)
        self.check_limits(entries)
        self.check_keys()

    def check_chain(self, entries):
        previous = bytes(32)
        for number, entry in enumerate(entries):
            self.assertEqual((entry.sequence, entry.previous), (number, previous))
            previous = entry.leaf

    def check_signatures(self, entries):
        seen = {}
        for principal, key, digest, signature, number, leaf in self.told.signatures:
            self.assertLess(number, len(entries), f"{principal} was given entry {number}, which is not in the log")
            entry = entries[number]
            self.assertEqual((entry.kind, entry.decision, entry.digest, entry.leaf),
                             (journal.DECISION, journal.ALLOW, digest, leaf), f"entry {number} of {principal}")
            # A nonce used twice would give the key away: two digests never share r.
            r = (key, signature[:32])
            self.assertEqual(seen.setdefault(r, digest), digest, "an ECDSA nonce was used for two digests")

    def check_denials(self, entries):
        for principal, number in self.told.denials:
            entry = entries[number]
            self.assertEqual((entry.decision, entry.principal), (journal.DENY, principal), f"entry {number}")

    def check_limits(self, entries):
        """By the log, so that signatures that no client received count too; a digest counts once."""
        first = {}
        for entry in entries:
            if entry.decision == journal.ALLOW:
                first.setdefault((entry.key, entry.digest), entry)
        of = {name: [entry for entry in first.values() if entry.principal == name]
              for name in ("paced", "spender", "rationed")}
        paced = journal.most_in_window([(e.time_ms, 1) for e in of["paced"]], PACE_MS)
        spent = journal.most_in_window([(e.time_ms, e.amount) for e in of["spender"]], SPEND_MS)
        rationed = len(of["rationed"])
        print(f"most in a window: {paced} of {PACE} signatures, {spent} of {SPEND} base units; "
              f"{rationed} of {TOTAL} in all", flush=True)
        self.assertLessEqual(paced, PACE)
        self.assertLessEqual(spent, SPEND)
        self.assertLessEqual(rationed, TOTAL)
        self.assertGreater(min(paced, spent, rationed), 0)

    def check_keys(self):
        with self.library.open(self.deployment.dir, "admin") as admin:
            for name, expected in self.told.created.items():
                key = key_show(admin, name)
                self.assertEqual(public_key(key), expected, name)
                if name in self.told.disabled:
                    self.assertTrue(key.disabled, f"{name} was disabled")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    case.main(140 if ROUNDS <= 12 else 60 + 20 * ROUNDS)
