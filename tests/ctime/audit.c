/* The log's secrets in constant time: the tag key and the log key are poisoned. */
#include <stdio.h>
#include <string.h>

#include "audit/checkpoint.h"
#include "audit/opening.h"
#include "audit/tag.h"
#include "base/ct.h"

static int failures;

static void expect(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s: failed\n", what);
        failures++;
    }
}

static void tags(void)
{
    uint8_t bytes[32] = {1};
    const uint8_t deployment[32] = {2};
    const uint8_t leaf[32] = {3};
    uint8_t tag[ZC_AUDIT_TAG_SIZE];
    zc_hmac_key key;
    zc_ct_secret(bytes, sizeof bytes);
    zc_hmac_sha256_key_init(&key, bytes, sizeof bytes);
    zc_audit_tag(&key, deployment, 4, leaf, tag);
    expect(zc_ok(zc_audit_tag_check(&key, deployment, 4, leaf, tag)), "tag");
    tag[0] ^= 1;
    expect(zc_is(zc_audit_tag_check(&key, deployment, 4, leaf, tag), ZC_AUDIT_BAD_TAG),
           "wrong tag");
    zc_hmac_sha256_key_clear(&key);
}

static void checkpoints(void)
{
    const uint8_t deployment[32] = {2};
    zc_secret32 seed = {{5}};
    zc_signer signer = {0};
    zc_audit_checkpoint checkpoint = {.size = 6};
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(note);
    zc_ct_secret(&seed, sizeof seed);
    expect(zc_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, &seed)), "signer");
    expect(zc_ok(zc_audit_checkpoint_write(deployment, &checkpoint, &signer, &writer)),
           "checkpoint");
    expect(zc_ok(zc_audit_checkpoint_verify(zc_writer_written(&writer), deployment,
                                            signer.pubkey.byte, &checkpoint)),
           "checkpoint verifies");
    zc_signer_clear(&signer);
}

/* Salts and private groups are not keys, but what they hide is nobody's business either. */
static void openings(void)
{
    uint8_t secret[ZC_AUDIT_SALT_SIZE + 40] = {7};
    uint8_t commitment[32];
    zc_ct_secret(secret, sizeof secret);
    zc_audit_commit(ZC_AUDIT_INTENT, secret, zc_slice_of(secret + ZC_AUDIT_SALT_SIZE, 40),
                    commitment);
    expect(!zc_ct_is_zero(commitment, sizeof commitment), "commitment");
}

int main(void)
{
    tags();
    checkpoints();
    openings();
    return failures == 0 ? 0 : 1;
}
