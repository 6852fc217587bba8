/* Orders in, signed requests out: one JSON object a line, for the comparison with the venues' own
 * libraries.
 *
 * In:  {"order": {…}, "key": "secp256k1", "p256" or "ed25519", "secret": hex, "api_key", "now",
 *       "nonce"}
 * Out: {"request": hex of the finished request, "preimage": hex, "digest": hex, "pubkey": hex}, or
 *      {"error": reason} */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "compose/compose.h"
#include "crypto/hash.h"
#include "crypto/signer.h"
#include "support/json.h"
#include "support/order_json.h"
#include "support/reason.h"

static const uint8_t no_entropy[32];

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static uint64_t number_of(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static zc_compose_key key_of(zc_curve curve)
{
    switch (curve) {
    case ZC_CURVE_ED25519:
        return ZC_COMPOSE_KEY_ED25519;
    case ZC_CURVE_P256:
        return ZC_COMPOSE_KEY_P256;
    case ZC_CURVE_SECP256K1:
        break;
    }
    return ZC_COMPOSE_KEY_SECP256K1;
}

static zc_curve curve_of(const char *name)
{
    if (strcmp(name, "ed25519") == 0) {
        return ZC_CURVE_ED25519;
    }
    return strcmp(name, "p256") == 0 ? ZC_CURVE_P256 : ZC_CURVE_SECP256K1;
}

static zc_result init_signer(const json_t *json, zc_signer *signer)
{
    ZC_SECRET zc_secret32 secret;
    ZC_TRY(
        zc_hex_decode(zc_slice_of_text(text_of(json, "secret")), secret.byte, sizeof(secret.byte)));
    return zc_signer_init(signer, curve_of(text_of(json, "key")), &secret);
}

/* Signs as the scheme says; r ‖ s ‖ recovery id where it wants that. */
static zc_result sign(const zc_signer *signer, const zc_composition *composition,
                      uint8_t ret_signature[static 65], size_t *ret_len)
{
    zc_signature signature;
    uint8_t digest[32];
    zc_slice preimage = zc_compose_preimage(composition, 0);
    *ret_len = 64;
    switch (composition->signings[0].scheme) {
    case ZC_COMPOSE_ED25519:
        ZC_TRY(zc_sign_message_ed25519(signer, preimage, &signature));
        break;
    case ZC_COMPOSE_ECDSA_KECCAK256:
        *ret_len = 65;
        zc_keccak256(preimage, digest);
        ZC_TRY(zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, no_entropy, digest, &signature));
        break;
    default:
        zc_sha256(preimage, digest);
        ZC_TRY(zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, no_entropy, digest, &signature));
    }
    memcpy(ret_signature, signature.byte, 64);
    ret_signature[64] = signature.recovery;
    return ZC_OK;
}

static json_t *hex_json(zc_slice bytes)
{
    static char text[2 * ZC_COMPOSE_MAX_FINISHED + 1];
    zc_hex_encode(bytes, text);
    return json_string(text);
}

static zc_result run(const json_t *json, json_t *object)
{
    static zc_composition composition;
    static zc_intent intent;
    static uint8_t request[ZC_COMPOSE_MAX_FINISHED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    uint8_t signature[65];
    size_t len;
    zc_order order;
    zc_signer signer;
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    ZC_TRY(init_signer(json, &signer));
    const zc_compose_account account = {
        .key = key_of(signer.pubkey.curve),
        .api_key = zc_slice_of_text(text_of(json, "api_key")),
        .pubkey = &signer.pubkey,
    };
    ZC_TRY(zc_order_of_json(json_object_get(json, "order"), &order, NULL));
    ZC_TRY(zc_compose_prepare(&order, &account, number_of(json, "now"), number_of(json, "nonce"),
                              &composition));
    ZC_TRY(zc_compose_intent(&order, &composition, &intent));
    ZC_TRY(sign(&signer, &composition, signature, &len));
    signatures[0] = zc_slice_of(signature, len);
    ZC_TRY(zc_compose_finish(&composition, signatures, NULL, &writer));
    (void)zc_json_set(object, "request", hex_json(zc_writer_written(&writer)));
    (void)zc_json_set(object, "preimage", hex_json(zc_compose_preimage(&composition, 0)));
    (void)zc_json_set(object, "digest", hex_json(ZC_SLICE_OF_ARRAY(intent.digest)));
    (void)zc_json_set(object, "pubkey", hex_json(zc_pubkey_slice(&signer.pubkey)));
    return ZC_OK;
}

int main(void)
{
    static char line[65536];
    while (fgets(line, sizeof line, stdin) != NULL) {
        json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        json_t *object = json_object();
        if (json == NULL) {
            (void)fprintf(stderr, "driver: a line is no JSON\n");
            return 1;
        }
        zc_result result = run(json, object);
        if (!zc_ok(result)) {
            (void)zc_json_set_text(object, "error", zc_reason_name(result));
        }
        (void)zc_json_print(stdout, object);
        json_decref(object);
        json_decref(json);
    }
    return 0;
}
