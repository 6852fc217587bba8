#include "attest/measure.h"

#include "crypto/hash.h"

void zc_pcr_extend(uint8_t pcr[static 48], zc_slice data)
{
    zc_sha384_ctx hash;
    zc_sha384_init(&hash);
    zc_sha384_update(&hash, zc_slice_of(pcr, 48));
    zc_sha384_update(&hash, data);
    zc_sha384_final(&hash, pcr);
}

void zc_measure_pcr(zc_slice data, uint8_t ret_pcr[static 48])
{
    uint8_t digest[48];
    zc_sha384(data, digest);
    memset(ret_pcr, 0, 48);
    zc_pcr_extend(ret_pcr, ZC_SLICE_OF_ARRAY(digest));
}

void zc_measure_mission(const uint8_t mission_hash[static 32], uint8_t ret_pcr[static 48])
{
    memset(ret_pcr, 0, 48);
    zc_pcr_extend(ret_pcr, zc_slice_of(mission_hash, 32));
}
