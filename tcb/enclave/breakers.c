/* Breakers: looked at each second and after each refusal; what trips is an entry before it holds.
 */
#include "enclave/policy_parts.h"

#include "audit/detail.h"
#include "policy/breaker.h"

static zc_result trip(zc_enclave *enclave, uint16_t at, zc_effects *effects)
{
    const zc_breaker *breaker = &enclave->mission.breakers[at];
    uint8_t detail[ZC_AUDIT_SMALL_DETAIL_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    ZC_TRY(zc_audit_trip_write(&(zc_audit_trip){.mode = (uint8_t)breaker->mode, .breaker = at},
                               &writer));
    zc_audit_entry entry = {.kind = ZC_AUDIT_TRIP, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    ZC_TRY(zc_log_append(enclave, &entry, &opening, effects, leaf));
    zc_log_raise_floor(enclave);
    ZC_TRY(zc_policy_trip(&enclave->policy, &enclave->mission, at));
    enclave->resume_votes = 0; /* a vote is for ending what was known when it was given */
    if (breaker->mode == ZC_MODE_HALTED) {
        enclave->phase = ZC_PHASE_HALTED;
        enclave->halted_in_log = true;
    }
    return ZC_OK;
}

zc_result zc_breakers_watch(zc_enclave *enclave, int64_t clock_off_ms, zc_effects *effects)
{
    if (enclave->mission.breaker_count == 0 || enclave->stopping) {
        return ZC_OK;
    }
    uint64_t unacked = enclave->ordinal - enclave->acked;
    zc_watch watch = {.now_ms = enclave->now_ms,
                      .unacked = unacked < UINT32_MAX ? (uint32_t)unacked : UINT32_MAX,
                      .clock_off_ms = clock_off_ms};
    /* Each trip makes the mode stricter, so there are two at most. */
    for (int i = 0; i < ZC_MODE_HALTED; i++) {
        uint16_t at = zc_policy_watch(&enclave->policy, &enclave->mission, &watch);
        if (at == ZC_POLICY_NONE) {
            break;
        }
        ZC_TRY(trip(enclave, at, effects));
    }
    return ZC_OK;
}

zc_host_lag zc_enclave_lag(const zc_enclave *enclave)
{
    const zc_mission *mission = &enclave->mission;
    zc_host_lag lag = {.now = enclave->ordinal - enclave->acked,
                       .handed = enclave->ordinal,
                       .most = mission->max_unacked};
    for (size_t i = 0; i < mission->breaker_count; i++) {
        const zc_breaker *breaker = &mission->breakers[i];
        bool stricter = breaker->trip == ZC_TRIP_UNACKED && breaker->count < lag.most;
        lag.most = stricter ? breaker->count : lag.most;
        lag.trips = lag.trips || stricter;
    }
    return lag;
}

int64_t zc_clock_step(const zc_enclave *enclave, const zc_event *event)
{
    int64_t ahead = event->now_ms - (int64_t)(event->now_ns / 1000000);
    return enclave->clock_known ? ahead - enclave->clock_ahead_ms : 0;
}
