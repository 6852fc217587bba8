#include "compose/jwt.h"

#include "base/checked.h"
#include "base/hex.h"
#include "codec/json_write.h"
#include "compose/venue.h"

/* Header or claims in JSON: every text escaped to six characters in the worst case. */
#define PART_MAX (6 * 2 * ZC_JWT_MAX_TEXT + 256)

static zc_result put_header(const zc_jwt *jwt, zc_json *json)
{
    char nonce[2 * ZC_JWT_NONCE_SIZE + 1];
    const char *algorithm = jwt->algorithm == ZC_JWT_ES256 ? "ES256" : "EdDSA";
    zc_hex_encode(ZC_SLICE_OF_ARRAY(jwt->nonce), nonce);
    ZC_TRY(zc_json_open_object(json));
    ZC_TRY(zc_json_pair(json, "alg", zc_slice_of_text(algorithm)));
    ZC_TRY(zc_json_pair(json, "kid", jwt->key_id));
    ZC_TRY(zc_json_pair(json, "nonce", zc_slice_of_text(nonce)));
    ZC_TRY(zc_json_pair(json, "typ", zc_slice_of_text("JWT")));
    return zc_json_close_object(json);
}

static zc_result put_claims(const zc_jwt *jwt, zc_json *json)
{
    uint64_t expiry;
    ZC_TRY(zc_add_u64(jwt->not_before, ZC_JWT_SECONDS, &expiry));
    ZC_TRY(zc_json_open_object(json));
    ZC_TRY(zc_json_pair(json, "sub", jwt->key_id));
    ZC_TRY(zc_json_pair(json, "iss", zc_slice_of_text("cdp")));
    ZC_TRY(zc_json_key(json, "nbf"));
    ZC_TRY(zc_json_u64(json, jwt->not_before));
    ZC_TRY(zc_json_key(json, "exp"));
    ZC_TRY(zc_json_u64(json, expiry));
    if (jwt->uri.len != 0) {
        ZC_TRY(zc_json_pair(json, "uri", jwt->uri));
    }
    return zc_json_close_object(json);
}

static zc_result write_part(const zc_jwt *jwt, zc_result (*put)(const zc_jwt *, zc_json *),
                            zc_writer *writer)
{
    uint8_t text[PART_MAX];
    zc_writer part = ZC_WRITER_OF_ARRAY(text);
    zc_json json = zc_json_of(&part);
    ZC_TRY(put(jwt, &json));
    return zc_compose_write_base64_url(writer, zc_writer_written(&part));
}

zc_result zc_jwt_write(const zc_jwt *jwt, zc_writer *writer)
{
    zc_writer trial = *writer;
    if (jwt->key_id.len > ZC_JWT_MAX_TEXT || jwt->uri.len > ZC_JWT_MAX_TEXT) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    ZC_TRY(write_part(jwt, put_header, &trial));
    ZC_TRY(zc_write_u8(&trial, '.'));
    ZC_TRY(write_part(jwt, put_claims, &trial));
    *writer = trial;
    return ZC_OK;
}
