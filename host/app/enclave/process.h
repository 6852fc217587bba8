/* The three processes of a local enclave. Each function is the whole life of one, and leaves with
 * _exit(). */
#ifndef ZC_APP_ENCLAVE_PROCESS_H
#define ZC_APP_ENCLAVE_PROCESS_H

#include <stdnoreturn.h>
#include <sys/types.h>

#include "base/result.h"
#include "runtime/process.h"
#include "runtime/signer_threads.h"

/* Memory for `count` threads that sign beside core, at most ZC_SIGNER_THREADS_MAX, before core
 * takes its processor; NULL for none. */
void signers_take(size_t count, zc_signers **ret_signers);
/* Starts them; for zc_sandbox_profile.before_filter. Returns when all are locked in. */
void signers_start(void *self);

/* Where zcpd puts them. */
#define HOST_FD 3
#define LISTEN_FD 4

/* Exit statuses of front and core, where the step has not named another. */
#define STATUS_STOPPED 0
#define STATUS_FAILED 1

/* What a process has of the links between the three; −1 where it has none. */
typedef struct zc_enclave_links {
    int front; /* core's end of the link to front */
    int core;  /* front's end */
    int nsm;   /* core's end of the link to the security module */
    int serve; /* the module's end */
} zc_enclave_links;

typedef struct zc_enclave_birth {
    pid_t parent;
    uint32_t inherited; /* as zc_sandbox_fork() said */
} zc_enclave_birth;

noreturn void front_process(const zc_enclave_links *links, zc_enclave_birth birth);
noreturn void core_process(const zc_enclave_links *links, zc_enclave_birth birth);
/* Serves as the security module until core has gone, then says why and leaves. */
noreturn void parent_process(const zc_enclave_links *links, const char *dir, pid_t front,
                             pid_t core);

/* One line on standard error: "zcp-core: what: why." Writes only; no stdio behind a sandbox. */
void say(const char *who, const char *what, const char *why);
noreturn void leave(const char *who, const char *what, zc_result why);

/* As much locked memory and as many descriptors as the machine lets us have. */
void raise_limits(void);
/* Sessions that the descriptors suffice for. */
size_t sessions_at_most(void);
/* Zeroed pages that no core file contains; leaves the process when there are none. */
void *take_memory(const char *who, size_t len);
/* The same for secrets. */
void take_vault(const char *who, zc_vault *ret_vault, size_t len);
/* Says what to do about it. */
noreturn void leave_without_vault(const char *who, zc_result why);
/* runtime/process.h; each leaves the process where that fails. */
noreturn void live_on(const char *who, const zc_vault *stack, zc_process_life *life, void *self);
void settle_openssl(const char *who, const zc_vault *arena, bool signs);

#endif
