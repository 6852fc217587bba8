/* A venue's passphrase on its way into the finished request: copied, never looked at. */
#include <stdio.h>
#include <string.h>

#include "base/ct.h"
#include "compose/compose.h"

static zc_composition composition;
static uint8_t finished[ZC_COMPOSE_MAX_FINISHED];

int main(void)
{
    const zc_compose_account account = {.key = ZC_COMPOSE_KEY_HMAC,
                                        .api_key = zc_slice_of_text("key")};
    const zc_order order = {
        .venue = ZC_VENUE_OKX, .action = ZC_OPERATION_VENUE_READ, .call = "balances"};
    const uint8_t tag[32] = {1};
    const zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {ZC_SLICE_OF_ARRAY(tag)};
    ZC_COMPOSE_PASSPHRASE zc_compose_passphrase passphrase = {.len = 9, .byte = "passwords"};
    zc_writer writer = ZC_WRITER_OF_ARRAY(finished);
    zc_ct_secret(passphrase.byte, sizeof passphrase.byte);
    bool whole =
        zc_ok(zc_compose_prepare(&order, &account, UINT64_C(1700000000000), 1, &composition)) &&
        zc_ok(zc_compose_finish(&composition, signatures, &passphrase, &writer));
    if (!whole) {
        (void)fprintf(stderr, "finish: failed\n");
    }
    return whole ? 0 : 1;
}
