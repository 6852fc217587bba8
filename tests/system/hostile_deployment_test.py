"""Another deployment of the same code, on the same machine and even under the same root, is somebody else."""
import json
import secrets
import shutil
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
import unittest

from hostile_proxy import Proxy, copy_of
from hostile_support import library
from support import case
from support.deployment import NOT_VERIFIED, OPEN, UNREACHABLE, Deployment
from support.libzcp import CHAIN_NONE, DIGEST, FAILED as UNWELCOME, NOT_VERIFIED as REFUSED, ZcpError


class Relay:
    """Ends the client's TLS with a key of its own, and shows it the evidence of a real enclave."""

    def __init__(self, path, enclave, home):
        self.enclave, self.shown = enclave, []
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=zerocopy", "-days", "2", "-keyout", home / "relay.key", "-out", home / "relay.pem"],
                       check=True, stderr=subprocess.DEVNULL)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(home / "relay.pem", home / "relay.key")
        self.context.num_tickets = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def evidence(self):
        """What front shows whoever completes a handshake."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(5)
            link.connect(str(self.enclave))
            with context.wrap_socket(link) as tls:
                data = b""
                while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "big"):
                    data += tls.recv(65536)
                return data

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
                client.settimeout(5)
                with self.context.wrap_socket(client, server_side=True) as tls:
                    self.shown.append(self.evidence())
                    tls.sendall(self.shown[-1])
                    tls.recv(65536)
            except ssl.SSLError:
                pass
            except OSError:
                if self.listener.fileno() < 0:
                    return

    def close(self):
        self.listener.close()


class DeploymentTest(case.SystemTest):
    """A and B are strangers. C was made from A's platform folder: the same root, the same machine secret, another birth."""

    @classmethod
    def setUpClass(cls):
        cls.a, cls.b = cls.deploy_for_class(OPEN), cls.deploy_for_class(OPEN)
        cls.c = Deployment(case.build, OPEN)
        cls.addClassCleanup(cls.c.close)
        cls.c.dir.mkdir(0o700)
        shutil.copytree(cls.a.dir / "platform", cls.c.dir / "platform")
        shutil.copytree(cls.a.dir / "credentials", cls.c.dir / "credentials")
        cls.c.start()
        cls.library = library(case.build)
        for each in (cls.a, cls.b, cls.c):
            with cls.library.open(each.dir, "admin") as session:
                session.key_create("k")

    def refused(self, result, folder, **options):
        with self.assertRaises(ZcpError) as caught:
            with self.library.open(folder, "admin", **options) as session:
                session.sign("k", secrets.token_bytes(32), DIGEST, CHAIN_NONE)
        self.assertEqual(caught.exception.result, result, str(caught.exception))
        return caught.exception

    @staticmethod
    def socket_of(deployment):
        return str(deployment.dir / "run" / "enclave.sock").encode()

    @staticmethod
    def pinned(deployment):
        return json.loads((deployment.dir / "deployment.json").read_text())

    def test_deployments__of_the_same_code__have_one_measurement_and_different_names(self):
        a, b, c = (self.pinned(each) for each in (self.a, self.b, self.c))
        self.assertEqual({a["pcr0"]}, {b["pcr0"], c["pcr0"]})
        self.assertEqual(len({each["deployment_id"] for each in (a, b, c)}), 3)

    def test_client__pinned_to_a__refuses_b_and_c(self):
        for other, reason in ((self.b, "ATTEST_"), (self.c, "ATTEST_WRONG_DEPLOYMENT_ID")):
            error = self.refused(REFUSED, self.a.dir, socket=self.socket_of(other))
            self.assertIn(reason, error.reason)

    def test_client__pinned_to_a_under_the_root_of_b__refuses_b(self):
        """Even if the root is believed, the name is not."""
        error = self.refused(REFUSED, self.a.dir, socket=self.socket_of(self.b),
                             root_pem=str(self.b.dir / "platform" / "root.pem").encode())
        self.assertEqual(error.reason, "ATTEST_WRONG_DEPLOYMENT_ID")

    def test_client__pinned_to_another_measurement__refuses_a(self):
        for other in (bytes(48), secrets.token_bytes(48)):
            self.refused(REFUSED, self.a.dir, pcr0=other)

    def test_client__pinned_to_another_name__refuses_a(self):
        self.refused(REFUSED, self.a.dir, deployment_id=bytes.fromhex(self.pinned(self.c)["deployment_id"]))

    def test_credential_of_a__at_b__is_unknown(self):
        error = self.refused(UNWELCOME, self.b.dir, credential_file=str(self.a.dir / "credentials" / "admin.key").encode())
        self.assertIn("credential", str(error))

    def test_credential_of_another__at_a__is_unknown(self):
        key = self.a.file("stranger.key", secrets.token_bytes(32).hex() + "\n")
        key.chmod(0o600)
        self.refused(UNWELCOME, self.a.dir, credential_file=str(key).encode())

    def test_connection_to_a__that_ends_at_c__is_refused(self):
        """Nothing in the client's folder differs but who listens at the socket."""
        with Proxy(self.a.home / "p.sock", self.c.dir / "run" / "enclave.sock") as proxy:
            self.refused(REFUSED, self.a.dir, socket=proxy.path.encode())

    @unittest.skipUnless(shutil.which("openssl"), "no openssl program here to make a certificate with")
    def test_evidence_of_a__relayed_by_another__is_refused(self):
        path = self.a.home / "relay.sock"
        relay = Relay(path, self.a.dir / "run" / "enclave.sock", self.a.home)
        self.addCleanup(relay.close)
        error = self.refused(REFUSED, self.a.dir, socket=str(path).encode())
        self.assertTrue(relay.shown, f"the relay showed nothing: {error}")
        self.assertGreater(len(relay.shown[0]), 2000, "the evidence was not the enclave's")

    def test_zcp__with_another_deployment_at_its_socket__exits_4(self):
        for number, other in enumerate((self.b, self.c)):
            place = copy_of(self.a.dir, self.a.home / f"pinned-{number}")
            with Proxy(place / "run" / "enclave.sock", other.dir / "run" / "enclave.sock"):
                for command in (["key", "list"], ["verify"], ["attest"], ["status"], ["key", "create", "new", "--curve", "p256"],
                                ["sign", "digest", "--key", "k"], ["halt"]):
                    self.expect_error(self.run_zcp(*command, "--dir", place, "--json", stdin="11" * 32), NOT_VERIFIED)


class MovedTest(case.SystemTest):
    """A host that moves what one deployment sealed into another's folder; machine and root are the same."""

    def setUp(self):
        self.one = self.deploy(OPEN)
        self.two = Deployment(case.build, OPEN)
        self.addCleanup(self.two.close)
        self.two.dir.mkdir(0o700)
        for name in ("platform", "credentials"):
            shutil.copytree(self.one.dir / name, self.two.dir / name)
        self.two.start()
        for each in (self.one, self.two):
            each.json("key", "create", "k", "--curve", "secp256k1")
            self.expect(each.zcp("sign", "digest", "--key", "k", stdin="11" * 32))
            each.down()
        for each in (self.one, self.two):  # so that the database is one file
            with sqlite3.connect(each.dir / "store.db") as store:
                store.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def does_not_serve(self, *reasons):
        """Neither signs, nor says nothing about it. Not waiting for `zcp up`, which is more patient than we are."""
        starting = subprocess.Popen([self.one.build / "zcp", "up", "--detach", "--dir", self.one.dir],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 10
            error = {}
            while not error and time.monotonic() < until:
                time.sleep(0.02)
                status = self.one.control(command="status") or {}
                error = status.get("error") or {}
            self.assertIn(error.get("reason"), reasons, status)
            self.assertNotEqual(status["state"], "serving")
            with self.assertRaises(ZcpError) as caught:
                library(case.build).open(self.one.dir, "admin", timeout_ms=200)
            self.assertEqual(caught.exception.result, UNREACHABLE)
        finally:
            starting.kill()
            starting.wait()

    def blobs(self, deployment, kind):
        with sqlite3.connect(deployment.dir / "store.db") as store:
            return store.execute("SELECT name, data FROM blobs WHERE kind = ?", (kind,)).fetchall()

    def put(self, kind, rows):
        with sqlite3.connect(self.one.dir / "store.db") as store:
            store.execute("DELETE FROM blobs WHERE kind = ?", (kind,))
            columns = [row[1] for row in store.execute("PRAGMA table_info(blobs)")]
            self.assertIn("data", columns)
            store.executemany("INSERT INTO blobs(kind, name, data) VALUES(?, ?, ?)", [(kind, *row) for row in rows])

    def test_unmoved__starts_again(self):
        self.one.start()
        self.expect(self.one.zcp("sign", "digest", "--key", "k", stdin="22" * 32))

    def test_key_of_another_deployment__does_not_open(self):
        self.put(2, self.blobs(self.two, 2))
        self.does_not_serve("ENCLAVE_KEY_UNREADABLE")

    def test_key_that_was_altered__does_not_open(self):
        (name, data), = self.blobs(self.one, 2)
        for at in (3, len(data) // 2, len(data) - 1):
            self.put(2, [(name, data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])])
            self.does_not_serve("ENCLAVE_KEY_UNREADABLE")
            self.one.down()

    def test_root_of_another_deployment__does_not_open(self):
        self.put(5, self.blobs(self.two, 5))
        self.does_not_serve("ENCLAVE_ROOT_UNREADABLE", "ENCLAVE_WRONG_ROOT")

    def test_genesis_of_another_deployment__does_not_open(self):
        self.put(4, self.blobs(self.two, 4))
        self.does_not_serve("ENCLAVE_ROOT_UNREADABLE", "ENCLAVE_WRONG_ROOT")

    def test_whole_store_of_another_deployment__does_not_go_with_this_log(self):
        shutil.copy(self.two.dir / "store.db", self.one.dir / "store.db")
        self.does_not_serve("ENCLAVE_BAD_JOURNAL")

    def test_log_of_another_deployment__does_not_go_with_this_store(self):
        shutil.copy(self.two.dir / "log" / "journal", self.one.dir / "log" / "journal")
        self.does_not_serve("ENCLAVE_BAD_JOURNAL")

    def test_secret_of_another_machine__opens_nothing(self):
        (self.one.dir / "platform" / "secret").write_bytes(secrets.token_bytes(32))
        self.does_not_serve("ENCLAVE_ROOT_UNREADABLE")

    def test_everything_of_another_deployment__is_refused_by_who_pinned_this_one(self):
        pinned = copy_of(self.one.dir, self.one.home / "pinned")
        for name in ("store.db", "log/journal"):
            shutil.copy(self.two.dir / name, self.one.dir / name)
        starting = subprocess.Popen([self.one.build / "zcp", "up", "--detach", "--dir", self.one.dir],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.one.wait()
        starting.wait()
        with Proxy(pinned / "run" / "enclave.sock", self.one.dir / "run" / "enclave.sock"):
            self.expect_error(self.run_zcp("status", "--dir", pinned, "--json"), NOT_VERIFIED)

    def test_another_program__opens_nothing(self):
        """PCR0 is the program: the same sources with one byte more are another."""
        build = self.one.home / "build"
        build.mkdir()
        for name in ("zcp", "zcpd", "zcp-enclave"):
            shutil.copy(case.build / name, build / name)
        with open(build / "zcp-enclave", "ab") as program:
            program.write(b"\0")
        self.one.build = build
        self.does_not_serve("ENCLAVE_ROOT_UNREADABLE")


if __name__ == "__main__":
    case.main(140)
