#include "crypto/keccak_rounds.h"

#include <endian.h>
#include <string.h>

enum { LANES = ZC_KECCAK_LANES };

const uint64_t zc_keccak_round_constant[ZC_KECCAK_ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static inline __attribute__((always_inline)) uint64_t turn_left(uint64_t lane, unsigned by)
{
    return by == 0 ? lane : lane << by | lane >> (64 - by);
}

/* The mix that θ adds to each column. */
static inline __attribute__((always_inline)) void theta(const uint64_t from[static LANES],
                                                        uint64_t ret_mix[static 5])
{
    const uint64_t c0 = from[0] ^ from[5] ^ from[10] ^ from[15] ^ from[20];
    const uint64_t c1 = from[1] ^ from[6] ^ from[11] ^ from[16] ^ from[21];
    const uint64_t c2 = from[2] ^ from[7] ^ from[12] ^ from[17] ^ from[22];
    const uint64_t c3 = from[3] ^ from[8] ^ from[13] ^ from[18] ^ from[23];
    const uint64_t c4 = from[4] ^ from[9] ^ from[14] ^ from[19] ^ from[24];
    ret_mix[0] = c4 ^ turn_left(c1, 1);
    ret_mix[1] = c0 ^ turn_left(c2, 1);
    ret_mix[2] = c1 ^ turn_left(c3, 1);
    ret_mix[3] = c2 ^ turn_left(c4, 1);
    ret_mix[4] = c3 ^ turn_left(c0, 1);
}

/* One row y of the state after a round: for each of its lanes, the one that π fetches and how far ρ
 * turns it; then χ along the row. With every number a constant and the result in a second state,
 * nothing is carried from row to row, and the five lanes stay in registers. */
#define ROW(y, from0, by0, from1, by1, from2, by2, from3, by3, from4, by4)                         \
    do {                                                                                           \
        const uint64_t row0 = turn_left(from[from0] ^ mix[(from0) % 5], by0);                      \
        const uint64_t row1 = turn_left(from[from1] ^ mix[(from1) % 5], by1);                      \
        const uint64_t row2 = turn_left(from[from2] ^ mix[(from2) % 5], by2);                      \
        const uint64_t row3 = turn_left(from[from3] ^ mix[(from3) % 5], by3);                      \
        const uint64_t row4 = turn_left(from[from4] ^ mix[(from4) % 5], by4);                      \
        to[5 * (y) + 0] = row0 ^ (~row1 & row2);                                                   \
        to[5 * (y) + 1] = row1 ^ (~row2 & row3);                                                   \
        to[5 * (y) + 2] = row2 ^ (~row3 & row4);                                                   \
        to[5 * (y) + 3] = row3 ^ (~row4 & row0);                                                   \
        to[5 * (y) + 4] = row4 ^ (~row0 & row1);                                                   \
    } while (0)

static inline __attribute__((always_inline)) void
round_of(const uint64_t from[restrict static LANES], uint64_t to[restrict static LANES],
         uint64_t constant)
{
    uint64_t mix[5];
    theta(from, mix);
    ROW(0, 0, 0, 6, 44, 12, 43, 18, 21, 24, 14);
    ROW(1, 3, 28, 9, 20, 10, 3, 16, 45, 22, 61);
    ROW(2, 1, 1, 7, 6, 13, 25, 19, 8, 20, 18);
    ROW(3, 4, 27, 5, 36, 11, 10, 17, 15, 23, 56);
    ROW(4, 2, 62, 8, 55, 14, 39, 15, 41, 21, 2);
    to[0] ^= constant;
}

static inline __attribute__((always_inline)) void absorb(uint64_t lane[static LANES],
                                                         const uint8_t *blocks, size_t count)
{
    uint64_t other[LANES];
    for (; count > 0; count--, blocks += ZC_KECCAK_RATE) {
        for (size_t i = 0; i < ZC_KECCAK_RATE_LANES; i++) {
            uint64_t word;
            memcpy(&word, blocks + i * sizeof word, sizeof word);
            lane[i] ^= le64toh(word);
        }
        for (size_t round = 0; round < ZC_KECCAK_ROUNDS; round += 2) {
            round_of(lane, other, zc_keccak_round_constant[round]);
            round_of(other, lane, zc_keccak_round_constant[round + 1]);
        }
    }
}

void zc_keccak_absorb_plain(uint64_t lane[static LANES], const uint8_t *blocks, size_t count)
{
    absorb(lane, blocks, count);
}

#if defined(__x86_64__)
/* The same with the instructions that turn without overwriting and that negate one side of an AND:
 * it takes two thirds of the time. */
__attribute__((target("bmi,bmi2"))) void zc_keccak_absorb_bmi(uint64_t lane[static LANES],
                                                              const uint8_t *blocks, size_t count)
{
    absorb(lane, blocks, count);
}

zc_keccak_absorber *zc_keccak_fastest(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) {
        return zc_keccak_absorb_avx512;
    }
    return __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") ? zc_keccak_absorb_bmi
                                                                           : zc_keccak_absorb_plain;
}
#else
zc_keccak_absorber *zc_keccak_fastest(void)
{
    return zc_keccak_absorb_plain;
}
#endif
