/* Groups of the folder tlog. */
#ifndef ZC_VECTORS_TLOG_H
#define ZC_VECTORS_TLOG_H

#include "fields.h"

void zc_run_signed_notes(zc_report *report, json_t *root);
void zc_run_bad_keys(zc_report *report, json_t *root);
void zc_run_checkpoints(zc_report *report, json_t *root);

#endif
