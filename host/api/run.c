#include "api/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "api/frame.h"
#include "api/listen.h"
#include "support/reasons.h"

#define KEEP_DESCRIPTORS ((rlim_t)256)

static zc_result usage(zc_error *error, const char *why, const char *next)
{
    zc_result result =
        zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot start the gateway", why, next);
    (void)zc_error_exit(error, ZC_EXIT_USAGE);
    return result;
}

/* As many descriptors as the system lets us have, and no more connections than those. */
static void make_room(zc_gateway *gateway)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    rlim_t room = limit.rlim_max > KEEP_DESCRIPTORS * 2 ? limit.rlim_max - KEEP_DESCRIPTORS
                                                        : KEEP_DESCRIPTORS;
    rlim_t each = room / (gateway->options.listens > 0 ? gateway->options.listens : 1);
    if (each < gateway->options.limits.connections) {
        gateway->options.limits.connections = (unsigned)each;
    }
}

static zc_result check_callers(const zc_gateway *gateway, const zc_translator *translator,
                               const char *address, zc_error *error)
{
    if (translator->needs_access_key && !zc_identities_has_access_keys(gateway->identities)) {
        zc_result result = usage(error, "",
                                 "name an identity file with --identities "
                                 "(docs/gateway.md)");
        zc_error_why(error, "%s authenticates by access keys, and there are none",
                     translator->name);
        return result;
    }
    if (!gateway->has_default && gateway->options.identities == NULL) {
        return usage(error, "it would serve nobody", "give --credential or --identities");
    }
    if (!zc_listen_is_local(address) && gateway->options.tls.certificate == NULL) {
        return usage(error, "beyond this machine it speaks TLS alone",
                     "give --tls-cert and --tls-key, or listen on 127.0.0.1");
    }
    return translator->is_stream && strncmp(address, "unix:", 5) != 0
               ? usage(error, "this interface lives on a Unix socket", "give --listen unix:PATH")
               : ZC_OK;
}

static zc_result serve_on(zc_listener *listener, int fd, zc_error *error)
{
    zc_gateway *gateway = listener->gateway;
    const zc_translator *translator = listener->translator;
    if (translator->start != NULL) {
        zc_result started = translator->start(gateway, &listener->state, error);
        if (!zc_ok(started)) {
            (void)close(fd);
            return started;
        }
    }
    listener->started = true;
    bool is_unix = strncmp(listener->address, "unix:", 5) == 0;
    if (translator->is_stream || (translator->serve != NULL && is_unix)) {
        return zc_stream_start(listener, fd, &listener->stream, error);
    }
    zc_http_options http = {.fd = fd,
                            .limits = gateway->options.limits,
                            .context = listener,
                            .handle = zc_http_frame_handle,
                            .refused = zc_http_frame_refused};
    http.limits.body_bytes =
        translator->body_max != 0 ? translator->body_max : http.limits.body_bytes;
    /* On a Unix socket nobody listens in. */
    http.tls = is_unix ? NULL : gateway->tls;
    return zc_http_server_start(&http, &listener->http, error);
}

/* Whether the interface has a protocol of its own beside HTTP, which this listener speaks. */
static bool has_ipc(const zc_translator *translator, const char *address)
{
    return translator->serve != NULL && translator->handle != NULL &&
           strncmp(address, "unix:", 5) != 0;
}

static zc_result add_ipc(zc_listener *listener, zc_error *error)
{
    const zc_gateway_options *options = &listener->gateway->options;
    char address[sizeof listener->address];
    int fd = -1;
    (void)snprintf(address, sizeof address, "unix:%s", options->ipc);
    ZC_TRY(zc_listen(address, options->dir, &fd, listener->ipc_path, sizeof listener->ipc_path,
                     error));
    return zc_stream_start(listener, fd, &listener->stream, error);
}

/* Sockets of systemd: by the interface's name, else in their order. */
typedef struct inherited {
    int fd[ZC_INHERITED_MAX];
    char name[ZC_INHERITED_MAX][32];
    size_t count;
} inherited;

static int take_inherited(inherited *sockets, const char *name)
{
    size_t at = 0;
    for (size_t i = sockets->count; i-- > 0;) {
        at = strcmp(sockets->name[i], name) == 0 ? i : at;
    }
    if (at >= sockets->count) {
        return -1;
    }
    int fd = sockets->fd[at];
    sockets->count--;
    for (size_t i = at; i < sockets->count; i++) {
        sockets->fd[i] = sockets->fd[i + 1];
        memcpy(sockets->name[i], sockets->name[i + 1], sizeof sockets->name[i]);
    }
    return fd;
}

static const char *address_of(const zc_gateway_options *options, size_t at)
{
    return options->listen[at].address != NULL ? options->listen[at].address
                                               : options->listen[at].translator->listen;
}

static zc_result add_listener(zc_gateway *gateway, size_t at, inherited *sockets, zc_error *error)
{
    const zc_translator *translator = gateway->options.listen[at].translator;
    const char *address = address_of(&gateway->options, at);
    zc_listener *listener = &gateway->listener[gateway->listeners];
    listener->gateway = gateway;
    listener->translator = translator;
    listener->metrics = zc_metrics_add(&gateway->metrics, translator->name);
    (void)snprintf(listener->address, sizeof listener->address, "%s", address);
    ZC_TRY(check_callers(gateway, translator, address, error));
    int fd = take_inherited(sockets, translator->name);
    if (fd < 0) {
        ZC_TRY(zc_listen(address, gateway->options.dir, &fd, listener->socket_path,
                         sizeof listener->socket_path, error));
    }
    gateway->listeners++;
    ZC_TRY(serve_on(listener, fd, error));
    return gateway->options.ipc != NULL && has_ipc(translator, address) ? add_ipc(listener, error)
                                                                        : ZC_OK;
}

static zc_result check_ipc(const zc_gateway_options *options, zc_error *error)
{
    bool some = options->ipc == NULL;
    for (size_t i = 0; i < options->listens; i++) {
        some = some || has_ipc(options->listen[i].translator, address_of(options, i));
    }
    return some ? ZC_OK
                : usage(error, "--ipc is for an interface that speaks on a Unix socket beside HTTP",
                        "name clef, and let it listen on HOST:PORT");
}

static zc_result start(zc_gateway *gateway, zc_error *error)
{
    const zc_gateway_options *options = &gateway->options;
    inherited sockets;
    sockets.count = zc_listen_inherited(sockets.fd, sockets.name);
    make_room(gateway);
    ZC_TRY(check_ipc(options, error));
    ZC_TRY(zc_identities_load(options->identities, &gateway->identities, error));
    if (options->credential != NULL) {
        (void)snprintf(gateway->default_identity.name, sizeof gateway->default_identity.name,
                       "local");
        if (!zc_identity_set_credential(&gateway->default_identity, options->credential)) {
            return usage(error, "--credential is neither a principal's name nor a path",
                         "name a .key file with at least one slash, or a principal");
        }
        gateway->has_default = true;
    }
    if (options->tls.certificate != NULL) {
        ZC_TRY(zc_tls_load(&options->tls, &gateway->tls, error));
    }
    for (size_t i = 0; i < options->listens; i++) {
        ZC_TRY(add_listener(gateway, i, &sockets, error));
    }
    return ZC_OK;
}

static void reload(zc_gateway *gateway)
{
    zc_error error = {0};
    zc_identities *fresh = NULL;
    if (zc_ok(zc_identities_load(gateway->options.identities, &fresh, &error))) {
        (void)pthread_rwlock_wrlock(&gateway->identities_lock);
        zc_identities *old = gateway->identities;
        gateway->identities = fresh;
        (void)pthread_rwlock_unlock(&gateway->identities_lock);
        zc_identities_free(old);
        zc_log_event("info", "identities-reloaded", gateway->options.identities);
    } else {
        zc_log_error("identities-kept", &error);
    }
    if (gateway->tls == NULL) {
        return;
    }
    if (zc_ok(zc_tls_reload(gateway->tls, &error))) {
        zc_log_event("info", "certificate-reloaded", gateway->options.tls.certificate);
    } else {
        zc_log_error("certificate-kept", &error);
    }
}

/* Until it is told to end. The watchdog hears of us as long as no request hangs. */
static void wait_for_end(zc_gateway *gateway, int signals)
{
    uint64_t watchdog_us = zc_notify_watchdog_us();
    int timeout_ms = watchdog_us > 0 ? (int)(watchdog_us / 2000) : -1;
    struct pollfd wait = {.fd = signals, .events = POLLIN};
    for (;;) {
        struct signalfd_siginfo info = {0};
        if (poll(&wait, 1, timeout_ms) > 0 &&
            read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
            if (info.ssi_signo != SIGHUP) {
                return;
            }
            zc_notify("RELOADING=1");
            reload(gateway);
            zc_notify("READY=1");
        }
        if (watchdog_us > 0 && zc_health_alive(gateway)) {
            zc_notify("WATCHDOG=1");
        }
    }
}

unsigned zc_listener_busy(const zc_listener *listener)
{
    return (listener->http != NULL ? zc_http_server_busy(listener->http) : 0) +
           zc_stream_busy(listener->stream);
}

static unsigned busy(const zc_gateway *gateway)
{
    unsigned count = 0;
    for (size_t i = 0; i < gateway->listeners; i++) {
        count += zc_listener_busy(&gateway->listener[i]);
    }
    return count;
}

static void drain(zc_gateway *gateway)
{
    enum { STEP_MS = 20 };
    zc_notify("STOPPING=1");
    zc_log_event("info", "draining", NULL);
    atomic_store(&gateway->draining, true);
    for (size_t i = 0; i < gateway->listeners; i++) {
        zc_listener *one = &gateway->listener[i];
        if (one->http != NULL) {
            zc_http_server_drain(one->http);
        }
        if (one->stream != NULL) {
            zc_stream_drain(one->stream);
        }
    }
    for (unsigned waited = 0; busy(gateway) > 0 && waited < gateway->options.drain_seconds * 1000;
         waited += STEP_MS) {
        (void)poll(NULL, 0, STEP_MS);
    }
}

static void stop(zc_gateway *gateway)
{
    for (size_t i = 0; i < gateway->listeners; i++) {
        zc_listener *one = &gateway->listener[i];
        if (one->http != NULL) {
            zc_http_server_stop(one->http);
        }
        if (one->stream != NULL) {
            zc_stream_stop(one->stream);
        }
        if (one->started && one->translator->stop != NULL) {
            one->translator->stop(one->state);
        }
        if (one->socket_path[0] != '\0') {
            (void)unlink(one->socket_path);
        }
        if (one->ipc_path[0] != '\0') {
            (void)unlink(one->ipc_path);
        }
    }
    zc_tls_free(gateway->tls);
    zc_identities_free(gateway->identities);
    zc_session_pool_clear(&gateway->sessions);
}

/* NULL when the machine gives no memory. */
static zc_gateway *make(const zc_gateway_options *options)
{
    zc_gateway *gateway = calloc(1, sizeof *gateway);
    const zc_session_place place = {
        .dir = options->dir, .root_pem = options->root_pem, .spin_us = options->spin_us};
    bool made = gateway != NULL && zc_session_pool_init(&gateway->sessions, &place) &&
                zc_metrics_init(&gateway->metrics) &&
                pthread_rwlock_init(&gateway->identities_lock, NULL) == 0 &&
                pthread_mutex_init(&gateway->health_lock, NULL) == 0 &&
                getrandom(&gateway->instance, sizeof gateway->instance, 0) ==
                    (ssize_t)sizeof gateway->instance;
    if (!made) {
        free(gateway);
        return NULL;
    }
    gateway->options = *options;
    return gateway;
}

static void announce(const zc_listener *listener, const char *address,
                     void (*ready)(const char *interface, const char *address))
{
    zc_log_event("info", "listening", address);
    if (ready != NULL) {
        ready(listener->translator->name, address);
    }
}

static zc_result serve(zc_gateway *gateway, int signals,
                       void (*ready)(const char *interface, const char *address), zc_error *error)
{
    zc_result started = start(gateway, error);
    if (zc_ok(started)) {
        for (size_t i = 0; i < gateway->listeners; i++) {
            const zc_listener *one = &gateway->listener[i];
            announce(one, one->address, ready);
            if (one->ipc_path[0] != '\0') {
                announce(one, one->ipc_path, ready);
            }
        }
        zc_notify("READY=1");
        wait_for_end(gateway, signals);
        drain(gateway);
    }
    stop(gateway);
    return started;
}

/* Signals come through a descriptor, in every thread: SIGPIPE is nobody's business. */
static int take_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c): it can't fail for this signal
    return signalfd(-1, &set, SFD_CLOEXEC);
}

zc_result zc_gateway_run(const zc_gateway_options *options,
                         void (*ready)(const char *interface, const char *address), zc_error *error)
{
    zc_log_set(options->log);
    int signals = take_signals();
    if (signals < 0) {
        return zc_error_errno(error, errno, "cannot wait for signals", NULL);
    }
    zc_gateway *gateway = make(options);
    zc_result served =
        gateway != NULL
            ? serve(gateway, signals, ready, error)
            : zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot start the gateway",
                           "the machine gave no memory", "free some memory and try again");
    free(gateway);
    (void)close(signals);
    return served;
}
