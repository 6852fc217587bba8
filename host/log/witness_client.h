/* Asking a witness for its cosignature. */
#ifndef ZC_LOG_WITNESS_CLIENT_H
#define ZC_LOG_WITNESS_CLIENT_H

#include "audit/note.h"
#include "log/folder.h"

#define ZC_WITNESSES_MAX 16
#define ZC_WITNESS_URL_SIZE 512

typedef struct zc_witness_peer {
    char url[ZC_WITNESS_URL_SIZE]; /* without the final slash */
    uint64_t size;                 /* what it cosigned last, as far as is known */
} zc_witness_peer;

/* Sends the checkpoint `note` of the log in `folder`; a witness that has seen another length is
 * asked a second time from there. Appends the signature lines of its answer to `lines`: they are
 * known to be lines of a note, not to be right.
 * Errors: ZC_LOG_UNREACHABLE, ZC_LOG_WITNESS_REFUSED, those of tiles. */
ZC_MUST_USE zc_result zc_witness_ask(zc_witness_peer *peer, const char *folder, zc_slice note,
                                     zc_bytes *lines, zc_error *error);

#endif
