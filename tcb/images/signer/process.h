/* The processes of the signing image, each function the whole life of one.
 *
 *     the kernel ── starts ──▶ init (PID 1) ──┬── front   TLS handshakes; listens for clients
 *                                             └── core    keys, policy, log; /dev/nsm, the host
 * link
 *
 * Init prepares the machine and forks both before anything secret exists. When either ends, init
 * says why and ends the enclave: nothing is started again inside. */
#ifndef ZC_SIGNER_PROCESS_H
#define ZC_SIGNER_PROCESS_H

#include <stdint.h>
#include <stdnoreturn.h>

#include "base/result.h"
#include "base/secret.h"
#include "runtime/process.h"

#define STATUS_STOPPED 0
#define STATUS_FAILED 1

/* What init prepared. −1 where a process has none. */
typedef struct zc_signer_place {
    uint64_t started_ns;  /* when init began, on CLOCK_MONOTONIC_RAW */
    int nsm;              /* /dev/nsm */
    int clients;          /* listening, for front */
    int host;             /* the stream to zcpd, for core */
    int front;            /* core's end of the link between the two */
    int core;             /* front's end */
    size_t signers;       /* threads that may sign beside core, as the measured command line says */
    const char *platform; /* "nitro", or "qemu" where nobody signs the module's documents */
} zc_signer_place;

noreturn void front_process(const zc_signer_place *place);
noreturn void core_process(const zc_signer_place *place);

/* say.c. One line on the console: "zcp-core: what: why." */
void say(const char *who, const char *what, const char *why);
/* The same with the milliseconds since init began: "zcp-init: serving after 41 ms." */
void say_when(const char *who, const char *what, const zc_signer_place *place);
void say_failed(const char *who, const char *what, zc_result why);
noreturn void leave(const char *who, const char *what, zc_result why);
uint64_t raw_ns(void);

/* memory.c. Each leaves the process when there is nothing to be had. */
void raise_limits(void);
/* Zeroed pages that no core file contains. */
void *take_memory(const char *who, size_t len);
void take_vault(const char *who, zc_vault *ret_vault, size_t len);
/* runtime/process.h. */
noreturn void live_on(const char *who, const zc_vault *stack, zc_process_life *life, void *self);
void settle_openssl(const char *who, const zc_vault *arena, bool signs);

#endif
