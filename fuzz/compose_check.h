/* What holds of every request that is composed. */
#ifndef ZC_FUZZ_COMPOSE_CHECK_H
#define ZC_FUZZ_COMPOSE_CHECK_H

#include "codec/cbor.h"
#include "compose/compose.h"
#include "fuzz.h"
#include "intent/order_cbor.h"

/* Headers are one line each, and so is a path, with one '?' at most and no character that a client
 * would escape or cut at. */
static inline void check_line(zc_slice text, const char *never)
{
    for (size_t i = 0; i < text.len; i++) {
        FUZZ_CHECK(text.data[i] >= 0x20 && text.data[i] < 0x7f);
        FUZZ_CHECK(strchr(never, text.data[i]) == NULL);
    }
}

static inline void check_composition(const zc_composition *composition)
{
    const zc_compose_text *path = &composition->path;
    check_line(zc_slice_of(path->byte, path->len), " \"<>\\^`{|}#");
    check_line(zc_slice_of(composition->values.byte, composition->values.len), "");
    FUZZ_CHECK(path->len > 0 && path->byte[0] == '/');
    const uint8_t *mark = memchr(path->byte, '?', path->len);
    if (mark != NULL) {
        FUZZ_CHECK(memchr(mark + 1, '?', (size_t)(path->byte + path->len - mark - 1)) == NULL);
    }
    for (size_t i = 0; i + 1 < path->len && path->byte[i] != '?'; i++) {
        FUZZ_CHECK(path->byte[i] != '.' || path->byte[i + 1] != '.');
    }
    FUZZ_CHECK(composition->signing_count > 0 && composition->preimage.len > 0);
}

static inline void check_finish(const zc_composition *composition)
{
    static uint8_t finished[ZC_COMPOSE_MAX_FINISHED];
    static uint8_t signature[ZC_COMPOSE_MAX_SIGNATURE];
    static const size_t lens[] = {0, 32, 64, 64, 256, 64, 65};
    const zc_compose_passphrase passphrase = {.len = 4, .byte = "pass"};
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    for (size_t i = 0; i < composition->signing_count; i++) {
        signatures[i] = zc_slice_of(signature, lens[composition->signings[i].scheme]);
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(finished);
    FUZZ_CHECK(zc_ok(zc_compose_finish(composition, signatures, &passphrase, &writer)));
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(zc_writer_written(&writer))));
}

/* With each kind of key. */
static inline void check_compose(const zc_order *order)
{
    static zc_composition composition;
    static zc_intent intent;
    static zc_pubkey secp256k1;
    static const uint8_t generator[33] = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac,
                                          0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02,
                                          0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2,
                                          0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};
    if (secp256k1.len == 0) {
        FUZZ_CHECK(
            zc_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(generator), &secp256k1)));
    }
    for (zc_compose_key key = ZC_COMPOSE_KEY_HMAC; key <= ZC_COMPOSE_KEY_SECP256K1; key++) {
        const bool chain = key == ZC_COMPOSE_KEY_SECP256K1;
        const zc_compose_account account = {
            .key = key,
            .api_key = zc_slice_of_text(chain ? "" : "organizations/a/apiKeys/b"),
            .pubkey = chain ? &secp256k1 : NULL};
        if (zc_ok(zc_compose_prepare(order, &account, UINT64_C(1700000000000), 7, &composition))) {
            check_composition(&composition);
            fuzz_any(zc_compose_intent(order, &composition, &intent));
            check_finish(&composition);
        }
    }
}

#endif
