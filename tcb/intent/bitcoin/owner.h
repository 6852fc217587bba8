/* The signing key in all the forms in which Bitcoin knows it. */
#ifndef ZC_INTENT_BITCOIN_OWNER_H
#define ZC_INTENT_BITCOIN_OWNER_H

#include "intent/bitcoin.h"
#include "intent/bitcoin/script.h"

/* Operations on points that one PSBT may cost: each takes some 30 microseconds. */
#define ZC_BTC_MAX_POINT_OPERATIONS 8

/* A key and the scripts of locks that it makes alone. */
typedef struct zc_btc_key {
    uint8_t compressed[33];
    uint8_t hash[20]; /* HASH160 of it */
} zc_btc_key;

typedef struct zc_btc_owner {
    const zc_bitcoin_account *account;
    zc_btc_key key;
    unsigned point_operations; /* left */
    /* Whether the key comes from the account's branch, once that was asked. */
    bool has_branch_answer;
    bool is_of_branch;
    /* Taproot's output keys once they are needed: without scripts, and with the last merkle root,
     * which is mostly the same for all inputs. */
    bool has_output_key;
    bool has_rooted_key;
    uint8_t output_key[32];
    uint8_t root[32];
    uint8_t rooted_key[32];
} zc_btc_owner;

/* Borrows the account. Errors: ZC_INTENT_BITCOIN_KEY. */
ZC_MUST_USE zc_result zc_btc_owner_init(zc_btc_owner *owner, const zc_bitcoin_account *account);
/* The key itself, or its x-coordinate. */
zc_slice zc_btc_owner_key(const zc_btc_owner *owner);
zc_slice zc_btc_owner_x(const zc_btc_owner *owner);
/* The taproot output key, with a merkle root of 32 bytes or NULL for none. Errors:
 * ZC_INTENT_PSBT_HASHING when too many were asked for; of crypto. */
ZC_MUST_USE zc_result zc_btc_owner_output_key(zc_btc_owner *owner, const uint8_t *merkle_root,
                                              uint8_t ret_key[static 32]);

/* The key at `steps` from the account's branch. False without a branch that the owner's own key
 * comes from, and when no point operations are left. */
bool zc_btc_owner_derive(zc_btc_owner *owner, const uint32_t steps[static ZC_BITCOIN_STEPS],
                         zc_btc_key *ret_key);

zc_btc_key zc_btc_key_of(const uint8_t compressed[static 33]);
/* The script of this lock but P2TR, which takes a point operation. */
zc_address zc_btc_key_script(const zc_btc_key *key, zc_bitcoin_lock lock);

#endif
