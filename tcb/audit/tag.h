/* The tag by which an enclave knows an entry as its own when the host hands it back at boot.
 *
 * HMAC-SHA256(tag key, "zcp-journal-v1" ‖ deployment id ‖ u64 sequence ‖ leaf hash). The key never
 * leaves the deployment's enclaves, so a host can cut the journal's tail but not add to it or
 * change it. The tag itself is public. */
#ifndef ZC_AUDIT_TAG_H
#define ZC_AUDIT_TAG_H

#include "audit/entry.h"
#include "crypto/hmac.h"

#define ZC_AUDIT_TAG_SIZE 32

/* In: key: secret; constant-time. */
void zc_audit_tag(const zc_hmac_key *key, const uint8_t deployment_id[static 32], uint64_t sequence,
                  const uint8_t leaf[static ZC_AUDIT_HASH_SIZE],
                  uint8_t ret_tag[static ZC_AUDIT_TAG_SIZE]);

/* Whether `tag` is that of the entry, compared in constant time. Errors: ZC_AUDIT_BAD_TAG. */
ZC_MUST_USE zc_result zc_audit_tag_check(const zc_hmac_key *key,
                                         const uint8_t deployment_id[static 32], uint64_t sequence,
                                         const uint8_t leaf[static ZC_AUDIT_HASH_SIZE],
                                         const uint8_t tag[static ZC_AUDIT_TAG_SIZE]);

#endif
