/* Hexadecimal, lower case out, either case in. Public bytes only: it is variable-time. */
#ifndef ZC_BASE_HEX_H
#define ZC_BASE_HEX_H

#include "base/reasons.h"
#include "base/slice.h"
#include "base/writer.h"

ZC_MUST_USE zc_result zc_write_hex(zc_writer *writer, zc_slice bytes);
/* Writes 2·len digits and a terminator: the caller gives 2·len + 1 bytes. */
void zc_hex_encode(zc_slice bytes, char *ret_text);
/* Fills exactly the caller's buffer: any other number of digits, or another character, is
 * ZC_BASE_BAD_HEX. An optional 0x in front is passed over. */
ZC_MUST_USE zc_result zc_hex_decode(zc_slice text, uint8_t *ret_bytes, size_t len);
/* The same for a length that the text decides: ZC_BASE_TOO_LONG beyond `capacity`. */
ZC_MUST_USE zc_result zc_hex_decode_some(zc_slice text, uint8_t *ret_bytes, size_t capacity,
                                         size_t *ret_len);

#endif
