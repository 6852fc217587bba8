/* Groups of the folder cose_cbor. */
#ifndef ZC_VECTORS_COSE_CBOR_H
#define ZC_VECTORS_COSE_CBOR_H

#include "base/reader.h"
#include "fields.h"

void zc_run_cose(zc_report *report, json_t *root);

/* What an item holds, as JSON, so that it can be held against "decoded". Integers beyond 18 digits
 * are texts, as zc_files_json() makes them; NULL for what JSON cannot say. The caller decrefs. */
json_t *zc_cbor_to_json(zc_reader *reader);
/* The same in diagnostic notation (RFC 8949 §8), into the case's scratch memory; NULL for an item
 * that the reader refuses. */
const char *zc_cbor_to_diagnostic(zc_report *report, zc_reader *reader);

#endif
