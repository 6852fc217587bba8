"""boto3_client.py KMS_URL: boto3 as it is, against the gateway; exits 0 when everything is as KMS would have it."""
import hashlib
import sys

import boto3
from botocore.config import Config

kms = boto3.client("kms", endpoint_url=sys.argv[1], region_name="eu-west-1", config=Config(retries={"max_attempts": 1}))
message = b"a message of boto3"
for key, algorithm in (("key-p256", "ECDSA_SHA_256"), ("key-secp256k1", "ECDSA_SHA_256")):
    signed = kms.sign(KeyId=key, Message=message, SigningAlgorithm=algorithm)
    digest = kms.sign(KeyId=key, Message=hashlib.sha256(message).digest(), MessageType="DIGEST", SigningAlgorithm=algorithm)
    for answer in (signed, digest):
        assert kms.verify(KeyId=key, Message=message, Signature=answer["Signature"], SigningAlgorithm=algorithm)["SignatureValid"]
    try:
        kms.verify(KeyId=key, Message=message + b"!", Signature=signed["Signature"], SigningAlgorithm=algorithm)
        sys.exit("a wrong signature was called valid")
    except kms.exceptions.KMSInvalidSignatureException:
        pass
for key in ("key-p256", "key-secp256k1", "key-ed25519"):
    assert kms.get_public_key(KeyId=key)["PublicKey"][0] == 0x30
    assert kms.describe_key(KeyId=f"alias/{key}")["KeyMetadata"]["KeyId"] == key
made = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256", Tags=[{"TagKey": "Name", "TagValue": "by-boto3"}])
assert made["KeyMetadata"]["KeyId"] == "by-boto3"
kms.create_alias(AliasName="alias/boto3", TargetKeyId="by-boto3")
names = [key["KeyId"] for page in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}) for key in page["Keys"]]
assert "by-boto3" in names and len(names) == len(set(names))
aliases = [alias["AliasName"] for page in kms.get_paginator("list_aliases").paginate() for alias in page["Aliases"]]
assert {"alias/boto3", "alias/by-boto3", "alias/key-p256"} <= set(aliases)
assert kms.list_resource_tags(KeyId="by-boto3")["Tags"] == [{"TagKey": "Name", "TagValue": "by-boto3"}]
kms.disable_key(KeyId="by-boto3")
for name, call in (("DisabledException", lambda: kms.sign(KeyId="by-boto3", Message=b"x", SigningAlgorithm="ECDSA_SHA_256")),
                   ("NotFoundException", lambda: kms.describe_key(KeyId="nobody")),
                   ("UnsupportedOperationException", lambda: kms.enable_key(KeyId="by-boto3"))):
    try:
        call()
        sys.exit(f"{name} was expected")
    except kms.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == name, error
print("boto3: satisfied")
