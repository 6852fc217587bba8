#include "enclave/signing.h"

#include "crypto/schnorr.h"
#include "enclave/order.h"
#include "intent/cosmos.h"
#include "intent/solana.h"

/* What a PSBT grows by around its signatures: an index and lengths. */
#define PSBT_MARGIN 1024

zc_payload zc_payload_of(const zc_request_sign *wanted, const zc_key *key)
{
    zc_payload payload = {
        .kind = (zc_payload_kind)wanted->use,
        .family = (zc_family)wanted->family,
        .has_chain = wanted->has_chain_id,
        .chain_id = wanted->chain_id,
        .form = wanted->has_form ? wanted->form : 0,
        .bytes = wanted->payload,
    };
    if (payload.family == ZC_FAMILY_NONE && key->kind == ZC_KEY_KIND_SECP256K1) {
        payload.family = ZC_FAMILY_EVM;
    }
    return payload;
}

/* Whether the answer will fit, before anything is decided. */
static zc_result fits(const zc_payload *payload, const zc_intent *intent)
{
    size_t added = payload->kind == ZC_PAYLOAD_TX && payload->family == ZC_FAMILY_BITCOIN
                       ? intent->signatures * (size_t)ZC_PSBT_SIGNATURE_SIZE + PSBT_MARGIN
                       : PSBT_MARGIN;
    return payload->bytes.len + added <= ZC_ARTEFACT_MAX ? ZC_OK
                                                         : zc_fail(ZC_ENCLAVE_ARTEFACT_TOO_LONG);
}

static bool is_order(const zc_payload *payload)
{
    return (int)payload->kind == ZC_USE_ORDER;
}

zc_result zc_signing_read(zc_enclave *enclave, const zc_key *key, const zc_payload *payload,
                          size_t *ret_offset)
{
    *ret_offset = SIZE_MAX;
    if (is_order(payload)) {
        return payload->family == ZC_FAMILY_VENUE ? zc_order_compose(enclave, key, payload->bytes)
                                                  : zc_fail(ZC_INTENT_FAMILY);
    }
    if (zc_key_is_of_venue(key)) {
        return zc_fail(ZC_ENCLAVE_VENUE_KEY);
    }
    const zc_descriptor_set descriptors = zc_mission_descriptors(&enclave->mission);
    ZC_TRY(zc_payload_decode(payload, &key->signer->pubkey, &descriptors, &enclave->intent,
                             ret_offset));
    *ret_offset = SIZE_MAX;
    return fits(payload, &enclave->intent);
}

static zc_result sign_digest(zc_enclave *enclave, const zc_key *key,
                             const uint8_t digest[static 32], zc_signature *ret_signature)
{
    uint8_t fresh[32];
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    return zc_sign_digest(key->signer, key->nonce_mode, fresh, digest, ret_signature);
}

static zc_result sign_bytes(zc_enclave *enclave, const zc_key *key, zc_slice message,
                            zc_signature *ret_signature)
{
    uint8_t fresh[32];
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    return zc_sign_ed25519(key->signer, key->nonce_mode, fresh, message, ret_signature);
}

static zc_result sign_bitcoin(zc_enclave *enclave, const zc_key *key,
                              const zc_bitcoin_signing *signing, zc_signature *ret_signature)
{
    uint8_t fresh[32];
    if (!signing->is_schnorr) {
        return sign_digest(enclave, key, signing->digest, ret_signature);
    }
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    return zc_schnorr_sign(key->signer, fresh, ZC_SLICE_OF_ARRAY(signing->digest),
                           ZC_SCHNORR_TAPROOT,
                           signing->has_merkle_root ? signing->merkle_root : NULL, ret_signature);
}

/* One request, one entry, as many signatures as the PSBT has inputs of this key: the entry's digest
 * covers all of theirs. */
static zc_result make_psbt(zc_enclave *enclave, const zc_key *key, const zc_payload *payload,
                           zc_writer *artefact)
{
    const zc_bitcoin_account account = zc_payload_bitcoin_account(payload, &key->signer->pubkey);
    size_t count = 0;
    ZC_TRY(zc_psbt_signings(payload->bytes, &account, enclave->psbt_signings, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(sign_bitcoin(enclave, key, &enclave->psbt_signings[i], &enclave->signature_list[i]));
    }
    return zc_psbt_write_signed(payload->bytes, &account, enclave->signature_list, count, artefact);
}

static zc_result make_bitcoin_message(zc_enclave *enclave, const zc_key *key,
                                      const zc_payload *payload, zc_writer *artefact)
{
    zc_signature *signature = &enclave->signature_list[0];
    const zc_bitcoin_account account = zc_payload_bitcoin_account(payload, &key->signer->pubkey);
    zc_bitcoin_lock lock = zc_payload_bitcoin_lock(payload);
    if (zc_payload_bitcoin_is_legacy(payload)) {
        uint8_t bytes[65];
        ZC_TRY(sign_digest(enclave, key, enclave->intent.digest, signature));
        ZC_TRY(zc_bitcoin_message_write(lock, signature, bytes));
        return zc_write_slice(artefact, ZC_SLICE_OF_ARRAY(bytes));
    }
    /* Decoded once more, into the same intent, for the digest's kind. */
    zc_bitcoin_signing signing;
    ZC_TRY(zc_intent_decode_bip322_message(payload->bytes, &account, lock, &enclave->intent,
                                           &signing));
    ZC_TRY(sign_bitcoin(enclave, key, &signing, signature));
    return zc_bip322_write(payload->bytes, &account, lock, signature, artefact);
}

static zc_result make_bitcoin(zc_enclave *enclave, const zc_key *key, const zc_payload *payload,
                              zc_writer *artefact)
{
    switch (payload->kind) {
    case ZC_PAYLOAD_TX:
        return make_psbt(enclave, key, payload, artefact);
    case ZC_PAYLOAD_MESSAGE:
        return make_bitcoin_message(enclave, key, payload, artefact);
    case ZC_PAYLOAD_DIGEST:
        return sign_digest(enclave, key, enclave->intent.digest, &enclave->signature_list[0]);
    case ZC_PAYLOAD_TYPED_DATA:
        break;
    }
    return zc_fail(ZC_ENCLAVE_USE_NOT_SUPPORTED);
}

/* An EVM transaction is put together by the client: its signature is all that is new. */
static zc_result make(zc_enclave *enclave, const zc_key *key, const zc_payload *payload,
                      zc_writer *artefact)
{
    zc_signature *signature = &enclave->signature_list[0];
    if (payload->family == ZC_FAMILY_BITCOIN) {
        return make_bitcoin(enclave, key, payload, artefact);
    }
    if (key->kind == ZC_KEY_KIND_ED25519) {
        ZC_TRY(sign_bytes(enclave, key, payload->bytes, signature));
        return payload->family == ZC_FAMILY_SOLANA && payload->kind == ZC_PAYLOAD_TX
                   ? zc_solana_write_signed(payload->bytes, key->signer->pubkey.byte,
                                            signature->byte, artefact)
                   : ZC_OK;
    }
    ZC_TRY(sign_digest(enclave, key, enclave->intent.digest, signature));
    return payload->family == ZC_FAMILY_COSMOS && payload->kind == ZC_PAYLOAD_TX
               ? zc_cosmos_write_signed(payload->bytes, signature->byte, artefact)
               : ZC_OK;
}

zc_result zc_signing_make(zc_enclave *enclave, zc_key *key, const zc_payload *payload,
                          zc_reply_sign *ret_reply)
{
    if (is_order(payload)) {
        return zc_order_sign(enclave, key, ret_reply);
    }
    zc_writer artefact = ZC_WRITER_OF_ARRAY(enclave->artefact_bytes);
    ZC_TRY(make(enclave, key, payload, &artefact));
    const zc_signature *first = &enclave->signature_list[0];
    ret_reply->signature = ZC_SLICE_OF_ARRAY(first->byte);
    ret_reply->recovery = first->recovery;
    ret_reply->artefact = zc_writer_written(&artefact);
    ret_reply->has_artefact = ret_reply->artefact.len != 0;
    return ZC_OK;
}
