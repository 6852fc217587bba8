#include "intent/payload.h"

#include "crypto/hash160.h"
#include "intent/cosmos.h"
#include "intent/decode.h"
#include "intent/message.h"
#include "intent/payer.h"
#include "intent/solana.h"
#include "intent/typed_data.h"

static bool serves(const zc_pubkey *key, zc_family family)
{
    switch (family) {
    case ZC_FAMILY_EVM:
    case ZC_FAMILY_BITCOIN:
    case ZC_FAMILY_COSMOS:
        return key == NULL || key->curve == ZC_CURVE_SECP256K1;
    case ZC_FAMILY_SOLANA:
        return key == NULL || key->curve == ZC_CURVE_ED25519;
    case ZC_FAMILY_NONE:
        return key == NULL || key->curve != ZC_CURVE_SECP256K1;
    case ZC_FAMILY_VENUE:
        break;
    }
    return false;
}

static zc_result evm_account(const zc_pubkey *key, zc_address *ret_account)
{
    uint8_t bytes[ZC_EVM_ADDRESS_SIZE] = {0};
    if (key != NULL) {
        ZC_TRY(zc_evm_address(key, bytes));
    }
    *ret_account = zc_address_of_evm(bytes);
    return ZC_OK;
}

static zc_result cosmos_account(const zc_pubkey *key, zc_slice sign_doc, zc_address *ret_account)
{
    uint8_t compressed[33];
    uint8_t account[20];
    if (key == NULL) {
        *ret_account = (zc_address){0};
        (void)zc_cosmos_payer(sign_doc, ret_account);
        return ZC_OK;
    }
    ZC_TRY(zc_pubkey_compress(key, compressed));
    zc_hash160(ZC_SLICE_OF_ARRAY(compressed), account);
    *ret_account = zc_address_of(ZC_SLICE_OF_ARRAY(account));
    return ZC_OK;
}

static void solana_account(const zc_pubkey *key, zc_slice message,
                           uint8_t ret_account[static ZC_SOLANA_KEY_SIZE])
{
    zc_address payer = {0};
    memset(ret_account, 0, ZC_SOLANA_KEY_SIZE);
    if (key != NULL) {
        memcpy(ret_account, key->byte, ZC_SOLANA_KEY_SIZE);
    } else if (zc_solana_payer(message, &payer)) {
        memcpy(ret_account, payer.byte, ZC_SOLANA_KEY_SIZE);
    }
}

zc_bitcoin_account zc_payload_bitcoin_account(const zc_payload *payload, const zc_pubkey *key)
{
    zc_bitcoin_account account = {
        .chain_id = payload->has_chain ? payload->chain_id : ZC_CHAIN_BITCOIN,
        .branch = payload->branch,
    };
    if (key != NULL) {
        account.key = *key;
    }
    return account;
}

zc_bitcoin_lock zc_payload_bitcoin_lock(const zc_payload *payload)
{
    uint8_t lock = payload->form & (ZC_PAYLOAD_BITCOIN_LEGACY - 1);
    return lock == 0 ? ZC_BITCOIN_P2WPKH : (zc_bitcoin_lock)lock;
}

bool zc_payload_bitcoin_is_legacy(const zc_payload *payload)
{
    return (payload->form & ZC_PAYLOAD_BITCOIN_LEGACY) != 0;
}

/* A first byte of 5 is no transaction type: it begins an authorization (EIP-7702). */
static zc_result decode_evm(const zc_payload *payload, const zc_pubkey *key,
                            const zc_descriptor_set *descriptors, zc_intent *ret_intent,
                            size_t *ret_offset)
{
    enum { AUTHORIZATION = 0x05 };
    zc_address account;
    ZC_TRY(evm_account(key, &account));
    if (payload->bytes.len > 0 && payload->bytes.data[0] == AUTHORIZATION) {
        return zc_intent_decode_evm_authorization(payload->bytes, &account, ret_intent, ret_offset);
    }
    return zc_intent_decode_evm_tx(payload->bytes, &account, descriptors, ret_intent, ret_offset);
}

static zc_result decode_tx(const zc_payload *payload, const zc_pubkey *key,
                           const zc_descriptor_set *descriptors, zc_intent *ret_intent,
                           size_t *ret_offset)
{
    uint8_t solana[ZC_SOLANA_KEY_SIZE];
    zc_address account;
    zc_bitcoin_account bitcoin;
    switch (payload->family) {
    case ZC_FAMILY_EVM:
        return decode_evm(payload, key, descriptors, ret_intent, ret_offset);
    case ZC_FAMILY_BITCOIN:
        bitcoin = zc_payload_bitcoin_account(payload, key);
        return zc_intent_decode_psbt(payload->bytes, &bitcoin, ret_intent, ret_offset);
    case ZC_FAMILY_SOLANA:
        solana_account(key, payload->bytes, solana);
        return zc_intent_decode_solana_tx(payload->bytes, solana, ret_intent, ret_offset);
    case ZC_FAMILY_COSMOS:
        ZC_TRY(cosmos_account(key, payload->bytes, &account));
        return zc_intent_decode_cosmos(payload->bytes, zc_address_slice(&account), ret_intent,
                                       ret_offset);
    case ZC_FAMILY_NONE:
    case ZC_FAMILY_VENUE:
        break;
    }
    return zc_fail(ZC_INTENT_FAMILY);
}

static zc_result decode_bitcoin_message(const zc_payload *payload, const zc_pubkey *key,
                                        zc_intent *ret_intent)
{
    zc_bitcoin_signing signing;
    const zc_bitcoin_account account = zc_payload_bitcoin_account(payload, key);
    if (zc_payload_bitcoin_is_legacy(payload)) {
        return zc_intent_decode_bitcoin_message(payload->bytes, &account, ret_intent);
    }
    return zc_intent_decode_bip322_message(payload->bytes, &account,
                                           zc_payload_bitcoin_lock(payload), ret_intent, &signing);
}

static zc_result decode_message(const zc_payload *payload, const zc_pubkey *key,
                                zc_intent *ret_intent, size_t *ret_offset)
{
    zc_address account = {0};
    uint8_t solana[ZC_SOLANA_KEY_SIZE];
    /* An Ed25519 key signs the bytes themselves, so a Solana message in Solana's own wrapping is
     * read as one whatever family was asked for. */
    bool may_be_solana =
        (payload->family == ZC_FAMILY_NONE || payload->family == ZC_FAMILY_SOLANA) &&
        (key == NULL || key->curve == ZC_CURVE_ED25519);
    if (may_be_solana && zc_solana_is_offchain(payload->bytes)) {
        solana_account(key, payload->bytes, solana);
        return zc_intent_decode_solana_offchain(payload->bytes, solana, ret_intent, ret_offset);
    }
    switch (payload->family) {
    case ZC_FAMILY_EVM:
        ZC_TRY(evm_account(key, &account));
        return zc_intent_decode_message(ZC_FAMILY_EVM, payload->bytes, &account, ret_intent);
    case ZC_FAMILY_BITCOIN:
        return decode_bitcoin_message(payload, key, ret_intent);
    case ZC_FAMILY_NONE:
    case ZC_FAMILY_SOLANA:
        /* What SHA-256 of a SignDoc would sign, a P-256 key may sign for a Cosmos account. */
        if (zc_cosmos_is_sign_doc(payload->bytes)) {
            return zc_fail(ZC_INTENT_MESSAGE_IS_TRANSACTION);
        }
        return key != NULL && key->curve == ZC_CURVE_P256
                   ? zc_intent_decode_chainless_message(payload->bytes, ret_intent)
                   : zc_intent_decode_message(ZC_FAMILY_NONE, payload->bytes, &account, ret_intent);
    case ZC_FAMILY_COSMOS:
    case ZC_FAMILY_VENUE:
        break;
    }
    return zc_fail(ZC_INTENT_FAMILY);
}

static zc_result decode_typed_data(const zc_payload *payload, const zc_pubkey *key,
                                   const zc_descriptor_set *descriptors, zc_intent *ret_intent,
                                   size_t *ret_offset)
{
    zc_address account;
    const zc_typed_data_expectation expected = {
        .has_chain = payload->has_chain,
        .chain = payload->chain_id,
        .descriptors = descriptors,
    };
    if (payload->family != ZC_FAMILY_EVM) {
        return zc_fail(ZC_INTENT_FAMILY);
    }
    ZC_TRY(evm_account(key, &account));
    return zc_intent_decode_typed_data(payload->bytes, account.byte, &expected, ret_intent,
                                       ret_offset);
}

static zc_result decode_digest(const zc_payload *payload, const zc_pubkey *key,
                               zc_intent *ret_intent)
{
    zc_address account = {0};
    if (payload->family == ZC_FAMILY_EVM) {
        ZC_TRY(evm_account(key, &account));
    }
    return zc_intent_decode_digest(payload->family, payload->bytes, &account, ret_intent);
}

zc_result zc_payload_decode(const zc_payload *payload, const zc_pubkey *key,
                            const zc_descriptor_set *descriptors, zc_intent *ret_intent,
                            size_t *ret_offset)
{
    size_t ignored;
    size_t *offset = ret_offset != NULL ? ret_offset : &ignored;
    *offset = 0;
    if (!serves(key, payload->family)) {
        return zc_fail(ZC_INTENT_FAMILY);
    }
    switch (payload->kind) {
    case ZC_PAYLOAD_TX:
        return decode_tx(payload, key, descriptors, ret_intent, offset);
    case ZC_PAYLOAD_MESSAGE:
        return decode_message(payload, key, ret_intent, offset);
    case ZC_PAYLOAD_TYPED_DATA:
        return decode_typed_data(payload, key, descriptors, ret_intent, offset);
    case ZC_PAYLOAD_DIGEST:
        return decode_digest(payload, key, ret_intent);
    }
    return zc_fail(ZC_INTENT_FAMILY);
}
