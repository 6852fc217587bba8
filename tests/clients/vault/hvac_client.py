"""What a program that uses hvac does with Transit: hvac_client.py URL TOKEN. Prints how many things worked."""
import base64
import hashlib
import json
import sys

import hvac

url, token = sys.argv[1:3]
done = 0


def check(condition, what):
    global done
    if not condition:
        sys.exit(f"{what} is wrong")
    done += 1


def b64(data):
    return base64.b64encode(data).decode()


client = hvac.Client(url=url, token=token)
check(client.is_authenticated(), "is_authenticated")
check(not client.sys.is_sealed() and client.sys.is_initialized if hasattr(client.sys, "is_initialized") else True, "sealed")
transit = client.secrets.transit
transit.create_key(name="hvac-p256", key_type="ecdsa-p256")
transit.create_key(name="hvac-ed25519", key_type="ed25519")
check({"hvac-p256", "hvac-ed25519"} <= set(transit.list_keys()["data"]["keys"]), "list_keys")
read = transit.read_key(name="hvac-p256")["data"]
check(read["type"] == "ecdsa-p256" and read["keys"]["1"]["public_key"].startswith("-----BEGIN PUBLIC KEY-----"), "read_key")
for name in ("hvac-p256", "hvac-ed25519"):
    signed = transit.sign_data(name=name, hash_input=b64(b"hello"))["data"]["signature"]
    valid = transit.verify_signed_data(name=name, hash_input=b64(b"hello"), signature=signed)["data"]["valid"]
    check(valid is True, f"sign_data {name}")
digest = hashlib.sha256(b"hello").digest()
signed = transit.sign_data(name="hvac-p256", hash_input=b64(digest), hash_algorithm="sha2-256", prehashed=True,
                           marshaling_algorithm="jws")["data"]["signature"]
check(signed.startswith("vault:v1:") and "=" not in signed, "jws")
try:
    transit.create_key(name="hvac-aes", key_type="aes256-gcm96")
except hvac.exceptions.InvalidRequest as error:
    check("unknown key type" in str(error), "create_key of a cipher")
try:
    hvac.Client(url=url, token="s.a-token-that-nobody-has").secrets.transit.read_key(name="hvac-p256")
except hvac.exceptions.Forbidden as error:
    check("permission denied" in str(error), "a wrong token")
print(json.dumps({"done": done}))
