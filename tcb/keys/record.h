/* A key as the enclave knows it. */
#ifndef ZC_KEYS_RECORD_H
#define ZC_KEYS_RECORD_H

#include "base/reasons.h"
#include "base/slice.h"
#include "crypto/kind.h"
#include "crypto/signer.h"
#include "intent/order.h"
#include "keys/holder.h"
#include "keys/reasons.h"
#include "wire/kinds.h"

#define ZC_KEY_NAME_SIZE 64 /* terminator included */
#define ZC_KEY_OWNER_SIZE 64
#define ZC_KEY_ID_SIZE 16
#define ZC_KEY_API_KEY_SIZE (ZC_COMPOSE_MAX_API_KEY + 1)

/* What is known of each key of a ring at all times (keys/keyring.h). */
typedef struct zc_key_place {
    uint8_t id[ZC_KEY_ID_SIZE];
    uint64_t card;       /* where its record stands */
    uint64_t last_nonce; /* greatest that a venue's request of this key has carried */
    uint32_t log;        /* the owner's: number + 1 of what the log says of it; 0: not born yet */
    uint16_t resident;   /* place + 1; 0: sealed */
    uint16_t venue;      /* place + 1 of its venue's secret; 0: none */
} zc_key_place;

/* Everything above the line is settled at birth and sealed with the key; what is below says where
 * it stands while the enclave runs. */
typedef struct zc_key {
    char name[ZC_KEY_NAME_SIZE];
    char owner[ZC_KEY_OWNER_SIZE]; /* the principal who made or imported it; may be empty */
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key_kind kind;
    zc_key_tier tier;
    zc_key_origin origin;
    zc_nonce_mode nonce_mode;
    uint64_t created_ms;
    uint64_t epoch;                    /* counts migrations of the seal; 1 at birth */
    char api_key[ZC_KEY_API_KEY_SIZE]; /* the key's name at its venue; empty: none */
    uint8_t venue;                     /* zc_venue: the only one it signs for; 0: not said */

    zc_key_public public_part;
    uint32_t number;     /* in its ring */
    zc_key_place *place; /* the ring's */
    /* In vaults; not owned by the record. */
    zc_signer *signer;             /* NULL for HMAC and RSA keys, and where none is opened */
    zc_venue_secret *venue_secret; /* of those, and of every key with a passphrase; else NULL */
} zc_key;

/* First 16 bytes of SHA-256("zcp-key" ‖ u8 kind ‖ public part). One HMAC secret is one key whatever
 * its hash: in here their kind is always ZC_KEY_KIND_HMAC_SHA256. Public. */
void zc_key_id(const zc_key_public *public_part, uint8_t ret_id[static ZC_KEY_ID_SIZE]);

/* [a-z0-9][a-z0-9._-]{0,62}. Errors: ZC_KEYS_BAD_NAME. */
ZC_MUST_USE zc_result zc_key_name_check(zc_slice name);

/* Starts a record: checked name and owner, the given choices, epoch 1. Id, kind, public
 * part and where the secrets stand are settled by zc_keyring_add().
 * Errors: ZC_KEYS_BAD_NAME, ZC_KEYS_OWNER_TOO_LONG, ZC_KEYS_BAD_RECORD for an unknown tier, origin
 * or nonce mode. */
ZC_MUST_USE zc_result zc_key_describe(zc_slice name, zc_slice owner, uint64_t tier, uint64_t origin,
                                      uint64_t nonce_mode, uint64_t created_ms, zc_key *ret_key);

/* Says how a venue knows the key, and which one: either may be left out (empty, 0).
 * Errors: ZC_KEYS_BAD_API_KEY, ZC_KEYS_BAD_RECORD for an unknown venue. */
ZC_MUST_USE zc_result zc_key_bind(zc_key *key, zc_slice api_key, uint64_t venue);

/* Whether the key is one of a trading venue: HMAC, RSA, or any with an API key's name, a passphrase
 * or a venue. Such a key signs the venue's requests and nothing else, because a message, a digest
 * or another chain's transaction could be the very bytes that its venue takes for a request. */
bool zc_key_is_of_venue(const zc_key *key);

#endif
