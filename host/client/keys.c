#include "client/internal.h"

#include "attest/document.h"
#include "crypto/box.h"
#include "intent/decode.h"

#include <sys/random.h>
#include <time.h>

static void key_of(const zc_key_info *info, zcp_key *ret_key)
{
    *ret_key = (zcp_key){.curve = (zcp_curve)info->curve,
                         .tier = (zcp_tier)info->tier,
                         .nonce = (zcp_nonce)info->nonce_mode,
                         .imported = info->origin == ZC_ORIGIN_IMPORTED,
                         .disabled = info->state == ZC_KEY_DISABLED,
                         .public_key_len = info->public_key.len,
                         .uses = info->uses,
                         .created_ms = info->created_ms,
                         .birth_len = info->birth.len};
    zc_copy_text(ret_key->name, sizeof ret_key->name, info->name);
    zc_copy_text(ret_key->owner, sizeof ret_key->owner, info->owner);
    memcpy(ret_key->public_key, info->public_key.data, info->public_key.len);
    memcpy(ret_key->birth, info->birth.data, info->birth.len);
    zc_pubkey public_key;
    uint8_t address[20];
    if (info->curve == ZC_CURVE_SECP256K1 &&
        zc_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, info->public_key, &public_key)) &&
        zc_ok(zc_evm_address(&public_key, address))) {
        zc_evm_address_text(address, ret_key->address);
    }
}

static zcp_result ask_key(zcp_session *session, zc_request *request, bool repeatable,
                          const char *what, zcp_key *ret_key, zcp_error *error)
{
    zc_reply reply;
    zcp_result asked = zc_client_ask(session, request, repeatable, what, &reply, error);
    if (asked == ZCP_OK) {
        key_of(&reply.key, ret_key);
    }
    return asked;
}

zcp_result zcp_key_create(zcp_session *session, const char *name, zcp_curve curve, zcp_tier tier,
                          zcp_nonce nonce, zcp_key *ret_key, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_KEY_CREATE,
                          .key_create = {.name = zc_slice_of_text(name),
                                         .curve = (uint8_t)curve,
                                         .tier = (uint8_t)tier,
                                         .nonce_mode = (uint8_t)nonce}};
    return ask_key(session, &request, false, "the key was not made", ret_key, error);
}

zcp_result zcp_key_show(zcp_session *session, const char *name, zcp_key *ret_key, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_KEY_SHOW, .key_name = {.name = zc_slice_of_text(name)}};
    return ask_key(session, &request, true, "cannot show the key", ret_key, error);
}

zcp_result zcp_key_disable(zcp_session *session, const char *name, zcp_key *ret_key,
                           zcp_error *error)
{
    zc_request request = {.op = ZC_OP_KEY_DISABLE, .key_name = {.name = zc_slice_of_text(name)}};
    return ask_key(session, &request, false, "the key was not disabled", ret_key, error);
}

zcp_result zcp_key_list(zcp_session *session, uint64_t from, zcp_key *ret_keys, size_t capacity,
                        size_t *ret_count, uint64_t *ret_total, zcp_error *error)
{
    size_t most = capacity < ZC_KEY_LIST_MAX ? capacity : ZC_KEY_LIST_MAX;
    zc_request request = {.op = ZC_OP_KEY_LIST, .key_list = {.from = from, .max = most}};
    zc_reply reply;
    zcp_result asked =
        zc_client_ask(session, &request, true, "cannot list the keys", &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    zc_reader reader = zc_reader_of(reply.key_list.infos);
    for (size_t i = 0; i < reply.key_list.count && i < capacity; i++) {
        zc_key_info info;
        zc_result read = zc_key_info_read(&reader, &info);
        if (!zc_ok(read)) {
            return zc_report_code(error, ZCP_FAILED, read.code, "cannot read the list of keys",
                                  "use the library of the enclave's version");
        }
        key_of(&info, &ret_keys[i]);
    }
    *ret_count = reply.key_list.count;
    *ret_total = reply.key_list.total;
    return ZCP_OK;
}

/* The import key must be attested over our own nonce, now, by the code and deployment of this
 * session. */
static zcp_result check_import_key(zcp_session *session, const zc_reply_import_begin *begin,
                                   zc_slice nonce, zcp_error *error)
{
    zc_attest_doc doc;
    zc_attest_binding binding;
    zc_slice root = zc_slice_of(session->place.root_der, session->place.root_len);
    zc_result verified = zc_attest_verify(begin->document, root, (int64_t)time(NULL), &doc);
    bool good = zc_ok(verified) && doc.has_nonce && zc_slice_eq(doc.nonce, nonce) &&
                doc.has_public_key &&
                zc_slice_eq(doc.public_key, ZC_SLICE_OF_ARRAY(begin->import_key)) &&
                memcmp(doc.pcr[0], session->place.pcr0, sizeof session->place.pcr0) == 0 &&
                doc.has_user_data && zc_ok(zc_attest_binding_parse(doc.user_data, &binding)) &&
                memcmp(binding.deployment_id, session->place.deployment_id, 32) == 0;
    return good ? ZCP_OK
                : zc_report(error, ZCP_NOT_VERIFIED, "the private key was not sent",
                            "the import key is not attested by this enclave",
                            "do not trust this enclave");
}

zcp_result zcp_key_import(zcp_session *session, const char *name, zcp_curve curve, zcp_tier tier,
                          zcp_nonce nonce, const uint8_t private_key[32], zcp_key *ret_key,
                          zcp_error *error)
{
    uint8_t fresh[64];
    if (getrandom(fresh, sizeof fresh, 0) != (ssize_t)sizeof fresh) {
        return zc_report(error, ZCP_FAILED, "cannot import", "the kernel gave no randomness",
                         "try again");
    }
    zc_slice asked_nonce = zc_slice_of(fresh, 32);
    zc_request begin = {.op = ZC_OP_KEY_IMPORT_BEGIN, .attest = {.nonce = asked_nonce}};
    zc_reply reply;
    zcp_result asked = zc_client_ask(session, &begin, true, "cannot import", &reply, error);
    if (asked == ZCP_OK) {
        asked = check_import_key(session, &reply.import_begin, asked_nonce, error);
    }
    if (asked != ZCP_OK) {
        return asked;
    }
    zc_drbg drbg;
    zc_drbg_init(&drbg, fresh + 32);
    uint8_t sealed[32 + ZC_BOX_OVERHEAD];
    zc_result boxed = zc_box_seal(reply.import_begin.import_key, &drbg, private_key, 32, sealed);
    zc_drbg_clear(&drbg);
    zc_wipe(fresh, sizeof fresh);
    if (!zc_ok(boxed)) {
        return zc_report_code(error, ZCP_FAILED, boxed.code, "cannot encrypt the private key",
                              "try again");
    }
    zc_request request = {.op = ZC_OP_KEY_IMPORT,
                          .key_import = {.name = zc_slice_of_text(name),
                                         .curve = (uint8_t)curve,
                                         .tier = (uint8_t)tier,
                                         .nonce_mode = (uint8_t)nonce,
                                         .sealed = ZC_SLICE_OF_ARRAY(sealed)}};
    return ask_key(session, &request, false, "the key was not imported", ret_key, error);
}
