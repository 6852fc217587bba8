/* Cosignatures of witnesses (C2SP tlog-cosignature, "cosignature/v1") on a checkpoint.
 *
 * A witness that has seen a checkpoint, and knows that it continues all it saw before of that log,
 * signs "cosignature/v1\ntime <seconds since 1970>\n" ‖ the checkpoint's text with Ed25519. Its
 * line in the note is base64(key id 4 ‖ u64be time ‖ signature 64). The key id is the first four
 * bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key). All values are public. */
#ifndef ZC_AUDIT_COSIGNATURE_H
#define ZC_AUDIT_COSIGNATURE_H

#include "audit/note.h"

typedef struct zc_cosigner {
    zc_slice name; /* borrowed */
    uint8_t public_key[32];
    uint8_t id[ZC_NOTE_KEY_ID_SIZE];
} zc_cosigner;

/* Errors: ZC_AUDIT_BAD_NOTE_NAME. */
ZC_MUST_USE zc_result zc_cosigner_of(zc_slice name, const uint8_t public_key[static 32],
                                     zc_cosigner *ret_cosigner);
/* Reads "name+hex id+base64(0x04 ‖ public key)"; the name points into `text`.
 * Errors: ZC_AUDIT_BAD_NOTE_KEY, ZC_AUDIT_BAD_NOTE_NAME. */
ZC_MUST_USE zc_result zc_cosigner_parse(zc_slice text, zc_cosigner *ret_cosigner);
/* Writes the same form. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_cosigner_write(const zc_cosigner *cosigner, zc_writer *writer);

/* Whether the witness cosigned the note, and when at the latest. Lines of others are passed over;
 * every line that claims to be this witness's must be right.
 * Errors: ZC_AUDIT_NOT_SIGNED, ZC_AUDIT_BAD_NOTE_SIGNATURE. */
ZC_MUST_USE zc_result zc_cosignature_check(const zc_note *note, const zc_cosigner *cosigner,
                                           uint64_t *ret_time_s);

/* Appends one cosignature line over a checkpoint's text, which ends in a newline.
 * Errors: ZC_AUDIT_BAD_NOTE_NAME, ZC_BASE_TOO_LONG, ZC_BASE_FULL, those of signing. */
ZC_MUST_USE zc_result zc_cosignature_write(zc_slice text, zc_slice name, const zc_signer *signer,
                                           uint64_t time_s, zc_writer *writer);

#endif
