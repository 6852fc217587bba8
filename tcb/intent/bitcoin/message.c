#include "crypto/hash160.h"
#include "intent/bitcoin/owner.h"
#include "intent/bitcoin/psbt.h"
#include "intent/bitcoin/psbt_signature.h"
#include "intent/bitcoin/sighash.h"
#include "intent/bitcoin/to_sign.h"
#include "intent/bitcoin/wire.h"
#include "intent/text.h"

#define LEGACY_PREFIX                                                                              \
    "\x18"                                                                                         \
    "Bitcoin Signed Message:\n"

bool zc_bitcoin_is_transaction(zc_slice bytes)
{
    zc_btc_output output;
    uint8_t txid[ZC_BTC_TXID_SIZE];
    static const uint8_t psbt[5] = {0x70, 0x73, 0x62, 0x74, 0xff};
    if (bytes.len >= sizeof(psbt) && memcmp(bytes.data, psbt, sizeof(psbt)) == 0) {
        return true;
    }
    zc_result result = zc_btc_tx_output(bytes, 0, txid, &output);
    /* A whole transaction, even one without outputs. */
    return zc_ok(result) || zc_is(result, ZC_INTENT_PSBT_PREVIOUS_TX);
}

static zc_result check_message(zc_slice message)
{
    if (message.len > ZC_INTENT_MAX_MESSAGE) {
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    return zc_bitcoin_is_transaction(message) ? zc_fail(ZC_INTENT_MESSAGE_IS_TRANSACTION) : ZC_OK;
}

static void make_intent(zc_slice message, const zc_address *script, const uint8_t digest[static 32],
                        zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    ret_intent->family = ZC_FAMILY_BITCOIN;
    ret_intent->operation = ZC_OPERATION_MESSAGE;
    ret_intent->account = *script;
    ret_intent->signatures = 1;
    ret_intent->message = message;
    memcpy(ret_intent->digest, digest, sizeof(ret_intent->digest));
    if (!zc_text_is_plain(message)) {
        ret_intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
    }
}

void zc_bip322_message_hash(zc_slice message, uint8_t ret_hash[static 32])
{
    zc_sha256_ctx ctx;
    zc_tagged_hash_init(&ctx, "BIP0322-signed-message");
    zc_sha256_update(&ctx, message);
    zc_sha256_final(&ctx, ret_hash);
}

void zc_bip322_to_spend_txid(zc_slice message, zc_slice script,
                             uint8_t ret_txid[static ZC_BTC_TXID_SIZE])
{
    static const uint8_t nowhere[32] = {0};
    uint8_t script_sig[34] = {0x00, 0x20};
    zc_sha256_ctx ctx;
    zc_bip322_message_hash(message, script_sig + 2);
    zc_sha256_init(&ctx);
    zc_btc_hash_u32(&ctx, 0); /* version */
    zc_btc_hash_count(&ctx, 1);
    zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(nowhere));
    zc_btc_hash_u32(&ctx, UINT32_MAX);
    zc_btc_hash_bytes(&ctx, ZC_SLICE_OF_ARRAY(script_sig));
    zc_btc_hash_u32(&ctx, 0); /* sequence */
    zc_btc_hash_count(&ctx, 1);
    zc_btc_hash_u64(&ctx, 0); /* amount */
    zc_btc_hash_bytes(&ctx, script);
    zc_btc_hash_u32(&ctx, 0); /* lock time */
    zc_hash256_final(&ctx, ret_txid);
}

void zc_bip322_to_sign(zc_slice message, zc_slice script, zc_btc_tx *ret_tx)
{
    static const uint8_t op_return[1] = {ZC_BTC_OP_RETURN};
    ret_tx->version = 0;
    ret_tx->locktime = 0;
    ret_tx->input_count = 1;
    ret_tx->output_count = 1;
    ret_tx->has_witness = false;
    ret_tx->inputs[0] = (zc_btc_input){0};
    zc_bip322_to_spend_txid(message, script, ret_tx->inputs[0].txid);
    ret_tx->outputs[0] = (zc_btc_output){.script = ZC_SLICE_OF_ARRAY(op_return)};
}

static void bip322_digest(const zc_btc_tx *tx, zc_slice script, const zc_btc_key *key,
                          zc_bitcoin_lock lock, zc_bitcoin_signing *signing)
{
    zc_btc_hashes hashes;
    zc_btc_output spent = {.script = script};
    zc_address code = zc_btc_key_script(key, ZC_BITCOIN_P2PKH);
    zc_btc_hashes_make(tx, &spent, &hashes);
    switch (lock) {
    case ZC_BITCOIN_P2TR:
        zc_btc_sighash_taproot(tx, &hashes, &spent, 0, signing->sighash_type, signing->digest);
        break;
    case ZC_BITCOIN_P2PKH:
        zc_btc_sighash_legacy(tx, 0, script, signing->sighash_type, signing->digest);
        break;
    case ZC_BITCOIN_P2SH_P2WPKH:
    case ZC_BITCOIN_P2WPKH:
        zc_btc_sighash_v0(tx, &hashes, 0, zc_address_slice(&code), 0, signing->sighash_type,
                          signing->digest);
        break;
    }
}

zc_result zc_intent_decode_bip322_message(zc_slice message, const zc_bitcoin_account *account,
                                          zc_bitcoin_lock lock, zc_intent *ret_intent,
                                          zc_bitcoin_signing *ret_signing)
{
    zc_btc_owner owner;
    zc_btc_tx tx;
    zc_address script;
    zc_bitcoin_signing signing = {0};
    zc_intent_reset(ret_intent);
    ZC_TRY(zc_btc_owner_init(&owner, account));
    ZC_TRY(zc_bitcoin_script(&account->key, lock, &script));
    ZC_TRY(check_message(message));
    signing.is_schnorr = lock == ZC_BITCOIN_P2TR;
    signing.sighash_type = signing.is_schnorr ? ZC_BTC_SIGHASH_DEFAULT : ZC_BTC_SIGHASH_ALL;
    zc_bip322_to_sign(message, zc_address_slice(&script), &tx);
    bip322_digest(&tx, zc_address_slice(&script), &owner.key, lock, &signing);
    make_intent(message, &script, signing.digest, ret_intent);
    *ret_signing = signing;
    return ZC_OK;
}

/* The witness: signature and key, or a taproot signature alone. */
static zc_result write_stack(zc_writer *writer, const zc_btc_owner *owner, zc_bitcoin_lock lock,
                             const zc_signature *signature)
{
    uint8_t bytes[ZC_BTC_MAX_SIGNATURE];
    zc_writer value = ZC_WRITER_OF_ARRAY(bytes);
    if (lock == ZC_BITCOIN_P2TR) {
        ZC_TRY(zc_btc_write_schnorr(&value, signature, ZC_BTC_SIGHASH_DEFAULT));
        ZC_TRY(zc_btc_write_count(writer, 1));
        return zc_btc_write_bytes(writer, zc_writer_written(&value));
    }
    ZC_TRY(zc_btc_write_ecdsa(&value, signature, ZC_BTC_SIGHASH_ALL));
    ZC_TRY(zc_btc_write_count(writer, 2));
    ZC_TRY(zc_btc_write_bytes(writer, zc_writer_written(&value)));
    return zc_btc_write_bytes(writer, zc_btc_owner_key(owner));
}

static zc_result write_script_sig(zc_writer *writer, const zc_btc_owner *owner,
                                  zc_bitcoin_lock lock, const zc_signature *signature)
{
    uint8_t script[128];
    uint8_t bytes[ZC_BTC_MAX_SIGNATURE];
    zc_writer pushes = ZC_WRITER_OF_ARRAY(script);
    zc_writer value = ZC_WRITER_OF_ARRAY(bytes);
    if (lock == ZC_BITCOIN_P2PKH) {
        ZC_TRY(zc_btc_write_ecdsa(&value, signature, ZC_BTC_SIGHASH_ALL));
        ZC_TRY(zc_btc_write_push(&pushes, zc_writer_written(&value)));
        ZC_TRY(zc_btc_write_push(&pushes, zc_btc_owner_key(owner)));
    } else {
        zc_address program = zc_btc_key_script(&owner->key, ZC_BITCOIN_P2WPKH);
        ZC_TRY(zc_btc_write_push(&pushes, zc_address_slice(&program)));
    }
    return zc_btc_write_bytes(writer, zc_writer_written(&pushes));
}

/* The to_sign transaction, for locks that need something in the input's script. */
static zc_result write_full(zc_writer *writer, const zc_btc_tx *tx, const zc_btc_owner *owner,
                            zc_bitcoin_lock lock, const zc_signature *signature)
{
    bool is_segwit = lock != ZC_BITCOIN_P2PKH;
    ZC_TRY(zc_btc_write_u32(writer, tx->version));
    if (is_segwit) {
        ZC_TRY(zc_write_u8(writer, 0));
        ZC_TRY(zc_write_u8(writer, 1));
    }
    ZC_TRY(zc_btc_write_count(writer, 1));
    ZC_TRY(zc_write_slice(writer, ZC_SLICE_OF_ARRAY(tx->inputs[0].txid)));
    ZC_TRY(zc_btc_write_u32(writer, tx->inputs[0].index));
    ZC_TRY(write_script_sig(writer, owner, lock, signature));
    ZC_TRY(zc_btc_write_u32(writer, tx->inputs[0].sequence));
    ZC_TRY(zc_btc_write_count(writer, 1));
    ZC_TRY(zc_btc_write_u64(writer, tx->outputs[0].amount));
    ZC_TRY(zc_btc_write_bytes(writer, tx->outputs[0].script));
    if (is_segwit) {
        ZC_TRY(write_stack(writer, owner, lock, signature));
    }
    return zc_btc_write_u32(writer, tx->locktime);
}

zc_result zc_bip322_write(zc_slice message, const zc_bitcoin_account *account, zc_bitcoin_lock lock,
                          const zc_signature *signature, zc_writer *writer)
{
    zc_btc_owner owner;
    zc_btc_tx tx;
    zc_address script;
    zc_writer at = *writer;
    ZC_TRY(zc_btc_owner_init(&owner, account));
    ZC_TRY(zc_bitcoin_script(&account->key, lock, &script));
    if (lock == ZC_BITCOIN_P2WPKH || lock == ZC_BITCOIN_P2TR) {
        ZC_TRY(write_stack(&at, &owner, lock, signature));
    } else {
        zc_bip322_to_sign(message, zc_address_slice(&script), &tx);
        ZC_TRY(write_full(&at, &tx, &owner, lock, signature));
    }
    *writer = at;
    return ZC_OK;
}

void zc_bitcoin_message_digest(zc_slice message, uint8_t ret_digest[static 32])
{
    zc_sha256_ctx ctx;
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, zc_slice_of_text(LEGACY_PREFIX));
    zc_btc_hash_bytes(&ctx, message);
    zc_hash256_final(&ctx, ret_digest);
}

zc_result zc_intent_decode_bitcoin_message(zc_slice message, const zc_bitcoin_account *account,
                                           zc_intent *ret_intent)
{
    zc_btc_owner owner;
    uint8_t digest[32];
    zc_intent_reset(ret_intent);
    ZC_TRY(zc_btc_owner_init(&owner, account));
    ZC_TRY(check_message(message));
    zc_address script = zc_btc_key_script(&owner.key, ZC_BITCOIN_P2WPKH);
    zc_bitcoin_message_digest(message, digest);
    make_intent(message, &script, digest, ret_intent);
    return ZC_OK;
}

/* BIP-137: 31 and on for P2PKH with a compressed key, 35 for P2SH-P2WPKH, 39 for P2WPKH. */
zc_result zc_bitcoin_message_write(zc_bitcoin_lock lock, const zc_signature *signature,
                                   uint8_t ret_bytes[static 65])
{
    if (lock < ZC_BITCOIN_P2PKH || lock > ZC_BITCOIN_P2WPKH || signature->recovery > 3) {
        return zc_fail(ZC_INTENT_BIP322);
    }
    ret_bytes[0] = (uint8_t)(31 + 4 * (lock - ZC_BITCOIN_P2PKH) + signature->recovery);
    memcpy(ret_bytes + 1, signature->byte, sizeof(signature->byte));
    return ZC_OK;
}
