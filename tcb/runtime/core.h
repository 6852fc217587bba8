/* Core's event loop: everything between file descriptors and the enclave's step.
 *
 * Core takes sessions that front has handshaken, opens their records, gives the plaintext to the
 * step as events, and carries out the step's effects in their order. It never blocks on anyone:
 *
 * - a client that does not read gets its replies queued up to a bound, is not listened to until it
 *   has read them, and is closed when it does not;
 * - a client that does not finish a record, or never sends its first, is closed at a deadline;
 * - when the host does not take what must be stored, no request is read until it does;
 * - a record that does not open closes its session at once and without a word.
 *
 * A reply that waits for the host to acknowledge an ordinal is held in plaintext and sealed when it
 * leaves, so that replies that wait for nothing may overtake it.
 *
 * Single-threaded. All memory is the caller's; nothing is allocated after zc_core_init(). */
#ifndef ZC_RUNTIME_CORE_H
#define ZC_RUNTIME_CORE_H

#include "base/secret.h"
#include "enclave/enclave.h"
#include "platform/platform.h"
#include "runtime/reasons.h"
#include "runtime/signers.h"

/* Sessions open at the same time. */
#define ZC_CORE_SESSIONS 10240
/* Those of them whose record keys stand prepared: the ones that spoke last. Any other costs a
 * quarter of a kilobyte, and half a microsecond more when it speaks again. */
#define ZC_CORE_AWAKE 512
/* What OpenSSL needs in core, most of it for sessions' record keys; a test holds it to this. */
#define ZC_CORE_ARENA ((size_t)3 << 20)

/* What core drives: the enclave, or a stand-in under test. */
typedef struct zc_machine {
    void *state;
    void (*step)(void *state, const zc_event *event, zc_effects *effects);
    uint64_t (*acked)(const void *state);
    /* Whether the session has proved who it is. NULL: none ever has. */
    bool (*knows)(void *state, uint64_t session);
    /* How far the host is behind, and how far it may be. NULL: no reply ever leaves before the host
     * has what it rests on. */
    zc_host_lag (*lag)(const void *state);
} zc_machine;

/* The machine that is the enclave. */
zc_machine zc_machine_of_enclave(zc_enclave *enclave);

typedef struct zc_core_config {
    zc_machine machine;
    const zc_platform *platform;
    int host_fd;  /* the stream to zcpd; core's own from here on */
    int front_fd; /* the packet socket to front; likewise */
    bool has_lifeline;
    int lifeline_fd;       /* the platform's; core ends when its other end goes */
    const zc_vault *vault; /* for session keys: at least zc_core_vault_size() bytes */
    size_t max_sessions;   /* fewer than ZC_CORE_SESSIONS, where descriptors are scarce; 0: all */
    zc_signers *signers;   /* for a machine that leaves its signatures to core; else NULL */
    /* Milliseconds; 0 means the default beside each. */
    uint32_t first_record_ms; /* from the handshake to the client's first record: 5,000 */
    uint32_t record_ms;       /* from a record's first byte to its last: 10,000 */
    uint32_t drain_ms;        /* how long a client may leave its replies unread: 10,000 */
    /* How long to look for work again and again before sleeping, since there was some; for a core
     * with a processor of its own. 0: sleep at once. */
    uint32_t spin_us;
    bool shared; /* clients on this machine may have shared memory (runtime/shared.h) */
} zc_core_config;

typedef struct zc_core zc_core;

/* Zeroed memory of this size and alignment 64, and a vault of this size. */
size_t zc_core_size(void);
size_t zc_core_vault_size(void);

/* Makes a core in the caller's memory; opens its epoll descriptors. To be called before the process
 * is locked in. Errors: ZC_RUNTIME_NO_DESCRIPTOR. The descriptors in `config` are core's also on
 * failure. */
ZC_MUST_USE zc_result zc_core_init(void *memory, const zc_core_config *config, zc_core **ret_core);

/* Runs until the step says to leave (its status in *ret_status), or a link breaks. Errors:
 * ZC_RUNTIME_PEER_GONE, ZC_RUNTIME_BAD_FRAME, ZC_RUNTIME_BAD_PACKET, ZC_RUNTIME_HOST_STUCK,
 * ZC_RUNTIME_NO_ENTROPY, ZC_RUNTIME_TOO_MUCH_NSM: each is the end of the process. */
ZC_MUST_USE zc_result zc_core_run(zc_core *core, int *ret_status);

/* What a sandbox must leave open. Returns how many there are. */
#define ZC_CORE_DESCRIPTORS 4
size_t zc_core_descriptors(const zc_core *core, int ret_fds[static ZC_CORE_DESCRIPTORS]);

/* Sessions open now. */
size_t zc_core_sessions(const zc_core *core);

/* Closes every descriptor and wipes every key and every plaintext. */
void zc_core_clear(zc_core *core);

#endif
