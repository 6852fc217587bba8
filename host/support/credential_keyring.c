#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/credential_source.h"
#include "support/reasons.h"

static zc_result refuse(zc_error *error, const char *name, int number)
{
    bool absent = number == ENOKEY || number == EKEYREVOKED || number == EKEYEXPIRED;
    zc_result result =
        absent ? zc_error_set(error, ZC_SUPPORT_NOT_FOUND, "", "no keyring of this process has it",
                              "put it there: keyctl padd user NAME @u < NAME.key")
               : zc_error_errno(error, number, "cannot read the keyring", NULL);
    zc_error_what(error, "cannot use keyring:%.200s", name);
    if (number == EACCES) {
        zc_error_next(error, "a session that does not link @u reads nothing of it: "
                             "keyctl link @u @s");
    }
    return result;
}

zc_result zc_keyring_read(const char *name, size_t most, zc_bytes *ret_content, zc_error *error)
{
    long key = syscall(SYS_request_key, "user", name, NULL, 0);
    if (key < 0) {
        key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", name, 0);
    }
    if (key < 0) {
        return refuse(error, name, errno);
    }
    if (!zc_bytes_reserve(ret_content, most)) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot read the keyring",
                            "the machine gave no memory", "free some and try again");
    }
    long len = syscall(SYS_keyctl, KEYCTL_READ, key, ret_content->data, most, 0);
    if (len < 0) {
        return refuse(error, name, errno);
    }
    /* A longer one is no credential: what was read of it is refused as malformed. */
    ret_content->len = (size_t)len < most ? (size_t)len : most;
    return ZC_OK;
}
