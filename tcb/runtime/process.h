/* What each process of an enclave does before its life begins: memory, a stack for secrets,
 * OpenSSL. */
#ifndef ZC_RUNTIME_PROCESS_H
#define ZC_RUNTIME_PROCESS_H

#include "base/result.h"
#include "base/secret.h"

/* Bytes of a stack; no function of ours goes deeper. */
#define ZC_PROCESS_STACK ((size_t)256 << 10)

/* `len` zeroed bytes that no core file contains. Much of them may never be needed: no page exists
 * before it is touched. NULL: there are none. They live as long as the process. */
void *zc_process_memory(size_t len);

/* Goes on with `life` on a stack that nobody else reads: private keys, nonces and session secrets
 * pass over it while they are used, in libraries' frames that we can't wipe. A life leaves with
 * _exit(). Returns only when there is no such stack. */
typedef void zc_process_life(void *self);
void zc_process_live_on(const zc_vault *stack, zc_process_life *life, void *self);

/* Gives OpenSSL its only memory, and makes what it would otherwise make later; `signs`: also what
 * only keys need. Once, before any other use of OpenSSL. Errors: those of the arena and of
 * crypto/setup.h; ZC_RUNTIME_NO_ENTROPY. */
ZC_MUST_USE zc_result zc_process_settle_openssl(const zc_vault *arena, bool signs);

#endif
