"""Reads other processes' memory the way root can: /proc/PID/mem, process_vm_readv, ptrace."""
import ctypes
import errno
import hashlib
import hmac
import os
from typing import NamedTuple

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long
libc.process_vm_readv.restype = ctypes.c_ssize_t
PEEKDATA, ATTACH, DETACH = 2, 16, 17
NOT_MEMORY = ("[vvar]", "[vvar_vclock]", "[vsyscall]")


class Mapping(NamedTuple):
    start: int
    end: int
    rights: str
    name: str

    @property
    def secret(self):
        return self.name.startswith("/secretmem")


def mappings(pid):
    found = []
    with open(f"/proc/{pid}/maps") as lines:
        for line in lines:
            field = line.split(None, 5)
            start, end = (int(text, 16) for text in field[0].split("-"))
            found.append(Mapping(start, end, field[1], field[5].strip() if len(field) > 5 else ""))
    return [mapping for mapping in found if mapping.name not in NOT_MEMORY]


def by_file(memory, mapping):
    """The bytes of a mapping through /proc/PID/mem; None where the kernel gives none."""
    try:
        return os.pread(memory, mapping.end - mapping.start, mapping.start)
    except OSError:
        return None


class IoVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


def by_call(pid, mapping):
    """The same through process_vm_readv()."""
    room = ctypes.create_string_buffer(mapping.end - mapping.start)
    here, there = IoVec(ctypes.addressof(room), len(room)), IoVec(mapping.start, len(room))
    got = libc.process_vm_readv(pid, ctypes.byref(here), ctypes.c_ulong(1), ctypes.byref(there), ctypes.c_ulong(1),
                                ctypes.c_ulong(0))
    return room.raw[:got] if got > 0 else None


def attach(pid):
    """0, or the error number."""
    if libc.ptrace(ATTACH, pid, None, None) != 0:
        return ctypes.get_errno()
    os.waitpid(pid, 0x40000000)  # __WALL
    return 0


def detach(pid):
    libc.ptrace(DETACH, pid, None, None)


def peek(pid, address):
    """The word there, of a process that is attached to; None where there is none to be had."""
    ctypes.set_errno(0)
    word = libc.ptrace(PEEKDATA, pid, address, None)
    return None if word == -1 and ctypes.get_errno() in (errno.EIO, errno.EFAULT) else word


def forms(name, secret):
    """What a secret may look like in memory: either byte order, its halves, its text."""
    backwards = secret[::-1]
    half = len(secret) // 2
    whole = {"": secret, " backwards": backwards, " in hex": secret.hex().encode(), " in HEX": secret.hex().upper().encode()}
    parts = {f" {which} half{how}": part for how, bytes_ in (("", secret), (" backwards", backwards))
             for which, part in (("first", bytes_[:half]), ("second", bytes_[half:]))}
    return {name + how: form for how, form in {**whole, **parts}.items()}


PIECE = 1 << 16
ZEROS = bytes(PIECE)
EDGE = 64  # a needle is at most twice this long, and no needle is half zeros


def written(data):
    """(offset, bytes) of what is not just zeros: most of what an enclave maps was never written."""
    start = None
    for at in range(0, len(data) + PIECE, PIECE):
        piece = data[at:at + PIECE]
        blank = piece == ZEROS or not piece
        if not blank and start is None:
            start = max(at - EDGE, 0)
        elif blank and start is not None:
            yield start, data[start:at + EDGE]
            start = None


def find(pid, needles, read=None):
    """[(what, where)] for each needle in any mapping, and how many bytes were looked at."""
    found, looked = [], 0
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for mapping in mappings(pid):
            data = read(pid, mapping) if read else by_file(memory, mapping)
            if data is None:
                continue
            looked += len(data)
            for offset, part in written(data):
                for what, needle in needles.items():
                    at = part.find(needle)
                    if at >= 0:
                        found.append((what, f"{mapping.name or 'anonymous'} {mapping.rights} {mapping.start:x}+{offset + at:x}"))
    finally:
        os.close(memory)
    return found, looked


def hkdf(secret, info, salt=b"", size=32):
    key = hmac.digest(salt or bytes(32), secret, hashlib.sha256)
    return hmac.digest(key, info + b"\1", hashlib.sha256)[:size]


def aes_gcm_open(key, nonce, aad, box):
    """By libcrypto: Python has none of its own. Raises ValueError when the tag is wrong."""
    crypto = ctypes.CDLL("libcrypto.so.3")
    crypto.EVP_CIPHER_CTX_new.restype = crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
    context, cipher = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new()), ctypes.c_void_p(crypto.EVP_aes_256_gcm())
    out, size = ctypes.create_string_buffer(len(box)), ctypes.c_int()
    try:
        good = (crypto.EVP_DecryptInit_ex(context, cipher, None, key, nonce) == 1
                and crypto.EVP_DecryptUpdate(context, None, ctypes.byref(size), aad, len(aad)) == 1
                and crypto.EVP_DecryptUpdate(context, out, ctypes.byref(size), box[:-16], len(box) - 16) == 1
                and crypto.EVP_CIPHER_CTX_ctrl(context, 0x11, 16, box[-16:]) == 1
                and crypto.EVP_DecryptFinal_ex(context, out, ctypes.byref(size)) == 1)
    finally:
        crypto.EVP_CIPHER_CTX_free(context)
    if not good:
        raise ValueError("the box does not open")
    return out.raw[:len(box) - 16]
