/* zcp_verify_evidence(): the public face of the evidence module. */
#include "client/internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "evidence/evidence.h"
#include "support/reason.h"

_Static_assert((int)ZCP_TDX == (int)ZC_EVIDENCE_TDX, "the kinds have the same numbers");
_Static_assert((int)ZCP_TCB_UP_TO_DATE == (int)ZC_TCB_BIT(ZC_TCB_UP_TO_DATE),
               "the levels have the same bits");
_Static_assert((int)ZCP_CHECK_NOT_ASKED == (int)ZC_CHECK_NOT_ASKED,
               "the states have the same numbers");

#define WHAT "the attestation does not hold"

typedef struct zc_verification {
    zc_evidence_options options;
    zc_slice collateral[ZC_EVIDENCE_COLLATERALS];
    zc_measurement measurement[ZC_EVIDENCE_MEASUREMENTS];
    uint8_t root[2048];
    zc_evidence_result result;
} zc_verification;

static zc_slice slice_of(zcp_bytes bytes)
{
    return zc_slice_of(bytes.data, bytes.data != NULL ? bytes.len : 0);
}

static const char *reason_text(zc_result reason)
{
    const char *text = zc_evidence_reason_text(reason);
    return text != NULL ? text : zc_reason_text(reason);
}

static const char *reason_name(zc_result reason)
{
    const char *name = zc_evidence_reason_name(reason);
    return name != NULL ? name : zc_reason_name(reason);
}

static void take_measurements(const zcp_policy *policy, zc_verification *v)
{
    for (size_t i = 0; i < policy->measurement_count; i++) {
        const zcp_measurement *from = &policy->measurements[i];
        zc_measurement *to = &v->measurement[i];
        zc_copy_text(to->name, sizeof to->name,
                     zc_slice_of(from->name, strnlen(from->name, sizeof from->name)));
        /* A length that does not fit stays: it is refused as an expectation. */
        to->len = from->len;
        memcpy(to->value, from->value, sizeof to->value);
    }
    v->options.measurements = v->measurement;
    v->options.measurement_count = policy->measurement_count;
}

/* What needs no file. */
static void take_values(const zcp_policy *policy, zc_verification *v)
{
    zc_evidence_options *options = &v->options;
    options->kind = (zc_evidence_kind)policy->kind;
    options->at_seconds = policy->at_seconds;
    options->tcb_accepted = policy->tcb_accepted;
    options->accept_debug = policy->accept_debug;
    options->has_nonce = policy->nonce.data != NULL;
    options->nonce = slice_of(policy->nonce);
    options->has_module_id = policy->module_id != NULL;
    options->module_id = zc_slice_of_text(policy->module_id != NULL ? policy->module_id : "");
    options->has_user_data = policy->user_data.data != NULL;
    options->user_data = slice_of(policy->user_data);
    options->mission_hash = policy->mission_hash;
    options->log_key = policy->log_key;
    options->deployment_id = policy->deployment_id;
    for (size_t i = 0; i < policy->collateral_count; i++) {
        v->collateral[i] = slice_of(policy->collateral[i]);
    }
    options->collateral = v->collateral;
    options->collateral_count = policy->collateral_count;
    take_measurements(policy, v);
}

static zcp_result take_policy(const zcp_policy *policy, zc_verification *v, zcp_error *error)
{
    bool has_list = policy->accepted.data != NULL;
    if (policy->collateral_count > ZC_EVIDENCE_COLLATERALS ||
        policy->measurement_count > ZC_EVIDENCE_MEASUREMENTS || policy->kind > ZCP_TDX) {
        return zc_report(error, ZCP_USAGE, "cannot verify", "more is given than a policy holds",
                         "give at most 16 pieces of collateral and 32 measurements");
    }
    if (has_list != (policy->release_key != NULL)) {
        return zc_report(error, ZCP_USAGE, "cannot verify",
                         "a list of accepted measurements and its release key go together",
                         "give both or neither");
    }
    take_values(policy, v);
    if (has_list) {
        v->options.has_accepted = true;
        v->options.accepted = slice_of(policy->accepted);
        memcpy(v->options.release_key, policy->release_key, sizeof v->options.release_key);
    }
    if (policy->root_pem != NULL) {
        size_t len;
        zcp_result read = zc_place_root(policy->root_pem, v->root, sizeof v->root, &len, error);
        if (read != ZCP_OK) {
            return read;
        }
        v->options.root_der = zc_slice_of(v->root, len);
    }
    return ZCP_OK;
}

static void tell_checks(const zc_evidence_result *from, zcp_conclusion *to)
{
    to->check_count = from->check_count;
    for (size_t i = 0; i < from->check_count; i++) {
        const zc_check *check = &from->check[i];
        bool no_words = check->state == ZC_CHECK_FAILED && check->detail[0] == '\0';
        const char *detail = no_words ? reason_text(from->reason) : check->detail;
        to->check[i].state = (zcp_check_state)check->state;
        zc_copy_text(to->check[i].name, sizeof to->check[i].name, zc_slice_of_text(check->name));
        zc_copy_text(to->check[i].detail, sizeof to->check[i].detail, zc_slice_of_text(detail));
    }
}

static void tell_claims(const zc_evidence_result *from, zcp_conclusion *to)
{
    to->measurement_count = from->measurement_count;
    for (size_t i = 0; i < from->measurement_count; i++) {
        memcpy(to->measurement[i].name, from->measurement[i].name, sizeof to->measurement[i].name);
        memcpy(to->measurement[i].value, from->measurement[i].value,
               sizeof to->measurement[i].value);
        to->measurement[i].len = from->measurement[i].len;
    }
    memcpy(to->module_id, from->module_id, sizeof to->module_id);
    to->has_time = from->has_time;
    to->timestamp_ms = from->timestamp_ms;
    to->nonce_len = from->nonce_len;
    memcpy(to->nonce, from->nonce, sizeof to->nonce);
    to->user_data_len = from->user_data_len;
    memcpy(to->user_data, from->user_data, sizeof to->user_data);
    to->public_key_len = from->public_key_len;
    memcpy(to->public_key, from->public_key, sizeof to->public_key);
    to->ours = from->has_binding;
    memcpy(to->deployment_id, from->binding.deployment_id, sizeof to->deployment_id);
    memcpy(to->mission_hash, from->binding.mission_hash, sizeof to->mission_hash);
    memcpy(to->log_key, from->binding.log_key, sizeof to->log_key);
    memcpy(to->boot_id, from->binding.boot_id, sizeof to->boot_id);
}

static void tell_platform(const zc_evidence_result *from, zcp_conclusion *to)
{
    zc_copy_text(to->tcb_status, sizeof to->tcb_status,
                 zc_slice_of_text(zc_tcb_status_name(from->tcb_status)));
    memcpy(to->platform, from->platform, sizeof to->platform);
    memcpy(to->accepted_as, from->accepted_as, sizeof to->accepted_as);
    size_t used = 0;
    for (size_t i = 0; i < from->advisory_count && used < sizeof to->advisories; i++) {
        int len = snprintf(to->advisories + used, sizeof to->advisories - used, "%s%s",
                           i > 0 ? " " : "", from->advisory[i]);
        used += len > 0 ? (size_t)len : 0;
    }
}

static void conclude(const zc_evidence_result *from, zcp_conclusion *ret_conclusion)
{
    *ret_conclusion = (zcp_conclusion){.valid = from->valid,
                                       .hardware = from->hardware,
                                       .development = from->development,
                                       .debug = from->debug,
                                       .kind = (zcp_evidence_kind)from->kind};
    tell_checks(from, ret_conclusion);
    tell_claims(from, ret_conclusion);
    tell_platform(from, ret_conclusion);
}

static const char *advice(zc_result reason)
{
    if (zc_is(reason, ZC_ATTEST_EXPIRED) || zc_is(reason, ZC_EVIDENCE_EXPIRED)) {
        return "for archived evidence give its own time with --at";
    }
    if (zc_is(reason, ZC_EVIDENCE_NO_CERTIFICATE) || zc_is(reason, ZC_EVIDENCE_NO_COLLATERAL)) {
        return "give what its maker says about the platform with --collateral";
    }
    if (zc_is(reason, ZC_ATTEST_WRONG_NONCE) || zc_is(reason, ZC_EVIDENCE_WRONG_NONCE)) {
        return "ask for fresh evidence with your own nonce";
    }
    if (zc_is(reason, ZC_ATTEST_WRONG_PCR) || zc_is(reason, ZC_EVIDENCE_WRONG_MEASUREMENT)) {
        return "compare the measurements with the published ones";
    }
    return "do not trust this enclave";
}

zcp_result zc_report_evidence(zcp_error *error, zc_result reason, const char *next)
{
    zc_report(error, ZCP_NOT_VERIFIED, WHAT, reason_text(reason), next);
    if (error != NULL) {
        zc_copy_text(error->reason, sizeof error->reason, zc_slice_of_text(reason_name(reason)));
    }
    return ZCP_NOT_VERIFIED;
}

zc_attest_cache *zc_cache_of_thread(void)
{
    static _Thread_local zc_attest_cache cache;
    return &cache;
}

zcp_result zcp_verify_evidence(const uint8_t *evidence, size_t len, const zcp_policy *policy,
                               zcp_conclusion *ret_conclusion, zcp_error *error)
{
    zc_verification *v = calloc(1, sizeof *v);
    if (v == NULL) {
        return zc_report(error, ZCP_FAILED, "cannot verify", "the machine gave no memory", "");
    }
    zcp_result taken = take_policy(policy, v, error);
    if (taken != ZCP_OK) {
        free(v);
        return taken;
    }
    v->options.cache = zc_cache_of_thread();
    zc_result verified = zc_evidence_verify(zc_slice_of(evidence, len), &v->options, &v->result);
    conclude(&v->result, ret_conclusion);
    free(v);
    return zc_ok(verified) ? ZCP_OK : zc_report_evidence(error, verified, advice(verified));
}
