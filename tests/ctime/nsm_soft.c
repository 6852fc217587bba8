/* The machine's secret and the root: neither a branch nor an address depends on them. */
#include <stdlib.h>
#include <string.h>

#include "attest/genesis.h"
#include "base/ct.h"
#include "nsm_soft/state.h"

static void derive_wrap_key(void)
{
    static zc_nsm_soft nsm;
    static uint8_t response[ZC_NSM_RESPONSE_MAX];
    /* "ZcLocalWrapKey" as a CBOR text. */
    static const uint8_t request[] = "\x6e" ZC_NSM_SOFT_WRAP_REQUEST;
    if (!zc_ok(zc_vault_init(&nsm.vault, sizeof(zc_secret32)))) {
        abort();
    }
    nsm.locked = UINT32_MAX;
    memset(zc_nsm_soft_secret(&nsm), 0x42, sizeof(zc_secret32));
    zc_ct_secret(zc_nsm_soft_secret(&nsm), sizeof(zc_secret32));
    size_t len = zc_nsm_soft_answer(&nsm, zc_slice_of(request, sizeof request - 1),
                                    (zc_buffer){.data = response, .len = sizeof response});
    if (len != 50) {
        abort();
    }
    zc_wipe(response, len);
    zc_vault_clear(&nsm.vault);
}

static void commit_root(void)
{
    zc_secret32 root;
    uint8_t commitment[32];
    memset(&root, 0x17, sizeof root);
    zc_ct_secret(&root, sizeof root);
    zc_genesis_commit_root(&root, commitment);
    /* It came out public. */
    if (commitment[0] == 0 && zc_ct_is_zero(commitment, sizeof commitment)) {
        abort();
    }
    zc_secret32_wipe(&root);
}

int main(void)
{
    derive_wrap_key();
    commit_root();
    return 0;
}
