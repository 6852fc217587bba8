/* Bitcoin's own way of writing numbers: little-endian, and counts that take 1, 3, 5 or 9 bytes. */
#ifndef ZC_INTENT_BITCOIN_WIRE_H
#define ZC_INTENT_BITCOIN_WIRE_H

#include "base/reader.h"
#include "base/writer.h"
#include "crypto/hash.h"

ZC_MUST_USE zc_result zc_btc_read_u32(zc_reader *reader, uint32_t *ret_value);
ZC_MUST_USE zc_result zc_btc_read_u64(zc_reader *reader, uint64_t *ret_value);
/* ZC_INTENT_PSBT_LENGTH unless in its shortest form. */
ZC_MUST_USE zc_result zc_btc_read_count(zc_reader *reader, uint64_t *ret_value);
/* A count and as many bytes. */
ZC_MUST_USE zc_result zc_btc_read_bytes(zc_reader *reader, zc_slice *ret_bytes);

ZC_MUST_USE zc_result zc_btc_write_u32(zc_writer *writer, uint32_t value);
ZC_MUST_USE zc_result zc_btc_write_u64(zc_writer *writer, uint64_t value);
ZC_MUST_USE zc_result zc_btc_write_count(zc_writer *writer, uint64_t value);
ZC_MUST_USE zc_result zc_btc_write_bytes(zc_writer *writer, zc_slice bytes);
/* How many bytes a count takes. */
size_t zc_btc_count_size(uint64_t value);

/* The same into a hash. */
void zc_btc_hash_u32(zc_sha256_ctx *ctx, uint32_t value);
void zc_btc_hash_u64(zc_sha256_ctx *ctx, uint64_t value);
void zc_btc_hash_count(zc_sha256_ctx *ctx, uint64_t value);
void zc_btc_hash_bytes(zc_sha256_ctx *ctx, zc_slice bytes);

#endif
