/* Private to the module: the signatures of one record's requests, made together.
 *
 * Decoding, policy and the log see one request after another, as always. A P-256 signature that
 * stands alone in its reply is made last, with all others of the record: the reply keeps its place,
 * and its signature is filled in. */
#ifndef ZC_ENCLAVE_BATCH_H
#define ZC_ENCLAVE_BATCH_H

#include "crypto/signer.h"
#include "enclave/step.h"
#include "intent/payload.h"
#include "keys/keyring.h"
#include "wire/message.h"

/* {0} is closed and empty. */
typedef struct zc_sign_batch {
    bool open;   /* the record holds more than one request */
    bool leaves; /* all of them are left to the runtime */
    size_t count;
    uint64_t request[ZC_SIGN_MAX_BATCH]; /* its id */
    size_t effect[ZC_SIGN_MAX_BATCH];    /* place of its reply */
    zc_sign_job job[ZC_SIGN_MAX_BATCH];
    uint8_t fresh[ZC_SIGN_MAX_BATCH][32];
    uint8_t digest[ZC_SIGN_MAX_BATCH][32];
    zc_signature signature[ZC_SIGN_MAX_BATCH];
} zc_sign_batch;

/* Whether this signature is to wait for the others. */
bool zc_batch_takes(const zc_sign_batch *batch, const zc_key *key, const zc_payload *payload);
/* What stands in the reply until then. */
zc_slice zc_batch_placeholder(void);
/* Adds the signature over `digest` for the reply that is the last of the effects. */
void zc_batch_add(zc_sign_batch *batch, const zc_key *key, zc_drbg *drbg,
                  const uint8_t digest[static 32], uint64_t request, const zc_effects *effects);
/* Makes all of them, or leaves them to the runtime (zc_effect.work), and fills them in, and empties
 * the batch. What can't be made becomes a failure in its place: no reply leaves with a placeholder.
 */
void zc_batch_sign(zc_sign_batch *batch, zc_effects *effects);

#endif
