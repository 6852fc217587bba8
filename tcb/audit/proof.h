/* Checking Merkle proofs (RFC 9162 §2.1.3.2 and §2.1.4.2). A proof is its hashes, one after the
 * other, from the leaf upwards. All values are public. */
#ifndef ZC_AUDIT_PROOF_H
#define ZC_AUDIT_PROOF_H

#include "audit/entry.h"

/* Whether `leaf` is number `index` of the tree of `size` leaves under `root`.
 * Errors: ZC_AUDIT_BAD_PROOF when the index is not in the tree or the number of hashes is not what
 * the two numbers ask for; ZC_AUDIT_ROOT_MISMATCH. */
ZC_MUST_USE zc_result zc_audit_check_inclusion(uint64_t index, uint64_t size,
                                               const uint8_t leaf[static ZC_AUDIT_HASH_SIZE],
                                               zc_slice proof,
                                               const uint8_t root[static ZC_AUDIT_HASH_SIZE]);

/* Whether the tree of `new_size` leaves continues the tree of `old_size` leaves. Equal sizes take
 * an empty proof and equal roots; otherwise the old tree has at least one leaf. Errors as above. */
ZC_MUST_USE zc_result zc_audit_check_consistency(uint64_t old_size,
                                                 const uint8_t old_root[static ZC_AUDIT_HASH_SIZE],
                                                 uint64_t new_size,
                                                 const uint8_t new_root[static ZC_AUDIT_HASH_SIZE],
                                                 zc_slice proof);

#endif
