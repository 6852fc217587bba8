"""`zcp gateway clef`: geth's calls to its external signer, replayed, over HTTP and over IPC; and Clef's other calls."""
import json
import re
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case, evm, signatures  # noqa: E402
from support.deployment import OPEN, STARTER, USAGE  # noqa: E402
from support.gateway import Gateway, ask  # noqa: E402

RECORDING = Path(__file__).resolve().parent / "recordings" / "geth_external_signer.json"
TO = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


class Ipc:
    """JSON values one behind the other on a Unix socket, as geth's rpc.Dial speaks to a path."""

    def __init__(self, path):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(20)
        self.link.connect(str(path))
        self.lines = self.link.makefile("rb")

    def ask(self, request):
        self.link.sendall(json.dumps(request).encode())
        return json.loads(self.lines.readline())

    def close(self):
        self.lines.close()
        self.link.close()


def fits(shape, value):
    if isinstance(shape, dict):
        return isinstance(value, dict) and set(shape) == set(value) and all(fits(shape[name], value[name]) for name in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and len(shape) == len(value) and all(map(fits, shape, value))
    return value is None if shape is None else isinstance(value, str) and re.search(shape, value) is not None


def recover(text, data):
    """The address whose key made the signature over the Keccak-256 of data."""
    signature = bytes.fromhex(text[2:])
    p, _, n, base = signatures.CURVES["secp256k1"]
    r, s, odd = signatures.number(signature[:32]), signatures.number(signature[32:64]), signature[64] % 27
    y = pow(r**3 + 7, (p + 1) // 4, p)
    point = (r, y if y % 2 == odd else p - y)
    digest, inverse = signatures.number(signatures.keccak256(data)), pow(r, -1, n)
    mine = signatures.add("secp256k1", signatures.times("secp256k1", s * inverse % n, point),
                          signatures.times("secp256k1", -digest * inverse % n, base))
    return signatures.ethereum_address(mine)


class Clef(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        cls.address = cls.d.json("key", "create", "coin", "--curve", "secp256k1")["address"]
        admin = cls.d.dir / "credentials" / "admin.key"
        cls.ipc_path = cls.d.home / "clef.ipc"
        cls.g = Gateway(cls.d, "clef", options=["--credential", admin, "--chain-id", "31337", "--ipc", cls.ipc_path])
        cls.addClassCleanup(cls.g.stop)

    def http(self, request):
        status, answer, _ = ask(self.g.port["clef"], "POST", "/", request)
        self.assertEqual(status, 200, answer)
        return answer

    def call(self, method, *params):
        return self.http({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})

    def replay(self, send):
        recording = json.loads(RECORDING.read_text())["calls"]
        text = json.dumps(recording).replace("ACCOUNT", self.address)
        for one in json.loads(text):
            answer = send(one["call"])
            self.assertEqual(answer["id"], one["call"]["id"])
            self.assertTrue(fits(one["answer"], answer.get("result")), f"{one['note']}: {answer}")
            if one["call"]["method"] == "account_signTransaction":
                self.same_transaction(answer["result"])

    def same_transaction(self, result):
        """`tx` says what `raw` says, as geth reads the one and sends the other."""
        raw, tx = bytes.fromhex(result["raw"][2:]), result["tx"]
        self.assertEqual("0x" + signatures.keccak256(raw).hex(), tx["hash"])
        *_, v, r, s = evm.items(raw[1:] if raw[0] < 0x80 else raw)
        for name, value in (("v", v), ("r", r), ("s", s)):
            self.assertEqual(int(tx[name], 16), int.from_bytes(value, "big"), name)

    def test_geth__its_recording_over_http__each_answer_has_its_shape(self):
        self.replay(self.http)

    def test_geth__its_recording_over_ipc__on_one_connection(self):
        link = Ipc(self.ipc_path)
        self.addCleanup(link.close)
        self.replay(link.ask)

    def test_ipc__alone_or_where_there_is_none__served_or_refused(self):
        """A socket as the interface's only address; --ipc without an interface that has one; a socket that goes with the gateway."""
        admin, path = self.d.dir / "credentials" / "admin.key", self.d.home / "alone.ipc"
        alone = Gateway(self.d, "clef", listen=False, options=["--credential", admin, "--listen", f"unix:{path}"])
        link = Ipc(path)
        self.assertEqual(link.ask({"jsonrpc": "2.0", "id": 1, "method": "account_list"})["result"], [self.address])
        link.close()
        self.assertEqual(alone.stop(), 0)
        self.assertFalse(path.exists())
        for arguments in (["jsonrpc", "--listen", "127.0.0.1:1"], ["clef", "--listen", f"unix:{path}"]):
            self.expect(self.d.zcp("gateway", *arguments, "--credential", admin, "--ipc", path), USAGE, "--ipc")
            self.assertFalse(path.exists())

    def test_ipc__values_in_one_piece_or_in_many__all_answered(self):
        link = Ipc(self.ipc_path)
        self.addCleanup(link.close)
        one = {"jsonrpc": "2.0", "id": 1, "method": "account_version", "params": ['{"a": "]}\\"']}
        two = {**one, "id": 2}
        link.link.sendall((json.dumps(one) + "\n\n  " + json.dumps(two)).encode())
        self.assertEqual([json.loads(link.lines.readline())["id"] for _ in range(2)], [1, 2])
        for byte in json.dumps([one, two]).encode():
            link.link.sendall(bytes([byte]))
        self.assertEqual([answer["id"] for answer in json.loads(link.lines.readline())], [1, 2])
        for bad in (b"nothing", b"}", b'{"jsonrpc": }', b"[" * 1000 + b"]" * 1000):
            other = Ipc(self.ipc_path)
            other.link.sendall(bad)
            self.assertEqual(json.loads(other.lines.readline())["error"]["code"], -32700, bad[:20])
            other.close()
        endless = Ipc(self.ipc_path)
        try:
            for _ in range(64):
                endless.link.sendall(b'{"a": "' + b"x" * 8192)
        except OSError:
            pass
        self.assertEqual(link.ask(one)["id"], 1)
        endless.close()

    def test_sign_data__each_content_type__over_its_own_bytes(self):
        mine = self.address.lower()
        hello = b"\x19Ethereum Signed Message:\n5hello"
        for kind in ("text/plain", "data/plain"):
            signed = self.call("account_signData", kind, self.address, "0x68656c6c6f")["result"]
            self.assertEqual(recover(signed, hello), mine)
        self.assertEqual(self.call("account_ecRecover", "0x68656c6c6f", signed)["result"], mine)
        validator = {"address": TO, "message": "0xcafe"}
        signed = self.call("account_signData", "data/validator", self.address, validator)["result"]
        self.assertEqual(recover(signed, b"\x19\x00" + bytes.fromhex(TO[2:]) + b"\xca\xfe"), mine)
        typed = {"types": {"EIP712Domain": [{"name": "name", "type": "string"}], "Mail": [{"name": "text", "type": "string"}]},
                 "primaryType": "Mail", "domain": {"name": "m"}, "message": {"text": "hi"}}
        keccak = signatures.keccak256
        whole = (b"\x19\x01" + keccak(keccak(b"EIP712Domain(string name)") + keccak(b"m")) +
                 keccak(keccak(b"Mail(string text)") + keccak(b"hi")))
        for answer in (self.call("account_signTypedData", self.address, typed),
                       self.call("account_signData", "data/typed", self.address, typed)):
            self.assertEqual(recover(answer["result"], whole), mine)
        for params in (["text/html", self.address, "0x00"], ["text/plain", self.address, "hello"], [],
                       ["data/validator", self.address, "0x00"], ["data/typed", self.address, []]):
            self.assertEqual(self.call("account_signData", *params)["error"]["code"], -32602, params)
        self.assertEqual(self.call("account_signData", "text/plain", TO, "0x00")["error"]["code"], 4100)

    def test_safe__its_transaction__signed_as_the_hash_that_it_names(self):
        safe = {"safe": TO, "to": TO, "value": "1", "data": None, "operation": 0, "safeTxGas": 0, "baseGas": 0,
                "gasPrice": "0", "gasToken": "0x" + "00" * 20, "refundReceiver": "0x" + "00" * 20, "nonce": 3,
                "chainId": "0x7a69"}
        made = self.call("account_signGnosisSafeTx", self.address, safe)["result"]
        self.assertEqual(made["sender"], self.address)
        again = {**safe, "safeTxHash": made["contractTransactionHash"]}
        self.assertIn("result", self.call("account_signGnosisSafeTx", self.address, again))
        for change in ({"safeTxHash": "0x" + "11" * 32}, {"to": None}, {"nonce": None}):
            self.assertEqual(self.call("account_signGnosisSafeTx", self.address, {**again, **change})["error"]["code"], -32602)


class Policy(case.SystemTest):
    def test_refused__in_clefs_words__with_rule_and_margin(self):
        d = self.deploy(STARTER)
        address = d.json("key", "create", "coin", "--curve", "secp256k1")["address"]
        gateway = Gateway(d, "clef", options=["--credential", d.dir / "credentials" / "trader.key", "--chain-id", "1"])
        self.addCleanup(gateway.stop)
        plain = {"from": address, "to": TO, "gas": "0x5208", "maxFeePerGas": "0x2", "maxPriorityFeePerGas": "0x1", "nonce": "0x0",
                 "value": hex(2 * evm.ETH)}
        request = {"jsonrpc": "2.0", "id": 1, "method": "account_signTransaction", "params": [plain]}
        error = ask(gateway.port["clef"], "POST", "/", request)[1]["error"]
        self.assertEqual((error["code"], error["data"]["reason"]), (-32000, "POLICY_PER_TX"), error)
        self.assertTrue(error["message"].startswith("request denied: denied by rule trader-sends-eth"), error)
        clique = {**request, "method": "account_signData", "params": ["application/x-clique-header", address, "0xc0"]}
        self.assertEqual(ask(gateway.port["clef"], "POST", "/", clique)[1]["error"]["data"]["decision"], "deny")
        request["params"][0]["value"] = "0x1"
        self.assertIn("raw", ask(gateway.port["clef"], "POST", "/", request)[1]["result"])

    def test_account_new__who_may_make_keys_and_who_may_not(self):
        d = self.deploy(STARTER)
        for principal, makes in (("trader", False), ("admin", True)):
            gateway = Gateway(d, "clef", options=["--credential", d.dir / "credentials" / f"{principal}.key"])
            self.addCleanup(gateway.stop)
            answer = ask(gateway.port["clef"], "POST", "/", {"jsonrpc": "2.0", "id": 1, "method": "account_new"})[1]
            listed = {key["address"]: key["name"] for key in d.lines("key", "list") if key.get("address")}
            self.assertEqual("result" in answer, makes, answer)
            if makes:
                self.assertTrue(listed[answer["result"]].startswith("clef-"), listed)


if __name__ == "__main__":
    case.main(120)
