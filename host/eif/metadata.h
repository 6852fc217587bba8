/* The metadata section: JSON that says what the image is. Nothing measures it, nothing may rest on
 * it. */
#ifndef ZC_EIF_METADATA_H
#define ZC_EIF_METADATA_H

#include "base/slice.h"
#include "eif/reasons.h"
#include "support/bytes.h"

typedef struct zc_eif_metadata {
    const char *name;           /* "zerocopy-signer" */
    const char *version;        /* of the image */
    const char *build_time;     /* RFC 3339 */
    const char *tool;           /* "zcp" */
    const char *tool_version;   /* */
    const char *os;             /* "Linux" */
    const char *kernel_version; /* "6.12" */
} zc_eif_metadata;

/* One object with the fields in AWS's order; the same input gives the same bytes. The caller clears
 * it. Errors: ZC_EIF_BAD_METADATA for text that is not UTF-8, ZC_EIF_NO_MEMORY. */
ZC_MUST_USE zc_result zc_eif_metadata_write(const zc_eif_metadata *metadata, zc_bytes *ret_json);
/* Errors: ZC_EIF_BAD_METADATA. */
ZC_MUST_USE zc_result zc_eif_metadata_check(zc_slice json);

#endif
