/* NATS JetStream: an object is the one message of its subject. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/base64.h"
#include "log/archive.h"
#include "log/nats.h"
#include "support/json.h"
#include "support/reasons.h"

/* Of JetStream's errors. */
#define WRONG_LAST_SEQUENCE 10071
#define NO_MESSAGE 10037
#define NO_STREAM 10059

typedef struct zc_nats_store {
    zc_nats *nats;
    char stream[64];
} zc_nats_store;

/* Asks and reads the JSON of the answer, which the caller releases; `ret_fault` is JetStream's
 * err_code, 0 for none. */
static zc_result ask(zc_nats_store *store, const zc_nats_question *question, json_t **ret_answer,
                     json_int_t *ret_fault, zc_error *error)
{
    ZC_BYTES zc_bytes answer = {0};
    ZC_TRY(zc_nats_ask(store->nats, question, &answer, error));
    json_error_t where;
    json_t *read =
        json_loadb((const char *)answer.data, answer.len, JSON_REJECT_DUPLICATES, &where);
    if (!json_is_object(read)) {
        json_decref(read);
        return zc_error_set(error, ZC_LOG_UNREACHABLE, "cannot read what JetStream answers",
                            "it is not JSON", "check that the address is a NATS server's");
    }
    *ret_fault = json_integer_value(json_object_get(json_object_get(read, "error"), "err_code"));
    if (*ret_fault == 0 && json_object_get(read, "error") != NULL) {
        *ret_fault = -1;
    }
    *ret_answer = read;
    return ZC_OK;
}

static zc_result refused(const json_t *answer, const char *what, zc_error *error)
{
    const char *words =
        json_string_value(json_object_get(json_object_get(answer, "error"), "description"));
    zc_result result = zc_error_set(error, ZC_LOG_REFUSED, what, words != NULL ? words : "",
                                    "check the stream with `nats stream info`");
    return result;
}

static bool subject_of(const zc_nats_store *store, const char *name,
                       char ret_subject[static ZC_NATS_SUBJECT_SIZE])
{
    int needed = snprintf(ret_subject, ZC_NATS_SUBJECT_SIZE, "zcp.log.%s.%s", store->stream, name);
    for (char *at = ret_subject; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '.';
        }
    }
    return needed > 0 && needed < ZC_NATS_SUBJECT_SIZE;
}

/* "there is no message of this subject" is the condition under which JetStream takes it. */
static zc_result put(void *self, const char *name, zc_slice content, zc_error *error)
{
    zc_nats_store *store = self;
    char subject[ZC_NATS_SUBJECT_SIZE];
    json_t *answer = NULL;
    json_int_t fault = 0;
    if (!subject_of(store, name, subject)) {
        return zc_fail(ZC_SUPPORT_BAD_ARGUMENT);
    }
    zc_nats_question question = {.subject = subject,
                                 .header = "Nats-Expected-Last-Subject-Sequence: 0\r\n",
                                 .payload = content};
    ZC_TRY(ask(store, &question, &answer, &fault, error));
    const char *stream = json_string_value(json_object_get(answer, "stream"));
    zc_result done =
        fault == WRONG_LAST_SEQUENCE
            ? zc_error_from(error, zc_fail(ZC_LOG_OBJECT_EXISTS), "cannot write to JetStream",
                            "another archiver writes there: stop one of the two")
        : fault != 0 || stream == NULL || strcmp(stream, store->stream) != 0
            ? refused(answer, "JetStream does not take an object", error)
            : ZC_OK;
    json_decref(answer);
    return done;
}

static zc_result decode(const char *text, zc_bytes *ret_content)
{
    size_t len = 0;
    size_t room = text == NULL ? 0 : strlen(text) / 4 * 3 + 3;
    if (text == NULL || !zc_bytes_reserve(ret_content, room)) {
        return zc_fail(ZC_LOG_COPY_DIFFERS);
    }
    ZC_TRY(zc_base64_decode(zc_slice_of_text(text), ret_content->data, room, &len));
    ret_content->len = len;
    return ZC_OK;
}

static zc_result get(void *self, const char *name, zc_bytes *ret_content, zc_error *error)
{
    zc_nats_store *store = self;
    char subject[ZC_NATS_SUBJECT_SIZE];
    char api[ZC_NATS_SUBJECT_SIZE];
    char wanted[ZC_NATS_SUBJECT_SIZE + 32];
    json_t *answer = NULL;
    json_int_t fault = 0;
    if (!subject_of(store, name, subject)) {
        return zc_fail(ZC_SUPPORT_BAD_ARGUMENT);
    }
    (void)snprintf(api, sizeof api, "$JS.API.STREAM.MSG.GET.%s", store->stream);
    (void)snprintf(wanted, sizeof wanted, "{\"last_by_subj\":\"%s\"}", subject);
    zc_nats_question question = {.subject = api, .payload = zc_slice_of_text(wanted)};
    ZC_TRY(ask(store, &question, &answer, &fault, error));
    zc_result done;
    if (fault == NO_MESSAGE) {
        done = zc_fail(ZC_LOG_NO_SUCH_OBJECT);
    } else if (fault != 0) {
        done = refused(answer, "JetStream does not give an object", error);
    } else {
        done =
            decode(json_string_value(json_object_get(json_object_get(answer, "message"), "data")),
                   ret_content);
        if (!zc_ok(done)) {
            done = zc_error_from(error, zc_fail(ZC_LOG_COPY_DIFFERS),
                                 "cannot read an object back from JetStream", "");
        }
    }
    json_decref(answer);
    return done;
}

/* A stream of somebody's must keep what it is given, or it is no copy. */
static zc_result check_stream(const json_t *answer, zc_error *error)
{
    const json_t *config = json_object_get(answer, "config");
    const char *discard = json_string_value(json_object_get(config, "discard"));
    bool keeps = json_is_true(json_object_get(config, "deny_delete")) &&
                 json_is_true(json_object_get(config, "deny_purge")) && discard != NULL &&
                 strcmp(discard, "new") == 0 &&
                 json_integer_value(json_object_get(config, "max_age")) == 0;
    return keeps ? ZC_OK
                 : zc_error_from(error, zc_fail(ZC_LOG_NOT_HELD), "the stream is not for records",
                                 "name another and let it be made here, or make it with "
                                 "deny_delete, deny_purge, discard new and no max_age");
}

static zc_result make_stream(zc_nats_store *store, zc_error *error)
{
    char api[ZC_NATS_SUBJECT_SIZE];
    char config[768];
    json_t *answer = NULL;
    json_int_t fault = 0;
    (void)snprintf(api, sizeof api, "$JS.API.STREAM.CREATE.%s", store->stream);
    (void)snprintf(config, sizeof config,
                   "{\"name\":\"%s\",\"subjects\":[\"zcp.log.%s.>\"],\"retention\":\"limits\","
                   "\"max_consumers\":-1,\"max_msgs\":-1,\"max_bytes\":-1,\"max_age\":0,"
                   "\"max_msg_size\":-1,\"storage\":\"file\",\"discard\":\"new\","
                   "\"num_replicas\":1,\"deny_delete\":true,\"deny_purge\":true}",
                   store->stream, store->stream);
    zc_nats_question question = {.subject = api, .payload = zc_slice_of_text(config)};
    ZC_TRY(ask(store, &question, &answer, &fault, error));
    zc_result done =
        fault == 0 ? check_stream(answer, error) : refused(answer, "cannot make the stream", error);
    json_decref(answer);
    return done;
}

static zc_result ensure_stream(zc_nats_store *store, zc_error *error)
{
    char api[ZC_NATS_SUBJECT_SIZE];
    json_t *answer = NULL;
    json_int_t fault = 0;
    (void)snprintf(api, sizeof api, "$JS.API.STREAM.INFO.%s", store->stream);
    zc_nats_question question = {.subject = api};
    ZC_TRY(ask(store, &question, &answer, &fault, error));
    zc_result done = fault == 0           ? check_stream(answer, error)
                     : fault == NO_STREAM ? make_stream(store, error)
                                          : refused(answer, "cannot use the stream", error);
    json_decref(answer);
    return done;
}

static void close_store(void *self)
{
    zc_nats_store *store = self;
    zc_nats_close(store->nats);
    free(store);
}

/* "nats://host:port/STREAM" or "tls://…"; the stream's name is letters, digits, - and _. */
static bool split_place(const char *place, char *ret_address, size_t size, zc_nats_store *store,
                        bool *ret_tls)
{
    *ret_tls = strncmp(place, "tls://", 6) == 0;
    const char *address = *ret_tls                            ? place + 6
                          : strncmp(place, "nats://", 7) == 0 ? place + 7
                                                              : NULL;
    const char *slash = address == NULL ? NULL : strchr(address, '/');
    if (slash == NULL || slash == address || (size_t)(slash - address) >= size ||
        memchr(address, '@', (size_t)(slash - address)) != NULL || slash[1] == '\0' ||
        strlen(slash + 1) >= sizeof store->stream ||
        slash[1 + strspn(slash + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789-_")] != '\0') {
        return false;
    }
    memcpy(ret_address, address, (size_t)(slash - address));
    ret_address[slash - address] = '\0';
    memcpy(store->stream, slash + 1, strlen(slash + 1) + 1);
    return true;
}

/* Files of TLS belong to tls://, a certificate and its key together. */
static bool fits_together(const zc_archive_nats *options, bool tls)
{
    bool none = options->ca == NULL && options->certificate == NULL && options->key == NULL;
    return (tls || none) && (options->certificate == NULL) == (options->key == NULL);
}

static zc_result open_store(const zc_archive_nats *options, const char *address, bool tls,
                            zc_nats_store *store, zc_error *error)
{
    const zc_nats_trust trust = {
        .ca = options->ca, .certificate = options->certificate, .key = options->key};
    zc_credentials keys = {0};
    zc_result opened = zc_credentials_nats(options->credentials, &keys, error);
    if (zc_ok(opened)) {
        opened = zc_nats_open(address, tls ? &trust : NULL, &keys, &store->nats, error);
    }
    zc_credentials_clear(&keys);
    return zc_ok(opened) ? ensure_stream(store, error) : opened;
}

zc_result zc_archive_nats_open(const zc_archive_nats *options, zc_archive_store *ret_store,
                               zc_error *error)
{
    char address[128];
    bool tls = false;
    zc_nats_store *store = calloc(1, sizeof *store);
    if (store == NULL || strlen(options->place) >= sizeof ret_store->name ||
        !split_place(options->place, address, sizeof address, store, &tls) ||
        !fits_together(options, tls)) {
        free(store);
        return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot use the NATS server",
                            "the place is not nats://HOST:PORT/STREAM, or tls:// with --ca and "
                            "--client-cert beside --client-key",
                            "name the stream, and give credentials with --credentials FILE");
    }
    zc_result opened = open_store(options, address, tls, store, error);
    if (!zc_ok(opened)) {
        close_store(store);
        return opened;
    }
    *ret_store = (zc_archive_store){.self = store, .put = put, .get = get, .close = close_store};
    (void)snprintf(ret_store->name, sizeof ret_store->name, "%s", options->place);
    return ZC_OK;
}
