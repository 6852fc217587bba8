/* Base58 in Bitcoin's alphabet (Solana writes its addresses in it too). Public bytes only: it is
 * variable-time.
 *
 * The conversion takes time in the square of the length, so the length is bounded. The form with a
 * checksum needs SHA-256 and therefore is in intent/bitcoin/base58check.h. */
#ifndef ZC_CODEC_BASE58_H
#define ZC_CODEC_BASE58_H

#include "base/slice.h"
#include "base/writer.h"
#include "codec/reasons.h"

/* The longest byte string that has a text here: an extended key with its checksum is 82, a Solana
 * signature 64. */
#define ZC_BASE58_MAX 128
/* No text of ZC_BASE58_MAX bytes is longer: 128 · log 256 / log 58, rounded up. */
#define ZC_BASE58_MAX_TEXT 175

/* Errors: ZC_BASE_TOO_LONG beyond ZC_BASE58_MAX, ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_base58_write(zc_slice bytes, zc_writer *writer);
/* The empty text is the empty byte string. Errors: ZC_CODEC_BAD_BASE58 for a character outside the
 * alphabet; ZC_BASE_TOO_LONG beyond `capacity` or the limits above. Outputs are untouched on
 * failure. */
ZC_MUST_USE zc_result zc_base58_read(zc_slice text, uint8_t *ret_bytes, size_t capacity,
                                     size_t *ret_len);

#endif
