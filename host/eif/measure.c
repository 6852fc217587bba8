#include "eif/measure.h"

#include "attest/measure.h"
#include "crypto/hash.h"

/* SHA384(0^48 ‖ digest): the register, once extended. */
static void extend_zero(const uint8_t digest[static 48], uint8_t ret_pcr[static 48])
{
    uint8_t pcr[48] = {0};
    zc_pcr_extend(pcr, zc_slice_of(digest, 48));
    memcpy(ret_pcr, pcr, sizeof pcr);
}

static void finish(zc_sha384_ctx *ctx, uint8_t ret_pcr[static 48])
{
    uint8_t digest[48];
    zc_sha384_final(ctx, digest);
    extend_zero(digest, ret_pcr);
}

void zc_eif_measure(const zc_eif *eif, zc_eif_pcrs *ret_pcrs)
{
    zc_sha384_ctx all;
    zc_sha384_ctx rest;
    zc_sha384_init(&all);
    zc_sha384_init(&rest);
    zc_sha384_update(&all, eif->kernel);
    zc_sha384_update(&all, eif->cmdline);
    zc_sha384_update(&all, eif->ramdisk[0]);
    zc_sha384_ctx first = all;
    for (size_t i = 1; i < eif->ramdisks; i++) {
        zc_sha384_update(&all, eif->ramdisk[i]);
        zc_sha384_update(&rest, eif->ramdisk[i]);
    }
    finish(&all, ret_pcrs->pcr0);
    finish(&first, ret_pcrs->pcr1);
    finish(&rest, ret_pcrs->pcr2);
}

void zc_eif_measure_certificate(zc_slice certificate_der, uint8_t ret_pcr[static ZC_EIF_PCR_SIZE])
{
    zc_measure_pcr(certificate_der, ret_pcr);
}

void zc_eif_measure_text(zc_slice text, uint8_t ret_pcr[static ZC_EIF_PCR_SIZE])
{
    uint8_t pcr[ZC_EIF_PCR_SIZE] = {0};
    zc_pcr_extend(pcr, text);
    memcpy(ret_pcr, pcr, sizeof pcr);
}
