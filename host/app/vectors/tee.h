/* Evidence of other hardware: reports and quotes with what stands beside them in their folder. */
#ifndef ZC_VECTORS_TEE_H
#define ZC_VECTORS_TEE_H

#include "evidence/evidence.h"
#include "report.h"
#include "support/bytes.h"

#define ZC_TEE_FILES 64
#define ZC_TEE_TIMES 64

typedef struct zc_tee_file {
    char name[256];
    zc_bytes bytes; /* hex is decoded */
} zc_tee_file;

/* Every file of one folder, and the times at which its statements may have been held valid. */
typedef struct zc_tee_folder {
    size_t count;
    zc_tee_file file[ZC_TEE_FILES];
    size_t time_count;
    int64_t time[ZC_TEE_TIMES];
} zc_tee_folder;

/* Reads the folder in which `path` lies. False, with a problem reported, when it can't be read. */
bool zc_tee_open(zc_report *report, const char *path, zc_tee_folder *ret_folder);
void zc_tee_close(zc_tee_folder *folder);
/* The file of this path's last name; NULL when it is not there. */
const zc_tee_file *zc_tee_find(const zc_tee_folder *folder, const char *path);
bool zc_tee_is_json(const zc_tee_file *file);
bool zc_tee_is_pem(const zc_tee_file *file);

/* tee_evidence.c: one report or quote. */
void zc_tee_run_evidence(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file);
/* tee_collateral.c: certificates, lists or statements alone. */
void zc_tee_run_collateral(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file);
/* A nonce or report data that evidence of the folder carries. */
void zc_tee_run_nonce(zc_report *report, const zc_tee_folder *folder, const zc_tee_file *file);

#endif
