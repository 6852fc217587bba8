#include "api/ethereum/personal.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "support/bytes.h"

#define LENGTH_DIGITS 6

static const char prefix[] = "\x19"
                             "Ethereum Signed Message:\n";
#define PREFIX_LEN (sizeof prefix - 1)

bool zc_personal_hash(zc_slice text, uint8_t ret_hash[static 32])
{
    char length[24];
    ZC_BYTES zc_bytes whole = {0};
    int digits = snprintf(length, sizeof length, "%zu", text.len);
    bool made = digits > 0 && zc_bytes_append(&whole, zc_slice_of(prefix, PREFIX_LEN)) &&
                zc_bytes_append(&whole, zc_slice_of(length, (size_t)digits)) &&
                zc_bytes_append(&whole, text);
    if (made) {
        zc_keccak256(zc_bytes_slice(&whole), ret_hash);
    }
    return made;
}

/* Of the readings of "<digits><text>" at most one has the right length. */
bool zc_personal_text(zc_slice data, zc_slice *ret_text)
{
    if (data.len <= PREFIX_LEN || memcmp(data.data, prefix, PREFIX_LEN) != 0) {
        return false;
    }
    size_t len = 0;
    for (size_t at = PREFIX_LEN; at < data.len && at < PREFIX_LEN + LENGTH_DIGITS; at++) {
        uint8_t digit = data.data[at];
        bool leading_zero = at > PREFIX_LEN && len == 0;
        if (digit < '0' || digit > '9' || leading_zero) {
            return false;
        }
        len = len * 10 + (size_t)(digit - '0');
        if (len == data.len - at - 1) {
            *ret_text = zc_slice_of(data.data + at + 1, len);
            return true;
        }
    }
    return false;
}
