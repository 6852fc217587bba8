/* What surrounds the enclave of rig.h: a security module that measures a made-up image, a host that
 * stores everything at once, and the one founder of the deployment. */
#ifndef ZC_BENCH_RIG_WORLD_H
#define ZC_BENCH_RIG_WORLD_H

#include "attest/nsm.h"
#include "crypto/signer.h"
#include "enclave/step.h"
#include "wire/limits.h"

#define ZC_RIG_ANSWERS 8
#define ZC_RIG_ANSWER_MAX (512 * 1024)
#define ZC_REPLY_KEPT_MAX 8192

/* An event that is to come. */
typedef struct zc_rig_answer {
    zc_event_kind kind;
    size_t len;
    uint8_t bytes[ZC_RIG_ANSWER_MAX];
} zc_rig_answer;

typedef struct zc_rig_world {
    zc_signer founder; /* Ed25519, the first principal of the mission */
    uint8_t front_spki[91];
    uint8_t pcr[ZC_NSM_PCRS][ZC_NSM_PCR_SIZE];
    uint8_t document[4096]; /* as long as real ones, and means nothing: nobody here verifies it */
    uint8_t document_sha256[32];
    uint8_t deployment_id[32];
    uint64_t stored; /* ordinal of the last thing stored */
    uint64_t acked;
    size_t first; /* the answers that wait */
    size_t waiting;
    zc_rig_answer answer[ZC_RIG_ANSWERS];
} zc_rig_world;

/* Makes the founder and front's key from `seed`. Errors: those of zc_signer_generate(). */
ZC_MUST_USE zc_result zc_rig_world_init(zc_rig_world *world, const uint8_t seed[static 64]);
/* Front's SubjectPublicKeyInfo. */
zc_slice zc_rig_world_front_key(const zc_rig_world *world);

/* Takes in the effects of a step. False when the enclave gave up or said what is not understood. */
bool zc_rig_world_take(zc_rig_world *world, const zc_effects *effects);
/* The next event that follows, or NULL. Good until the next zc_rig_world_take(). */
zc_rig_answer *zc_rig_world_next(zc_rig_world *world);

/* Copies the bytes of the reply among the effects. Returns their length, 0 for none. */
size_t zc_rig_world_reply(const zc_effects *effects, uint8_t *ret_bytes, size_t capacity);

#endif
