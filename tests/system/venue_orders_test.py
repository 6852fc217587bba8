"""Orders at trading venues, through the running enclave: each signature is computed again here, as the venue would."""
import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import time
from urllib.parse import parse_qsl, unquote

from support import case
from support.deployment import DENIED, DONE, FAILED, OPEN, STARTER, USAGE
from support.libzcp import CHAIN_NONE, MESSAGE, Library, ZcpError
from support.signatures import ecdsa_holds, ed25519_holds, ethereum_address, keccak256, public_key, rsa_holds

API_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
PASSPHRASE = "Hunter 2, two!"
LIMIT = {"action": "order-place", "side": "buy", "type": "limit", "price": "30000.10", "quantity": "0.5"}


def mac(secret, text, hash_name="sha256"):
    return hmac.new(secret, text if isinstance(text, bytes) else text.encode(), hash_name).digest()


def b64(data):
    return base64.b64encode(data).decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def msgpack(value):
    """As far as an order goes."""
    if value is True or value is False:
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        assert 0 <= value < 2**32
        return bytes([value]) if value < 128 else b"\xcc" + bytes([value]) if value < 256 else \
            b"\xcd" + value.to_bytes(2, "big") if value < 2**16 else b"\xce" + value.to_bytes(4, "big")
    if isinstance(value, str):
        data = value.encode()
        return (bytes([0xA0 | len(data)]) if len(data) < 32 else b"\xd9" + bytes([len(data)])) + data
    if isinstance(value, list):
        return bytes([0x90 | len(value)]) + b"".join(map(msgpack, value))
    return bytes([0x80 | len(value)]) + b"".join(msgpack(key) + msgpack(inner) for key, inner in value.items())


class VenueOrders(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.place = cls.deploy_for_class(OPEN)

    def import_key(self, name, content, *arguments, code=DONE):
        path = self.place.file(f"{name}.secret", content)
        path.chmod(0o600)
        return self.expect(self.place.zcp("key", "import", name, "--private-key", path, "--json", *arguments), code)

    def import_mac(self, name, *arguments, kind="hmac-sha256", passphrase=None):
        """A secret that nobody has used before; in base64 where the venue gives it so."""
        secret = secrets.token_hex(20)
        extra = []
        if passphrase:
            path = self.place.file(f"{name}.passphrase", passphrase + "\n")
            extra = ["--passphrase-file", path]
        self.import_key(name, secret + "\n", "--kind", kind, "--api-key", API_KEY, *extra, *arguments)
        return secret.encode()

    def order(self, key, order, *arguments, code=DONE):
        path = self.place.file("order.json", json.dumps(order))
        return self.expect(self.place.zcp("sign", "order", path, "--key", key, "--json", *arguments), code)

    def request(self, key, order, *arguments):
        return self.order(key, order, *arguments).json["signed"]

    def test_binance__hmac__is_over_the_parameters(self):
        secret = self.import_mac("binance", "--venue", "binance-spot")
        request = self.request("binance", {"venue": "binance-spot", "market": "BTCUSDT", "client_id": "maker-1", **LIMIT})
        self.assertEqual((request["method"], request["path"]), ("POST", "/api/v3/order"))
        text, signature = request["body"].rsplit("&signature=", 1)
        self.assertEqual(signature, mac(secret, text).hex())
        given = dict(parse_qsl(text))
        self.assertEqual((given["symbol"], given["price"], given["quantity"], given["newClientOrderId"]),
                         ("BTCUSDT", "30000.10", "0.5", "maker-1"))
        self.assertLess(abs(int(given["timestamp"]) - time.time() * 1000), 10000)
        self.assertEqual(request["headers"]["X-MBX-APIKEY"], API_KEY)

    def test_binance__ed25519_and_rsa__verify(self):
        seed = secrets.token_bytes(32)
        key = self.import_key("binance-ed", seed.hex(), "--curve", "ed25519", "--api-key", API_KEY).json
        pem = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=pem, check=True, stdout=subprocess.PIPE).stdout
        der = subprocess.run(["openssl", "pkey", "-pubout", "-outform", "DER"], input=pem, check=True,
                             stdout=subprocess.PIPE).stdout
        shown = self.import_key("binance-rsa", pem, "--kind", "rsa", "--api-key", API_KEY).json
        self.assertEqual(shown["public_key"], hashlib.sha256(der).hexdigest())
        for name in ("binance-ed", "binance-rsa"):
            request = self.request(name, {"venue": "binance-spot", "market": "BTCUSDT", **LIMIT})
            text, signature = request["body"].rsplit("&signature=", 1)
            raw = base64.b64decode(unquote(signature))
            if name == "binance-ed":
                self.assertTrue(ed25519_holds(bytes.fromhex(key["public_key"]), text.encode(), raw))
            else:
                self.assertTrue(rsa_holds(public, text.encode(), raw))

    def test_okx__order__has_signature_and_passphrase(self):
        secret = self.import_mac("okx", "--venue", "okx", passphrase=PASSPHRASE)
        request = self.request("okx", {"venue": "okx", "account": "cash", "market": "BTC-USDT", **LIMIT})
        headers = request["headers"]
        text = headers["OK-ACCESS-TIMESTAMP"] + request["method"] + request["path"] + request["body"]
        self.assertEqual(headers["OK-ACCESS-SIGN"], b64(mac(secret, text)))
        self.assertEqual(headers["OK-ACCESS-PASSPHRASE"], PASSPHRASE)
        self.assertEqual(json.loads(request["body"])["px"], "30000.10")

    def test_kucoin__passphrase__is_signed_and_not_sent(self):
        secret = self.import_mac("kucoin", passphrase=PASSPHRASE)
        answer = self.order("kucoin", {"venue": "kucoin", "market": "BTC-USDT", "client_id": "maker-1", **LIMIT})
        request = answer.json["signed"]
        headers = request["headers"]
        text = headers["KC-API-TIMESTAMP"] + request["method"] + request["path"] + request["body"]
        self.assertEqual(headers["KC-API-SIGN"], b64(mac(secret, text)))
        self.assertEqual(headers["KC-API-PASSPHRASE"], b64(mac(secret, PASSPHRASE)))
        self.assertNotIn(PASSPHRASE, answer.text)

    def test_kraken__secret_in_base64__signs_with_sha512(self):
        raw = secrets.token_bytes(64)
        self.import_key("kraken", b64(raw), "--kind", "hmac-sha512", "--api-key", API_KEY, "--venue", "kraken")
        before = 0
        for _ in range(20):
            request = self.request("kraken", {"venue": "kraken", "market": "XBTUSD", **LIMIT})
            nonce = dict(parse_qsl(request["body"]))["nonce"]
            hashed = hashlib.sha256((nonce + request["body"]).encode()).digest()
            self.assertEqual(request["headers"]["API-Sign"], b64(mac(raw, request["path"].encode() + hashed, "sha512")))
            self.assertGreater(int(nonce), before)
            before = int(nonce)

    def test_gate__order__signs_the_hash_of_its_body(self):
        secret = self.import_mac("gate", kind="hmac-sha512")
        request = self.request("gate", {"venue": "gate", "account": "spot", "market": "BTC_USDT", **LIMIT})
        path, _, query = request["path"].partition("?")
        text = "\n".join([request["method"], path, query, hashlib.sha512(request["body"].encode()).hexdigest(),
                          request["headers"]["Timestamp"]])
        self.assertEqual(request["headers"]["SIGN"], mac(secret, text, "sha512").hex())

    def test_coinbase__pem_key__signs_its_token(self):
        pem = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"], check=True,
                             stdout=subprocess.PIPE).stdout
        name = "organizations/a/apiKeys/b"
        # As the venue hands it out: in JSON, with line breaks written as \n.
        shown = self.import_key("coinbase", pem.decode().replace("\n", "\\n"), "--curve", "p256", "--api-key", name).json
        point = bytes.fromhex(shown["public_key"])
        request = self.request("coinbase", {"venue": "coinbase", "market": "BTC-USD", "client_id": "maker-1", **LIMIT})
        token = request["headers"]["Authorization"].removeprefix("Bearer ")
        head, claims, signature = token.split(".")
        public = (int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big"))
        self.assertTrue(ecdsa_holds("p256", public, hashlib.sha256(f"{head}.{claims}".encode()).digest(),
                                    unb64url(signature)))
        self.assertEqual(json.loads(unb64url(head))["kid"], name)
        self.assertEqual(json.loads(unb64url(claims))["uri"], "POST api.coinbase.com" + request["path"])

    def test_coinbase__ed25519_in_each_encoding__is_one_key(self):
        seed = secrets.token_bytes(32)
        pkcs8 = bytes.fromhex("302e020100300506032b657004220420") + seed
        pem = f"-----BEGIN PRIVATE KEY-----\n{b64(pkcs8)}\n-----END PRIVATE KEY-----\n"
        first = self.import_key("cb-ed", pem, "--curve", "ed25519", "--api-key", "cb").json
        pair = b64(seed + bytes.fromhex(first["public_key"]))
        for number, form in enumerate((b64(seed), pair, seed.hex(), "0x" + seed.hex())):
            answer = self.import_key(f"cb-ed{number}", form, "--curve", "ed25519", "--api-key", "cb", code=FAILED)
            self.assertIn("exists already", answer.error["why"])
        other = b64(seed + secrets.token_bytes(32))
        self.assertIn("does not hold a private key", self.import_key("cb-x", other, "--curve", "ed25519", code=FAILED)
                      .error["why"])
        request = self.request("cb-ed", {"venue": "coinbase", "market": "BTC-USD", "client_id": "maker-1", **LIMIT})
        head, claims, signature = request["headers"]["Authorization"].removeprefix("Bearer ").split(".")
        self.assertTrue(ed25519_holds(bytes.fromhex(first["public_key"]), f"{head}.{claims}".encode(), unb64url(signature)))

    def test_hyperliquid__order__is_signed_typed_data_over_its_action(self):
        private = secrets.token_bytes(32)
        self.import_key("agent", private.hex(), "--curve", "secp256k1", "--venue", "hyperliquid")
        answer = self.order("agent", {"venue": "hyperliquid", "market": "BTC@0", "time_in_force": "gtc", **LIMIT}).json
        body = json.loads(answer["signed"]["body"])
        connection = keccak256(msgpack(body["action"]) + body["nonce"].to_bytes(8, "big") + b"\0")
        domain = keccak256(keccak256(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
                           + keccak256(b"Exchange") + keccak256(b"1") + (1337).to_bytes(32, "big") + bytes(32))
        agent = keccak256(keccak256(b"Agent(string source,bytes32 connectionId)") + keccak256(b"a") + connection)
        digest = keccak256(b"\x19\x01" + domain + agent)
        self.assertEqual(answer["digest"], "0x" + digest.hex())
        raw = b"".join(bytes.fromhex(body["signature"][part][2:].rjust(64, "0")) for part in ("r", "s"))
        public = public_key("secp256k1", private)
        self.assertTrue(ecdsa_holds("secp256k1", public, digest, raw))
        self.assertIn(body["signature"]["v"], (27, 28))
        shown = self.place.json("key", "show", "agent")
        self.assertEqual(shown["address"].lower(), ethereum_address(public))
        self.assertEqual(shown["venue"], "hyperliquid")

    def test_restart__keys_and_bindings__are_as_before(self):
        place = self.deploy(OPEN)
        place.file("s", "the secret")
        self.expect(place.zcp("key", "import", "okx", "--kind", "hmac-sha256", "--private-key", place.home / "s", "--venue",
                              "okx", "--api-key", API_KEY, "--passphrase-file", place.file("p", PASSPHRASE)))
        place.restart()
        shown = place.json("key", "show", "okx")
        self.assertEqual((shown["kind"], shown["api_key"], shown["venue"]), ("hmac-sha256", API_KEY, "okx"))
        order = place.file("o.json", json.dumps({"venue": "okx", "account": "cash", "market": "BTC-USDT", **LIMIT}))
        request = place.json("sign", "order", order, "--key", "okx")["signed"]
        headers = request["headers"]
        text = headers["OK-ACCESS-TIMESTAMP"] + request["method"] + request["path"] + request["body"]
        self.assertEqual(headers["OK-ACCESS-SIGN"], b64(mac(b"the secret", text)))
        self.assertEqual(headers["OK-ACCESS-PASSPHRASE"], PASSPHRASE)
        self.expect(place.zcp("audit", "verify"))
        # Secrets are nowhere in what the host keeps and writes.
        place.down()
        for path in place.dir.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                self.assertFalse(b"the secret" in data or PASSPHRASE.encode() in data, str(path))

    # Attacks.

    def test_messages__that_a_venue_would_take_for_requests__are_refused(self):
        seed = secrets.token_bytes(32)
        self.import_key("named", seed.hex(), "--curve", "ed25519", "--api-key", API_KEY)
        self.import_mac("plain-mac")
        text = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=9&timestamp=1767225600000"
        path = self.place.file("message", text)
        for key in ("named", "plain-mac"):
            for arguments in (["message", path], ["tx", path, "--chain", "solana"], ["message", path, "--chain", "bitcoin"]):
                answer = self.place.zcp("sign", *arguments, "--key", key, "--json")
                self.assertEqual(answer.code, FAILED, str(answer))
            digest = self.place.file("digest", hashlib.sha256(text.encode()).hexdigest())
            error = self.expect_error(self.place.zcp("sign", "digest", digest, "--key", key, "--json"), FAILED)
            self.assertIn("orders alone", error["why"])
        with Library(case.build).open(self.place.dir, "admin") as session:
            with self.assertRaisesRegex(ZcpError, "VENUE_KEY"):
                session.sign("named", text.encode(), MESSAGE, CHAIN_NONE)

    def test_orders__with_texts_that_reach_further__are_refused(self):
        self.import_mac("target", "--venue", "okx", passphrase=PASSPHRASE)
        good = {"venue": "okx", "account": "cash", "market": "BTC-USDT", **LIMIT}
        for field, text in (("client_id", 'a","sz":"99'), ("client_id", "a\n"), ("market", 'BTC-USDT","x":"'),
                            ("account", 'cash"}'), ("price", "1e9"), ("price", "-1"), ("quantity", "0"), ("price", 30000.1),
                            ("client_id", "a\u202e"), ("market", "BTC&USDT"), ("unknown", "x"), ("market", "")):
            answer = self.order("target", {**good, field: text}, code=FAILED)
            self.assertEqual(answer.out, b"", f"{field}={text!r}")
        repeated = json.dumps(good)[:-1] + ', "price": "1"}'
        path = self.place.file("twice.json", repeated)
        self.expect(self.place.zcp("sign", "order", path, "--key", "target", "--json"), FAILED)

    def test_wrong_kind_of_key__is_refused_with_the_reason(self):
        self.import_mac("sha256")
        self.expect(self.place.zcp("key", "create", "curve", "--curve", "p256"))
        rows = [("sha256", {"venue": "kraken", "market": "XBTUSD"}, "another hash"),
                ("sha256", {"venue": "okx", "account": "cash", "market": "BTC-USDT"}, "passphrase"),
                ("curve", {"venue": "binance-spot", "market": "BTCUSDT"}, "does not sign with this kind of key")]
        for key, order, words in rows:
            self.assertIn(words, self.order(key, {**order, **LIMIT}, code=FAILED).error["why"])
        bound = self.import_mac("bound", "--venue", "bybit")
        self.assertTrue(bound)
        self.assertIn("another venue", self.order("bound", {"venue": "binance-spot", "market": "BTCUSDT", **LIMIT},
                                                  code=FAILED).error["why"])

    def test_one_secret__under_two_names_or_schemes__is_refused(self):
        secret = self.place.file("same", "the very same secret")
        self.expect(self.place.zcp("key", "import", "one", "--kind", "hmac-sha256", "--private-key", secret))
        for kind in ("hmac-sha256", "hmac-sha384", "hmac-sha512"):
            answer = self.place.zcp("key", "import", "two", "--kind", kind, "--private-key", secret, "--json")
            self.expect_error(answer, FAILED, "exists already")

    def test_import__bad_input__says_what_is_wrong(self):
        rows = [(["--kind", "hmac-sha256"], b"", FAILED, "API secret"),
                (["--kind", "hmac-sha256"], b"x" * 257, FAILED, "API secret"),
                (["--kind", "hmac-sha512", "--venue", "kraken"], b"not base64!", FAILED, "API secret"),
                (["--kind", "hmac-sha256", "--secret-encoding", "rot13"], b"x", USAGE, "text, base64 or hex"),
                (["--kind", "rsa"], b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", FAILED, "PKCS #8"),
                (["--kind", "rsa"], b"\x30\x03\x02\x01\x00", FAILED, ""),
                (["--curve", "hmac-sha256"], b"x", USAGE, "--curve is one of"),
                (["--curve", "p256", "--api-key", "a b"], secrets.token_hex(32).encode(), FAILED, "printable ASCII"),
                (["--curve", "p256", "--venue", "mtgox"], secrets.token_hex(32).encode(), USAGE, "mtgox"),
                (["--curve", "secp256k1"], subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"],
                                                          check=True, stdout=subprocess.PIPE).stdout, FAILED, "this curve")]
        for arguments, content, code, words in rows:
            answer = self.import_key("bad", content, *arguments, code=code)
            self.assertIn(words, " ".join(answer.error[part] for part in ("what", "why", "next")))
        for kind in ("hmac-sha256", "rsa"):
            self.expect_error(self.place.zcp("key", "create", "bad", "--kind", kind, "--json"), USAGE, "import it")

    def test_time_of_an_order__tomorrow_or_long_ago__is_refused(self):
        self.import_mac("clock")
        order = {"venue": "binance-spot", "market": "BTCUSDT", **LIMIT}
        now = int(time.time() * 1000)
        self.assertIn("ahead", self.order("clock", {**order, "time_ms": now + 86400000}, code=FAILED).error["why"])
        self.assertIn("expired", self.order("clock", {**order, "time_ms": now - 86400000}, code=FAILED).error["why"])
        self.order("clock", {**order, "time_ms": now})

    def test_starter_mission__withdrawals_and_orders__are_denied_and_logged(self):
        place = self.deploy(STARTER)
        self.expect(place.zcp("key", "import", "binance", "--kind", "hmac-sha256", "--private-key", place.file("s", "secret"),
                              "--api-key", API_KEY))
        orders = [{"venue": "binance-spot", "market": "BTCUSDT", **LIMIT},
                  {"venue": "binance-spot", "action": "venue-withdraw", "asset": "BTC", "network": "BTC", "amount": "1.5",
                   "to": "bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l"}]
        for order in orders:
            path = place.file("o.json", json.dumps(order))
            for who in ("trader", "admin"):
                answer = place.zcp("sign", "order", path, "--key", "binance", "--as", who, "--json")
                self.assertEqual(answer.code, DENIED, str(answer))
                self.assertEqual(answer.json["decision"], "deny")
                self.assertNotIn(b"signature", answer.out)
        log = place.zcp("audit", "tail").text
        self.assertIn("bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l", log)
        self.assertEqual(place.json("key", "show", "binance")["uses"], 0)


if __name__ == "__main__":
    case.main(140)
