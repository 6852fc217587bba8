"""A running `zcp gateway` for a test, and the ways to ask it."""
import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import time

ACCESS_KEY, SECRET = "AKIAZCPTEST", "a-secret-of-32-characters-for-us"
TOKEN = "a-token-of-more-than-16-characters"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def identity(name, credential, access_key=None, token=None, **more):
    made = {"name": name, "credential": credential, **more}
    if access_key:
        made["access_keys"] = [{"id": access_key, "secret": SECRET}]
    if token:
        made["tokens"] = [token]
    return made


class Gateway:
    """Serves `interfaces` of a deployment on free ports: gateway.port["kms"]."""

    def __init__(self, deployment, *interfaces, identities=None, options=(), environment=None, listen=True):
        self.deployment = deployment
        self.log_path = deployment.home / "gateway.log"
        own = ["--dir", str(deployment.dir)]
        if identities is not None:
            self.identities = deployment.file("identities.json", json.dumps({"identities": identities}))
            os.chmod(self.identities, 0o600)
            own += ["--identities", str(self.identities)]
        for _ in range(3):
            self.port = {name: free_port() for name in interfaces}
            places = [part for name in interfaces if listen for part in ("--listen", f"127.0.0.1:{self.port[name]}")]
            arguments = [str(deployment.build / "zcp"), "gateway", *interfaces, *own, *places, *map(str, options)]
            self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=self.log_path.open("wb"),
                                            env={**os.environ, **(environment or {})})
            self.started = [self.process.stdout.readline() for _ in interfaces]
            # Between looking for a port and listening on it, somebody else may have taken it.
            if all(self.started) or "already in use" not in self.log_path.read_text(errors="replace"):
                break
            self.process.wait(10)
            self.process.stdout.close()
        assert all(self.started), self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.process.send_signal(number)

    def log(self):
        return [json.loads(line) for line in self.log_path.read_text().splitlines()]

    def rss_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def stop(self, seconds=15):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        self.process.stdout.close()
        return code

    def kms(self, operation, body, **options):
        return kms(self.port["kms"], operation, body, **options)

    def rest(self, method, path, body=None, token=TOKEN, **headers):
        if token:
            headers["authorization"] = f"Bearer {token}"
        return ask(self.port["rest"], method, path, body, headers)


def ask(port, method, path, body=None, headers=None, connection=None):
    """(status, parsed JSON or bytes, headers)."""
    link = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers.setdefault("content-type", "application/json")
    link.request(method, path, body, headers)
    answer = link.getresponse()
    data = answer.read()
    if connection is None:
        link.close()
    kind = answer.headers.get("content-type", "")
    return answer.status, json.loads(data) if "json" in kind and data else data, answer.headers


def sign_v4(port, operation, body, access_key=ACCESS_KEY, secret=SECRET, when=None, region="eu-west-1", service="kms",
            signed=("content-type", "host", "x-amz-date", "x-amz-target")):
    """The headers of a signed request, computed apart from the product."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(when))
    headers = {"content-type": "application/x-amz-json-1.1", "host": f"127.0.0.1:{port}", "x-amz-date": stamp,
               "x-amz-target": f"TrentService.{operation}"}
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{headers[name]}" for name in signed), "", ";".join(signed),
                           hashlib.sha256(body).hexdigest()])
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + secret.encode()
    for part in (stamp[:8], region, service, "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={';'.join(signed)}, "
                                f"Signature={key.hex()}")
    return headers


# No two requests of a test are the same: KMS clients put an id into each.
_counter = iter(range(1 << 30))


def kms(port, operation, body, connection=None, **options):
    data = body if isinstance(body, bytes) else (json.dumps(body) + " " * (next(_counter) % 4096)).encode()
    headers = sign_v4(port, operation, data, **options)
    return ask(port, "POST", "/", data, headers, connection)
