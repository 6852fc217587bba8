/* Any file: it is an image or it is refused. What is taken and built again from its parts gives the
 * same measurements, and its own bytes where the order is ours. The checksum is mended first, or
 * nothing would get past it. */
#include "eif/measure.h"
#include "eif/metadata.h"
#include "eif/signature.h"
#include "fuzz.h"

#define CRC_AT 544

static void mend(uint8_t *file, size_t len)
{
    uint32_t crc = zc_crc32(0, zc_slice_of(file, CRC_AT));
    crc = zc_crc32(crc, zc_slice_of(file + ZC_EIF_HEADER_SIZE, len - ZC_EIF_HEADER_SIZE));
    for (int i = 0; i < 4; i++) {
        file[CRC_AT + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
}

static void check(const zc_eif *eif)
{
    zc_eif_pcrs pcrs;
    zc_eif_pcrs again;
    zc_eif_signer signer;
    zc_bytes file = {0};
    zc_eif rebuilt;
    zc_eif_measure(eif, &pcrs);
    const zc_eif_parts parts = {.arm64 = eif->arm64,
                                .memory = eif->memory,
                                .cpus = eif->cpus,
                                .kernel = eif->kernel,
                                .cmdline = eif->cmdline,
                                .metadata = eif->metadata,
                                .ramdisk = eif->ramdisk,
                                .ramdisks = eif->ramdisks,
                                .signature = eif->signature};
    if (eif->cmdline.len <= ZC_EIF_CMDLINE_MAX) {
        FUZZ_CHECK(zc_ok(zc_eif_build(&parts, &file)));
        FUZZ_CHECK(zc_ok(zc_eif_parse(zc_bytes_slice(&file), &rebuilt)));
        zc_eif_measure(&rebuilt, &again);
        FUZZ_CHECK(memcmp(&pcrs, &again, sizeof pcrs) == 0);
    }
    fuzz_any(zc_eif_metadata_check(eif->metadata));
    fuzz_any(zc_eif_verify(eif->signature, pcrs.pcr0, &signer));
    zc_bytes_clear(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t file[FUZZ_BUFFER];
    zc_eif eif;
    if (size > sizeof file) {
        return 0;
    }
    memcpy(file, data, size);
    if (size >= ZC_EIF_HEADER_SIZE) {
        mend(file, size);
    }
    if (zc_ok(zc_eif_parse(zc_slice_of(file, size), &eif))) {
        check(&eif);
    }
    return 0;
}
