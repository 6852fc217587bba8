/* DER (X.690), the strict part that signatures and certificates need.
 *
 * Lengths are definite and shortest, tags have one byte, integers are shortest and not negative.
 * Errors: ZC_CRYPTO_BAD_DER. */
#ifndef ZC_CRYPTO_DER_H
#define ZC_CRYPTO_DER_H

#include "base/reader.h"
#include "base/writer.h"
#include "crypto/reasons.h"

enum {
    ZC_DER_BOOLEAN = 0x01,
    ZC_DER_INTEGER = 0x02,
    ZC_DER_BIT_STRING = 0x03,
    ZC_DER_OCTET_STRING = 0x04,
    ZC_DER_OID = 0x06,
    ZC_DER_UTF8_STRING = 0x0c,
    ZC_DER_UTC_TIME = 0x17,
    ZC_DER_GENERALIZED_TIME = 0x18,
    ZC_DER_SEQUENCE = 0x30,
    ZC_DER_SET = 0x31,
};

/* Room for the DER form of an ECDSA signature with scalars of up to 48 bytes. */
#define ZC_DER_MAX_SIGNATURE 104

/* Reads one value of whatever type: its tag, its content, and the whole with its header. */
ZC_MUST_USE zc_result zc_der_read_any(zc_reader *reader, uint8_t *ret_tag, zc_slice *ret_content,
                                      zc_slice *ret_whole);
/* Reads one value of the type `tag`. */
ZC_MUST_USE zc_result zc_der_read(zc_reader *reader, uint8_t tag, zc_slice *ret_content);
/* The same, entered: a reader over the content. */
ZC_MUST_USE zc_result zc_der_enter(zc_reader *reader, uint8_t tag, zc_reader *ret_content);
/* An unsigned integer of at most `len` bytes, left-padded with zeros to exactly `len`. */
ZC_MUST_USE zc_result zc_der_read_unsigned(zc_reader *reader, uint8_t *ret_value, size_t len);
/* Whether the whole input is one value whose constructed parts, all the way down (16 levels), have
 * strict lengths that fit exactly. */
ZC_MUST_USE zc_result zc_der_check(zc_slice der);

/* Writes a value with its header. */
ZC_MUST_USE zc_result zc_der_write(zc_writer *writer, uint8_t tag, zc_slice content);
/* A big-endian unsigned number in its shortest form. */
ZC_MUST_USE zc_result zc_der_write_unsigned(zc_writer *writer, zc_slice big_endian);

/* SEQUENCE { r INTEGER, s INTEGER } ⇄ r ‖ s with `scalar_len` bytes each (at most 48). Nothing may
 * follow. Zero or too large scalars are left for the verification to refuse. */
ZC_MUST_USE zc_result zc_der_read_signature(zc_slice der, size_t scalar_len, uint8_t *ret_sig);
ZC_MUST_USE zc_result zc_der_write_signature(zc_writer *writer, const uint8_t *sig,
                                             size_t scalar_len);

#endif
