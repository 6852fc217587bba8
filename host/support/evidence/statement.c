#include <openssl/objects.h>

#include "crypto/hash.h"
#include "crypto/verify.h"
#include "pck.h"
#include "quote.h"

#define STATEMENT_SIGNER "Intel SGX TCB Signing"

bool zc_signed_p256(const uint8_t point[static 65], zc_slice message,
                    const uint8_t signature[static 64])
{
    uint8_t digest[32];
    zc_pubkey key;
    zc_sha256(message, digest);
    return zc_ok(zc_pubkey_parse(ZC_CURVE_P256, zc_slice_of(point, 65), &key)) &&
           zc_ok(zc_verify_digest(&key, digest, signature));
}

static bool named(X509 *certificate, const char *name)
{
    char text[64];
    int len = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text,
                                        sizeof text);
    return len > 0 && strcmp(text, name) == 0;
}

/* Platforms have certificates of Intel's too: only the one for this purpose may sign statements. */
zc_result zc_statement_check_signature(const zc_pool *pool, const zc_chain_rules *rules,
                                       const zc_statement *statement)
{
    zc_result why = zc_fail(ZC_EVIDENCE_NO_COLLATERAL);
    for (size_t i = 0; i < pool->certificate_count; i++) {
        X509 *certificate = pool->certificate[i];
        uint8_t point[65];
        zc_chain chain;
        if (!named(certificate, STATEMENT_SIGNER) || zc_pck_is(certificate) ||
            !zc_certificate_point(certificate, NID_X9_62_prime256v1, point, sizeof point)) {
            continue;
        }
        if (!zc_signed_p256(point, statement->text, statement->signature)) {
            why = zc_fail(ZC_EVIDENCE_BAD_STATEMENT_SIGNATURE);
            continue;
        }
        zc_result chained = zc_chain_build(pool, certificate, rules, &chain);
        if (zc_ok(chained) && chain.count != 2) {
            chained = zc_fail(ZC_EVIDENCE_BAD_CHAIN);
        }
        ZC_TRY(chained);
        return zc_chain_check_crls(pool, &chain, rules->at_seconds);
    }
    return why;
}
