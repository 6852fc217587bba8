/* Private to the module: venue orders, composed and signed inside.
 *
 * The client brings the order alone; the request's bytes are made here, from the order that policy
 * saw, and leave only after the decision. */
#ifndef ZC_ENCLAVE_ORDER_H
#define ZC_ENCLAVE_ORDER_H

#include "enclave/state.h"

/* How far an order's own time may be ahead of the enclave's clock: a request that its venue takes
 * only tomorrow would still be good after today's halt. */
#define ZC_ENCLAVE_ORDER_AHEAD_MS 60000

/* Composes the request of an encoded order (intent/order_cbor.h) for `key` into the enclave's
 * scratch, and its intent into enclave->intent. Everything that could keep it from being signed is
 * found here. Errors: those of zc_order_read(), zc_compose_prepare() and zc_compose_intent();
 * ZC_ENCLAVE_OTHER_VENUE, ZC_ENCLAVE_HMAC_KIND, ZC_ENCLAVE_ORDER_TIME, ZC_ENCLAVE_ORDER_EXPIRED,
 * ZC_COMPOSE_PASSPHRASE_MISSING. */
ZC_MUST_USE zc_result zc_order_compose(zc_enclave *enclave, const zc_key *key, zc_slice encoded);

/* Signs what zc_order_compose() has made and puts the finished request together; the reply borrows
 * the vault's scratch, because some venues want the passphrase in the request. */
ZC_MUST_USE zc_result zc_order_sign(zc_enclave *enclave, zc_key *key, zc_reply_sign *ret_reply);

/* A request with this nonce was authorised: the key's next one is greater. */
void zc_order_nonce_used(zc_key_place *key, const zc_intent *intent);

#endif
