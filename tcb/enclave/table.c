#include "enclave/change/change_parts.h"
#include "enclave/snapshot_parts.h"

#define IN(phase) (1u << ZC_PHASE_##phase)
#define SERVED (IN(SERVING) | IN(HALTED))
#define ALWAYS (IN(SEALED) | IN(GENESIS) | SERVED)

typedef enum zc_source { FROM_RUNTIME, FROM_HOST, FROM_CLIENT } zc_source;

/* The whole behaviour of the enclave at a glance: who may say what, when. What is not here is
 * refused. */
static const struct {
    zc_source source;
    int message;
    unsigned phases;
    zc_handler *handler;
} rows[] = {
    {FROM_RUNTIME, ZC_EVENT_START, IN(SEALED), zc_on_start},
    {FROM_RUNTIME, ZC_EVENT_NSM, ALWAYS, zc_on_nsm},
    {FROM_RUNTIME, ZC_EVENT_WRAP_KEY, IN(SEALED), zc_on_wrap_key},
    {FROM_RUNTIME, ZC_EVENT_WRAP_KEY, SERVED, zc_on_activation_key},
    {FROM_RUNTIME, ZC_EVENT_FRONT_KEY, ALWAYS, zc_on_front_key},
    {FROM_RUNTIME, ZC_EVENT_SESSION_OPEN, SERVED, zc_on_session_open},
    {FROM_RUNTIME, ZC_EVENT_SESSION_CLOSED, ALWAYS, zc_on_session_closed},
    {FROM_RUNTIME, ZC_EVENT_TICK, ALWAYS, zc_on_tick},

    {FROM_HOST, ZC_HOST_MISSION, IN(SEALED), zc_on_mission_part},
    {FROM_HOST, ZC_HOST_BOOT, IN(SEALED), zc_on_boot},
    {FROM_HOST, ZC_HOST_GENESIS_SIGNED, IN(GENESIS), zc_on_genesis_signed},
    {FROM_HOST, ZC_HOST_KEY_BLOB, IN(SEALED), zc_on_key_blob},
    {FROM_HOST, ZC_HOST_KEYS, IN(SEALED), zc_on_keys},
    {FROM_HOST, ZC_HOST_SNAPSHOT, IN(SEALED), zc_on_snapshot},
    {FROM_HOST, ZC_HOST_ENTRY, IN(SEALED), zc_on_entry},
    {FROM_HOST, ZC_HOST_LOAD_DONE, IN(SEALED), zc_on_load_done},
    {FROM_HOST, ZC_HOST_ACK, ALWAYS, zc_on_ack},
    {FROM_HOST, ZC_HOST_COSIGNED, IN(SEALED) | SERVED, zc_on_cosigned},
    {FROM_HOST, ZC_HOST_LOST_TAIL, IN(SEALED), zc_on_lost_tail},
    {FROM_HOST, ZC_HOST_STOP, SERVED, zc_on_stop},

    {FROM_CLIENT, ZC_OP_AUTH, SERVED, zc_on_auth},
    {FROM_CLIENT, ZC_OP_STATUS, SERVED, zc_on_status},
    {FROM_CLIENT, ZC_OP_ATTEST, SERVED, zc_on_attest},
    {FROM_CLIENT, ZC_OP_KEY_CREATE, SERVED, zc_on_key_create},
    {FROM_CLIENT, ZC_OP_KEY_LIST, SERVED, zc_on_key_list},
    {FROM_CLIENT, ZC_OP_KEY_SHOW, SERVED, zc_on_key_show},
    {FROM_CLIENT, ZC_OP_KEY_DISABLE, SERVED, zc_on_key_disable},
    {FROM_CLIENT, ZC_OP_KEY_IMPORT_BEGIN, SERVED, zc_on_key_import_begin},
    {FROM_CLIENT, ZC_OP_KEY_IMPORT, SERVED, zc_on_key_import},
    {FROM_CLIENT, ZC_OP_SIGN, SERVED,
     zc_on_sign}, /* halted: policy refuses it, and the refusal is logged */
    {FROM_CLIENT, ZC_OP_HALT, SERVED, zc_on_halt},
    {FROM_CLIENT, ZC_OP_RESUME, SERVED, zc_on_resume},
    {FROM_CLIENT, ZC_OP_REVIEWS, SERVED, zc_on_reviews},
    {FROM_CLIENT, ZC_OP_REVIEW, SERVED, zc_on_review},
    {FROM_CLIENT, ZC_OP_APPROVE, SERVED, zc_on_approve},
    {FROM_CLIENT, ZC_OP_FEED, SERVED, zc_on_feed},
    {FROM_CLIENT, ZC_OP_REVOKE, SERVED, zc_on_revoke},
    {FROM_CLIENT, ZC_OP_POLICY, SERVED, zc_on_policy},
    {FROM_CLIENT, ZC_OP_MISSION, SERVED, zc_on_mission},
};

static zc_handler *find(const zc_enclave *enclave, zc_source source, int message)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].source == source && rows[i].message == message &&
            (rows[i].phases >> enclave->phase & 1u) != 0) {
            return rows[i].handler;
        }
    }
    return NULL;
}

zc_handler *zc_table_event(const zc_enclave *enclave, zc_event_kind kind)
{
    return find(enclave, FROM_RUNTIME, (int)kind);
}

zc_handler *zc_table_host(const zc_enclave *enclave, zc_host_type type)
{
    return find(enclave, FROM_HOST, (int)type);
}

zc_handler *zc_table_request(const zc_enclave *enclave, zc_op op)
{
    return find(enclave, FROM_CLIENT, (int)op);
}
