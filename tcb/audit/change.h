/* The details of MISSION entries: a change of the mission, step by step.
 *
 *     begin    = [1, from: hash, to: hash, earliest ms: uint, expires ms: uint]
 *     sign     = [2, begun: uint, expires ms: uint, signature: bstr .size 64]
 *     withdraw = [3, begun: uint]
 *     activate = [4, begun: uint, from: hash, to: hash, [* key, expires ms, signature],
 *                 revoked: bstr ; 32 bytes for each principal's key,
 *                 reference: bstr ; one unit, or empty, units: bstr ; one for each asset]
 *     unit     = 8 bytes of a SHA-256 that names it, 1 byte decimals
 *
 * `begun` is the sequence of the begin entry. After an activate entry nothing follows but a boot
 * under the mission `to`. The digest of every MISSION entry is that hash. */
#ifndef ZC_AUDIT_CHANGE_H
#define ZC_AUDIT_CHANGE_H

#include "audit/entry.h"

#define ZC_AUDIT_CHANGE_SIGNERS 64
#define ZC_AUDIT_CHANGE_REVOKED ((size_t)64 * 32)
#define ZC_AUDIT_CHANGE_UNIT 9
#define ZC_AUDIT_CHANGE_UNITS ((size_t)256 * ZC_AUDIT_CHANGE_UNIT)
/* The longest: an activate entry with everything. */
#define ZC_AUDIT_CHANGE_MAX 12288

typedef enum zc_audit_change_step {
    ZC_AUDIT_CHANGE_BEGIN = 1,
    ZC_AUDIT_CHANGE_SIGN = 2,
    ZC_AUDIT_CHANGE_WITHDRAW = 3,
    ZC_AUDIT_CHANGE_ACTIVATE = 4,
} zc_audit_change_step;

typedef struct zc_audit_change_signer {
    uint8_t key[32];
    uint64_t expires_ms;
    uint8_t signature[64]; /* over zc_audit_change_statement() */
} zc_audit_change_signer;

/* What a step does not have is zero. */
typedef struct zc_audit_change {
    zc_audit_change_step step;
    uint64_t begun;
    uint8_t from[32];
    uint8_t to[32];
    uint64_t earliest_ms;
    uint64_t expires_ms; /* of the change, or of the signature */
    uint8_t signature[64];
    size_t signer_count;
    zc_audit_change_signer signer[ZC_AUDIT_CHANGE_SIGNERS];
    zc_slice revoked; /* borrowed */
    zc_slice reference;
    zc_slice units;
} zc_audit_change;

/* Errors: ZC_BASE_FULL; ZC_AUDIT_BAD_SHAPE for what would not be read. */
ZC_MUST_USE zc_result zc_audit_change_write(const zc_audit_change *change, zc_writer *writer);
/* Errors: those of the CBOR reader, ZC_BASE_TRAILING, ZC_AUDIT_BAD_SHAPE. */
ZC_MUST_USE zc_result zc_audit_change_read(zc_slice detail, zc_audit_change *ret_change);

/* Whether the entry puts another mission in the place of its own, and which. */
bool zc_audit_changes_mission(const zc_audit_entry *entry, uint8_t ret_mission[static 32]);

/* What a member of the quorum signs:
 *
 *     ["zcp-mission-change-v1", deployment id, from, to, begun, expires ms]
 *
 * `change` gives from, to, begun and expires. Errors: ZC_BASE_FULL. */
#define ZC_AUDIT_CHANGE_STATEMENT_MAX 192
ZC_MUST_USE zc_result zc_audit_change_statement(const uint8_t deployment_id[static 32],
                                                const zc_audit_change *change, zc_writer *writer);

#endif
