/* Signed notes (C2SP signed-note): text, an empty line, then signature lines
 * "— name base64(key id 4 ‖ signature)". Ed25519 (type 0x01) only.
 *
 * A note's text is UTF-8 without control characters other than newlines, and ends in one. All
 * values are public. */
#ifndef ZC_AUDIT_NOTE_H
#define ZC_AUDIT_NOTE_H

#include "audit/reasons.h"
#include "base/reasons.h"
#include "base/slice.h"
#include "base/writer.h"
#include "crypto/signer.h"

#define ZC_NOTE_KEY_ID_SIZE 4
#define ZC_NOTE_NAME_MAX 255
#define ZC_NOTE_MAX 65536
#define ZC_NOTE_SIGNATURES_MAX 100
/* Room for signatures of other types than ours; theirs are passed over. */
#define ZC_NOTE_SIGNATURE_BYTES_MAX 4096

typedef struct zc_note_key {
    zc_slice name; /* borrowed */
    uint8_t public_key[32];
    uint8_t id[ZC_NOTE_KEY_ID_SIZE];
} zc_note_key;

/* A signer's name: UTF-8, not empty, at most ZC_NOTE_NAME_MAX bytes, no space of Unicode, no plus,
 * no control character. Errors: ZC_AUDIT_BAD_NOTE_NAME. */
ZC_MUST_USE zc_result zc_note_name_check(zc_slice name);

/* A verifier for `name`; the id is the first four bytes of
 * SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key). Errors: ZC_AUDIT_BAD_NOTE_NAME. */
ZC_MUST_USE zc_result zc_note_key_of(zc_slice name, const uint8_t public_key[static 32],
                                     zc_note_key *ret_key);
/* Reads a verifier key, "name+hex id+base64(0x01 ‖ public key)"; the id is recomputed and held
 * against the text. Errors: ZC_AUDIT_BAD_NOTE_KEY, ZC_AUDIT_BAD_NOTE_NAME. */
ZC_MUST_USE zc_result zc_note_key_parse(zc_slice text, zc_note_key *ret_key);
/* Writes the same form. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_note_key_write(const zc_note_key *key, zc_writer *writer);

/* One signature line; name and base64 point into the note. */
typedef struct zc_note_line {
    zc_slice name;
    uint8_t key_id[ZC_NOTE_KEY_ID_SIZE];
    zc_slice base64; /* of key id ‖ signature; known to be well-formed */
} zc_note_line;

typedef struct zc_note {
    zc_slice text; /* with its last newline, without the empty line */
    size_t count;
    zc_note_line line[ZC_NOTE_SIGNATURES_MAX];
} zc_note;

/* Splits a note and checks its form, no signature. Everything points into `bytes`.
 * On failure the lines may be filled in part; text and count are untouched.
 * Errors: ZC_AUDIT_BAD_NOTE, ZC_AUDIT_BAD_NOTE_NAME, ZC_BASE_TOO_LONG. */
ZC_MUST_USE zc_result zc_note_parse(zc_slice bytes, zc_note *ret_note);

/* Whether `key` signed the note. Signatures by other keys are passed over, as the specification
 * asks; every signature that claims to be of this key must be right.
 * Errors: ZC_AUDIT_NOT_SIGNED, ZC_AUDIT_BAD_NOTE_SIGNATURE. */
ZC_MUST_USE zc_result zc_note_verify(const zc_note *note, const zc_note_key *key);

/* Appends one signature line over `text` by an Ed25519 signer called `name`. The caller has
 * written the text and the empty line. Errors: ZC_AUDIT_BAD_NOTE_NAME, ZC_BASE_FULL, those of
 * zc_sign_message_ed25519(). */
ZC_MUST_USE zc_result zc_note_sign(zc_slice text, zc_slice name, const zc_signer *signer,
                                   zc_writer *writer);

#endif
