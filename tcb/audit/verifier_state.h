/* The verifier's state as bytes, so that a log need not be checked from its beginning again.
 *
 *   state = [1, next, head 32, [* edge 32], time ms, boot id 16, mission 32, flags,
 *            [* key id 16, uses, last, disabled]]
 *
 * canonical CBOR; flags: 1 the boot has its entry, 2 genesis was seen, 4 halted. An expected
 * checkpoint and a fault are not in it. The bytes are public, and say nothing of who wrote them. */
#ifndef ZC_AUDIT_VERIFIER_STATE_H
#define ZC_AUDIT_VERIFIER_STATE_H

#include "audit/verifier.h"
#include "base/reader.h"

/* Everything, with so many keys. */
#define ZC_AUDIT_VERIFIER_STATE_MAX(keys) ((size_t)4096 + (size_t)40 * (keys))

/* Errors: ZC_BASE_FULL; then nothing has been written. The verifier has no fault. */
ZC_MUST_USE zc_result zc_audit_verifier_write(const zc_audit_verifier *verifier, zc_writer *writer);
/* Into a verifier that was made. On failure it is as after zc_audit_verifier_init(), and the reader
 * where it was. Errors: those of the CBOR reader, ZC_AUDIT_BAD_SHAPE, ZC_AUDIT_KEY_REPEATED,
 * ZC_AUDIT_TOO_MANY_KEYS. */
ZC_MUST_USE zc_result zc_audit_verifier_read(zc_audit_verifier *verifier, zc_reader *reader);

/* For who writes a log: takes over what the entry says, but for its key and the tree. */
void zc_audit_verifier_follow(zc_audit_verifier *verifier, const zc_audit_entry *entry);

#endif
