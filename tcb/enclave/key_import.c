/* Keys that come from outside: sealed to a fresh import key that a document vouches for. */
#include "enclave/parts.h"

#include "crypto/box.h"
#include "crypto/hkdf.h"

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

/* Each import key serves once, whatever the box holds. */
static zc_result open_box(zc_enclave *enclave, zc_session *session,
                          const zc_request_key_import *wanted, zc_key_material *ret_material)
{
    ZC_SECRET zc_secret32 opener;
    ZC_KEY_MATERIAL_BYTES zc_key_material_bytes plain = {0};
    ZC_TRY(import_key(enclave, session, &opener));
    session->has_import_salt = false;
    if (wanted->sealed.len < ZC_BOX_OVERHEAD ||
        wanted->sealed.len - ZC_BOX_OVERHEAD > sizeof plain.byte) {
        return zc_fail(ZC_CRYPTO_BAD_SEALED_BOX);
    }
    plain.len = wanted->sealed.len - ZC_BOX_OVERHEAD;
    ZC_TRY(zc_box_open(&opener, wanted->sealed, plain.byte, plain.len));
    return zc_key_material_read((zc_key_kind)wanted->kind, &plain, ret_material);
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
    zc_key_holder holder;
    ZC_KEY_MATERIAL zc_key_material material;
    ZC_TRY(zc_key_describe(wanted->name, zc_slice_of_text(owner), wanted->tier, ZC_ORIGIN_IMPORTED,
                           wanted->nonce_mode, (uint64_t)enclave->now_ms, &record));
    ZC_TRY(zc_key_bind(&record, wanted->api_key, wanted->venue));
    ZC_TRY(open_box(enclave, session, wanted, &material));
    if (!zc_ok(zc_keyring_spare(&enclave->keyring, &holder))) {
        return zc_fail(ZC_ENCLAVE_KEYRING_FULL);
    }
    ZC_TRY(zc_key_holder_take(&material, &holder));
    return zc_key_adopt(enclave, message, &record, &material, ZC_AUDIT_KEY_IMPORTED);
}
