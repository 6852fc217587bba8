/* What sign and verify have in common: the key, how it is hashed and written, and batches. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/public_key.h"
#include "api/vault/vault.h"

#define HASH "sha2-256"

bool zc_vault_flag(const json_t *value, bool *ret_flag)
{
    const char *text = json_string_value(value);
    bool no = value == NULL || json_is_null(value) || json_is_false(value) ||
              (text != NULL && (strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0)) ||
              (json_is_integer(value) && json_integer_value(value) == 0);
    bool yes = json_is_true(value) ||
               (text != NULL && (strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0)) ||
               (json_is_integer(value) && json_integer_value(value) == 1);
    if (yes || no) {
        *ret_flag = yes;
    }
    return yes || no;
}

/* The text of a member, `absent` where it is not there; NULL when it is something else. */
static const char *text_of(const json_t *body, const char *name, const char *absent)
{
    const json_t *value = json_object_get(body, name);
    return value == NULL || json_is_null(value) ? absent : json_string_value(value);
}

/* The hash of the path wins over `hash_algorithm`, and that over the older `algorithm`. */
static const char *hash_of(const zc_vault_call *call)
{
    const char *older = text_of(call->body, "algorithm", HASH);
    return call->hash[0] != '\0' ? call->hash : text_of(call->body, "hash_algorithm", older);
}

static const char *read_version(const json_t *body)
{
    const json_t *version = json_object_get(body, "key_version");
    const json_t *context = json_object_get(body, "context");
    if (version != NULL && !json_is_null(version) &&
        (!json_is_integer(version) || json_integer_value(version) < 0 ||
         json_integer_value(version) > 1)) {
        return "cannot sign or verify with this key version: there is version 1";
    }
    bool derives = context != NULL && !json_is_null(context) &&
                   !(json_is_string(context) && json_string_length(context) == 0);
    return derives ? "a context is for derived keys, and there are none" : NULL;
}

/* NULL, or what is wrong. */
static const char *read(zc_vault_call *call, zc_vault_terms *terms, char message[static 128])
{
    const char *hash = hash_of(call);
    const char *form = text_of(call->body, "marshaling_algorithm", "asn1");
    bool ed25519 = terms->key.curve == ZCP_ED25519;
    if (!zc_vault_flag(json_object_get(call->body, "prehashed"), &terms->prehashed)) {
        return "prehashed is neither true nor false";
    }
    if (form == NULL || (strcmp(form, "asn1") != 0 && strcmp(form, "jws") != 0)) {
        (void)snprintf(message, 128, "requested marshaling method %.20s not supported",
                       form != NULL ? form : "");
        return message;
    }
    if (!ed25519 && (hash == NULL || strcmp(hash, HASH) != 0)) {
        (void)snprintf(message, 128, "invalid hash algorithm %.20s: P-256 keys sign " HASH,
                       hash != NULL ? hash : "");
        return message;
    }
    if (ed25519 && terms->prehashed) {
        return "ed25519 keys sign messages: a prehashed input is not supported";
    }
    terms->jws = strcmp(form, "jws") == 0;
    return read_version(call->body);
}

bool zc_vault_terms_read(zc_vault_call *call, const char *absent, zc_vault_terms *ret_terms)
{
    char message[128];
    zc_vault_terms terms = {0};
    zc_vault_found found = zc_vault_key(call, &terms.key);
    if (found != ZC_VAULT_FOUND) {
        if (found == ZC_VAULT_ABSENT) {
            zc_vault_fail(call->response, 400, absent);
        }
        return false;
    }
    const char *why = read(call, &terms, message);
    if (why != NULL) {
        zc_vault_fail(call->response, 400, why);
        return false;
    }
    *ret_terms = terms;
    return true;
}

const char *zc_vault_input(const zc_vault_terms *terms, const json_t *item, zc_bytes *ret_input)
{
    const char *input = json_string_value(json_object_get(item, "input"));
    if (input == NULL) {
        return "missing input";
    }
    if (!zc_base64_read(input, ZC_VAULT_INPUT_MAX, ret_input)) {
        return "unable to decode input as base64, or it is longer than 60 KiB";
    }
    return terms->prehashed && ret_input->len != 32 ? "a prehashed input for sha2-256 has 32 bytes"
                                                    : NULL;
}

json_t *zc_vault_item_error(const char *message, unsigned status, unsigned *ret_status)
{
    *ret_status = status;
    return json_pack("{s:s}", "error", message);
}

static void run_alone(zc_vault_call *call, const zc_vault_terms *terms, zc_vault_item *run)
{
    unsigned status = 0;
    json_t *answer = run(call, terms, call->body, &status);
    if (status == 0) {
        zc_vault_reply(call, answer);
        return;
    }
    /* What an item calls "error" is the list "errors" of the whole; details stay beside it. */
    json_t *error = json_incref(json_object_get(answer, "error"));
    (void)json_object_del(answer, "error");
    if (answer != NULL) {
        (void)json_object_set_new(answer, "errors", json_pack("[o?]", error));
    } else {
        json_decref(error);
    }
    zc_http_reply_json(call->response, status, answer);
}

/* Each item is signed or refused by itself, as Vault does it: the whole is a 200. */
static void run_batch(zc_vault_call *call, const zc_vault_terms *terms, const json_t *batch,
                      zc_vault_item *run)
{
    json_t *results = json_array();
    for (size_t i = 0; i < json_array_size(batch); i++) {
        unsigned status = 0;
        const json_t *item = json_array_get(batch, i);
        json_t *answer = run(call, terms, item, &status);
        json_t *reference = json_object_get(item, "reference");
        if (answer != NULL && json_is_string(reference)) {
            (void)json_object_set(answer, "reference", reference);
        }
        if (json_array_append_new(results, answer) != 0) {
            json_decref(results);
            zc_vault_fail(call->response, 500, "there is no memory left");
            return;
        }
    }
    zc_vault_reply(call, json_pack("{s:o}", "batch_results", results));
}

void zc_vault_each(zc_vault_call *call, const zc_vault_terms *terms, zc_vault_item *run)
{
    const json_t *batch = json_object_get(call->body, "batch_input");
    if (batch == NULL || json_is_null(batch)) {
        run_alone(call, terms, run);
    } else if (!json_is_array(batch) || json_array_size(batch) == 0) {
        zc_vault_fail(call->response, 400, "missing batch input to process");
    } else if (json_array_size(batch) > ZC_VAULT_BATCH_MAX) {
        zc_vault_fail(call->response, 400, "a batch has at most 256 items");
    } else {
        run_batch(call, terms, batch, run);
    }
}
