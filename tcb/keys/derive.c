#include "keys/derive.h"

#include <string.h>

#include "base/writer.h"
#include "crypto/hkdf.h"

/* A P-256 candidate fails once in 2^32: eight never all do. */
#define CANDIDATES 8

/* The candidate scalar number `attempt` for one purpose. */
static zc_result candidate(const zc_secret32 *root, const char *purpose, uint8_t attempt,
                           zc_secret32 *ret_scalar)
{
    uint8_t info[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(info);
    ZC_TRY(zc_write_text(&writer, purpose));
    ZC_TRY(zc_write_u8(&writer, attempt));
    return zc_hkdf_sha256_secret(root, zc_slice_of(NULL, 0), zc_writer_written(&writer),
                                 ret_scalar->byte, sizeof ret_scalar->byte);
}

static zc_result derive_signer(const zc_secret32 *root, zc_curve curve, const char *purpose,
                               zc_signer *ret_signer)
{
    for (uint8_t attempt = 0; attempt < CANDIDATES; attempt++) {
        ZC_SECRET zc_secret32 scalar;
        ZC_TRY(candidate(root, purpose, attempt, &scalar));
        zc_result made = zc_signer_init(ret_signer, curve, &scalar);
        if (!zc_is(made, ZC_CRYPTO_BAD_PRIVATE_KEY)) {
            return made;
        }
    }
    return zc_fail(ZC_KEYS_DERIVATION);
}

zc_result zc_derive_identity(const zc_secret32 *root, zc_signer *ret_signer)
{
    return derive_signer(root, ZC_CURVE_P256, "zcp identity v1", ret_signer);
}

zc_result zc_derive_log_key(const zc_secret32 *root, zc_signer *ret_signer)
{
    return derive_signer(root, ZC_CURVE_ED25519, "zcp log v1", ret_signer);
}

zc_result zc_derive_tag_key(const zc_secret32 *root, zc_hmac_key *ret_key)
{
    ZC_SECRET zc_secret32 key;
    ZC_TRY(zc_hkdf_sha256_secret(root, zc_slice_of(NULL, 0), zc_slice_of_text("zcp journal tag v1"),
                                 key.byte, sizeof key.byte));
    zc_hmac_sha256_key_init(ret_key, key.byte, sizeof key.byte);
    return ZC_OK;
}
