#include "quote_parse.h"

#include <string.h>

#include "base/ct.h"

#define ECDSA_P256 2
#define HEADER_SIZE 48
#define CERTIFICATION_PCK_CHAIN 5
#define CERTIFICATION_QE_REPORT 6
#define BODY_SGX 1
#define BODY_TD_10 2
#define BODY_TD_15 3

static const uint8_t intel_qe[16] = {0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
                                     0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07};

static zc_result read_u16le(zc_reader *reader, uint16_t *ret_value)
{
    uint8_t b[2];
    ZC_TRY(zc_read_copy(reader, b, sizeof b));
    *ret_value = (uint16_t)(b[0] | b[1] << 8);
    return ZC_OK;
}

static zc_result read_u32le(zc_reader *reader, uint32_t *ret_value)
{
    uint8_t b[4];
    ZC_TRY(zc_read_copy(reader, b, sizeof b));
    *ret_value = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    return ZC_OK;
}

/* A u32 length and as many bytes, entered. */
static zc_result enter(zc_reader *reader, zc_reader *ret_inner)
{
    uint32_t len;
    zc_slice bytes;
    ZC_TRY(read_u32le(reader, &len));
    ZC_TRY(zc_read_slice(reader, len, &bytes));
    *ret_inner = zc_reader_of(bytes);
    return ZC_OK;
}

/* sgx_report_body_t */
static zc_result read_sgx(zc_reader *reader, zc_sgx_report *report)
{
    zc_slice whole;
    ZC_TRY(zc_read_slice(reader, ZC_SGX_REPORT_SIZE, &whole));
    zc_reader at = zc_reader_of(whole);
    report->whole = whole;
    ZC_TRY(zc_read_slice(&at, 16, &report->cpu_svn));
    ZC_TRY(read_u32le(&at, &report->misc_select));
    ZC_TRY(zc_skip(&at, 28));
    ZC_TRY(zc_read_slice(&at, 16, &report->attributes));
    ZC_TRY(zc_read_slice(&at, 32, &report->mr_enclave));
    ZC_TRY(zc_skip(&at, 32));
    ZC_TRY(zc_read_slice(&at, 32, &report->mr_signer));
    ZC_TRY(zc_skip(&at, 96));
    ZC_TRY(read_u16le(&at, &report->isv_prod_id));
    ZC_TRY(read_u16le(&at, &report->isv_svn));
    ZC_TRY(zc_skip(&at, 60));
    ZC_TRY(zc_read_slice(&at, 64, &report->report_data));
    return zc_reader_end(&at);
}

/* sgx_report2_body_t, and what version 1.5 adds behind it */
static zc_result read_td(zc_reader *reader, bool is_15, zc_td_report *report)
{
    report->is_15 = is_15;
    ZC_TRY(zc_read_slice(reader, 16, &report->tee_tcb_svn));
    ZC_TRY(zc_read_slice(reader, 48, &report->mr_seam));
    ZC_TRY(zc_read_slice(reader, 48, &report->mr_signer_seam));
    ZC_TRY(zc_read_slice(reader, 8, &report->seam_attributes));
    ZC_TRY(zc_read_slice(reader, 8, &report->td_attributes));
    ZC_TRY(zc_read_slice(reader, 8, &report->xfam));
    ZC_TRY(zc_read_slice(reader, 48, &report->mr_td));
    ZC_TRY(zc_read_slice(reader, 48, &report->mr_config_id));
    ZC_TRY(zc_read_slice(reader, 48, &report->mr_owner));
    ZC_TRY(zc_read_slice(reader, 48, &report->mr_owner_config));
    for (size_t i = 0; i < 4; i++) {
        ZC_TRY(zc_read_slice(reader, 48, &report->rtmr[i]));
    }
    ZC_TRY(zc_read_slice(reader, 64, &report->report_data));
    if (is_15) {
        ZC_TRY(zc_read_slice(reader, 16, &report->tee_tcb_svn2));
        ZC_TRY(zc_read_slice(reader, 48, &report->mr_service_td));
    }
    return ZC_OK;
}

/* Version 5 says which body follows and how long it is. */
static zc_result read_body_v5(zc_reader *reader, zc_quote *quote)
{
    uint16_t type;
    zc_reader body;
    ZC_TRY(read_u16le(reader, &type));
    ZC_TRY(enter(reader, &body));
    if (type < BODY_SGX || type > BODY_TD_15 || quote->is_tdx != (type != BODY_SGX)) {
        return zc_fail(ZC_EVIDENCE_UNSUPPORTED);
    }
    ZC_TRY(quote->is_tdx ? read_td(&body, type == BODY_TD_15, &quote->td)
                         : read_sgx(&body, &quote->sgx));
    return zc_reader_end(&body);
}

static zc_result read_header(zc_reader *reader, zc_quote *quote)
{
    uint16_t key_type;
    uint32_t tee;
    zc_slice vendor;
    ZC_TRY(read_u16le(reader, &quote->version));
    ZC_TRY(read_u16le(reader, &key_type));
    ZC_TRY(read_u32le(reader, &tee));
    ZC_TRY(zc_skip(reader, 4));
    ZC_TRY(zc_read_slice(reader, sizeof intel_qe, &vendor));
    ZC_TRY(zc_skip(reader, 20));
    if (quote->version < 3 || quote->version > 5 || key_type != ECDSA_P256 ||
        !zc_slice_eq(vendor, ZC_SLICE_OF_ARRAY(intel_qe))) {
        return zc_fail(ZC_EVIDENCE_UNSUPPORTED);
    }
    /* In version 3 the place is reserved and the quote is of SGX. */
    quote->is_tdx = tee == ZC_QUOTE_TEE_TDX;
    bool known = quote->version == 3 ? tee == 0 : quote->is_tdx || tee == ZC_QUOTE_TEE_SGX;
    return known ? ZC_OK : zc_fail(ZC_EVIDENCE_UNSUPPORTED);
}

static zc_result read_qe(zc_reader *reader, zc_quote *quote)
{
    uint16_t auth_len;
    uint16_t type;
    zc_reader data;
    ZC_TRY(read_sgx(reader, &quote->qe));
    ZC_TRY(zc_read_copy(reader, quote->qe_signature, sizeof quote->qe_signature));
    ZC_TRY(read_u16le(reader, &auth_len));
    ZC_TRY(zc_read_slice(reader, auth_len, &quote->qe_auth_data));
    ZC_TRY(read_u16le(reader, &type));
    ZC_TRY(enter(reader, &data));
    quote->pck_chain =
        type == CERTIFICATION_PCK_CHAIN ? zc_reader_rest(&data) : zc_slice_of(NULL, 0);
    return zc_reader_end(reader);
}

static zc_result read_signature(zc_reader *reader, zc_quote *quote)
{
    ZC_TRY(zc_read_copy(reader, quote->signature, sizeof quote->signature));
    ZC_TRY(zc_read_slice(reader, 64, &quote->attestation_key));
    if (quote->version == 3) {
        return read_qe(reader, quote);
    }
    uint16_t type;
    zc_reader inner;
    ZC_TRY(read_u16le(reader, &type));
    ZC_TRY(enter(reader, &inner));
    if (type != CERTIFICATION_QE_REPORT) {
        return zc_fail(ZC_EVIDENCE_UNSUPPORTED);
    }
    ZC_TRY(read_qe(&inner, quote));
    return zc_reader_end(reader);
}

static zc_result read_quote(zc_slice bytes, zc_quote *quote)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_reader signature;
    ZC_TRY(read_header(&reader, quote));
    if (quote->version == 5) {
        ZC_TRY(read_body_v5(&reader, quote));
    } else {
        ZC_TRY(quote->is_tdx ? read_td(&reader, false, &quote->td)
                             : read_sgx(&reader, &quote->sgx));
    }
    quote->signed_bytes = zc_slice_of(bytes.data, zc_reader_offset(&reader));
    ZC_TRY(enter(&reader, &signature));
    ZC_TRY(read_signature(&signature, quote));
    zc_slice rest = zc_reader_rest(&reader);
    return zc_ct_is_zero(rest.data, rest.len) ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_QUOTE);
}

zc_result zc_quote_parse(zc_slice bytes, zc_quote *ret_quote)
{
    zc_quote quote = {0};
    zc_result read = read_quote(bytes, &quote);
    if (!zc_ok(read)) {
        return zc_is(read, ZC_EVIDENCE_UNSUPPORTED) ? read : zc_fail(ZC_EVIDENCE_BAD_QUOTE);
    }
    *ret_quote = quote;
    return ZC_OK;
}
