/* The policy's state as bytes, so that a start need not decide a whole log again.
 *
 *   snapshot = [1, now ms, mode, tripped, revoked principals, [16* revoked rules],
 *               [* row], [* reservation], [* feed], [* price], [* peak], [* breaker], [* review],
 *               history / null]
 *
 * canonical CBOR. What a replay of the log would not bring back (counted denials, the last scores)
 * is not in it. A state that was read back has the digest of the one that was written, and decides
 * as it does from there on.
 *
 * The bytes hold counterparties and amounts: private, but not secret. They say nothing of who wrote
 * them: the enclave seals them, and an auditor compares the digest with a checkpoint's. Whatever
 * the bytes are, a state that was read is safe to use; a forged one is only wrong. */
#ifndef ZC_POLICY_SNAPSHOT_H
#define ZC_POLICY_SNAPSHOT_H

#include "base/reader.h"
#include "base/writer.h"
#include "policy/policy.h"

/* All tables full. Busy deployments stay far below: some 300 bytes for each reservation. */
#define ZC_POLICY_SNAPSHOT_MAX ((size_t)20 << 20)

/* Errors: ZC_BASE_FULL; then nothing has been written. */
ZC_MUST_USE zc_result zc_policy_snapshot_write(const zc_policy_state *state,
                                               const zc_mission *mission, zc_writer *writer);

/* Begins the state anew (zc_policy_init()) and reads one snapshot into it. On failure the state is
 * as after zc_policy_init(), and the reader where it was. Errors: those of the CBOR reader. */
ZC_MUST_USE zc_result zc_policy_snapshot_read(zc_policy_state *state, const zc_mission *mission,
                                              zc_reader *reader);

/* snapshot_history.c: the part that risk models remember. The history was initialised. */
ZC_MUST_USE zc_result zc_risk_history_write(const zc_risk_history *history, zc_writer *writer);
ZC_MUST_USE zc_result zc_risk_history_read(zc_risk_history *history, zc_reader *reader);

#endif
