#include "api/tls.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "api/http_connections.h"
#include "crypto/hash.h"
#include "support/file.h"
#include "support/reasons.h"

#define PEM_MAX ((size_t)256 << 10)
#define CHAIN_MAX 8
/* A handshake that began with a replaced certificate has ended long before. */
#define KEEP_NS (600ULL * 1000000000ULL)

typedef struct generation {
    struct generation *older;
    uint64_t replaced_ns;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned count;
    gnutls_privkey_t key;
} generation;

struct zc_tls {
    pthread_mutex_t lock;
    generation *current;
    zc_bytes client_ca;
    char certificate_path[ZC_PATH_SIZE];
    char key_path[ZC_PATH_SIZE];
};

static zc_tls *serving;

static void generation_free(generation *one)
{
    if (one == NULL) {
        return;
    }
    for (unsigned i = 0; i < one->count; i++) {
        gnutls_pcert_deinit(&one->chain[i]);
    }
    if (one->key != NULL) {
        gnutls_privkey_deinit(one->key);
    }
    free(one);
}

static zc_result refuse(zc_error *error, const char *path, const char *why)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the certificate",
                                    why, "give a PEM chain and the PEM key that belongs to it");
    zc_error_what(error, "cannot use %s", path);
    return result;
}

static gnutls_datum_t datum(const zc_bytes *bytes)
{
    return (gnutls_datum_t){.data = bytes->data, .size = (unsigned)bytes->len};
}

static bool key_fits(generation *one)
{
    gnutls_pubkey_t ours = NULL;
    gnutls_pubkey_t theirs = one->chain[0].pubkey;
    uint8_t a[64];
    uint8_t b[64];
    size_t a_len = sizeof a;
    size_t b_len = sizeof b;
    bool fits = gnutls_pubkey_init(&ours) == 0 &&
                gnutls_pubkey_import_privkey(ours, one->key, 0, 0) == 0 &&
                gnutls_pubkey_get_key_id(ours, GNUTLS_KEYID_USE_SHA256, a, &a_len) == 0 &&
                gnutls_pubkey_get_key_id(theirs, GNUTLS_KEYID_USE_SHA256, b, &b_len) == 0 &&
                a_len == b_len && memcmp(a, b, a_len) == 0;
    if (ours != NULL) {
        gnutls_pubkey_deinit(ours);
    }
    return fits;
}

static zc_result read_generation(const zc_tls *tls, generation *one, zc_error *error)
{
    ZC_BYTES zc_bytes certificate = {0};
    ZC_BYTES zc_bytes key = {0};
    ZC_TRY(zc_file_read(tls->certificate_path, PEM_MAX, &certificate, error));
    ZC_TRY(zc_file_read_secret(tls->key_path, PEM_MAX, &key, error));
    gnutls_datum_t certificate_pem = datum(&certificate);
    gnutls_datum_t key_pem = datum(&key);
    unsigned count = CHAIN_MAX;
    if (gnutls_pcert_list_import_x509_raw(one->chain, &count, &certificate_pem, GNUTLS_X509_FMT_PEM,
                                          0) != 0 ||
        count == 0) {
        return refuse(error, tls->certificate_path, "it holds no chain of one to 8 certificates");
    }
    one->count = count;
    if (gnutls_privkey_init(&one->key) != 0 ||
        gnutls_privkey_import_x509_raw(one->key, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0) != 0) {
        return refuse(error, tls->key_path, "it holds no private key");
    }
    return key_fits(one) ? ZC_OK
                         : refuse(error, tls->key_path, "the key is not that of the certificate");
}

static zc_result load_generation(zc_tls *tls, zc_error *error)
{
    generation *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot load the certificate",
                            "the machine gave no memory", "free some memory and try again");
    }
    zc_result read = read_generation(tls, fresh, error);
    if (!zc_ok(read)) {
        generation_free(fresh);
        return read;
    }
    uint64_t now_ns = zc_api_now_ns();
    (void)pthread_mutex_lock(&tls->lock);
    fresh->older = tls->current;
    if (tls->current != NULL) {
        tls->current->replaced_ns = now_ns;
    }
    tls->current = fresh;
    for (generation *at = fresh; at->older != NULL; at = at->older) {
        if (at->older->replaced_ns + KEEP_NS < now_ns) {
            generation *gone = at->older;
            at->older = NULL;
            while (gone != NULL) {
                generation *older = gone->older;
                generation_free(gone);
                gone = older;
            }
            break;
        }
    }
    (void)pthread_mutex_unlock(&tls->lock);
    return ZC_OK;
}

zc_result zc_tls_load(const zc_tls_files *files, zc_tls **ret_tls, zc_error *error)
{
    zc_tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL || pthread_mutex_init(&tls->lock, NULL) != 0) {
        free(tls);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot load the certificate",
                            "the machine gave no memory", "free some memory and try again");
    }
    (void)snprintf(tls->certificate_path, sizeof tls->certificate_path, "%s", files->certificate);
    (void)snprintf(tls->key_path, sizeof tls->key_path, "%s", files->key);
    zc_result loaded = load_generation(tls, error);
    if (zc_ok(loaded) && files->client_ca != NULL) {
        loaded = zc_file_read(files->client_ca, PEM_MAX, &tls->client_ca, error);
    }
    if (!zc_ok(loaded)) {
        zc_tls_free(tls);
        return loaded;
    }
    serving = tls;
    *ret_tls = tls;
    return ZC_OK;
}

zc_result zc_tls_reload(zc_tls *tls, zc_error *error)
{
    return load_generation(tls, error);
}

void zc_tls_free(zc_tls *tls)
{
    if (tls == NULL) {
        return;
    }
    serving = serving == tls ? NULL : serving;
    for (generation *at = tls->current; at != NULL;) {
        generation *older = at->older;
        generation_free(at);
        at = older;
    }
    zc_bytes_clear(&tls->client_ca);
    (void)pthread_mutex_destroy(&tls->lock);
    free(tls);
}

const char *zc_tls_client_ca(const zc_tls *tls)
{
    return (const char *)tls->client_ca.data;
}

static int choose(gnutls_session_t session, const gnutls_datum_t *issuers, int issuer_count,
                  const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                  gnutls_pcert_st **ret_chain, unsigned *ret_count, gnutls_privkey_t *ret_key)
{
    (void)session;
    (void)issuers;
    (void)issuer_count;
    (void)algorithms;
    (void)algorithm_count;
    zc_tls *tls = serving;
    if (tls == NULL) {
        return -1;
    }
    (void)pthread_mutex_lock(&tls->lock);
    *ret_chain = tls->current->chain;
    *ret_count = tls->current->count;
    *ret_key = tls->current->key;
    (void)pthread_mutex_unlock(&tls->lock);
    return 0;
}

void *zc_tls_callback(void)
{
    /* A function as libmicrohttpd's list of options takes it. */
    gnutls_certificate_retrieve_function2 *function = choose;
    void *pointer = NULL;
    memcpy(&pointer, &function, sizeof pointer);
    return pointer;
}

bool zc_tls_client(void *session, uint8_t ret_sha256[static 32])
{
    unsigned status = 1;
    unsigned count = 0;
    const gnutls_datum_t *certificates = gnutls_certificate_get_peers(session, &count);
    if (certificates == NULL || count == 0 ||
        gnutls_certificate_verify_peers2(session, &status) != 0 || status != 0) {
        return false;
    }
    zc_sha256(zc_slice_of(certificates[0].data, certificates[0].size), ret_sha256);
    return true;
}
