/* The kinds of key beside the three curves: Schnorr and taproot, API secrets, RSA. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/ct.h"
#include "crypto/mac.h"
#include "crypto/rsa.h"
#include "crypto/schnorr.h"
#include "crypto/setup.h"

static const uint8_t digest[32] = {1, 2, 3};

static bool schnorr(void)
{
    zc_signer signer;
    zc_signature signature;
    uint8_t aux[32] = {4}, output[32], parity;
    zc_secret32 key = {{[0 ... 31] = 0x5a}};
    zc_ct_secret(key.byte, sizeof key.byte);
    zc_ct_secret(aux, sizeof aux);
    bool right = zc_ok(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key)) &&
                 zc_ok(zc_schnorr_sign(&signer, aux, ZC_SLICE_OF_ARRAY(digest), ZC_SCHNORR_PLAIN,
                                       NULL, &signature)) &&
                 zc_ok(zc_schnorr_sign(&signer, aux, ZC_SLICE_OF_ARRAY(digest), ZC_SCHNORR_TAPROOT,
                                       digest, &signature)) &&
                 zc_ok(zc_taproot_output_key(&signer.pubkey, digest, output, &parity)) &&
                 zc_ok(zc_schnorr_verify(output, ZC_SLICE_OF_ARRAY(digest), signature.byte));
    zc_signer_clear(&signer);
    return right;
}

static bool macs(void)
{
    zc_mac_secret secret = {.byte = {1, 2, 3}};
    uint8_t tag[ZC_MAC_MAX_TAG], identity[32];
    size_t len;
    bool right = true;
    zc_ct_secret(secret.byte, sizeof secret.byte);
    for (uint16_t size = 1; size <= ZC_MAC_MAX_SECRET; size = (uint16_t)(size + 51)) {
        secret.len = size;
        for (unsigned kind = ZC_KEY_KIND_HMAC_SHA256; kind <= ZC_KEY_KIND_HMAC_SHA512; kind++) {
            zc_mac_key key;
            right = right && zc_ok(zc_mac_key_init(&key, (zc_key_kind)kind, &secret)) &&
                    zc_ok(zc_mac_sign(&key, ZC_SLICE_OF_ARRAY(digest), tag, &len));
            zc_mac_key_clear(&key);
        }
        right = right && zc_ok(zc_mac_identity(&secret, identity));
    }
    return right;
}

/* Marks a number's words. OpenSSL says nothing about the inside of a BIGNUM, but its first member
 * has been the pointer to them in every version. */
static void number_is_secret(const BIGNUM *number)
{
    const void *words;
    memcpy(&words, number, sizeof words);
    zc_ct_secret(words, (size_t)BN_num_bytes(number));
}

static bool import(zc_rsa_key *ret_key)
{
    zc_rsa_secret secret = {0};
    EVP_PKEY *made = EVP_RSA_gen(2048);
    PKCS8_PRIV_KEY_INFO *info = made == NULL ? NULL : EVP_PKEY2PKCS8(made);
    uint8_t *der = NULL;
    int len = info == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    if (len > 0 && len <= ZC_RSA_MAX_SECRET) {
        memcpy(secret.byte, der, (size_t)len);
        secret.len = (uint16_t)len;
    }
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(made);
    return zc_ok(zc_rsa_key_init(ret_key, &secret));
}

static bool rsa(void)
{
    zc_rsa_key key;
    uint8_t sig[ZC_RSA_MAX_SIGNATURE], salt[32] = {7};
    size_t len;
    if (!import(&key)) {
        return false;
    }
    number_is_secret(RSA_get0_d(key.private_key));
    number_is_secret(RSA_get0_p(key.private_key));
    number_is_secret(RSA_get0_q(key.private_key));
    number_is_secret(RSA_get0_dmp1(key.private_key));
    number_is_secret(RSA_get0_dmq1(key.private_key));
    number_is_secret(RSA_get0_iqmp(key.private_key));
    bool right =
        zc_ok(zc_rsa_sign(&key, ZC_RSA_PKCS1_SHA256, salt, ZC_SLICE_OF_ARRAY(digest), sig, &len)) &&
        zc_ok(zc_rsa_sign(&key, ZC_RSA_PSS_SHA256, salt, ZC_SLICE_OF_ARRAY(digest), sig, &len));
    zc_rsa_key_clear(&key);
    return right;
}

int main(void)
{
    static const uint8_t seed[32] = {8};
    return zc_ok(zc_crypto_setup(seed)) && schnorr() && macs() && rsa() ? 0 : 1;
}
