#include <stdlib.h>
#include <string.h>

#include "crypto/curve.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "entries.h"

#define SIGNATURE_SIZE 64
#define MAX_DIGEST 64

/* The most that the enclave takes as a message; a longer one is hashed here, and then needs the raw
 * use of the key. */
#define MESSAGE_MAX 16384

static size_t digest_of(CK_MECHANISM_TYPE type, zc_slice data,
                        unsigned char digest[static MAX_DIGEST])
{
    switch (type) {
    case CKM_SHA256:
    case CKM_ECDSA_SHA256:
        zc_sha256(data, digest);
        return 32;
    case CKM_SHA384:
    case CKM_ECDSA_SHA384:
        zc_sha384(data, digest);
        return 48;
    case CKM_SHA512:
    case CKM_ECDSA_SHA512:
        zc_sha512(data, digest);
        return 64;
    default:
        return 0;
    }
}

/* What ECDSA on a 256-bit curve signs of a longer digest: its first 32 bytes; of a shorter one the
 * same number with zeros in front (SEC 1, 4.1.3). */
static void fit_digest(zc_slice digest, unsigned char ret_digest[static 32])
{
    size_t len = digest.len < 32 ? digest.len : 32;
    memset(ret_digest, 0, 32);
    memcpy(ret_digest + 32 - len, digest.data, len);
}

static bool is_hashing(CK_MECHANISM_TYPE type)
{
    return type == CKM_ECDSA_SHA256 || type == CKM_ECDSA_SHA384 || type == CKM_ECDSA_SHA512;
}

static bool fits_curve(CK_MECHANISM_TYPE type, zcp_curve curve)
{
    return curve == ZCP_ED25519 ? type == CKM_EDDSA : type == CKM_ECDSA || is_hashing(type);
}

/* Takes the lock and begins an operation with a key's half. */
static CK_RV begin(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE object,
                   zcp_p11_operation operation, zcp_p11_part wanted)
{
    zcp_p11_session *session;
    zcp_p11_part part;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (mechanism == NULL) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (session->operation != ZCP_P11_IDLE) {
        return zcp_p11_leave(CKR_OPERATION_ACTIVE);
    }
    if (wanted == ZCP_P11_PRIVATE && !zcp_p11.logged_in) {
        return zcp_p11_leave(CKR_USER_NOT_LOGGED_IN);
    }
    const zcp_p11_key *key = zcp_p11_key_of(object, &part);
    if (key == NULL || part != wanted) {
        return zcp_p11_leave(CKR_KEY_HANDLE_INVALID);
    }
    if (!fits_curve(mechanism->mechanism, key->key.curve)) {
        return zcp_p11_leave(CKR_MECHANISM_INVALID);
    }
    session->operation = operation;
    session->mechanism = mechanism->mechanism;
    session->key = object;
    return zcp_p11_leave(CKR_OK);
}

static void end(zcp_p11_session *session)
{
    free(session->collected);
    session->collected = NULL;
    session->collected_len = 0;
    session->operation = ZCP_P11_IDLE;
}

/* Takes the lock and the session in the middle of an operation. */
static CK_RV enter_operation(CK_SESSION_HANDLE handle, zcp_p11_operation operation,
                             zcp_p11_session **ret_session)
{
    CK_RV result = zcp_p11_enter_session(handle, ret_session);
    if (result == CKR_OK && (*ret_session)->operation != operation) {
        result = zcp_p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    return result;
}

static CK_RV collect(zcp_p11_session *session, const unsigned char *part, unsigned long len)
{
    if (part == NULL && len > 0) {
        return CKR_ARGUMENTS_BAD;
    }
    if (len > ZCP_P11_MAX_MESSAGE - session->collected_len) {
        return CKR_DATA_LEN_RANGE;
    }
    if (len == 0) {
        return CKR_OK;
    }
    unsigned char *longer = realloc(session->collected, session->collected_len + len);
    if (longer == NULL) {
        return CKR_HOST_MEMORY;
    }
    memcpy(longer + session->collected_len, part, len);
    session->collected = longer;
    session->collected_len += len;
    return CKR_OK;
}

static CK_RV update(CK_SESSION_HANDLE handle, zcp_p11_operation operation, unsigned char *part,
                    unsigned long len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, operation, &session);
    if (result != CKR_OK) {
        return result;
    }
    result = collect(session, part, len);
    if (result != CKR_OK) {
        end(session);
    }
    return zcp_p11_leave(result);
}

CK_RV zcp_p11_sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return begin(session, mechanism, key, ZCP_P11_SIGN, ZCP_P11_PRIVATE);
}

/* What the enclave is asked. A P-256 key's message is hashed inside with SHA-256, so policy sees
 * it; whatever else is hashed here is a bare digest, which needs the raw use of the key. */
static CK_RV request_of(const zcp_p11_session *session, const zcp_p11_key *key, zc_slice data,
                        unsigned char digest[static 32], zcp_sign_request *ret_request)
{
    unsigned char hash[MAX_DIGEST];
    bool as_message = key->key.curve == ZCP_ED25519 ||
                      (key->key.curve == ZCP_P256 && session->mechanism == CKM_ECDSA_SHA256 &&
                       data.len <= MESSAGE_MAX);
    *ret_request = (zcp_sign_request){.key = key->key.name};
    if (as_message) {
        ret_request->use = ZCP_MESSAGE;
        ret_request->payload = data.data != NULL ? data.data : digest;
        ret_request->payload_len = data.len;
        return CKR_OK;
    }
    if (session->mechanism == CKM_ECDSA) {
        if (data.len == 0 || data.len > MAX_DIGEST) {
            return CKR_DATA_LEN_RANGE;
        }
        fit_digest(data, digest);
    } else {
        size_t len = digest_of(session->mechanism, data, hash);
        fit_digest(zc_slice_of(hash, len), digest);
    }
    ret_request->use = ZCP_DIGEST;
    ret_request->payload = digest;
    ret_request->payload_len = 32;
    return CKR_OK;
}

/* Signs what was collected; the lock is not held while the enclave works. */
static CK_RV sign_with(const zcp_p11_session *session, const zcp_p11_key *key, zc_slice data,
                       unsigned char signature[static SIGNATURE_SIZE])
{
    unsigned char digest[32] = {0};
    zcp_session *connection;
    zcp_sign_request request;
    zcp_signature made;
    zcp_decision decision = {0};
    zcp_error error;
    CK_RV result = request_of(session, key, data, digest, &request);
    if (result == CKR_OK) {
        result = zcp_p11_connect(&connection);
    }
    if (result != CKR_OK) {
        return result;
    }
    zcp_result signed_ok = zcp_sign(connection, &request, &made, &decision, &error);
    zcp_p11_disconnect(connection, signed_ok == ZCP_OK || signed_ok == ZCP_DENIED ||
                                       signed_ok == ZCP_APPROVAL_NEEDED);
    if (signed_ok != ZCP_OK) {
        return zcp_p11_failed(signed_ok, &error, &decision);
    }
    memcpy(signature, made.signature, SIGNATURE_SIZE);
    return CKR_OK;
}

/* Ends a signing session with what it collected. Asking for the length alone ends nothing. */
static CK_RV finish_sign(zcp_p11_session *session, unsigned char *signature,
                         unsigned long *signature_len)
{
    zcp_p11_part part;
    const zcp_p11_key *found = zcp_p11_key_of(session->key, &part);
    if (signature_len == NULL || found == NULL) {
        end(session);
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (signature == NULL || *signature_len < SIGNATURE_SIZE) {
        *signature_len = SIGNATURE_SIZE;
        return zcp_p11_leave(signature == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL);
    }
    unsigned char made[SIGNATURE_SIZE];
    const zcp_p11_session work = *session;
    const zcp_p11_key key = *found;
    session->collected = NULL; /* `work` has it now */
    end(session);
    (void)zcp_p11_leave(CKR_OK);
    CK_RV result = sign_with(&work, &key, zc_slice_of(work.collected, work.collected_len), made);
    free(work.collected);
    if (result == CKR_OK) {
        memcpy(signature, made, SIGNATURE_SIZE);
        *signature_len = SIGNATURE_SIZE;
    }
    return result;
}

CK_RV zcp_p11_sign(CK_SESSION_HANDLE handle, unsigned char *data, unsigned long data_len,
                   unsigned char *signature, unsigned long *signature_len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, ZCP_P11_SIGN, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (session->collected_len != 0) {
        return zcp_p11_leave(CKR_OPERATION_ACTIVE);
    }
    bool asks_len = signature == NULL || signature_len == NULL || *signature_len < SIGNATURE_SIZE;
    result = asks_len ? CKR_OK : collect(session, data, data_len);
    if (result != CKR_OK) {
        end(session);
        return zcp_p11_leave(result);
    }
    return finish_sign(session, signature, signature_len);
}

CK_RV zcp_p11_sign_update(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len)
{
    return update(session, ZCP_P11_SIGN, part, part_len);
}

CK_RV zcp_p11_sign_final(CK_SESSION_HANDLE handle, unsigned char *signature,
                         unsigned long *signature_len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, ZCP_P11_SIGN, &session);
    return result != CKR_OK ? result : finish_sign(session, signature, signature_len);
}

CK_RV zcp_p11_verify_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return begin(session, mechanism, key, ZCP_P11_VERIFY, ZCP_P11_PUBLIC);
}

/* Public keys need no enclave. */
static CK_RV verify_with(const zcp_p11_session *session, const zcp_p11_key *key, zc_slice data,
                         const unsigned char *signature)
{
    unsigned char hash[MAX_DIGEST];
    unsigned char digest[32];
    zc_pubkey pubkey;
    const zc_slice point = zc_slice_of(key->key.public_key, key->key.public_key_len);
    if (key->key.curve == ZCP_ED25519) {
        return zc_ok(zc_verify_ed25519(key->key.public_key, data, signature))
                   ? CKR_OK
                   : CKR_SIGNATURE_INVALID;
    }
    size_t len = digest_of(session->mechanism, data, hash);
    if (session->mechanism == CKM_ECDSA && (data.len == 0 || data.len > MAX_DIGEST)) {
        return CKR_DATA_LEN_RANGE;
    }
    fit_digest(session->mechanism == CKM_ECDSA ? data : zc_slice_of(hash, len), digest);
    return zc_ok(zc_pubkey_parse((zc_curve)key->key.curve, point, &pubkey)) &&
                   zc_ok(zc_verify_digest(&pubkey, digest, signature))
               ? CKR_OK
               : CKR_SIGNATURE_INVALID;
}

static CK_RV finish_verify(zcp_p11_session *session, const unsigned char *signature,
                           unsigned long signature_len)
{
    zcp_p11_part part;
    CK_RV result = CKR_ARGUMENTS_BAD;
    const zcp_p11_key *key = zcp_p11_key_of(session->key, &part);
    if (signature != NULL && key != NULL) {
        result =
            signature_len == SIGNATURE_SIZE
                ? verify_with(session, key, zc_slice_of(session->collected, session->collected_len),
                              signature)
                : CKR_SIGNATURE_LEN_RANGE;
    }
    end(session);
    return zcp_p11_leave(result);
}

CK_RV zcp_p11_verify(CK_SESSION_HANDLE handle, unsigned char *data, unsigned long data_len,
                     unsigned char *signature, unsigned long signature_len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, ZCP_P11_VERIFY, &session);
    if (result != CKR_OK) {
        return result;
    }
    result = collect(session, data, data_len);
    if (result != CKR_OK) {
        end(session);
        return zcp_p11_leave(result);
    }
    return finish_verify(session, signature, signature_len);
}

CK_RV zcp_p11_verify_update(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len)
{
    return update(session, ZCP_P11_VERIFY, part, part_len);
}

CK_RV zcp_p11_verify_final(CK_SESSION_HANDLE handle, unsigned char *signature,
                           unsigned long signature_len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, ZCP_P11_VERIFY, &session);
    return result != CKR_OK ? result : finish_verify(session, signature, signature_len);
}

CK_RV zcp_p11_digest_init(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism)
{
    zcp_p11_session *session;
    CK_RV result = zcp_p11_enter_session(handle, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (mechanism == NULL) {
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (session->operation != ZCP_P11_IDLE) {
        return zcp_p11_leave(CKR_OPERATION_ACTIVE);
    }
    bool known = mechanism->mechanism == CKM_SHA256 || mechanism->mechanism == CKM_SHA384 ||
                 mechanism->mechanism == CKM_SHA512;
    if (known) {
        session->operation = ZCP_P11_DIGEST;
        session->mechanism = mechanism->mechanism;
    }
    return zcp_p11_leave(known ? CKR_OK : CKR_MECHANISM_INVALID);
}

static CK_RV finish_digest(zcp_p11_session *session, zc_slice data, unsigned char *digest,
                           unsigned long *digest_len)
{
    unsigned char hash[MAX_DIGEST];
    if (digest_len == NULL) {
        end(session);
        return zcp_p11_leave(CKR_ARGUMENTS_BAD);
    }
    size_t len = digest_of(session->mechanism, data, hash);
    bool fits = digest != NULL && *digest_len >= len;
    *digest_len = len;
    if (!fits) {
        return zcp_p11_leave(digest == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL);
    }
    memcpy(digest, hash, len);
    end(session);
    return zcp_p11_leave(CKR_OK);
}

CK_RV zcp_p11_digest(CK_SESSION_HANDLE handle, unsigned char *data, unsigned long data_len,
                     unsigned char *digest, unsigned long *digest_len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, ZCP_P11_DIGEST, &session);
    if (result != CKR_OK) {
        return result;
    }
    if (session->collected_len != 0 || (data == NULL && data_len > 0)) {
        return zcp_p11_leave(session->collected_len != 0 ? CKR_OPERATION_ACTIVE
                                                         : CKR_ARGUMENTS_BAD);
    }
    return finish_digest(session, zc_slice_of(data, data_len), digest, digest_len);
}

CK_RV zcp_p11_digest_update(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len)
{
    return update(session, ZCP_P11_DIGEST, part, part_len);
}

CK_RV zcp_p11_digest_final(CK_SESSION_HANDLE handle, unsigned char *digest,
                           unsigned long *digest_len)
{
    zcp_p11_session *session;
    CK_RV result = enter_operation(handle, ZCP_P11_DIGEST, &session);
    return result != CKR_OK
               ? result
               : finish_digest(session, zc_slice_of(session->collected, session->collected_len),
                               digest, digest_len);
}
