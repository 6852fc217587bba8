/* What an order would ask of its venue, for who has no key at hand. */
#ifndef ZC_ZCP_ORDER_PREVIEW_H
#define ZC_ZCP_ORDER_PREVIEW_H

#include "base/slice.h"
#include "intent/intent.h"

/* Composes the order (intent/order_cbor.h) as if a key of the first kind that the venue takes
 * signed it now; the digest is then not the one that will be signed. Errors: compose's. */
ZC_MUST_USE zc_result zc_order_preview(zc_slice order, zc_intent *ret_intent);

#endif
