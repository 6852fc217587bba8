/* Intel's signatures on statements. Only for this module. */
#ifndef ZC_EVIDENCE_QUOTE_H
#define ZC_EVIDENCE_QUOTE_H

#include "certificates.h"

/* Whether Intel's certificate for this purpose, under the pinned root and on no revocation list,
 * signed the statement. Dates in the statement are not looked at. Errors:
 * ZC_EVIDENCE_NO_COLLATERAL, ZC_EVIDENCE_BAD_STATEMENT_SIGNATURE, and those of chains and lists. */
ZC_MUST_USE zc_result zc_statement_check_signature(const zc_pool *pool, const zc_chain_rules *rules,
                                                   const zc_statement *statement);

/* SHA-256 and ECDSA P-256 over a message; `point` is 04 ‖ x ‖ y. */
bool zc_signed_p256(const uint8_t point[static 65], zc_slice message,
                    const uint8_t signature[static 64]);

#endif
