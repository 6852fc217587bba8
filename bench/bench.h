/* What is measured, and where.
 *
 * Each side is a process of its own, so that none measures another's allocator, caches of objects
 * or OpenSSL state: the enclave's side has OpenSSL in a locked arena as in production, the bare
 * side has it as every program has it. The sides of a group take turns in short slices on one
 * processor, so that what disturbs the machine disturbs all of them alike. */
#ifndef ZC_BENCH_BENCH_H
#define ZC_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

typedef enum zc_bench_side {
    ZC_SIDE_ENCLAVE,   /* the enclave's step in memory, OpenSSL in its arena */
    ZC_SIDE_BARE,      /* libraries as a program would use them */
    ZC_SIDE_HSM,       /* SoftHSM in process */
    ZC_SIDE_NSM,       /* the software security module */
    ZC_SIDE_CLIENT,    /* libzcp, against a running deployment */
    ZC_SIDE_SPIN,      /* the same on another processor than core's, both looking for work */
    ZC_SIDE_P11KIT,    /* SoftHSM in another process, over p11-kit */
    ZC_SIDE_AGENT,     /* ssh-agent */
    ZC_SIDE_HTTPS,     /* a signer over HTTPS, on this machine */
    ZC_SIDE_INTERFACE, /* what programs speak already, against a running deployment */
    ZC_SIDES
} zc_bench_side;

typedef struct zc_bench_task zc_bench_task;
struct zc_bench_task {
    const char *name;
    zc_bench_side side;
    /* Once, in the side's process. Returns NULL when the task can run, else why it can't: text that
     * lives on. */
    const char *(*open)(const zc_bench_task *task);
    bool (*prepare)(const zc_bench_task *task); /* before each run, not timed; may be NULL */
    bool (*run)(const zc_bench_task *task);     /* timed */
    bool (*settle)(const zc_bench_task *task);  /* after each run, not timed; may be NULL */
    /* When the run that was prepared was due, in nanoseconds of zc_bench_now(): its time counts
     * from then. NULL: from its beginning. */
    uint64_t (*due)(const zc_bench_task *task);
    int variant;      /* the task's own */
    uint32_t per_run; /* not 0: how many things one run does; printed as things a second */
    /* Not NULL: no time is measured. run() is called once a slice and this many thousandths of the
     * unit come from amount(). */
    const char *unit;
    uint64_t (*amount)(const zc_bench_task *task);
    uint32_t divide;  /* not 0: how many things one run does; times are those of one of them */
    const char *note; /* what else must be said about the number; may be NULL */
};

/* The tasks, by file. */
extern const zc_bench_task zc_enclave_tasks[7]; /* p256, p256.deterministic, secp256k1, ed25519,
                                                   batch64.p256, ed25519.deterministic,
                                                   throughput */
extern const zc_bench_task zc_bare_tasks[6];    /* p256, p384, libsecp256k1, libsodium, empty loop,
                                                   a loop of 20 us */
extern const zc_bench_task zc_sign_tasks[6];    /* p256, deterministic, batch64, secp256k1, ed25519;
                                                   keccak256 */
extern const zc_bench_task zc_softhsm_tasks[1];
extern const zc_bench_task zc_policy_tasks[4]; /* decode.erc20, decode.multicall100, 10 rules,
                                                  1000 rules */
#define ZC_LIMIT_TASKS 3
extern const zc_bench_task zc_limit_tasks[ZC_LIMIT_TASKS]; /* a window after 10 and 10,000,000
                                                               events, a risk model */
extern const zc_bench_task zc_audit_tasks[2];              /* append, verify */
extern const zc_bench_task zc_attest_tasks[3];             /* fresh, verify-cold, verify-cached */
#define ZC_SYSTEM_TASKS 14
extern const zc_bench_task zc_system_tasks[ZC_SYSTEM_TASKS]; /* unix-block, the same durable,
                                                  throughput.1, first signature, attest.cached,
                                                  batch64, ring, unix-spin, open loop, unix-block
                                                  durable in memory, throughput.2, ring
                                                  beside handshakes, ring's batch64,
                                                  throughput.2.alone */
#define ZC_CROWD_TASKS 5
extern const zc_bench_task zc_crowd_tasks[ZC_CROWD_TASKS]; /* a session beside others that idle, and
                                                  their memory */
extern const zc_bench_task zc_worker_tasks[2]; /* the step with one thread that signs, with two */
extern const zc_bench_task zc_length_tasks[4]; /* a decision under lists of so many addresses */
extern const zc_bench_task zc_log_length_tasks[4]; /* an entry behind so many */
#define ZC_GROWTH_TASKS 19
extern const zc_bench_task zc_growth_tasks[ZC_GROWTH_TASKS];
extern const zc_bench_task zc_key_load_tasks[1]; /* a million sealed keys are loaded */
extern const zc_bench_task zc_peer_tasks[3];     /* p11-kit, ssh-agent, HTTPS */
#define ZC_INTERFACE_TASKS 5
extern const zc_bench_task zc_interface_tasks[ZC_INTERFACE_TASKS]; /* HTTP's hello, KMS, PKCS #11;
                                                  the first two with core on its own processor */

/* For open(): the words of a reason, or NULL when all is well. */
const char *zc_bench_why(zc_result result);

/* For the others, which say only whether it went well: keeps why it did not. Returns false. */
bool zc_bench_fail(const char *why);
/* What was kept last; never NULL. */
const char *zc_bench_failure(void);

#endif
