/* emulated-client DIR DOCUMENT UNSIGNED_TX_HEX: opens a session with an emulated enclave, stores a
 * document over a nonce, makes a key, signs the transaction with it, signs messages with another
 * while more are under way, and prints what it saw as one line of JSON. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/verify.h"
#include "support/file.h"
#include "support/json.h"
#include "zcp.h"

#define KEY "emulated"
#define MANY_KEY "emulated-p256"
#define MANY 64
#define TRANSACTION_MAX 1024

static int failed(const zcp_error *error)
{
    (void)fprintf(stderr, "emulated-client: %s: %s\n", error->what, error->why);
    return 1;
}

static bool add_pcrs(const zcp_evidence *evidence, json_t *out)
{
    json_t *pcrs = json_object();
    for (unsigned i = 0; i < 32; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%u", i);
        if ((evidence->pcr_mask >> i & 1) != 0 &&
            !zc_json_set_hex(pcrs, name, zc_slice_of(evidence->pcr[i], 48))) {
            return false;
        }
    }
    return zc_json_set(out, "pcrs", pcrs);
}

static zcp_result fetch_document(zcp_session *session, const char *path, zcp_error *error)
{
    static uint8_t document[16384];
    const uint8_t nonce[] = {0xc0, 0xff, 0xee};
    size_t len;
    zc_error edge = {0};
    zcp_result got =
        zcp_attest(session, nonce, sizeof nonce, document, sizeof document, &len, error);
    if (got == ZCP_OK && !zc_ok(zc_file_write(path, zc_slice_of(document, len), 0644, &edge))) {
        zc_error_print(stderr, "emulated-client", &edge);
        got = ZCP_FAILED;
    }
    return got;
}

static zcp_result sign(zcp_session *session, zc_slice transaction, json_t *out, zcp_error *error)
{
    zcp_key key;
    zcp_signature signature;
    zcp_decision decision;
    zcp_result done = zcp_key_create(session, KEY, ZCP_SECP256K1, ZCP_HOT, ZCP_HEDGED, &key, error);
    const zcp_sign_request request = {.key = KEY,
                                      .use = ZCP_TX,
                                      .chain = ZCP_CHAIN_EVM,
                                      .payload = transaction.data,
                                      .payload_len = transaction.len};
    if (done == ZCP_OK) {
        done = zcp_sign(session, &request, &signature, &decision, error);
    }
    bool told =
        done == ZCP_OK &&
        zc_json_set_hex(out, "public_key", zc_slice_of(key.public_key, key.public_key_len)) &&
        zc_json_set_hex(out, "digest", ZC_SLICE_OF_ARRAY(signature.digest)) &&
        zc_json_set_hex(out, "signature", zc_slice_of(signature.signature, 64)) &&
        zc_json_set_u64(out, "entry", signature.entry);
    return done != ZCP_OK || told ? done : ZCP_FAILED;
}

static zcp_result send_many(zcp_session *session, zcp_error *error)
{
    zcp_result done = ZCP_OK;
    for (uint8_t i = 0; i < MANY && done == ZCP_OK; i++) {
        const uint8_t message[] = {'n', 'o', ' ', i};
        const zcp_sign_request request = {
            .key = MANY_KEY, .use = ZCP_MESSAGE, .payload = message, .payload_len = sizeof message};
        done = zcp_sign_send(session, &request, error);
    }
    return done;
}

/* Where the enclave has threads that sign, some of these are theirs. */
static zcp_result sign_many(zcp_session *session, json_t *out, zcp_error *error)
{
    zcp_key key;
    zc_pubkey point;
    uint64_t verified = 0;
    zcp_result done = zcp_key_create(session, MANY_KEY, ZCP_P256, ZCP_HOT, ZCP_HEDGED, &key, error);
    if (done == ZCP_OK) {
        done = send_many(session, error);
    }
    if (done == ZCP_OK &&
        !zc_ok(zc_pubkey_parse(ZC_CURVE_P256, zc_slice_of(key.public_key, key.public_key_len),
                               &point))) {
        return ZCP_FAILED;
    }
    for (size_t i = 0; i < MANY && done == ZCP_OK; i++) {
        zcp_signature signature;
        done = zcp_sign_receive(session, &signature, NULL, error);
        verified += done == ZCP_OK &&
                    zc_ok(zc_verify_digest(&point, signature.digest, signature.signature));
    }
    return done != ZCP_OK || zc_json_set_u64(out, "verified", verified) ? done : ZCP_FAILED;
}

static zcp_result tell(zcp_session *session, const char *path, zc_slice transaction, json_t *out,
                       zcp_error *error)
{
    zcp_status status;
    zcp_result done = zcp_get_status(session, &status, error);
    if (done == ZCP_OK) {
        done = fetch_document(session, path, error);
    }
    if (done == ZCP_OK) {
        done = sign(session, transaction, out, error);
    }
    if (done == ZCP_OK) {
        done = sign_many(session, out, error);
    }
    bool told = done == ZCP_OK && add_pcrs(zcp_session_evidence(session), out) &&
                zc_json_set_text(out, "platform", status.platform) &&
                zc_json_set_bool(out, "hardware", status.hardware) &&
                zc_json_set_u64(out, "isolation", status.isolation) &&
                zc_json_set_u64(out, "time_ms", status.time_ms) &&
                zc_json_set_hex(out, "mission", ZC_SLICE_OF_ARRAY(status.mission_hash));
    return done != ZCP_OK || told ? done : ZCP_FAILED;
}

int main(int argc, char **argv)
{
    uint8_t transaction[TRANSACTION_MAX];
    size_t len;
    if (argc != 4 || !zc_ok(zc_hex_decode_some(zc_slice_of_text(argv[3]), transaction,
                                               sizeof transaction, &len))) {
        (void)fputs("usage: emulated-client DIR DOCUMENT UNSIGNED_TX_HEX\n", stderr);
        return 2;
    }
    const zcp_options options = {.dir = argv[1], .timeout_ms = 60000};
    zcp_session *session;
    zcp_error error = {0};
    if (zcp_open(&options, &session, &error) != ZCP_OK) {
        return failed(&error);
    }
    json_t *out = json_object();
    zcp_result done = tell(session, argv[2], zc_slice_of(transaction, len), out, &error);
    zcp_close(session);
    int code = done == ZCP_OK && zc_json_print(stdout, out) ? 0 : failed(&error);
    json_decref(out);
    return code;
}
