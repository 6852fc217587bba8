/* RLP, the encoding of Ethereum's transactions (Ethereum Yellow Paper, appendix B), in its one
 * canonical form.
 *
 * Refused: a length in more bytes than it needs, the long form for up to 55 bytes, a single byte
 * below 0x80 behind a length, numbers with leading zeros. Getters that fail leave the reader where
 * it was. Errors of all getters: ZC_BASE_TRUNCATED, ZC_CODEC_RLP_NOT_CANONICAL,
 * ZC_CODEC_RLP_WRONG_KIND and what their comment adds. Errors of all writers: ZC_BASE_FULL. */
#ifndef ZC_CODEC_RLP_H
#define ZC_CODEC_RLP_H

#include "base/reader.h"
#include "base/u256.h"
#include "base/writer.h"
#include "codec/reasons.h"

#define ZC_RLP_MAX_DEPTH 16

typedef enum zc_rlp_kind { ZC_RLP_STRING = 1, ZC_RLP_LIST = 2 } zc_rlp_kind;

/* The kind of the next item; its head is not checked. */
ZC_MUST_USE zc_result zc_rlp_peek(const zc_reader *reader, zc_rlp_kind *ret_kind);
ZC_MUST_USE zc_result zc_rlp_get_string(zc_reader *reader, zc_slice *ret_bytes);
/* A reader over the items of a list, whose end the caller must reach. Its offsets count from the
 * list's first item. */
ZC_MUST_USE zc_result zc_rlp_get_list(zc_reader *reader, zc_reader *ret_items);
/* A number: ZC_CODEC_RLP_LEADING_ZERO; ZC_CODEC_RLP_WRONG_LENGTH beyond 32 (8) bytes. */
ZC_MUST_USE zc_result zc_rlp_get_u256(zc_reader *reader, zc_u256 *ret_value);
ZC_MUST_USE zc_result zc_rlp_get_u64(zc_reader *reader, uint64_t *ret_value);
/* A copy of a string of exactly `len` bytes: ZC_CODEC_RLP_WRONG_LENGTH otherwise. */
ZC_MUST_USE zc_result zc_rlp_get_fixed(zc_reader *reader, uint8_t *ret_bytes, size_t len);
/* Passes over one item and checks everything in it: ZC_CODEC_RLP_TOO_DEEP. */
ZC_MUST_USE zc_result zc_rlp_skip(zc_reader *reader);
/* Whether `bytes` are exactly one canonical item: ZC_BASE_TRAILING when more follows. */
ZC_MUST_USE zc_result zc_rlp_check(zc_slice bytes);

ZC_MUST_USE zc_result zc_rlp_put_string(zc_writer *writer, zc_slice bytes);
ZC_MUST_USE zc_result zc_rlp_put_u256(zc_writer *writer, const zc_u256 *value);
ZC_MUST_USE zc_result zc_rlp_put_u64(zc_writer *writer, uint64_t value);

/* An open list: what is written between begin and end becomes its items. Lists nest. */
typedef struct zc_rlp_list {
    size_t items_at; /* offset in the writer at which the items begin */
} zc_rlp_list;

void zc_rlp_list_begin(const zc_writer *writer, zc_rlp_list *ret_list);
/* Puts the list's head in front of its items. On ZC_BASE_FULL the items stay as they were. */
ZC_MUST_USE zc_result zc_rlp_list_end(zc_writer *writer, const zc_rlp_list *list);

#endif
