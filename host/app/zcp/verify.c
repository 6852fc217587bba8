#include "mission_change.h"
#include "verify.h"

#include <sys/random.h>
#include <time.h>

#include "commands.h"
#include "wire/limits.h"

const zc_option zc_verify_options[] = {
    {"doc", "FILE", "archived evidence: Nitro document, SEV-SNP report, SGX or TDX quote"},
    {"pcr0", "HEX", "the code that is expected"},
    {"pcr", "N=HEX", "what PCR N must be; may be given for each"},
    {"measurement", "NAME=HEX", "the same for any register: MEASUREMENT, MRTD, RTMR0…"},
    {"nonce", "HEX", "the nonce (or report data) that it must carry"},
    {"root", "PEM", "the root that is trusted (default: its maker's, pinned here)"},
    {"at", "TIME", "the time to hold it against, RFC 3339 (default: now)"},
    {"module-id", "ID", "the module that is expected"},
    {"user-data", "HEX", "the user data that are expected"},
    {"mission", "FILE|HASH", "the mission that must be measured in PCR16"},
    {"log-key", "HEX", "the log key that it must vouch for"},
    {"deployment", "HEX", "the deployment that is expected"},
    {"accept", "FILE", "published measurements, of which one must fit"},
    {"measurements", "FILE", "the same from the public log: an entry with its proof"},
    {"release-key", "PEM|HEX", "the key that signs the list, or the log"},
    {"collateral", "FILE", "certificates, revocation lists, Intel's JSON; may be repeated"},
    {"tcb", "LEVEL", "accept this rating of Intel's too, such as OutOfDate; may be repeated"},
    {"allow-debug", NULL, "SNP, SGX, TDX: accept debug mode; never hardware"},
    {NULL, NULL, NULL},
};

/* What is fresh must say so: a nonce of our own, unless the caller has one. */
static int choose_nonce(const zc_invocation *invocation, zc_verify_input *input)
{
    zcp_bytes *nonce = &input->policy.nonce;
    if (nonce->data == NULL) {
        if (getrandom(input->nonce, 32, 0) != 32) {
            return zc_fail_usage(invocation, "cannot verify", "the machine gives no random bytes");
        }
        *nonce = (zcp_bytes){.data = input->nonce, .len = 32};
    }
    if (nonce->len > ZC_NONCE_MAX) {
        return zc_fail_usage(invocation, "cannot verify",
                             "--nonce wants at most 512 bytes in hexadecimal");
    }
    return ZC_EXIT_DONE;
}

/* The session has already checked code, deployment and channel: the fresh document must say the
 * same, whatever the command line asks beyond that. */
static void expect_session(const zcp_evidence *evidence, zc_verify_input *input)
{
    zcp_policy *policy = &input->policy;
    bool has_pcr0 = false;
    for (size_t i = 0; i < policy->measurement_count; i++) {
        has_pcr0 = has_pcr0 || strcmp(policy->measurements[i].name, "PCR0") == 0;
    }
    if (!has_pcr0 && policy->measurement_count < ZC_VERIFY_MEASUREMENTS) {
        zcp_measurement *pcr0 = &input->measurement[policy->measurement_count++];
        *pcr0 = (zcp_measurement){.name = "PCR0", .len = sizeof evidence->pcr[0]};
        memcpy(pcr0->value, evidence->pcr[0], sizeof evidence->pcr[0]);
        policy->measurements = input->measurement;
    }
    if (policy->deployment_id == NULL) {
        memcpy(input->deployment_id, evidence->deployment_id, sizeof input->deployment_id);
        policy->deployment_id = input->deployment_id;
    }
    if (policy->log_key == NULL) {
        memcpy(input->log_key, evidence->log_key, sizeof input->log_key);
        policy->log_key = input->log_key;
    }
}

/* The folder's own root, where `zcp up` left one. */
static void choose_root(const zc_invocation *invocation, zc_verify_input *input)
{
    if (input->policy.root_pem == NULL && zc_in_dir(invocation, "platform/root.pem", input->root) &&
        zc_file_exists(input->root)) {
        input->policy.root_pem = input->root;
    }
}

static int ask_enclave(const zc_invocation *invocation, zc_verify_input *input)
{
    zcp_session *session;
    zcp_error error;
    int code = choose_nonce(invocation, input);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    code = zc_session_open(invocation, &session);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    expect_session(zcp_session_evidence(session), input);
    choose_root(invocation, input);
    if (!zc_bytes_reserve(&input->evidence, ZC_DOCUMENT_MAX)) {
        zcp_close(session);
        return ZC_EXIT_FAILED;
    }
    zcp_result asked =
        zcp_attest(session, input->policy.nonce.data, input->policy.nonce.len, input->evidence.data,
                   ZC_DOCUMENT_MAX, &input->evidence.len, &error);
    input->radius = asked == ZCP_OK ? zc_radius_json(session) : NULL;
    input->has_mission = zcp_mission_get(session, &input->mission, NULL) == ZCP_OK;
    zcp_close(session);
    return asked == ZCP_OK ? ZC_EXIT_DONE : zc_fail_client(invocation, &error);
}

/* What no document can say: that this very connection ends in that enclave. */
static void add_session(zcp_conclusion *conclusion)
{
    size_t most = sizeof conclusion->check / sizeof *conclusion->check;
    if (conclusion->valid && conclusion->check_count < most) {
        conclusion->check[conclusion->check_count++] = (zcp_check){
            .name = "session",
            .state = ZCP_CHECK_PASSED,
            .detail = "ends inside: its TLS key, deployment and genesis are vouched for"};
    }
}

static int verify(const zc_invocation *invocation, bool live, zc_verify_input *input)
{
    static zcp_conclusion conclusion;
    zcp_error error = {0};
    if (!input->at_given) {
        input->policy.at_seconds = (int64_t)time(NULL);
    }
    zcp_result verified = zcp_verify_evidence(input->evidence.data, input->evidence.len,
                                              &input->policy, &conclusion, &error);
    if (verified != ZCP_OK && verified != ZCP_NOT_VERIFIED) {
        return zc_fail_client(invocation, &error); /* nothing was held against anything */
    }
    if (live) {
        add_session(&conclusion);
    }
    if (invocation->json) {
        return zc_verify_print_json(&conclusion, input->radius,
                                    input->has_mission ? &input->mission : NULL, &error);
    }
    zc_verify_print_text(&conclusion);
    zc_radius_lines(invocation, input->radius);
    if (input->has_mission) {
        zc_mission_lines(&input->mission);
    }
    return verified == ZCP_OK ? ZC_EXIT_DONE : zc_fail_client(invocation, &error);
}

int zc_run_verify(zc_invocation *invocation)
{
    static zc_verify_input input;
    const char *path = zc_option_value(invocation, "doc");
    int code = zc_verify_read_policy(invocation, &input);
    if (code == ZC_EXIT_DONE) {
        code = path != NULL ? zc_verify_read_evidence(invocation, path, &input)
                            : ask_enclave(invocation, &input);
    }
    if (code == ZC_EXIT_DONE) {
        code = verify(invocation, path == NULL, &input);
    }
    json_decref(input.radius);
    zc_verify_clear(&input);
    return code;
}
