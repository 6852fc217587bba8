"""ethers, viem and web3, unmodified: what they sign through the gateway is mined by a local node, or refused by the mission."""
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "system"))

from support import case, evm  # noqa: E402
from support.deployment import OPEN, STARTER  # noqa: E402
from support.gateway import Gateway, free_port  # noqa: E402

PACKAGES = Path(os.environ["ZC_PACKAGES"])
ANVIL = PACKAGES / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"


def rpc(url, method, *params, raw=None):
    body = raw if raw is not None else json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    request = urllib.request.Request(url, body.encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


class Node:
    """A chain of our own, with nothing on it but test money."""

    def __init__(self):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = subprocess.Popen([str(ANVIL), "--port", self.url.rsplit(":", 1)[1], "--silent"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                rpc(self.url, "eth_chainId")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("anvil does not start")

    def receipt(self, transaction):
        """Of a transaction that was just sent: the node mines it by itself, a moment later."""
        for _ in range(100):
            receipt = rpc(self.url, "eth_getTransactionReceipt", transaction)["result"]
            if receipt is not None:
                return receipt
            time.sleep(0.1)
        raise AssertionError(f"{transaction} is not mined")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Ethereum(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.stop)
        cls.d = cls.deploy_for_class(OPEN)
        cls.gateway, cls.url, cls.address = cls.serve(cls.d, "admin")

    @classmethod
    def serve(cls, deployment, credential):
        address = deployment.json("key", "create", "coin", "--curve", "secp256k1")["address"]
        rpc(cls.node.url, "anvil_setBalance", address, hex(10**20))
        path = deployment.dir / "credentials" / f"{credential}.key"
        gateway = Gateway(deployment, "jsonrpc", options=["--credential", path, "--node", cls.node.url])
        cls.addClassCleanup(gateway.stop)
        return gateway, f"http://127.0.0.1:{gateway.port['jsonrpc']}", address

    def client(self, library, url=None, address=None):
        done = subprocess.run([os.environ["ZC_NODE"], "clients.mjs", library, url or self.url, address or self.address],
                              cwd=PACKAGES, capture_output=True, timeout=90, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        return [json.loads(line) for line in done.stdout.splitlines()]

    def mined(self, lines):
        hashes = [line["hash"] for line in lines if line["what"] == "mined"]
        self.assertEqual(len(hashes), 1, lines)
        receipt = self.node.receipt(hashes[0])
        self.assertEqual((receipt["status"], receipt["from"]), ("0x1", self.address.lower()))

    def test_ethers__signs_and_sends__mined(self):
        self.mined(self.client("ethers"))

    def test_viem__signs_and_sends__mined(self):
        self.mined(self.client("viem"))

    def test_web3__signs_and_sends__mined(self):
        self.mined(self.client("web3"))

    def test_ethers__refused_by_the_mission__rule_in_the_error(self):
        d = self.deploy(STARTER)
        _, url, address = self.serve(d, "trader")
        line = self.client("refused", url, address)[-1]
        self.assertEqual(line["code"], 4001, line)
        self.assertEqual(line["data"]["decision"], "deny", line)
        self.assertIn("denied", line["message"])

    def signer(self, interface):
        """A gateway of another interface before the same deployment: its address."""
        path = self.d.dir / "credentials" / "admin.key"
        gateway = Gateway(self.d, interface, options=["--credential", path, "--node", self.node.url, "--chain-id", "31337"])
        self.addCleanup(gateway.stop)
        return f"http://127.0.0.1:{gateway.port[interface]}"

    def arguments(self, **more):
        nonce = rpc(self.node.url, "eth_getTransactionCount", self.address, "pending")["result"]
        return {"from": self.address, "to": "0x" + evm.TREASURY.hex(), "gas": "0x7530", "maxFeePerGas": hex(10**10),
                "maxPriorityFeePerGas": "0x1", "value": "0x1", "nonce": nonce, **more}

    def send(self, raw):
        answer = rpc(self.node.url, "eth_sendRawTransaction", raw)
        self.assertIn("result", answer, raw)
        receipt = self.node.receipt(answer["result"])
        self.assertEqual((receipt["status"], receipt["from"]), ("0x1", self.address.lower()))
        return answer["result"]

    def test_web3signer__each_way_to_sign__mined(self):
        url = self.signer("web3signer")
        self.send(rpc(url, "eth_signTransaction", self.arguments())["result"])
        legacy = {**self.arguments(gasPrice=hex(10**10)), "maxFeePerGas": None, "maxPriorityFeePerGas": None}
        self.send(rpc(url, "eth_signTransaction", legacy)["result"])
        sent = rpc(url, "eth_sendTransaction", {"from": self.address, "to": "0x" + evm.TREASURY.hex(), "value": "0x1"})["result"]
        self.assertEqual(self.node.receipt(sent)["status"], "0x1")
        nonce = int(rpc(self.node.url, "eth_getTransactionCount", self.address, "pending")["result"], 16)
        unsigned = evm.eip1559(nonce, chain=31337, fee=10**10)
        with urllib.request.urlopen(url + "/api/v1/eth1/publicKeys", timeout=20) as answer:
            (identifier,) = json.load(answer)
        request = urllib.request.Request(f"{url}/api/v1/eth1/sign/{identifier}", json.dumps({"data": "0x" + unsigned.hex()}).encode(),
                                         {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            signature = bytes.fromhex(answer.read().decode()[2:])
        scalars = [int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")]
        fields = [31337, nonce, 1, 10**10, 21000, evm.TREASURY, 1, b"", [], signature[64] - 27, *scalars]
        self.send("0x02" + evm.rlp(fields).hex())

    def test_clef__as_geth_asks__mined_and_the_hash_is_the_nodes(self):
        url = self.signer("clef")
        for arguments in (self.arguments(accessList=[], gasPrice=None, data=None, input="0x"),
                          {**self.arguments(), "maxFeePerGas": None, "maxPriorityFeePerGas": None, "gasPrice": hex(10**10)}):
            arguments["nonce"] = rpc(self.node.url, "eth_getTransactionCount", self.address, "pending")["result"]
            made = rpc(url, "account_signTransaction", arguments)["result"]
            self.assertEqual(self.send(made["raw"]), made["tx"]["hash"])
            mined = rpc(self.node.url, "eth_getTransactionByHash", made["tx"]["hash"])["result"]
            for name in ("nonce", "gas", "value", "input", "r", "s", "v", "type"):
                self.assertEqual(int(mined[name] if mined[name] != "0x" else "0x0", 16),
                                 int(made["tx"][name] if made["tx"][name] != "0x" else "0x0", 16), name)

    def test_requests__what_is_not_json_rpc__refused_in_its_form(self):
        cases = [("[]", -32600), ("{", -32700), ('{"jsonrpc":"2.0","id":1}', -32600),
                 ('{"jsonrpc":"2.0","id":1,"method":"eth_sign","params":{}}', -32602),
                 ('{"jsonrpc":"2.0","id":1,"method":"eth_sign","params":["0x00","0x"]}', -32602),
                 ('{"jsonrpc":"2.0","id":1,"method":"eth_sign","method":"eth_accounts","params":[]}', -32700)]
        for body, code in cases:
            self.assertEqual(rpc(self.url, None, raw=body)["error"]["code"], code, body)
        nobody = "0x00000000000000000000000000000000DeaDBeef"
        self.assertEqual(rpc(self.url, "personal_sign", "0x00", nobody)["error"]["code"], 4100)
        unknown = {"from": self.address, "to": nobody, "gas": "0x5208", "nonce": "0x0", "gasPrice": "0x1", "chainid": "0x1"}
        self.assertEqual(rpc(self.url, "eth_signTransaction", unknown)["error"]["code"], -32602)

    def test_batch__own_and_the_nodes__answers_in_order(self):
        body = json.dumps([{"jsonrpc": "2.0", "id": 7, "method": "eth_accounts", "params": []},
                           {"jsonrpc": "2.0", "method": "eth_accounts", "params": []},
                           {"jsonrpc": "2.0", "id": 8, "method": "eth_chainId", "params": []}])
        answers = rpc(self.url, None, raw=body)
        self.assertEqual([(a["id"], a["result"]) for a in answers], [(7, [self.address]), (8, "0x7a69")])


if __name__ == "__main__":
    case.main(200)
