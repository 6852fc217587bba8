/* Certificates. Where OpenSSL takes one that ours takes, it must read the same dates and the same
 * signature from all of its bytes: a certificate that two readers understand differently is an
 * attack. */
#include <stdlib.h>

#include <openssl/x509.h>

#include "crypto/certificate.h"
#include "crypto/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool right)
{
    if (!right) {
        abort();
    }
}

static bool is_inside(zc_slice part, const uint8_t *data, size_t size)
{
    return part.data >= data && part.len <= size && part.data + part.len <= data + size;
}

static void require_same_time(const ASN1_TIME *theirs, int64_t ours)
{
    require(ASN1_TIME_cmp_time_t(theirs, ours) == 0);
}

static void compare_with_openssl(const uint8_t *data, size_t size, const zc_certificate *ours)
{
    const uint8_t *from = data;
    X509 *theirs = d2i_X509(NULL, &from, (long)size);
    /* OpenSSL also looks into names, other extensions and keys, which ours keeps as bytes. */
    if (theirs == NULL) {
        return;
    }
    require(from == data + size);
    require(X509_get_version(theirs) == 2);
    require_same_time(X509_get0_notBefore(theirs), ours->not_before);
    require_same_time(X509_get0_notAfter(theirs), ours->not_after);
    const ASN1_BIT_STRING *signature;
    X509_get0_signature(&signature, NULL, theirs);
    require(zc_slice_eq(ours->signature, zc_slice_of(signature->data, (size_t)signature->length)));
    X509_free(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice der = zc_slice_of(data, size);
    zc_certificate certificate;
    uint8_t key[97];
    const zc_slice chain[] = {der, der};
    (void)zc_ok(zc_x509_verify_chain(der, chain, 2, der, 1700000000, key));
    if (!zc_ok(zc_certificate_parse(der, &certificate))) {
        return 0;
    }
    require(is_inside(certificate.tbs, data, size) && is_inside(certificate.spki, data, size) &&
            is_inside(certificate.issuer, data, size) &&
            is_inside(certificate.subject, data, size) &&
            is_inside(certificate.signature, data, size));
    (void)zc_ok(zc_certificate_p384_key(&certificate, key));
    compare_with_openssl(data, size, &certificate);
    return 0;
}
