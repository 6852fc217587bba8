/* Sign, Verify and GetPublicKey. */
#include <stdio.h>

#include "api/kms/kms.h"
#include "api/public_key.h"
#include "codec/base64.h"
#include "codec/json_write.h"
#include "crypto/der.h"
#include "crypto/hash.h"
#include "support/json.h"

/* What Sign and Verify share: the key, the bytes, and how they are meant. */
typedef struct sign_terms {
    zcp_key key;
    const zc_kms_spec *spec;
    bool is_digest;
    zc_bytes message;
} sign_terms;

static bool read_algorithm(zc_kms_call *call, sign_terms *wanted)
{
    char message[256];
    const char *algorithm = zc_kms_text(call, "SigningAlgorithm", 64);
    if (algorithm == NULL) {
        return false;
    }
    if (strcmp(algorithm, "ED25519_PH_SHA_512") == 0 && wanted->key.curve == ZCP_ED25519) {
        zc_kms_fail(call->response, "UnsupportedOperationException",
                    "ED25519_PH_SHA_512 signs a hash that nobody can look into, and no key of this "
                    "service does: use ED25519_SHA_512 with MessageType RAW");
        return false;
    }
    if (strcmp(algorithm, wanted->spec->algorithm) != 0) {
        (void)snprintf(message, sizeof message, "Algorithm %.40s is incompatible with key spec %s.",
                       algorithm, wanted->spec->spec);
        zc_kms_fail(call->response, "InvalidKeyUsageException", message);
        return false;
    }
    return true;
}

static bool read_message(zc_kms_call *call, sign_terms *wanted)
{
    const json_t *type = json_object_get(call->body, "MessageType");
    const char *text = type == NULL || json_is_null(type) ? "RAW" : json_string_value(type);
    wanted->is_digest = text != NULL && strcmp(text, "DIGEST") == 0;
    if (text == NULL || (!wanted->is_digest && strcmp(text, "RAW") != 0)) {
        zc_kms_fail(call->response, "ValidationException",
                    "1 validation error detected: MessageType must be RAW or DIGEST");
        return false;
    }
    if (wanted->is_digest && wanted->key.curve == ZCP_ED25519) {
        zc_kms_fail(call->response, "ValidationException",
                    "ED25519_SHA_512 takes MessageType RAW alone.");
        return false;
    }
    if (!zc_kms_blob(call, "Message", ZC_KMS_RAW_MAX, &wanted->message)) {
        return false;
    }
    if (wanted->is_digest && wanted->message.len != 32) {
        zc_kms_fail(call->response, "ValidationException",
                    "Digest is invalid length for algorithm ECDSA_SHA_256.");
        return false;
    }
    return true;
}

static bool read_wanted(zc_kms_call *call, sign_terms *wanted)
{
    if (json_is_true(json_object_get(call->body, "DryRun"))) {
        zc_kms_fail(call->response, "UnsupportedOperationException",
                    "whether policy allows something is decided when it is signed, not before");
        return false;
    }
    if (!zc_kms_key(call, "KeyId", &wanted->key)) {
        return false;
    }
    wanted->spec = zc_kms_spec_of_curve(wanted->key.curve);
    if (wanted->spec == NULL) {
        zc_kms_fail(call->response, "KMSInternalException", "the key's curve is unknown");
        return false;
    }
    return read_algorithm(call, wanted) && read_message(call, wanted);
}

/* KMS's RAW of a key that signs for Ethereum, Bitcoin and Cosmos is a bare SHA-256, which is the
 * hash of their transactions too: no decoder reads it, so it is the raw use, as DIGEST is. On other
 * keys RAW is a message, which policy sees. */
static zcp_sign_request request_of(const sign_terms *wanted, uint8_t digest[static 32])
{
    bool hashed_here = !wanted->is_digest && wanted->key.curve == ZCP_SECP256K1;
    zcp_sign_request request = {
        .key = wanted->key.name,
        .use = wanted->is_digest || hashed_here ? ZCP_DIGEST : ZCP_MESSAGE,
        .payload = wanted->message.data,
        .payload_len = wanted->message.len,
    };
    if (hashed_here) {
        zc_sha256(zc_bytes_slice(&wanted->message), digest);
        request.payload = digest;
        request.payload_len = 32;
    }
    return request;
}

static void refuse(zc_kms_call *call, const zcp_sign_request *request, zcp_result result,
                   const zcp_decision *decision, const zcp_error *error)
{
    char message[640];
    if (result != ZCP_DENIED && result != ZCP_APPROVAL_NEEDED) {
        zc_kms_row row;
        size_t at = 0;
        bool deleted = strcmp(error->reason, "ENCLAVE_KEY_DISABLED") == 0 &&
                       zc_kms_store_find(call->kms->store, call->api->identity->name,
                                         ZC_KMS_DELETION, request->key, NULL, &at, &row);
        if (deleted) {
            zc_kms_fail(call->response, "KMSInvalidStateException", "the key is pending deletion.");
        } else {
            zc_kms_fail_session(call, result, error);
        }
        return;
    }
    json_t *details = zc_api_refusal(result, decision, request, message);
    zc_kms_fail_with(call->response, "AccessDeniedException", message, details);
}

#define ANSWER_MAX 512

static zc_result write_answer(zc_json *json, const char *arn, zc_slice signature,
                              const char *algorithm)
{
    char base64[ZC_BASE64_LEN(ZC_DER_MAX_SIGNATURE)];
    zc_writer text = zc_writer_of(base64, sizeof base64);
    ZC_TRY(zc_write_base64(&text, signature));
    ZC_TRY(zc_json_open_object(json));
    ZC_TRY(zc_json_pair(json, "KeyId", zc_slice_of_text(arn)));
    ZC_TRY(zc_json_pair(json, "Signature", zc_writer_written(&text)));
    ZC_TRY(zc_json_pair(json, "SigningAlgorithm", zc_slice_of_text(algorithm)));
    return zc_json_close_object(json);
}

static void answer(zc_kms_call *call, const sign_terms *wanted, const zcp_signature *signature)
{
    uint8_t der[ZC_DER_MAX_SIGNATURE];
    uint8_t text[ANSWER_MAX];
    char arn[ZC_KMS_ARN_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(der);
    zc_writer out = ZC_WRITER_OF_ARRAY(text);
    zc_json json = zc_json_of(&out);
    zc_slice bytes = ZC_SLICE_OF_ARRAY(signature->signature);
    if (wanted->key.curve != ZCP_ED25519) {
        if (!zc_ok(zc_der_write_signature(&writer, signature->signature, 32))) {
            zc_kms_fail(call->response, "KMSInternalException", "the signature has no DER form");
            return;
        }
        bytes = zc_writer_written(&writer);
    }
    zc_kms_arn(call, "key/", wanted->key.name, arn);
    zc_result written = write_answer(&json, arn, bytes, wanted->spec->algorithm);
    if (zc_ok(written)) {
        zc_kms_reply_written(call, zc_writer_written(&out));
    } else {
        zc_kms_fail(call->response, "KMSInternalException", "the answer does not fit");
    }
}

void zc_kms_sign(zc_kms_call *call)
{
    sign_terms wanted = {0};
    uint8_t digest[32];
    zcp_signature signature;
    zcp_decision decision = {0};
    zcp_error error;
    if (read_wanted(call, &wanted)) {
        zcp_sign_request request = request_of(&wanted, digest);
        zcp_result result = zc_api_sign(call->api, &request, &signature, &decision, &error);
        if (result == ZCP_OK) {
            answer(call, &wanted, &signature);
        } else {
            refuse(call, &request, result, &decision, &error);
        }
    }
    zc_bytes_clear(&wanted.message);
}

void zc_kms_verify(zc_kms_call *call)
{
    sign_terms wanted = {0};
    ZC_BYTES zc_bytes signature = {0};
    char arn[ZC_KMS_ARN_SIZE];
    if (read_wanted(call, &wanted) && zc_kms_blob(call, "Signature", 6144, &signature)) {
        if (!zc_public_key_holds(&wanted.key, wanted.is_digest, zc_bytes_slice(&wanted.message),
                                 zc_bytes_slice(&signature))) {
            zc_kms_fail(call->response, "KMSInvalidSignatureException",
                        "the signature does not hold");
        } else {
            zc_kms_arn(call, "key/", wanted.key.name, arn);
            zc_kms_reply(call, json_pack("{s:s, s:b, s:s}", "KeyId", arn, "SignatureValid", 1,
                                         "SigningAlgorithm", wanted.spec->algorithm));
        }
    }
    zc_bytes_clear(&wanted.message);
}

void zc_kms_get_public_key(zc_kms_call *call)
{
    zcp_key key;
    char arn[ZC_KMS_ARN_SIZE];
    uint8_t spki[ZC_SPKI_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(spki);
    if (!zc_kms_key(call, "KeyId", &key)) {
        return;
    }
    const zc_kms_spec *spec = zc_kms_spec_of_curve(key.curve);
    if (spec == NULL || !zc_ok(zc_spki_write(&key, &writer))) {
        zc_kms_fail(call->response, "KMSInternalException", "the key's curve is unknown");
        return;
    }
    zc_kms_arn(call, "key/", key.name, arn);
    json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:[s]}", "KeyId", arn, "KeySpec", spec->spec,
                            "CustomerMasterKeySpec", spec->spec, "KeyUsage", "SIGN_VERIFY",
                            "SigningAlgorithms", spec->algorithm);
    bool made =
        out != NULL && zc_json_set(out, "PublicKey", zc_base64_json(zc_writer_written(&writer)));
    if (!made) {
        json_decref(out);
        out = NULL;
    }
    zc_kms_reply(call, out);
}
