/* Keys: made, adopted, listed, shown, disabled. */
#include "enclave/parts.h"

#include "keys/birth.h"

zc_result zc_key_find(zc_enclave *enclave, zc_slice name, zc_key **ret_key)
{
    const uint32_t number = zc_keyring_by_name(&enclave->keyring, name);
    /* The log mostly has a key where the ring has it. */
    __builtin_prefetch(&enclave->verifier.keys.track[number % enclave->verifier.keys.capacity], 1);
    return number == ZC_KEYS_NONE ? zc_fail(ZC_ENCLAVE_UNKNOWN_KEY)
                                  : zc_keyring_open(&enclave->keyring, number, ret_key);
}

/* The info borrows from the key. */
static zc_result describe(zc_enclave *enclave, const zc_key *key, zc_writer *birth,
                          zc_key_info *ret_info)
{
    const zc_audit_key_track *track = zc_log_track(enclave, key);
    zc_slice start = zc_writer_written(birth);
    ZC_TRY(zc_birth_write(&enclave->secrets->identity, enclave->genesis.deployment_id, key, birth));
    zc_slice end = zc_writer_written(birth);
    *ret_info = (zc_key_info){.name = zc_slice_of_text(key->name),
                              .kind = (uint8_t)key->kind,
                              .public_key = zc_key_public_slice(&key->public_part),
                              .tier = (uint8_t)key->tier,
                              .origin = (uint8_t)key->origin,
                              .state = track->disabled ? ZC_KEY_DISABLED : ZC_KEY_ACTIVE,
                              .nonce_mode = (uint8_t)key->nonce_mode,
                              .uses = track->uses,
                              .owner = zc_slice_of_text(key->owner),
                              .created_ms = key->created_ms,
                              .birth = zc_slice_of(end.data + start.len, end.len - start.len),
                              .has_api_key = key->api_key[0] != '\0',
                              .api_key = zc_slice_of_text(key->api_key),
                              .has_venue = key->venue != 0,
                              .venue = key->venue};
    return ZC_OK;
}

static zc_result reply_key(zc_enclave *enclave, const zc_message *message, const zc_key *key,
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

static zc_result store_key(zc_enclave *enclave, const zc_key *key, const zc_key_material *material,
                           zc_effects *effects)
{
    zc_seal_place place;
    zc_place_of(enclave, &place);
    zc_writer sealed = ZC_WRITER_OF_ARRAY(enclave->key_bytes);
    ZC_TRY(zc_key_seal(&enclave->secrets->seal, &place, key, material, &enclave->secrets->drbg,
                       &sealed));
    return zc_emit_store(enclave, effects, ZC_STORE_KEY, zc_slice_of_text(key->name),
                         zc_writer_written(&sealed));
}

/* A key is born once in a log. One whose sealed form the host lost has its birth and its uses there
 * already: a second birth would forget them, and the log would never verify again. */
static zc_result check_unborn(const zc_enclave *enclave, zc_key_holder *holder)
{
    const zc_audit_keys *keys = &enclave->verifier.keys;
    const zc_key_public public_part = zc_key_holder_public(holder);
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key_id(&public_part, id);
    bool known = zc_audit_keys_find(keys, id) != NULL;
    bool held = zc_keyring_by_id(&enclave->keyring, id) != ZC_KEYS_NONE;
    if ((known && !held) || (!known && keys->count == keys->capacity)) {
        zc_key_holder_clear(holder);
        return zc_fail(known ? ZC_ENCLAVE_KEY_LOST : ZC_ENCLAVE_KEYRING_FULL);
    }
    return ZC_OK;
}

zc_result zc_key_adopt(zc_enclave *enclave, const zc_message *message, const zc_key *record,
                       const zc_key_material *material, zc_audit_kind kind)
{
    zc_key_holder holder;
    ZC_TRY(zc_keyring_spare(&enclave->keyring, &holder));
    ZC_TRY(check_unborn(enclave, &holder));
    zc_key *key;
    ZC_TRY(zc_keyring_add(&enclave->keyring, record, &key));
    ZC_TRY(zc_log_begin_key(enclave, key));
    ZC_TRY(log_key(enclave, message, kind, key));
    ZC_TRY(store_key(enclave, key, material, message->effects));
    return reply_key(enclave, message, key, enclave->ordinal);
}

zc_result zc_on_key_create(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_key_create *wanted = &message->request->key_create;
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_KEY_ADMIN));
    const char *owner = enclave->mission.principals[message->session->principal].name;
    zc_key record;
    zc_key_holder holder;
    if (!zc_key_kind_has_curve((zc_key_kind)wanted->kind)) {
        return zc_fail(ZC_ENCLAVE_NOT_MADE_HERE);
    }
    ZC_TRY(zc_key_describe(wanted->name, zc_slice_of_text(owner), wanted->tier, ZC_ORIGIN_GENERATED,
                           wanted->nonce_mode, (uint64_t)enclave->now_ms, &record));
    ZC_TRY(zc_key_bind(&record, wanted->api_key, wanted->venue));
    if (!zc_ok(zc_keyring_spare(&enclave->keyring, &holder))) {
        return zc_fail(ZC_ENCLAVE_KEYRING_FULL);
    }
    ZC_TRY(zc_signer_generate(holder.signer, (zc_curve)wanted->kind, &enclave->secrets->drbg));
    return zc_key_adopt(enclave, message, &record, NULL, ZC_AUDIT_KEY_CREATED);
}

zc_result zc_on_key_list(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_key_list *wanted = &message->request->key_list;
    zc_writer births = ZC_WRITER_OF_ARRAY(enclave->entry_bytes);
    zc_writer infos = ZC_WRITER_OF_ARRAY(enclave->list_bytes);
    size_t count = 0;
    for (uint64_t i = wanted->from; i < enclave->keyring.count && count < wanted->max; i++) {
        zc_key key;
        zc_key_info info;
        zc_keyring_look(&enclave->keyring, (uint32_t)i, &key);
        ZC_TRY(describe(enclave, &key, &births, &info));
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
    const zc_slice name = message->request->key_name.name;
    const uint32_t number = zc_keyring_by_name(&enclave->keyring, name);
    zc_key key;
    if (number == ZC_KEYS_NONE) {
        return zc_fail(ZC_ENCLAVE_UNKNOWN_KEY);
    }
    zc_keyring_look(&enclave->keyring, number, &key);
    return reply_key(enclave, message, &key, 0);
}

zc_result zc_on_key_disable(zc_enclave *enclave, const zc_message *message)
{
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_KEY_ADMIN | ZC_ROLE_APPROVER));
    const zc_slice name = message->request->key_name.name;
    const uint32_t number = zc_keyring_by_name(&enclave->keyring, name);
    zc_key key;
    if (number == ZC_KEYS_NONE) {
        return zc_fail(ZC_ENCLAVE_UNKNOWN_KEY);
    }
    zc_keyring_look(&enclave->keyring, number, &key);
    zc_audit_key_track *track = zc_log_track(enclave, &key);
    if (track->disabled) {
        return zc_fail(ZC_ENCLAVE_KEY_DISABLED);
    }
    track->disabled = true;
    ZC_TRY(log_key(enclave, message, ZC_AUDIT_KEY_DISABLED, &key));
    return reply_key(enclave, message, &key, enclave->ordinal);
}
