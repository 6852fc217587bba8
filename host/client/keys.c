#include "client/internal.h"

#include "attest/document.h"
#include "crypto/box.h"
#include "intent/decode.h"
#include "intent/order.h"
#include "keys/material.h"

#include <sys/random.h>
#include <time.h>

static void key_of(const zc_key_info *info, zcp_key *ret_key)
{
    *ret_key = (zcp_key){.curve = (zcp_curve)info->kind,
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
    if (info->has_api_key) {
        zc_copy_text(ret_key->api_key, sizeof ret_key->api_key, info->api_key);
    }
    const char *venue = info->has_venue ? zc_venue_name((zc_venue)info->venue) : NULL;
    if (venue != NULL) {
        zc_copy_text(ret_key->venue, sizeof ret_key->venue, zc_slice_of_text(venue));
    }
    zc_pubkey public_key;
    uint8_t address[20];
    if (info->kind == ZC_CURVE_SECP256K1 &&
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

/* The venue's number; 0 for none. */
static zcp_result venue_of(const char *name, uint8_t *ret_venue, zcp_error *error)
{
    zc_venue venue = 0;
    if (name != NULL && name[0] != '\0' && !zc_venue_of_name(zc_slice_of_text(name), &venue)) {
        return zc_report(error, ZCP_USAGE, "there is no such venue", name,
                         "docs/venues.md lists them");
    }
    *ret_venue = (uint8_t)venue;
    return ZCP_OK;
}

static zc_slice api_key_of(const zcp_key_wanted *wanted)
{
    return zc_slice_of_text(wanted->api_key != NULL ? wanted->api_key : "");
}

zcp_result zcp_key_create_wanted(zcp_session *session, const zcp_key_wanted *wanted,
                                 zcp_key *ret_key, zcp_error *error)
{
    uint8_t venue;
    zcp_result known = venue_of(wanted->venue, &venue, error);
    if (known != ZCP_OK) {
        return known;
    }
    const zc_slice api_key = api_key_of(wanted);
    zc_request request = {.op = ZC_OP_KEY_CREATE,
                          .key_create = {.name = zc_slice_of_text(wanted->name),
                                         .kind = (uint8_t)wanted->curve,
                                         .tier = (uint8_t)wanted->tier,
                                         .nonce_mode = (uint8_t)wanted->nonce,
                                         .has_api_key = api_key.len > 0,
                                         .api_key = api_key,
                                         .has_venue = venue != 0,
                                         .venue = venue}};
    return ask_key(session, &request, false, "the key was not made", ret_key, error);
}

zcp_result zcp_key_create(zcp_session *session, const char *name, zcp_curve curve, zcp_tier tier,
                          zcp_nonce nonce, zcp_key *ret_key, zcp_error *error)
{
    const zcp_key_wanted wanted = {.name = name, .curve = curve, .tier = tier, .nonce = nonce};
    return zcp_key_create_wanted(session, &wanted, ret_key, error);
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

/* A fresh import key, and 32 bytes to seal to it with. */
static zcp_result begin_import(zcp_session *session, zc_reply_import_begin *ret_begin,
                               zc_secret32 *ret_seed, zcp_error *error)
{
    uint8_t nonce[32];
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce ||
        getrandom(ret_seed->byte, sizeof ret_seed->byte, 0) != (ssize_t)sizeof ret_seed->byte) {
        return zc_report(error, ZCP_FAILED, "cannot import", "the kernel gave no randomness",
                         "try again");
    }
    zc_slice asked_nonce = ZC_SLICE_OF_ARRAY(nonce);
    zc_request begin = {.op = ZC_OP_KEY_IMPORT_BEGIN, .attest = {.nonce = asked_nonce}};
    zc_reply reply;
    zcp_result asked = zc_client_ask(session, &begin, true, "cannot import", &reply, error);
    if (asked == ZCP_OK) {
        asked = check_import_key(session, &reply.import_begin, asked_nonce, error);
    }
    if (asked == ZCP_OK) {
        *ret_begin = reply.import_begin;
    }
    return asked;
}

static zc_result material_of(zcp_curve curve, const zcp_key_secret *secret,
                             zc_key_material_bytes *ret_bytes)
{
    ZC_KEY_MATERIAL zc_key_material material = {.kind = (zc_key_kind)curve};
    uint8_t *room = material.secret.scalar.byte;
    size_t most = sizeof material.secret.scalar.byte;
    if (zc_key_kind_is_mac(material.kind)) {
        room = material.secret.mac.byte;
        most = sizeof material.secret.mac.byte;
        material.secret.mac.len = (uint16_t)secret->secret_len;
    } else if (material.kind == ZC_KEY_KIND_RSA) {
        room = material.secret.rsa.byte;
        most = sizeof material.secret.rsa.byte;
        material.secret.rsa.len = (uint16_t)secret->secret_len;
    }
    const bool exact = zc_key_kind_has_curve(material.kind);
    if (secret->secret_len == 0 || secret->secret_len > most ||
        (exact && secret->secret_len != most)) {
        return zc_fail(ZC_KEYS_BAD_MATERIAL);
    }
    memcpy(room, secret->secret, secret->secret_len);
    if (secret->passphrase != NULL) {
        if (secret->passphrase_len == 0 || secret->passphrase_len > ZC_COMPOSE_MAX_PASSPHRASE) {
            return zc_fail(ZC_KEYS_BAD_PASSPHRASE);
        }
        material.passphrase.len = (uint8_t)secret->passphrase_len;
        memcpy(material.passphrase.byte, secret->passphrase, secret->passphrase_len);
    }
    return zc_key_material_write(&material, ret_bytes);
}

/* The secret in a box that nobody but the attested enclave opens. */
static zcp_result seal_secret(zcp_session *session, zcp_curve curve, const zcp_key_secret *secret,
                              uint8_t ret_sealed[static ZC_KEY_MATERIAL_MAX + ZC_BOX_OVERHEAD],
                              size_t *ret_len, zcp_error *error)
{
    ZC_KEY_MATERIAL_BYTES zc_key_material_bytes bytes = {0};
    ZC_SECRET zc_secret32 seed;
    zc_reply_import_begin begin;
    zc_drbg drbg;
    zc_result packed = material_of(curve, secret, &bytes);
    if (!zc_ok(packed)) {
        return zc_report_code(error, ZCP_FAILED, packed.code, "cannot import the key",
                              "see `zcp key import --help` for what each kind of key is");
    }
    zcp_result begun = begin_import(session, &begin, &seed, error);
    if (begun != ZCP_OK) {
        return begun;
    }
    zc_drbg_init(&drbg, seed.byte);
    zc_result boxed = zc_box_seal(begin.import_key, &drbg, bytes.byte, bytes.len, ret_sealed);
    zc_drbg_clear(&drbg);
    *ret_len = bytes.len + ZC_BOX_OVERHEAD;
    return zc_ok(boxed) ? ZCP_OK
                        : zc_report_code(error, ZCP_FAILED, boxed.code,
                                         "cannot encrypt the private key", "try again");
}

zcp_result zcp_key_import_wanted(zcp_session *session, const zcp_key_wanted *wanted,
                                 const zcp_key_secret *secret, zcp_key *ret_key, zcp_error *error)
{
    uint8_t sealed[ZC_KEY_MATERIAL_MAX + ZC_BOX_OVERHEAD];
    size_t sealed_len = 0;
    uint8_t venue = 0;
    zcp_result ready = venue_of(wanted->venue, &venue, error);
    if (ready == ZCP_OK) {
        ready = seal_secret(session, wanted->curve, secret, sealed, &sealed_len, error);
    }
    if (ready != ZCP_OK) {
        return ready;
    }
    const zc_slice api_key = api_key_of(wanted);
    zc_request request = {.op = ZC_OP_KEY_IMPORT,
                          .key_import = {.name = zc_slice_of_text(wanted->name),
                                         .kind = (uint8_t)wanted->curve,
                                         .tier = (uint8_t)wanted->tier,
                                         .nonce_mode = (uint8_t)wanted->nonce,
                                         .sealed = zc_slice_of(sealed, sealed_len),
                                         .has_api_key = api_key.len > 0,
                                         .api_key = api_key,
                                         .has_venue = venue != 0,
                                         .venue = venue}};
    return ask_key(session, &request, false, "the key was not imported", ret_key, error);
}

zcp_result zcp_key_import(zcp_session *session, const char *name, zcp_curve curve, zcp_tier tier,
                          zcp_nonce nonce, const uint8_t private_key[32], zcp_key *ret_key,
                          zcp_error *error)
{
    const zcp_key_wanted wanted = {.name = name, .curve = curve, .tier = tier, .nonce = nonce};
    const zcp_key_secret secret = {.secret = private_key, .secret_len = 32};
    return zcp_key_import_wanted(session, &wanted, &secret, ret_key, error);
}
