#include "nsm_soft/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/rand.h>

#include "cert.h"
#include "platform_files.h"

#define DAY INT64_C(86400)
#define ROOT_DAYS 3650

static zc_result make_root(EVP_PKEY *key, X509 **ret_certificate)
{
    int64_t now = (int64_t)time(NULL);
    zc_cert_spec spec = {.common_name = ZC_NSM_SOFT_ROOT_NAME,
                         .not_before = now - 60, /* for a checker whose clock is a little behind */
                         .not_after = now + ROOT_DAYS * DAY,
                         .constraints = "critical,CA:TRUE,pathlen:1",
                         .key_usage = "critical,keyCertSign",
                         .key = key,
                         .issuer_key = key};
    return zc_cert_make(&spec, ret_certificate);
}

/* What `print` wrote into memory goes to a file; the memory is wiped by BIO_free(). */
static zc_result write_bio(int folder, const char *name, mode_t mode, BIO *bio, bool printed)
{
    char *text;
    long len = printed ? BIO_get_mem_data(bio, &text) : 0;
    if (len <= 0) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    return zc_platform_file_write(folder, name, mode, zc_slice_of(text, (size_t)len));
}

static zc_result write_certificate(int folder, X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool printed = bio != NULL && PEM_write_bio_X509(bio, certificate) == 1;
    zc_result result = write_bio(folder, ZC_PLATFORM_ROOT_PEM, 0644, bio, printed);
    BIO_free(bio);
    return result;
}

static zc_result write_key(int folder, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool printed =
        bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    zc_result result = write_bio(folder, ZC_PLATFORM_ROOT_KEY, 0600, bio, printed);
    BIO_free(bio);
    return result;
}

static zc_result write_secret(int folder)
{
    ZC_SECRET zc_secret32 secret;
    if (RAND_bytes(secret.byte, sizeof secret.byte) != 1) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    return zc_platform_file_write(folder, ZC_PLATFORM_SECRET, 0600, ZC_SLICE_OF_ARRAY(secret.byte));
}

static zc_result fill_folder(int folder)
{
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    zc_result result = zc_cert_new_key(&key);
    if (zc_ok(result)) {
        result = make_root(key, &certificate);
    }
    if (zc_ok(result)) {
        result = write_certificate(folder, certificate);
    }
    if (zc_ok(result)) {
        result = write_key(folder, key);
    }
    if (zc_ok(result)) {
        result = write_secret(folder);
    }
    if (zc_ok(result) && fsync(folder) != 0) {
        result = zc_platform_file_reason(errno);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return result;
}

static void remove_folder(int parent, const char *name, int folder)
{
    int error = errno;
    (void)unlinkat(folder, ZC_PLATFORM_ROOT_PEM, 0);
    (void)unlinkat(folder, ZC_PLATFORM_ROOT_KEY, 0);
    (void)unlinkat(folder, ZC_PLATFORM_SECRET, 0);
    (void)unlinkat(parent, name, AT_REMOVEDIR);
    errno = error;
}

/* Fills a folder of a passing name and gives it its own name, if that is still free. */
static zc_result install_in(int parent)
{
    char name[32];
    (void)snprintf(name, sizeof name, ".platform.%ld", (long)getpid());
    if (mkdirat(parent, name, 0700) != 0) {
        return zc_platform_file_reason(errno);
    }
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0) {
        return zc_platform_file_reason(errno);
    }
    zc_result result = fill_folder(folder);
    if (zc_ok(result) &&
        renameat2(parent, name, parent, ZC_PLATFORM_FOLDER, RENAME_NOREPLACE) != 0) {
        result = zc_platform_file_reason(errno);
    }
    if (!zc_ok(result)) {
        remove_folder(parent, name, folder);
    } else if (fsync(parent) != 0) {
        result = zc_platform_file_reason(errno);
    }
    close(folder);
    return result;
}

zc_result zc_nsm_soft_install(const char *dir)
{
    int parent = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0) {
        return errno == ENOENT || errno == ENOTDIR ? zc_fail(ZC_NSM_SOFT_NO_DIRECTORY)
                                                   : zc_platform_file_reason(errno);
    }
    struct stat about;
    zc_result result = zc_fail(ZC_NSM_SOFT_ALREADY_INSTALLED);
    if (fstatat(parent, ZC_PLATFORM_FOLDER, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        result = install_in(parent);
    }
    int error = errno;
    close(parent);
    errno = error;
    return result;
}
