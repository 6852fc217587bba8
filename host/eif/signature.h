/* The signature of an image: who released it. It goes into PCR8, and a key policy can ask for it.
 *
 * The section is CBOR [{"signing_certificate": PEM, "signature": COSE_Sign1}] whose byte fields are
 * arrays of numbers, as AWS's builder writes them. The COSE message (untagged) carries
 * {"register_index": 0, "register_value": PCR0}, again an array of numbers. */
#ifndef ZC_EIF_SIGNATURE_H
#define ZC_EIF_SIGNATURE_H

#include "eif/measure.h"

#define ZC_EIF_PEM_MAX ((size_t)8192)
#define ZC_EIF_DER_MAX ((size_t)4096)
#define ZC_EIF_SIGNATURE_SECTION_MAX ((size_t)32768)

/* Signs PCR0 with a P-256, P-384 or P-521 key. In: both PEM; the key is the caller's to wipe. The
 * caller clears the section. Errors: ZC_EIF_BAD_CERTIFICATE, ZC_EIF_BAD_KEY, ZC_EIF_TOO_LARGE,
 * ZC_EIF_NO_MEMORY. */
ZC_MUST_USE zc_result zc_eif_sign(const uint8_t pcr0[static ZC_EIF_PCR_SIZE],
                                  zc_slice certificate_pem, zc_slice key_pem,
                                  zc_bytes *ret_section);

typedef struct zc_eif_signer {
    uint8_t certificate[ZC_EIF_DER_MAX]; /* DER */
    size_t certificate_len;
    char subject[256];
    int64_t not_before; /* seconds since 1970 */
    int64_t not_after;
    const char *algorithm; /* "ES384" */
} zc_eif_signer;

/* Reads a signature section and checks it: one signature, over this PCR0, by the certificate's key.
 * Whether the certificate is anybody's is not this function's to know. Errors:
 * ZC_EIF_BAD_SIGNATURE, ZC_EIF_BAD_CERTIFICATE, ZC_EIF_WRONG_SIGNATURE. */
ZC_MUST_USE zc_result zc_eif_verify(zc_slice section, const uint8_t pcr0[static ZC_EIF_PCR_SIZE],
                                    zc_eif_signer *ret_signer);

#endif
