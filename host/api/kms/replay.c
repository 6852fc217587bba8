#include "api/kms/replay.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A signature is looked for in these many places and kept in the first that is free. No place
 * between where its search begins and where it stands is empty, so an empty one ends the search;
 * places whose time is over are emptied as far as that leaves this true. */
#define WAYS 64

typedef struct place {
    uint8_t signature[16]; /* of an HMAC: as good as the whole */
    int64_t until_seconds; /* 0: empty */
} place;

struct zc_replay {
    pthread_mutex_t lock;
    size_t mask;
    place *places;
};

zc_replay *zc_replay_new(unsigned bits)
{
    zc_replay *replay = calloc(1, sizeof *replay);
    size_t count = (size_t)1 << bits;
    place *places = replay != NULL ? calloc(count, sizeof *places) : NULL;
    if (places == NULL || pthread_mutex_init(&replay->lock, NULL) != 0) {
        free(places);
        free(replay);
        return NULL;
    }
    /* Touched now, so that memory does not grow with use. */
    memset(places, 0xff, count * sizeof *places);
    for (size_t i = 0; i < count; i++) {
        places[i].until_seconds = 0;
    }
    replay->mask = count - 1;
    replay->places = places;
    return replay;
}

void zc_replay_free(zc_replay *replay)
{
    if (replay != NULL) {
        (void)pthread_mutex_destroy(&replay->lock);
        free(replay->places);
        free(replay);
    }
}

/* From before an empty place backwards: what is over there is in nobody's way. */
static void empty_before(zc_replay *replay, uint64_t start, size_t ways, int64_t now_seconds)
{
    for (size_t i = ways; i-- > 0;) {
        place *one = &replay->places[(start + i) & replay->mask];
        if (one->until_seconds >= now_seconds) {
            return;
        }
        one->until_seconds = 0;
    }
}

static zc_replay_answer look(zc_replay *replay, const uint8_t signature[static 32],
                             int64_t now_seconds, int64_t until_seconds)
{
    uint64_t start;
    place *free_place = NULL;
    memcpy(&start, signature + 16, sizeof start);
    for (size_t i = 0; i < WAYS; i++) {
        place *one = &replay->places[(start + i) & replay->mask];
        bool alive = one->until_seconds >= now_seconds && one->until_seconds != 0;
        if (alive && memcmp(one->signature, signature, sizeof one->signature) == 0) {
            return ZC_REPLAY_SEEN;
        }
        free_place = free_place == NULL && !alive ? one : free_place;
        if (one->until_seconds == 0) {
            empty_before(replay, start, i, now_seconds);
            break;
        }
    }
    if (free_place == NULL) {
        return ZC_REPLAY_FULL;
    }
    memcpy(free_place->signature, signature, sizeof free_place->signature);
    free_place->until_seconds = until_seconds;
    return ZC_REPLAY_NEW;
}

zc_replay_answer zc_replay_check(zc_replay *replay, const uint8_t signature[static 32],
                                 int64_t now_seconds, int64_t until_seconds)
{
    (void)pthread_mutex_lock(&replay->lock);
    zc_replay_answer answer = look(replay, signature, now_seconds, until_seconds);
    (void)pthread_mutex_unlock(&replay->lock);
    return answer;
}
