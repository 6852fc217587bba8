/* The one straight road: bytes → intent → decision → log entry → signature. */
#include "enclave/parts.h"

#include "intent/decode.h"

/* Which decoder reads the payload, by use and family. Raw bytes go no further than here. */
static zc_result decode(const zc_request_sign *wanted, const zc_key *key, zc_intent *ret_intent,
                        size_t *ret_offset)
{
    uint8_t account[ZC_ADDRESS_SIZE] = {0};
    bool evm = key->curve == ZC_CURVE_SECP256K1;
    if (evm) {
        ZC_TRY(zc_evm_address(&key->signer->pubkey, account));
    }
    if (wanted->family != ZC_FAMILY_NONE && (wanted->family != ZC_FAMILY_EVM || !evm)) {
        return zc_fail(ZC_ENCLAVE_NOT_AN_ETHEREUM_KEY);
    }
    switch (wanted->use) {
    case ZC_USE_TX:
        return wanted->family == ZC_FAMILY_EVM
                   ? zc_intent_decode_evm_tx(wanted->payload, account, ret_intent, ret_offset)
                   : zc_fail(ZC_ENCLAVE_NOT_AN_ETHEREUM_KEY);
    case ZC_USE_MESSAGE:
        /* A secp256k1 key serves EVM chains, so its messages are always personal messages: anything
         * else could turn out to be a transaction. */
        return zc_intent_decode_message(evm ? ZC_FAMILY_EVM : ZC_FAMILY_NONE, wanted->payload,
                                        account, ret_intent);
    case ZC_USE_DIGEST:
        return zc_intent_decode_digest(evm ? ZC_FAMILY_EVM : ZC_FAMILY_NONE, wanted->payload,
                                       account, ret_intent);
    default:
        return zc_fail(ZC_ENCLAVE_USE_NOT_SUPPORTED);
    }
}

static zc_result sign(zc_enclave *enclave, const zc_key *key, const zc_request_sign *wanted,
                      zc_signature *ret_signature)
{
    if (key->curve == ZC_CURVE_ED25519) {
        return zc_sign_message_ed25519(key->signer, wanted->payload, ret_signature);
    }
    uint8_t fresh[32];
    zc_drbg_bytes(&enclave->secrets->drbg, fresh, sizeof fresh);
    return zc_sign_digest(key->signer, key->nonce_mode, fresh, enclave->intent.digest,
                          ret_signature);
}

static zc_result record_and_sign(zc_enclave *enclave, const zc_message *message, zc_key *key,
                                 const zc_decision *decision)
{
    const zc_request_sign *wanted = &message->request->sign;
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_DECISION, .decision = ZC_AUDIT_ALLOW, .has_digest = true};
    memcpy(entry.digest, enclave->intent.digest, sizeof entry.digest);
    zc_audit_opening opening = {0};
    ZC_TRY(zc_group_principal(enclave, message->session->principal, &opening));
    ZC_TRY(zc_group_intent(enclave, &enclave->intent, &opening));
    ZC_TRY(zc_group_rule(enclave, wanted->use, wanted->key, decision, &opening));
    zc_log_name_key(enclave, key, 1, &entry);

    zc_reply reply = {.id = message->request->id, .op = ZC_OP_SIGN, .status = ZC_STATUS_OK};
    ZC_TRY(zc_log_append(enclave, &entry, &opening, message->effects, reply.sign.leaf));

    zc_signature signature;
    ZC_TRY(sign(enclave, key, wanted, &signature));
    enclave->signatures++;
    reply.sign.signature = ZC_SLICE_OF_ARRAY(signature.byte);
    reply.sign.recovery = signature.recovery;
    reply.sign.entry = entry.sequence;
    reply.sign.rule = zc_rule_name(enclave, decision);
    reply.sign.measured = decision->measured;
    reply.sign.limit = decision->limit;
    memcpy(reply.sign.digest, enclave->intent.digest, sizeof reply.sign.digest);
    return zc_emit_reply(message->effects, message->session->id, enclave->ordinal, &reply);
}

zc_result zc_on_sign(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_sign *wanted = &message->request->sign;
    zc_key *key = zc_keyring_by_name(&enclave->keyring, wanted->key);
    if (key == NULL) {
        return zc_fail(ZC_ENCLAVE_UNKNOWN_KEY);
    }
    if (key->state == ZC_KEY_DISABLED) {
        return zc_fail(ZC_ENCLAVE_KEY_DISABLED);
    }
    size_t offset = SIZE_MAX;
    zc_result decoded = decode(wanted, key, &enclave->intent, &offset);
    if (!zc_ok(decoded)) {
        return zc_emit_failure(enclave, message->effects, message->session->id,
                               message->request->id, decoded, offset == SIZE_MAX ? NULL : &offset);
    }
    zc_request_context context = {.principal = message->session->principal,
                                  .key_name = wanted->key,
                                  .use = wanted->use,
                                  .now_ms = enclave->now_ms,
                                  .halted = enclave->phase == ZC_PHASE_HALTED};
    memcpy(context.key_id, key->id, sizeof context.key_id);
    zc_decision decision;
    ZC_TRY(zc_policy_decide(&enclave->policy, &enclave->mission, &context, &enclave->intent,
                            &decision));
    return decision.outcome == ZC_OUTCOME_ALLOW ? record_and_sign(enclave, message, key, &decision)
                                                : zc_deny(enclave, message, key, &decision);
}
