#include "attest/wrapper.h"

#include "codec/cbor.h"

zc_result zc_attest_wrap(zc_slice document, zc_writer *writer)
{
    zc_writer ahead = *writer;
    ZC_TRY(zc_cbor_put_array(&ahead, 3));
    ZC_TRY(zc_cbor_put_text(&ahead, zc_slice_of_text(ZC_CMW_TYPE_NITRO)));
    ZC_TRY(zc_cbor_put_bytes(&ahead, document));
    ZC_TRY(zc_cbor_put_uint(&ahead, ZC_CMW_EVIDENCE));
    *writer = ahead;
    return ZC_OK;
}
