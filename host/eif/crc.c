#include "eif/eif.h"

#define POLYNOMIAL 0xEDB88320u

/* table[k][b]: the CRC of byte b followed by k zero bytes; eight at a time. */
static uint32_t table[8][256];

__attribute__((constructor)) static void make_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
        }
        table[0][byte] = crc;
    }
    for (int k = 1; k < 8; k++) {
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = table[k - 1][byte];
            table[k][byte] = (before >> 8) ^ table[0][before & 0xff];
        }
    }
}

static uint32_t eight(uint32_t crc, const uint8_t *at)
{
    crc ^= (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    return table[7][crc & 0xff] ^ table[6][crc >> 8 & 0xff] ^ table[5][crc >> 16 & 0xff] ^
           table[4][crc >> 24] ^ table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^
           table[0][at[7]];
}

uint32_t zc_crc32(uint32_t crc, zc_slice data)
{
    const uint8_t *at = data.data;
    size_t left = data.len;
    crc = ~crc;
    for (; left >= 8; left -= 8, at += 8) {
        crc = eight(crc, at);
    }
    for (; left > 0; left--, at++) {
        crc = (crc >> 8) ^ table[0][(crc ^ *at) & 0xff];
    }
    return ~crc;
}
