/* Many P-256 signatures with one inversion for all nonces and one for all points (Montgomery's
 * trick): from the inverse of a product, the inverses of its factors cost three multiplications
 * each. */
#include "crypto/signer.h"

#include <string.h>

#include "base/ct.h"
#include "crypto/modinv.h"
#include "crypto/p256.h"
#include "crypto/recheck.h"
#include "crypto/rfc6979.h"

/* Numbers whose inverses are wanted; each product is that of the numbers up to its place. */
typedef struct column {
    zc_scalar number[ZC_SIGN_MAX_BATCH];
    zc_scalar product[ZC_SIGN_MAX_BATCH];
} column;

typedef struct batch {
    size_t count;
    const zc_sign_job *job[ZC_SIGN_MAX_BATCH];
    zc_signature *signature[ZC_SIGN_MAX_BATCH];
    zc_p256_point point[ZC_SIGN_MAX_BATCH];
    column k, z;
} batch;

static void batch_wipe(batch *all)
{
    zc_wipe(all, sizeof *all);
}
#define SECRET_BATCH __attribute__((cleanup(batch_wipe)))

static void multiply_up(const zc_modulus *modulus, column *of, size_t count)
{
    of->product[0] = of->number[0];
    for (size_t i = 1; i < count; i++) {
        zc_scalar_mul(modulus, &of->product[i - 1], &of->number[i], &of->product[i]);
    }
}

/* Replaces each product by the inverse of the number at its place, from the inverse of them all. */
static void divide_down(const zc_modulus *modulus, column *of, size_t count, zc_scalar *inverse)
{
    for (size_t i = count - 1; i > 0; i--) {
        zc_scalar_mul(modulus, &of->product[i - 1], inverse, &of->product[i]);
        zc_scalar_mul(modulus, inverse, &of->number[i], inverse);
    }
    of->product[0] = *inverse;
}

static bool invert(batch *all)
{
    static const zc_modulus *const moduli[2] = {&zc_p256_order, &zc_p256_field};
    const size_t last = all->count - 1;
    zc_scalar pair[2];
    multiply_up(moduli[0], &all->k, all->count);
    multiply_up(moduli[1], &all->z, all->count);
    pair[0] = all->k.product[last];
    pair[1] = all->z.product[last];
    bool right = zc_modinv_pair(moduli, pair, pair);
    if (right) {
        divide_down(moduli[0], &all->k, all->count, &pair[0]);
        divide_down(moduli[1], &all->z, all->count, &pair[1]);
    }
    zc_wipe(pair, sizeof pair);
    return right;
}

static zc_result prepare(batch *all, size_t i)
{
    ZC_SECRET zc_secret32 nonce;
    const zc_sign_job *job = all->job[i];
    zc_slice extra = zc_slice_of(job->fresh, job->mode == ZC_NONCE_HEDGED ? 32 : 0);
    zc_rfc6979_nonce(&zc_p256_order, &job->signer->private_key, job->digest, extra, 0, &nonce);
    if (!zc_p256_multiply(&nonce, false, &all->point[i])) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_scalar_from_be(nonce.byte, &all->k.number[i]);
    all->z.number[i] = all->point[i].z;
    return ZC_OK;
}

/* k · k⁻¹ = 1, as for one signature alone. */
static bool inverse_fits(const batch *all, size_t i)
{
    static const zc_scalar one = {{1, 0, 0, 0}};
    ZC_SECRET_SCALAR zc_scalar product;
    zc_scalar_mul(&zc_p256_order, &all->k.number[i], &all->k.product[i], &product);
    return zc_ct_eq(&product, &one, sizeof one);
}

static zc_result sign_alone(const zc_sign_job *job, zc_signature *ret_signature)
{
    return zc_sign_digest(job->signer, job->mode, job->fresh, job->digest, ret_signature);
}

static zc_result finish(batch *all, size_t i)
{
    const zc_sign_job *job = all->job[i];
    zc_signature made = {0};
    zc_scalar r;
    if (!inverse_fits(all, i)) {
        return sign_alone(job, all->signature[i]);
    }
    zc_p256_r(&all->point[i], &all->z.product[i], &r);
    zc_result result =
        zc_p256_finish(&job->signer->private_key, &all->k.product[i], job->digest, &r, made.byte);
    if (zc_is(result, ZC_CRYPTO_UNUSABLE_NONCE)) {
        return sign_alone(job, all->signature[i]);
    }
    ZC_TRY(result);
    if (job->mode != ZC_NONCE_HEDGED) {
        ZC_TRY(zc_recheck_p256(job->signer, job->digest, &made));
    }
    *all->signature[i] = made;
    return ZC_OK;
}

static zc_result sign_together(batch *all)
{
    for (size_t i = 0; i < all->count; i++) {
        ZC_TRY(prepare(all, i));
    }
    const bool inverted = invert(all);
    for (size_t i = 0; i < all->count; i++) {
        ZC_TRY(inverted ? finish(all, i) : sign_alone(all->job[i], all->signature[i]));
    }
    return ZC_OK;
}

zc_result zc_sign_digest_batch(const zc_sign_job *jobs, size_t count, zc_signature *ret_signatures)
{
    SECRET_BATCH batch all = {0};
    zc_signature made[ZC_SIGN_MAX_BATCH];
    if (count == 0 || count > ZC_SIGN_MAX_BATCH) {
        return zc_fail(ZC_CRYPTO_BATCH_SIZE);
    }
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].signer->pubkey.curve == ZC_CURVE_P256) {
            all.job[all.count] = &jobs[i];
            all.signature[all.count++] = &made[i];
        } else {
            ZC_TRY(sign_alone(&jobs[i], &made[i]));
        }
    }
    if (all.count > 0) {
        ZC_TRY(sign_together(&all));
    }
    memcpy(ret_signatures, made, count * sizeof *made);
    return ZC_OK;
}
