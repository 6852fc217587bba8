#include "order_preview.h"

#include <time.h>

#include "compose/compose.h"
#include "intent/order_cbor.h"

/* The curves' base points: public keys of nobody's. */
static const uint8_t secp256k1_point[] = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac,
                                          0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02,
                                          0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2,
                                          0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};
static const uint8_t p256_point[] = {0x03, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47,
                                     0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77,
                                     0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1,
                                     0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96};
static const uint8_t ed25519_point[] = {
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

static const struct {
    zc_compose_key kind;
    zc_curve curve;
    zc_slice point;
} kinds[] = {
    {ZC_COMPOSE_KEY_HMAC, ZC_CURVE_SECP256K1, {NULL, 0}},
    {ZC_COMPOSE_KEY_SECP256K1, ZC_CURVE_SECP256K1, {secp256k1_point, sizeof secp256k1_point}},
    {ZC_COMPOSE_KEY_P256, ZC_CURVE_P256, {p256_point, sizeof p256_point}},
    {ZC_COMPOSE_KEY_ED25519, ZC_CURVE_ED25519, {ed25519_point, sizeof ed25519_point}},
    {ZC_COMPOSE_KEY_RSA, ZC_CURVE_SECP256K1, {NULL, 0}},
};

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

zc_result zc_order_preview(zc_slice encoded, zc_intent *ret_intent)
{
    static zc_composition composition;
    zc_order order;
    zc_result result = zc_fail(ZC_COMPOSE_KEY_KIND);
    ZC_TRY(zc_order_read(encoded, &order));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        zc_pubkey pubkey = {0};
        zc_compose_account account = {.key = kinds[i].kind, .api_key = zc_slice_of_text("preview")};
        if (kinds[i].point.len != 0 &&
            zc_ok(zc_pubkey_parse(kinds[i].curve, kinds[i].point, &pubkey))) {
            account.pubkey = &pubkey;
        }
        result = zc_compose_prepare(&order, &account, now_ms(), now_ms(), &composition);
        if (zc_ok(result)) {
            return zc_compose_intent(&order, &composition, ret_intent);
        }
        if (!zc_is(result, ZC_COMPOSE_KEY_KIND)) {
            break;
        }
    }
    return result;
}
