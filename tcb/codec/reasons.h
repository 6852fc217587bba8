#ifndef ZC_CODEC_REASONS_H
#define ZC_CODEC_REASONS_H

#include "base/result.h"

#define ZC_CODEC_REASONS(X)                                                                        \
    X(ILL_FORMED, 1, "not CBOR: an item has a form that the format does not define")               \
    X(NOT_CANONICAL, 2, "a CBOR item is not in its one shortest form of definite length")          \
    X(WRONG_TYPE, 3, "a CBOR item is of another type than this place calls for")                   \
    X(WRONG_KEY, 4, "a CBOR map has another key than this place calls for")                        \
    X(KEY_ORDER, 5, "the keys of a CBOR map are not in ascending order, or one occurs twice")      \
    X(WRONG_LENGTH, 6, "a byte string is not as long as this place calls for")                     \
    X(TOO_DEEP, 7, "items are nested deeper than 16 levels")                                       \
    X(TOO_MANY, 8, "an array or a map has more items than the limit allows")                       \
    X(BAD_UTF8, 9, "a text is not valid UTF-8")                                                    \
    X(RANGE, 10, "a number does not fit where it stands")                                          \
    X(COSE_SHAPE, 11, "not a COSE_Sign1 message: an array of headers, payload and signature")      \
    X(COSE_NO_ALGORITHM, 12, "the signed headers of a COSE message name no algorithm")             \
    X(COSE_CRITICAL, 13,                                                                           \
      "a COSE message carries critical headers that this version does not know")                   \
    X(RLP_NOT_CANONICAL, 14, "an RLP item is not in its one shortest form")                        \
    X(RLP_WRONG_KIND, 15, "an RLP list stands where a string belongs, or the other way round")     \
    X(RLP_LEADING_ZERO, 16, "an RLP number has a leading zero byte")                               \
    X(RLP_WRONG_LENGTH, 17, "an RLP string is not as long as this place calls for")                \
    X(RLP_TOO_DEEP, 18, "RLP lists are nested deeper than 16 levels")                              \
    X(BAD_BASE64, 19, "not base64 with its padding and no spare bits")                             \
    X(ABI_DIRTY, 20, "an ABI word has bits set outside the value that it holds")                   \
    X(BAD_BASE58, 21, "not base58: a character outside its alphabet, or a wrong checksum")         \
    X(BAD_BECH32, 22, "not bech32: a wrong character, prefix, checksum or length")                 \
    X(ABI_OFFSET, 30, "an ABI offset does not point where the standard encoding puts its value")   \
    X(ABI_TYPES, 31, "not a list of ABI types within the limits")                                  \
    X(PB_VARINT, 34, "a protobuf number is not in its shortest form, or beyond 64 bits")           \
    X(PB_FIELD, 35, "a protobuf field has a number or a wire type that does not exist")            \
    X(PB_ORDER, 36, "protobuf fields are not in ascending order")                                  \
    X(JSON_SHAPE, 40, "these values in this order make no JSON")                                   \
    X(PB_TWICE, 37, "a protobuf field that holds one value occurs twice")

#define ZC_DECLARE_CODEC_REASON(name, number, text)                                                \
    ZC_CODEC_##name = ZC_REASON_CODE(ZC_MODULE_CODEC, number),
enum { ZC_CODEC_REASONS(ZC_DECLARE_CODEC_REASON) };

#endif
