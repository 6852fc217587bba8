"""`zcp gateway web3signer`: Web3Signer's REST and JSON-RPC, and op-signer's calls, as their clients make them."""
import base64
import json
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case, evm, signatures  # noqa: E402
from support.deployment import OPEN, STARTER  # noqa: E402
from support.gateway import Gateway, ask, identity  # noqa: E402

TOKEN = "a-token-of-more-than-16-characters"
TO = "0x" + evm.TREASURY.hex()


def personal(text):
    return b"\x19Ethereum Signed Message:\n" + str(len(text)).encode() + text


class Web3Signer(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        key = cls.d.json("key", "create", "coin", "--curve", "secp256k1")
        cls.d.json("key", "create", "other", "--curve", "p256")
        cls.address, cls.point = key["address"], key["public_key"].removeprefix("0x").removeprefix("04")
        cls.public = (int(cls.point[:64], 16), int(cls.point[64:], 16))
        cls.g = Gateway(cls.d, "web3signer", identities=[identity("desk", "admin", token=TOKEN)])
        cls.addClassCleanup(cls.g.stop)
        cls.port = cls.g.port["web3signer"]

    def rpc(self, method, *params):
        status, answer, _ = ask(self.port, "POST", "/", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params},
                                {"authorization": f"Bearer {TOKEN}"})
        self.assertEqual(status, 200, answer)
        return answer

    def rest(self, method, path, body=None):
        return ask(self.port, method, path, body, {"authorization": f"Bearer {TOKEN}"})

    def holds(self, data, text):
        signature = bytes.fromhex(text.removeprefix("0x"))
        self.assertEqual(len(signature), 65)
        self.assertTrue(signatures.ecdsa_holds("secp256k1", self.public, signatures.keccak256(data), signature))
        return signature[64]

    def test_rest__keys_health_and_reload__as_web3signer_answers(self):
        self.assertEqual(ask(self.port, "GET", "/upcheck")[:2], (200, b"OK"))
        status, health, _ = ask(self.port, "GET", "/healthcheck")
        self.assertEqual((status, health["status"], health["outcome"]), (200, "UP", "UP"))
        status, keys, _ = self.rest("GET", "/api/v1/eth1/publicKeys")
        self.assertEqual((status, keys), (200, ["0x" + self.point]))
        self.assertEqual(self.rest("POST", "/reload")[0], 200)
        for path in ("/", "/api/v1/eth1/publicKeys"):
            self.assertEqual(ask(self.port, "POST" if path == "/" else "GET", path, "{}" if path == "/" else None)[0], 401)

    def test_rest_sign__text_transaction_and_bytes__keccak_of_exactly_them(self):
        for data in (personal(b"hello"), personal(b""), evm.eip1559(1), evm.eip155(2), b"any bytes", b"\x19\x01" + bytes(64)):
            for identifier in ("0x" + self.point, self.point.upper()):
                status, text, _ = self.rest("POST", f"/api/v1/eth1/sign/{identifier}", {"data": "0x" + data.hex()})
                self.assertEqual(status, 200, text)
                self.assertIn(self.holds(data, text.decode()), (27, 28))

    def test_rest_sign__what_makes_no_sense__its_status(self):
        path = f"/api/v1/eth1/sign/0x{self.point}"
        for body, status in (("", 400), ("{", 400), ({}, 400), ({"data": "hello"}, 400), ({"data": "0x0"}, 400),
                             ({"data": 1}, 400), ("[]", 400)):
            self.assertEqual(self.rest("POST", path, body)[0], status, body)
        for name in ("0x00", "coin", "0x" + "11" * 64):
            self.assertEqual(self.rest("POST", f"/api/v1/eth1/sign/{name}", {"data": "0x00"})[0], 404)
        self.assertEqual(self.rest("GET", "/nothing")[0], 404)

    def test_rpc__accounts_messages_and_transactions__as_its_clients_expect(self):
        self.assertEqual(self.rpc("eth_accounts")["result"], [self.address])
        signed = self.rpc("eth_sign", self.address, "0x" + b"hello".hex())["result"]
        self.holds(personal(b"hello"), signed)
        plain = {"from": self.address, "to": TO, "gas": "0x5208", "gasPrice": "0x1", "nonce": "0x0", "value": "0x1",
                 "chainId": "0x1", "data": "0x"}
        raw = bytes.fromhex(self.rpc("eth_signTransaction", plain)["result"][2:])
        fields = evm.items(raw)
        self.assertEqual((fields[3], int.from_bytes(fields[4], "big")), (evm.TREASURY, 1))
        self.assertEqual(self.rpc("eth_signTransaction", {**plain, "surprise": 1})["error"]["code"], -32602)
        self.assertEqual(self.rpc("eth_call", {})["error"]["code"], -32601)
        self.assertEqual(self.rpc("health_status")["result"], "ZeroCopy/0.1.0")

    def test_op_signer__its_transaction_arguments__signed_as_eip_1559(self):
        arguments = {"from": self.address, "to": TO, "gas": "0x5208", "gasPrice": None, "maxFeePerGas": "0x2",
                     "maxPriorityFeePerGas": "0x1", "value": "0x1", "nonce": "0x7", "data": None, "input": "0x",
                     "accessList": None, "chainId": "0xa"}
        for access in (None, []):
            raw = bytes.fromhex(self.rpc("eth_signTransaction", {**arguments, "accessList": access})["result"][2:])
            self.assertEqual(raw[0], 2)
            fields = evm.items(raw[1:])
            self.assertEqual([int.from_bytes(one, "big") for one in fields[:5]], [10, 7, 1, 2, 21000])

    def test_op_signer__block_payloads__both_forms_one_hash(self):
        domain, chain, payload = bytes(31) + b"\1", 10, os.urandom(32)
        digest_of = domain + chain.to_bytes(32, "big") + payload
        first = {"domain": list(domain), "chainId": chain, "payloadHash": base64.b64encode(payload).decode(),
                 "senderAddress": self.address}
        second = {"domain": "0x" + domain.hex(), "chainId": "0xa", "payloadHash": "0x" + payload.hex(),
                  "senderAddress": self.address}
        for method, arguments in (("opsigner_signBlockPayload", first), ("opsigner_signBlockPayloadV2", second)):
            self.assertIn(self.holds(digest_of, self.rpc(method, arguments)["result"]), (0, 1))
            for name in arguments:
                broken = {**arguments, name: "x"}
                self.assertEqual(self.rpc(method, broken)["error"]["code"], -32602, name)

    def test_many_at_once__each_gets_its_own_answer(self):
        wrong = []

        def run(number):
            for i in range(10):
                data = f"{number}-{i}".encode()
                try:
                    self.holds(personal(data), self.rpc("eth_sign", self.address, "0x" + data.hex())["result"])
                except Exception as error:  # pylint: disable=broad-except
                    wrong.append(repr(error))

        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Policy(case.SystemTest):
    def test_refused__by_both_ways__with_rule_and_margin(self):
        d = self.deploy(STARTER)
        key = d.json("key", "create", "coin", "--curve", "secp256k1")
        point = key["public_key"].removeprefix("0x").removeprefix("04")
        gateway = Gateway(d, "web3signer", identities=[identity("desk", "trader", token=TOKEN)], options=["--chain-id", "1"])
        self.addCleanup(gateway.stop)
        port, headers = gateway.port["web3signer"], {"authorization": f"Bearer {TOKEN}"}
        big = evm.eip1559(0, value=2 * evm.ETH)
        status, answer, _ = ask(port, "POST", f"/api/v1/eth1/sign/{point}", {"data": "0x" + big.hex()}, headers)
        self.assertEqual((status, answer["decision"]), (403, "deny"), answer)
        self.assertIn("denied by rule trader-sends-eth", answer["message"])
        self.assertEqual(answer["margin"]["limit"], str(evm.ETH))
        status, answer, _ = ask(port, "POST", f"/api/v1/eth1/sign/{point}", {"data": "0x" + b"bytes".hex()}, headers)
        self.assertEqual((status, answer["decision"]), (403, "deny"), "a digest needs the raw use")
        plain = {"from": key["address"], "to": TO, "gas": "0x5208", "maxFeePerGas": "0x2", "maxPriorityFeePerGas": "0x1",
                 "nonce": "0x0", "value": hex(2 * evm.ETH)}

        def rpc(arguments):
            return ask(port, "POST", "/", {"jsonrpc": "2.0", "id": 1, "method": "eth_signTransaction",
                                           "params": [arguments]}, headers)[1]
        error = rpc(plain)["error"]
        self.assertEqual((error["code"], error["data"]["reason"]), (4001, "POLICY_PER_TX"), error)
        self.assertIn("result", rpc({**plain, "value": "0x1"}), "the gateway's chain is filled in")
        self.assertEqual(rpc({**plain, "chainId": "0x2"})["error"]["code"], -32602)
        time.sleep(0.1)
        self.assertNotIn(TOKEN, gateway.log_path.read_text())
        self.assertIn("eth_signTransaction", json.dumps(gateway.log()))


if __name__ == "__main__":
    case.main(120)
