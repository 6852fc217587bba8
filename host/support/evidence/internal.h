/* Between the parts of this module. */
#ifndef ZC_EVIDENCE_INTERNAL_H
#define ZC_EVIDENCE_INTERNAL_H

#include "evidence/evidence.h"

/* claims.c: filling the result. The check functions keep the first failure as the reason. */
void zc_check_add(zc_evidence_result *result, const char *name, zc_check_state state,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A line for `made`: passed, with `detail`, or failed, with the reason's words. Returns `made`. */
ZC_MUST_USE zc_result zc_check_result(zc_evidence_result *result, const char *name, zc_result made,
                                      const char *detail);
void zc_claim_measurement(zc_evidence_result *result, const char *name, zc_slice value);
const zc_measurement *zc_claim_find(const zc_evidence_result *result, const char *name);
/* Copies at most `capacity` bytes. */
size_t zc_claim_bytes(uint8_t *ret_bytes, size_t capacity, zc_slice from);
/* Printable ASCII of untrusted text, anything else as '?'; cut to fit. */
void zc_claim_text(char *ret_text, size_t capacity, zc_slice from);

/* Authenticates evidence of one kind and fills the claims; reference values come after. */
ZC_MUST_USE zc_result zc_nitro_verify(zc_slice document, const zc_evidence_options *options,
                                      zc_evidence_result *result);
ZC_MUST_USE zc_result zc_snp_verify(zc_slice report, const zc_evidence_options *options,
                                    zc_evidence_result *result);
ZC_MUST_USE zc_result zc_quote_verify(zc_slice quote, const zc_evidence_options *options,
                                      zc_evidence_result *result);

/* expect.c: holds the claims against the caller's reference values. */
ZC_MUST_USE zc_result zc_expect_all(const zc_evidence_options *options, zc_evidence_result *result);

/* What a conceptual message wrapper held: views of it. */
typedef struct zc_wrapped {
    zc_slice evidence;
    bool has_binding;
    zc_slice binding;
    size_t endorsement_count;
    zc_slice endorsement[ZC_EVIDENCE_COLLATERALS];
} zc_wrapped;

/* wrapper.c: takes the wrapper off, in CBOR (record, tag or collection) or JSON (record); bare
 * evidence stays as it is. Decoded bytes go to `room`, which has as many as the evidence.
 * ZC_EVIDENCE_BAD_WRAPPER. */
ZC_MUST_USE zc_result zc_wrapper_open(zc_slice evidence, uint8_t *room, zc_wrapped *ret_wrapped);
ZC_MUST_USE zc_result zc_wrapper_open_json(zc_slice bytes, uint8_t *room, zc_slice *ret_inner);

/* bound.c: takes a binding that stands beside the evidence, if the report data hold its SHA-512.
 * ZC_EVIDENCE_NOT_BOUND; ZC_EVIDENCE_BAD_WRAPPER beside a Nitro document, which has its own. */
ZC_MUST_USE zc_result zc_bound_take(const zc_wrapped *wrapped, zc_evidence_result *result);
/* Whether the evidence shows this mission where its kind measures it: PCR16 of Nitro (SHA-384 of
 * zeros and the hash), HOST_DATA of SNP (the hash itself). Other kinds have no such place. */
bool zc_bound_mission(const zc_evidence_result *result, const uint8_t mission_hash[static 32]);

/* json_text.c: the bytes of a member's value in a JSON object, exactly as they stand there: what
 * Intel signs. The object was parsed before. False when there is no such member. */
bool zc_json_member_text(zc_slice object, const char *name, zc_slice *ret_value);

#endif
