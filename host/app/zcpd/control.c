/* The control socket: how `zcp up`, `zcp status` and `zcp down` speak with the daemon.
 *
 *   {"command": "status"}   → {"state", "pids", "restarts", "log_entries", …, "error"?,
 * "statement"?}
 *   {"command": "status", "past": "starting"} → the same, once the state is another
 *   {"command": "genesis", "signatures": [{"public_key", "signature"}]} → {"ok": true}
 *   {"command": "lost-tail", "signatures": […]} → {"ok": true}: go on without the witnesses
 *   {"command": "stop"}     → {"ok": true} */
#include "daemon.h"

#include <stdlib.h>
#include <unistd.h>

#include <sys/socket.h>

#include "enclave/reasons.h"
#include "support/json.h"
#include "support/reason.h"

static const char *state_name(zc_daemon_state state)
{
    static const char *const names[] = {
        [ZC_DAEMON_STARTING] = "starting", [ZC_DAEMON_GENESIS] = "genesis",
        [ZC_DAEMON_SERVING] = "serving",   [ZC_DAEMON_FAILED] = "failed",
        [ZC_DAEMON_STOPPING] = "stopping", [ZC_DAEMON_WITNESSES] = "witnesses",
    };
    return names[state];
}

static bool add_pids(const zc_daemon *daemon, json_t *answer)
{
    json_t *pids = json_object();
    bool made = pids != NULL && zc_json_set_u64(pids, "zcpd", (uint64_t)getpid()) &&
                zc_json_set_u64(pids, "enclave", (uint64_t)daemon->enclave) &&
                zc_json_set_u64(pids, "front", (uint64_t)zc_enclave_child(daemon, "zcp-front")) &&
                zc_json_set_u64(pids, "core", (uint64_t)zc_enclave_child(daemon, "zcp-core"));
    return zc_json_set(answer, "pids", pids) && made;
}

static const zc_error witnesses_late = {
    .result = {.code = ZC_ENCLAVE_NOT_WITNESSED},
    .what = "the log's witnesses do not agree to this start",
    .why =
        "not enough of them cosigned its first checkpoint: they are out of reach, or saw a longer "
        "log than this, or another copy runs",
    .next = "stop every other copy and put back the newest disk; if the end of the log is lost for "
            "good, the founders may go on with `zcp up --lost-tail`"};

static bool add_error(const zc_daemon *daemon, json_t *answer)
{
    const zc_error *last = zc_witnesses_are_late(daemon) ? &witnesses_late : &daemon->last_error;
    if (last->what[0] == '\0') {
        return true;
    }
    json_t *error = json_object();
    bool made = error != NULL && zc_json_set_text(error, "what", last->what) &&
                zc_json_set_text(error, "why", last->why) &&
                zc_json_set_text(error, "next", last->next) &&
                zc_json_set_text(error, "reason", zc_reason_name(last->result));
    return zc_json_set(answer, "error", error) && made;
}

static json_t *status(const zc_daemon *daemon)
{
    json_t *answer = json_object();
    bool made =
        answer != NULL && zc_json_set_text(answer, "state", state_name(daemon->state)) &&
        zc_json_set_text(answer, "platform", daemon->platform) &&
        zc_json_set_u64(answer, "restarts", daemon->restarts) &&
        zc_json_set_u64(answer, "log_entries", daemon->journal.records) &&
        zc_json_set_u64(answer, "log_bytes", daemon->journal.durable) &&
        zc_json_set_u64(answer, "loaded_from", daemon->loaded_from) &&
        zc_json_set_u64(answer, "cut_bytes", daemon->cut_bytes) && add_pids(daemon, answer) &&
        add_error(daemon, answer) &&
        (!daemon->has_deployment_id ||
         zc_json_set_hex(answer, "deployment_id", ZC_SLICE_OF_ARRAY(daemon->deployment_id))) &&
        (daemon->statement_len == 0 ||
         zc_json_set_hex(answer, "statement",
                         zc_slice_of(daemon->statement, daemon->statement_len)));
    if (!made) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

static json_t *done(bool ok, const char *why)
{
    json_t *answer = json_object();
    bool made = answer != NULL && zc_json_set_bool(answer, "ok", ok) &&
                (why == NULL || zc_json_set_text(answer, "why", why));
    return made ? answer : NULL;
}

/* The founders' signatures, over the genesis statement or over that of a lost tail. */
static json_t *founders(zc_daemon *daemon, const json_t *request, zc_daemon_state waits,
                        zc_host_type type)
{
    const json_t *signatures = json_object_get(request, "signatures");
    size_t count = json_array_size(signatures);
    if (daemon->state != waits) {
        return done(false, "nothing here waits for the founders");
    }
    if (count == 0 || count > ZC_FOUNDERS_MAX) {
        return done(false, "between 1 and 16 signatures are wanted");
    }
    zc_host_message message = {.type = type, .genesis_signed = {.count = count}};
    for (size_t i = 0; i < count; i++) {
        zc_founder_signature *founder = &message.genesis_signed.founder[i];
        const json_t *item = json_array_get(signatures, i);
        if (!zc_ok(zc_json_get_hex(item, "public_key", founder->public_key,
                                   sizeof founder->public_key, NULL)) ||
            !zc_ok(zc_json_get_hex(item, "signature", founder->signature, sizeof founder->signature,
                                   NULL))) {
            return done(false, "a signature is malformed");
        }
    }
    zc_error error = {0};
    daemon->state = ZC_DAEMON_STARTING;
    return zc_ok(zc_link_send(daemon, &message, &error)) ? done(true, NULL)
                                                         : done(false, error.why);
}

/* A question for what comes after the state that still is. It stays unread until that has changed.
 */
static bool is_early(const zc_daemon *daemon, zc_slice line)
{
    json_t *request;
    if (!zc_ok(zc_json_parse(line, "cannot read the request", &request, NULL))) {
        return false;
    }
    const char *past = json_string_value(json_object_get(request, "past"));
    bool early = past != NULL && strcmp(past, state_name(daemon->state)) == 0 &&
                 daemon->state == ZC_DAEMON_STARTING;
    json_decref(request);
    return early;
}

static json_t *answer_to(zc_daemon *daemon, zc_slice line)
{
    json_t *request;
    const char *command;
    if (!zc_ok(zc_json_parse(line, "cannot read the request", &request, NULL))) {
        return done(false, "not a JSON object");
    }
    json_t *answer = NULL;
    if (!zc_ok(zc_json_get_text(request, "command", &command, NULL))) {
        answer = done(false, "no command");
    } else if (strcmp(command, "status") == 0) {
        answer = status(daemon);
    } else if (strcmp(command, "genesis") == 0) {
        answer = founders(daemon, request, ZC_DAEMON_GENESIS, ZC_HOST_GENESIS_SIGNED);
    } else if (strcmp(command, "lost-tail") == 0) {
        answer = founders(daemon, request, ZC_DAEMON_WITNESSES, ZC_HOST_LOST_TAIL);
    } else if (strcmp(command, "stop") == 0) {
        daemon->state = ZC_DAEMON_STOPPING;
        answer = done(true, NULL);
    } else {
        answer = done(false, "unknown command");
    }
    json_decref(request);
    return answer;
}

void zc_control_accept(zc_daemon *daemon)
{
    int fd = accept4(daemon->control_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    for (size_t i = 0; i < ZC_CONTROL_CLIENTS; i++) {
        if (daemon->control[i].fd < 0) {
            daemon->control[i].fd = fd;
            return;
        }
    }
    close(fd); /* as many clients as it takes are there */
}

void zc_control_handle(zc_daemon *daemon, zc_stream *client)
{
    bool alive = zc_stream_read(client) && client->in.len <= ZC_CONTROL_LINE;
    const uint8_t *end;
    while (client->in.len > 0 && (end = memchr(client->in.data, '\n', client->in.len)) != NULL) {
        size_t len = (size_t)(end - client->in.data);
        if (is_early(daemon, zc_slice_of(client->in.data, len))) {
            break;
        }
        json_t *answer = answer_to(daemon, zc_slice_of(client->in.data, len));
        zc_stream_taken(client, len + 1);
        char *text = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;
        json_decref(answer);
        alive = alive && text != NULL && zc_stream_put(client, zc_slice_of_text(text)) &&
                zc_stream_put(client, zc_slice_of_text("\n"));
        free(text);
    }
    if (client->out.len > 0) {
        alive = zc_stream_write(client) && alive;
    }
    if (!alive) {
        zc_stream_close(client);
    }
}

void zc_control_look_again(zc_daemon *daemon)
{
    if (daemon->told == daemon->state) {
        return;
    }
    daemon->told = daemon->state;
    for (size_t i = 0; i < ZC_CONTROL_CLIENTS; i++) {
        if (daemon->control[i].fd >= 0 && daemon->control[i].in.len > 0) {
            zc_control_handle(daemon, &daemon->control[i]);
        }
    }
}
