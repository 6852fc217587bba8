/* Makes the log public: tiles out of the journal, cosignatures of witnesses, then the checkpoint
 * that names them.
 *
 * A thread of its own does it, behind the path of signatures. A checkpoint is put in place only
 * when every tile below it is on the disk; what is missing after a crash is made again from the
 * journal. */
#ifndef ZC_LOG_PUBLISH_H
#define ZC_LOG_PUBLISH_H

#include "log/witness_client.h"

typedef struct zc_publisher zc_publisher;

typedef struct zc_publisher_options {
    const char *folder;  /* D/log: gets `checkpoint`, `tile/`, and `cosigned` for the enclave */
    const char *journal; /* D/log/journal */
    size_t witness_count;
    const char *witness_url[ZC_WITNESSES_MAX];
} zc_publisher_options;

/* The caller stops it. Errors: ZC_SUPPORT_NO_MEMORY, _IO. */
ZC_MUST_USE zc_result zc_publisher_start(const zc_publisher_options *options,
                                         zc_publisher **ret_publisher, zc_error *error);
/* A newer checkpoint of the enclave's. The journal holds every entry below it. */
void zc_publisher_post(zc_publisher *publisher, zc_slice note);
/* Publishes what was posted and ends. NULL is fine. */
void zc_publisher_stop(zc_publisher *publisher);

#endif
