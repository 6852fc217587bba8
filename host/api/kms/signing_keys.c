#include "api/kms/signing_keys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ct.h"
#include "base/secret.h"

/* Places; one client in one region has the same all day. */
#define PLACES 256

typedef struct place {
    bool taken;
    char access_key[sizeof((zc_sigv4 *)NULL)->access_key];
    char date[sizeof((zc_sigv4 *)NULL)->date];
    char region[sizeof((zc_sigv4 *)NULL)->region];
    uint8_t secret[ZC_SIGV4_SECRET_MAX];
    zc_hmac_key key;
} place;

struct zc_signing_keys {
    pthread_mutex_t lock;
    const char *service;
    place places[PLACES];
};

zc_signing_keys *zc_signing_keys_new(const char *service)
{
    zc_signing_keys *keys = calloc(1, sizeof *keys);
    if (keys != NULL && pthread_mutex_init(&keys->lock, NULL) != 0) {
        free(keys);
        return NULL;
    }
    if (keys != NULL) {
        keys->service = service;
    }
    return keys;
}

void zc_signing_keys_free(zc_signing_keys *keys)
{
    if (keys != NULL) {
        (void)pthread_mutex_destroy(&keys->lock);
        zc_wipe(keys->places, sizeof keys->places);
        free(keys);
    }
}

/* FNV-1a. Whoever finds two ids that share a place gains nothing but the work of deriving. */
static size_t place_of(const zc_sigv4 *sigv4)
{
    uint32_t hash = 2166136261U;
    const char *const parts[] = {sigv4->access_key, sigv4->region};
    for (size_t i = 0; i < 2; i++) {
        for (const char *at = parts[i]; *at != '\0'; at++) {
            hash = (hash ^ (uint8_t)*at) * 16777619U;
        }
    }
    return hash % PLACES;
}

static bool is_of(const place *one, const zc_sigv4 *sigv4, const uint8_t *secret)
{
    return one->taken && strcmp(one->access_key, sigv4->access_key) == 0 &&
           strcmp(one->date, sigv4->date) == 0 && strcmp(one->region, sigv4->region) == 0 &&
           zc_ct_eq(one->secret, secret, ZC_SIGV4_SECRET_MAX);
}

static void remember(place *one, const zc_sigv4 *sigv4, const uint8_t *secret,
                     const zc_hmac_key *key)
{
    one->taken = true;
    memcpy(one->access_key, sigv4->access_key, sizeof one->access_key);
    memcpy(one->date, sigv4->date, sizeof one->date);
    memcpy(one->region, sigv4->region, sizeof one->region);
    memcpy(one->secret, secret, sizeof one->secret);
    one->key = *key;
}

void zc_signing_keys_get(zc_signing_keys *keys, const zc_sigv4 *sigv4, const char *secret,
                         zc_hmac_key *ret_key)
{
    uint8_t padded[ZC_SIGV4_SECRET_MAX] = {0};
    size_t len = strnlen(secret, sizeof padded);
    memcpy(padded, secret, len);
    place *one = &keys->places[place_of(sigv4)];
    (void)pthread_mutex_lock(&keys->lock);
    bool known = is_of(one, sigv4, padded);
    if (known) {
        *ret_key = one->key;
    }
    (void)pthread_mutex_unlock(&keys->lock);
    if (!known) {
        zc_sigv4_signing_key(sigv4, keys->service, secret, ret_key);
        (void)pthread_mutex_lock(&keys->lock);
        remember(one, sigv4, padded, ret_key);
        (void)pthread_mutex_unlock(&keys->lock);
    }
    zc_wipe(padded, sizeof padded);
}
