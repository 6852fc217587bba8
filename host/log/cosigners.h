/* The witnesses whose cosignatures count for a reader, and how many of them a checkpoint carries.
 */
#ifndef ZC_LOG_COSIGNERS_H
#define ZC_LOG_COSIGNERS_H

#include "audit/cosignature.h"
#include "log/reasons.h"

#define ZC_COSIGNERS_MAX 16

typedef struct zc_cosigners {
    size_t count;
    size_t needed; /* 0: none is asked for */
    zc_cosigner key[ZC_COSIGNERS_MAX];
} zc_cosigners;

typedef struct zc_cosigned {
    size_t lines;        /* of others than the log, known or not */
    size_t found;        /* of the witnesses that count, each once */
    uint64_t earliest_s; /* when the first of them cosigned, seconds since 1970; 0: none did */
    uint64_t latest_s;
} zc_cosigned;

/* Which of them cosigned the note. Lines of strangers are passed over.
 * Errors: those of notes; ZC_LOG_BAD_COSIGNATURE for a line that claims to be of one of them and is
 * not; ZC_LOG_NO_COSIGNATURE when fewer than `needed` did. */
ZC_MUST_USE zc_result zc_cosigners_check(const zc_cosigners *cosigners, zc_slice note,
                                         zc_cosigned *ret_cosigned);

#endif
