/* Whether signing takes longer for one secret than for others, by measuring it.
 *
 * valgrind (the other programs here) sees branches and addresses; this sees what the processor
 * makes of the rest, and of the libraries too. After Reparaz, Balasch and Verbauwhede, "Dude, is my
 * code constant time?" (2017): runs with a fixed secret and with random ones come in random order,
 * and Welch's t-test says whether their times could have one mean. A function that leaks on purpose
 * has to be found out.
 *
 * usage: dudect_crypto [seconds for each function, 5]. Exit code 1: a leak, or the leaky one
 * unnoticed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/mac.h"
#include "crypto/modinv.h"
#include "crypto/p256.h"
#include "crypto/rfc6979.h"
#include "crypto/rsa.h"
#include "crypto/secp256k1_base.h"
#include "crypto/setup.h"
#include "crypto/signer.h"

enum { ROUND = 2000, CROPS = 8 };

/* |t| above this is no accident at this many measurements; below 4.5 there is nothing to see. */
static const double verdict_at = 10.0;

static zc_rsa_key rsa_key;
static const uint8_t digest[32] = {1, 2, 3};
static zc_signature signature;

/* What is measured: one call with 32 secret bytes, the fixed ones or random ones. */
typedef struct target {
    const char *name;
    void (*run)(const uint8_t secret[static 32]);
    uint8_t fixed[32];
    bool leaks;
} target;

/* Outcomes are of no interest here; what can fail has its own tests. */
static void ignore(bool unused)
{
    (void)unused;
}

static zc_secret32 number_of(const uint8_t secret[static 32])
{
    zc_secret32 number;
    memcpy(number.byte, secret, 32);
    number.byte[0] &= 0x7f; /* below every order */
    number.byte[31] |= 1;
    return number;
}

static void run_modinv(const uint8_t secret[static 32])
{
    static const zc_modulus *const moduli[2] = {&zc_p256_order, &zc_secp256k1_field};
    zc_secret32 number = number_of(secret);
    zc_scalar pair[2];
    zc_scalar_from_be(number.byte, &pair[0]);
    pair[1] = pair[0];
    ignore(zc_modinv_pair(moduli, pair, pair));
}

static void run_base(const uint8_t secret[static 32])
{
    zc_secret32 number = number_of(secret);
    zc_secp256k1_point point;
    zc_scalar scalar;
    zc_scalar_from_be(number.byte, &scalar);
    ignore(zc_secp256k1_base_multiply(&scalar, &point));
}

static void run_p256_nonce(const uint8_t secret[static 32])
{
    static const zc_secret32 key = {{7, [31] = 5}};
    zc_secret32 nonce = number_of(secret);
    ignore(zc_ok(zc_p256_sign(&key, &nonce, digest, signature.byte)));
}

static void run_p256_key(const uint8_t secret[static 32])
{
    static const zc_secret32 nonce = {{7, [31] = 5}};
    zc_secret32 key = number_of(secret);
    ignore(zc_ok(zc_p256_sign(&key, &nonce, digest, signature.byte)));
}

static void run_rfc6979(const uint8_t secret[static 32])
{
    zc_secret32 key = number_of(secret), nonce;
    zc_rfc6979_nonce(&zc_p256_order, &key, digest, ZC_SLICE_OF_ARRAY(digest), 0, &nonce);
}

static void sign_hedged(zc_curve curve, const uint8_t secret[static 32])
{
    static zc_signer signer = {.pubkey = {.len = 65}};
    signer.pubkey.curve = curve;
    signer.private_key = number_of(secret);
    ignore(zc_ok(curve == ZC_CURVE_ED25519
                     ? zc_sign_ed25519(&signer, ZC_NONCE_HEDGED, digest, ZC_SLICE_OF_ARRAY(digest),
                                       &signature)
                     : zc_sign_digest(&signer, ZC_NONCE_HEDGED, digest, digest, &signature)));
}

static void run_secp256k1(const uint8_t secret[static 32])
{
    sign_hedged(ZC_CURVE_SECP256K1, secret);
}

static void run_ed25519(const uint8_t secret[static 32])
{
    sign_hedged(ZC_CURVE_ED25519, secret);
}

static void run_mac(const uint8_t secret[static 32])
{
    zc_mac_secret bytes = {.len = 32};
    zc_mac_key key;
    uint8_t tag[ZC_MAC_MAX_TAG];
    size_t len;
    memcpy(bytes.byte, secret, 32);
    ignore(zc_ok(zc_mac_key_init(&key, ZC_KEY_KIND_HMAC_SHA512, &bytes)) &&
           zc_ok(zc_mac_sign(&key, ZC_SLICE_OF_ARRAY(digest), tag, &len)));
}

/* Here the message changes and the key does not: what blinding is for. */
static void run_rsa(const uint8_t secret[static 32])
{
    uint8_t sig[ZC_RSA_MAX_SIGNATURE];
    size_t len;
    ignore(zc_ok(
        zc_rsa_sign(&rsa_key, ZC_RSA_PKCS1_SHA256, digest, zc_slice_of(secret, 32), sig, &len)));
}

/* Stops at the first byte that is not zero, as memcmp() may. */
static void run_leak(const uint8_t secret[static 32])
{
    static volatile unsigned spent;
    for (size_t i = 0; i < 32 && secret[i] == 0; i++) {
        spent++;
    }
}

static bool make_rsa_key(void)
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
    return zc_ok(zc_rsa_key_init(&rsa_key, &secret));
}

static uint64_t ticks(void)
{
#if defined(__x86_64__)
    uint32_t low, high;
    __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
#endif
}

/* Welford's running mean and variance for either class. */
typedef struct moments {
    double count[2], mean[2], squares[2];
} moments;

static void add(moments *to, int class, double value)
{
    const double from_mean = value - to->mean[class];
    to->count[class] += 1;
    to->mean[class] += from_mean / to->count[class];
    to->squares[class] += from_mean * (value - to->mean[class]);
}

static double welch(const moments *of)
{
    double spread = 0;
    for (int class = 0; class < 2; class ++) {
        if (of->count[class] < 1000) {
            return 0;
        }
        spread += of->squares[class] / (of->count[class] - 1) / of->count[class];
    }
    return spread > 0 ? fabs(of->mean[0] - of->mean[1]) / sqrt(spread) : 0;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* One round's inputs, all of them made before the first is timed. */
typedef struct series {
    uint8_t input[ROUND][32];
    int class[ROUND];
    uint64_t time[ROUND];
} series;

static void measure(const target *of, zc_drbg *drbg, series *now)
{
    zc_drbg_bytes(drbg, now->input[0], sizeof now->input);
    for (size_t i = 0; i < ROUND; i++) {
        uint8_t coin;
        zc_drbg_bytes(drbg, &coin, 1);
        now->class[i] = coin & 1;
        if (now->class[i] == 0) {
            memcpy(now->input[i], of->fixed, 32);
        }
    }
    for (size_t i = 0; i < ROUND; i++) {
        const uint64_t before = ticks();
        of->run(now->input[i]);
        now->time[i] = ticks() - before;
    }
}

/* Times above a limit are the machine's, not the function's; which limit shows most is not known.
 */
static void set_limits(const series *first, uint64_t ret_limit[static CROPS])
{
    static uint64_t sorted[ROUND];
    memcpy(sorted, first->time, sizeof sorted);
    qsort(sorted, ROUND, sizeof *sorted, by_size);
    for (size_t i = 0; i + 1 < CROPS; i++) {
        ret_limit[i] = sorted[ROUND - 1 - ROUND / (4U << i)];
    }
    ret_limit[CROPS - 1] = UINT64_MAX;
}

static double judge(const target *of, zc_drbg *drbg, double seconds, double *ret_count)
{
    static series now;
    moments crop[CROPS] = {0};
    uint64_t limit[CROPS];
    struct timespec start, at;
    double worst = 0;
    measure(of, drbg, &now); /* warms up */
    set_limits(&now, limit);
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        measure(of, drbg, &now);
        for (size_t i = 0; i < ROUND; i++) {
            for (size_t j = 0; j < CROPS; j++) {
                if (now.time[i] <= limit[j]) {
                    add(&crop[j], now.class[i], (double)now.time[i]);
                }
            }
        }
        clock_gettime(CLOCK_MONOTONIC, &at);
    } while ((double)(at.tv_sec - start.tv_sec) + (double)(at.tv_nsec - start.tv_nsec) / 1e9 <
             seconds);
    for (size_t j = 0; j < CROPS; j++) {
        const double t = welch(&crop[j]);
        worst = t > worst ? t : worst;
    }
    *ret_count = crop[CROPS - 1].count[0] + crop[CROPS - 1].count[1];
    return worst;
}

int main(int argc, char **argv)
{
    static const target targets[] = {
        {"leaky on purpose", run_leak, {0}, true},
        {"inverses, of one", run_modinv, {[31] = 1}, false},
        {"secp256k1 generator, times one", run_base, {[31] = 1}, false},
        {"secp256k1 signature", run_secp256k1, {[31] = 3}, false},
        {"P-256 signature, nonce with leading zeros", run_p256_nonce, {0, 0, 0, 1, 2, 3}, false},
        {"P-256 signature, key with leading zeros", run_p256_key, {0, 0, 0, 1, 2, 3}, false},
        {"RFC 6979 nonce", run_rfc6979, {[31] = 3}, false},
        {"Ed25519 signature", run_ed25519, {0}, false},
        {"HMAC-SHA-512 key and tag", run_mac, {0}, false},
        {"RSA signature, one message", run_rsa, {0}, false},
    };
    static const uint8_t seed[32] = {9};
    const double seconds = argc > 1 ? atof(argv[1]) : 5;
    bool right = zc_ok(zc_crypto_setup(seed)) && make_rsa_key();
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    const bool ready = right;
    for (size_t i = 0; ready && i < sizeof targets / sizeof *targets; i++) {
        double count = 0;
        const double t = judge(&targets[i], &drbg, seconds, &count);
        const bool found = t > verdict_at;
        printf("%-42s |t| %8.2f  %9.0f runs  %s\n", targets[i].name, t, count,
               found == targets[i].leaks ? "as it should be"
               : found                   ? "LEAKS"
                                         : "NOT NOTICED");
        right = found == targets[i].leaks && right;
    }
    return right ? 0 : 1;
}
