#include "codec/cbor.h"
#include "enclave/parts.h"

#define MINUTE_MS 60000

static int64_t minute_of(const zc_enclave *enclave)
{
    return enclave->now_ms / MINUTE_MS;
}

static zc_session_count *counted(zc_enclave *enclave, uint32_t principal)
{
    zc_session_count *count = &enclave->counts.session[principal];
    if (count->begun == 0 && count->ended == 0) {
        count->minute = minute_of(enclave);
    }
    return count;
}

void zc_count_session_begun(zc_enclave *enclave, const zc_session *session)
{
    if (enclave->stopping) {
        return; /* its end is counted already */
    }
    counted(enclave, session->principal)->begun++;
}

void zc_count_session_ended(zc_enclave *enclave, const zc_session *session)
{
    if (session->authenticated && !enclave->stopping) {
        counted(enclave, session->principal)->ended++;
    }
}

void zc_count_error(zc_enclave *enclave, zc_result error)
{
    if (enclave->stopping) {
        return;
    }
    size_t at = 0;
    while (at + 1 < ZC_ENCLAVE_ERROR_CODES && enclave->counts.error[at].count > 0 &&
           enclave->counts.error[at].code != error.code) {
        at++;
    }
    zc_error_count *count = &enclave->counts.error[at];
    if (count->count == 0) {
        *count = (zc_error_count){.minute = minute_of(enclave), .code = error.code};
    }
    count->count++;
}

/* Detail of SESSION_START and SESSION_END: how many. */
static zc_result log_sessions(zc_enclave *enclave, zc_audit_kind kind, uint32_t principal,
                              uint64_t *count, zc_effects *effects)
{
    uint8_t detail[16];
    uint8_t leaf[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    zc_audit_opening opening = {0};
    if (*count == 0) {
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_put_uint(&writer, *count));
    zc_audit_entry entry = {.kind = kind, .detail = zc_writer_written(&writer)};
    ZC_TRY(zc_group_principal(enclave, principal, &opening));
    ZC_TRY(zc_log_append(enclave, &entry, &opening, effects, leaf));
    *count = 0;
    return ZC_OK;
}

/* Detail of ERROR: [code, how many]. */
static zc_result log_error(zc_enclave *enclave, zc_error_count *error, zc_effects *effects)
{
    uint8_t detail[24];
    uint8_t leaf[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    zc_audit_opening opening = {0};
    ZC_TRY(zc_cbor_put_array(&writer, 2));
    ZC_TRY(zc_cbor_put_uint(&writer, error->code));
    ZC_TRY(zc_cbor_put_uint(&writer, error->count));
    zc_audit_entry entry = {.kind = ZC_AUDIT_ERROR, .detail = zc_writer_written(&writer)};
    ZC_TRY(zc_log_append(enclave, &entry, &opening, effects, leaf));
    error->count = 0;
    return ZC_OK;
}

/* Room is left for the other things that a tick does. */
static bool has_room(const zc_effects *effects)
{
    return effects->count <= ZC_EFFECTS_MAX / 2;
}

zc_result zc_counts_flush(zc_enclave *enclave, bool all, zc_effects *effects)
{
    for (uint32_t i = 0; i < enclave->mission.principal_count; i++) {
        zc_session_count *count = &enclave->counts.session[i];
        if ((all || count->minute != minute_of(enclave)) && has_room(effects)) {
            ZC_TRY(log_sessions(enclave, ZC_AUDIT_SESSION_START, i, &count->begun, effects));
            ZC_TRY(log_sessions(enclave, ZC_AUDIT_SESSION_END, i, &count->ended, effects));
        }
    }
    for (size_t i = 0; i < ZC_ENCLAVE_ERROR_CODES; i++) {
        zc_error_count *error = &enclave->counts.error[i];
        bool due = error->count > 0 && (all || error->minute != minute_of(enclave));
        if (due && has_room(effects)) {
            ZC_TRY(log_error(enclave, error, effects));
        }
    }
    return ZC_OK;
}

bool zc_counts_pending(const zc_enclave *enclave)
{
    bool pending = false;
    for (size_t i = 0; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
        const zc_session_count *count = &enclave->counts.session[i];
        pending = pending || count->begun > 0 || count->ended > 0;
    }
    for (size_t i = 0; i < ZC_ENCLAVE_ERROR_CODES; i++) {
        pending = pending || enclave->counts.error[i].count > 0;
    }
    return pending;
}

void zc_count_open_sessions_ended(zc_enclave *enclave)
{
    for (size_t i = 0; i < ZC_ENCLAVE_SESSION_SLOTS; i++) {
        const zc_session *session = &enclave->session[i];
        if (session->id != 0 && session->authenticated) {
            counted(enclave, session->principal)->ended++;
        }
    }
}
