/* Where the memory of shared.h comes from. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/descriptor.h"
#include "runtime/shared.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static zc_result map(int fd, void **ret_memory)
{
    void *memory = mmap(NULL, ZC_SHARED_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    *ret_memory = memory;
    return ZC_OK;
}

zc_result zc_shared_make(int *ret_fd, void **ret_memory)
{
    int fd = memfd_create("zcp session", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    zc_result mapped = zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    if (ftruncate(fd, (off_t)ZC_SHARED_SIZE) == 0 && fcntl(fd, F_ADD_SEALS, SEALS) == 0) {
        mapped = map(fd, ret_memory);
    }
    if (!zc_ok(mapped)) {
        zc_fd_close(&fd);
        return mapped;
    }
    *ret_fd = fd;
    return ZC_OK;
}

zc_result zc_shared_map(int fd, void **ret_memory)
{
    struct stat file;
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & (F_SEAL_SHRINK | F_SEAL_GROW)) != (F_SEAL_SHRINK | F_SEAL_GROW) ||
        fstat(fd, &file) != 0 || file.st_size != (off_t)ZC_SHARED_SIZE) {
        return zc_fail(ZC_RUNTIME_BAD_SHARED);
    }
    return map(fd, ret_memory);
}

void zc_shared_unmap(void *memory)
{
    if (memory != NULL) {
        (void)munmap(memory, ZC_SHARED_SIZE);
    }
}
