/* From a request parsed to its reply ready, inside the enclave: decode, policy, log and signature.
 */
#include <string.h>

#include "bench.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "mission.h"
#include "requests.h"
#include "rig.h"

enum { P256, P256_DETERMINISTIC, SECP256K1, ED25519, BATCH, ED25519_DETERMINISTIC, KEYS };

static const struct {
    const char *name;
    zc_curve curve;
    zc_nonce_mode mode;
    bool transaction; /* else a message */
} kinds[KEYS] = {
    [P256] = {ZC_BENCH_KEY_PREFIX "p256", ZC_CURVE_P256, ZC_NONCE_HEDGED, false},
    [P256_DETERMINISTIC] = {ZC_BENCH_KEY_PREFIX "p256-deterministic", ZC_CURVE_P256,
                            ZC_NONCE_DETERMINISTIC, false},
    [SECP256K1] = {ZC_BENCH_KEY_PREFIX "ethereum", ZC_CURVE_SECP256K1, ZC_NONCE_HEDGED, true},
    [ED25519] = {ZC_BENCH_KEY_PREFIX "ed25519", ZC_CURVE_ED25519, ZC_NONCE_HEDGED, false},
    [BATCH] = {ZC_BENCH_KEY_PREFIX "batch", ZC_CURVE_P256, ZC_NONCE_HEDGED, false},
    [ED25519_DETERMINISTIC] = {ZC_BENCH_KEY_PREFIX "ed25519-deterministic", ZC_CURVE_ED25519,
                               ZC_NONCE_DETERMINISTIC, false},
};

static zc_pubkey pubkey[KEYS];
static uint8_t payload[ZC_BENCH_MESSAGE_MAX];
static size_t payload_len;
static uint64_t turn;

static bool create_key(int which)
{
    zc_request request = {.op = ZC_OP_KEY_CREATE,
                          .key_create = {.name = zc_slice_of_text(kinds[which].name),
                                         .kind = (uint8_t)kinds[which].curve,
                                         .tier = ZC_TIER_HOT,
                                         .nonce_mode = (uint8_t)kinds[which].mode}};
    zc_reply reply;
    return zc_rig_ask(&request, &reply) &&
           zc_ok(zc_pubkey_parse(kinds[which].curve, reply.key.public_key, &pubkey[which]));
}

static bool prepare(const zc_bench_task *task)
{
    int which = task->variant;
    payload_len = kinds[which].transaction ? zc_bench_transfer(turn, payload)
                                           : zc_bench_message(turn, payload);
    turn++;
    zc_request request = {
        .op = ZC_OP_SIGN,
        .sign = {.key = zc_slice_of_text(kinds[which].name),
                 .use = kinds[which].transaction ? ZC_USE_TX : ZC_USE_MESSAGE,
                 .family = kinds[which].transaction ? ZC_FAMILY_EVM : ZC_FAMILY_NONE,
                 .payload = zc_slice_of(payload, payload_len)}};
    return payload_len > 0 && zc_rig_prepare(&request);
}

static bool run(const zc_bench_task *task)
{
    (void)task;
    zc_rig_step();
    return true;
}

static bool settle(const zc_bench_task *task)
{
    (void)task;
    zc_reply reply;
    return zc_rig_settle(ZC_OP_SIGN, &reply) && reply.sign.signature.len == 64;
}

/* Whether one signature is one: the enclave that is measured really signs. */
static bool signs(const zc_bench_task *task)
{
    zc_reply reply;
    const zc_pubkey *key = &pubkey[task->variant];
    if (!prepare(task) || !run(task) || !zc_rig_settle(ZC_OP_SIGN, &reply) ||
        reply.sign.signature.len != 64) {
        return false;
    }
    zc_slice message = zc_slice_of(payload, payload_len);
    return key->curve == ZC_CURVE_ED25519
               ? zc_ok(zc_verify_ed25519(key->byte, message, reply.sign.signature.data))
               : zc_ok(zc_verify_digest(key, reply.sign.digest, reply.sign.signature.data));
}

static const char *open(const zc_bench_task *task)
{
    const char *why = zc_rig_open();
    if (why != NULL) {
        return why;
    }
    if (!create_key(task->variant)) {
        return "the enclave makes no key";
    }
    return signs(task) ? NULL : "the enclave does not sign, or not as it should";
}

static zc_request batch[ZC_RECORD_REQUESTS];
static uint8_t batch_payload[ZC_RECORD_REQUESTS][ZC_BENCH_MESSAGE_MAX];

static bool prepare_batch(const zc_bench_task *task)
{
    (void)task;
    for (size_t i = 0; i < ZC_RECORD_REQUESTS; i++) {
        size_t len = zc_bench_message(turn++, batch_payload[i]);
        batch[i] = (zc_request){.op = ZC_OP_SIGN,
                                .sign = {.key = zc_slice_of_text(kinds[BATCH].name),
                                         .use = ZC_USE_MESSAGE,
                                         .family = ZC_FAMILY_NONE,
                                         .payload = zc_slice_of(batch_payload[i], len)}};
    }
    return zc_rig_prepare_all(batch, ZC_RECORD_REQUESTS);
}

static bool settle_batch(const zc_bench_task *task)
{
    (void)task;
    return zc_rig_settle_all(ZC_OP_SIGN, ZC_RECORD_REQUESTS);
}

/* One request after another, with all that the enclave does in between: acknowledgements, ticks. */
#define IN_A_ROW 32

static bool run_in_a_row(const zc_bench_task *task)
{
    for (size_t i = 0; i < IN_A_ROW; i++) {
        if (!prepare(task) || !run(task) || !settle(task)) {
            return false;
        }
    }
    return true;
}

#define ZC_ENCLAVE_TASK(text, which)                                                               \
    {                                                                                              \
        .name = (text), .side = ZC_SIDE_ENCLAVE, .open = open, .prepare = prepare, .run = run,     \
        .settle = settle, .variant = (which)                                                       \
    }

const zc_bench_task zc_enclave_tasks[7] = {
    ZC_ENCLAVE_TASK("enclave.p256", P256),
    ZC_ENCLAVE_TASK("enclave.p256.deterministic", P256_DETERMINISTIC),
    ZC_ENCLAVE_TASK("enclave.secp256k1.eip1559", SECP256K1),
    ZC_ENCLAVE_TASK("enclave.ed25519", ED25519),
    {.name = "enclave.batch64.p256",
     .side = ZC_SIDE_ENCLAVE,
     .open = open,
     .prepare = prepare_batch,
     .run = run,
     .settle = settle_batch,
     .variant = BATCH,
     .divide = ZC_RECORD_REQUESTS,
     .note = "each of 64 in one record"},
    ZC_ENCLAVE_TASK("enclave.ed25519.deterministic", ED25519_DETERMINISTIC),
    {.name = "throughput.enclave",
     .side = ZC_SIDE_ENCLAVE,
     .open = open,
     .run = run_in_a_row,
     .variant = P256,
     .per_run = IN_A_ROW,
     .note = "the step alone, on one processor, requests made and replies read in between"},
};
