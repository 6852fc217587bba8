#include "key_origin.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "intent/bitcoin/base58check.h"

/* BIP-32: version, depth, parent, number, chain code, key. */
enum { EXTENDED_SIZE = 78, DEPTH_AT = 4, CHAIN_CODE_AT = 13, KEY_AT = 45, FINGERPRINT_DIGITS = 8 };

/* "/84h", "/84'" or "/84"; moves on behind it. */
static bool take_number(const char **at, bool may_be_hardened, uint32_t *ret_number)
{
    if ((*at)[0] != '/' || !isdigit((unsigned char)(*at)[1])) {
        return false;
    }
    char *end;
    unsigned long long number = strtoull(*at + 1, &end, 10);
    if (number >= ZC_BIP32_HARDENED) {
        return false;
    }
    *ret_number = (uint32_t)number;
    if (may_be_hardened && (*end == 'h' || *end == '\'')) {
        *ret_number |= ZC_BIP32_HARDENED;
        end++;
    }
    *at = end;
    return true;
}

/* "[d34db33f/84h/0h/0h]" */
static bool take_origin(const char **at, zc_bitcoin_branch *branch)
{
    if (**at != '[' || strlen(*at) <= FINGERPRINT_DIGITS ||
        !zc_ok(zc_hex_decode(zc_slice_of(*at + 1, FINGERPRINT_DIGITS), branch->master,
                             sizeof branch->master))) {
        return false;
    }
    *at += 1 + FINGERPRINT_DIGITS;
    while (**at == '/') {
        if (branch->path_len == ZC_BITCOIN_MAX_PATH ||
            !take_number(at, true, &branch->path[branch->path_len])) {
            return false;
        }
        branch->path_len++;
    }
    return *(*at)++ == ']';
}

/* xpub and tpub, and what SLIP-132 writes for other scripts: the letters say no more than the
 * output's script does. */
static bool is_public_version(const uint8_t *bytes)
{
    static const uint8_t versions[][4] = {{0x04, 0x88, 0xb2, 0x1e}, {0x04, 0x35, 0x87, 0xcf},
                                          {0x04, 0x9d, 0x7c, 0xb2}, {0x04, 0x4a, 0x52, 0x62},
                                          {0x04, 0xb2, 0x47, 0x46}, {0x04, 0x5f, 0x1c, 0xf6}};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (memcmp(bytes, versions[i], sizeof *versions) == 0) {
            return true;
        }
    }
    return false;
}

/* The extended key up to the next '/'; as deep as the path says. */
static bool take_extended(const char **at, zc_bitcoin_branch *branch)
{
    uint8_t bytes[ZC_BASE58CHECK_MAX];
    size_t count;
    size_t len = strcspn(*at, "/");
    if (!zc_ok(zc_base58check_read(zc_slice_of(*at, len), bytes, sizeof bytes, &count)) ||
        count != EXTENDED_SIZE || !is_public_version(bytes) ||
        bytes[DEPTH_AT] != branch->path_len) {
        return false;
    }
    memcpy(branch->key.chain_code, bytes + CHAIN_CODE_AT, sizeof branch->key.chain_code);
    memcpy(branch->key.key, bytes + KEY_AT, sizeof branch->key.key);
    *at += len;
    return true;
}

static bool derive(const zc_bitcoin_branch *branch, zc_pubkey *ret_key)
{
    zc_bip32_public child = branch->key;
    for (size_t i = 0; i < ZC_BITCOIN_STEPS; i++) {
        if (!zc_ok(zc_bip32_derive_public(&child, branch->steps[i], &child))) {
            return false;
        }
    }
    return zc_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(child.key), ret_key));
}

bool zc_key_origin_read(const char *text, zc_bitcoin_branch *ret_branch, zc_pubkey *ret_key)
{
    zc_bitcoin_branch branch = {0};
    zc_pubkey key;
    if (!take_origin(&text, &branch) || !take_extended(&text, &branch) ||
        !take_number(&text, false, &branch.steps[0]) ||
        !take_number(&text, false, &branch.steps[1]) || *text != '\0' || !derive(&branch, &key)) {
        return false;
    }
    *ret_branch = branch;
    *ret_key = key;
    return true;
}
