#include "nsm_soft/root.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "attest/measure.h"
#include "cert.h"
#include "platform_files.h"

zc_result zc_nsm_soft_read_root(const char *pem_path,
                                uint8_t ret_der[static ZC_NSM_SOFT_ROOT_DER_MAX], size_t *ret_len)
{
    uint8_t pem[ZC_PLATFORM_FILE_MAX];
    size_t len;
    ZC_TRY(zc_platform_file_read(AT_FDCWD, pem_path, false,
                                 (zc_buffer){.data = pem, .len = sizeof pem}, &len));
    BIO *bio = BIO_new_mem_buf(pem, (int)len);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    zc_result result = certificate == NULL
                           ? zc_fail(ZC_NSM_SOFT_DAMAGED)
                           : zc_cert_der(certificate, ret_der, ZC_NSM_SOFT_ROOT_DER_MAX, ret_len);
    X509_free(certificate);
    BIO_free(bio);
    ERR_clear_error();
    return result;
}

zc_result zc_nsm_soft_measure_file(const char *path, uint8_t ret_pcr0[static 48])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0) {
        if (fd >= 0) {
            close(fd);
        }
        return zc_fail(ZC_NSM_SOFT_NO_MEASUREMENT);
    }
    size_t len = (size_t)about.st_size;
    void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED) {
        return zc_fail(ZC_NSM_SOFT_NO_MEASUREMENT);
    }
    zc_measure_pcr(zc_slice_of(bytes, len), ret_pcr0);
    munmap(bytes, len);
    return ZC_OK;
}
