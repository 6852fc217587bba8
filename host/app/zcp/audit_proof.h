/* Proof bundles on the command line. */
#ifndef ZC_ZCP_AUDIT_PROOF_H
#define ZC_ZCP_AUDIT_PROOF_H

#include "invocation.h"

/* Whether the file begins like a proof bundle. */
bool zc_is_proof_bundle(const char *path);
/* `zcp audit verify BUNDLE`: checks it offline and says what it proves. Returns the exit code. */
int zc_verify_proof_bundle(const zc_invocation *invocation);

#endif
