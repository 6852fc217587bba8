/* The public side of the log: tiles, checkpoints with their cosignatures, HTTP. It runs beside the
 * loop and is never waited for by a signature. */
#include "daemon.h"

#include <stdio.h>

bool zc_publish_option(zc_daemon *daemon, const char *name, const char *value)
{
    if (strcmp(name, "--log-listen") == 0) {
        daemon->log_listen = value;
        return true;
    }
    if (strcmp(name, "--witness") == 0 && daemon->witness_count < ZC_WITNESSES_MAX &&
        strlen(value) < ZC_WITNESS_URL_SIZE) {
        daemon->witness_url[daemon->witness_count++] = value;
        return true;
    }
    return false;
}

static zc_result start_publisher(zc_daemon *daemon, const char *folder, zc_error *error)
{
    zc_publisher_options options = {
        .folder = folder, .journal = daemon->journal.path, .witness_count = daemon->witness_count};
    memcpy(options.witness_url, daemon->witness_url, sizeof options.witness_url);
    return zc_publisher_start(&options, &daemon->publisher, error);
}

/* The server outlives the enclave's restarts: readers are not cut off by them. */
static zc_result start_server(zc_daemon *daemon, const char *folder, zc_error *error)
{
    if (daemon->log_listen == NULL || daemon->log_server != NULL) {
        return ZC_OK;
    }
    ZC_TRY(zc_log_serve(folder, daemon->log_listen, &daemon->log_server, error));
    (void)fprintf(stderr, "zcpd: the log is served at %s, port %u\n", daemon->log_listen,
                  zc_log_server_port(daemon->log_server));
    return ZC_OK;
}

zc_result zc_publish_open(zc_daemon *daemon, zc_error *error)
{
    char folder[ZC_PATH_SIZE];
    if (!zc_path_join(daemon->dir, "log", folder)) {
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot publish the log", "its path is too long",
                            "choose a shorter --dir");
    }
    ZC_TRY(start_publisher(daemon, folder, error));
    return start_server(daemon, folder, error);
}

void zc_publish_checkpoint(zc_daemon *daemon, zc_slice note)
{
    zc_publisher_post(daemon->publisher, note);
}

void zc_publish_close(zc_daemon *daemon)
{
    zc_publisher_stop(daemon->publisher);
    daemon->publisher = NULL;
}
