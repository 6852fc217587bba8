/* Private to the module: from what was decided to the signatures, and to what goes out. */
#ifndef ZC_ENCLAVE_SIGNING_H
#define ZC_ENCLAVE_SIGNING_H

#include "enclave/state.h"
#include "intent/payload.h"

/* What a request asks to be signed. A key that serves EVM chains makes no other messages than
 * personal ones, unless it is told which chain they are for. */
zc_payload zc_payload_of(const zc_request_sign *wanted, const zc_key *key);

/* Reads the payload into enclave->intent: decodes it, or composes the request of an order.
 * `ret_offset` is the byte at fault, SIZE_MAX where that says nothing. Errors: those of decoders
 * and composer (enclave/order.h); ZC_ENCLAVE_VENUE_KEY for anything but an order from a key of a
 * venue; ZC_ENCLAVE_ARTEFACT_TOO_LONG when the answer would not fit. */
ZC_MUST_USE zc_result zc_signing_read(zc_enclave *enclave, const zc_key *key,
                                      const zc_payload *payload, size_t *ret_offset);

/* Signs what enclave->intent was read from, and puts together what goes out; the reply borrows
 * the enclave's scratch. */
ZC_MUST_USE zc_result zc_signing_make(zc_enclave *enclave, zc_key *key, const zc_payload *payload,
                                      zc_reply_sign *ret_reply);

#endif
