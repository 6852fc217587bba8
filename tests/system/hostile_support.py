"""What the hostile tests need beside the harness: calls with their whole answer."""
import ctypes
from ctypes import byref

from support.libzcp import Decision, Error, Key, Library, Signature


def library(build):
    made = Library(build)
    for name in ("zcp_key_show", "zcp_key_disable"):
        function = getattr(made.lib, name)
        function.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(Key), ctypes.POINTER(Error)]
        function.restype = ctypes.c_int
    return made


def ask(session, key, payload, use, chain):
    """(result, signature, decision, error) of one request, whatever comes of it."""
    signature, decision, error = Signature(), Decision(), Error()
    request = session._request(key, payload, use, chain)
    result = session.lib.zcp_sign(session.handle, byref(request), byref(signature), byref(decision), byref(error))
    return result, signature, decision, error


def key_show(session, name):
    key = Key()
    session._must(session.lib.zcp_key_show, session.handle, name.encode(), byref(key))
    return key


def key_disable(session, name):
    key = Key()
    session._must(session.lib.zcp_key_disable, session.handle, name.encode(), byref(key))
    return key


def public_key(key):
    return bytes(key.public_key)[:key.public_key_len]
