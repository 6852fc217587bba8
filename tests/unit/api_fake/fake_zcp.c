#include "fake.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/credential.h"

fake_zcp fake;

struct zcp_session {
    int nothing;
};

static zcp_result failed(zcp_result result, zcp_error *error)
{
    if (error != NULL) {
        *error =
            (zcp_error){.result = result, .what = "it failed", .why = "it is fake", .next = "x"};
        (void)snprintf(error->reason, sizeof error->reason, "%s",
                       fake.reason != NULL ? fake.reason : "ENCLAVE_UNKNOWN_KEY");
    }
    return result;
}

zcp_result zcp_open(const zcp_options *options, zcp_session **ret_session, zcp_error *error)
{
    (void)options;
    if (fake.open_result != ZCP_OK) {
        return failed(fake.open_result, error);
    }
    *ret_session = calloc(1, sizeof **ret_session);
    return ZCP_OK;
}

void zcp_close(zcp_session *session)
{
    free(session);
}

static const zcp_key keys[] = {
    {.name = "p1", .owner = "a", .curve = ZCP_P256, .public_key_len = 65},
    {.name = "k1",
     .owner = "a",
     .curve = ZCP_SECP256K1,
     .public_key_len = 65,
     .address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"},
    {.name = "e1", .owner = "a", .curve = ZCP_ED25519, .public_key_len = 32},
};
#define KEYS (sizeof keys / sizeof keys[0])

static void give(size_t at, zcp_key *ret_key)
{
    *ret_key = keys[at];
    ret_key->tier = ZCP_HOT;
    ret_key->nonce = ZCP_HEDGED;
    ret_key->created_ms = 1700000000000;
    ret_key->public_key[0] = 4;
    ret_key->disabled = fake.disabled;
}

zcp_result zcp_key_show(zcp_session *session, const char *name, zcp_key *ret_key, zcp_error *error)
{
    (void)session;
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            give(i, ret_key);
            return ZCP_OK;
        }
    }
    return failed(ZCP_FAILED, error);
}

zcp_result zcp_key_list(zcp_session *session, uint64_t from, zcp_key *ret_keys, size_t capacity,
                        size_t *ret_count, uint64_t *ret_total, zcp_error *error)
{
    (void)session;
    (void)error;
    *ret_count = 0;
    *ret_total = KEYS;
    for (size_t i = from; i < KEYS && *ret_count < capacity; i++) {
        give(i, &ret_keys[(*ret_count)++]);
    }
    return ZCP_OK;
}

zcp_result zcp_key_create(zcp_session *session, const char *name, zcp_curve curve, zcp_tier tier,
                          zcp_nonce nonce, zcp_key *ret_key, zcp_error *error)
{
    (void)session;
    if (!zc_name_ok(name)) {
        return failed(ZCP_FAILED, error); /* as the enclave's keyring does */
    }
    *ret_key = (zcp_key){.curve = curve, .tier = tier, .nonce = nonce, .public_key_len = 65};
    (void)snprintf(ret_key->name, sizeof ret_key->name, "%s", name);
    return ZCP_OK;
}

zcp_result zcp_key_disable(zcp_session *session, const char *name, zcp_key *ret_key,
                           zcp_error *error)
{
    return zcp_key_show(session, name, ret_key, error);
}

zcp_result zcp_sign(zcp_session *session, const zcp_sign_request *request,
                    zcp_signature *ret_signature, zcp_decision *ret_decision, zcp_error *error)
{
    size_t kept =
        request->payload_len < sizeof fake.payload ? request->payload_len : sizeof fake.payload;
    zcp_key key;
    fake.last = *request;
    if (kept > 0) {
        memcpy(fake.payload, request->payload, kept);
    }
    if (fake.sign_result == ZCP_OK && zcp_key_show(session, request->key, &key, error) != ZCP_OK) {
        return failed(ZCP_FAILED, error); /* a name that no key has, as the enclave does */
    }
    if (fake.sign_result != ZCP_OK) {
        *ret_decision = fake.decision;
        return failed(fake.sign_result, error);
    }
    fake.signatures++;
    *ret_signature = (zcp_signature){.entry = 7, .decision = {.rule = "fake"}};
    memset(ret_signature->signature, 0x91, sizeof ret_signature->signature);
    static const uint8_t raw[64] = {0x91};
    ret_signature->raw = raw;
    ret_signature->raw_len = sizeof raw;
    return ZCP_OK;
}

zcp_result zcp_evm_signed(const uint8_t *unsigned_tx, size_t len, const zcp_signature *signature,
                          uint8_t *ret_signed, size_t capacity, size_t *ret_len, zcp_error *error)
{
    (void)signature;
    if (capacity < len) {
        return failed(ZCP_USAGE, error);
    }
    memcpy(ret_signed, unsigned_tx, len);
    *ret_len = len;
    return ZCP_OK;
}

zcp_result zcp_get_status(zcp_session *session, zcp_status *ret_status, zcp_error *error)
{
    (void)session;
    (void)error;
    *ret_status = (zcp_status){.phase = fake.halted ? ZCP_HALTED : ZCP_SERVING, .mission = "fake"};
    return ZCP_OK;
}

zcp_result zcp_policy_list(zcp_session *session, zcp_policy_section section, uint64_t from,
                           zcp_policy_line *ret_lines, size_t capacity, size_t *ret_count,
                           uint64_t *ret_total, zcp_error *error)
{
    (void)session;
    (void)section;
    (void)from;
    (void)ret_lines;
    (void)capacity;
    (void)error;
    *ret_count = 0;
    *ret_total = 0;
    return ZCP_OK;
}

const char *zcp_isolation_name(size_t index, uint32_t *ret_bit, const char **ret_text)
{
    (void)ret_text;
    *ret_bit = 1;
    return index == 0 ? "seccomp" : NULL;
}

uint64_t zcp_chain_id(const char *name)
{
    return strcmp(name, "bitcoin") == 0 || strcmp(name, "solana") == 0 ? 5 : 0;
}

zcp_result zcp_typed_data(const char *json, size_t len, uint8_t *ret_form, size_t capacity,
                          size_t *ret_len, zcp_error *error)
{
    if (len > capacity) {
        return failed(ZCP_FAILED, error);
    }
    memcpy(ret_form, json, len);
    *ret_len = len;
    return ZCP_OK;
}

zcp_result zcp_order(const char *json, size_t len, uint8_t *ret_form, size_t capacity,
                     size_t *ret_len, zcp_error *error)
{
    return zcp_typed_data(json, len, ret_form, capacity, ret_len, error);
}

zcp_result zcp_attest(zcp_session *session, const uint8_t *nonce, size_t nonce_len,
                      uint8_t *ret_document, size_t capacity, size_t *ret_len, zcp_error *error)
{
    (void)session;
    if (nonce_len > capacity) {
        return failed(ZCP_FAILED, error);
    }
    memcpy(ret_document, nonce, nonce_len);
    *ret_len = nonce_len;
    return ZCP_OK;
}

const zcp_evidence *zcp_session_evidence(const zcp_session *session)
{
    static const zcp_evidence evidence;
    (void)session;
    return &evidence;
}

zcp_result zcp_verify_evidence(const uint8_t *evidence, size_t len, const zcp_policy *policy,
                               zcp_conclusion *ret_conclusion, zcp_error *error)
{
    (void)evidence;
    (void)len;
    (void)policy;
    *ret_conclusion = (zcp_conclusion){0};
    return failed(ZCP_NOT_VERIFIED, error);
}

zcp_result zcp_halt(zcp_session *session, const char *reason, uint64_t *ret_entry, zcp_error *error)
{
    (void)session;
    (void)reason;
    (void)error;
    *ret_entry = 8;
    return ZCP_OK;
}

zcp_result zcp_resume(zcp_session *session, uint64_t *ret_entry, zcp_error *error)
{
    (void)session;
    (void)ret_entry;
    fake.reason = "";
    return failed(ZCP_APPROVAL_NEEDED, error);
}
