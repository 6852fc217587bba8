"""2,000 requests a second to each HTTP interface: none fails, and memory stays flat. SOAK_SECONDS for each (`make soak`: 60);
in `make check` five seconds for all of them. Signatures leave before their entries are on the disk (max-unacked), as on a
desk that wants speed; what KMS costs over a bare answer of the same server is printed."""
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case  # noqa: E402
from support.deployment import OPEN  # noqa: E402
from support.gateway import SECRET, TOKEN, Gateway, ask, identity  # noqa: E402

ACCESS = "AKIASOAK"
SECONDS = int(os.environ.get("SOAK_SECONDS", "5"))
LONG = SECONDS >= 30
# After the first ten seconds nothing may grow.
GROWTH_KIB = 1024 if LONG else 8192


class Soak(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN.read_text() + "  max-unacked: 256\n")
        cls.d.json("key", "create", "page", "--curve", "p256")
        cls.address = cls.d.json("key", "create", "coin", "--curve", "secp256k1")["address"]
        desk = {**identity("desk", "admin", ACCESS), "tokens": [TOKEN]}
        cls.g = Gateway(cls.d, "kms", "rest", "jsonrpc", "web3signer", "clef", "vault", identities=[desk],
                        options=["--log", "refused"])
        cls.addClassCleanup(cls.g.stop)

    def load(self, name, seconds, *arguments, threads=16, pace=2000):
        command = [self.d.build / "gateway-load", self.g.port[name], threads, seconds, pace, *arguments]
        return json.loads(subprocess.run(list(map(str, command)), capture_output=True, check=True).stdout)

    def requests(self):
        rpc = lambda method, *params: json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        post = lambda path, body: ("post", path, TOKEN, body)
        return {"kms": ("kms", "page", ACCESS, SECRET),
                "rest": post("/v1/sign/message", json.dumps({"key": "page", "text": "soak"})),
                "jsonrpc": post("/", rpc("personal_sign", "0x736f616b", self.address)),
                "web3signer": post("/", rpc("eth_sign", self.address, "0x736f616b")),
                "clef": post("/", rpc("account_signData", "text/plain", self.address, "0x736f616b")),
                "vault": post("/v1/transit/sign/page", json.dumps({"input": "c29haw=="}))}

    def test_load__2000_a_second__nothing_fails_and_memory_is_flat(self):
        requests = self.requests()
        each = SECONDS if LONG else SECONDS / len(requests)
        for name, arguments in requests.items():
            # As fast as it goes, so that every thread has its session and its heap before memory is looked at.
            warm = self.load(name, min(10, each), *arguments, pace=0)
            before = self.g.rss_kib()
            got = self.load(name, each, *arguments)
            after = self.g.rss_kib()
            print(f"{name}: {got}, resident {before} KiB, then {after} KiB", flush=True)
            self.assertEqual((warm["failed"], got["failed"]), (0, 0), name)
            self.assertGreater(got["requests"], 0, name)
            self.assertLess(after - before, GROWTH_KIB, f"{name}: resident memory grew")
            if LONG:
                self.assertGreater(got["per_s"], 1900, name)

    def test_kms__beside_a_bare_answer_of_the_same_server__printed(self):
        seconds = 5 if LONG else 1
        hello = self.load("kms", seconds, "hello", threads=1, pace=0)
        sign = self.load("kms", seconds, *self.requests()["kms"], threads=1, pace=0)
        self.assertEqual((hello["failed"], sign["failed"]), (0, 0))
        text = ask(self.g.port["kms"], "GET", "/metrics")[1].decode()
        for stage in ("translate", "enclave"):
            row = f'zcp_gateway_request_seconds_%s{{interface="kms",stage="{stage}"}} '
            total, count = (float(text.split(row % what)[1].split()[0]) for what in ("sum", "count"))
            print(f"{stage}: {total / count * 1e6:.0f} us on average", flush=True)
        print(f"p50: hello {hello['p50_us']} us, KMS Sign {sign['p50_us']} us, {sign['p50_us'] / hello['p50_us']:.2f} times",
              flush=True)


if __name__ == "__main__":
    case.main(SECONDS * 12 + 140)
