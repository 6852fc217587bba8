/* A key as the enclave knows it. */
#ifndef ZC_KEYS_RECORD_H
#define ZC_KEYS_RECORD_H

#include "base/reasons.h"
#include "base/slice.h"
#include "crypto/curve.h"
#include "crypto/signer.h"
#include "keys/reasons.h"
#include "wire/kinds.h"

#define ZC_KEY_NAME_SIZE 64 /* terminator included */
#define ZC_KEY_OWNER_SIZE 64
#define ZC_KEY_ID_SIZE 16

/* Everything above the line is settled at birth and sealed with the key; what is below follows
 * from the log. */
typedef struct zc_key {
    char name[ZC_KEY_NAME_SIZE];
    char owner[ZC_KEY_OWNER_SIZE]; /* the principal who made or imported it; may be empty */
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_curve curve;
    zc_key_tier tier;
    zc_key_origin origin;
    zc_nonce_mode nonce_mode;
    uint64_t created_ms;
    uint64_t epoch; /* counts migrations of the seal; 1 at birth */

    zc_key_state state;
    uint64_t uses; /* signatures authorised so far */
    bool has_last_entry;
    uint64_t last_entry; /* sequence of the last log entry that names the key */
    zc_signer *signer;   /* in the vault; not owned by the record */
} zc_key;

/* First 16 bytes of SHA-256("zcp-key" ‖ u8 curve ‖ public key), with the public key as zc_pubkey
 * holds it. Public. */
void zc_key_id(const zc_pubkey *public_key, uint8_t ret_id[static ZC_KEY_ID_SIZE]);

/* [a-z0-9][a-z0-9._-]{0,62}. Errors: ZC_KEYS_BAD_NAME. */
ZC_MUST_USE zc_result zc_key_name_check(zc_slice name);

/* Starts a record: checked name and owner, the given choices, epoch 1, active, never used. Id,
 * curve and signer are settled by zc_keyring_add().
 * Errors: ZC_KEYS_BAD_NAME, ZC_KEYS_OWNER_TOO_LONG, ZC_KEYS_BAD_RECORD for an unknown tier, origin
 * or nonce mode. */
ZC_MUST_USE zc_result zc_key_describe(zc_slice name, zc_slice owner, uint64_t tier, uint64_t origin,
                                      uint64_t nonce_mode, uint64_t created_ms, zc_key *ret_key);

#endif
