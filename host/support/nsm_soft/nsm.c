#include "nsm_soft/nsm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "attest/measure.h"
#include "crypto/hash.h"

#include "platform_files.h"
#include "state.h"

#define LOCKED_FROM_START UINT32_C(0xffff)

static zc_result read_secret(zc_nsm_soft *nsm, int folder)
{
    uint8_t bytes[64]; /* one byte more than it should have is already damage */
    size_t len = 0;
    zc_result result = zc_platform_file_read(folder, ZC_PLATFORM_SECRET, true,
                                             (zc_buffer){.data = bytes, .len = sizeof bytes}, &len);
    if (zc_ok(result) && len != sizeof(zc_secret32)) {
        result = zc_fail(ZC_NSM_SOFT_DAMAGED);
    }
    if (zc_ok(result)) {
        memcpy(zc_nsm_soft_secret(nsm)->byte, bytes, sizeof(zc_secret32));
    }
    zc_wipe(bytes, sizeof bytes);
    return result;
}

/* "local-<machine>-enc<run>": of the form that Nitro has, and never mistaken for one of its own. */
static zc_result name_module(zc_nsm_soft *nsm)
{
    uint8_t hash[32];
    uint64_t machine;
    uint64_t run;
    if (getrandom(&run, sizeof run, 0) != (ssize_t)sizeof run) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    zc_sha256(zc_nsm_soft_root(nsm), hash);
    memcpy(&machine, hash, sizeof machine);
    (void)snprintf(nsm->module_id, sizeof nsm->module_id, "local-%016" PRIx64 "-enc%016" PRIx64,
                   machine, run);
    return ZC_OK;
}

static zc_result measure(zc_nsm_soft *nsm)
{
    ZC_TRY(zc_nsm_soft_measure_file("/proc/self/exe", nsm->pcr[0]));
    zc_measure_pcr(zc_slice_of_text("ZeroCopy local platform: the kernel is not measured"),
                   nsm->pcr[1]);
    memcpy(nsm->pcr[2], nsm->pcr[0], ZC_NSM_PCR_SIZE);
    nsm->locked = LOCKED_FROM_START;
    return ZC_OK;
}

static zc_result open_in(zc_nsm_soft *nsm, int folder)
{
    ZC_TRY(zc_vault_init(&nsm->vault, sizeof(zc_secret32)));
    ZC_TRY(read_secret(nsm, folder));
    ZC_TRY(zc_nsm_soft_issuer_init(&nsm->issuer, folder));
    ZC_TRY(zc_nsm_soft_issuer_refresh(&nsm->issuer, (int64_t)time(NULL)));
    ZC_TRY(name_module(nsm));
    return measure(nsm);
}

static zc_result open_folder(const char *dir, int *ret_folder)
{
    int parent = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int folder = parent < 0 ? -1
                            : openat(parent, ZC_PLATFORM_FOLDER,
                                     O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    int error = errno;
    if (parent >= 0) {
        close(parent);
    }
    if (folder < 0) {
        return error == EACCES ? zc_fail(ZC_NSM_SOFT_NOT_PERMITTED)
                               : zc_fail(ZC_NSM_SOFT_NOT_INSTALLED);
    }
    *ret_folder = folder;
    return ZC_OK;
}

zc_result zc_nsm_soft_new(const char *dir, zc_nsm_soft **ret_nsm)
{
    int folder;
    ZC_TRY(open_folder(dir, &folder));
    zc_nsm_soft *nsm = calloc(1, sizeof *nsm);
    zc_result result = nsm != NULL ? open_in(nsm, folder) : zc_fail(ZC_BASE_NO_MEMORY);
    close(folder);
    if (!zc_ok(result)) {
        zc_nsm_soft_free(nsm);
        return result;
    }
    *ret_nsm = nsm;
    return ZC_OK;
}

void zc_nsm_soft_free(zc_nsm_soft *nsm)
{
    if (nsm == NULL) {
        return;
    }
    zc_nsm_soft_issuer_clear(&nsm->issuer);
    zc_vault_clear(&nsm->vault);
    free(nsm);
}

zc_slice zc_nsm_soft_root(const zc_nsm_soft *nsm)
{
    return zc_slice_of(nsm->issuer.root.byte, nsm->issuer.root.len);
}

void zc_nsm_soft_pcr(const zc_nsm_soft *nsm, unsigned index, uint8_t ret_value[static 48])
{
    memset(ret_value, 0, ZC_NSM_PCR_SIZE);
    if (index < ZC_NSM_PCRS) {
        memcpy(ret_value, nsm->pcr[index], ZC_NSM_PCR_SIZE);
    }
}
