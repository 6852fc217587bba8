/* Signatures that were accepted already. Each is kept as long as its time would still be accepted;
 * when there are more than fit, new requests wait rather than old ones being forgotten. */
#ifndef ZC_KMS_REPLAY_H
#define ZC_KMS_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct zc_replay zc_replay;

typedef enum zc_replay_answer {
    ZC_REPLAY_NEW = 0,
    ZC_REPLAY_SEEN,
    ZC_REPLAY_FULL,
} zc_replay_answer;

/* Room for 2^bits signatures. NULL when the machine gives no memory. */
zc_replay *zc_replay_new(unsigned bits);
void zc_replay_free(zc_replay *replay);
/* Notes it, unless it was seen. `until_seconds`: when it can be forgotten. Any thread. */
zc_replay_answer zc_replay_check(zc_replay *replay, const uint8_t signature[static 32],
                                 int64_t now_seconds, int64_t until_seconds);

#endif
