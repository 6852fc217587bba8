/* Verifier keys of signed notes, whatever their signature type: "name+hex id+base64(type ‖ public
 * key)", where the id is the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key) (C2SP
 * signed-note). Within this module: note.h and cosignature.h have a type each. Errors as there. */
#ifndef ZC_AUDIT_TYPED_KEY_H
#define ZC_AUDIT_TYPED_KEY_H

#include "audit/note.h"

ZC_MUST_USE zc_result zc_typed_key_of(uint8_t type, zc_slice name,
                                      const uint8_t public_key[static 32], zc_note_key *ret_key);
/* The id is recomputed and held against the text. */
ZC_MUST_USE zc_result zc_typed_key_parse(uint8_t type, zc_slice text, zc_note_key *ret_key);
ZC_MUST_USE zc_result zc_typed_key_write(uint8_t type, const zc_note_key *key, zc_writer *writer);

#endif
