/* Making, describing, listing and ending keys. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "api/kms/kms.h"
#include "base/hex.h"
#include "support/credential.h"
#include "support/json.h"

#define DAY_SECONDS 86400

static bool deletion_of(zc_kms_call *call, const char *key, json_int_t *ret_seconds)
{
    zc_kms_row row;
    size_t at = 0;
    bool found = zc_kms_store_find(call->kms->store, call->api->identity->name, ZC_KMS_DELETION,
                                   key, NULL, &at, &row);
    if (found) {
        *ret_seconds = strtoll(row.value, NULL, 10);
    }
    return found;
}

static json_t *metadata(zc_kms_call *call, const zcp_key *key)
{
    char arn[ZC_KMS_ARN_SIZE];
    zc_kms_row row;
    size_t at = 0;
    json_int_t deletion = 0;
    const zc_kms_spec *spec = zc_kms_spec_of_curve(key->curve);
    bool described = zc_kms_store_find(call->kms->store, call->api->identity->name,
                                       ZC_KMS_DESCRIPTION, key->name, NULL, &at, &row);
    bool deleted = key->disabled && deletion_of(call, key->name, &deletion);
    zc_kms_arn(call, "key/", key->name, arn);
    json_t *out = json_pack(
        "{s:s, s:s, s:s, s:f, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:b}", "AWSAccountId",
        ZC_KMS_ACCOUNT, "KeyId", key->name, "Arn", arn, "CreationDate",
        (double)key->created_ms / 1000.0, "Enabled", !key->disabled, "Description",
        described ? row.value : "", "KeyUsage", "SIGN_VERIFY", "KeyState",
        deleted         ? "PendingDeletion"
        : key->disabled ? "Disabled"
                        : "Enabled",
        "Origin", key->imported ? "EXTERNAL" : "AWS_KMS", "KeyManager", "CUSTOMER", "KeySpec",
        spec != NULL ? spec->spec : "", "CustomerMasterKeySpec", spec != NULL ? spec->spec : "",
        "SigningAlgorithms", spec != NULL ? spec->algorithm : "", "MultiRegion", 0);
    if (out != NULL && deleted && !zc_json_set(out, "DeletionDate", json_integer(deletion))) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static void reply_metadata(zc_kms_call *call, const zcp_key *key)
{
    json_t *inner = metadata(call, key);
    zc_kms_reply(call, inner != NULL ? json_pack("{s:o}", "KeyMetadata", inner) : NULL);
}

/* The session's answer is wanted, not the cache's. */
static bool fresh_key(zc_kms_call *call, zcp_key *ret_key)
{
    zcp_session *session;
    zcp_error error;
    if (!zc_kms_key(call, "KeyId", ret_key)) {
        return false;
    }
    zcp_result shown = zc_api_session(call->api, &session, &error);
    char name[ZC_API_NAME_SIZE];
    memcpy(name, ret_key->name, sizeof name);
    shown = shown == ZCP_OK ? zcp_key_show(session, name, ret_key, &error) : shown;
    if (shown != ZCP_OK) {
        zc_kms_fail_session(call, shown, &error);
    }
    return shown == ZCP_OK;
}

void zc_kms_describe_key(zc_kms_call *call)
{
    zcp_key key;
    if (fresh_key(call, &key)) {
        reply_metadata(call, &key);
    }
}

/* A tag "Name" that can be a key's name is it; others are called kms- and eight random bytes. */
static bool choose_name(zc_kms_call *call, char ret_name[static ZC_API_NAME_SIZE])
{
    const json_t *tags = json_object_get(call->body, "Tags");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const json_t *tag = json_array_get(tags, i);
        const char *key = json_string_value(json_object_get(tag, "TagKey"));
        const char *value = json_string_value(json_object_get(tag, "TagValue"));
        if (key != NULL && value != NULL && strcmp(key, "Name") == 0) {
            if (strlen(value) >= ZC_API_NAME_SIZE || !zc_name_ok(value)) {
                zc_kms_fail(call->response, "TagException",
                            "the tag Name names the key: 1 to 63 of a-z, 0-9, '.', '_' and '-'");
                return false;
            }
            memcpy(ret_name, value, strlen(value) + 1);
            return true;
        }
    }
    uint8_t random[8];
    char hex[2 * sizeof random + 1];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        zc_kms_fail(call->response, "KMSInternalException", "there is no randomness");
        return false;
    }
    zc_hex_encode(ZC_SLICE_OF_ARRAY(random), hex);
    (void)snprintf(ret_name, ZC_API_NAME_SIZE, "kms-%s", hex);
    return true;
}

static const char *text_or(const zc_kms_call *call, const char *member, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(call->body, member));
    return text != NULL ? text : otherwise;
}

/* What this service can't do is refused, never passed over. */
static const zc_kms_spec *creation_spec(zc_kms_call *call)
{
    const char *wanted = text_or(call, "KeySpec", text_or(call, "CustomerMasterKeySpec", ""));
    const zc_kms_spec *spec = zc_kms_spec_named(wanted);
    if (strcmp(text_or(call, "KeyUsage", ""), "SIGN_VERIFY") != 0 || spec == NULL) {
        zc_kms_fail(call->response, "ValidationException",
                    "keys here have KeyUsage SIGN_VERIFY and KeySpec ECC_NIST_P256, "
                    "ECC_SECG_P256K1 or ECC_NIST_EDWARDS25519");
        return NULL;
    }
    if (json_object_get(call->body, "Policy") != NULL) {
        zc_kms_fail(call->response, "UnsupportedOperationException",
                    "who may use a key for what stands in the mission, not in a key policy");
        return NULL;
    }
    if (strcmp(text_or(call, "Origin", "AWS_KMS"), "AWS_KMS") != 0 ||
        json_is_true(json_object_get(call->body, "MultiRegion"))) {
        zc_kms_fail(call->response, "UnsupportedOperationException",
                    "keys are made inside the enclave, in one place; bring others in with `zcp key "
                    "import`");
        return NULL;
    }
    return spec;
}

/* Beside the key, which exists by now: a failure here is logged by its absence alone. */
static void keep(zc_kms_call *call, zc_kms_row_kind kind, const char *key, const char *name,
                 const char *value)
{
    zc_kms_row row = {.kind = kind};
    (void)snprintf(row.identity, sizeof row.identity, "%s", call->api->identity->name);
    (void)snprintf(row.key, sizeof row.key, "%s", key);
    (void)snprintf(row.name, sizeof row.name, "%s", name);
    (void)snprintf(row.value, sizeof row.value, "%s", value);
    zc_result kept = zc_kms_store_put(call->kms->store, &row, NULL);
    (void)kept;
}

static void keep_details(zc_kms_call *call, const char *key)
{
    const json_t *tags = json_object_get(call->body, "Tags");
    const char *description = text_or(call, "Description", "");
    if (description[0] != '\0') {
        keep(call, ZC_KMS_DESCRIPTION, key, "", description);
    }
    for (size_t i = 0; i < json_array_size(tags) && i < 50; i++) {
        const json_t *tag = json_array_get(tags, i);
        const char *name = json_string_value(json_object_get(tag, "TagKey"));
        const char *value = json_string_value(json_object_get(tag, "TagValue"));
        if (name != NULL && value != NULL) {
            keep(call, ZC_KMS_TAG, key, name, value);
        }
    }
}

void zc_kms_create_key(zc_kms_call *call)
{
    char name[ZC_API_NAME_SIZE];
    zcp_session *session;
    zcp_key key;
    zcp_error error;
    const zc_kms_spec *spec = creation_spec(call);
    if (spec == NULL || !choose_name(call, name)) {
        return;
    }
    zcp_result made = zc_api_session(call->api, &session, &error);
    if (made == ZCP_OK) {
        made = zcp_key_create(session, name, spec->curve, ZCP_HOT, ZCP_HEDGED, &key, &error);
    }
    call->api->result = made;
    if (made != ZCP_OK) {
        zc_kms_fail_session(call, made, &error);
        return;
    }
    zc_api_key_changed(call->api, name);
    keep_details(call, name);
    reply_metadata(call, &key);
}

typedef struct key_listing {
    zc_kms_call *call;
    zc_page page;
} key_listing;

static bool list_key(void *context, const zcp_key *key)
{
    key_listing *listing = context;
    char arn[ZC_KMS_ARN_SIZE];
    zc_page_place place = zc_page_next(&listing->page);
    if (place != ZC_PAGE_HERE) {
        return place == ZC_PAGE_BEFORE;
    }
    zc_kms_arn(listing->call, "key/", key->name, arn);
    return json_array_append_new(listing->page.list,
                                 json_pack("{s:s, s:s}", "KeyId", key->name, "KeyArn", arn)) == 0;
}

void zc_kms_list_keys(zc_kms_call *call)
{
    zcp_error error;
    key_listing listing = {.call = call};
    if (!zc_kms_page(call, 100, 1000, &listing.page)) {
        return;
    }
    listing.page.list = json_array();
    listing.page.at = listing.page.from;
    zcp_result listed = zc_api_keys(call->api, listing.page.from, list_key, &listing, &error);
    if (listed != ZCP_OK) {
        json_decref(listing.page.list);
        zc_kms_fail_session(call, listed, &error);
        return;
    }
    json_t *out = json_pack("{s:o}", "Keys", listing.page.list);
    zc_kms_page_end(out, &listing.page);
    zc_kms_reply(call, out);
}

void zc_kms_enable_key(zc_kms_call *call)
{
    zcp_key key;
    if (!fresh_key(call, &key)) {
        return;
    }
    if (key.disabled) {
        zc_kms_fail(call->response, "UnsupportedOperationException",
                    "a key that was disabled stays so: make another one");
        return;
    }
    zc_kms_reply(call, json_object());
}

static bool disable(zc_kms_call *call, zcp_key *key)
{
    zcp_session *session;
    zcp_error error;
    if (!fresh_key(call, key) || key->disabled) {
        return call->response->status == 0;
    }
    char name[ZC_API_NAME_SIZE];
    memcpy(name, key->name, sizeof name);
    zcp_result done = zc_api_session(call->api, &session, &error);
    done = done == ZCP_OK ? zcp_key_disable(session, name, key, &error) : done;
    call->api->result = done;
    zc_api_key_changed(call->api, name);
    if (done != ZCP_OK) {
        zc_kms_fail_session(call, done, &error);
    }
    return done == ZCP_OK;
}

void zc_kms_disable_key(zc_kms_call *call)
{
    zcp_key key;
    if (disable(call, &key)) {
        zc_kms_reply(call, json_object());
    }
}

/* The enclave forgets no key. From the answer on it is of no use, which is what a pending deletion
 * means to its users; the sealed key stays where it is, and the log says who ended it. */
void zc_kms_schedule_deletion(zc_kms_call *call)
{
    zcp_key key;
    char arn[ZC_KMS_ARN_SIZE];
    char text[32];
    json_int_t at = 0;
    const json_t *days = json_object_get(call->body, "PendingWindowInDays");
    json_int_t window = json_is_integer(days) ? json_integer_value(days) : 30;
    if (window < 7 || window > 30) {
        zc_kms_fail(call->response, "ValidationException",
                    "PendingWindowInDays must be between 7 and 30");
        return;
    }
    if (!disable(call, &key)) {
        return;
    }
    if (deletion_of(call, key.name, &at)) {
        zc_kms_fail(call->response, "KMSInvalidStateException", "the key is pending deletion.");
        return;
    }
    at = (json_int_t)time(NULL) + window * DAY_SECONDS;
    (void)snprintf(text, sizeof text, "%lld", (long long)at);
    keep(call, ZC_KMS_DELETION, key.name, "", text);
    zc_kms_arn(call, "key/", key.name, arn);
    zc_kms_reply(call, json_pack("{s:s, s:I, s:s, s:I}", "KeyId", arn, "DeletionDate", at,
                                 "KeyState", "PendingDeletion", "PendingWindowInDays", window));
}
