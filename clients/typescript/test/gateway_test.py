"""The TypeScript client's own tests against real gateways, before an open, a strict and a reviewing deployment."""
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests" / "system"))

from support import case  # noqa: E402
from support.deployment import OPEN, STARTER  # noqa: E402
from support.gateway import TOKEN, Gateway, free_port, identity  # noqa: E402

PACKAGE = Path(os.environ["ZC_PACKAGES"])
ANVIL = PACKAGE / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
SECRET = "c2VjcmV0MDEyMzQ1Njc4OXNlY3JldDAxMjM0NTY3ODk="

REVIEW = """
mission: reviewed
version: 1
principals:
  admin: {organisation: Test, key: local, roles: [founder, key-admin, approver, auditor]}
  trader: {organisation: Desk, key: local, roles: [signer]}
quorum: {founders: 1, resume: 1}
rules:
  works:
    allow: anything
    uses: [tx]
    who: trader
    keys: any
    chains: any
    assets: any
    to: any
    contracts: any
    methods: any
    accept-risks: all
  asks:
    review: anything
    approvals: {needed: 1, organisations: 1, valid: 15m, by: [admin]}
"""


def rpc(url, method, *params):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, {"content-type": "application/json"}), timeout=20) as answer:
        return json.load(answer)


class TypeScript(case.SystemTest):
    def serve(self, deployment, who, *options, listen=True):
        gateway = Gateway(deployment, "rest", identities=[identity("desk", who, token=TOKEN)], options=options, listen=listen)
        self.addCleanup(gateway.stop)
        return f"127.0.0.1:{gateway.port['rest']}"

    def node(self):
        url = f"http://127.0.0.1:{free_port()}"
        process = subprocess.Popen([str(ANVIL), "--port", url.rsplit(":", 1)[1], "--silent"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.terminate)
        for _ in range(200):
            try:
                rpc(url, "eth_chainId")
                return url
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("anvil does not start")

    def import_venues(self, deployment, *venues):
        secret, phrase = deployment.file("secret", SECRET), deployment.file("phrase", "a-passphrase")
        secret.chmod(0o600)
        for venue in venues:
            kind = "hmac-sha512" if venue == "kraken" else "hmac-sha256"
            bound = ["--venue", venue] if venue in ("kraken", "okx") else []
            # One secret under two names is refused: each venue has its own.
            secret.write_text(SECRET if venue == "binance" else SECRET[4:] if venue == "kraken" else f"{venue}-{SECRET}")
            done = deployment.zcp("key", "import", f"venue-{venue}", "--kind", kind, "--private-key", secret, "--api-key", "an-api-key",
                                  *bound, *(["--passphrase-file", phrase] if venue == "okx" else []))
            self.expect(done)

    def test_package__its_own_tests__against_running_gateways(self):
        node = self.node()
        wide, strict, reviewing = self.deploy(OPEN), self.deploy(STARTER), self.deploy(REVIEW)
        for name in ("desk-ethers", "desk-viem"):
            address = wide.json("key", "create", name, "--curve", "secp256k1")["address"]
            rpc(node, "anvil_setBalance", address, hex(10**20))
        for deployment in (strict, reviewing):
            deployment.json("key", "create", "desk", "--curve", "secp256k1")
        self.import_venues(wide, "binance", "bybit", "okx", "kraken")
        self.import_venues(strict, "binance")
        certificate, key = wide.home / "server.pem", wide.home / "server.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                        "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                       capture_output=True, check=True)
        socket = wide.home / "rest.sock"
        environment = {
            "ZCP_TEST_NODE": node, "ZCP_TEST_TOKEN": TOKEN, "ZCP_TEST_SECRET": SECRET,
            "ZCP_TEST_OPEN": "http://" + self.serve(wide, "admin"),
            "ZCP_TEST_TLS": "https://" + self.serve(wide, "admin", "--tls-cert", certificate, "--tls-key", key),
            "ZCP_TEST_STRICT": "http://" + self.serve(strict, "trader"),
            "ZCP_TEST_REVIEW": "http://" + self.serve(reviewing, "trader"),
            "ZCP_TEST_CA": certificate.read_text(), "ZCP_TEST_DEPLOYMENT": str(wide.dir / "deployment.json"),
            "ZCP_TEST_UNIX": f"unix:{socket}",
        }
        self.serve(wide, "admin", "--listen", f"unix:{socket}", listen=False)
        node_program = os.environ["ZC_NODE"]
        subprocess.run([node_program, "node_modules/typescript/bin/tsc"], cwd=PACKAGE, check=True, timeout=200)
        tests = sorted(str(path) for path in (PACKAGE / "dist/typescript/test").glob("*.test.js"))
        self.assertGreaterEqual(len(tests), 4)
        done = subprocess.run([node_program, "--test", "--test-concurrency=1", "--test-reporter=tap", *tests], cwd=PACKAGE, env={**os.environ, **environment},
                              capture_output=True, timeout=200, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode()[-20000:] + done.stderr.decode()[-4000:])
        self.assertRegex(done.stdout, rb"\n# skipped 0\n")
        print("\n  " + ", ".join(line[2:] for line in done.stdout.decode().splitlines() if line.startswith(("# tests", "# pass"))))


if __name__ == "__main__":
    case.main(400)
