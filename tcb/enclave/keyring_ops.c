/* Keys: made, brought in, listed, shown, disabled. */
#include "enclave/parts.h"

#include "crypto/box.h"
#include "crypto/hkdf.h"
#include "keys/birth.h"

static zc_result describe(zc_enclave *enclave, zc_key *key, zc_writer *birth, zc_key_info *ret_info)
{
    zc_slice start = zc_writer_written(birth);
    ZC_TRY(zc_birth_write(&enclave->secrets->identity, enclave->genesis.deployment_id, key, birth));
    zc_slice end = zc_writer_written(birth);
    *ret_info = (zc_key_info){.name = zc_slice_of_text(key->name),
                              .curve = (uint8_t)key->curve,
                              .public_key = zc_pubkey_slice(&key->signer->pubkey),
                              .tier = (uint8_t)key->tier,
                              .origin = (uint8_t)key->origin,
                              .state = (uint8_t)key->state,
                              .nonce_mode = (uint8_t)key->nonce_mode,
                              .uses = key->uses,
                              .owner = zc_slice_of_text(key->owner),
                              .created_ms = key->created_ms,
                              .birth = zc_slice_of(end.data + start.len, end.len - start.len)};
    return ZC_OK;
}

static zc_result reply_key(zc_enclave *enclave, const zc_message *message, zc_key *key,
                           uint64_t after_ordinal)
{
    zc_reply reply = {.id = message->request->id, .op = message->request->op};
    zc_writer birth = ZC_WRITER_OF_ARRAY(enclave->birth_bytes);
    ZC_TRY(describe(enclave, key, &birth, &reply.key));
    return zc_emit_reply(message->effects, message->session->id, after_ordinal, &reply);
}

/* The log first, then the sealed key: a key that the log does not know is never served. */
static zc_result log_key(zc_enclave *enclave, const zc_message *message, zc_audit_kind kind,
                         zc_key *key)
{
    zc_audit_entry entry = {.kind = kind};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    zc_writer birth = ZC_WRITER_OF_ARRAY(enclave->birth_bytes);
    ZC_TRY(
        zc_birth_write(&enclave->secrets->identity, enclave->genesis.deployment_id, key, &birth));
    entry.detail = zc_writer_written(&birth);
    ZC_TRY(zc_group_principal(enclave, message->session->principal, &opening));
    zc_log_name_key(enclave, key, 0, &entry);
    return zc_log_append(enclave, &entry, &opening, message->effects, leaf);
}

static zc_result store_key(zc_enclave *enclave, zc_key *key, zc_effects *effects)
{
    zc_seal_place place;
    zc_place_of(enclave, &place);
    zc_writer sealed = ZC_WRITER_OF_ARRAY(enclave->key_bytes);
    ZC_TRY(zc_key_seal(&enclave->secrets->seal, &place, key, &enclave->secrets->drbg, &sealed));
    return zc_emit_store(enclave, effects, ZC_STORE_KEY, zc_slice_of_text(key->name),
                         zc_writer_written(&sealed));
}

/* A key is born once in a log. One whose sealed form the host lost has its birth and its uses there
 * already: a second birth would forget them, and the log would never verify again. */
static zc_result check_unborn(zc_enclave *enclave, zc_signer *signer)
{
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key_id(&signer->pubkey, id);
    bool known = zc_audit_verifier_key(&enclave->verifier, id) != NULL;
    bool held = zc_keyring_by_public(&enclave->keyring, &signer->pubkey) != NULL;
    if (known && !held) {
        zc_signer_clear(signer);
        return zc_fail(ZC_ENCLAVE_KEY_LOST);
    }
    return ZC_OK;
}

/* The key whose signer stands in the spare place enters the ring, the log and the store. */
static zc_result adopt(zc_enclave *enclave, const zc_message *message, const zc_key *record,
                       zc_audit_kind kind)
{
    ZC_TRY(check_unborn(enclave, zc_keyring_spare(&enclave->keyring)));
    zc_key *key;
    ZC_TRY(zc_keyring_add(&enclave->keyring, record, &key));
    ZC_TRY(log_key(enclave, message, kind, key));
    ZC_TRY(store_key(enclave, key, message->effects));
    return reply_key(enclave, message, key, enclave->ordinal);
}

zc_result zc_on_key_create(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_key_create *wanted = &message->request->key_create;
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_KEY_ADMIN));
    const char *owner = enclave->mission.principals[message->session->principal].name;
    zc_key record;
    ZC_TRY(zc_key_describe(wanted->name, zc_slice_of_text(owner), wanted->tier, ZC_ORIGIN_GENERATED,
                           wanted->nonce_mode, (uint64_t)enclave->now_ms, &record));
    zc_signer *spare = zc_keyring_spare(&enclave->keyring);
    if (spare == NULL) {
        return zc_fail(ZC_ENCLAVE_KEYRING_FULL);
    }
    ZC_TRY(zc_signer_generate(spare, (zc_curve)wanted->curve, &enclave->secrets->drbg));
    return adopt(enclave, message, &record, ZC_AUDIT_KEY_CREATED);
}

/* The import key of a session: it follows from the root and the session's salt, so nothing secret
 * is kept. */
static zc_result import_key(const zc_enclave *enclave, const zc_session *session,
                            zc_secret32 *ret_key)
{
    return zc_hkdf_sha256_secret(&enclave->secrets->root, ZC_SLICE_OF_ARRAY(session->import_salt),
                                 zc_slice_of_text("zcp import key v1"), ret_key->byte,
                                 sizeof ret_key->byte);
}

zc_result zc_on_key_import_begin(zc_enclave *enclave, const zc_message *message)
{
    zc_session *session = message->session;
    ZC_TRY(zc_require_role(enclave, session, ZC_ROLE_KEY_ADMIN));
    zc_drbg_bytes(&enclave->secrets->drbg, session->import_salt, sizeof session->import_salt);
    session->has_import_salt = true;
    ZC_SECRET zc_secret32 private_key;
    ZC_TRY(import_key(enclave, session, &private_key));
    zc_wait wait = {
        .purpose = ZC_WAIT_IMPORT, .session = session->id, .request = message->request->id};
    zc_x25519_public(&private_key, wait.import_key);
    return zc_ask_document(enclave, message->effects, &wait, message->request->attest.nonce,
                           ZC_SLICE_OF_ARRAY(wait.import_key));
}

zc_result zc_on_key_import(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_key_import *wanted = &message->request->key_import;
    zc_session *session = message->session;
    ZC_TRY(zc_require_role(enclave, session, ZC_ROLE_KEY_ADMIN));
    if (!session->has_import_salt) {
        return zc_fail(ZC_ENCLAVE_NO_IMPORT_KEY);
    }
    const char *owner = enclave->mission.principals[session->principal].name;
    zc_key record;
    ZC_TRY(zc_key_describe(wanted->name, zc_slice_of_text(owner), wanted->tier, ZC_ORIGIN_IMPORTED,
                           wanted->nonce_mode, (uint64_t)enclave->now_ms, &record));
    ZC_SECRET zc_secret32 opener;
    ZC_SECRET zc_secret32 private_key;
    ZC_TRY(import_key(enclave, session, &opener));
    session->has_import_salt = false; /* each import key serves once */
    ZC_TRY(zc_box_open(&opener, wanted->sealed, private_key.byte, sizeof private_key.byte));
    zc_signer *spare = zc_keyring_spare(&enclave->keyring);
    if (spare == NULL) {
        return zc_fail(ZC_ENCLAVE_KEYRING_FULL);
    }
    ZC_TRY(zc_signer_init(spare, (zc_curve)wanted->curve, &private_key));
    return adopt(enclave, message, &record, ZC_AUDIT_KEY_IMPORTED);
}

zc_result zc_on_key_list(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_key_list *wanted = &message->request->key_list;
    zc_writer births = ZC_WRITER_OF_ARRAY(enclave->entry_bytes);
    zc_writer infos = ZC_WRITER_OF_ARRAY(enclave->list_bytes);
    size_t count = 0;
    for (size_t i = (size_t)wanted->from; i < enclave->keyring.count && count < wanted->max; i++) {
        zc_key_info info;
        ZC_TRY(describe(enclave, &enclave->keyring.key[i], &births, &info));
        ZC_TRY(zc_key_info_write(&info, &infos));
        count++;
    }
    zc_reply reply = {.id = message->request->id,
                      .op = ZC_OP_KEY_LIST,
                      .key_list = {.count = count,
                                   .infos = zc_writer_written(&infos),
                                   .total = enclave->keyring.count}};
    return zc_emit_reply(message->effects, message->session->id, 0, &reply);
}

zc_result zc_on_key_show(zc_enclave *enclave, const zc_message *message)
{
    zc_key *key = zc_keyring_by_name(&enclave->keyring, message->request->key_name.name);
    return key == NULL ? zc_fail(ZC_ENCLAVE_UNKNOWN_KEY) : reply_key(enclave, message, key, 0);
}

zc_result zc_on_key_disable(zc_enclave *enclave, const zc_message *message)
{
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_KEY_ADMIN | ZC_ROLE_APPROVER));
    zc_key *key = zc_keyring_by_name(&enclave->keyring, message->request->key_name.name);
    if (key == NULL) {
        return zc_fail(ZC_ENCLAVE_UNKNOWN_KEY);
    }
    if (key->state == ZC_KEY_DISABLED) {
        return zc_fail(ZC_ENCLAVE_KEY_DISABLED);
    }
    key->state = ZC_KEY_DISABLED;
    ZC_TRY(log_key(enclave, message, ZC_AUDIT_KEY_DISABLED, key));
    return reply_key(enclave, message, key, enclave->ordinal);
}
