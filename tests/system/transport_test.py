"""Transports: the same signatures through socket and shared memory."""
import hashlib
import os
import pathlib
import time

from support import case, libzcp, signatures
from support.libzcp import CHAIN_NONE, ED25519, MESSAGE, P256

MISSION = """
mission: transports
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

class Transports(case.SystemTest):
    def setUp(self):
        self.d = self.deploy(MISSION)
        self.library = libzcp.Library(case.build)

    def session(self, **options):
        made = self.library.open(self.d.dir, "admin", **options)
        self.addCleanup(made.__exit__)
        return made

    def sign(self, session, number):
        return session.sign("k", b"message %d" % number, MESSAGE, CHAIN_NONE)

    def test_shared_memory__signs__what_the_socket_signs(self):
        socket, shared = self.session(), self.session(shared_memory=True, spin_us=50)
        self.assertEqual((socket.transport(), shared.transport()), ("socket", "shared memory"))
        socket.key_create("k", P256)
        entries = []
        for number in range(200):
            entries.append(self.sign(socket if number % 2 else shared, number).entry)
        self.assertEqual(entries, sorted(set(entries)))
        long = b"x" * 4000
        for _ in range(120):  # several times around each lane
            shared.sign("k", long, MESSAGE, CHAIN_NONE)

    def test_shared_memory__pipeline__in_order(self):
        session = self.session(shared_memory=True)
        session.key_create("k", P256)
        for number in range(200):
            session.send("k", b"piped %d" % number, MESSAGE, CHAIN_NONE)
        entries = [session.receive()[0].entry for _ in range(200)]
        self.assertEqual(entries, sorted(entries))

    def test_shared_memory__core_gone__session_comes_back(self):
        session = self.session(shared_memory=True)
        session.key_create("k", P256)
        self.sign(session, 1)
        boot = self.d.boot()
        self.d.kill("core")
        self.d.wait(boot=boot)
        self.sign(session, 2)
        self.assertEqual(session.transport(), "shared memory")

    def test_shared_memory__more_sessions_than_have_it__go_on_through_sockets(self):
        sessions = [self.session(shared_memory=True) for _ in range(70)]
        sessions[0].key_create("k", P256)
        ways = [session.transport() for session in sessions]
        self.assertEqual((ways.count("shared memory"), ways.count("socket")), (64, 6))
        for number, session in enumerate(sessions):
            self.sign(session, number)
        for session in sessions[:10]:
            session.__exit__()
            session.handle = None
        time.sleep(0.2)
        self.assertEqual(self.session(shared_memory=True).transport(), "shared memory")

    def test_batch__each_is_decided_and_signed__and_logged(self):
        session = self.session()
        key = session.key_create("k", P256)
        public = tuple(signatures.number(bytes(key.public_key[at:at + 32])) for at in (1, 33))
        outcomes = session.batch("k", [b"batch %d" % number for number in range(64)])
        self.assertEqual([result for result, _ in outcomes], [0] * 64)
        self.assertEqual(len({bytes(one.signature) for _, one in outcomes}), 64)
        for number, (_, one) in enumerate(outcomes):  # each its own message's
            self.assertEqual(bytes(one.digest), hashlib.sha256(b"batch %d" % number).digest())
        for _, one in outcomes[::9]:
            self.assertTrue(signatures.ecdsa_holds("p256", public, bytes(one.digest), bytes(one.signature)))
        entries = [one.entry for _, one in outcomes]
        self.assertEqual(entries, list(range(entries[0], entries[0] + 64)))
        # One that can't be signed fails alone, in its place.
        outcomes = session.batch("k", [b"good", b"", b"good too"])
        self.assertEqual([result == 0 for result, _ in outcomes][::2], [True, True])
        with self.assertRaises(libzcp.ZcpError):
            session.batch("k", [b"x"] * 65)
        self.sign(session, 1)


class Signers(case.SystemTest):
    """A thread that signs beside core, and entries that may be on their way to the disk."""

    def setUp(self):
        os.environ["ZCP_CORE_SIGNERS"] = "1"
        self.addCleanup(os.environ.pop, "ZCP_CORE_SIGNERS")
        self.library = libzcp.Library(case.build)

    def open(self, mission):
        d = self.deploy(mission)
        session = self.library.open(d.dir, "admin")
        self.addCleanup(session.__exit__)
        key = session.key_create("k", P256)
        return d, session, tuple(signatures.number(bytes(key.public_key[at:at + 32])) for at in (1, 33))

    def check_pipeline(self, mission):
        d, session, public = self.open(mission)
        threads = pathlib.Path("/proc", str(d.pids()["core"]), "task")
        self.assertEqual(len(list(threads.iterdir())), 2)
        seen = []
        for burst in range(10):
            for number in range(40):
                session.send("k", b"burst %d %d" % (burst, number), MESSAGE, CHAIN_NONE)
            seen += [session.receive()[0] for _ in range(40)]
        self.assertEqual([one.entry for one in seen], sorted({one.entry for one in seen}))
        for number, one in enumerate(seen):  # each its own message's
            self.assertEqual(bytes(one.digest), hashlib.sha256(b"burst %d %d" % divmod(number, 40)).digest())
        for one in seen[::23]:
            self.assertTrue(signatures.ecdsa_holds("p256", public, bytes(one.digest), bytes(one.signature)))
        outcomes = session.batch("k", [b"batch %d" % number for number in range(64)])
        for result, one in outcomes[::9]:
            self.assertEqual(result, 0)
            self.assertTrue(signatures.ecdsa_holds("p256", public, bytes(one.digest), bytes(one.signature)))

    def test_kinds_mixed__entries_may_wait__in_order(self):
        """What the loop signs itself does not overtake what a thread is still at."""
        _, session, _ = self.open(MISSION + "audit:\n  max-unacked: 64\n")
        session.key_create("ed", ED25519)
        entries = []
        for burst in range(10):
            for number in range(40):
                session.send("ed" if number % 3 == 2 else "k", b"%d %d" % (burst, number), MESSAGE, CHAIN_NONE)
            entries += [session.receive()[0].entry for _ in range(40)]
        self.assertEqual(entries, sorted(set(entries)))

    def test_pipeline__two_threads__in_order_and_each_holds(self):
        self.check_pipeline(MISSION)

    def test_pipeline__entries_may_wait__in_order_and_each_holds(self):
        self.check_pipeline(MISSION + "audit:\n  max-unacked: 64\n")


if __name__ == "__main__":
    case.main(120)
