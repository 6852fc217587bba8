/* The one encoding of an order: deterministic CBOR, a map with integer keys. It is what a client
 * sends, and a part of the intent's own encoding.
 *
 *   order = { 1: venue, 2: action, * field }
 *
 * A field's key is its bit plus 3 (ZC_ORDER_FIELDS); a field that is empty is left out.
 *
 *   text     tstr, not empty           side, type, tif, times   uint, not zero
 *   decimal  [scale, units bstr]       flags                    true                            */
#ifndef ZC_INTENT_ORDER_CBOR_H
#define ZC_INTENT_ORDER_CBOR_H

#include "base/reader.h"
#include "base/writer.h"
#include "intent/order.h"

/* No encoding of an order is longer. */
#define ZC_ORDER_MAX_ENCODED 1280

/* The order is one (zc_order_check). Errors: ZC_BASE_FULL; ZC_ORDER_MAX_ENCODED bytes are always
 * enough. */
ZC_MUST_USE zc_result zc_order_write(const zc_order *order, zc_writer *writer);
/* Reads the order that comes next, and checks it. Errors: codec's, ZC_INTENT_ORDER_…; reader and
 * output are then untouched. */
ZC_MUST_USE zc_result zc_order_get(zc_reader *reader, zc_order *ret_order);
/* Reads exactly one order. Also ZC_BASE_TRAILING. */
ZC_MUST_USE zc_result zc_order_read(zc_slice encoded, zc_order *ret_order);

#endif
