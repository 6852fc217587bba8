/* Published measurements in a public log: an append-only tree of lines (accepted_line.h), kept as
 * C2SP tlog-tiles under checkpoints of a release key, so that nobody can be shown a measurement
 * that others do not see.
 *
 * What goes with evidence is one entry with its proof, in the form of C2SP tlog-proof:
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64 of the line, without its newline>
 *     index <decimal>
 *     <base64 of a hash>
 *     …
 *
 *     zerocopy/measurement-log
 *     <tree size>
 *     <base64 of the root>
 *
 *     — zerocopy/measurement-log <base64 of key id ‖ Ed25519 signature>
 *
 * The entry is the line; its leaf is SHA-256(0x00 ‖ line), as RFC 6962 has it. */
#ifndef ZC_EVIDENCE_LOGGED_H
#define ZC_EVIDENCE_LOGGED_H

#include "evidence/evidence.h"

#define ZC_LOGGED_NAME "zerocopy/measurement-log"
#define ZC_LOGGED_HEAD "c2sp.org/tlog-proof@v1"
#define ZC_LOGGED_LINE_MAX 2048
#define ZC_LOGGED_HASHES_MAX 64

/* Whether the bytes begin like such a proof. */
bool zc_logged_is(zc_slice bytes);

/* Holds measurements against the proven line. Its label goes to `ret_label`.
 * Errors: ZC_EVIDENCE_BAD_LOG_PROOF, ZC_EVIDENCE_LOG_NOT_SIGNED, ZC_EVIDENCE_NOT_IN_LOG,
 * ZC_EVIDENCE_NOT_ACCEPTED, ZC_EVIDENCE_NOT_ACCEPTED_NOW. */
ZC_MUST_USE zc_result zc_logged_check(zc_slice proof, const uint8_t release_key[static 32],
                                      zc_evidence_kind kind, const zc_measurement *measurements,
                                      size_t count, int64_t at_seconds, char ret_label[static 96]);

#endif
