/* What goes into the enclave's step and what comes out: the whole of its contact with the world.
 *
 * The step does no I/O. The runtime turns sockets, clocks and the security module into events, and
 * carries out effects in their order. The same events on the same state give the same effects, bit
 * for bit. */
#ifndef ZC_ENCLAVE_STEP_H
#define ZC_ENCLAVE_STEP_H

#include "base/slice.h"
#include "base/writer.h"
#include "crypto/signer.h"

typedef enum zc_event_kind {
    ZC_EVENT_START,          /* bytes: 64 of entropy from the platform */
    ZC_EVENT_HOST,           /* bytes: one frame from the host link, without its length */
    ZC_EVENT_FRONT_KEY,      /* bytes: the SubjectPublicKeyInfo of front's TLS key, DER */
    ZC_EVENT_SESSION_OPEN,   /* session; bytes: binding 32 ‖ document SHA-256 32 */
    ZC_EVENT_RECORD,         /* session; bytes: the plaintext of one record: one
                                request or several, one after another */
    ZC_EVENT_SESSION_CLOSED, /* session */
    ZC_EVENT_TICK,           /* once a second */
    ZC_EVENT_NSM, /* bytes: the answer to the oldest unanswered ZC_EFFECT_NSM; empty if it failed */
    ZC_EVENT_WRAP_KEY, /* bytes: 32, secret; empty if the platform refused. The runtime wipes them
                        */
    ZC_EVENT_KINDS
} zc_event_kind;

typedef struct zc_event {
    zc_event_kind kind;
    uint64_t session; /* a number that the runtime never uses twice in one boot */
    zc_slice bytes;   /* valid during the step only */
    int64_t now_ms;   /* the platform's time, milliseconds since 1970 */
    uint64_t now_ns;  /* monotonic; for measuring only */
} zc_event;

typedef enum zc_effect_kind {
    ZC_EFFECT_HOST,  /* send bytes as one frame on the host link */
    ZC_EFFECT_FRONT, /* send bytes as one packet to front */
    ZC_EFFECT_REPLY, /* seal bytes as one record to `session` once the host has acknowledged
                        `after_ordinal` */
    ZC_EFFECT_CLOSE, /* close `session` after its queued replies; ZC_EVENT_SESSION_CLOSED does not
                        follow */
    ZC_EFFECT_NSM, /* put bytes to the security module and bring the answer back as ZC_EVENT_NSM */
    ZC_EFFECT_WRAP_KEY, /* ask the platform for the wrapping key, or for that of the next mission,
                           whose PCR16 is in bytes; comes back as ZC_EVENT_WRAP_KEY */
    ZC_EFFECT_EXIT,     /* flush the host link and leave with status `session` */
} zc_effect_kind;

typedef struct zc_effect {
    zc_effect_kind kind;
    uint64_t session;
    uint64_t after_ordinal;          /* 0: at once */
    zc_slice bytes;                  /* inside the effects' own buffer */
    const struct zc_sign_work *work; /* of a reply: it leaves once this is done; NULL: as it is */
} zc_effect;

/* A signature that was decided and logged, and is left to the runtime, which may make several at
 * once (zc_enclave_config.leaves_signing). What is made is settled by this alone. */
typedef struct zc_sign_work {
    const zc_signer *signer; /* in the vault, for good */
    zc_nonce_mode mode;
    uint32_t place;   /* of the 64 bytes in the reply */
    uint64_t request; /* its id */
    uint8_t fresh[32];
    uint8_t digest[32];
} zc_sign_work;

#define ZC_EFFECTS_MAX 192 /* two for each request of the longest record, and more */
#define ZC_EFFECTS_BYTES ((size_t)1 << 19)

/* Owned by the runtime, emptied by it before each step. */
typedef struct zc_effects {
    zc_effect item[ZC_EFFECTS_MAX];
    size_t count;
    size_t used;
    size_t work_count;
    zc_sign_work work[ZC_SIGN_MAX_BATCH];
    uint8_t bytes[ZC_EFFECTS_BYTES];
} zc_effects;

static inline void zc_effects_empty(zc_effects *effects)
{
    effects->count = 0;
    effects->used = 0;
    effects->work_count = 0;
}

#endif
