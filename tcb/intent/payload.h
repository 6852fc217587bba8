/* Which decoder reads what: one door for the enclave, which signs, and for everybody who only wants
 * to know. Raw bytes go no further than here. */
#ifndef ZC_INTENT_PAYLOAD_H
#define ZC_INTENT_PAYLOAD_H

#include "crypto/curve.h"
#include "intent/bitcoin.h"
#include "intent/descriptor.h"
#include "intent/intent.h"

/* What the signature would be for. Orders are composed, not decoded: compose/compose.h. */
typedef enum zc_payload_kind {
    ZC_PAYLOAD_TX = 1,
    ZC_PAYLOAD_MESSAGE = 2,
    ZC_PAYLOAD_TYPED_DATA = 3,
    ZC_PAYLOAD_DIGEST = 5,
} zc_payload_kind;

/* How a Bitcoin message is signed: by BIP-322 for an address with this lock (zc_bitcoin_lock), or,
 * with this added, in the older form. */
#define ZC_PAYLOAD_BITCOIN_LEGACY 16

typedef struct zc_payload {
    zc_payload_kind kind;
    zc_family family;
    /* Bitcoin: its network, mainnet where there is none. Typed data: the chain that its domain must
     * name. */
    bool has_chain;
    uint64_t chain_id;
    uint8_t form; /* Bitcoin messages; 0: BIP-322 for P2WPKH */
    /* Bitcoin: where the signing key's account branches off, as its owner knows it (never as the
     * request says it), so that change to the account's other keys can be proven; borrowed, NULL
     * for a key that stands alone. */
    const zc_bitcoin_branch *branch;
    zc_slice bytes;
} zc_payload;

/* What the payload would do, signed by `key`; NULL where nobody knows who will sign, and then the
 * account is EVM's zero address or nobody.
 *
 * A secp256k1 key serves EVM, Bitcoin and Cosmos; Ed25519 serves Solana; a P-256 key no chain. What
 * is a transaction of any chain that the key serves is refused as a message. `ret_offset` may be
 * NULL. Errors: the decoders', ZC_INTENT_FAMILY where the key does not serve the family. */
ZC_MUST_USE zc_result zc_payload_decode(const zc_payload *payload, const zc_pubkey *key,
                                        const zc_descriptor_set *descriptors, zc_intent *ret_intent,
                                        size_t *ret_offset);

/* The account that Bitcoin's decoder wants. */
zc_bitcoin_account zc_payload_bitcoin_account(const zc_payload *payload, const zc_pubkey *key);
/* What `form` says. */
zc_bitcoin_lock zc_payload_bitcoin_lock(const zc_payload *payload);
bool zc_payload_bitcoin_is_legacy(const zc_payload *payload);

#endif
