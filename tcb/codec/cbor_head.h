/* Heads of CBOR items: the initial byte and its argument. For the files of codec/ alone. */
#ifndef ZC_CODEC_CBOR_HEAD_H
#define ZC_CODEC_CBOR_HEAD_H

#include "codec/cbor.h"

enum { ZC_CBOR_MAJOR_SIMPLE = 7 };

/* The shortest head of a major type. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_cbor_put_head(zc_writer *writer, unsigned major, uint64_t value);
/* The next head in its canonical form, which excludes breaks. Errors: ZC_BASE_TRUNCATED,
 * ZC_CODEC_ILL_FORMED, ZC_CODEC_NOT_CANONICAL. */
ZC_MUST_USE zc_result zc_cbor_get_head(zc_reader *reader, zc_cbor_head *ret_head);
/* Most heads: canonical, at most two bytes long, not of major type 7. False, and nothing taken, for
 * every other head, good or bad: zc_cbor_get_head() judges those. */
static inline bool zc_cbor_get_short_head(zc_reader *reader, zc_cbor_head *ret_head)
{
    enum { ONE_BYTE_FOLLOWS = 24 };
    size_t left = zc_reader_left(reader);
    if (left == 0 || reader->at[0] >> 5 == ZC_CBOR_MAJOR_SIMPLE) {
        return false;
    }
    unsigned info = reader->at[0] & 31;
    bool follows = info == ONE_BYTE_FOLLOWS && left > 1 && reader->at[1] >= ONE_BYTE_FOLLOWS;
    if (info >= ONE_BYTE_FOLLOWS && !follows) {
        return false;
    }
    *ret_head = (zc_cbor_head){.type = (zc_cbor_type)(reader->at[0] >> 5),
                               .value = follows ? reader->at[1] : info,
                               .width = follows ? 1 : 0};
    reader->at += follows ? 2 : 1;
    return true;
}
/* Whether a float of this width and these bits has no shorter form of the same value (RFC 8949
 * §4.2.1). There is one NaN, in two bytes. */
bool zc_cbor_float_is_shortest(unsigned width, uint64_t bits);

#endif
