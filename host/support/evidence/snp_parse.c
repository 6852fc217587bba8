#include "snp_parse.h"

#include "base/ct.h"

#define SIGNATURE_PART 72
#define SCALAR 48

static uint64_t le(const uint8_t *at, size_t len)
{
    uint64_t value = 0;
    for (size_t i = len; i-- > 0;) {
        value = value << 8 | at[i];
    }
    return value;
}

/* A little-endian scalar of 72 bytes, of which 48 count. */
static zc_result read_scalar(zc_reader *reader, uint8_t *ret_scalar)
{
    zc_slice part;
    ZC_TRY(zc_read_slice(reader, SIGNATURE_PART, &part));
    if (!zc_ct_is_zero(part.data + SCALAR, SIGNATURE_PART - SCALAR)) {
        return zc_fail(ZC_EVIDENCE_BAD_REPORT);
    }
    for (size_t i = 0; i < SCALAR; i++) {
        ret_scalar[i] = part.data[SCALAR - 1 - i];
    }
    return ZC_OK;
}

static zc_result read_signature(zc_slice bytes, zc_snp_report *report)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_slice rest;
    ZC_TRY(read_scalar(&reader, report->signature));
    ZC_TRY(read_scalar(&reader, report->signature + SCALAR));
    rest = zc_reader_rest(&reader);
    return zc_ct_is_zero(rest.data, rest.len) ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_REPORT);
}

/* The fields stand at fixed offsets; the caller has checked the length. */
static void read_fields(const uint8_t *at, zc_snp_report *report)
{
    report->guest_svn = (uint32_t)le(at + 0x04, 4);
    report->policy = le(at + 0x08, 8);
    report->family_id = zc_slice_of(at + 0x10, 16);
    report->image_id = zc_slice_of(at + 0x20, 16);
    report->vmpl = (uint32_t)le(at + 0x30, 4);
    memcpy(report->current_tcb, at + 0x38, 8);
    report->chip_masked = (at[0x48] & 2) != 0;
    report->report_data = zc_slice_of(at + 0x50, 64);
    report->measurement = zc_slice_of(at + 0x90, 48);
    report->host_data = zc_slice_of(at + 0xc0, 32);
    report->id_key_digest = zc_slice_of(at + 0xe0, 48);
    report->author_key_digest = zc_slice_of(at + 0x110, 48);
    report->report_id = zc_slice_of(at + 0x140, 32);
    memcpy(report->reported_tcb, at + 0x180, 8);
    report->has_model = report->version >= 3;
    report->family = at[0x188];
    report->model = at[0x189];
    report->stepping = at[0x18a];
    report->chip_id = zc_slice_of(at + 0x1a0, 64);
    report->current_build = at[0x1e8];
    report->current_minor = at[0x1e9];
    report->current_major = at[0x1ea];
    report->signed_bytes = zc_slice_of(at, ZC_SNP_SIGNED_SIZE);
}

zc_result zc_snp_parse(zc_slice bytes, zc_snp_report *ret_report)
{
    zc_snp_report report = {0};
    if (bytes.len != ZC_SNP_REPORT_SIZE) {
        return zc_fail(ZC_EVIDENCE_BAD_REPORT);
    }
    report.version = (uint32_t)le(bytes.data, 4);
    if (report.version < 2 || report.version > 5 || le(bytes.data + 0x34, 4) != 1) {
        return zc_fail(ZC_EVIDENCE_UNSUPPORTED);
    }
    unsigned signer = bytes.data[0x48] >> 2 & 7;
    if (signer > ZC_SNP_VLEK) {
        return zc_fail(ZC_EVIDENCE_UNSUPPORTED); /* 7: not signed at all */
    }
    report.signer = (zc_snp_signer)signer;
    read_fields(bytes.data, &report);
    ZC_TRY(read_signature(
        zc_slice_of(bytes.data + ZC_SNP_SIGNED_SIZE, ZC_SNP_REPORT_SIZE - ZC_SNP_SIGNED_SIZE),
        &report));
    *ret_report = report;
    return ZC_OK;
}
