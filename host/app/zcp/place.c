#include <unistd.h>

#include "invocation.h"

bool zc_in_dir(const zc_invocation *invocation, const char *name,
               char ret_path[static ZC_PATH_SIZE])
{
    return zc_path_join(invocation->dir, name, ret_path);
}

bool zc_beside(const char *name, char ret_path[static ZC_PATH_SIZE])
{
    ssize_t len = readlink("/proc/self/exe", ret_path, ZC_PATH_SIZE - 1);
    if (len <= 0) {
        return false;
    }
    ret_path[len] = '\0';
    char *slash = strrchr(ret_path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - ret_path) + 1;
    if (folder + strlen(name) + 1 > ZC_PATH_SIZE) {
        return false;
    }
    memcpy(ret_path + folder, name, strlen(name) + 1);
    return true;
}

int zc_session_open(const zc_invocation *invocation, zcp_session **ret_session)
{
    zcp_options options = {.dir = invocation->dir, .credential = invocation->as};
    zcp_error error;
    return zcp_open(&options, ret_session, &error) == ZCP_OK ? ZC_EXIT_DONE
                                                             : zc_fail_client(invocation, &error);
}
