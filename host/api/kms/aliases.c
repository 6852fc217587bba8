/* Aliases and tags. Every key has the alias of its own name; others are kept in the store. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "api/kms/kms.h"
#include "support/json.h"

#define ALIAS "alias/"
#define TAGS_MAX 50

static bool alias_ok(const char *alias)
{
    size_t len = strlen(alias);
    return strncmp(alias, ALIAS, 6) == 0 && len > 6 && len <= 256 &&
           strspn(alias + 6, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-") ==
               len - 6;
}

static bool put(zc_kms_call *call, const zc_kms_row *row)
{
    zc_error error = {0};
    if (zc_ok(zc_kms_store_put(call->kms->store, row, &error))) {
        return true;
    }
    zc_kms_fail(call->response, "LimitExceededException", error.why);
    return false;
}

void zc_kms_create_alias(zc_kms_call *call)
{
    zcp_key key;
    zc_kms_row row = {.kind = ZC_KMS_ALIAS};
    zc_kms_row old;
    size_t at = 0;
    const char *alias = zc_kms_text(call, "AliasName", 256);
    if (alias == NULL) {
        return;
    }
    if (!alias_ok(alias) || strncmp(alias, "alias/aws/", 10) == 0) {
        zc_kms_fail(call->response, "InvalidAliasNameException",
                    "an alias is alias/ and letters, digits, '/', '_' and '-', and not alias/aws/");
        return;
    }
    if (!zc_kms_key(call, "TargetKeyId", &key)) {
        return;
    }
    zcp_key same;
    char own[ZC_API_NAME_SIZE];
    bool taken =
        zc_kms_store_find(call->kms->store, call->api->identity->name, ZC_KMS_ALIAS, NULL,
                          alias + 6, &at, &old) ||
        (zc_kms_name(call, alias, own) && zc_api_key(call->api, own, &same, NULL) == ZCP_OK);
    if (taken) {
        zc_kms_fail(call->response, "AlreadyExistsException", "there is an alias of this name");
        return;
    }
    (void)snprintf(row.identity, sizeof row.identity, "%s", call->api->identity->name);
    (void)snprintf(row.key, sizeof row.key, "%s", key.name);
    (void)snprintf(row.name, sizeof row.name, "%s", alias + 6);
    (void)snprintf(row.value, sizeof row.value, "%lld", (long long)time(NULL));
    if (put(call, &row)) {
        zc_kms_reply(call, json_object());
    }
}

typedef struct alias_listing {
    zc_kms_call *call;
    const char *only; /* the key whose aliases are wanted; NULL: all */
    zc_page page;
} alias_listing;

/* False: the page is full. */
static bool add(alias_listing *listing, const char *alias, const char *key, double created)
{
    char name[ZC_KMS_VALUE_SIZE + 8];
    char arn[ZC_KMS_ARN_SIZE + ZC_KMS_VALUE_SIZE];
    if (listing->only != NULL && strcmp(listing->only, key) != 0) {
        return true;
    }
    zc_page_place place = zc_page_next(&listing->page);
    if (place != ZC_PAGE_HERE) {
        return place == ZC_PAGE_BEFORE;
    }
    (void)snprintf(name, sizeof name, ALIAS "%s", alias);
    (void)snprintf(arn, sizeof arn, "arn:aws:kms:%s:" ZC_KMS_ACCOUNT ":%s", listing->call->region,
                   name);
    return json_array_append_new(listing->page.list,
                                 json_pack("{s:s, s:s, s:s, s:f, s:f}", "AliasName", name,
                                           "AliasArn", arn, "TargetKeyId", key, "CreationDate",
                                           created, "LastUpdatedDate", created)) == 0;
}

static bool add_own(void *context, const zcp_key *key)
{
    return add(context, key->name, key->name, (double)key->created_ms / 1000.0);
}

static void add_kept(alias_listing *listing)
{
    zc_kms_row row;
    size_t at = 0;
    bool room = !listing->page.more;
    while (room && zc_kms_store_find(listing->call->kms->store, listing->call->api->identity->name,
                                     ZC_KMS_ALIAS, NULL, NULL, &at, &row)) {
        room = add(listing, row.name, row.key, (double)strtoll(row.value, NULL, 10));
    }
}

void zc_kms_list_aliases(zc_kms_call *call)
{
    zcp_key only;
    zcp_error error;
    alias_listing listing = {.call = call};
    const json_t *key = json_object_get(call->body, "KeyId");
    if (!zc_kms_page(call, 50, 100, &listing.page)) {
        return;
    }
    if (key != NULL && !json_is_null(key)) {
        if (!zc_kms_key(call, "KeyId", &only)) {
            return;
        }
        listing.only = only.name;
    }
    listing.page.list = json_array();
    zcp_result listed = zc_api_keys(call->api, 0, add_own, &listing, &error);
    if (listed != ZCP_OK) {
        json_decref(listing.page.list);
        zc_kms_fail_session(call, listed, &error);
        return;
    }
    add_kept(&listing);
    json_t *out = json_pack("{s:o}", "Aliases", listing.page.list);
    zc_kms_page_end(out, &listing.page);
    zc_kms_reply(call, out);
}

static bool tag_of(const json_t *tag, zc_kms_row *row)
{
    const char *key = json_string_value(json_object_get(tag, "TagKey"));
    const char *value = json_string_value(json_object_get(tag, "TagValue"));
    if (key == NULL || value == NULL || key[0] == '\0' || strlen(key) > 128 ||
        strlen(value) > 256) {
        return false;
    }
    (void)snprintf(row->name, sizeof row->name, "%s", key);
    (void)snprintf(row->value, sizeof row->value, "%s", value);
    return true;
}

void zc_kms_tag(zc_kms_call *call)
{
    zcp_key key;
    zc_kms_row row = {.kind = ZC_KMS_TAG};
    const json_t *tags = json_object_get(call->body, "Tags");
    if (!zc_kms_key(call, "KeyId", &key)) {
        return;
    }
    (void)snprintf(row.identity, sizeof row.identity, "%s", call->api->identity->name);
    (void)snprintf(row.key, sizeof row.key, "%s", key.name);
    bool fits = json_is_array(tags) && json_array_size(tags) <= TAGS_MAX;
    for (size_t i = 0; fits && i < json_array_size(tags); i++) {
        fits = tag_of(json_array_get(tags, i), &row);
    }
    if (!fits) {
        zc_kms_fail(call->response, "TagException",
                    "Tags are up to 50 of TagKey (1 to 128) and TagValue (at most 256)");
        return;
    }
    for (size_t i = 0; i < json_array_size(tags); i++) {
        if (tag_of(json_array_get(tags, i), &row) && !put(call, &row)) {
            return;
        }
    }
    zc_kms_reply(call, json_object());
}

void zc_kms_list_tags(zc_kms_call *call)
{
    zcp_key key;
    zc_kms_row row;
    size_t at = 0;
    zc_page page = {0};
    if (!zc_kms_page(call, TAGS_MAX, TAGS_MAX, &page) || !zc_kms_key(call, "KeyId", &key)) {
        return;
    }
    page.list = json_array();
    while (!page.more && zc_kms_store_find(call->kms->store, call->api->identity->name, ZC_KMS_TAG,
                                           key.name, NULL, &at, &row)) {
        if (zc_page_next(&page) == ZC_PAGE_HERE) {
            (void)json_array_append_new(
                page.list, json_pack("{s:s, s:s}", "TagKey", row.name, "TagValue", row.value));
        }
    }
    json_t *out = json_pack("{s:o}", "Tags", page.list);
    zc_kms_page_end(out, &page);
    zc_kms_reply(call, out);
}
