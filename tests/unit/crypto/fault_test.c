/* Faults put into deterministic signing, one at a time: in the stored key, and in each result of a
 * library call. This program's own definitions of those calls come before the libraries'. */
#include "cmocka_zc.h"

#include <dlfcn.h>
#include <stdbool.h>

#include <openssl/ec.h>
#include <openssl/sha.h>
#include <secp256k1_recovery.h>
#include <sodium.h>

#include "crypto/recheck.h"
#include "crypto/signer.h"
#include "crypto/verify.h"

/* Which call from now gives a wrong result; 0 is none. */
typedef struct fault {
    unsigned in;
    unsigned calls;
} fault;

static fault point_fault, hash_fault, hash512_fault, secp256k1_fault, ed25519_fault, base_fault;

static bool strikes(fault *at)
{
    at->calls++;
    return at->calls == at->in;
}

static void arm(fault *at, unsigned in)
{
    *at = (fault){.in = in};
}

/* A call to the library's own function of this name. ISO C has no cast from void * to a function.
 */
#define REAL(name, ret_call)                                                                       \
    do {                                                                                           \
        void *found_ = dlsym(RTLD_NEXT, #name);                                                    \
        assert_non_null(found_);                                                                   \
        memcpy(&(ret_call), &found_, sizeof found_);                                               \
    } while (0)

int EC_POINT_mul(const EC_GROUP *group, EC_POINT *r, const BIGNUM *n, const EC_POINT *q,
                 const BIGNUM *m, BN_CTX *ctx)
{
    int (*real)(const EC_GROUP *, EC_POINT *, const BIGNUM *, const EC_POINT *, const BIGNUM *,
                BN_CTX *);
    REAL(EC_POINT_mul, real);
    int done = real(group, r, n, q, m, ctx);
    if (strikes(&point_fault)) {
        assert_int_equal(EC_POINT_add(group, r, r, EC_GROUP_get0_generator(group), ctx), 1);
    }
    return done;
}

int SHA256_Final(unsigned char *hash, SHA256_CTX *ctx)
{
    int (*real)(unsigned char *, SHA256_CTX *);
    REAL(SHA256_Final, real);
    int done = real(hash, ctx);
    hash[31] ^= strikes(&hash_fault) ? 1 : 0;
    return done;
}

int SHA512_Final(unsigned char *hash, SHA512_CTX *ctx)
{
    int (*real)(unsigned char *, SHA512_CTX *);
    REAL(SHA512_Final, real);
    int done = real(hash, ctx);
    hash[40] ^= strikes(&hash512_fault) ? 8 : 0;
    hash[20] ^= hash512_fault.calls == hash512_fault.in ? 8 : 0;
    return done;
}

int secp256k1_ecdsa_sign_recoverable(const secp256k1_context *ctx,
                                     secp256k1_ecdsa_recoverable_signature *signature,
                                     const unsigned char *digest, const unsigned char *key,
                                     secp256k1_nonce_function nonce, const void *data)
{
    int (*real)(const secp256k1_context *, secp256k1_ecdsa_recoverable_signature *,
                const unsigned char *, const unsigned char *, secp256k1_nonce_function,
                const void *);
    REAL(secp256k1_ecdsa_sign_recoverable, real);
    int done = real(ctx, signature, digest, key, nonce, data);
    signature->data[40] ^= strikes(&secp256k1_fault) ? 2 : 0;
    return done;
}

int crypto_sign_detached(unsigned char *sig, unsigned long long *len, const unsigned char *message,
                         unsigned long long message_len, const unsigned char *key)
{
    int (*real)(unsigned char *, unsigned long long *, const unsigned char *, unsigned long long,
                const unsigned char *);
    REAL(crypto_sign_detached, real);
    int done = real(sig, len, message, message_len, key);
    sig[50] ^= strikes(&ed25519_fault) ? 4 : 0;
    return done;
}

int crypto_scalarmult_ed25519_base_noclamp(unsigned char *point, const unsigned char *scalar)
{
    int (*real)(unsigned char *, const unsigned char *);
    REAL(crypto_scalarmult_ed25519_base_noclamp, real);
    int done = real(point, scalar);
    point[3] ^= strikes(&base_fault) ? 1 : 0;
    return done;
}

static const uint8_t digest[32] = {7, 7, 7};

static zc_signer signer_of(zc_curve curve)
{
    static const zc_secret32 key = {{1, 2, 3, [31] = 9}};
    zc_signer signer;
    assert_ok(zc_signer_init(&signer, curve, &key));
    return signer;
}

static zc_result sign(const zc_signer *signer, zc_signature *ret_signature)
{
    static const uint8_t unused[32];
    return signer->pubkey.curve == ZC_CURVE_ED25519
               ? zc_sign_message_ed25519(signer, ZC_SLICE_OF_ARRAY(digest), ret_signature)
               : zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, unused, digest, ret_signature);
}

static void assert_nothing_leaves(const zc_signer *signer)
{
    zc_signature signature = {.byte = {0xab}, .recovery = 7};
    assert_fails(sign(signer, &signature), ZC_CRYPTO_FAULT);
    assert_int_equal(signature.byte[0], 0xab);
    assert_int_equal(signature.recovery, 7);
}

/* Lets each call in turn go wrong, until there are no more of them. */
static void assert_each_call_matters(zc_curve curve, fault *at, unsigned expected_calls)
{
    zc_signer signer = signer_of(curve);
    zc_signature signature;
    arm(at, 0);
    assert_ok(sign(&signer, &signature));
    const unsigned calls = at->calls;
    assert_in_range(calls, expected_calls, 100);
    for (unsigned in = 1; in <= calls; in++) {
        arm(at, in);
        assert_nothing_leaves(&signer);
    }
    arm(at, 0);
    assert_ok(sign(&signer, &signature));
}

static void sign__any_library_call_goes_wrong__nothing_leaves(void **state)
{
    (void)state;
    assert_each_call_matters(ZC_CURVE_P256, &point_fault, 2);
    assert_each_call_matters(ZC_CURVE_P256, &hash_fault, 20);
    assert_each_call_matters(ZC_CURVE_SECP256K1, &secp256k1_fault, 1);
    assert_each_call_matters(ZC_CURVE_SECP256K1, &hash_fault, 20);
    assert_each_call_matters(ZC_CURVE_ED25519, &ed25519_fault, 1);
    assert_each_call_matters(ZC_CURVE_ED25519, &base_fault, 1);
    assert_each_call_matters(ZC_CURVE_ED25519, &hash512_fault, 3);
}

static void assert_each_byte_matters(zc_signer *signer, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t bit = (uint8_t)(1U << (i % 8));
        bytes[i] ^= bit;
        assert_nothing_leaves(signer);
        bytes[i] ^= bit;
    }
}

static void sign__one_bit_of_the_stored_key_altered__nothing_leaves(void **state)
{
    (void)state;
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_ED25519; curve++) {
        zc_signer signer = signer_of(curve);
        assert_each_byte_matters(&signer, signer.private_key.byte, 32);
        assert_each_byte_matters(&signer, signer.expanded.byte,
                                 curve == ZC_CURVE_ED25519 ? 64 : 32);
    }
    zc_signer signer = signer_of(ZC_CURVE_ED25519);
    assert_each_byte_matters(&signer, signer.pubkey.byte, 32);
}

static void sign__the_same_bit_of_both_ecdsa_forms_altered__nothing_leaves(void **state)
{
    (void)state;
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_P256; curve++) {
        zc_signer signer = signer_of(curve);
        for (size_t i = 0; i < 256; i++) {
            uint8_t bit = (uint8_t)(1U << (i % 8));
            signer.private_key.byte[i / 8] ^= bit;
            signer.expanded.byte[i / 8] ^= bit;
            assert_nothing_leaves(&signer);
            signer.private_key.byte[i / 8] ^= bit;
            signer.expanded.byte[i / 8] ^= bit;
        }
    }
}

static zc_result recheck(const zc_signer *signer, const zc_signature *signature)
{
    switch (signer->pubkey.curve) {
    case ZC_CURVE_P256:
        return zc_recheck_p256(signer, digest, signature);
    case ZC_CURVE_SECP256K1:
        return zc_recheck_secp256k1(signer, digest, signature);
    default:
        return zc_recheck_ed25519(signer, ZC_SLICE_OF_ARRAY(digest), signature);
    }
}

static void recheck__any_bit_of_the_signature_altered__fault(void **state)
{
    (void)state;
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_ED25519; curve++) {
        zc_signer signer = signer_of(curve);
        zc_signature signature;
        assert_ok(sign(&signer, &signature));
        assert_ok(recheck(&signer, &signature));
        for (size_t i = 0; i < 512; i++) {
            signature.byte[i / 8] ^= (uint8_t)(1U << (i % 8));
            assert_fails(recheck(&signer, &signature), ZC_CRYPTO_FAULT);
            signature.byte[i / 8] ^= (uint8_t)(1U << (i % 8));
        }
    }
}

static void recheck__wrong_recovery_number__fault(void **state)
{
    (void)state;
    zc_signer signer = signer_of(ZC_CURVE_SECP256K1);
    zc_signature signature;
    assert_ok(sign(&signer, &signature));
    signature.recovery ^= 1;
    assert_fails(recheck(&signer, &signature), ZC_CRYPTO_FAULT);
}

/* A valid signature with another nonce is as good as a fault: it was not computed as it should. */
static void recheck__valid_signature_with_another_nonce__fault(void **state)
{
    (void)state;
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_P256; curve++) {
        zc_signer signer = signer_of(curve);
        zc_signature signature;
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, digest, digest, &signature));
        assert_ok(zc_verify_digest(&signer.pubkey, digest, signature.byte));
        assert_fails(recheck(&signer, &signature), ZC_CRYPTO_FAULT);
    }
}

/* Both ways of computing agree wherever there is no fault. */
static void sign__random_keys_and_messages__never_a_fault(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {11};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (unsigned i = 0; i < 1500; i++) {
        zc_signer signer;
        zc_signature signature;
        uint8_t message[32];
        assert_ok(zc_signer_generate(&signer, (zc_curve)(1 + i % 3), &drbg));
        zc_drbg_bytes(&drbg, message, sizeof message);
        if (signer.pubkey.curve == ZC_CURVE_ED25519) {
            zc_slice part = zc_slice_of(message, i % 33);
            assert_ok(zc_sign_message_ed25519(&signer, part, &signature));
            assert_ok(zc_verify_ed25519(signer.pubkey.byte, part, signature.byte));
        } else {
            assert_ok(
                zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, message, message, &signature));
            assert_ok(zc_verify_digest(&signer.pubkey, message, signature.byte));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__any_library_call_goes_wrong__nothing_leaves),
        cmocka_unit_test(sign__one_bit_of_the_stored_key_altered__nothing_leaves),
        cmocka_unit_test(sign__the_same_bit_of_both_ecdsa_forms_altered__nothing_leaves),
        cmocka_unit_test(recheck__any_bit_of_the_signature_altered__fault),
        cmocka_unit_test(recheck__wrong_recovery_number__fault),
        cmocka_unit_test(recheck__valid_signature_with_another_nonce__fault),
        cmocka_unit_test(sign__random_keys_and_messages__never_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
