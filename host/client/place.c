/* Where the enclave is and what is believed about it: the caller's word first, then the folder's.
 */
#include "client/internal.h"

#include <stdlib.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "support/json.h"
#include "support/reasons.h"

#define PEM_MAX 65536

static zcp_result path_in(const char *dir, const char *name, char ret_path[static ZC_PATH_SIZE],
                          zcp_error *error)
{
    return zc_path_join(dir, name, ret_path)
               ? ZCP_OK
               : zc_report(error, ZCP_USAGE, "cannot use the folder", "its path is too long",
                           "choose a shorter --dir");
}

zcp_result zc_place_root(const char *path, uint8_t *ret_der, size_t capacity, size_t *ret_len,
                         zcp_error *error)
{
    ZC_BYTES zc_bytes pem = {0};
    zc_error edge = {0};
    if (!zc_ok(zc_file_read(path, PEM_MAX, &pem, &edge))) {
        return zc_report_edge(error, &edge);
    }
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    int len = certificate == NULL ? -1 : i2d_X509(certificate, NULL);
    bool fits = len > 0 && (size_t)len <= capacity;
    if (fits) {
        uint8_t *at = ret_der;
        *ret_len = (size_t)i2d_X509(certificate, &at);
    }
    X509_free(certificate);
    BIO_free(bio);
    return fits ? ZCP_OK
                : zc_report(error, ZCP_FAILED, "cannot use the root certificate",
                            "the file holds no PEM certificate", "name another with --root FILE");
}

/* What the folder's deployment.json says. */
static zcp_result read_deployment(zc_place *place, bool want_id, bool want_pcr0, zcp_error *error)
{
    char path[ZC_PATH_SIZE];
    zcp_result found = path_in(place->dir, "deployment.json", path, error);
    if (found != ZCP_OK) {
        return found;
    }
    ZC_BYTES zc_bytes text = {0};
    zc_error edge = {0};
    if (!zc_ok(zc_file_read(path, PEM_MAX, &text, &edge))) {
        if (!zc_is(edge.result, ZC_SUPPORT_NOT_FOUND)) {
            return zc_report_edge(error, &edge);
        }
        return zc_report(error, ZCP_UNREACHABLE, "found no deployment", edge.why,
                         "start one with `zcp up`, or name its folder with --dir");
    }
    json_t *object = NULL;
    bool read =
        zc_ok(zc_json_parse(zc_bytes_slice(&text), "cannot read deployment.json", &object, &edge));
    read = read && (!want_id || zc_ok(zc_json_get_hex(object, "deployment_id", place->deployment_id,
                                                      sizeof place->deployment_id, &edge)));
    read = read && (!want_pcr0 ||
                    zc_ok(zc_json_get_hex(object, "pcr0", place->pcr0, sizeof place->pcr0, &edge)));
    json_decref(object);
    if (!read) {
        zc_error_what(&edge, "cannot use %s", path);
        zc_error_next(&edge, "restore it from a backup: it names the deployment and the code that "
                             "are trusted here");
    }
    return read ? ZCP_OK : zc_report_edge(error, &edge);
}

static zcp_result resolve_files(const zcp_options *options, zc_place *place, zcp_error *error)
{
    zcp_result done = ZCP_OK;
    if (options->socket != NULL) {
        zc_copy_text(place->socket, sizeof place->socket, zc_slice_of_text(options->socket));
    } else {
        done = path_in(place->dir, "run/enclave.sock", place->socket, error);
    }
    char root[ZC_PATH_SIZE];
    if (done == ZCP_OK && options->root_pem == NULL) {
        done = path_in(place->dir, "platform/root.pem", root, error);
    }
    if (done != ZCP_OK) {
        return done;
    }
    return zc_place_root(options->root_pem != NULL ? options->root_pem : root, place->root_der,
                         sizeof place->root_der, &place->root_len, error);
}

zcp_result zc_place_resolve(const zcp_options *options, zc_place *ret_place, zcp_error *error)
{
    const char *from_environment = getenv("ZCP_DIR");
    const char *dir = options->dir != NULL                                      ? options->dir
                      : from_environment != NULL && from_environment[0] != '\0' ? from_environment
                                                                                : "var";
    *ret_place = (zc_place){.timeout_ms = options->timeout_ms != 0 ? options->timeout_ms
                                                                   : ZC_CLIENT_TIMEOUT_MS,
                            .reconnect = !options->no_reconnect,
                            .spin_us = options->spin_us,
                            .shared = options->shared_memory};
    zc_copy_text(ret_place->dir, sizeof ret_place->dir, zc_slice_of_text(dir));
    bool want_id = options->deployment_id == NULL;
    bool want_pcr0 = options->pcr0 == NULL;
    if (want_id || want_pcr0) {
        zcp_result read = read_deployment(ret_place, want_id, want_pcr0, error);
        if (read != ZCP_OK) {
            return read;
        }
    }
    if (!want_id) {
        memcpy(ret_place->deployment_id, options->deployment_id, sizeof ret_place->deployment_id);
    }
    if (!want_pcr0) {
        memcpy(ret_place->pcr0, options->pcr0, sizeof ret_place->pcr0);
    }
    return resolve_files(options, ret_place, error);
}

zcp_result zc_place_credential(const zcp_options *options, const zc_place *place,
                               zc_credential *ret_credential, zcp_error *error)
{
    zc_error edge = {0};
    zc_result loaded;
    if (options->credential_file != NULL) {
        loaded = zc_credential_load_file(options->credential_file, ret_credential, &edge);
    } else {
        char folder[ZC_PATH_SIZE];
        zcp_result joined = path_in(place->dir, "credentials", folder, error);
        if (joined != ZCP_OK) {
            return joined;
        }
        const char *name = options->credential != NULL ? options->credential : "admin";
        loaded = zc_credential_load(folder, name, ret_credential, &edge);
    }
    return zc_ok(loaded) ? ZCP_OK : zc_report_edge(error, &edge);
}
