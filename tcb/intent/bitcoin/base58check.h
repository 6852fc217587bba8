/* Base58 with the first four bytes of a double SHA-256 as checksum: Bitcoin's older addresses and
 * its keys in text. Public bytes only. */
#ifndef ZC_INTENT_BITCOIN_BASE58CHECK_H
#define ZC_INTENT_BITCOIN_BASE58CHECK_H

#include "base/slice.h"
#include "base/writer.h"

/* The longest payload, version bytes included; an extended key's is 78. */
#define ZC_BASE58CHECK_MAX 124

/* `payload` includes the version bytes. Errors: ZC_BASE_TOO_LONG, ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_base58check_write(zc_slice payload, zc_writer *writer);
/* Errors: ZC_CODEC_BAD_BASE58, also for a wrong checksum; ZC_BASE_TOO_LONG beyond `capacity`. */
ZC_MUST_USE zc_result zc_base58check_read(zc_slice text, uint8_t *ret_payload, size_t capacity,
                                          size_t *ret_len);

#endif
