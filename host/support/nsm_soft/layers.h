/* The sandbox's layers, one function each. Only for this module. */
#ifndef ZC_NSM_SOFT_LAYERS_H
#define ZC_NSM_SOFT_LAYERS_H

#include "nsm_soft/sandbox.h"

/* Moves the process into what namespaces the kernel gives, with an empty, read-only root.
 * `inherited` names those that it is in already. Returns the bits of what it is in afterwards.
 * Never fails: what is not given is not reported. */
uint32_t zc_layer_namespaces(uint32_t inherited);
/* Forbids every file operation, TCP and signals to others. Returns the bit, or 0. */
uint32_t zc_layer_landlock(void);
/* Drops every capability and the way back to them. Errors: ZC_NSM_SOFT_CAPABILITIES. */
ZC_MUST_USE zc_result zc_layer_capabilities(void);
/* The system-call filter; from here on anything unlisted kills. Errors: ZC_NSM_SOFT_NO_SECCOMP. */
ZC_MUST_USE zc_result zc_layer_filter(zc_sandbox_role role);

#endif
