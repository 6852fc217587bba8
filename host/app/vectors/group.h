/* Groups of cases: a file belongs to the first group whose keys its first case (or its root) has.
 * The form decides, not the name, so that a part of a file under another name runs as well. */
#ifndef ZC_VECTORS_GROUP_H
#define ZC_VECTORS_GROUP_H

#include <jansson.h>

#include "report.h"

typedef void zc_cases_fn(zc_report *report, json_t *root);

typedef struct zc_group {
    const char *key[3]; /* NULL: fewer keys decide */
    zc_cases_fn *run;   /* NULL: the whole file is skipped */
    const char *skip;   /* why */
} zc_group;

/* Runs the file that holds `root`. `groups` ends with a group of no keys, which takes the rest. */
void zc_group_run(zc_report *report, const zc_group *groups, json_t *root);
/* The name of a case: what `key` holds, or its number. */
const char *zc_case_name(const json_t *item, const char *key, size_t index);

/* One folder under vectors/. `path` is where the file is, for kinds whose cases name others. */
typedef void zc_kind_fn(zc_report *report, const char *path, json_t *root);
void zc_run_crypto(zc_report *report, const char *path, json_t *root);
void zc_run_exchange(zc_report *report, const char *path, json_t *root);
void zc_run_ethereum(zc_report *report, const char *path, json_t *root);
void zc_run_cose_cbor(zc_report *report, const char *path, json_t *root);
void zc_run_tlog(zc_report *report, const char *path, json_t *root);
void zc_run_bitcoin(zc_report *report, const char *path, json_t *root);
/* Tables and texts of proposals. */
void zc_run_bitcoin_file(zc_report *report, const char *path);
void zc_run_solana_cosmos(zc_report *report, const char *path, json_t *root);
/* The manifest of attestation documents. */
void zc_run_nitro(zc_report *report, const char *path, json_t *root);
/* A file of the folder that is no JSON: one document, or something else. */
void zc_run_nitro_file(zc_report *report, const char *path);
/* Reports, quotes and what stands beside them; each file is a case in the light of its folder. */
void zc_run_tee(zc_report *report, const char *path, json_t *root);
void zc_run_tee_file(zc_report *report, const char *path);

#endif
