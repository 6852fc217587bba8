/* MessagePack, written as Hyperliquid's own clients write it: every number and length in its
 * shortest form, maps in the order in which their pairs are written, never a float. The bytes are
 * hashed, so one action has exactly one encoding here.
 *
 * A map of n is followed by 2n values, an array of n by n values: the caller's to keep. Errors:
 * ZC_BASE_FULL, with the writer where it was; ZC_BASE_TOO_LONG beyond 65535 items or bytes. */
#ifndef ZC_COMPOSE_MSGPACK_H
#define ZC_COMPOSE_MSGPACK_H

#include "base/writer.h"

ZC_MUST_USE zc_result zc_msgpack_put_map(zc_writer *writer, size_t pairs);
ZC_MUST_USE zc_result zc_msgpack_put_array(zc_writer *writer, size_t items);
ZC_MUST_USE zc_result zc_msgpack_put_text(zc_writer *writer, zc_slice text);
ZC_MUST_USE zc_result zc_msgpack_put_u64(zc_writer *writer, uint64_t value);
ZC_MUST_USE zc_result zc_msgpack_put_i64(zc_writer *writer, int64_t value);
ZC_MUST_USE zc_result zc_msgpack_put_bool(zc_writer *writer, bool value);
ZC_MUST_USE zc_result zc_msgpack_put_nil(zc_writer *writer);

#endif
