#include "crypto/hash.h"

/* Keccak-f[1600] and its sponge, after the Keccak reference (FIPS 202 §3 with the padding of the
 * original submission). Lanes are little-endian and numbered x + 5y. */

enum { RATE = 136, LANES = 25, ROUNDS = 24 };

static const uint64_t round_constant[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* ρ and π as one walk over the 24 lanes that move: where each goes, and by how much it turns. */
static const uint8_t walk_lane[LANES - 1] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                             15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
static const uint8_t walk_turn[LANES - 1] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                             27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

static inline uint64_t turn_left(uint64_t lane, unsigned by)
{
    return lane << by | lane >> (64 - by);
}

static void theta(uint64_t lane[static LANES])
{
    uint64_t column[5];
    for (size_t x = 0; x < 5; x++) {
        column[x] = lane[x] ^ lane[x + 5] ^ lane[x + 10] ^ lane[x + 15] ^ lane[x + 20];
    }
    for (size_t x = 0; x < 5; x++) {
        uint64_t mix = column[(x + 4) % 5] ^ turn_left(column[(x + 1) % 5], 1);
        for (size_t y = 0; y < LANES; y += 5) {
            lane[x + y] ^= mix;
        }
    }
}

static void rho_pi(uint64_t lane[static LANES])
{
    uint64_t carried = lane[1];
    for (size_t i = 0; i < LANES - 1; i++) {
        uint64_t displaced = lane[walk_lane[i]];
        lane[walk_lane[i]] = turn_left(carried, walk_turn[i]);
        carried = displaced;
    }
}

static void chi(uint64_t lane[static LANES])
{
    for (size_t y = 0; y < LANES; y += 5) {
        uint64_t row[5];
        memcpy(row, lane + y, sizeof row);
        for (size_t x = 0; x < 5; x++) {
            lane[x + y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
    }
}

static void permute(uint64_t lane[static LANES])
{
    for (size_t round = 0; round < ROUNDS; round++) {
        theta(lane);
        rho_pi(lane);
        chi(lane);
        lane[0] ^= round_constant[round];
    }
}

static void absorb(uint64_t lane[static LANES], const uint8_t block[static RATE])
{
    for (size_t i = 0; i < RATE; i++) {
        lane[i / 8] ^= (uint64_t)block[i] << (8 * (i % 8));
    }
    permute(lane);
}

void zc_keccak256(zc_slice data, uint8_t ret_hash[static 32])
{
    uint64_t lane[LANES] = {0};
    while (data.len >= RATE) {
        absorb(lane, data.data);
        data = zc_slice_of(data.data + RATE, data.len - RATE);
    }
    uint8_t last[RATE] = {0};
    if (data.len > 0) {
        memcpy(last, data.data, data.len);
    }
    last[data.len] ^= 0x01;
    last[RATE - 1] ^= 0x80;
    absorb(lane, last);
    for (size_t i = 0; i < 32; i++) {
        ret_hash[i] = (uint8_t)(lane[i / 8] >> (8 * (i % 8)));
    }
}
