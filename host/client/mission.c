/* The mission in force, and how members change it. */
#include "client/internal.h"

#include "audit/change.h"

static zcp_mission mission_of(const zc_reply_mission *reply)
{
    zcp_mission mission = {.entry = reply->entry,
                           .changeable = reply->changeable,
                           .begun = reply->begun,
                           .began = reply->began,
                           .earliest_ms = reply->earliest_ms,
                           .expires_ms = reply->expires_ms,
                           .have = reply->have,
                           .needed = reply->needed,
                           .organisations = reply->organisations,
                           .organisations_needed = reply->organisations_needed,
                           .member = reply->member,
                           .time_ms = reply->time_ms};
    memcpy(mission.hash, reply->mission, sizeof mission.hash);
    memcpy(mission.born, reply->born, sizeof mission.born);
    memcpy(mission.next, reply->next, sizeof mission.next);
    return mission;
}

static zcp_result ask(zcp_session *session, zc_request *request, const char *what,
                      zcp_mission *ret_mission, zcp_error *error)
{
    zc_reply reply;
    bool shows = request->mission.step == ZC_MISSION_SHOW;
    zcp_result asked = zc_client_ask(session, request, shows, what, &reply, error);
    if (asked == ZCP_OK) {
        *ret_mission = mission_of(&reply.mission);
    }
    return asked;
}

static zcp_result step(zcp_session *session, zc_mission_step which, const uint8_t next[static 32],
                       const char *what, zcp_mission *ret_mission, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_MISSION, .mission = {.step = (uint8_t)which}};
    memcpy(request.mission.mission, next, sizeof request.mission.mission);
    return ask(session, &request, what, ret_mission, error);
}

zcp_result zcp_mission_get(zcp_session *session, zcp_mission *ret_mission, zcp_error *error)
{
    static const uint8_t none[32] = {0};
    return step(session, ZC_MISSION_SHOW, none, "cannot read which mission is in force",
                ret_mission, error);
}

zcp_result zcp_mission_begin(zcp_session *session, const uint8_t next[32], zcp_mission *ret_mission,
                             zcp_error *error)
{
    return step(session, ZC_MISSION_BEGIN, next, "the change was not begun", ret_mission, error);
}

zcp_result zcp_mission_withdraw(zcp_session *session, const uint8_t next[32],
                                zcp_mission *ret_mission, zcp_error *error)
{
    return step(session, ZC_MISSION_WITHDRAW, next, "the change was not withdrawn", ret_mission,
                error);
}

/* The mission in force as the attested document names it, not as the answer does. */
static zc_result sign(zcp_session *session, const zcp_mission *mission, zc_request *request)
{
    uint8_t bytes[ZC_AUDIT_CHANGE_STATEMENT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_audit_change statement = {.begun = mission->began,
                                 .expires_ms = request->mission.expires_ms};
    memcpy(statement.from, session->evidence.mission_hash, sizeof statement.from);
    memcpy(statement.to, request->mission.mission, sizeof statement.to);
    ZC_TRY(zc_audit_change_statement(session->place.deployment_id, &statement, &writer));
    return zc_credential_sign(&session->credential, zc_writer_written(&writer),
                              request->mission.signature);
}

zcp_result zcp_mission_sign(zcp_session *session, const uint8_t next[32], uint64_t valid_ms,
                            zcp_mission *ret_mission, zcp_error *error)
{
    static const char what[] = "the change was not signed";
    zcp_mission mission;
    zcp_result got = zcp_mission_get(session, &mission, error);
    if (got != ZCP_OK) {
        return got;
    }
    if (!mission.begun || memcmp(mission.next, next, sizeof mission.next) != 0) {
        return zc_report(error, ZCP_FAILED, what,
                         mission.begun ? "a change to another mission is under way"
                                       : "no change of the mission is under way",
                         "`zcp mission status` shows what is; compare the hashes");
    }
    uint64_t until = mission.time_ms + valid_ms;
    zc_request request = {.op = ZC_OP_MISSION,
                          .mission = {.step = ZC_MISSION_SIGN,
                                      .begun = mission.began,
                                      .expires_ms = valid_ms > 0 && until < mission.expires_ms
                                                        ? until
                                                        : mission.expires_ms}};
    memcpy(request.mission.mission, next, sizeof request.mission.mission);
    zc_result made = sign(session, &mission, &request);
    return zc_ok(made) ? ask(session, &request, what, ret_mission, error)
                       : zc_report_code(error, ZCP_FAILED, made.code, what, "try again");
}

zcp_result zcp_mission_activate(zcp_session *session, const uint8_t next[32],
                                zcp_mission *ret_mission, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_MISSION, .mission = {.step = ZC_MISSION_ACTIVATE}};
    zc_reply reply;
    zcp_error own;
    zcp_error *told = error != NULL ? error : &own;
    memcpy(request.mission.mission, next, sizeof request.mission.mission);
    zcp_result asked =
        zc_client_ask(session, &request, false, "the next mission is not in force", &reply, told);
    if (asked == ZCP_OK) {
        *ret_mission = mission_of(&reply.mission);
        return ZCP_OK;
    }
    bool waits = asked == ZCP_FAILED && (strcmp(told->reason, "ENCLAVE_CHANGE_QUORUM") == 0 ||
                                         strcmp(told->reason, "ENCLAVE_CHANGE_EARLY") == 0);
    if (waits) {
        zc_copy_text(told->next, sizeof told->next,
                     zc_slice_of_text("`zcp mission status` says who and what is missing"));
        told->result = ZCP_APPROVAL_NEEDED;
    }
    return waits ? ZCP_APPROVAL_NEEDED : asked;
}
