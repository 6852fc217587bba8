/* Private to the module: from what was decided to the signatures, and to what goes out. */
#ifndef ZC_ENCLAVE_SIGNING_H
#define ZC_ENCLAVE_SIGNING_H

#include "enclave/state.h"
#include "intent/payload.h"

/* What a request asks to be signed. A key that serves EVM chains makes no other messages than
 * personal ones, unless it is told which chain they are for. */
zc_payload zc_payload_of(const zc_request_sign *wanted, const zc_key *key);

/* Whether the answer will fit, before anything is decided: ZC_ENCLAVE_ARTEFACT_TOO_LONG. */
ZC_MUST_USE zc_result zc_signing_fits(const zc_payload *payload, const zc_intent *intent);

/* Signs what enclave->intent was decoded from, and puts together what goes out; the reply borrows
 * the enclave's scratch. */
ZC_MUST_USE zc_result zc_signing_make(zc_enclave *enclave, const zc_key *key,
                                      const zc_payload *payload, zc_reply_sign *ret_reply);

#endif
