"""libzcp.so through ctypes: what include/zcp.h declares, as far as the tests need it."""
import ctypes
from ctypes import POINTER, Structure, byref, c_bool, c_char, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

OK, FAILED, USAGE, DENIED, NOT_VERIFIED, UNREACHABLE, APPROVAL = range(7)
SECP256K1, P256, ED25519, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512, RSA = range(1, 8)
HOT = 1
HEDGED, DETERMINISTIC = 1, 2
TX, MESSAGE, TYPED_DATA, ORDER, DIGEST = 1, 2, 3, 4, 5
CHAIN_NONE, CHAIN_EVM, CHAIN_BITCOIN, CHAIN_SOLANA, CHAIN_COSMOS, CHAIN_VENUE = range(6)


class Error(Structure):
    _fields_ = [("result", c_int), ("reason", c_char * 48), ("what", c_char * 256), ("why", c_char * 256),
                ("next", c_char * 256), ("has_offset", c_bool), ("offset", c_uint64)]


class Options(Structure):
    _fields_ = [("dir", c_char_p), ("credential", c_char_p), ("credential_file", c_char_p), ("socket", c_char_p),
                ("root_pem", c_char_p), ("deployment_id", c_char_p), ("pcr0", c_char_p), ("timeout_ms", c_uint32),
                ("no_reconnect", c_bool), ("spin_us", c_uint32), ("shared_memory", c_bool)]


class Key(Structure):
    _fields_ = [("name", c_char * 64), ("owner", c_char * 64), ("curve", c_int), ("tier", c_int), ("nonce", c_int),
                ("imported", c_bool), ("disabled", c_bool), ("public_key", c_uint8 * 65), ("public_key_len", c_size_t),
                ("address", c_char * 43), ("uses", c_uint64), ("created_ms", c_uint64), ("birth", c_uint8 * 512),
                ("birth_len", c_size_t), ("api_key", c_char * 257), ("venue", c_char * 24)]


class Wanted(Structure):
    _fields_ = [("name", c_char_p), ("curve", c_int), ("tier", c_int), ("nonce", c_int), ("api_key", c_char_p),
                ("venue", c_char_p)]


class Secret(Structure):
    _fields_ = [("secret", c_char_p), ("secret_len", c_size_t), ("passphrase", c_char_p), ("passphrase_len", c_size_t)]


class Request(Structure):
    _fields_ = [("key", c_char_p), ("use", c_int), ("chain", c_int), ("payload", c_char_p), ("payload_len", c_size_t),
                ("chain_id", c_uint64), ("form", c_uint8)]


class Decision(Structure):
    _fields_ = [("rule", c_char * 64), ("reason", c_char * 48), ("why", c_char * 160), ("measured", c_char * 80),
                ("limit", c_char * 80), ("asset", c_char * 16), ("has_entry", c_bool), ("entry", c_uint64),
                ("feed", c_char * 64)]


class Signature(Structure):
    _fields_ = [("digest", c_uint8 * 32), ("signature", c_uint8 * 64), ("recovery", c_uint8), ("entry", c_uint64),
                ("leaf", c_uint8 * 32), ("decision", Decision), ("artefact", POINTER(c_uint8)), ("artefact_len", c_size_t),
                ("raw", POINTER(c_uint8)), ("raw_len", c_size_t)]

    def out(self):
        """What goes out beside the signature; to be taken before the session's next call."""
        return bytes(self.artefact[:self.artefact_len])


class Outcome(Structure):
    _fields_ = [("result", c_int), ("signature", Signature), ("decision", Decision), ("error", Error)]


class ZcpError(Exception):
    def __init__(self, error):
        self.result, self.reason = error.result, error.reason.decode()
        super().__init__(f"{error.result} {self.reason}: {error.what.decode()}: {error.why.decode()}")


class Library:
    def __init__(self, build):
        self.lib = lib = ctypes.CDLL(str(build / "libzcp.so"))
        session, error = c_void_p, POINTER(Error)
        signatures = {
            "zcp_open": [POINTER(Options), POINTER(session), error],
            "zcp_key_create": [session, c_char_p, c_int, c_int, c_int, POINTER(Key), error],
            "zcp_key_import": [session, c_char_p, c_int, c_int, c_int, c_char_p, POINTER(Key), error],
            "zcp_key_import_wanted": [session, POINTER(Wanted), POINTER(Secret), POINTER(Key), error],
            "zcp_sign": [session, POINTER(Request), POINTER(Signature), POINTER(Decision), error],
            "zcp_sign_send": [session, POINTER(Request), error],
            "zcp_sign_receive": [session, POINTER(Signature), POINTER(Decision), error],
            "zcp_evm_signed": [c_char_p, c_size_t, POINTER(Signature), c_char_p, c_size_t, POINTER(c_size_t), error],
        }
        for name, arguments in signatures.items():
            function = getattr(lib, name)
            function.argtypes, function.restype = arguments, c_int
        lib.zcp_close.argtypes, lib.zcp_close.restype = [session], None
        lib.zcp_session_transport.argtypes, lib.zcp_session_transport.restype = [session], c_char_p

    def open(self, folder, principal, **options):
        return Session(self.lib, folder, principal, options)


class Session:
    """One attested session; belongs to one thread at a time. ctypes lets other threads run during a call."""

    def __init__(self, lib, folder, principal, options):
        self.lib = lib
        self.handle = c_void_p()
        wanted = Options(dir=str(folder).encode(), credential=principal.encode(), **options)
        self._must(lib.zcp_open, byref(wanted), byref(self.handle))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lib.zcp_close(self.handle)

    @staticmethod
    def _must(function, *arguments):
        error = Error()
        if function(*arguments, byref(error)) != OK:
            raise ZcpError(error)

    def key_create(self, name, curve=SECP256K1, nonce=HEDGED):
        key = Key()
        self._must(self.lib.zcp_key_create, self.handle, name.encode(), curve, HOT, nonce, byref(key))
        return key

    def key_import(self, name, private_key, curve=SECP256K1, nonce=DETERMINISTIC):
        key = Key()
        self._must(self.lib.zcp_key_import, self.handle, name.encode(), curve, HOT, nonce, private_key, byref(key))
        return key

    def secret_import(self, name, secret, kind, api_key=None, venue=None, passphrase=None):
        """A trading venue's secret, as its API takes it."""
        key = Key()
        given = Secret(secret=secret, secret_len=len(secret), passphrase=passphrase, passphrase_len=len(passphrase or b""))
        wanted = Wanted(name=name.encode(), curve=kind, tier=HOT, nonce=HEDGED, api_key=api_key and api_key.encode(),
                        venue=venue and venue.encode())
        self._must(self.lib.zcp_key_import_wanted, self.handle, byref(wanted), byref(given), byref(key))
        return key

    def transport(self):
        return self.lib.zcp_session_transport(self.handle).decode()

    def batch(self, key, payloads, use=MESSAGE, chain=CHAIN_NONE):
        """Many signatures for one record: (result, signature) of each."""
        requests = (Request * len(payloads))(*(self._request(key, payload, use, chain) for payload in payloads))
        outcomes = (Outcome * len(payloads))()
        self._must(self.lib.zcp_sign_batch, self.handle, requests, c_size_t(len(payloads)), outcomes)
        return [(one.result, one.signature) for one in outcomes]

    @staticmethod
    def _request(key, payload, use, chain):
        return Request(key=key.encode(), use=use, chain=chain, payload=payload, payload_len=len(payload))

    def sign(self, key, payload, use=TX, chain=CHAIN_EVM):
        """The signature; a refusal raises ZcpError with result DENIED."""
        signature, decision = Signature(), Decision()
        self._must(self.lib.zcp_sign, self.handle, byref(self._request(key, payload, use, chain)), byref(signature),
                   byref(decision))
        return signature

    def send(self, key, payload, use=TX, chain=CHAIN_EVM):
        self._must(self.lib.zcp_sign_send, self.handle, byref(self._request(key, payload, use, chain)))

    def receive(self):
        """(signature, None), or (None, the decision that refused it)."""
        signature, decision, error = Signature(), Decision(), Error()
        result = self.lib.zcp_sign_receive(self.handle, byref(signature), byref(decision), byref(error))
        if result == DENIED:
            return None, decision
        if result != OK:
            raise ZcpError(error)
        return signature, None

    def evm_signed(self, payload, signature):
        signed = ctypes.create_string_buffer(len(payload) + 128)
        length = c_size_t()
        self._must(self.lib.zcp_evm_signed, payload, len(payload), byref(signature), signed, len(signed), byref(length))
        return signed.raw[:length.value]
