/* The keys that the enclave lists, and certificates that the folder has for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "module.h"
#include "support/bytes.h"
#include "support/file.h"

#define PAGE 32
#define CERTIFICATE_MAX ((size_t)64 << 10)

static const char *folder(void)
{
    const char *dir = getenv("ZCP_DIR");
    return dir != NULL ? dir : "var";
}

/* D/certificates/NAME.der. A key without one is a key without a certificate object. */
static void load_certificate(zcp_p11_key *key)
{
    char path[4096];
    zc_bytes bytes = {0};
    int len = snprintf(path, sizeof path, "%s/certificates/%s.der", folder(), key->key.name);
    if (len <= 0 || (size_t)len >= sizeof path ||
        !zc_ok(zc_file_read(path, CERTIFICATE_MAX, &bytes, NULL)) || bytes.len == 0) {
        zc_bytes_clear(&bytes);
        return;
    }
    key->certificate = malloc(bytes.len);
    if (key->certificate != NULL) {
        memcpy(key->certificate, bytes.data, bytes.len);
        key->certificate_len = bytes.len;
    }
    zc_bytes_clear(&bytes);
}

static void keep(const zcp_key *key)
{
    uint8_t hash[32];
    zcp_p11_key *slot = &zcp_p11.keys[zcp_p11.key_count++];
    *slot = (zcp_p11_key){.key = *key};
    zc_sha256(zc_slice_of(key->public_key, key->public_key_len), hash);
    memcpy(slot->id, hash, sizeof slot->id);
    load_certificate(slot);
}

static zcp_p11_key *listed(const char *name)
{
    for (size_t i = 0; i < zcp_p11.key_count; i++) {
        if (strcmp(zcp_p11.keys[i].key.name, name) == 0) {
            return &zcp_p11.keys[i];
        }
    }
    return NULL;
}

bool zcp_p11_is_shown(const char *list, const char *name)
{
    const char *at = list;
    size_t len = strlen(name);
    if (at == NULL) {
        return true;
    }
    while (*at != '\0') {
        size_t word = strcspn(at, ",");
        if (word == len && strncmp(at, name, len) == 0) {
            return true;
        }
        at += word + (at[word] == ',');
    }
    return false;
}

/* Only curves sign by PKCS #11 here: a venue's API secret has no mechanism that a program would ask
 * for. Places never change, so handles stay good. */
static void take(const zcp_key *key)
{
    bool known_curve = key->curve >= ZCP_SECP256K1 && key->curve <= ZCP_ED25519;
    if (!known_curve || !zcp_p11_is_shown(getenv("ZCP_PKCS11_KEYS"), key->name)) {
        return;
    }
    zcp_p11_key *old = listed(key->name);
    if (old != NULL) {
        old->key = *key;
        if (old->certificate == NULL) {
            load_certificate(old);
        }
    } else if (zcp_p11.key_count < ZCP_P11_MAX_OBJECTS) {
        keep(key);
    }
}

CK_RV zcp_p11_refresh(void)
{
    zcp_session *connection;
    zcp_error error;
    zcp_key page[PAGE];
    uint64_t total = 1;
    uint64_t from = 0;
    CK_RV result = zcp_p11_connect(&connection);
    if (result != CKR_OK) {
        return result;
    }
    if (zcp_p11.keys == NULL) {
        zcp_p11.keys = calloc(ZCP_P11_MAX_OBJECTS, sizeof *zcp_p11.keys);
    }
    while (zcp_p11.keys != NULL && from < total) {
        size_t count = 0;
        zcp_result listed = zcp_key_list(connection, from, page, PAGE, &count, &total, &error);
        if (listed != ZCP_OK) {
            zcp_p11_disconnect(connection, false);
            return zcp_p11_failed(listed, &error, NULL);
        }
        if (count == 0) {
            break;
        }
        for (size_t i = 0; i < count; i++) {
            take(&page[i]);
        }
        from += count;
    }
    zcp_p11_disconnect(connection, true);
    return zcp_p11.keys != NULL ? CKR_OK : CKR_HOST_MEMORY;
}

zcp_p11_key *zcp_p11_key_of(CK_OBJECT_HANDLE handle, zcp_p11_part *ret_part)
{
    size_t place = (handle - 1) / 4;
    zcp_p11_part part = (zcp_p11_part)((handle - 1) % 4);
    bool exists = handle != 0 && place < zcp_p11.key_count && part <= ZCP_P11_CERTIFICATE &&
                  (part != ZCP_P11_CERTIFICATE || zcp_p11.keys[place].certificate != NULL);
    if (!exists) {
        return NULL;
    }
    *ret_part = part;
    return &zcp_p11.keys[place];
}

CK_OBJECT_HANDLE zcp_p11_handle(size_t place, zcp_p11_part part)
{
    return 1 + 4 * place + (CK_OBJECT_HANDLE)part;
}

void zcp_p11_keys_clear(void)
{
    for (size_t i = 0; i < zcp_p11.key_count; i++) {
        free(zcp_p11.keys[i].certificate);
    }
    free(zcp_p11.keys);
    zcp_p11.keys = NULL;
    zcp_p11.key_count = 0;
}
