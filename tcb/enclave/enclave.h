/* The enclave's pure core: state × event → effects.
 *
 * One object of static size holds everything that the enclave knows. It is driven by
 * zc_enclave_step() alone and never does I/O, allocates or reads a clock, so it runs under tests,
 * fuzzers and replay as in production. Each event is looked up in one table, phase × message →
 * handler (table.c); what has no handler is refused. */
#ifndef ZC_ENCLAVE_ENCLAVE_H
#define ZC_ENCLAVE_ENCLAVE_H

#include "base/reasons.h"
#include "base/secret.h"
#include "enclave/reasons.h"
#include "enclave/step.h"

typedef enum zc_phase {
    ZC_PHASE_SEALED = 1,  /* started; the root is not open yet */
    ZC_PHASE_GENESIS = 2, /* a new deployment waits for its founders' signatures */
    ZC_PHASE_SERVING = 3, /* requests are decided and signed */
    ZC_PHASE_HALTED = 4,  /* the kill switch is pulled: everything but signing still works */
} zc_phase;

typedef struct zc_enclave_config {
    const char *platform; /* "local", "nitro": shown in status; static text */
    uint32_t isolation;   /* the platform's isolation bits (platform/isolation.h) */
    bool leaves_signing;  /* P-256 signatures that stand alone in their reply are the runtime's to
                             make: replies come with zc_effect.work, for zc_work_settle() */
    const zc_vault *signers; /* where private keys live; at least ZC_ENCLAVE_VAULT_SIZE bytes,
                                outlives the enclave */
} zc_enclave_config;

typedef struct zc_enclave zc_enclave;

/* The most keys that an enclave may have room for: as many as a log may name. */
#define ZC_ENCLAVE_KEYS_MAX ((size_t)1 << 20)

/* What the caller provides: zeroed memory of this size and alignment 64, and a vault of this size.
 * `keys` is how many keys it has room for, a power of two of at most ZC_ENCLAVE_KEYS_MAX. Memory
 * that no key has needed is never touched; what the vault holds does not grow with them. */
size_t zc_enclave_size(size_t keys);
size_t zc_enclave_vault_size(void);

/* Makes an enclave in the caller's memory, with room for as many keys as `len` bytes are for.
 * Returns NULL when `len` or the vault is too small. */
zc_enclave *zc_enclave_init(void *memory, size_t len, const zc_enclave_config *config);

/* Takes one event. Never fails as a whole: what is wrong with a request goes to whoever sent it,
 * and what is wrong with the enclave itself ends in a FATAL frame to the host and ZC_EFFECT_EXIT.
 */
void zc_enclave_step(zc_enclave *enclave, const zc_event *event, zc_effects *effects);

/* Replies that wait for this ordinal or less may leave: what the host has acknowledged as durable,
 * but for slices of budget that the witnesses have not seen (leases.c). */
uint64_t zc_enclave_acked(const zc_enclave *enclave);
/* How far the host is behind with what it was handed, and how far it may be before a reply waits
 * for it or a breaker trips over it. */
typedef struct zc_host_lag {
    uint64_t now;
    uint64_t handed; /* the highest ordinal */
    uint64_t most;
    bool trips; /* a breaker does, before any reply waits */
} zc_host_lag;
zc_host_lag zc_enclave_lag(const zc_enclave *enclave);
zc_phase zc_enclave_phase(const zc_enclave *enclave);
/* Whether the session has proved who it is. */
bool zc_enclave_knows(zc_enclave *enclave, uint64_t session);

/* Puts what became of `work` into its reply of *len bytes: the signature where it belongs, or the
 * failure in place of all. */
void zc_work_settle(const zc_sign_work *work, zc_result made, const zc_signature *signature,
                    uint8_t *reply, size_t *len);

/* Wipes every secret. */
void zc_enclave_clear(zc_enclave *enclave);

#endif
