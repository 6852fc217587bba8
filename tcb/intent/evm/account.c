#include "intent/decode.h"

#include "codec/rlp.h"
#include "crypto/hash.h"

static void address_of_hash(zc_slice data, uint8_t ret_address[static 20])
{
    uint8_t hash[32];
    zc_keccak256(data, hash);
    memcpy(ret_address, hash + 12, 20);
}

zc_result zc_evm_address(const zc_pubkey *key, uint8_t ret_address[static 20])
{
    if (key->curve != ZC_CURVE_SECP256K1 || key->len != 65) {
        return zc_fail(ZC_INTENT_CURVE);
    }
    address_of_hash(zc_slice_of(key->byte + 1, 64), ret_address);
    return ZC_OK;
}

/* EIP-55: a letter is upper case where the hash of the lower-case digits has a nibble of 8 or more.
 */
void zc_evm_address_text(const uint8_t address[static 20],
                         char ret_text[static ZC_EVM_ADDRESS_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t hash[32];
    char *text = ret_text + 2;
    ret_text[0] = '0';
    ret_text[1] = 'x';
    for (size_t i = 0; i < 40; i++) {
        text[i] = digits[address[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    }
    text[40] = '\0';
    zc_keccak256(zc_slice_of(text, 40), hash);
    for (size_t i = 0; i < 40; i++) {
        bool upper = (hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 8) != 0;
        if (upper && text[i] >= 'a') {
            text[i] = (char)(text[i] - 'a' + 'A');
        }
    }
}

void zc_evm_create_address(const uint8_t account[static 20], uint64_t nonce,
                           uint8_t ret_address[static 20])
{
    /* 21 bytes of address, at most 9 of nonce, so a list of one head byte. */
    uint8_t encoded[31] = {0};
    zc_writer writer = zc_writer_of(encoded + 1, sizeof(encoded) - 1);
    zc_result result = zc_rlp_put_string(&writer, zc_slice_of(account, 20));
    if (zc_ok(result)) {
        result = zc_rlp_put_u64(&writer, nonce);
    }
    (void)result; /* it always fits */
    encoded[0] = (uint8_t)(0xc0 + zc_writer_len(&writer));
    address_of_hash(zc_slice_of(encoded, 1 + zc_writer_len(&writer)), ret_address);
}
