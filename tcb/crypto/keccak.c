#include "crypto/hash.h"

#include <endian.h>

#include "crypto/keccak_rounds.h"

/* The sponge (FIPS 202 §4) with the padding of the original submission. */

enum { RATE = 136, LANES = ZC_KECCAK_LANES };

static void absorb(uint64_t lane[static LANES], const uint8_t block[static RATE],
                   zc_keccak_permutation *permute)
{
    for (size_t i = 0; i < RATE / sizeof *lane; i++) {
        uint64_t word;
        memcpy(&word, block + i * sizeof word, sizeof word);
        lane[i] ^= le64toh(word);
    }
    permute(lane);
}

void zc_keccak256(zc_slice data, uint8_t ret_hash[static 32])
{
    zc_keccak_permutation *permute = zc_keccak_fastest();
    uint64_t lane[LANES] = {0};
    while (data.len >= RATE) {
        absorb(lane, data.data, permute);
        data = zc_slice_of(data.data + RATE, data.len - RATE);
    }
    uint8_t last[RATE] = {0};
    if (data.len > 0) {
        memcpy(last, data.data, data.len);
    }
    last[data.len] ^= 0x01;
    last[RATE - 1] ^= 0x80;
    absorb(lane, last, permute);
    for (size_t i = 0; i < 4; i++) {
        uint64_t word = htole64(lane[i]);
        memcpy(ret_hash + i * sizeof word, &word, sizeof word);
    }
}
