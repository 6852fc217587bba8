#include "audit/tag.h"

#include "base/ct.h"
#include "base/writer.h"

static const char tag_domain[] = "zcp-journal-v1";

void zc_audit_tag(const zc_hmac_key *key, const uint8_t deployment_id[static 32], uint64_t sequence,
                  const uint8_t leaf[static ZC_AUDIT_HASH_SIZE],
                  uint8_t ret_tag[static ZC_AUDIT_TAG_SIZE])
{
    uint8_t bytes[sizeof tag_domain - 1 + 32 + 8 + ZC_AUDIT_HASH_SIZE];
    uint8_t *at = bytes;
    memcpy(at, tag_domain, sizeof tag_domain - 1);
    at += sizeof tag_domain - 1;
    memcpy(at, deployment_id, 32);
    at += 32;
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        *at++ = (uint8_t)(sequence >> (shift - 8));
    }
    memcpy(at, leaf, ZC_AUDIT_HASH_SIZE);
    zc_hmac_sha256(key, ZC_SLICE_OF_ARRAY(bytes), ret_tag);
}

zc_result zc_audit_tag_check(const zc_hmac_key *key, const uint8_t deployment_id[static 32],
                             uint64_t sequence, const uint8_t leaf[static ZC_AUDIT_HASH_SIZE],
                             const uint8_t tag[static ZC_AUDIT_TAG_SIZE])
{
    uint8_t expected[ZC_AUDIT_TAG_SIZE];
    zc_audit_tag(key, deployment_id, sequence, leaf, expected);
    return zc_ct_eq(expected, tag, sizeof expected) ? ZC_OK : zc_fail(ZC_AUDIT_BAD_TAG);
}
