#include "tee.h"

/* The file with all certificates of its folder: an issuer may stand in another file. */
void zc_tee_run_collateral(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file)
{
    zc_slice pieces[ZC_EVIDENCE_COLLATERALS] = {zc_bytes_slice(&file->bytes)};
    size_t count = 1;
    zc_result checked = zc_fail(ZC_EVIDENCE_NO_COLLATERAL);
    for (size_t i = 0; i < folder->count && count < ZC_EVIDENCE_COLLATERALS; i++) {
        if (&folder->file[i] != file &&
            (zc_tee_is_pem(&folder->file[i]) || zc_tee_is_json(&folder->file[i]))) {
            pieces[count++] = zc_bytes_slice(&folder->file[i].bytes);
        }
    }
    zc_evidence_options options = {.collateral = pieces, .collateral_count = count};
    for (size_t i = 0; i < folder->time_count && !zc_ok(checked); i++) {
        options.at_seconds = folder->time[i];
        checked = zc_evidence_check_endorsements(&options, 1);
    }
    if (!zc_ok(checked)) {
        const char *why = zc_evidence_reason_text(checked);
        zc_report_problem(report, "refused: %s", why != NULL ? why : "");
    }
}
