/* Signing by itself, without request, decoding, policy and log: what crypto/signer.h costs. */
#include <string.h>

#include <sys/random.h>

#include "bench.h"
#include "crypto/hash.h"
#include "crypto/setup.h"
#include "crypto/signer.h"
#include "crypto/verify.h"
#include "requests.h"

enum { P256, P256_FIXED, P256_BATCH, SECP256K1, ED25519, TASKS };

static zc_signer signer[TASKS];
static zc_signature made[ZC_SIGN_MAX_BATCH];
static uint8_t digest[ZC_SIGN_MAX_BATCH][32], fresh[ZC_SIGN_MAX_BATCH][32];
static zc_sign_job jobs[ZC_SIGN_MAX_BATCH];
static uint8_t message[ZC_BENCH_MESSAGE_MAX];
static size_t message_len;
static uint64_t turn;

/* Other digests, other fresh bytes and another message each time. */
static bool prepare(const zc_bench_task *task)
{
    (void)task;
    turn++;
    for (size_t i = 0; i < ZC_SIGN_MAX_BATCH; i++) {
        memcpy(digest[i], &turn, sizeof turn);
        memcpy(fresh[i], &turn, sizeof turn);
        fresh[i][8] = (uint8_t)i;
    }
    message_len = zc_bench_message(turn, message);
    return true;
}

static bool run(const zc_bench_task *task)
{
    const zc_signer *with = &signer[task->variant];
    switch (task->variant) {
    case P256_FIXED:
        return zc_ok(zc_sign_digest(with, ZC_NONCE_DETERMINISTIC, fresh[0], digest[0], made));
    case P256_BATCH:
        return zc_ok(zc_sign_digest_batch(jobs, ZC_SIGN_MAX_BATCH, made));
    case ED25519:
        return zc_ok(zc_sign_ed25519(with, ZC_NONCE_HEDGED, fresh[0],
                                     zc_slice_of(message, message_len), made));
    default:
        return zc_ok(zc_sign_digest(with, ZC_NONCE_HEDGED, fresh[0], digest[0], made));
    }
}

static bool verifies(const zc_bench_task *task)
{
    const zc_signer *with = &signer[task->variant];
    return zc_ok(
        task->variant == ED25519
            ? zc_verify_ed25519(with->pubkey.byte, zc_slice_of(message, message_len), made[0].byte)
            : zc_verify_digest(&with->pubkey, digest[0], made[0].byte));
}

static const char *open_signer(const zc_bench_task *task)
{
    uint8_t seed[2][32];
    zc_drbg drbg;
    const zc_curve curve = task->variant == SECP256K1 ? ZC_CURVE_SECP256K1
                           : task->variant == ED25519 ? ZC_CURVE_ED25519
                                                      : ZC_CURVE_P256;
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        return "no random bytes";
    }
    zc_drbg_init(&drbg, seed[0]);
    if (!zc_ok(zc_crypto_setup(seed[1])) ||
        !zc_ok(zc_signer_generate(&signer[task->variant], curve, &drbg))) {
        return "no key can be made";
    }
    for (size_t i = 0; i < ZC_SIGN_MAX_BATCH; i++) {
        jobs[i] = (zc_sign_job){&signer[P256_BATCH], ZC_NONCE_HEDGED, fresh[i], digest[i]};
    }
    return prepare(task) && run(task) && verifies(task) ? NULL : "a signature does not verify";
}

static bool run_keccak(const zc_bench_task *task)
{
    (void)task;
    zc_keccak256(zc_slice_of(message, 110), digest[0]);
    return true;
}

static const char *open_keccak(const zc_bench_task *task)
{
    (void)task;
    return NULL;
}

#define SIGN_TASK(label, which)                                                                    \
    {                                                                                              \
        .name = (label), .side = ZC_SIDE_ENCLAVE, .open = open_signer, .prepare = prepare,         \
        .run = run, .variant = (which)                                                             \
    }

const zc_bench_task zc_sign_tasks[6] = {
    SIGN_TASK("sign.p256", P256),
    SIGN_TASK("sign.p256.deterministic", P256_FIXED),
    {.name = "sign.p256.batch64",
     .side = ZC_SIDE_ENCLAVE,
     .open = open_signer,
     .prepare = prepare,
     .run = run,
     .variant = P256_BATCH,
     .note = "64 signatures"},
    SIGN_TASK("sign.secp256k1", SECP256K1),
    SIGN_TASK("sign.ed25519", ED25519),
    {.name = "hash.keccak256",
     .side = ZC_SIDE_ENCLAVE,
     .open = open_keccak,
     .prepare = prepare,
     .run = run_keccak},
};
