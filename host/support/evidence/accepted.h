/* Published measurements: a list of what a release key accepts, and for how long.
 *
 * The list is a C2SP signed note whose signer is called "zerocopy/measurements":
 *
 *     zerocopy/measurements
 *     nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z signer-1.4.0 PCR0=<hex> PCR2=<hex>
 *     snp 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z signer-1.4.0 MEASUREMENT=<hex>
 *
 *     — zerocopy/measurements <base64 of key id ‖ Ed25519 signature>
 *
 * A line is: kind (nitro, snp, sgx, tdx), first and last second at which it counts, a label without
 * spaces, and at least one register with its value. Evidence is accepted when some line of its kind
 * names the code itself (PCR0, MEASUREMENT, MRENCLAVE, MRTD), every register of that line has that
 * value, and the time lies inside. Zero values are refused: they are what debug mode shows. */
#ifndef ZC_EVIDENCE_ACCEPTED_H
#define ZC_EVIDENCE_ACCEPTED_H

#include "evidence/evidence.h"

#define ZC_ACCEPTED_NAME "zerocopy/measurements"
#define ZC_ACCEPTED_LINES_MAX 1024

/* Holds measurements against a signed list. The label of the line that fits goes to `ret_label`.
 * Errors: ZC_EVIDENCE_BAD_ACCEPTED (the whole list is read, also behind the line that fits),
 * ZC_EVIDENCE_ACCEPTED_NOT_SIGNED, ZC_EVIDENCE_NOT_ACCEPTED, ZC_EVIDENCE_NOT_ACCEPTED_NOW. */
ZC_MUST_USE zc_result zc_accepted_check(zc_slice note, const uint8_t release_key[static 32],
                                        zc_evidence_kind kind, const zc_measurement *measurements,
                                        size_t count, int64_t at_seconds,
                                        char ret_label[static 96]);

/* Seconds since 1970 of exactly "YYYY-MM-DDThh:mm:ssZ", a date that exists; false otherwise. */
bool zc_evidence_time(zc_slice text, int64_t *ret_seconds);

#endif
