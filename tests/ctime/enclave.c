/* The whole road in constant time: everything in the vault is poisoned, and valgrind reports a
 * branch or an address in the step that depends on it, from the request to the bytes that leave. */
#include <stdio.h>
#include <string.h>

#include "base/ct.h"
#include "driver.h"
#include "enclave/state.h"

static int failures;

static void expect(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s: failed\n", what);
        failures++;
    }
}

static void poison_signer(zc_signer *signer)
{
    zc_ct_secret(&signer->private_key, sizeof signer->private_key);
    zc_ct_secret(&signer->expanded, 32); /* the other half is the public key */
}

/* All but public keys and the cipher's context, which lies in OpenSSL's memory. */
static void poison(driver *drv)
{
    zc_enclave_secrets *secrets = drv->enclave->secrets;
    zc_ct_secret(&secrets->root, sizeof secrets->root);
    /* Derived again, the tag key is poisoned where it is secret, and not in its counters. */
    expect(zc_ok(zc_derive_tag_key(&secrets->root, &secrets->tag_key)), "tag key");
    poison_signer(&secrets->identity);
    poison_signer(&secrets->log_key);
    const zc_keyring *ring = &drv->enclave->keyring;
    for (size_t i = 0; i < ZC_KEYS_RESIDENT; i++) {
        if (ring->held[i]) {
            poison_signer(ring->record[i].signer);
        }
    }
}

static void sign(driver *drv, uint64_t bot)
{
    static const char *const names[] = {"k1", "p256", "ed"};
    uint8_t digest[32] = {7};
    for (size_t i = 0; i < 3; i++) {
        expect(driver_sign_text(drv, bot, names[i], "hello").status == ZC_STATUS_OK, names[i]);
        expect(driver_sign(drv, bot, names[i], ZC_USE_DIGEST, ZC_FAMILY_NONE,
                           ZC_SLICE_OF_ARRAY(digest))
                       .status == ZC_STATUS_OK,
               names[i]);
    }
    expect(driver_sign(drv, bot, "k1", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(1, 1)).status ==
               ZC_STATUS_OK,
           "transfer");
}

static void import(driver *drv, uint64_t alice)
{
    zc_key_material material = {.kind = ZC_KEY_KIND_P256};
    memset(material.secret.scalar.byte, 0x46, sizeof material.secret.scalar.byte);
    expect(driver_import(drv, alice, "imported", &material, "", 0).status == ZC_STATUS_OK,
           "import");
}

/* The box opens under a poisoned root, so all that comes out of it is poisoned too. */
static void orders(driver *drv, uint64_t alice, uint64_t bot)
{
    static const struct {
        zc_venue venue;
        zc_key_kind kind;
        const char *name, *market, *account, *client_id, *secret;
    } rows[] = {
        {ZC_VENUE_OKX, ZC_KEY_KIND_HMAC_SHA256, "okx", "BTC-USDT", "cash", "", "one"},
        {ZC_VENUE_KUCOIN, ZC_KEY_KIND_HMAC_SHA256, "kucoin", "BTC-USDT", "", "m1", "two"},
        {ZC_VENUE_KRAKEN, ZC_KEY_KIND_HMAC_SHA512, "kraken", "XBTUSD", "", "", "three"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const zc_key_material material = driver_mac(rows[i].kind, rows[i].secret, "pass phrase");
        zc_order order = {.venue = rows[i].venue,
                          .action = ZC_OPERATION_ORDER_PLACE,
                          .side = ZC_SIDE_BUY,
                          .type = ZC_ORDER_LIMIT};
        expect(zc_ok(zc_decimal_read(zc_slice_of_text("30000.1"), &order.price)) &&
                   zc_ok(zc_decimal_read(zc_slice_of_text("0.5"), &order.quantity)),
               "decimals");
        memcpy(order.market, rows[i].market, strlen(rows[i].market));
        memcpy(order.account, rows[i].account, strlen(rows[i].account));
        memcpy(order.client_id, rows[i].client_id, strlen(rows[i].client_id));
        expect(driver_import(drv, alice, rows[i].name, &material, "api", 0).status == ZC_STATUS_OK,
               rows[i].name);
        expect(driver_sign_order(drv, bot, rows[i].name, &order).status == ZC_STATUS_OK,
               rows[i].name);
    }
}

int main(void)
{
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
    driver_create(drv, alice, "k1", ZC_CURVE_SECP256K1);
    driver_create(drv, alice, "p256", ZC_CURVE_P256);
    driver_create(drv, alice, "ed", ZC_CURVE_ED25519);
    poison(drv);
    sign(drv, bot);
    import(drv, alice);
    orders(drv, alice, bot);
    expect(driver_create(drv, alice, "new", ZC_CURVE_P256).status == ZC_STATUS_OK, "create");
    driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS); /* a certificate, and counts of sessions */
    driver_tick(drv, DRIVER_SECOND);          /* then a checkpoint of all that is durable */
    expect(drv->store.checkpoint.len > 0, "checkpoint");
    expect(drv->evidence_count == 2, "evidence");
    driver_start(drv);
    expect(drv->serving, "restart");
    return failures == 0 ? 0 : 1;
}
