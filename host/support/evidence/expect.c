/* Reference values: what the caller says the evidence must show. */
#include <stdio.h>

#include "base/ct.h"
#include "base/hex.h"
#include "evidence/accepted.h"
#include "evidence/internal.h"
#include "evidence/logged.h"

static void not_asked(zc_evidence_result *result, const char *name, const char *detail)
{
    zc_check_add(result, name, ZC_CHECK_NOT_ASKED, "%s", detail);
}

/* Nitro's nonce is itself; report data have 64 bytes, and zeros behind what is shorter. */
static zc_result compare_nonce(const zc_evidence_options *options, const zc_evidence_result *result)
{
    zc_slice wanted = options->nonce;
    bool is_nitro = result->kind == ZC_EVIDENCE_NITRO;
    bool same = is_nitro ? result->nonce_len == wanted.len : result->nonce_len >= wanted.len;
    same = same && wanted.len > 0 && memcmp(result->nonce, wanted.data, wanted.len) == 0 &&
           zc_ct_is_zero(result->nonce + wanted.len, result->nonce_len - wanted.len);
    return same ? ZC_OK : zc_fail(is_nitro ? ZC_ATTEST_WRONG_NONCE : ZC_EVIDENCE_WRONG_NONCE);
}

static zc_result check_nonce(const zc_evidence_options *options, zc_evidence_result *result)
{
    if (!options->has_nonce) {
        not_asked(result, "nonce", "not asked: this may be a replay of an old one");
        return ZC_OK;
    }
    return zc_check_result(result, "nonce", compare_nonce(options, result),
                           "the one that was asked for: made for you, now");
}

static zc_result compare_measurement(const zc_evidence_result *result, const zc_measurement *wanted)
{
    bool is_nitro = result->kind == ZC_EVIDENCE_NITRO;
    const zc_measurement *found = zc_claim_find(result, wanted->name);
    if (wanted->len == 0 || wanted->len > sizeof wanted->value) {
        return zc_fail(ZC_EVIDENCE_EMPTY_EXPECTATION);
    }
    if (found == NULL) {
        return zc_fail(is_nitro ? ZC_ATTEST_MISSING_PCR : ZC_EVIDENCE_MISSING_MEASUREMENT);
    }
    /* A zero measurement is what debug mode shows: nobody may expect it. */
    bool same = found->len == wanted->len && memcmp(found->value, wanted->value, found->len) == 0 &&
                !zc_ct_is_zero(wanted->value, wanted->len);
    return same ? ZC_OK : zc_fail(is_nitro ? ZC_ATTEST_WRONG_PCR : ZC_EVIDENCE_WRONG_MEASUREMENT);
}

/* One line for all of them; on failure it names the register and what was found. */
static zc_result check_measurements(const zc_evidence_options *options, zc_evidence_result *result)
{
    char names[96] = "";
    if (options->measurement_count == 0) {
        not_asked(result, "measurements", "not asked: any code of its maker would pass");
        return ZC_OK;
    }
    if (options->measurement_count > ZC_EVIDENCE_MEASUREMENTS) {
        return zc_check_result(result, "measurements", zc_fail(ZC_EVIDENCE_EMPTY_EXPECTATION), "");
    }
    for (size_t i = 0; i < options->measurement_count; i++) {
        const zc_measurement *wanted = &options->measurements[i];
        zc_result compared = compare_measurement(result, wanted);
        if (!zc_ok(compared)) {
            const zc_measurement *found = zc_claim_find(result, wanted->name);
            char hex[2 * sizeof found->value + 1] = "nothing";
            if (found != NULL) {
                zc_hex_encode(zc_slice_of(found->value, found->len < 24 ? found->len : 24), hex);
            }
            zc_check_add(result, "measurements", ZC_CHECK_FAILED, "%.20s: found %s%s", wanted->name,
                         hex, found != NULL && found->len > 24 ? "…" : "");
            result->reason = compared;
            return compared;
        }
        size_t len = strlen(names);
        (void)snprintf(names + len, sizeof names - len, "%s%.20s", i > 0 ? " " : "", wanted->name);
    }
    zc_check_add(result, "measurements", ZC_CHECK_PASSED, "%s as expected", names);
    return ZC_OK;
}

static zc_result check_module(const zc_evidence_options *options, zc_evidence_result *result)
{
    if (!options->has_module_id) {
        return ZC_OK;
    }
    if (result->kind != ZC_EVIDENCE_NITRO) {
        return zc_check_result(result, "module", zc_fail(ZC_EVIDENCE_NOT_APPLICABLE), "");
    }
    return zc_check_result(result, "module",
                           zc_slice_eq_text(options->module_id, result->module_id)
                               ? ZC_OK
                               : zc_fail(ZC_EVIDENCE_WRONG_MODULE),
                           "the expected instance and enclave");
}

static zc_result check_user_data(const zc_evidence_options *options, zc_evidence_result *result)
{
    if (!options->has_user_data) {
        return ZC_OK;
    }
    if (result->kind != ZC_EVIDENCE_NITRO) {
        return zc_check_result(result, "user data", zc_fail(ZC_EVIDENCE_NOT_APPLICABLE), "");
    }
    return zc_check_result(
        result, "user data",
        zc_slice_eq(options->user_data, zc_slice_of(result->user_data, result->user_data_len))
            ? ZC_OK
            : zc_fail(ZC_EVIDENCE_WRONG_USER_DATA),
        "as expected");
}

/* The mission counts only where it is measured: user data is what the code says. */
static zc_result check_mission(const zc_evidence_options *options, zc_evidence_result *result)
{
    const uint8_t *wanted = options->mission_hash;
    if (wanted == NULL && !result->has_binding) {
        return ZC_OK;
    }
    const uint8_t *claimed = result->has_binding ? result->binding.mission_hash : wanted;
    bool measured = zc_bound_mission(result, claimed);
    bool same = wanted == NULL || memcmp(wanted, claimed, 32) == 0;
    return zc_check_result(
        result, "mission", measured && same ? ZC_OK : zc_fail(ZC_EVIDENCE_WRONG_MISSION),
        wanted != NULL ? "the expected one, and measured" : "the one it names is measured");
}

static zc_result check_bound(zc_evidence_result *result, const char *name, const uint8_t *wanted,
                             const uint8_t *found, int reason, const char *detail)
{
    if (wanted == NULL) {
        return ZC_OK;
    }
    if (!result->has_binding) {
        return zc_check_result(result, name, zc_fail(ZC_EVIDENCE_NOT_BOUND), "");
    }
    return zc_check_result(result, name, memcmp(wanted, found, 32) == 0 ? ZC_OK : zc_fail(reason),
                           detail);
}

static zc_result check_accepted(const zc_evidence_options *options, zc_evidence_result *result)
{
    char detail[sizeof result->accepted_as + 32];
    if (!options->has_accepted) {
        return ZC_OK;
    }
    bool logged = zc_logged_is(options->accepted);
    zc_result held = (logged ? zc_logged_check : zc_accepted_check)(
        options->accepted, options->release_key, result->kind, result->measurement,
        result->measurement_count, options->at_seconds, result->accepted_as);
    (void)snprintf(detail, sizeof detail, "%s, in the %s", result->accepted_as,
                   logged ? "public measurement log" : "signed list");
    return zc_check_result(result, "published", held, detail);
}

zc_result zc_expect_all(const zc_evidence_options *options, zc_evidence_result *result)
{
    const zc_attest_binding *binding = &result->binding;
    ZC_TRY(check_nonce(options, result));
    ZC_TRY(check_measurements(options, result));
    ZC_TRY(check_accepted(options, result));
    ZC_TRY(check_module(options, result));
    ZC_TRY(check_user_data(options, result));
    ZC_TRY(check_mission(options, result));
    ZC_TRY(check_bound(result, "deployment", options->deployment_id, binding->deployment_id,
                       ZC_EVIDENCE_WRONG_DEPLOYMENT, "the expected one"));
    return check_bound(result, "log key", options->log_key, binding->log_key,
                       ZC_EVIDENCE_WRONG_LOG_KEY, "the expected one signs its log");
}
