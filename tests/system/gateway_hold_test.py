"""What hurts servers, on every HTTP interface: 5,000 idle connections, requests that never end, bodies that are too large,
bytes that are no JSON or no HTTP. Others are served meanwhile, and each refusal has its interface's form."""
import contextlib
import json
import os
import resource
import socket
import sys
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case  # noqa: E402
from support.deployment import OPEN  # noqa: E402
from support.gateway import ACCESS_KEY, TOKEN, Gateway, ask, identity  # noqa: E402

INTERFACES = ("kms", "rest", "jsonrpc", "web3signer", "clef", "vault")
IDLE = 5000
# No JSON, or none that may be read: cut off, nested too deep, a name twice, not UTF-8, something behind it.
MALFORMED = (b"", b"{", b"[" * 100 + b"]" * 100, b'{"key": 1, "key": 1}', b'{"key": "\xff"}', b"{} {}", b"nothing",
             b"{\"key\": 1\0}")


class Hold(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        cls.descriptors = hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        cls.addClassCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        cls.d = cls.deploy_for_class(OPEN)
        cls.d.json("key", "create", "page", "--curve", "p256")
        cls.address = cls.d.json("key", "create", "coin", "--curve", "secp256k1")["address"]
        cls.g = cls.gateway(*INTERFACES)
        cls.addClassCleanup(cls.g.stop)

    @classmethod
    def gateway(cls, *interfaces):
        return Gateway(cls.d, *interfaces, identities=[identity("desk", "admin", ACCESS_KEY, TOKEN)],
                       options=["--request-seconds", 1, "--log", "none"])

    def post(self, name, path, body):
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        return ask(self.g.port[name], "POST", path, body, headers)

    def rpc(self, name, method):
        status, answer, _ = self.post(name, "/", {"jsonrpc": "2.0", "id": 1, "method": method, "params": []})
        self.assertEqual((status, answer["result"]), (200, [self.address]), name)

    def serves(self, name):
        if name == "kms":
            self.assertEqual(self.g.kms("DescribeKey", {"KeyId": "page"})[0], 200)
        elif name == "rest":
            self.assertEqual(self.g.rest("GET", "/v1/keys/page")[0], 200)
        elif name == "vault":
            self.assertEqual(self.post("vault", "/v1/transit/sign/page", {"input": "aGVsZA=="})[0], 200)
        else:
            self.rpc(name, "account_list" if name == "clef" else "eth_accounts")

    def dial(self, name):
        return socket.create_connection(("127.0.0.1", self.g.port[name]), 20)

    def hang(self, name):
        """Connections with a request that does not go on, in a header and in its body. (Half a request's line counts as idle:
        gateway_rest_test.py.)"""
        heads = (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le",
                 b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        links = [self.dial(name) for _ in heads]
        for link, head in zip(links, heads):
            link.sendall(head)
        return links

    def oversized(self, name):
        with self.dial(name) as link:
            link.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n")
            self.assertIn(b" 413 ", link.recv(4096), name)
        with self.dial(name) as link:
            try:
                link.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 100000 + b"\r\n\r\n")
                answer = link.recv(4096)
            except ConnectionError:
                answer = b""
            self.assertTrue(answer == b"" or b" 431 " in answer or b" 413 " in answer, answer[:80])

    def hold(self, name):
        links = []
        try:
            links = [self.dial(name) for _ in range(IDLE)]
            slow = self.hang(name)
            links += slow
            self.oversized(name)
            for _ in range(20):
                self.serves(name)
            text = ask(self.g.port[name], "GET", "/metrics")[1].decode()
            rows = (line for line in text.splitlines() if line.startswith("zcp_gateway_connections "))
            self.assertGreaterEqual(int(next(rows).split()[1]), IDLE, name)
            for link in slow:
                self.assertIn(link.recv(4096)[9:12], (b"", b"408", b"400"), f"{name}: a request that never ends is ended")
            links[IDLE // 2].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b" 200 ", links[IDLE // 2].recv(4096), f"{name}: who was idle is served")
        finally:
            for link in links:
                link.close()

    def test_interfaces__idle_hanging_and_oversized__others_are_served(self):
        """Each in a gateway of its own, which then has the descriptors for itself."""
        if self.descriptors < 2 * IDLE + 1000:
            self.skipTest(f"this machine gives {self.descriptors} descriptors")
        for name in INTERFACES:
            with self.subTest(name), mock.patch.object(self, "g", self.gateway(name)):
                try:
                    self.hold(name)
                finally:
                    self.assertEqual(self.g.stop(), 0)

    def refused(self, name, body):
        """The status, and what the interface's own form says."""
        if name == "kms":
            status, answer, _ = self.g.kms("DescribeKey", body)
            return status, answer.get("__type")
        path = {"rest": "/v1/sign/message", "vault": "/v1/transit/sign/page"}.get(name, "/")
        status, answer, _ = self.post(name, path, body)
        if name == "vault":
            return status, bool(answer.get("errors"))
        if name == "rest":
            return status, bool(answer["error"].get("why"))
        return status, answer.get("error", {}).get("code")

    def test_interfaces__malformed__refused_in_their_form(self):
        forms = {"kms": (400, "SerializationException"), "rest": (400, True), "vault": (400, True)}
        for name in INTERFACES:
            for body in MALFORMED:
                wanted = forms.get(name, (200, -32700))
                self.assertEqual(self.refused(name, body), wanted, f"{name}: {body[:40]} {json.dumps(wanted)}")
            self.serves(name)

    def test_interfaces__no_http__nobody_falls(self):
        noise = (os.urandom(1000), b"\0" * 1000, b"\r\n" * 1000, b"GET " + b"/" * 100000, b"GET / HTTP/9.9\r\n" * 100)
        for name in INTERFACES:
            links = [self.dial(name) for _ in noise]
            for link, data in zip(links, noise):
                with contextlib.suppress(OSError):
                    link.sendall(data)
            self.serves(name)
            for link in links:
                link.close()
            self.serves(name)


if __name__ == "__main__":
    case.main(100)
