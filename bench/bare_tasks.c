/* The baselines: what a program pays that holds its key in its own memory. */
#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <secp256k1.h>
#include <sodium.h>

#include <sys/random.h>

#include "bench.h"
#include "requests.h"
#include "worker.h"

enum { P256, P384, SECP256K1, ED25519 };

static EC_KEY *key[2];
static ECDSA_SIG *made;
static uint8_t digest[48]; /* changed before each run */
static uint64_t turn;

static secp256k1_context *context;
static uint8_t scalar[32];
static secp256k1_ecdsa_signature signature;
static uint8_t seed_and_public[64];
static uint8_t message[ZC_BENCH_MESSAGE_MAX];
static size_t message_len;
static uint8_t detached[64];

static bool next_digest(const zc_bench_task *task)
{
    (void)task;
    turn++;
    memcpy(digest, &turn, sizeof turn);
    return true;
}

static const char *open_openssl(const zc_bench_task *task)
{
    int curve = task->variant == P256 ? NID_X9_62_prime256v1 : NID_secp384r1;
    EC_KEY *made_key = EC_KEY_new_by_curve_name(curve);
    if (made_key == NULL || EC_KEY_generate_key(made_key) != 1 ||
        getrandom(digest, sizeof digest, 0) != (ssize_t)sizeof digest) {
        return "OpenSSL makes no key";
    }
    key[task->variant] = made_key;
    return NULL;
}

static bool run_openssl(const zc_bench_task *task)
{
    made = ECDSA_do_sign(digest, task->variant == P256 ? 32 : 48, key[task->variant]);
    return made != NULL;
}

/* Not timed: to the baseline's advantage. */
static bool settle_openssl(const zc_bench_task *task)
{
    (void)task;
    ECDSA_SIG_free(made);
    return true;
}

static const char *open_secp256k1(const zc_bench_task *task)
{
    (void)task;
    uint8_t seed[32];
    context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
    if (context == NULL || getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed ||
        secp256k1_context_randomize(context, seed) != 1 ||
        getrandom(scalar, sizeof scalar, 0) != (ssize_t)sizeof scalar) {
        return "libsecp256k1 makes no context";
    }
    return secp256k1_ec_seckey_verify(context, scalar) == 1 ? NULL : "no private key was drawn";
}

static bool run_secp256k1(const zc_bench_task *task)
{
    (void)task;
    return secp256k1_ecdsa_sign(context, &signature, digest, scalar, NULL, NULL) == 1;
}

static const char *open_sodium(const zc_bench_task *task)
{
    (void)task;
    uint8_t public_key[32];
    if (sodium_init() < 0 || crypto_sign_keypair(public_key, seed_and_public) != 0) {
        return "libsodium makes no key";
    }
    return NULL;
}

/* The messages that the enclave signs in the same run. */
static bool next_message(const zc_bench_task *task)
{
    (void)task;
    message_len = zc_bench_message(turn++, message);
    return true;
}

static bool run_sodium(const zc_bench_task *task)
{
    (void)task;
    return crypto_sign_detached(detached, NULL, message, message_len, seed_and_public) == 0;
}

static const char *open_nothing(const zc_bench_task *task)
{
    (void)task;
    return NULL;
}

static bool run_nothing(const zc_bench_task *task)
{
    (void)task;
    return true;
}

/* Computes and touches nothing: what the machine itself does to work of this length. */
#define LOOP_NS 20000u
static uint64_t loop_turns = 1000;
static volatile uint64_t loop_result;

static bool run_loop(const zc_bench_task *task)
{
    uint64_t value = turn++;
    (void)task;
    for (uint64_t i = 0; i < loop_turns; i++) {
        value = value * UINT64_C(6364136223846793005) + i;
    }
    loop_result = value;
    return true;
}

/* The fastest of some trials says how many turns take as long. */
static const char *open_loop(const zc_bench_task *task)
{
    uint64_t fastest = UINT64_MAX;
    loop_turns = 10000;
    for (int i = 0; i < 100; i++) {
        uint64_t begun = zc_bench_now();
        (void)run_loop(task);
        uint64_t took = zc_bench_now() - begun;
        fastest = took < fastest ? took : fastest;
    }
    loop_turns = loop_turns * LOOP_NS / (fastest > 0 ? fastest : 1);
    return NULL;
}

const zc_bench_task zc_bare_tasks[6] = {
    {.name = "bare.openssl.p256",
     .side = ZC_SIDE_BARE,
     .open = open_openssl,
     .prepare = next_digest,
     .run = run_openssl,
     .settle = settle_openssl,
     .variant = P256},
    {.name = "bare.openssl.p384",
     .side = ZC_SIDE_BARE,
     .open = open_openssl,
     .prepare = next_digest,
     .run = run_openssl,
     .settle = settle_openssl,
     .variant = P384},
    {.name = "bare.libsecp256k1",
     .side = ZC_SIDE_BARE,
     .open = open_secp256k1,
     .prepare = next_digest,
     .run = run_secp256k1,
     .variant = SECP256K1},
    {.name = "bare.libsodium.ed25519",
     .side = ZC_SIDE_BARE,
     .open = open_sodium,
     .prepare = next_message,
     .run = run_sodium,
     .variant = ED25519},
    {.name = "noise.empty-loop", .side = ZC_SIDE_BARE, .open = open_nothing, .run = run_nothing},
    {.name = "noise.20us-loop",
     .side = ZC_SIDE_BARE,
     .open = open_loop,
     .run = run_loop,
     .note = "the machine alone: a loop that touches no memory and calls nobody"},
};
