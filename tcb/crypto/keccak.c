#include "crypto/hash.h"

#include <endian.h>

#include "crypto/keccak_rounds.h"

/* The sponge (FIPS 202 §4) with the padding of the original submission. */

enum { RATE = ZC_KECCAK_RATE };

void zc_keccak256(zc_slice data, uint8_t ret_hash[static 32])
{
    zc_keccak_absorber *absorb = zc_keccak_fastest();
    uint64_t lane[ZC_KECCAK_LANES] = {0};
    uint8_t last[RATE] = {0};
    const size_t whole = data.len / RATE;
    const size_t rest = data.len % RATE;
    if (whole > 0) {
        absorb(lane, data.data, whole);
    }
    if (rest > 0) {
        memcpy(last, data.data + whole * RATE, rest);
    }
    last[rest] ^= 0x01;
    last[RATE - 1] ^= 0x80;
    absorb(lane, last, 1);
    for (size_t i = 0; i < 4; i++) {
        uint64_t word = htole64(lane[i]);
        memcpy(ret_hash + i * sizeof word, &word, sizeof word);
    }
}
