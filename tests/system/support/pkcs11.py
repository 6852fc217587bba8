"""A PKCS #11 module in this process, as far as signing with keys that are there needs it."""
import ctypes
import os

OK, ACTION_PROHIBITED = 0, 0x1B
ECDSA, ECDSA_SHA256, EDDSA = 0x1041, 0x1044, 0x1057
_CLASS, _LABEL, _PRIVATE_KEY, _SERIAL = 0, 3, 3, 4
# Places in CK_FUNCTION_LIST, behind its version.
_INITIALIZE, _FINALIZE, _SLOTS, _OPEN, _FIND_INIT, _FIND, _FIND_FINAL, _SIGN_INIT, _SIGN = 0, 1, 4, 12, 26, 27, 28, 42, 43

_number = ctypes.c_ulong


class _Attribute(ctypes.Structure):
    _fields_ = [("type", _number), ("value", ctypes.c_void_p), ("len", _number)]


class _Mechanism(ctypes.Structure):
    _fields_ = [("type", _number), ("parameter", ctypes.c_void_p), ("len", _number)]


class Module:
    """`directory` and `credential` are what a program's environment names; one module to a process."""

    def __init__(self, path, directory, credential):
        os.environ["ZCP_DIR"], os.environ["ZCP_CREDENTIAL"] = str(directory), credential
        library, places = ctypes.CDLL(str(path)), ctypes.POINTER(ctypes.c_void_p)()
        library.C_GetFunctionList.restype = _number
        assert library.C_GetFunctionList(ctypes.byref(places)) == OK
        self.places, self.library = places, library
        self.call(_INITIALIZE, None)
        slots, count = (_number * 4)(), _number(4)
        self.call(_SLOTS, ctypes.c_ubyte(1), slots, ctypes.byref(count))
        self.session = _number()
        self.call(_OPEN, slots[0], _number(_SERIAL), None, None, ctypes.byref(self.session))
        self.keys = {}

    def raw(self, place, *arguments):
        return ctypes.CFUNCTYPE(_number)(self.places[1 + place])(*arguments)

    def call(self, place, *arguments):
        result = self.raw(place, *arguments)
        assert result == OK, f"PKCS #11 function {place}: {result:#x}"

    def key(self, name):
        if name not in self.keys:
            kind, label, found, count = _number(_PRIVATE_KEY), name.encode(), _number(), _number()
            wanted = (_Attribute * 2)((_CLASS, ctypes.cast(ctypes.byref(kind), ctypes.c_void_p), ctypes.sizeof(kind)),
                                      (_LABEL, ctypes.cast(ctypes.c_char_p(label), ctypes.c_void_p), len(label)))
            self.call(_FIND_INIT, self.session, wanted, _number(2))
            self.call(_FIND, self.session, ctypes.byref(found), _number(1), ctypes.byref(count))
            self.call(_FIND_FINAL, self.session)
            assert count.value == 1, f"there is no key {name}"
            self.keys[name] = found
        return self.keys[name]

    def sign(self, name, mechanism, data):
        """What C_Sign returns: OK, or why not."""
        signature, room = ctypes.create_string_buffer(64), _number(64)
        self.call(_SIGN_INIT, self.session, ctypes.byref(_Mechanism(mechanism, None, 0)), self.key(name))
        return self.raw(_SIGN, self.session, data, _number(len(data)), signature, ctypes.byref(room))

    def close(self):
        self.call(_FINALIZE, None)
        for name in ("ZCP_DIR", "ZCP_CREDENTIAL"):
            os.environ.pop(name, None)
