#include "attest/cache.h"

#include "base/ct.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

#include "envelope.h"

zc_result zc_attest_signed_digest(const zc_cose_sign1 *envelope, uint8_t ret_digest[static 48])
{
    uint8_t bytes[ZC_ATTEST_TBS_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(zc_cose_sign1_tbs(envelope, zc_slice_of(NULL, 0), &writer));
    zc_sha384(zc_writer_written(&writer), ret_digest);
    return ZC_OK;
}

static zc_result chain_reason(zc_result result)
{
    if (zc_is(result, ZC_CRYPTO_ROOT_NOT_PINNED)) {
        return zc_fail(ZC_ATTEST_FOREIGN_ROOT);
    }
    if (zc_is(result, ZC_CRYPTO_EXPIRED)) {
        return zc_fail(ZC_ATTEST_EXPIRED);
    }
    if (zc_is(result, ZC_CRYPTO_NOT_YET_VALID)) {
        return zc_fail(ZC_ATTEST_NOT_YET_VALID);
    }
    return zc_fail(ZC_ATTEST_BAD_CHAIN);
}

static zc_result check_signature(const zc_cose_sign1 *envelope, const uint8_t key[static 97])
{
    uint8_t digest[48];
    ZC_TRY(zc_attest_signed_digest(envelope, digest));
    if (!zc_ok(zc_verify_p384(key, digest, envelope->signature.data))) {
        return zc_fail(ZC_ATTEST_BAD_SIGNATURE);
    }
    return ZC_OK;
}

zc_result zc_attest_verify_cached(zc_slice document, zc_slice root_der, int64_t at_unix_seconds,
                                  zc_attest_cache *cache, zc_attest_doc *ret_doc)
{
    zc_cose_sign1 envelope;
    zc_attest_doc doc;
    uint8_t key[97];
    ZC_TRY(zc_attest_open_envelope(document, &envelope));
    ZC_TRY(zc_attest_parse_opened(&envelope, &doc));
    zc_result chain = zc_attest_chain_key(cache, &doc, root_der, at_unix_seconds, key);
    if (!zc_ok(chain)) {
        return chain_reason(chain);
    }
    ZC_TRY(check_signature(&envelope, key));
    if (zc_attest_is_debug(&doc)) {
        return zc_fail(ZC_ATTEST_DEBUG_MODE);
    }
    *ret_doc = doc;
    return ZC_OK;
}

zc_result zc_attest_verify(zc_slice document, zc_slice root_der, int64_t at_unix_seconds,
                           zc_attest_doc *ret_doc)
{
    return zc_attest_verify_cached(document, root_der, at_unix_seconds, NULL, ret_doc);
}

static zc_result check_pcrs(const zc_attest_doc *doc, const zc_attest_expect *expect)
{
    for (unsigned i = 0; i < ZC_ATTEST_PCRS; i++) {
        uint32_t bit = UINT32_C(1) << i;
        if ((expect->pcr_mask & bit) == 0) {
            continue;
        }
        if ((doc->pcr_mask & bit) == 0) {
            return zc_fail(ZC_ATTEST_MISSING_PCR);
        }
        if (zc_ct_is_zero(expect->pcr[i], ZC_ATTEST_PCR_SIZE) ||
            !zc_ct_eq(doc->pcr[i], expect->pcr[i], ZC_ATTEST_PCR_SIZE)) {
            return zc_fail(ZC_ATTEST_WRONG_PCR);
        }
    }
    return ZC_OK;
}

static zc_result check_time(const zc_attest_doc *doc, const zc_attest_expect *expect)
{
    int64_t made = (int64_t)doc->timestamp_ms; /* the parser holds it to INT64_MAX */
    int64_t age;
    if (__builtin_sub_overflow(expect->now_ms, made, &age) || age < -ZC_ATTEST_CLOCK_SKEW_MS) {
        return zc_fail(ZC_ATTEST_FROM_THE_FUTURE);
    }
    if (age > 0 && (uint64_t)age > expect->max_age_ms) {
        return zc_fail(ZC_ATTEST_TOO_OLD);
    }
    return ZC_OK;
}

zc_result zc_attest_check(const zc_attest_doc *doc, const zc_attest_expect *expect)
{
    if (expect->pcr_mask == 0) {
        return zc_fail(ZC_ATTEST_EMPTY_EXPECTATION);
    }
    if (zc_attest_is_debug(doc)) {
        return zc_fail(ZC_ATTEST_DEBUG_MODE);
    }
    ZC_TRY(check_pcrs(doc, expect));
    if (expect->has_nonce && (!doc->has_nonce || !zc_slice_eq(doc->nonce, expect->nonce))) {
        return zc_fail(ZC_ATTEST_WRONG_NONCE);
    }
    return expect->has_time ? check_time(doc, expect) : ZC_OK;
}
