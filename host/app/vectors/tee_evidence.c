#include <stdio.h>
#include <stdlib.h>

#include "tee.h"

/* What is published about a quote, by the beginning of its file's name. */
static const struct {
    const char *name;
    zc_tcb_status status;
    const char *advisories[4];
} published[] = {
    {"sgx_quote.",
     ZC_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
     {"INTEL-SA-00289", "INTEL-SA-00615", NULL, NULL}},
    {"tdx_quote.", ZC_TCB_UP_TO_DATE, {NULL, NULL, NULL, NULL}},
};

#define ANY_LEVEL                                                                                  \
    (ZC_TCB_BIT(ZC_TCB_REVOKED) - 1) /* all but revoked: the level is compared, not demanded */

static const zc_tee_file *own_collateral(const zc_tee_folder *folder, const zc_tee_file *file)
{
    char stem[256];
    char name[300];
    (void)snprintf(stem, sizeof stem, "%s", file->name);
    char *dot = strrchr(stem, '.');
    if (dot != NULL) {
        *dot = '\0';
    }
    (void)snprintf(name, sizeof name, "%s_collateral.json", stem);
    return zc_tee_find(folder, name);
}

/* Its own collateral, or else everything in the folder that is some. */
static size_t gather(const zc_tee_folder *folder, const zc_tee_file *file,
                     zc_slice ret_pieces[static ZC_EVIDENCE_COLLATERALS])
{
    const zc_tee_file *own = own_collateral(folder, file);
    size_t count = 0;
    if (own != NULL) {
        ret_pieces[0] = zc_bytes_slice(&own->bytes);
        return 1;
    }
    for (size_t i = 0; i < folder->count && count < ZC_EVIDENCE_COLLATERALS; i++) {
        if (zc_tee_is_json(&folder->file[i]) || zc_tee_is_pem(&folder->file[i])) {
            ret_pieces[count++] = zc_bytes_slice(&folder->file[i].bytes);
        }
    }
    return count;
}

/* Some published quotes have words behind them ("extra bytes"). The product refuses those; the
 * quote itself ends where its lengths say. */
static size_t length_of(const zc_slice bytes)
{
    size_t signature_at = 48 + 584;
    if (bytes.len > 54 && bytes.data[0] == 5) {
        signature_at = 54 + (bytes.data[50] | (size_t)bytes.data[51] << 8);
    } else if (bytes.len > 8 && bytes.data[4] == 0) {
        signature_at = 48 + 384;
    }
    if (bytes.len < signature_at + 4) {
        return bytes.len;
    }
    const uint8_t *at = bytes.data + signature_at;
    size_t len = at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16;
    size_t end = signature_at + 4 + len;
    return at[3] == 0 && end < bytes.len ? end : bytes.len;
}

static bool passed(const zc_evidence_result *result, const char *check)
{
    for (size_t i = 0; i < result->check_count; i++) {
        if (strcmp(result->check[i].name, check) == 0) {
            return result->check[i].state == ZC_CHECK_PASSED;
        }
    }
    return false;
}

/* How far a verification came: later checks mean more. */
static size_t reach(const zc_evidence_result *result)
{
    return result->valid ? ZC_EVIDENCE_CHECKS + 1 : result->check_count;
}

/* At the first of the folder's times that gives a verdict, else as far as any of them leads. */
static void verify_at_its_time(const zc_tee_folder *folder, zc_slice bytes,
                               zc_evidence_options *options, zc_evidence_result *ret_best)
{
    static zc_evidence_result result;
    int64_t best_time = folder->time[0];
    *ret_best = (zc_evidence_result){0};
    for (size_t i = 0; i < folder->time_count && !ret_best->valid; i++) {
        options->at_seconds = folder->time[i];
        zc_result verified = zc_evidence_verify(bytes, options, &result);
        (void)verified;
        if (reach(&result) > reach(ret_best)) {
            *ret_best = result;
            best_time = folder->time[i];
        }
    }
    options->at_seconds = best_time;
}

static void check_published(zc_report *report, const zc_tee_file *file,
                            const zc_evidence_result *result)
{
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        if (strncmp(file->name, published[i].name, strlen(published[i].name)) != 0) {
            continue;
        }
        size_t count = 0;
        while (count < 4 && published[i].advisories[count] != NULL) {
            count++;
        }
        if (result->tcb_status != published[i].status || result->advisory_count != count) {
            zc_report_problem(report, "rated %s with %zu advisories, not %s with %zu",
                              zc_tcb_status_name(result->tcb_status), result->advisory_count,
                              zc_tcb_status_name(published[i].status), count);
        }
        for (size_t j = 0; j < count && j < result->advisory_count; j++) {
            if (strcmp(result->advisory[j], published[i].advisories[j]) != 0) {
                zc_report_problem(report, "advisory %s", result->advisory[j]);
            }
        }
    }
}

/* No bit of it may be altered: of the signed part nor of the signature. */
static void check_altered(zc_report *report, zc_slice bytes, const zc_evidence_options *options)
{
    static zc_evidence_result result;
    static uint8_t altered[ZC_EVIDENCE_MAX];
    static const size_t places[] = {16, 80, 100, 160, 200, 400, 600, 672, 700, 744};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i] < bytes.len && bytes.len <= sizeof altered) {
            memcpy(altered, bytes.data, bytes.len);
            altered[places[i]] ^= 0x10;
            if (zc_ok(zc_evidence_verify(zc_slice_of(altered, bytes.len), options, &result))) {
                zc_report_problem(report, "accepted with byte %zu altered", places[i]);
            }
        }
    }
}

/* What keeps a verdict open when the folder lacks statements for the quote's platform or time. */
static bool lacks_collateral(zc_result reason)
{
    return zc_is(reason, ZC_EVIDENCE_NO_COLLATERAL) || zc_is(reason, ZC_EVIDENCE_EXPIRED) ||
           zc_is(reason, ZC_EVIDENCE_NOT_YET_VALID) || zc_is(reason, ZC_EVIDENCE_WRONG_PLATFORM) ||
           zc_is(reason, ZC_EVIDENCE_BELOW_EVERY_LEVEL) ||
           zc_is(reason, ZC_EVIDENCE_WRONG_TDX_MODULE);
}

/* The quote, its enclave and its chain hold; how its platform is rated can't be said from here. */
static void judge(zc_report *report, const zc_tee_file *file, const zc_evidence_result *result)
{
    const char *why = zc_evidence_reason_text(result->reason);
    if (result->valid) {
        if (result->tcb_status != ZC_TCB_NONE) {
            zc_report_note(report, zc_tcb_status_name(result->tcb_status));
        }
        check_published(report, file, result);
    } else if (lacks_collateral(result->reason) && passed(result, "signature") &&
               passed(result, "certificates")) {
        zc_report_note(report, why != NULL ? why : "");
    } else {
        zc_report_problem(report, "refused: %s", why != NULL ? why : "for a reason of attest");
    }
}

void zc_tee_run_evidence(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file)
{
    static zc_evidence_result result;
    zc_slice pieces[ZC_EVIDENCE_COLLATERALS];
    zc_slice bytes = zc_bytes_slice(&file->bytes);
    zc_evidence_options options = {
        .collateral = pieces, .tcb_accepted = ANY_LEVEL, .accept_debug = true};
    options.collateral_count = gather(folder, file, pieces);
    bool is_quote = zc_evidence_detect(bytes) != ZC_EVIDENCE_SNP;
    zc_slice whole = zc_slice_of(bytes.data, is_quote ? length_of(bytes) : bytes.len);
    verify_at_its_time(folder, whole, &options, &result);
    judge(report, file, &result);
    check_altered(report, whole, &options);
}

static bool carries(const zc_evidence_result *result, const zc_bytes *nonce)
{
    return result->valid && result->nonce_len >= nonce->len &&
           memcmp(result->nonce, nonce->data, nonce->len) == 0;
}

/* Evidence of this folder at the fixed place of report data, verified or not. */
static bool report_data_is(zc_slice bytes, const zc_bytes *nonce)
{
    size_t at = zc_evidence_detect(bytes) == ZC_EVIDENCE_SNP   ? 0x50
                : zc_evidence_detect(bytes) == ZC_EVIDENCE_SGX ? 48 + 320
                : bytes.data[0] == 5                           ? 54 + 520
                                                               : 48 + 520;
    return bytes.len >= at + nonce->len && memcmp(bytes.data + at, nonce->data, nonce->len) == 0;
}

void zc_tee_run_nonce(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file)
{
    static zc_evidence_result result;
    zc_slice pieces[ZC_EVIDENCE_COLLATERALS];
    for (size_t i = 0; i < folder->count; i++) {
        const zc_tee_file *other = &folder->file[i];
        zc_slice bytes = zc_bytes_slice(&other->bytes);
        zc_evidence_kind kind = zc_evidence_detect(bytes);
        if (kind == ZC_EVIDENCE_ANY || kind == ZC_EVIDENCE_NITRO ||
            !report_data_is(bytes, &file->bytes)) {
            continue;
        }
        zc_evidence_options options = {
            .collateral = pieces, .tcb_accepted = ANY_LEVEL, .accept_debug = true};
        options.collateral_count = gather(folder, other, pieces);
        verify_at_its_time(folder, zc_slice_of(bytes.data, length_of(bytes)), &options, &result);
        if (carries(&result, &file->bytes) || passed(&result, "signature")) {
            zc_report_note(report, other->name);
            return;
        }
    }
    zc_report_problem(report, "no signed evidence of this folder carries it");
}
