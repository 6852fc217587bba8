/* What happens too often to be told one by one: sessions that begin and end, and errors. Each is
 * counted for its minute, and stands in the log once the minute is over, or when the enclave is
 * stopped: at most two entries for each principal and ZC_ENCLAVE_ERROR_CODES for errors a minute,
 * however many clients come and go. */
#ifndef ZC_ENCLAVE_COUNTS_H
#define ZC_ENCLAVE_COUNTS_H

#include "base/result.h"
#include "policy/mission.h"

/* Different errors of one minute; further ones are counted with the last. */
#define ZC_ENCLAVE_ERROR_CODES 8

typedef struct zc_session_count {
    int64_t minute; /* of the first of them */
    uint64_t begun;
    uint64_t ended;
} zc_session_count;

typedef struct zc_error_count {
    int64_t minute;
    uint64_t count; /* 0: a free place */
    uint16_t code;  /* of a zc_result */
} zc_error_count;

/* A part of state.h. */
typedef struct zc_counts {
    zc_session_count session[ZC_MISSION_MAX_PRINCIPALS];
    zc_error_count error[ZC_ENCLAVE_ERROR_CODES];
} zc_counts;

#endif
