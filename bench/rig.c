#include "rig.h"

#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/random.h>

#include "bench.h"
#include "crypto/hash.h"
#include "crypto/setup.h"
#include "mission.h"
#include "rig_world.h"
#include "runtime/arena.h"
#include "runtime/core.h"
#include "wire/session.h"
#include "worker.h"

#define SESSION 1
#define START_MS INT64_C(1790000000000)

static zc_rig_world world;
static zc_enclave *enclave;
static zc_effects effects;
static zc_vault arena_vault, signer_vault;
static zc_arena arena;
static bool leaves_signing;
static int64_t now_ms = START_MS;
static uint64_t request_id;
static uint8_t request_bytes[65536];
static zc_slice request_slice;

static void step(zc_event_kind kind, zc_slice bytes)
{
    zc_event event = {.kind = kind,
                      .session = SESSION,
                      .bytes = bytes,
                      .now_ms = now_ms,
                      .now_ns = (uint64_t)now_ms * 1000000u};
    zc_effects_empty(&effects);
    zc_enclave_step(enclave, &event, &effects);
}

/* Carries out the effects of the last step, and of the steps that follow from them. */
static bool carry_out(void)
{
    zc_rig_answer *answer;
    if (!zc_rig_world_take(&world, &effects)) {
        return false;
    }
    while ((answer = zc_rig_world_next(&world)) != NULL) {
        step(answer->kind, zc_slice_of(answer->bytes, answer->len));
        if (!zc_rig_world_take(&world, &effects)) {
            return false;
        }
    }
    return true;
}

static bool happen(zc_event_kind kind, zc_slice bytes)
{
    step(kind, bytes);
    return carry_out();
}

static const char *settle_openssl(void)
{
    uint8_t seed[32];
    zc_result settled = zc_vault_init(&arena_vault, ZC_CORE_ARENA);
    if (zc_ok(settled)) {
        settled = zc_arena_init(&arena, arena_vault.memory, arena_vault.len);
    }
    if (zc_ok(settled)) {
        settled = zc_arena_install(&arena);
    }
    if (zc_ok(settled) && getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        return "the kernel gives no random bytes";
    }
    return zc_bench_why(zc_ok(settled) ? zc_crypto_setup(seed) : settled);
}

static const char *make_enclave(void)
{
    const char *why = zc_bench_why(zc_vault_init(&signer_vault, zc_enclave_vault_size()));
    if (why != NULL) {
        return why;
    }
    void *memory = mmap(NULL, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return "there is not enough memory";
    }
    const zc_enclave_config config = {
        .platform = "local", .leaves_signing = leaves_signing, .signers = &signer_vault};
    enclave = zc_enclave_init(memory, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX), &config);
    return enclave == NULL ? "the enclave's memory is too small" : NULL;
}

static bool authenticate(void)
{
    uint8_t opening[64];
    uint8_t tbs[ZC_SESSION_AUTH_TBS_SIZE];
    memset(opening, 0x5a, 32);
    memcpy(opening + 32, world.document_sha256, 32);
    zc_writer writer = ZC_WRITER_OF_ARRAY(tbs);
    zc_request request = {.op = ZC_OP_AUTH};
    zc_signature signature;
    zc_reply reply;
    if (!happen(ZC_EVENT_SESSION_OPEN, ZC_SLICE_OF_ARRAY(opening)) ||
        !zc_ok(zc_session_auth_tbs(opening, world.document_sha256, world.deployment_id, &writer)) ||
        !zc_ok(zc_sign_message_ed25519(&world.founder, zc_writer_written(&writer), &signature))) {
        return false;
    }
    memcpy(request.auth.public_key, world.founder.pubkey.byte, 32);
    memcpy(request.auth.signature, signature.byte, 64);
    return zc_rig_ask(&request, &reply);
}

static const char *boot(void)
{
    uint8_t entropy[64];
    if (getrandom(entropy, sizeof entropy, 0) != (ssize_t)sizeof entropy) {
        return "the kernel gives no random bytes";
    }
    const char *why = zc_bench_why(zc_rig_world_init(&world, entropy));
    if (why != NULL) {
        return why;
    }
    if (!happen(ZC_EVENT_START, ZC_SLICE_OF_ARRAY(entropy)) ||
        !happen(ZC_EVENT_FRONT_KEY, zc_rig_world_front_key(&world))) {
        return zc_bench_failure();
    }
    if (zc_enclave_phase(enclave) != ZC_PHASE_SERVING) {
        return "the enclave does not come to serving";
    }
    return authenticate() ? NULL : "the enclave does not take the credential";
}

void zc_rig_leave_signing(void)
{
    leaves_signing = true;
}

const zc_effects *zc_rig_effects(void)
{
    return &effects;
}

bool zc_rig_carry_out(void)
{
    return carry_out();
}

const char *zc_rig_open(void)
{
    static bool tried;
    static const char *why;
    if (!tried) {
        tried = true;
        why = settle_openssl();
        why = why == NULL ? make_enclave() : why;
        why = why == NULL ? boot() : why;
    }
    return why;
}

bool zc_rig_prepare_all(zc_request *requests, size_t count)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(request_bytes);
    for (size_t i = 0; i < count; i++) {
        requests[i].id = ++request_id;
        if (!zc_ok(zc_request_write(&requests[i], &writer))) {
            return false;
        }
    }
    request_slice = zc_writer_written(&writer);
    now_ms += ZC_RIG_STEP_MS;
    return true;
}

bool zc_rig_prepare(zc_request *request)
{
    return zc_rig_prepare_all(request, 1);
}

void zc_rig_step(void)
{
    step(ZC_EVENT_RECORD, request_slice);
}

/* The reply is read before the acknowledgement, whose step takes the effects' place. */
bool zc_rig_settle(zc_op op, zc_reply *ret_reply)
{
    static uint8_t kept[ZC_REPLY_KEPT_MAX];
    size_t len = zc_rig_world_reply(&effects, kept, sizeof kept);
    if (!carry_out() || !zc_ok(zc_reply_read(zc_slice_of(kept, len), op, ret_reply)) ||
        ret_reply->id != request_id || ret_reply->status != ZC_STATUS_OK) {
        return false;
    }
    return now_ms % 1000 != 0 || happen(ZC_EVENT_TICK, zc_slice_of(NULL, 0));
}

bool zc_rig_settle_all(zc_op op, size_t count)
{
    size_t good = 0;
    for (size_t i = 0; i < effects.count; i++) {
        zc_reply reply;
        good += effects.item[i].kind == ZC_EFFECT_REPLY &&
                        zc_ok(zc_reply_read(effects.item[i].bytes, op, &reply)) &&
                        reply.status == ZC_STATUS_OK
                    ? 1
                    : 0;
    }
    return carry_out() && good == count &&
           (now_ms % 1000 != 0 || happen(ZC_EVENT_TICK, zc_slice_of(NULL, 0)));
}

bool zc_rig_ask(zc_request *request, zc_reply *ret_reply)
{
    if (!zc_rig_prepare(request)) {
        return false;
    }
    zc_rig_step();
    return zc_rig_settle(request->op, ret_reply);
}
