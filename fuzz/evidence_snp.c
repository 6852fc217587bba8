/* A report that parses has one form: every byte of it is a field, signed, or a required zero. */
#include "evidence/snp_parse.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_snp_report report;
    zc_slice input = zc_slice_of(data, size);
    if (!zc_ok(zc_snp_parse(input, &report))) {
        return 0;
    }
    FUZZ_CHECK(size == ZC_SNP_REPORT_SIZE && report.signed_bytes.data == data);
    FUZZ_CHECK(report.signed_bytes.len == ZC_SNP_SIGNED_SIZE);
    /* The signature's numbers, written back as they stand. */
    uint8_t tail[ZC_SNP_REPORT_SIZE - ZC_SNP_SIGNED_SIZE] = {0};
    for (size_t i = 0; i < 48; i++) {
        tail[i] = report.signature[47 - i];
        tail[72 + i] = report.signature[95 - i];
    }
    FUZZ_CHECK(memcmp(tail, data + ZC_SNP_SIGNED_SIZE, sizeof tail) == 0);
    FUZZ_CHECK(report.measurement.data >= data && report.chip_id.data + 64 <= data + size);
    return 0;
}
