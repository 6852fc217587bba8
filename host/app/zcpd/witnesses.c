/* The witnesses' side of the host link, and the orderly end.
 *
 * Whoever carries checkpoints to the witnesses leaves the cosigned note in D/log/cosigned (written
 * beside it and renamed). Each new one goes to the enclave, which believes none of it unseen. */
#include "daemon.h"

#include <sys/stat.h>

/* Witnesses answer within this, or something is wrong. */
#define WITNESS_PATIENCE_MS 5000
/* An enclave that does not come to its last checkpoint in this time is ended without. */
#define FAREWELL_MS 3000

zc_result zc_witnesses_poll(zc_daemon *daemon, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    struct stat now;
    bool listens = daemon->served || daemon->state == ZC_DAEMON_WITNESSES;
    if (!listens || daemon->link.fd < 0 || !zc_path_join(daemon->dir, "log/cosigned", path) ||
        stat(path, &now) != 0 ||
        (now.st_ino == daemon->cosigned_inode &&
         now.st_mtim.tv_nsec == daemon->cosigned_time.tv_nsec &&
         now.st_mtim.tv_sec == daemon->cosigned_time.tv_sec)) {
        return ZC_OK;
    }
    ZC_BYTES zc_bytes note = {0};
    daemon->cosigned_inode = now.st_ino;
    daemon->cosigned_time = now.st_mtim;
    if (!zc_ok(zc_file_read(path, ZC_COSIGNED_MAX, &note, NULL)) || note.len == 0) {
        return ZC_OK; /* it is looked at again when it changes */
    }
    zc_host_message message = {.type = ZC_HOST_COSIGNED,
                               .cosigned = {.note = zc_bytes_slice(&note)}};
    return zc_link_send(daemon, &message, error);
}

void zc_witnesses_wait(zc_daemon *daemon, zc_slice statement)
{
    /* Bounded by the message's reader. */
    memcpy(daemon->statement, statement.data, statement.len);
    daemon->statement_len = statement.len;
    daemon->state = ZC_DAEMON_WITNESSES;
    daemon->waiting_since_ms = zc_daemon_now_ms();
    daemon->cosigned_inode = 0; /* what lies there may be this boot's already */
}

bool zc_witnesses_are_late(const zc_daemon *daemon)
{
    return daemon->state == ZC_DAEMON_WITNESSES &&
           zc_daemon_now_ms() - daemon->waiting_since_ms > WITNESS_PATIENCE_MS;
}

bool zc_daemon_says_farewell(zc_daemon *daemon)
{
    if (!daemon->served || daemon->stopped || daemon->link.fd < 0) {
        return false;
    }
    if (daemon->stop_by_ms == 0) {
        zc_error error = {0};
        zc_host_message stop = {.type = ZC_HOST_STOP};
        daemon->stop_by_ms = zc_daemon_now_ms() + FAREWELL_MS;
        return zc_ok(zc_link_send(daemon, &stop, &error));
    }
    return zc_daemon_now_ms() < daemon->stop_by_ms;
}
