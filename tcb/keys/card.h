/* What is kept of a key that is not resident: its public record, and its private key sealed under a
 * key of this boot. Cards lie one behind the other in ordinary memory. Internal to this module.
 *
 * The seal keeps the private key out of memory that may be swapped or dumped; the record around it
 * is memory of the enclave like any other and is not authenticated again. The nonce is the key's
 * number, which is sealed once: a card never changes. */
#ifndef ZC_KEYS_CARD_H
#define ZC_KEYS_CARD_H

#include "crypto/aead.h"
#include "keys/record.h"

/* The longest: names, API key's name, public part, box, numbers. A multiple of 8. */
#define ZC_KEY_CARD_MAX 560

/* Writes the card of `key` at `room`, aligned to 8 and of ZC_KEY_CARD_MAX bytes. `signer` holds the
 * private key of a curve; NULL for other kinds. Returns its length, a multiple of 8, or 0 when the
 * cipher failed. Constant-time in the private key. */
size_t zc_key_card_write(zc_aead *stash, const zc_key *key, const zc_signer *signer, uint8_t *room);
/* The record, without what it signs with. */
void zc_key_card_read(const uint8_t *card, zc_key *ret_key);
/* The name alone. */
zc_slice zc_key_card_name(const uint8_t *card);
/* Opens the private key of the card's record, which is on a curve. On failure the signer is
 * cleared. Errors: ZC_KEYS_SEAL_BROKEN. */
ZC_MUST_USE zc_result zc_key_card_open(zc_aead *stash, const uint8_t *card, const zc_key *key,
                                       zc_signer *ret_signer);

#endif
