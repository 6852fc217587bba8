#include "codec/cose.h"

#include "codec/cbor.h"

enum { LABEL_ALG = 1, LABEL_CRIT = 2 };

/* One header map: at most one algorithm, nothing critical. Labels of a protected map ascend, which
 * shuts out repeats; the unprotected one is only held to have one algorithm. */
static zc_result find_alg(zc_slice map, bool is_protected, bool *ret_found, int64_t *ret_alg)
{
    zc_reader reader = zc_reader_of(map);
    size_t count;
    ZC_TRY(zc_cbor_get_map(&reader, ZC_COSE_MAX_HEADERS, &count));
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        zc_reader label = reader;
        ZC_TRY(zc_cbor_skip(&reader));
        int64_t number = 0; /* a reserved label: texts are none of ours */
        zc_result is_number = zc_cbor_get_int(&label, &number);
        if (zc_ok(is_number) && number == LABEL_CRIT) {
            return zc_fail(ZC_CODEC_COSE_CRITICAL);
        }
        if (zc_ok(is_number) && number == LABEL_ALG) {
            if (found) {
                return zc_fail(ZC_CODEC_KEY_ORDER);
            }
            ZC_TRY(zc_cbor_get_int(&reader, ret_alg));
            found = true;
        } else {
            ZC_TRY(zc_cbor_skip(&reader));
        }
    }
    ZC_TRY(zc_reader_end(&reader));
    *ret_found = found;
    return is_protected ? zc_cbor_check_canonical(map) : ZC_OK;
}

static zc_result enter(zc_reader *reader)
{
    zc_cbor_type type;
    ZC_TRY(zc_cbor_peek_type(reader, &type));
    if (type == ZC_CBOR_TAG) {
        uint64_t tag;
        ZC_TRY(zc_cbor_get_tag(reader, &tag));
        if (tag != ZC_COSE_TAG_SIGN1) {
            return zc_fail(ZC_CODEC_COSE_SHAPE);
        }
    }
    size_t count;
    ZC_TRY(zc_cbor_get_array(reader, 4, &count));
    return count == 4 ? ZC_OK : zc_fail(ZC_CODEC_COSE_SHAPE);
}

static zc_result parse_parts(zc_slice message, zc_cose_sign1 *ret_parts)
{
    zc_reader reader = zc_reader_of(message);
    ZC_TRY(enter(&reader));
    ZC_TRY(zc_cbor_get_bytes(&reader, &ret_parts->protected_header));
    ZC_TRY(zc_cbor_get_item(&reader, &ret_parts->unprotected));
    ZC_TRY(zc_cbor_get_bytes(&reader, &ret_parts->payload));
    ZC_TRY(zc_cbor_get_bytes(&reader, &ret_parts->signature));
    return zc_reader_end(&reader);
}

static zc_result parse(zc_slice message, bool unprotected_alg, zc_cose_sign1 *ret_message)
{
    zc_cose_sign1 parts = {0};
    ZC_TRY(parse_parts(message, &parts));
    bool is_signed = false;
    if (parts.protected_header.len > 0) {
        ZC_TRY(find_alg(parts.protected_header, true, &is_signed, &parts.alg));
    }
    bool is_unsigned;
    int64_t unsigned_alg = 0;
    ZC_TRY(find_alg(parts.unprotected, false, &is_unsigned, &unsigned_alg));
    if (is_signed && is_unsigned) { /* RFC 9052 §3: a label stands in one of the two maps */
        return zc_fail(ZC_CODEC_KEY_ORDER);
    }
    if (!is_signed && !(unprotected_alg && is_unsigned)) {
        return zc_fail(ZC_CODEC_COSE_NO_ALGORITHM);
    }
    if (is_unsigned) {
        parts.alg = unsigned_alg;
    }
    *ret_message = parts;
    return ZC_OK;
}

zc_result zc_cose_sign1_parse(zc_slice message, zc_cose_sign1 *ret_message)
{
    return parse(message, false, ret_message);
}

zc_result zc_cose_sign1_parse_unprotected(zc_slice message, zc_cose_sign1 *ret_message)
{
    return parse(message, true, ret_message);
}

zc_result zc_cose_sign1_tbs(const zc_cose_sign1 *message, zc_slice external_aad, zc_writer *writer)
{
    static const uint8_t empty_map[] = {0xa0};
    zc_slice protected_header = message->protected_header;
    if (zc_slice_eq(protected_header, ZC_SLICE_OF_ARRAY(empty_map))) {
        protected_header = zc_slice_of(NULL, 0);
    }
    zc_writer at = *writer;
    ZC_TRY(zc_cbor_put_array(&at, 4));
    ZC_TRY(zc_cbor_put_text(&at, zc_slice_of_text("Signature1")));
    ZC_TRY(zc_cbor_put_bytes(&at, protected_header));
    ZC_TRY(zc_cbor_put_bytes(&at, external_aad));
    ZC_TRY(zc_cbor_put_bytes(&at, message->payload));
    *writer = at;
    return ZC_OK;
}

zc_result zc_cose_sign1_write(zc_writer *writer, zc_slice protected_header, zc_slice payload,
                              zc_slice signature, bool tagged)
{
    zc_writer at = *writer;
    if (tagged) {
        ZC_TRY(zc_cbor_put_tag(&at, ZC_COSE_TAG_SIGN1));
    }
    ZC_TRY(zc_cbor_put_array(&at, 4));
    ZC_TRY(zc_cbor_put_bytes(&at, protected_header));
    ZC_TRY(zc_cbor_put_map(&at, 0));
    ZC_TRY(zc_cbor_put_bytes(&at, payload));
    ZC_TRY(zc_cbor_put_bytes(&at, signature));
    *writer = at;
    return ZC_OK;
}
