"""REST through the gateway, and the gateway itself: TLS, identities, limits, draining, systemd, hostile clients."""
import base64
import concurrent.futures
import hashlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import time

from support import case, evm
from support.deployment import OPEN, STARTER
from support.gateway import TOKEN, Gateway, ask, identity

TRADER_TOKEN = "the-traders-token-0123456789"


def make_certificate(folder, name, issuer=None, subject="localhost"):
    """(certificate, key) by OpenSSL's command line; signed by `issuer`'s, or by itself."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key),
               "-out", str(cert), "-days", "2", "-subj", f"/CN={subject}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    if issuer:
        command += ["-CA", str(issuer[0]), "-CAkey", str(issuer[1]), "-addext", "basicConstraints=critical,CA:FALSE"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:  # OpenSSL 3.0's req has no -CA
        request = folder / f"{name}.csr"
        subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key),
                        "-out", str(request), "-subj", f"/CN={subject}"], capture_output=True, check=True)
        subprocess.run(["openssl", "x509", "-req", "-in", str(request), "-CA", str(issuer[0]), "-CAkey", str(issuer[1]),
                        "-CAcreateserial", "-out", str(cert), "-days", "2"], capture_output=True, check=True)
    os.chmod(key, 0o600)
    return cert, key


class Rest(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(STARTER)
        for curve in ("secp256k1", "p256", "ed25519"):
            cls.d.json("key", "create", f"key-{curve}", "--curve", curve)
        cls.g = Gateway(cls.d, "rest", identities=[identity("admins", "admin", token=TOKEN),
                                                   identity("traders", "trader", token="sha256:" + hashlib.sha256(TRADER_TOKEN.encode()).hexdigest())])
        cls.addClassCleanup(cls.g.stop)

    def expect_status(self, wanted, method, path, body=None, **options):
        status, answer, _ = self.g.rest(method, path, body, **options)
        self.assertEqual(status, wanted, answer)
        return answer

    def test_status_and_keys__like_zcp(self):
        mine, theirs = self.expect_status(200, "GET", "/v1/status"), self.d.json("status")
        for same in ("deployment_id", "mission", "mission_hash", "principal", "platform", "hardware", "isolation"):
            self.assertEqual(mine[same], theirs[same], same)
        self.assertEqual(self.expect_status(200, "GET", "/v1/status", token=TRADER_TOKEN)["principal"], "trader")
        listed = {key["name"]: key for key in self.expect_status(200, "GET", "/v1/keys")["keys"]}
        for key in self.d.lines("key", "list"):
            self.assertEqual({**listed[key["name"]], "uses": 0}, {**key, "uses": 0})
        page = self.expect_status(200, "GET", "/v1/keys?from=1&limit=1")
        self.assertEqual((len(page["keys"]), page["next"]), (1, 2))
        self.expect_status(404, "GET", "/v1/keys/none")
        made = self.expect_status(201, "POST", "/v1/keys", {"name": "by-rest", "curve": "p256"})
        self.assertEqual(made["name"], "by-rest")
        self.expect_status(409, "POST", "/v1/keys", {"name": "by-rest", "curve": "p256"})
        self.assertEqual(self.expect_status(200, "POST", "/v1/keys/disable", {"key": "by-rest"})["state"], "disabled")
        self.expect_status(403, "POST", "/v1/keys", {"name": "not-mine", "curve": "p256"}, token=TRADER_TOKEN)

    def test_sign_tx__allowed_and_refused__as_zcp_decides(self):
        tx = "0x" + evm.eip1559(300, value=evm.ETH // 100).hex()
        body = {"key": "key-secp256k1", "chain": "evm", "payload": tx}
        signed = self.expect_status(200, "POST", "/v1/sign/tx", body, token=TRADER_TOKEN)
        self.assertEqual((signed["decision"], signed["rule"]), ("allow", "trader-sends-eth"))
        decoded = self.d.json("tx", "decode", stdin=signed["signed"])
        self.assertEqual(decoded["intent"]["digest"], signed["digest"])
        body["payload"] = "0x" + evm.eip1559(301, value=2 * evm.ETH).hex()
        denied = self.expect_status(403, "POST", "/v1/sign/tx", body, token=TRADER_TOKEN)
        self.assertEqual((denied["decision"], denied["rule"].split("/")[0]), ("deny", "trader-sends-eth"))
        self.assertGreater(int(denied["margin"]["measured"]), int(denied["margin"]["limit"]))
        same = self.d.zcp("sign", "tx", "--key", "key-secp256k1", "--as", "trader", "--json", stdin=body["payload"]).json
        self.assertEqual({k: denied[k] for k in ("rule", "reason", "margin")}, {k: same[k] for k in ("rule", "reason", "margin")})

    def test_sign__what_is_wrong__400_with_a_reason(self):
        for path, body in (("tx", {"key": "key-secp256k1"}), ("tx", {"key": "key-secp256k1", "payload": "xyz"}),
                           ("tx", {"key": "key-secp256k1", "payload": "0x00", "payload_base64": "AA=="}),
                           ("tx", {"key": "key-secp256k1", "payload": "0x00"}), ("tx", {"payload": "0x00"}),
                           ("tx", {"key": "key-secp256k1", "payload": "0x00", "chain": "moon"}),
                           ("tx", {"key": 7, "payload": "0x00"}), ("message", {"key": "key-p256", "text": "a", "more": 1}),
                           ("typed-data", {"key": "key-secp256k1", "typed_data": "text"}),
                           ("typed-data", {"key": "key-secp256k1", "typed_data": {}}),
                           ("order", {"key": "key-p256", "order": {"venue": "nowhere"}}),
                           ("digest", {"key": "key-p256", "payload": "0x00"})):
            answer = self.expect_status(400, "POST", f"/v1/sign/{path}", body)
            for part in ("what", "why", "next"):
                self.assertTrue(answer["error"][part], answer)

    def test_attest_and_verify__fresh_and_archived(self):
        live = self.expect_status(200, "GET", "/v1/verify")
        self.assertEqual((live["valid"], live["hardware"], live["development"]), (True, False, True), live)
        document = self.expect_status(200, "POST", "/v1/attest", {"nonce": "0xabcdef"})["document"]
        check = {"document": document, "deployment_root": True}
        self.assertTrue(self.expect_status(200, "POST", "/v1/verify", {**check, "nonce": "abcdef"})["valid"])
        for wrong in ({**check, "nonce": "abcdee"}, {"document": document}, {**check, "pcr0": "00" * 48},
                      {**check, "at": 1000}):
            answer = self.expect_status(200, "POST", "/v1/verify", wrong)
            self.assertEqual((answer["valid"], answer["hardware"]), (False, False))
            self.assertTrue(answer["reason"])

    def test_audit__the_end_of_the_log__public_parts_alone(self):
        entries = self.expect_status(200, "GET", "/v1/audit?n=5", token=TRADER_TOKEN)["entries"]
        mine = {line["sequence"]: line for line in self.d.lines("audit", "tail", "-n", "1000")}
        self.assertTrue(entries)
        for entry in entries:
            self.assertLessEqual(entry.items(), mine[entry["sequence"]].items())
            self.assertFalse({"principal", "rule", "intent", "text"} & set(entry))
        again = self.expect_status(200, "GET", "/v1/audit?n=1000")["entries"]
        self.assertEqual([entry["sequence"] for entry in again], sorted(mine))
        for wrong in ("n=x", "n=", "n=1001", "n=1&n=2", "m=1"):
            self.expect_status(400, "GET", f"/v1/audit?{wrong}")

    def test_halt__by_an_approver_alone__and_resumed(self):
        self.expect_status(403, "POST", "/v1/halt", {"reason": "not mine"}, token=TRADER_TOKEN)
        self.expect_status(200, "POST", "/v1/halt", {"reason": "test"})
        self.assertEqual(self.expect_status(200, "GET", "/v1/status")["phase"], "halted")
        tx = {"key": "key-secp256k1", "payload": "0x" + evm.eip1559(302, value=1).hex()}
        denied = self.expect_status(403, "POST", "/v1/sign/tx", tx, token=TRADER_TOKEN)
        self.assertEqual(denied["reason"], "POLICY_HALTED")
        self.expect_status(200, "POST", "/v1/resume", {})
        self.expect_status(409, "POST", "/v1/resume", {})

    def test_callers__unknown__401_everywhere(self):
        for token in (None, "x" * 40, TOKEN[:-1], TOKEN + "x", "sha256:" + "0" * 64):
            for method, path in (("GET", "/v1/status"), ("POST", "/v1/sign/tx"), ("GET", "/v1/audit"), ("POST", "/v1/halt")):
                self.expect_status(401, method, path, {} if method == "POST" else None, token=token)
        self.assertEqual(ask(self.g.port["rest"], "GET", "/v1/status", headers={"authorization": "Basic eDp5"})[0], 401)

    def test_pages_of_browsers__refused(self):
        self.expect_status(403, "GET", "/v1/status", origin="https://example.com")
        port = self.g.port["rest"]
        status, _, _ = ask(port, "POST", "/v1/halt", b"{}", {"authorization": f"Bearer {TOKEN}", "content-type": "text/plain"})
        self.assertEqual(status, 415)

    def test_paths__odd_ones__never_found(self):
        port = self.g.port["rest"]
        for path in ("/v1/../v1/status", "/v1//status", "/v1/%2e%2e/status", "/v1/keys/%2f", "/v1/keys/a%00b", "/v1/status%",
                     "/v1/status/", "/V1/status", "/", "/v1/keys/..", "/%2e", "*", "/v1/keys/" + "a" * 12000):
            with socket.create_connection(("127.0.0.1", port), 10) as link:
                link.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
                self.assertIn(link.recv(4096)[9:12], (b"400", b"404", b"414", b"431", b""), path)

    def test_openapi__served__every_place_is_answered(self):
        status, document, _ = ask(self.g.port["rest"], "GET", "/openapi.json")
        self.assertEqual((status, document["openapi"]), (200, "3.1.0"))
        for path, methods in document["paths"].items():
            for method in methods:
                status, _, _ = self.g.rest(method.upper(), path.replace("{name}", "key-p256"), {} if method == "post" else None)
                self.assertIn(str(status), methods[method]["responses"], (method, path))
        self.g.rest("POST", "/v1/resume", {})


class Frame(case.SystemTest):
    """The gateway's own doings, beside one deployment."""

    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        cls.d.json("key", "create", "key-p256", "--curve", "p256")

    def gateway(self, *interfaces, **options):
        made = Gateway(self.d, *(interfaces or ("rest",)), **{"identities": [identity("admins", "admin", token=TOKEN)], **options})
        self.addCleanup(made.stop)
        return made

    def refuses_to_start(self, *words, arguments=(), identities=None):
        options = []
        if identities is not None:
            path = self.d.file("bad.json", identities if isinstance(identities, str) else json.dumps(identities))
            os.chmod(path, 0o600)
            options = ["--identities", path]
        answer = self.d.zcp("gateway", *arguments, *options, "--json", timeout=20)
        self.assertIn(answer.code, (1, 2), str(answer))
        for word in words:
            self.assertIn(word, answer.error_text)

    def test_start__what_would_be_open_or_of_no_use__refused(self):
        entry = identity("a", "admin", token=TOKEN)
        self.refuses_to_start("serve nobody", arguments=["rest"])
        self.refuses_to_start("access keys", arguments=["kms", "--credential", "admin"])
        self.refuses_to_start("TLS", arguments=["rest", "--credential", "admin", "--listen", "0.0.0.0:0"])
        self.refuses_to_start("interface", arguments=["nothing", "--credential", "admin"])
        self.refuses_to_start("named once", arguments=["rest", "rest", "--credential", "admin"])
        self.refuses_to_start("go together", arguments=["rest", "--credential", "admin", "--tls-cert", "x"])
        self.refuses_to_start("twice", arguments=["rest"], identities={"identities": [entry, {**entry, "name": "b"}]})
        for bad in ("{", "[]", {"identities": {}}, {"identities": [{}]}, {"identities": [{**entry, "more": 1}]},
                    {"identities": [{**entry, "tokens": ["short"]}]}, {"identities": [{**entry, "uids": ["x"]}]},
                    {"identities": [{**entry, "credential": "A B"}]}, {"identities": [{**entry, "tokens": ["sha256:00"]}]}):
            self.refuses_to_start("identit", arguments=["rest"], identities=bad)
        path = self.d.file("loose.json", json.dumps({"identities": [entry]}))
        os.chmod(path, 0o644)
        self.refuses_to_start("loose.json", arguments=["rest", "--identities", path])

    def test_credential__for_local_callers__asks_for_this_machines_name(self):
        g = self.gateway(identities=None, options=["--credential", "admin"])
        self.assertEqual(g.rest("GET", "/v1/status", token=None)[0], 200)
        self.assertEqual(g.rest("GET", "/v1/status", token="a-token-that-nobody-knows")[0], 401)
        self.assertEqual(g.rest("GET", "/v1/status", token=None, host="rebound.example.com")[0], 401)
        self.assertEqual(g.rest("GET", "/v1/status", token=None, host=f"localhost:{g.port['rest']}")[0], 200)

    def test_unix_socket__peer_by_uid(self):
        path = self.d.home / "rest.sock"
        g = Gateway(self.d, "rest", identities=[identity("me", "admin", uids=[os.getuid()])], listen=False,
                    options=["--listen", f"unix:{path}"])
        self.addCleanup(g.stop)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        link = http.client.HTTPConnection("localhost", timeout=10)
        link.sock = socket.socket(socket.AF_UNIX)
        link.sock.connect(str(path))
        status, answer, _ = ask(0, "GET", "/v1/status", connection=link)
        self.assertEqual((status, answer["principal"]), (200, "admin"))
        link.close()
        self.assertEqual(g.stop(), 0)
        self.assertFalse(path.exists())

    def test_tls__reloaded_and_mutual(self):
        authority = make_certificate(self.d.home, "authority", subject="authority")
        server = make_certificate(self.d.home, "server", authority)
        client = make_certificate(self.d.home, "client", authority, subject="client")
        stranger_authority = make_certificate(self.d.home, "other", subject="other")
        stranger = make_certificate(self.d.home, "stranger", stranger_authority, subject="client")
        fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(client[0].read_text())).hexdigest()
        g = self.gateway(identities=[identity("bot", "admin", token=TOKEN, certificates=[fingerprint])],
                         options=["--tls-cert", server[0], "--tls-key", server[1], "--tls-client-ca", authority[0]])

        def get(certificate=None, **headers):
            context = ssl.create_default_context(cafile=str(authority[0]))
            context.check_hostname = False
            if certificate:
                context.load_cert_chain(*map(str, certificate))
            link = http.client.HTTPSConnection("127.0.0.1", g.port["rest"], context=context, timeout=10)
            try:
                status, answer, _ = ask(0, "GET", "/v1/status", headers=headers, connection=link)
                return status, hashlib.sha256(link.sock.getpeercert(True)).hexdigest(), link.sock.version()
            finally:
                link.close()

        self.assertEqual(get()[0], 401)
        self.assertEqual(get(authorization=f"Bearer {TOKEN}")[0], 200)
        status, first, version = get(client)
        self.assertEqual((status, version), (200, "TLSv1.3"))
        self.assertEqual(get(stranger)[0], 401)
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            context.wrap_socket(socket.create_connection(("127.0.0.1", g.port["rest"]), 10))
        server[1].write_text("no key at all")
        g.signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertEqual(get(client)[:2], (200, first), "a broken certificate replaces nothing")
        make_certificate(self.d.home, "server", authority)
        g.signal(signal.SIGHUP)
        time.sleep(0.5)
        status, second, _ = get(client)
        self.assertEqual(status, 200)
        self.assertNotEqual(first, second)
        g.identities.write_text(json.dumps({"identities": [identity("bot", "admin", token=TOKEN)]}))
        g.signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertEqual(get(client)[0], 401, "a withdrawn certificate is withdrawn")

    def test_slow_loris__ends__and_others_are_served(self):
        g = self.gateway(options=["--request-seconds", 2, "--idle-seconds", 3])
        port, ends = g.port["rest"], []

        def drip(head, piece):
            with socket.create_connection(("127.0.0.1", port), 30) as link:
                began = time.monotonic()
                link.sendall(head)
                try:
                    while time.monotonic() < began + 20:
                        link.sendall(piece)
                        time.sleep(0.1)
                except OSError:
                    ends.append(time.monotonic() - began)

        heads = [(b"G", b"E"), (b"GET /v1/status HTTP/1.1\r\nHost: x\r\n", b"a: b\r\n"),
                 (b"POST /v1/attest HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", b" ")]
        threads = [threading.Thread(target=drip, args=head) for head in heads * 20]
        for thread in threads:
            thread.start()
        for _ in range(10):
            self.assertEqual(g.rest("GET", "/v1/status")[0], 200)
            time.sleep(0.1)
        for thread in threads:
            thread.join()
        self.assertEqual(len(ends), len(threads))
        self.assertLess(max(ends), 6)

    def test_connections__all_taken__the_oldest_idle_ones_go(self):
        g = self.gateway(options=["--connections", 64, "--threads", 2])
        idle = [socket.create_connection(("127.0.0.1", g.port["rest"]), 10) for _ in range(80)]
        try:
            time.sleep(4)
            self.assertEqual(g.rest("GET", "/v1/status")[0], 200)
        finally:
            for link in idle:
                link.close()

    def test_garbage__not_http__the_gateway_lives(self):
        """All at once: what is no whole request is held until its time is up, and chance decides how much of it that is."""
        g = self.gateway(options=["--request-seconds", 2, "--idle-seconds", 3])

        def send(data):
            """Whether the gateway ended it."""
            with socket.create_connection(("127.0.0.1", g.port["rest"]), 30) as link:
                try:
                    link.sendall(data)
                    link.shutdown(socket.SHUT_WR)
                    while link.recv(65536):
                        pass
                except TimeoutError:
                    return False
                except OSError:
                    pass
            return True

        garbage = [data for size in (1, 100, 5000, 100000)
                   for data in (os.urandom(size), b"\0" * size, b"\r\n" * size, b"GET " + b"/" * size, b"GET / HTTP/9.9\r\n" * size)]
        with concurrent.futures.ThreadPoolExecutor(len(garbage)) as senders:
            self.assertEqual(list(senders.map(send, garbage)), [True] * len(garbage))
        self.assertEqual(g.rest("GET", "/v1/status")[0], 200)
        self.assertEqual(g.stop(), 0)

    def test_drain__under_load__no_request_is_lost(self):
        g = self.gateway()
        done, failed, stop = [0], [], threading.Event()

        def load():
            while not stop.is_set():
                try:
                    link = http.client.HTTPConnection("127.0.0.1", g.port["rest"], timeout=10)
                    link.connect()
                except OSError:
                    return
                try:
                    link.request("POST", "/v1/sign/message", json.dumps({"key": "key-p256", "text": "x"}),
                                 {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"})
                    sent = True
                    status = link.getresponse().status
                    done[0] += 1
                    if status != 200:
                        failed.append(status)
                except http.client.RemoteDisconnected:
                    return  # accepted by the kernel, never by the gateway
                except OSError:
                    return
                finally:
                    link.close()

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        self.assertEqual(g.stop(), 0)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])
        self.assertGreater(done[0], 10)

    def test_systemd__socket_ready_watchdog(self):
        place = str(self.d.home / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, socket.socket() as listener:
            notify.bind(place)
            notify.settimeout(10)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port, copy = listener.getsockname()[1], listener.fileno()
            identities = self.d.file("systemd.json", json.dumps({"identities": [identity("a", "admin", token=TOKEN)]}))
            os.chmod(identities, 0o600)
            script = (f"exec 3<&{copy}; export LISTEN_PID=$$; exec {self.d.build}/zcp gateway rest --dir {self.d.dir} "
                      f"--identities {identities}")
            process = subprocess.Popen(["bash", "-c", script], pass_fds=[copy], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env={**os.environ, "NOTIFY_SOCKET": place, "LISTEN_FDS": "1", "LISTEN_FDNAMES": "rest",
                                            "WATCHDOG_USEC": "400000"})
            try:
                self.assertEqual(notify.recv(100), b"READY=1")
                self.assertEqual(ask(port, "GET", "/v1/status", headers={"authorization": f"Bearer {TOKEN}"})[0], 200)
                self.assertEqual([notify.recv(100) for _ in range(3)], [b"WATCHDOG=1"] * 3)
                process.send_signal(signal.SIGTERM)
                rest = [notify.recv(100)]
                while rest[-1] == b"WATCHDOG=1":
                    rest.append(notify.recv(100))
                self.assertEqual(rest[-1], b"STOPPING=1")
                self.assertEqual(process.wait(15), 0)
            finally:
                process.kill()
                process.wait()


if __name__ == "__main__":
    case.main(140)
