#include "wire/session.h"

#include <assert.h>

static_assert(sizeof(zc_session_secrets) == ZC_SESSION_EXPORTER_SIZE,
              "the struct is the exporter's output, byte for byte");

void zc_session_secrets_wipe(zc_session_secrets *secrets)
{
    zc_wipe(secrets, sizeof *secrets);
}

void zc_session_secrets_of(const uint8_t exporter[static ZC_SESSION_EXPORTER_SIZE],
                           zc_session_secrets *ret_secrets)
{
    memcpy(ret_secrets, exporter, ZC_SESSION_EXPORTER_SIZE);
}

zc_result zc_session_auth_tbs(const uint8_t binding[static 32],
                              const uint8_t document_sha256[static 32],
                              const uint8_t deployment_id[static 32], zc_writer *writer)
{
    zc_writer at = *writer;
    ZC_TRY(zc_write_text(&at, ZC_SESSION_AUTH_PREFIX));
    ZC_TRY(zc_write_slice(&at, zc_slice_of(binding, 32)));
    ZC_TRY(zc_write_slice(&at, zc_slice_of(document_sha256, 32)));
    ZC_TRY(zc_write_slice(&at, zc_slice_of(deployment_id, 32)));
    *writer = at;
    return ZC_OK;
}
