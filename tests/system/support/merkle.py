"""RFC 6962 trees and C2SP signed notes, written from their specifications and from nothing of the product's."""
import base64
import hashlib
import subprocess


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(size):
    return 1 << (size - 1).bit_length() - 1


def root(leaves):
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    k = _split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def text64(data):
    return base64.b64encode(data).decode()


def public_key(pem):
    return subprocess.run(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout[-32:]


def sign_note(text, name, pem, folder):
    """`text`, an empty line, and one Ed25519 signature by the key in `pem`."""
    (folder / "to-sign").write_bytes(text)
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", pem, "-in", folder / "to-sign"], check=True,
                               capture_output=True).stdout
    key_id = hashlib.sha256(name.encode() + b"\n\1" + public_key(pem)).digest()[:4]
    return text + f"\n— {name} {text64(key_id + signature)}\n".encode()
