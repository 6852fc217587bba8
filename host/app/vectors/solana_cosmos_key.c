/* Keys of wallets: mnemonics, SLIP-10 and BIP-32. The product makes its keys itself; these are here
 * only because vectors name theirs so. */
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "crypto/hmac.h"
#include "solana_cosmos.h"

#define ROUNDS 2048
#define HARDENED UINT32_C(0x80000000)

typedef struct node {
    uint8_t key[32];
    uint8_t chain[32];
} node;

static void split(const uint8_t tag[static 64], node *ret_node)
{
    memcpy(ret_node->key, tag, 32);
    memcpy(ret_node->chain, tag + 32, 32);
}

/* PBKDF2-HMAC-SHA-512, one block. */
static void seed_of(const char *mnemonic, const char *passphrase, uint8_t ret_seed[static 64])
{
    uint8_t salt[256];
    uint8_t tag[64];
    const size_t len = strlen(mnemonic);
    zc_writer writer = ZC_WRITER_OF_ARRAY(salt);
    memset(ret_seed, 0, 64);
    if (!zc_ok(zc_write_text(&writer, "mnemonic")) || !zc_ok(zc_write_text(&writer, passphrase)) ||
        !zc_ok(zc_write_u32(&writer, 1))) {
        return;
    }
    zc_hmac_sha512_once((const uint8_t *)mnemonic, len, zc_writer_written(&writer), tag);
    memcpy(ret_seed, tag, 64);
    for (unsigned i = 1; i < ROUNDS; i++) {
        zc_hmac_sha512_once((const uint8_t *)mnemonic, len, ZC_SLICE_OF_ARRAY(tag), tag);
        for (size_t j = 0; j < 64; j++) {
            ret_seed[j] ^= tag[j];
        }
    }
}

/* (a + b) mod the order of secp256k1. */
static void add_scalars(uint8_t key[static 32], const uint8_t tweak[static 32])
{
    static const uint8_t order_bytes[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
                                            0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b,
                                            0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
    zc_u256 a;
    zc_u256 b;
    zc_u256 order;
    zc_u256 room;
    zc_u256 sum;
    if (!zc_ok(zc_u256_from_be(zc_slice_of(key, 32), &a)) ||
        !zc_ok(zc_u256_from_be(zc_slice_of(tweak, 32), &b)) ||
        !zc_ok(zc_u256_from_be(ZC_SLICE_OF_ARRAY(order_bytes), &order)) ||
        !zc_ok(zc_u256_sub(&order, &b, &room))) {
        return;
    }
    if (zc_ok(zc_u256_cmp(&a, &room) >= 0 ? zc_u256_sub(&a, &room, &sum)
                                          : zc_u256_add(&a, &b, &sum))) {
        zc_u256_to_be(&sum, key);
    }
}

/* Hardened: 0 ‖ key ‖ number. Else (secp256k1 alone): public key ‖ number. */
static bool derive(zc_curve curve, node *self, uint32_t number)
{
    uint8_t data[37] = {0};
    uint8_t tag[64];
    memcpy(data + 1, self->key, 32);
    if (number < HARDENED) {
        zc_signer signer = {0};
        zc_secret32 secret;
        memcpy(secret.byte, self->key, 32);
        if (curve != ZC_CURVE_SECP256K1 || !zc_ok(zc_signer_init(&signer, curve, &secret))) {
            return false;
        }
        const bool is_point = zc_ok(zc_pubkey_compress(&signer.pubkey, data));
        zc_signer_clear(&signer);
        if (!is_point) {
            return false;
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        data[33 + i] = (uint8_t)(number >> (24 - 8 * i));
    }
    zc_hmac_sha512_once(self->chain, 32, ZC_SLICE_OF_ARRAY(data), tag);
    if (curve == ZC_CURVE_SECP256K1) {
        add_scalars(self->key, tag);
        memcpy(self->chain, tag + 32, 32);
    } else {
        split(tag, self);
    }
    return true;
}

/* "m/44'/501'/0'" */
static bool derive_path(zc_curve curve, const char *path, node *self)
{
    if (*path++ != 'm') {
        return false;
    }
    while (*path != '\0') {
        char *end;
        if (*path != '/') {
            return false;
        }
        const unsigned long number = strtoul(path + 1, &end, 10);
        const bool hardened = *end == '\'' || *end == 'h';
        if (end == path + 1 || number >= HARDENED ||
            !derive(curve, self, (uint32_t)number | (hardened ? HARDENED : 0))) {
            return false;
        }
        path = end + (hardened ? 1 : 0);
    }
    return true;
}

bool zc_mnemonic_signer(zc_report *report, zc_curve curve, const char *mnemonic,
                        const char *passphrase, const char *path, zc_signer *signer)
{
    uint8_t seed[64];
    uint8_t tag[64];
    node at;
    zc_secret32 secret;
    const char *name = curve == ZC_CURVE_ED25519 ? "ed25519 seed" : "Bitcoin seed";
    seed_of(mnemonic, passphrase, seed);
    zc_hmac_sha512_once((const uint8_t *)name, strlen(name), ZC_SLICE_OF_ARRAY(seed), tag);
    split(tag, &at);
    if (!derive_path(curve, path, &at)) {
        zc_report_problem(report, "the case is malformed: no path is '%s'", path);
        return false;
    }
    memcpy(secret.byte, at.key, 32);
    return zc_report_ok(report, "making the signer", zc_signer_init(signer, curve, &secret));
}
