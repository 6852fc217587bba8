"""Each chain's transactions and messages, signed by the running enclave and verified here without it."""
import base64
import hashlib
import json
import secrets

from support import case, evm
from support.deployment import DENIED, DONE, FAILED, OPEN, STARTER
from support.libzcp import CHAIN_NONE, CHAIN_SOLANA, MESSAGE, Library, ZcpError
from support.signatures import compressed, ecdsa_holds, ed25519_holds, from_der, keccak256, public_key


def sha256(data):
    return hashlib.sha256(data).digest()


def sha256d(data):
    return sha256(sha256(data))


def hash160(data):
    return hashlib.new("ripemd160", sha256(data)).digest()


def little(value, size):
    return value.to_bytes(size, "little")


def varint(value):
    return bytes([value]) if value < 253 else b"\xfd" + little(value, 2)


def field(key, value):
    return varint(len(key)) + key + varint(len(value)) + value


def proto(number, value):
    """A protobuf field: an integer or bytes."""
    def count(rest):
        return bytes([rest]) if rest < 128 else bytes([rest & 127 | 128]) + count(rest >> 7)
    return (count(number << 3) + count(value) if isinstance(value, int)
            else count(number << 3 | 2) + count(len(value)) + value)


ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(prefix, data):
    bits = int.from_bytes(data, "big") << (-8 * len(data) % 5)
    count = -(-8 * len(data) // 5)
    words = [bits >> 5 * (count - 1 - i) & 31 for i in range(count)]

    def polymod(values):
        check = 1
        for value in values:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ value
            for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= generator if top >> i & 1 else 0
        return check

    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod(head + words + [0] * 6) ^ 1
    return prefix + "1" + "".join(ALPHABET[word] for word in words + [check >> 5 * (5 - i) & 31 for i in range(6)])


class Coin:
    """One input of 1 BTC that a P2WPKH key may spend, and its transaction with a recipient and change."""

    def __init__(self, private):
        self.public = compressed(public_key("secp256k1", private))
        self.script = b"\x00\x14" + hash160(self.public)
        self.outpoint = secrets.token_bytes(32) + little(1, 4)
        self.outputs = b"".join(little(value, 8) + varint(len(script)) + script for value, script in (
            (60_000_000, b"\x00\x14" + secrets.token_bytes(20)), (39_990_000, self.script)))

    def psbt(self):
        unsigned = little(2, 4) + b"\x01" + self.outpoint + b"\x00" + little(0xFFFFFFFD, 4) + b"\x02" + self.outputs + bytes(4)
        spent = little(100_000_000, 8) + varint(len(self.script)) + self.script
        return b"psbt\xff" + field(b"\x00", unsigned) + b"\x00" + field(b"\x01", spent) + b"\x00" + b"\x00" + b"\x00"

    def sighash(self):
        """BIP-143, SIGHASH_ALL."""
        code = b"\x19\x76\xa9\x14" + hash160(self.public) + b"\x88\xac"
        return sha256d(little(2, 4) + sha256d(self.outpoint) + sha256d(little(0xFFFFFFFD, 4)) + self.outpoint + code
                       + little(100_000_000, 8) + little(0xFFFFFFFD, 4) + sha256d(self.outputs) + bytes(4) + little(1, 4))


def solana_transfer(payer, lamports=5):
    """A legacy message: the system program's transfer."""
    instruction = b"\x02\x02\x00\x01\x0c" + little(2, 4) + little(lamports, 8)
    return b"\x01\x00\x01\x03" + payer + secrets.token_bytes(32) + bytes(32) + secrets.token_bytes(32) + b"\x01" + instruction


def cosmos_send(private, fee=b""):
    public = compressed(public_key("secp256k1", private))
    sender, recipient = bech32("cosmos", hash160(public)), bech32("cosmos", secrets.token_bytes(20))
    coin = proto(1, b"uatom") + proto(2, b"1234567")
    send = proto(1, sender.encode()) + proto(2, recipient.encode()) + proto(3, coin)
    body = proto(1, proto(1, b"/cosmos.bank.v1beta1.MsgSend") + proto(2, send)) + proto(2, b"memo")
    key = proto(1, b"/cosmos.crypto.secp256k1.PubKey") + proto(2, proto(1, public))
    signer = proto(1, key) + proto(2, proto(1, proto(1, 1))) + proto(3, 7)
    auth = proto(1, signer) + proto(2, fee + proto(2, 200000))
    return body, auth, proto(1, body) + proto(2, auth) + proto(3, b"cosmoshub-4") + proto(4, 42)


# The example of EIP-712, whose signature by keccak256("cow") is published there.
MAIL = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "version", "type": "string"},
                         {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}],
        "Person": [{"name": "name", "type": "string"}, {"name": "wallet", "type": "address"}],
        "Mail": [{"name": "from", "type": "Person"}, {"name": "to", "type": "Person"}, {"name": "contents", "type": "string"}]},
    "primaryType": "Mail",
    "domain": {"name": "Ether Mail", "version": "1", "chainId": 1,
               "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
    "message": {"from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
                "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"}, "contents": "Hello, Bob!"}}
MAIL_SIGNATURE = ("4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
                  "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c")


def wif(text):
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    value = 0
    for c in text:
        value = value * 58 + digits.index(c)
    return value.to_bytes(38, "big")[1:33]


def tagged(tag, data):
    return sha256(sha256(tag) * 2 + data)


def bip322_sighash(message, public):
    """What a P2WPKH key signs for a message, by BIP-322 and BIP-143."""
    script = b"\x00\x14" + hash160(public)
    hashed = tagged(b"BIP0322-signed-message", message)
    to_spend = (bytes(4) + b"\x01" + bytes(32) + b"\xff" * 4 + b"\x22\x00\x20" + hashed + bytes(4) + b"\x01" + bytes(8)
                + varint(len(script)) + script + bytes(4))
    outpoint = sha256d(to_spend) + bytes(4)
    code = b"\x19\x76\xa9\x14" + hash160(public) + b"\x88\xac"
    outputs = bytes(8) + b"\x01\x6a"
    return sha256d(bytes(4) + sha256d(outpoint) + sha256d(bytes(4)) + outpoint + code + bytes(8) + bytes(4) + sha256d(outputs)
                   + bytes(4) + little(1, 4))


class Chains(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.place = cls.deploy_for_class(OPEN)

    def import_key(self, name, curve="secp256k1", private=None, place=None):
        private = private or secrets.token_bytes(32)
        place = place or self.place
        answer = place.zcp("key", "import", name, "--curve", curve, "--private-key", "-", "--nonce", "deterministic", "--json",
                           stdin=private.hex())
        self.expect(answer)
        return private, bytes.fromhex(answer.json["public_key"])

    def sign(self, what, key, payload, *arguments, code=DONE, place=None):
        return self.expect((place or self.place).zcp("sign", what, "--key", key, "--json", *arguments, stdin=payload), code)

    def test_psbt__input_of_the_key__is_signed_over_bip143(self):
        private, _ = self.import_key("btc")
        coin = Coin(private)
        for form in (base64.b64encode(coin.psbt()), coin.psbt().hex().encode(), coin.psbt()):
            answer = self.sign("tx", "btc", form, "--chain", "bitcoin").json
            signed = base64.b64decode(answer["psbt"])
            at = signed.index(b"\x22\x02" + coin.public) + 2 + 33 if b"\x22\x02" + coin.public in signed else 0
            transaction = bytes.fromhex(answer.get("transaction", ""))
            self.assertTrue(at or transaction)
            witness = transaction[transaction.index(coin.outputs) + len(coin.outputs):]
            self.assertEqual(witness[0], 2)
            der, kind = witness[2:1 + witness[1]], witness[1 + witness[1]]
            self.assertEqual(kind, 1)
            self.assertEqual(witness[3 + witness[1]:3 + witness[1] + 33], coin.public)
            self.assertTrue(ecdsa_holds("secp256k1", public_key("secp256k1", private), coin.sighash(), from_der(der)))

    def test_psbt__of_another_key__is_refused(self):
        self.import_key("btc-other")
        psbt = Coin(secrets.token_bytes(32)).psbt()
        self.sign("tx", "btc-other", psbt, "--chain", "bitcoin", code=FAILED)

    def test_solana__transfer__verifies_as_the_network_does(self):
        _, public = self.import_key("sol", "ed25519")
        message = solana_transfer(public)
        answer = self.sign("tx", "sol", base64.b64encode(message), "--chain", "solana").json
        signed = bytes.fromhex(answer["signed"][2:])
        self.assertEqual((signed[0], signed[65:]), (1, message))
        self.assertTrue(ed25519_holds(public, message, signed[1:65]))

    def test_solana__transaction_as_a_message__is_refused(self):
        _, public = self.import_key("sol-attack", "ed25519")
        message = solana_transfer(public)
        with Library(case.build).open(self.place.dir, "admin") as session:
            for chain in (CHAIN_NONE, CHAIN_SOLANA):
                with self.assertRaisesRegex(ZcpError, "MESSAGE_IS_TRANSACTION"):
                    session.sign("sol-attack", message, MESSAGE, chain)
                self.assertTrue(ed25519_holds(public, b"hello", bytes(session.sign("sol-attack", b"hello", MESSAGE,
                                                                                   chain).signature)))

    def test_cosmos__send__is_a_whole_transaction(self):
        private, _ = self.import_key("atom")
        body, auth, document = cosmos_send(private)
        answer = self.sign("tx", "atom", document.hex(), "--chain", "cosmos").json
        raw = bytes.fromhex(answer["signed"][2:])
        head = proto(1, body) + proto(2, auth) + b"\x1a\x40"
        self.assertEqual(raw[:len(head)], head)
        self.assertTrue(ecdsa_holds("secp256k1", public_key("secp256k1", private), sha256(document), raw[len(head):]))
        self.assertEqual(answer["digest"], "0x" + sha256(document).hex())

    def test_cosmos__document_as_a_message__is_refused(self):
        private, _ = self.import_key("p256-attack", "p256")
        _, _, document = cosmos_send(private)
        answer = self.sign("message", "p256-attack", document, code=FAILED)
        self.assertIn("transaction", answer.error["why"])

    def test_typed_data__example_of_the_standard__has_the_published_signature(self):
        self.import_key("cow", private=keccak256(b"cow"))
        answer = self.sign("typed-data", "cow", json.dumps(MAIL)).json
        self.assertEqual(answer["signature"], "0x" + MAIL_SIGNATURE)

    def test_bitcoin_message__key_of_the_standard__verifies(self):
        private = wif("L3VFeEujGtevx9w18HD1fhRbCH67Az2dpCymeRE1SoPK6XQtaN2k")
        self.import_key("bip322", private=private)
        public = public_key("secp256k1", private)
        for text in ("Hello World", "grüße"):
            proof = base64.b64decode(self.sign("message", "bip322", text, "--chain", "bitcoin").json["proof"].removeprefix("smp"))
            self.assertEqual((proof[0], proof[-34:]), (2, b"\x21" + compressed(public)))
            der, kind = proof[2:1 + proof[1]], proof[1 + proof[1]]
            self.assertEqual(kind, 1)
            self.assertTrue(ecdsa_holds("secp256k1", public, bip322_sighash(text.encode(), compressed(public)), from_der(der)))

    def test_message_that_is_a_transaction_of_any_chain__is_refused(self):
        self.import_key("evm-attack")
        path = self.place.file("m", evm.eip1559(1))
        self.assertIn("transaction", self.expect(self.place.zcp("sign", "message", path, "--key", "evm-attack", "--json"),
                                                 FAILED).error["why"])

    def test_starter_mission__other_chains_and_messages__are_denied(self):
        place = self.deploy(STARTER)
        private, _ = self.import_key("k", place=place)
        _, public = self.import_key("ed", "ed25519", place=place)
        rows = [("tx", "k", Coin(private).psbt(), "bitcoin"), ("tx", "k", cosmos_send(private)[2], "cosmos"),
                ("tx", "ed", solana_transfer(public), "solana"), ("message", "k", b"hello", "bitcoin")]
        for what, key, payload, chain in rows:
            answer = self.sign(what, key, payload, "--chain", chain, "--as", "trader", code=DENIED, place=place)
            self.assertEqual(answer.json["decision"], "deny")
        self.expect(place.zcp("audit", "verify"))


if __name__ == "__main__":
    case.main(120)
