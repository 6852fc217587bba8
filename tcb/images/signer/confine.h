/* How front and core lock themselves in. The enclave keeps the host out; this keeps a conquered
 * front away from core, the security module and the kernel. */
#ifndef ZC_SIGNER_CONFINE_H
#define ZC_SIGNER_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum zc_confine_role {
    ZC_CONFINE_FRONT,  /* accepts connections */
    ZC_CONFINE_CORE,   /* asks the security module */
    ZC_CONFINE_SIGNER, /* a thread of core's that only computes; for confine_calls() alone */
} zc_confine_role;

/* An empty root, no user of the machine, no capabilities, no new privileges, not dumpable, death
 * with init, and an allow-list of system calls; any other kills. To be called when everything is
 * open. `before_filter`, unless NULL, is called when all but the filter is in place: threads that
 * it starts have that too. Returns the bits of platform/isolation.h, or 0 when a layer failed: then
 * the process must end. */
uint32_t confine(zc_confine_role role, const char *name, void (*before_filter)(void));
/* The last layer alone, for the calling thread (filter.c). */
bool confine_calls(zc_confine_role role);

#endif
