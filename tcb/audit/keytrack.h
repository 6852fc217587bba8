/* What an entry may say about its key. Internal to this module. */
#ifndef ZC_AUDIT_KEYTRACK_H
#define ZC_AUDIT_KEYTRACK_H

#include "audit/keytable.h"

/* Holds what an entry says about its key against what the log said so far, and takes it over.
 * Nothing changes on failure. Errors: ZC_AUDIT_UNKNOWN_KEY, ZC_AUDIT_KEY_REPEATED,
 * ZC_AUDIT_KEY_USES, ZC_AUDIT_KEY_PREVIOUS, ZC_AUDIT_SIGNED_WHEN_DISABLED, ZC_AUDIT_TOO_MANY_KEYS.
 */
ZC_MUST_USE zc_result zc_audit_track_key(zc_audit_keys *keys, const zc_audit_entry *entry);

#endif
