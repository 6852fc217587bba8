/* Standard base64 with padding (RFC 4648 §4), strict: each byte string has one text. Public bytes
 * only: it is variable-time. */
#ifndef ZC_CODEC_BASE64_H
#define ZC_CODEC_BASE64_H

#include "base/slice.h"
#include "base/writer.h"
#include "codec/reasons.h"

/* Characters that `len` bytes become. */
#define ZC_BASE64_LEN(len) (((len) + 2) / 3 * 4)

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_write_base64(zc_writer *writer, zc_slice bytes);
/* Errors: ZC_CODEC_BAD_BASE64 for another alphabet, white space, missing or needless padding, or
 * spare bits that are not zero; ZC_BASE_TOO_LONG beyond `capacity`. On failure the buffer may hold
 * a part of the bytes; *ret_len is untouched. */
ZC_MUST_USE zc_result zc_base64_decode(zc_slice text, uint8_t *ret_bytes, size_t capacity,
                                       size_t *ret_len);

#endif
