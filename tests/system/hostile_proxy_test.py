"""Somebody in between alters, replays, reorders, truncates, drops, splices and injects: nothing he makes is ever done."""
import os
import random
import secrets
import socket
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile_journal as journal
from hostile_proxy import TO_CLIENT, TO_CORE, Proxy, copy_of, is_ours
from hostile_support import ask, library
from support import case
from support.deployment import NOT_VERIFIED, OPEN, UNREACHABLE
from support.libzcp import CHAIN_NONE, DIGEST, NOT_VERIFIED as REFUSED, UNREACHABLE as LOST, ZcpError

SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(1 << 32))))
TIMEOUT_MS = 500
SIGNATURES = 3


class Outcome:
    """What a client saw who opened a session through the proxy and asked for SIGNATURES."""

    def __init__(self):
        self.asked, self.signed, self.failed = [], [], None


class ProxyTest(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        print(f"seed {SEED}", flush=True)
        cls.random = random.Random(SEED)
        cls.deployment = cls.deploy_for_class(OPEN)
        cls.socket = cls.deployment.dir / "run" / "enclave.sock"
        cls.library = library(case.build)
        cls.home = Path(tempfile.mkdtemp(prefix="zcp-proxy-", dir=cls.deployment.home))
        cls.asked, cls.number, cls.lock = set(), 0, threading.Lock()
        with cls.library.open(cls.deployment.dir, "admin") as session:
            session.key_create("k")
        cls.boot = cls.deployment.boot()
        cls.clean = cls.frames_of_a_clean_session()

    @classmethod
    def frames_of_a_clean_session(cls):
        outcome, proxy = cls.through(None)
        assert outcome.failed is None, outcome.failed
        return proxy.connections[0].frames

    @classmethod
    def place(cls):
        with cls.lock:
            cls.number += 1
            return cls.home / f"{cls.number}.sock"

    @classmethod
    def through(cls, tamper, pipelined=False):
        """(outcome, proxy) of one session whose frames `tamper` has its hands on."""
        outcome = Outcome()
        with Proxy(cls.place(), cls.socket, tamper) as proxy:
            try:
                with cls.library.open(cls.deployment.dir, "admin", socket=proxy.path.encode(), timeout_ms=TIMEOUT_MS,
                                      no_reconnect=True) as session:
                    (cls.sign_together if pipelined else cls.sign_each)(session, outcome)
            except ZcpError as error:
                outcome.failed = error
            return outcome, proxy

    @classmethod
    def new_digest(cls, outcome):
        digest = secrets.token_bytes(32)
        with cls.lock:
            cls.asked.add(digest)
        outcome.asked.append(digest)
        return digest

    @classmethod
    def sign_each(cls, session, outcome):
        for _ in range(SIGNATURES):
            digest = cls.new_digest(outcome)
            result, signature, _, error = ask(session, "k", digest, DIGEST, CHAIN_NONE)
            if result != 0:
                raise ZcpError(error)
            outcome.signed.append(bytes(signature.digest))

    @classmethod
    def sign_together(cls, session, outcome):
        for _ in range(SIGNATURES):
            session.send("k", cls.new_digest(outcome), DIGEST, CHAIN_NONE)
        for _ in range(SIGNATURES):
            outcome.signed.append(bytes(session.receive()[0].digest))

    def setUp(self):
        """Others sign all the while, and notice nothing."""
        self.troubles, self.served, self.stopping = [], 0, threading.Event()
        bystander = threading.Thread(target=self.stand_by, daemon=True)
        bystander.start()
        self.addCleanup(self.check_others)
        self.addCleanup(bystander.join, 20)
        self.addCleanup(self.stopping.set)

    def stand_by(self):
        try:
            with self.library.open(self.deployment.dir, "admin", no_reconnect=True) as session:
                while not (self.stopping.wait(0.005) and self.served):
                    digest = self.new_digest(Outcome())
                    self.assertEqual(bytes(session.sign("k", digest, DIGEST, CHAIN_NONE).digest), digest)
                    self.served += 1
        except Exception as error:
            self.troubles.append(repr(error))

    def check_others(self):
        self.assertEqual(self.troubles, [])
        self.assertGreater(self.served, 0)
        self.assertEqual(self.deployment.boot(), self.boot, "the enclave started anew")
        done = [entry.digest for entry in journal.read(self.deployment.dir) if entry.decision == journal.ALLOW]
        self.assertEqual(set(done) - self.asked, set(), "something was signed that nobody asked for")
        self.assertEqual(len(done), len(set(done)), "a request was carried out twice")

    def check(self, outcome, what, harmless=False):
        """What was signed is what was asked for, and the rest failed the way it should."""
        self.assertEqual(outcome.signed, outcome.asked[:len(outcome.signed)], what)
        if outcome.failed is None:
            self.assertTrue(harmless, f"{what}: the session went on as if nothing had happened")
        else:
            self.assertIn(outcome.failed.result, (REFUSED, LOST), f"{what}: {outcome.failed}")

    def all_of(self, cases):
        """Runs (what, tamper, pipelined, harmless) a few at a time: many end in a timeout."""
        with ThreadPoolExecutor(12) as workers:
            for (what, _, _, harmless), (outcome, _) in zip(cases, workers.map(
                    lambda each: self.through(each[1], each[2]), cases)):
                with self.subTest(what):
                    self.check(outcome, what, harmless)
        print(f"{len(cases)} sessions", end=" ", flush=True)

    def targets(self):
        """(direction, number) of each frame up to the second signature: after them there is somebody to notice."""
        for direction in (TO_CORE, TO_CLIENT):
            for number in range(len(self.clean[direction]) - 1):
                yield direction, number

    def name(self, direction, number):
        frame = self.clean[direction][number]
        return f"{'record' if is_ours(frame) else 'TLS'} {number} to {('core', 'client')[direction]}"

    @staticmethod
    def unprotected(frame, at=None):
        """Bytes that TLS 1.3 itself ignores: a ChangeCipherSpec, and the version before unprotected records."""
        return frame[0] == 0x14 or (frame[0] == 0x16 and at in (1, 2))

    def at(self, direction, number, change):
        """A tamper that does `change(connection, frame)` to that frame alone."""
        return lambda connection, way, count, frame: (
            change(connection, frame) if (way, count) == (direction, number) else [frame])

    def test_proxy__passes_everything_on__works(self):
        outcome, _ = self.through(lambda connection, way, count, frame: [frame])
        self.check(outcome, "nothing", harmless=True)
        self.assertEqual(len(outcome.signed), SIGNATURES)

    def test_proxy__alters_a_byte__gets_nowhere(self):
        cases = []
        for direction, number in self.targets():
            size = len(self.clean[direction][number])
            places = {*range(min(size, 6)), size - 1, *self.random.sample(range(size), min(size, 8))}
            for at in sorted(places):
                bit = 1 << self.random.randrange(8)

                def flip(_, frame, at=at, bit=bit):
                    at = min(at, len(frame) - 1)  # the attestation's length varies by a byte or two
                    return [frame[:at] + bytes([frame[at] ^ bit]) + frame[at + 1:]]

                cases.append((f"byte {at} of {self.name(direction, number)} ^ {bit:#x}",
                              self.at(direction, number, flip), False, self.unprotected(self.clean[direction][number], at)))
        self.all_of(cases)

    def test_proxy__drops_replays_truncates__gets_nowhere(self):
        cases = []
        for direction, number in self.targets():
            frame = self.clean[direction][number]
            cut = self.random.randrange(1, len(frame))
            for what, change, harmless in (
                    ("dropped", lambda _, frame: [], self.unprotected(frame)),
                    ("twice", lambda _, frame: [frame, frame], self.unprotected(frame)),
                    ("cut and closed", lambda _, frame, cut=cut: [frame[:cut], None], False),
                    ("cut and going on", lambda _, frame, cut=cut: [frame[:cut]], False),
                    ("first of all again", lambda connection, frame, way=direction: [frame, connection.frames[way][0]],
                     False)):
                cases.append((f"{what}: {self.name(direction, number)}", self.at(direction, number, change), False, harmless))
        self.all_of(cases)

    def test_proxy__reorders_records_on_their_way__gets_nowhere(self):
        cases = []
        for direction in (TO_CORE, TO_CLIENT):
            ours = [number for number, frame in enumerate(self.clean[direction]) if is_ours(frame)]
            for first, second in ((1, 2), (1, 3), (2, 3)):
                def swap(connection, way, count, frame, direction=direction, first=ours[first], second=ours[second]):
                    if way != direction or not first <= count <= second:
                        return [frame]
                    if count < second:
                        return []
                    middle = connection.frames[way][first + 1:second]
                    return [frame, *middle, connection.frames[way][first]]

                cases.append((f"{first} after {second} to {('core', 'client')[direction]}", swap, True, False))
        self.all_of(cases)

    def test_proxy__splices_another_session__gets_nowhere(self):
        cases = []
        for direction, number in self.targets():
            theirs = self.clean[direction]
            for what, change in (
                    ("instead", lambda _, frame, theirs=theirs, number=number: [theirs[number]]),
                    ("before", lambda _, frame, theirs=theirs, number=number: [theirs[number], frame])):
                harmless = self.unprotected(self.clean[direction][number])
                cases.append((f"another session's {what}: {self.name(direction, number)}",
                              self.at(direction, number, change), False, harmless))
            if direction == TO_CLIENT:  # the whole rest of a session that once was
                cases.append((f"another session from {self.name(direction, number)} on",
                              lambda connection, way, count, frame, theirs=theirs, number=number, direction=direction: (
                                  [theirs[count]] if way == direction and number <= count < len(theirs) else [frame]),
                              False, False))
        self.all_of(cases)

    def test_proxy__joins_two_sessions__gets_nowhere(self):
        """The records of one client in the connection of another whose handshake is done, and back to itself."""
        first_seen = {}

        def cross(connection, way, count, frame):
            if not is_ours(frame):
                return [frame]
            mine = sum(1 for each in connection.frames[way] if is_ours(each)) - 1
            other = first_seen.setdefault((way, mine), frame)
            return [other]

        first, _ = self.through(lambda connection, way, count, frame: cross(connection, way, count, frame))
        self.check(first, "its own records", harmless=True)
        second, _ = self.through(cross)
        self.check(second, "the other's records")
        self.assertEqual(second.signed, [])
        mirrored, _ = self.through(lambda connection, way, count, frame: (
            connection.send(TO_CLIENT, frame) or [] if way == TO_CORE and is_ours(frame) else [frame]))
        self.check(mirrored, "mirrored")
        self.assertEqual(mirrored.signed, [])

    def test_proxy__injects__gets_nowhere(self):
        noise = self.random.randbytes(64)
        forged = {
            "empty record": bytes(4), "tag alone": b"\0\0\0\x10" + noise[:16], "short record": b"\0\0\0\x0f" + noise[:15],
            "noise": b"\0\0\0\x40" + noise, "too long": b"\0\x01\0\x11", "longest": b"\xff\xff\xff\xff" + noise,
            "close_notify": b"\x15\x03\x03\0\2\1\0", "fatal alert": b"\x15\x03\x03\0\2\2\x28",
            "plain data": b"\x17\x03\x03\0\x20" + noise[:32], "hello request": b"\x16\x03\x03\0\4\0\0\0\0",
            "key update": b"\x16\x03\x03\0\5\x18\0\0\1\1", "one byte": b"\0",
        }
        # OpenSSL's client passes over a HelloRequest while it waits for the first answer.
        harmless = ("hello request", TO_CLIENT, 0)
        cases = [(f"{what} before {self.name(direction, number)}",
                  self.at(direction, number, lambda _, frame, bad=bad: [bad, frame]), False,
                  (what, direction, number) == harmless)
                 for direction, number in self.targets() for what, bad in forged.items()]
        self.all_of(cases)

    def test_strangers__send_noise_or_nothing__others_are_served(self):
        """More of them than there are places: each gives way after its fair time, within a client's patience."""
        for number in range(700):
            stranger = socket.socket(socket.AF_UNIX)
            self.addCleanup(stranger.close)
            stranger.settimeout(1)
            try:
                stranger.connect(str(self.socket))
                hello = self.clean[TO_CORE][0]
                stranger.sendall((b"", hello[:number % len(hello)], hello, self.random.randbytes(number))[number % 4])
            except OSError:
                pass  # turned away
        began = time.monotonic()
        with self.library.open(self.deployment.dir, "admin", no_reconnect=True) as session:
            self.sign_each(session, Outcome())
        print(f"served after {time.monotonic() - began:.1f} s", end=" ", flush=True)

    def test_zcp__through_a_hostile_proxy__says_so_by_its_exit_code(self):
        """The command line, with a copy of the pinned folder and a socket that somebody else put there."""
        records = [number for number, frame in enumerate(self.clean[TO_CLIENT]) if is_ours(frame)]

        def spoil(_, frame):
            return [frame[:-1] + bytes([frame[-1] ^ 1])]

        for what, number, code in (("the evidence", records[0] - 1, UNREACHABLE), ("the first answer", records[0], NOT_VERIFIED)):
            place = copy_of(self.deployment.dir, self.home / what.replace(" ", "-"))
            with Proxy(place / "run" / "enclave.sock", self.socket, self.at(TO_CLIENT, number, spoil)):
                for command in (["key", "list"], ["verify"], ["attest"], ["sign", "digest", "--key", "k"]):
                    answer = self.run_zcp(*command, "--dir", place, "--json", stdin="11" * 32)
                    error = self.expect_error(answer, answer.code)
                    self.assertIn(answer.code, (NOT_VERIFIED, UNREACHABLE), f"{what}: {answer}")
                    self.assertEqual(answer.code, code, f"{what}, {command}: {error}")


if __name__ == "__main__":
    case.main(140)
