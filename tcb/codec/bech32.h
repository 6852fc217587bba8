/* Bech32 (BIP-173) and bech32m (BIP-350), and segregated-witness addresses in them. Public bytes
 * only: it is variable-time.
 *
 * Texts are written in lower case. A reader takes either case, never both in one text; the
 * human-readable part comes out in lower case. */
#ifndef ZC_CODEC_BECH32_H
#define ZC_CODEC_BECH32_H

#include "base/slice.h"
#include "base/writer.h"
#include "codec/reasons.h"

typedef enum zc_bech32_kind { ZC_BECH32 = 1, ZC_BECH32M = 0x2bc830a3 } zc_bech32_kind;

/* The checksum is proven for texts of this length and shorter (BIP-173). */
#define ZC_BECH32_MAX_TEXT 90
#define ZC_BECH32_MAX_HRP 83
/* Bytes that a text can carry: 82 characters less 6 of the checksum, of 5 bits each. */
#define ZC_BECH32_MAX_BYTES 51
/* A witness program is 2 to 40 bytes (BIP-141). */
#define ZC_SEGWIT_MAX_PROGRAM 40

typedef struct zc_bech32_text {
    zc_bech32_kind kind;
    uint8_t hrp_len;
    uint8_t data_len;
    char hrp[ZC_BECH32_MAX_HRP];      /* lower case, not terminated */
    uint8_t data[ZC_BECH32_MAX_TEXT]; /* 5 bits each, without the checksum */
} zc_bech32_text;

/* `hrp` in lower case, and groups of 5 bits each in its byte.
 * Errors: ZC_CODEC_BAD_BECH32 for an hrp or a group outside its range; ZC_BASE_TOO_LONG beyond 90
 * characters; ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_bech32_write_groups(zc_slice hrp, zc_bech32_kind kind, zc_slice groups,
                                             zc_writer *writer);
/* The same for bytes, as Cosmos writes its addresses: regrouped into 5 bits with zeros at the end.
 */
ZC_MUST_USE zc_result zc_bech32_write(zc_slice hrp, zc_bech32_kind kind, zc_slice bytes,
                                      zc_writer *writer);
/* Any text of either kind. Errors: ZC_CODEC_BAD_BECH32 for mixed case, a missing or misplaced
 * separator, a character outside the alphabet or a wrong checksum; ZC_BASE_TOO_LONG. */
ZC_MUST_USE zc_result zc_bech32_read_groups(zc_slice text, zc_bech32_text *ret_text);
/* A text of exactly this kind and hrp, as bytes. Errors also: ZC_CODEC_BAD_BECH32 for another hrp
 * or kind, or spare bits that are not zero or more than four; ZC_BASE_TOO_LONG beyond `capacity`.
 */
ZC_MUST_USE zc_result zc_bech32_read(zc_slice hrp, zc_bech32_kind kind, zc_slice text,
                                     uint8_t *ret_bytes, size_t capacity, size_t *ret_len);

/* An address of a witness program: bech32 for version 0, bech32m above (BIP-350).
 * Errors: ZC_CODEC_BAD_BECH32 for a version above 16 or a program that BIP-141 does not allow. */
ZC_MUST_USE zc_result zc_segwit_write(zc_slice hrp, uint8_t version, zc_slice program,
                                      zc_writer *writer);
ZC_MUST_USE zc_result zc_segwit_read(zc_slice hrp, zc_slice text, uint8_t *ret_version,
                                     uint8_t ret_program[static ZC_SEGWIT_MAX_PROGRAM],
                                     size_t *ret_len);

#endif
