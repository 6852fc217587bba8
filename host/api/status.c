#include "api/status.h"

#include "support/json.h"

const char *zc_phase_name(zcp_phase phase)
{
    static const char *const names[] = {[ZCP_SEALED] = "sealed",
                                        [ZCP_GENESIS] = "genesis",
                                        [ZCP_SERVING] = "serving",
                                        [ZCP_HALTED] = "halted"};
    return phase >= ZCP_SEALED && phase <= ZCP_HALTED ? names[phase] : "unknown";
}

static json_t *isolation_json(uint32_t bits)
{
    json_t *layers = json_object();
    uint32_t bit;
    const char *name;
    for (size_t i = 0; layers != NULL && (name = zcp_isolation_name(i, &bit, NULL)) != NULL; i++) {
        (void)zc_json_set_bool(layers, name, (bits & bit) != 0);
    }
    return layers;
}

json_t *zc_status_json(const zcp_status *status)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "phase", zc_phase_name(status->phase)) &&
                zc_json_set_text(out, "platform", status->platform) &&
                zc_json_set_bool(out, "hardware", status->hardware) &&
                zc_json_set_hex(out, "deployment_id", ZC_SLICE_OF_ARRAY(status->deployment_id)) &&
                zc_json_set_text(out, "mission", status->mission) &&
                zc_json_set_hex(out, "mission_hash", ZC_SLICE_OF_ARRAY(status->mission_hash)) &&
                zc_json_set_text(out, "principal", status->principal) &&
                zc_json_set_hex(out, "boot_id", ZC_SLICE_OF_ARRAY(status->boot_id)) &&
                zc_json_set_u64(out, "log_entries", status->log_next) &&
                zc_json_set_hex(out, "log_head", ZC_SLICE_OF_ARRAY(status->log_head)) &&
                zc_json_set_u64(out, "keys", status->keys) &&
                zc_json_set_u64(out, "signatures", status->signatures) &&
                zc_json_set_u64(out, "denials", status->denials) &&
                zc_json_set_u64(out, "reservations", status->reservations) &&
                zc_json_set_u64(out, "max_unacked", status->max_unacked) &&
                zc_json_set_u64(out, "uptime_ms", status->uptime_ms) &&
                zc_json_set_u64(out, "time_ms", status->time_ms) &&
                zc_json_set_text(out, "rollback",
                                 status->rollback_protected ? "protected" : "not protected") &&
                zc_json_set_bool(out, "memory_out_of_reach", status->memory_out_of_reach) &&
                zc_json_set(out, "isolation", isolation_json(status->isolation));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}
