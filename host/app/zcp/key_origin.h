/* A Bitcoin key as wallets write where it comes from: "[d34db33f/84h/0h/0h]xpub…/0/5", the master
 * key's fingerprint and the path to an extended public key, then the two steps to the key. */
#ifndef ZC_ZCP_KEY_ORIGIN_H
#define ZC_ZCP_KEY_ORIGIN_H

#include "intent/bitcoin.h"

/* False for any other text, a private extended key, and a key that does not exist. */
bool zc_key_origin_read(const char *text, zc_bitcoin_branch *ret_branch, zc_pubkey *ret_key);

#endif
