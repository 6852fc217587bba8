#include <stdio.h>
#include <stdlib.h>

#include "api/page.h"
#include "api/rest/rest.h"
#include "support/json.h"

/* Those behind ed25519 hold secrets of venues: they come in by `zcp key import`. */
static const char *const curves[] = {[ZCP_SECP256K1] = "secp256k1",
                                     [ZCP_P256] = "p256",
                                     [ZCP_ED25519] = "ed25519",
                                     [ZCP_HMAC_SHA256] = "hmac-sha256",
                                     [ZCP_HMAC_SHA384] = "hmac-sha384",
                                     [ZCP_HMAC_SHA512] = "hmac-sha512",
                                     [ZCP_RSA] = "rsa"};
static const char *const tiers[] = {[ZCP_HOT] = "hot", [ZCP_WARM] = "warm", [ZCP_COLD] = "cold"};
static const char *const nonces[] = {
    [ZCP_HEDGED] = "hedged", [ZCP_DETERMINISTIC] = "deterministic"};

static int number_of(const char *name, const char *const *names, int count)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return 0;
}

static json_t *key_json(const zcp_key *key)
{
    json_t *out = json_object();
    bool known = key->curve >= ZCP_SECP256K1 && key->curve <= ZCP_RSA && key->tier >= ZCP_HOT &&
                 key->tier <= ZCP_COLD && key->nonce >= ZCP_HEDGED &&
                 key->nonce <= ZCP_DETERMINISTIC;
    bool made =
        out != NULL && known && zc_json_set_text(out, "name", key->name) &&
        zc_json_set_text(out, "kind", curves[key->curve]) &&
        (key->curve > ZCP_ED25519 || zc_json_set_text(out, "curve", curves[key->curve])) &&
        zc_json_set_hex(out, "public_key", zc_slice_of(key->public_key, key->public_key_len)) &&
        (key->address[0] == '\0' || zc_json_set_text(out, "address", key->address)) &&
        zc_json_set_text(out, "tier", tiers[key->tier]) &&
        zc_json_set_text(out, "nonce", nonces[key->nonce]) &&
        zc_json_set_text(out, "origin", key->imported ? "imported" : "generated") &&
        zc_json_set_text(out, "state", key->disabled ? "disabled" : "active") &&
        zc_json_set_text(out, "owner", key->owner) && zc_json_set_u64(out, "uses", key->uses) &&
        zc_json_set_u64(out, "created_ms", key->created_ms) &&
        zc_json_set_hex(out, "birth", zc_slice_of(key->birth, key->birth_len));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static bool add_key(void *context, const zcp_key *key)
{
    zc_page *page = context;
    zc_page_place place = zc_page_next(page);
    if (place != ZC_PAGE_HERE) {
        return place == ZC_PAGE_BEFORE;
    }
    return json_array_append_new(page->list, key_json(key)) == 0;
}

/* A number of the query; `otherwise` where it is not given. False and answered when it is no
 * number. */
static bool number(zc_rest_call *call, const char *name, uint64_t otherwise, uint64_t most,
                   uint64_t *ret_number)
{
    char text[24];
    char *end = NULL;
    *ret_number = otherwise;
    if (strstr(call->api->http->query, name) == NULL) {
        return true;
    }
    bool read =
        zc_http_query(call->api->http, name, text, sizeof text) && text[0] >= '0' && text[0] <= '9';
    uint64_t value = read ? strtoull(text, &end, 10) : 0;
    if (!read || *end != '\0' || value > most) {
        zc_rest_bad(call, "a number in the query can't be read, or is too large");
        return false;
    }
    *ret_number = value;
    return true;
}

void zc_rest_key_list(zc_rest_call *call)
{
    zcp_error error;
    uint64_t limit = 0;
    zc_page listing = {0};
    if (!number(call, "from", 0, UINT32_MAX, &listing.from) ||
        !number(call, "limit", 100, 1000, &limit)) {
        return;
    }
    listing.limit = limit;
    listing.list = json_array();
    listing.at = listing.from;
    zcp_result listed = zc_api_keys(call->api, listing.from, add_key, &listing, &error);
    if (listed != ZCP_OK) {
        json_decref(listing.list);
        zc_rest_fail_session(call, listed, &error);
        return;
    }
    json_t *out = json_pack("{s:o}", "keys", listing.list);
    if (out != NULL && listing.more) {
        (void)zc_json_set_u64(out, "next", listing.from + limit);
    }
    zc_rest_reply(call, 200, out);
}

static void answer_key(zc_rest_call *call, zcp_result result, unsigned status, const zcp_key *key,
                       const zcp_error *error)
{
    call->api->result = result;
    if (result == ZCP_OK) {
        zc_rest_reply(call, status, key_json(key));
    } else {
        zc_rest_fail_session(call, result, error);
    }
}

void zc_rest_key_create(zc_rest_call *call)
{
    const char *name;
    const char *curve;
    const char *tier;
    const char *nonce;
    zcp_session *session;
    zcp_key key;
    zcp_error error;
    if (!zc_rest_members(call, " name curve tier nonce ") ||
        !zc_rest_text(call, "name", true, &name) || !zc_rest_text(call, "curve", true, &curve) ||
        !zc_rest_text(call, "tier", false, &tier) || !zc_rest_text(call, "nonce", false, &nonce)) {
        return;
    }
    int which_curve = number_of(curve, curves, 4);
    int which_tier = number_of(tier != NULL ? tier : "hot", tiers, 4);
    int which_nonce = number_of(nonce != NULL ? nonce : "hedged", nonces, 3);
    if (which_curve == 0 || which_tier == 0 || which_nonce == 0) {
        zc_rest_bad(call, "curve is secp256k1, p256 or ed25519; tier hot or cold; nonce hedged or "
                          "deterministic");
        return;
    }
    zcp_result made = zc_api_session(call->api, &session, &error);
    if (made == ZCP_OK) {
        made = zcp_key_create(session, name, (zcp_curve)which_curve, (zcp_tier)which_tier,
                              (zcp_nonce)which_nonce, &key, &error);
        zc_api_key_changed(call->api, name);
    }
    answer_key(call, made, 201, &key, &error);
}

void zc_rest_key_show(zc_rest_call *call)
{
    zcp_session *session;
    zcp_key key;
    zcp_error error;
    zcp_result shown = zc_api_session(call->api, &session, &error);
    shown = shown == ZCP_OK ? zcp_key_show(session, call->name, &key, &error) : shown;
    answer_key(call, shown, 200, &key, &error);
}

void zc_rest_key_disable(zc_rest_call *call)
{
    const char *name;
    zcp_session *session;
    zcp_key key;
    zcp_error error;
    if (!zc_rest_members(call, " key ") || !zc_rest_text(call, "key", true, &name)) {
        return;
    }
    zcp_result done = zc_api_session(call->api, &session, &error);
    done = done == ZCP_OK ? zcp_key_disable(session, name, &key, &error) : done;
    zc_api_key_changed(call->api, name);
    answer_key(call, done, 200, &key, &error);
}
