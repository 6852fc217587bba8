#include "keys/record.h"

#include <string.h>

#include "codec/cbor.h"
#include "crypto/hash.h"

void zc_key_id(const zc_key_public *public_part, uint8_t ret_id[static ZC_KEY_ID_SIZE])
{
    const bool mac = zc_key_kind_is_mac(public_part->kind);
    const uint8_t kind[1] = {(uint8_t)(mac ? ZC_KEY_KIND_HMAC_SHA256 : public_part->kind)};
    uint8_t digest[32];
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, zc_slice_of_text("zcp-key"));
    zc_sha256_update(&hash, ZC_SLICE_OF_ARRAY(kind));
    zc_sha256_update(&hash, zc_key_public_slice(public_part));
    zc_sha256_final(&hash, digest);
    memcpy(ret_id, digest, ZC_KEY_ID_SIZE);
}

static bool is_letter_or_digit(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

zc_result zc_key_name_check(zc_slice name)
{
    if (name.len == 0 || name.len >= ZC_KEY_NAME_SIZE || !is_letter_or_digit(name.data[0])) {
        return zc_fail(ZC_KEYS_BAD_NAME);
    }
    for (size_t i = 1; i < name.len; i++) {
        uint8_t c = name.data[i];
        if (!is_letter_or_digit(c) && c != '.' && c != '_' && c != '-') {
            return zc_fail(ZC_KEYS_BAD_NAME);
        }
    }
    return ZC_OK;
}

/* UTF-8 without control characters, so that it may be shown and kept as a C string. */
static zc_result check_owner(zc_slice owner)
{
    if (owner.len >= ZC_KEY_OWNER_SIZE || !zc_utf8_valid(owner)) {
        return zc_fail(ZC_KEYS_OWNER_TOO_LONG);
    }
    for (size_t i = 0; i < owner.len; i++) {
        if (owner.data[i] < ' ' || owner.data[i] == 0x7f) {
            return zc_fail(ZC_KEYS_OWNER_TOO_LONG);
        }
    }
    return ZC_OK;
}

static bool between(uint64_t value, uint64_t first, uint64_t last)
{
    return value >= first && value <= last;
}

zc_result zc_key_describe(zc_slice name, zc_slice owner, uint64_t tier, uint64_t origin,
                          uint64_t nonce_mode, uint64_t created_ms, zc_key *ret_key)
{
    ZC_TRY(zc_key_name_check(name));
    ZC_TRY(check_owner(owner));
    if (!between(tier, ZC_TIER_HOT, ZC_TIER_COLD) ||
        !between(origin, ZC_ORIGIN_GENERATED, ZC_ORIGIN_IMPORTED) ||
        !between(nonce_mode, ZC_NONCE_HEDGED, ZC_NONCE_DETERMINISTIC)) {
        return zc_fail(ZC_KEYS_BAD_RECORD);
    }
    zc_key key = {
        .tier = (zc_key_tier)tier,
        .origin = (zc_key_origin)origin,
        .nonce_mode = (zc_nonce_mode)nonce_mode,
        .created_ms = created_ms,
        .epoch = 1,
    };
    memcpy(key.name, name.data, name.len);
    if (owner.len > 0) {
        memcpy(key.owner, owner.data, owner.len);
    }
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_key_bind(zc_key *key, zc_slice api_key, uint64_t venue)
{
    if (api_key.len >= sizeof key->api_key) {
        return zc_fail(ZC_KEYS_BAD_API_KEY);
    }
    for (size_t i = 0; i < api_key.len; i++) {
        if (api_key.data[i] <= ' ' || api_key.data[i] > '~') {
            return zc_fail(ZC_KEYS_BAD_API_KEY);
        }
    }
    if (venue != 0 && (venue > UINT8_MAX || zc_venue_name((zc_venue)venue) == NULL)) {
        return zc_fail(ZC_KEYS_BAD_RECORD);
    }
    memset(key->api_key, 0, sizeof key->api_key);
    if (api_key.len > 0) {
        memcpy(key->api_key, api_key.data, api_key.len);
    }
    key->venue = (uint8_t)venue;
    return ZC_OK;
}

bool zc_key_is_of_venue(const zc_key *key)
{
    return !zc_key_kind_has_curve(key->kind) || key->api_key[0] != '\0' || key->venue != 0 ||
           key->venue_secret != NULL;
}
