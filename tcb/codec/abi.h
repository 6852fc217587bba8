/* The 32-byte words of Solidity's contract ABI (Contract ABI Specification, "Formal Specification
 * of the Encoding").
 *
 * Each read takes one word. A word with bits set outside its value is refused (ZC_CODEC_ABI_DIRTY):
 * contracts differ in whether they ignore such bits, so what the call does is not known. Other
 * errors: ZC_BASE_TRUNCATED. A read that fails leaves the reader where it was. */
#ifndef ZC_CODEC_ABI_H
#define ZC_CODEC_ABI_H

#include "base/reader.h"
#include "base/u256.h"
#include "codec/reasons.h"

#define ZC_ABI_WORD 32

ZC_MUST_USE zc_result zc_abi_get_word(zc_reader *reader, uint8_t ret_word[static ZC_ABI_WORD]);
ZC_MUST_USE zc_result zc_abi_get_u256(zc_reader *reader, zc_u256 *ret_value);
ZC_MUST_USE zc_result zc_abi_get_u64(zc_reader *reader, uint64_t *ret_value);
ZC_MUST_USE zc_result zc_abi_get_address(zc_reader *reader, uint8_t ret_address[static 20]);
ZC_MUST_USE zc_result zc_abi_get_bool(zc_reader *reader, bool *ret_value);

#endif
