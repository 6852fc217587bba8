/* /healthz, /readyz and /metrics: what is really so, asked of the enclave at most once a second. */
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/frame.h"
#include "api/http_connections.h"
#include "support/file.h"
#include "support/json.h"

#define STATUS_NS 1000000000ULL
#define HUNG_SECONDS 120

static bool health_identity(zc_gateway *gateway, zc_identity *ret_identity)
{
    if (gateway->has_default) {
        *ret_identity = gateway->default_identity;
        return true;
    }
    (void)pthread_rwlock_rdlock(&gateway->identities_lock);
    bool found = zc_identities_first(gateway->identities, ret_identity);
    (void)pthread_rwlock_unlock(&gateway->identities_lock);
    return found;
}

static zcp_result ask(zc_gateway *gateway, zcp_status *ret_status, zcp_error *error)
{
    uint64_t total = 0;
    zc_identity identity = {0};
    zc_api_lease *lease = NULL;
    if (!health_identity(gateway, &identity)) {
        *error = (zcp_error){.result = ZCP_FAILED,
                             .what = "the gateway serves nobody",
                             .why = "there is no credential and no identity",
                             .next = "give --credential or --identities"};
        return ZCP_FAILED;
    }
    zcp_result result = zc_session_pool_lend(&gateway->sessions, &identity, &lease, error);
    if (result == ZCP_OK) {
        result = zcp_get_status(lease->session, ret_status, error);
        gateway->radius_count = 0;
        result = result != ZCP_OK
                     ? result
                     : zcp_policy_list(lease->session, ZCP_SECTION_RADIUS, 0, gateway->radius,
                                       ZC_METRIC_ASSETS, &gateway->radius_count, &total, error);
        zc_session_pool_return(&gateway->sessions, lease, result != ZCP_OK);
    }
    return result;
}

/* Whoever comes while another asks gets what was known before. */
static bool current(zc_gateway *gateway, zcp_status *ret_status, zcp_error *ret_error)
{
    zcp_status status = {0};
    zcp_error error = {0};
    (void)pthread_mutex_lock(&gateway->health_lock);
    uint64_t now_ns = zc_api_now_ns();
    bool stale = gateway->health_ns == 0 || now_ns - gateway->health_ns > STATUS_NS;
    if (stale) {
        gateway->healthy = ask(gateway, &status, &error) == ZCP_OK;
        gateway->status = status;
        gateway->health_error = error;
        gateway->health_ns = zc_api_now_ns();
    }
    bool healthy = gateway->healthy;
    *ret_status = gateway->status;
    *ret_error = gateway->health_error;
    (void)pthread_mutex_unlock(&gateway->health_lock);
    return healthy;
}

/* One question to zcpd's control socket, where zcpd runs on this machine. */
static bool ask_zcpd(const zc_gateway *gateway, uint64_t *ret_entries)
{
    static const char question[] = "{\"command\":\"status\"}\n";
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    char answer[8192];
    size_t len = 0;
    int written =
        snprintf(place.sun_path, sizeof place.sun_path, "%s/run/zcpd.sock", gateway->options.dir);
    int fd = written > 0 && (size_t)written < sizeof place.sun_path
                 ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
                 : -1;
    const struct timeval limit = {.tv_usec = 500000};
    bool asked =
        fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
        connect(fd, (const void *)&place, sizeof place) == 0 &&
        send(fd, question, sizeof question - 1, MSG_NOSIGNAL) == (ssize_t)(sizeof question - 1);
    while (asked && len < sizeof answer && memchr(answer, '\n', len) == NULL) {
        ssize_t got = recv(fd, answer + len, sizeof answer - len, 0);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    json_t *object = NULL;
    bool told = asked && zc_ok(zc_json_parse(zc_slice_of(answer, len), "", &object, NULL)) &&
                zc_ok(zc_json_get_u64(object, "log_entries", ret_entries, NULL));
    json_decref(object);
    return told;
}

bool zc_health_alive(zc_gateway *gateway)
{
    for (size_t i = 0; i < gateway->listeners; i++) {
        zc_http_server *http = gateway->listener[i].http;
        if (http != NULL && zc_http_server_longest_seconds(http) >= HUNG_SECONDS) {
            return false;
        }
    }
    return true;
}

static json_t *named(const char *status, const char *why)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "status", status) &&
                (why == NULL || zc_json_set_text(out, "why", why));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static void healthz(zc_gateway *gateway, zc_http_response *response)
{
    bool alive = zc_health_alive(gateway);
    zc_http_reply_json(response, alive ? 200 : 503,
                       alive ? named("ok", NULL) : named("hung", "a request never ends"));
}

/* NULL: ready. */
static const char *unready(zc_gateway *gateway, zcp_error *ret_error)
{
    zcp_status status;
    if (zc_gateway_draining(gateway)) {
        return "draining";
    }
    if (!current(gateway, &status, ret_error)) {
        return "unreachable";
    }
    return status.phase == ZCP_SERVING ? NULL : status.phase == ZCP_HALTED ? "halted" : "starting";
}

const char *zc_gateway_unready(zc_gateway *gateway)
{
    zcp_error error;
    return unready(gateway, &error);
}

static void readyz(zc_gateway *gateway, zc_http_response *response)
{
    zcp_error error = {0};
    const char *status = unready(gateway, &error);
    const char *why = status == NULL                    ? NULL
                      : strcmp(status, "draining") == 0 ? "the gateway is ending"
                      : strcmp(status, "halted") == 0   ? "somebody pulled the kill switch"
                      : strcmp(status, "starting") == 0 ? "the enclave does not serve yet"
                                                        : error.why;
    zc_http_reply_json(response, status == NULL ? 200 : 503,
                       named(status == NULL ? "ready" : status, why));
}

static void metrics(zc_gateway *gateway, zc_http_response *response)
{
    zcp_error error;
    uint64_t on_disk = 0;
    zc_metrics_now now = {0};
    /* First the disk: what is logged in between then counts as lag, never as less than none. */
    now.has_lag = ask_zcpd(gateway, &on_disk);
    now.reachable = current(gateway, &now.status, &error);
    (void)pthread_mutex_lock(&gateway->health_lock);
    now.radius_count = gateway->radius_count;
    memcpy(now.radius, gateway->radius, sizeof now.radius);
    (void)pthread_mutex_unlock(&gateway->health_lock);
    now.has_lag = now.has_lag && now.reachable;
    now.log_lag = now.status.log_next > on_disk ? now.status.log_next - on_disk : 0;
    zc_session_pool_count(&gateway->sessions, &now.sessions_open, &now.sessions_lent);
    now.sessions_opened = atomic_load(&gateway->sessions.opened);
    now.sessions_failed = atomic_load(&gateway->sessions.failed);
    for (size_t i = 0; i < gateway->listeners; i++) {
        const zc_listener *one = &gateway->listener[i];
        now.connections += one->http != NULL ? zc_http_server_connections(one->http) : 0;
        now.busy += zc_listener_busy(one);
    }
    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    response->status = zc_metrics_write(&gateway->metrics, &now, &response->body) ? 200 : 500;
}

bool zc_health_handle(zc_gateway *gateway, const zc_http_peer *peer, const zc_http_request *request,
                      zc_http_response *response)
{
    if (strcmp(request->method, "GET") != 0) {
        return false;
    }
    if (strcmp(request->path, "/healthz") == 0) {
        healthz(gateway, response);
        return true;
    }
    if (strcmp(request->path, "/readyz") == 0) {
        readyz(gateway, response);
        return true;
    }
    /* Names of rules are nobody else's business. */
    if (strcmp(request->path, "/metrics") == 0 && (peer->is_local || peer->has_certificate)) {
        metrics(gateway, response);
        return true;
    }
    return false;
}
