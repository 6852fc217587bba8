/* Bitcoin: what a PSBT or a message would do, what has to be signed for it, and the signed form.
 *
 * PSBT versions 0 (BIP-174) and 2 (BIP-370) with the taproot fields of BIP-371. One key signs, the
 * account's, in its compressed form, wherever a spent output is locked by it alone or by a multisig
 * script that names it: P2PKH, P2PK, P2WPKH, P2SH-P2WPKH, multisig bare, in P2SH, in P2WSH and in
 * both, and taproot by the key path. An input that names the key in any other script, or by a
 * script path, fails the whole PSBT. Inputs of others, and inputs that are final or signed by this
 * key already, are left alone.
 *
 * Nothing in a PSBT is believed without proof:
 *
 *   amounts  Of an input, from the previous transaction with the right txid; a witness UTXO is only
 *            a claim. Each segwit signature commits to its own input's amount, so one claim among
 *            proven inputs harms nobody when that input is signed here; a taproot signature commits
 *            to all of them. Otherwise a claim could hide what goes to the miner, in two requests
 *            that lie about one input each (the BIP-143 fee attack): ZC_FLAG_UNKNOWN_FEE. An input
 *            without witness needs the previous transaction.
 *   change   An output is the account's (RECEIVE) when it pays back to the one script that all
 *            inputs signed here are locked by; or to the account's key alone, or a key that we
 *            derive from the account's branch by the path that the PSBT gives, in a form (P2PKH,
 *            P2SH-P2WPKH, P2WPKH, taproot without scripts) that one of those inputs has. The path
 *            begins with the master's fingerprint and the branch's own path, and continues it by 0
 *            or 1 and a number below 2^20: wallets would not find money further off. What the path
 *            leads to is derived here; the key that the PSBT names beside it is not looked at.
 *   others   The rest goes to others (OUT), each output in full, but not more than the inputs
 * signed here hold together. Change is not taken off: with some inputs hidden, each of two requests
 * could look as if it cost nothing.
 *
 * Signatures that leave outputs or inputs open (any type but ALL and DEFAULT) are flagged, and then
 * no output counts as change. A fee is ZC_FLAG_EXCESSIVE_FEE above 1000 satoshi per virtual byte,
 * or above 50 000 satoshi and a tenth of all inputs.
 *
 * Limits that keep every input below a millisecond: old-style signatures together hash at most 384
 * KiB (beyond: ZC_INTENT_PSBT_HASHING), and eight operations on points are spent on taproot keys
 * and on change by derivation; an output for which none is left is not proven, and stands as OUT.
 *
 * Nothing here allocates or recurses. All data is public. On failure outputs are untouched, but an
 * intent, which is left reset. */
#ifndef ZC_INTENT_BITCOIN_H
#define ZC_INTENT_BITCOIN_H

#include "base/writer.h"
#include "crypto/bip32.h"
#include "crypto/curve.h"
#include "crypto/signer.h"
#include "intent/intent.h"

/* As much as one request carries. */
#define ZC_PSBT_MAX 65536
#define ZC_PSBT_MAX_INPUTS 256
/* Each may be a movement, and the fee is one. */
#define ZC_PSBT_MAX_OUTPUTS (ZC_INTENT_MAX_MOVEMENTS - 1)
#define ZC_BITCOIN_MAX_PATH 10
/* A PSBT grows by less than this much for each signature. */
#define ZC_PSBT_SIGNATURE_SIZE 112

/* From a branch to a key: receiving (0) or change (1), then a number. */
#define ZC_BITCOIN_STEPS 2

/* Where the keys of an account branch off (BIP-44's m/purpose'/coin'/account'), as whoever owns the
 * signing key knows it. It proves change only when the signing key itself comes from it by `steps`:
 * a branch of somebody else's is no branch of ours. */
typedef struct zc_bitcoin_branch {
    uint8_t master[4]; /* fingerprint of the master key */
    uint8_t path_len;
    uint32_t path[ZC_BITCOIN_MAX_PATH]; /* from the master key to `key` */
    zc_bip32_public key;
    uint32_t steps[ZC_BITCOIN_STEPS]; /* from `key` to the signing key */
} zc_bitcoin_branch;

typedef struct zc_bitcoin_account {
    uint64_t chain_id;               /* ZC_CHAIN_BITCOIN… */
    zc_pubkey key;                   /* secp256k1; it signs */
    const zc_bitcoin_branch *branch; /* borrowed; NULL for a key that stands alone */
} zc_bitcoin_account;

/* The locks that one key makes alone. */
typedef enum zc_bitcoin_lock {
    ZC_BITCOIN_P2PKH = 1,
    ZC_BITCOIN_P2SH_P2WPKH = 2,
    ZC_BITCOIN_P2WPKH = 3,
    ZC_BITCOIN_P2TR = 4, /* BIP-86: without scripts */
} zc_bitcoin_lock;

/* One signature to be made. */
typedef struct zc_bitcoin_signing {
    uint16_t input;
    bool is_schnorr;      /* BIP-340 under ZC_SCHNORR_TAPROOT; else ECDSA with low s */
    bool has_merkle_root; /* of the output's scripts, for the tweak */
    uint8_t sighash_type;
    uint8_t digest[32];
    uint8_t merkle_root[32];
} zc_bitcoin_signing;

/* The intent of signing everything in the PSBT that the account can sign. `ret_offset` may be NULL;
 * it is set where the PSBT itself is malformed, and 0 for what its parts say together.
 * Errors: reasons.h, 100 to 129. */
ZC_MUST_USE zc_result zc_intent_decode_psbt(zc_slice psbt, const zc_bitcoin_account *account,
                                            zc_intent *ret_intent, size_t *ret_offset);
/* The signatures of that intent in the order of the inputs: intent.digest is the digest of the only
 * one, or SHA-256 over all of them. */
ZC_MUST_USE zc_result zc_psbt_signings(zc_slice psbt, const zc_bitcoin_account *account,
                                       zc_bitcoin_signing ret_list[static ZC_PSBT_MAX_INPUTS],
                                       size_t *ret_count);
/* The PSBT with these signatures added, one for each of zc_psbt_signings() and in that order; a
 * combiner merges it with those of others. Signatures are not verified again.
 * Errors: ZC_INTENT_PSBT_SIGNATURES for another count, ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_psbt_write_signed(zc_slice psbt, const zc_bitcoin_account *account,
                                           const zc_signature *signatures, size_t count,
                                           zc_writer *writer);
/* The network transaction, once every input is final or has all signatures that its script asks
 * for. Signatures are not verified. Errors: ZC_INTENT_PSBT_INCOMPLETE, ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_psbt_extract(zc_slice psbt, zc_writer *writer);

/* What an address of the account's key alone pays to: a scriptPubKey.
 * Errors: ZC_INTENT_BITCOIN_KEY for a key of another curve. */
ZC_MUST_USE zc_result zc_bitcoin_script(const zc_pubkey *key, zc_bitcoin_lock lock,
                                        zc_address *ret_script);

/* BIP-322: a message signed as if a transaction spent from the address. Refuses a message that is a
 * transaction or a PSBT itself. P2PKH has only the full format. The intent borrows `message`. */
ZC_MUST_USE zc_result zc_intent_decode_bip322_message(zc_slice message,
                                                      const zc_bitcoin_account *account,
                                                      zc_bitcoin_lock lock, zc_intent *ret_intent,
                                                      zc_bitcoin_signing *ret_signing);
/* The signature in the simple format, before base64 and its prefix "smp": the witness. For P2PKH
 * the full format ("ful"): the to_sign transaction. P2SH-P2WPKH is full as well. */
ZC_MUST_USE zc_result zc_bip322_write(zc_slice message, const zc_bitcoin_account *account,
                                      zc_bitcoin_lock lock, const zc_signature *signature,
                                      zc_writer *writer);

/* The older "Bitcoin Signed Message": ECDSA over a double SHA-256. */
ZC_MUST_USE zc_result zc_intent_decode_bitcoin_message(zc_slice message,
                                                       const zc_bitcoin_account *account,
                                                       zc_intent *ret_intent);
/* Its 65 bytes before base64: a header that tells recovery number and lock, then r and s. The lock
 * P2TR does not exist here: ZC_INTENT_BIP322. */
ZC_MUST_USE zc_result zc_bitcoin_message_write(zc_bitcoin_lock lock, const zc_signature *signature,
                                               uint8_t ret_bytes[static 65]);

/* Whether bytes are a PSBT, or a transaction of the network to the last byte: what is never signed
 * as a message. */
bool zc_bitcoin_is_transaction(zc_slice bytes);

#endif
