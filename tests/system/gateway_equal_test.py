"""No interface can do what its principal couldn't do through libzcp: 500 requests through each, those that it can say, and
the same through libzcp."""
import base64
import http.client
import json
import random
import socket
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case, evm, libzcp, pkcs11, signatures  # noqa: E402
from support.gateway import TOKEN, Gateway, ask, identity  # noqa: E402

REQUESTS = 500
ACCESS = "AKIAEQUAL"

MISSION = """
mission: equal
version: 1
principals:
  admin: {organisation: Test, key: local, roles: [founder, key-admin, approver, auditor]}
  trader: {organisation: Test, key: local, roles: [signer]}
quorum: {founders: 1, resume: 1}
assets:
  ETH: {chain: ethereum, native: true, decimals: 18}
recipients:
  treasury: {chain: ethereum, address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}
rules:
  sends:
    allow: transfer
    who: trader
    keys: [coin]
    chains: ethereum
    assets: ETH
    to: [treasury]
    limits: [1 ETH per transaction]
  talks:
    allow: anything
    uses: [message]
    who: trader
    keys: [coin, page, bird]
    chains: any
    assets: any
    to: any
    contracts: any
    methods: any
    accept-risks: all
  stamps:
    allow: anything
    uses: [digest]
    who: trader
    keys: [raw, stone]
    chains: any
    assets: any
    to: any
    contracts: any
    methods: any
    accept-risks: all
audit: {denials-per-minute: 100000, max-unacked: 256}
"""

# Half of them may sign something, the others nothing at all.
KEYS = {"coin": "secp256k1", "gold": "secp256k1", "raw": "secp256k1", "page": "p256", "leaf": "p256", "stone": "p256",
        "bird": "ed25519", "fish": "ed25519"}


def b64(data):
    return base64.b64encode(data).decode()


def string(data):
    return struct.pack(">I", len(data)) + data


class Interfaces:
    """Each method asks one interface, and says (whether it signed, rule, reason); None where its form has no room for them."""

    def __init__(self, test, d, keys):
        self.keys = keys
        self.g = Gateway(d, "kms", "rest", "jsonrpc", "web3signer", "clef", "vault", identities=[
            {**identity("desk", "trader", ACCESS), "tokens": [TOKEN]}], options=["--log", "none"])
        test.addCleanup(self.g.stop)
        path = d.home / "agent.sock"
        self.agent_gateway = Gateway(d, "ssh-agent", listen=False, options=[
            "--credential", d.dir / "credentials" / "trader.key", "--listen", f"unix:{path}", "--log", "none"])
        test.addCleanup(self.agent_gateway.stop)
        self.link = socket.socket(socket.AF_UNIX)
        self.link.connect(str(path))
        test.addCleanup(self.link.close)
        self.module = pkcs11.Module(case.build / "libzcp-pkcs11.so", d.dir, "trader")
        test.addCleanup(self.module.close)
        self.open = {name: http.client.HTTPConnection("127.0.0.1", port, timeout=20) for name, port in self.g.port.items()}
        for link in self.open.values():
            test.addCleanup(link.close)

    def post(self, name, path, body):
        return ask(self.g.port[name], "POST", path, body, {"authorization": f"Bearer {TOKEN}"}, self.open[name])

    @staticmethod
    def said(signed, details):
        return (True, None, None) if signed else (False, details.get("rule"), details.get("reason"))

    def rest(self, key, use, payload):
        form = {"tx": "tx", "message": "message", "digest": "digest"}[use]
        body = {"key": key, "payload": "0x" + payload.hex()}
        if use != "digest" and KEYS[key] == "secp256k1":
            body["chain"] = "evm"
        status, answer, _ = self.post("rest", f"/v1/sign/{form}", body)
        return self.said(status == 200, answer)

    def kms(self, key, use, payload):
        algorithm = "ED25519_SHA_512" if KEYS[key] == "ed25519" else "ECDSA_SHA_256"
        body = {"KeyId": key, "Message": b64(payload), "MessageType": "DIGEST" if use == "digest" else "RAW",
                "SigningAlgorithm": algorithm}
        status, answer, _ = self.g.kms("Sign", body, access_key=ACCESS, connection=self.open["kms"])
        return self.said(status == 200, answer)

    def rpc(self, name, method, *params):
        answer = self.post(name, "/", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})[1]
        return self.said("result" in answer, answer.get("error", {}).get("data", {}))

    def jsonrpc(self, key, use, payload):
        address = self.keys[key]["address"]
        if use == "message":
            return self.rpc("jsonrpc", "personal_sign", "0x" + payload.hex(), address)
        return self.rpc("jsonrpc", "eth_signTransaction", self.arguments(address, payload))

    def web3signer(self, key, use, payload):
        address = self.keys[key]["address"]
        if use == "message":
            return self.rpc("web3signer", "eth_sign", address, "0x" + payload.hex())
        return self.rpc("web3signer", "eth_signTransaction", self.arguments(address, payload))

    def eth1(self, key, use, payload):
        """Web3Signer's REST, which is given what is hashed."""
        head = b"\x19Ethereum Signed Message:\n" + str(len(payload)).encode() if use == "message" else b""
        point = self.keys[key]["public_key"].removeprefix("0x").removeprefix("04")
        status, answer, _ = self.post("web3signer", f"/api/v1/eth1/sign/0x{point}", {"data": "0x" + (head + payload).hex()})
        return self.said(status == 200, answer)

    def clef(self, key, use, payload):
        address = self.keys[key]["address"]
        if use == "message":
            return self.rpc("clef", "account_signData", "text/plain", address, "0x" + payload.hex())
        return self.rpc("clef", "account_signTransaction", self.arguments(address, payload))

    def vault(self, key, use, payload):
        body = {"input": b64(payload), "prehashed": use == "digest"}
        status, answer, _ = self.post("vault", f"/v1/transit/sign/{key}", body)
        return self.said(status == 200, answer)

    def agent(self, key, use, payload):
        del use
        public = bytes.fromhex(self.keys[key]["public_key"].removeprefix("0x"))
        blob = (string(b"ssh-ed25519") + string(public) if KEYS[key] == "ed25519"
                else string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(public))
        self.link.sendall(string(b"\x0d" + string(blob) + string(payload) + bytes(4)))
        size = struct.unpack(">I", self.link.recv(4, socket.MSG_WAITALL))[0]
        return self.link.recv(size, socket.MSG_WAITALL)[0] == 14, None, None

    def pkcs11(self, key, use, payload):
        by_use = pkcs11.ECDSA if use == "digest" else pkcs11.ECDSA_SHA256
        result = self.module.sign(key, pkcs11.EDDSA if KEYS[key] == "ed25519" else by_use, payload)
        assert result in (pkcs11.OK, pkcs11.ACTION_PROHIBITED), f"C_Sign: {result:#x}"
        return result == pkcs11.OK, None, None

    @staticmethod
    def arguments(address, unsigned):
        chain, nonce, tip, fee, gas, to, value, _, _ = evm.items(unsigned[1:])
        number = lambda data: hex(int.from_bytes(data, "big"))
        return {"from": address, "chainId": number(chain), "nonce": number(nonce), "maxPriorityFeePerGas": number(tip),
                "maxFeePerGas": number(fee), "gas": number(gas), "to": "0x" + to.hex(), "value": number(value)}


def interfaces_of(use, curve):
    """Those that can say it."""
    if curve == "secp256k1":
        return {"tx": ["rest", "jsonrpc", "web3signer", "eth1", "clef"],
                "message": ["rest", "jsonrpc", "web3signer", "eth1", "clef"], "digest": ["rest", "kms"]}[use]
    if use == "digest":
        return ["rest", "kms", "vault", "pkcs11"] if curve == "p256" else []
    return ["rest", "kms", "vault", "agent", "pkcs11"] if use == "message" else []


ALL = ("rest", "kms", "jsonrpc", "web3signer", "eth1", "clef", "vault", "agent", "pkcs11")


class Equal(case.SystemTest):
    def random_request(self, draw):
        key = draw.choice(list(KEYS))
        use = draw.choice(["tx", "message", "digest"])
        if use == "tx":
            value = draw.choice([1, evm.ETH // 2, evm.ETH * 2, evm.ETH * 10**6])
            to = draw.choice([evm.TREASURY, evm.TREASURY, evm.SETTLEMENT])
            return key, use, evm.eip1559(draw.randrange(1 << 20), value=value, to=to, chain=draw.choice([1, 1, 5]))
        if use == "message":
            return key, use, draw.choice([b"hello ", b"0x", b"\xff\xfe ", b"login: "]) + str(draw.random()).encode()
        return key, use, draw.randbytes(32)

    def libzcp(self, session, key, use, payload):
        curve = KEYS[key]
        chain = libzcp.CHAIN_EVM if use != "digest" and curve == "secp256k1" else libzcp.CHAIN_NONE
        uses = {"tx": libzcp.TX, "message": libzcp.MESSAGE, "digest": libzcp.DIGEST}
        signature, decision, error = libzcp.Signature(), libzcp.Decision(), libzcp.Error()
        request = session._request(key, payload, uses[use], chain)  # pylint: disable=protected-access
        result = session.lib.zcp_sign(session.handle, request, signature, decision, error)
        if result == libzcp.OK:
            return True, None, None
        return False, decision.rule.decode(), decision.reason.decode() if result == libzcp.DENIED else None

    def test_requests__through_every_interface__as_through_libzcp(self):
        d = self.deploy(MISSION)
        keys = {name: d.json("key", "create", name, "--curve", curve) for name, curve in KEYS.items()}
        doors = Interfaces(self, d, keys)
        session = libzcp.Library(case.build).open(d.dir, "trader")
        self.addCleanup(session.__exit__)
        draw = random.Random(20261121)
        counts = {name: [0, 0] for name in ALL}
        while any(sum(one) < REQUESTS for one in counts.values()):
            key, use, payload = self.random_request(draw)
            doors_of = [name for name in interfaces_of(use, KEYS[key]) if sum(counts[name]) < REQUESTS]
            if not doors_of:
                continue
            signed, rule, reason = self.libzcp(session, key, use, payload)
            for name in doors_of:
                got = getattr(doors, name)(key, use, payload)
                what = f"{name}: {use} with {key}: {payload.hex()}"
                self.assertEqual(got[0], signed, what)
                if not signed and reason is not None and got[2] is not None:
                    self.assertEqual(got[1:], (rule, reason), what)
                counts[name][0 if signed else 1] += 1
        print(json.dumps({name: {"signed": one[0], "refused": one[1]} for name, one in counts.items()}))
        for name, one in counts.items():
            self.assertTrue(min(one) >= REQUESTS // 10, f"{name} has both been allowed and refused: {counts}")

    def test_bytes__through_eth1__no_more_than_a_digest(self):
        """What Web3Signer's REST can't decode is a digest: only a key for digests signs it."""
        d = self.deploy(MISSION)
        keys = {name: d.json("key", "create", name, "--curve", "secp256k1") for name in ("coin", "raw")}
        doors = Interfaces(self, d, keys)
        session = libzcp.Library(case.build).open(d.dir, "trader")
        self.addCleanup(session.__exit__)
        for data in (b"anything", b"\x19\x01" + bytes(64), b"\x02" + b"\xff" * 40, evm.eip1559(1)[:-1]):
            for key in keys:
                signed = self.libzcp(session, key, "digest", signatures.keccak256(data))[0]
                self.assertEqual(doors.eth1(key, "digest", data)[0], signed, (key, data))
                self.assertEqual(signed, key == "raw")


if __name__ == "__main__":
    case.main(120)
