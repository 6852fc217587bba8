/* A request that a case describes, authenticated by the venue's own code. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exchange.h"
#include "fields.h"

/* What one venue's documentation calls a part, and what another does. */
static const char *first_text(const json_t *inputs, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (zc_field_text(inputs, *names)[0] != '\0') {
            return zc_field_text(inputs, *names);
        }
    }
    return "";
}

static uint64_t number_of(const json_t *inputs, const char *const *names)
{
    for (; *names != NULL; names++) {
        const json_t *value = json_object_get(inputs, *names);
        if (json_is_integer(value) && json_integer_value(value) >= 0) {
            return (uint64_t)json_integer_value(value);
        }
        unsigned long long number = 0;
        char rest = '\0';
        if (json_is_string(value) &&
            sscanf(json_string_value(value), "%llu%c", &number, &rest) == 1) {
            return number;
        }
    }
    return 0;
}

/* "2020-12-08T09:08:57.715Z" in milliseconds; 0 for what is no such text. */
static uint64_t time_of_iso8601(const char *text)
{
    struct tm tm = {0};
    int ms = 0;
    char zone = '\0';
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3d%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
               &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms, &zone) != 8 ||
        zone != 'Z') {
        return 0;
    }
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return (uint64_t)timegm(&tm) * 1000 + (uint64_t)ms;
}

static const struct {
    const char *name;
    zc_venue venue;
} names[] = {
    {"binance", ZC_VENUE_BINANCE_SPOT},
    {"bybit", ZC_VENUE_BYBIT},
    {"okx", ZC_VENUE_OKX},
    {"kraken", ZC_VENUE_KRAKEN},
    {"bitget", ZC_VENUE_BITGET},
    {"kucoin", ZC_VENUE_KUCOIN},
    {"gate", ZC_VENUE_GATE},
    {"deribit", ZC_VENUE_DERIBIT},
    {"bitmex", ZC_VENUE_BITMEX},
};

static const zc_compose_venue *venue_of(const json_t *name)
{
    const char *text = json_string_value(name);
    for (size_t i = 0; text != NULL && i < sizeof names / sizeof *names; i++) {
        if (strncmp(text, names[i].name, strlen(names[i].name)) == 0) {
            return zc_compose_venue_of(names[i].venue);
        }
    }
    return NULL;
}

static bool put(zc_compose_text *text, const char *bytes)
{
    zc_writer writer = zc_compose_begin(text);
    bool ok = zc_ok(zc_write_text(&writer, bytes));
    zc_compose_end(text, &writer);
    return ok;
}

static bool put_params(zc_compose_text *text, const json_t *params)
{
    size_t i;
    json_t *pair;
    json_array_foreach(params, i, pair)
    {
        const char *name = json_string_value(json_array_get(pair, 0));
        const char *value = json_string_value(json_array_get(pair, 1));
        if (name == NULL || value == NULL || !put(text, i == 0 ? "?" : "&") || !put(text, name) ||
            !put(text, "=")) {
            return false;
        }
        zc_writer writer = zc_compose_begin(text);
        if (!zc_ok(zc_compose_write_percent(&writer, zc_slice_of_text(value)))) {
            return false;
        }
        zc_compose_end(text, &writer);
    }
    return json_array_size(params) > 0;
}

static zc_compose_method method_of(const char *name)
{
    for (zc_compose_method method = ZC_COMPOSE_GET; method <= ZC_COMPOSE_PATCH; method++) {
        if (strcmp(name, zc_compose_method_name(method)) == 0) {
            return method;
        }
    }
    return name[0] == '\0' ? ZC_COMPOSE_GET : 0;
}

static bool put_request(zc_venue venue, const json_t *inputs, zc_composition *out)
{
    static const char *const paths[] = {"uri_path", "request_path", "path",
                                        "endpoint", "uri",          NULL};
    static const char *const bodies[] = {"body", NULL};
    static const char *const queries[] = {"query", "query_string", NULL};
    if (venue == ZC_VENUE_BINANCE_SPOT) {
        return put(&out->path, "/") && put_params(&out->path, json_object_get(inputs, "params"));
    }
    const char *payload = zc_field_text(inputs, "payload");
    if (venue == ZC_VENUE_BYBIT && payload[0] != '\0') {
        return payload[0] == '{' ? put(&out->body, payload)
                                 : put(&out->path, "/?") && put(&out->path, payload);
    }
    const char *query = first_text(inputs, queries);
    return first_text(inputs, paths)[0] == '/' && put(&out->path, first_text(inputs, paths)) &&
           (query[0] == '\0' || (put(&out->path, "?") && put(&out->path, query))) &&
           put(&out->body, first_text(inputs, bodies));
}

static zc_compose_form form_of(zc_venue venue, const zc_composition *out)
{
    return out->body.len == 0         ? ZC_COMPOSE_IN_QUERY
           : venue == ZC_VENUE_KRAKEN ? ZC_COMPOSE_FORM_BODY
                                      : ZC_COMPOSE_JSON_BODY;
}

static uint64_t time_of(zc_venue venue, const json_t *inputs)
{
    static const char *const times[] = {"timestamp", "time", "ts", NULL};
    static const char *const expiries[] = {"expires", NULL};
    if (venue == ZC_VENUE_OKX) {
        return time_of_iso8601(zc_field_text(inputs, "timestamp"));
    }
    /* BitMEX signs the end of the request's minute. */
    uint64_t number =
        venue == ZC_VENUE_BITMEX ? number_of(inputs, expiries) : number_of(inputs, times);
    return venue == ZC_VENUE_BITMEX ? number * 1000 - 60000
           : venue == ZC_VENUE_GATE ? number * 1000
                                    : number;
}

bool zc_exchange_frame(const json_t *name, const json_t *inputs, zc_compose_key key,
                       zc_composition *out)
{
    static const char *const keys[] = {"api_key", "key", "client_id", NULL};
    static const char *const nonces[] = {"nonce", NULL};
    static const char *const windows[] = {"recv_window", "recvWindow", NULL};
    static const char *const methods[] = {"method", "verb", NULL};
    const zc_compose_venue *venue = venue_of(name);
    memset(out, 0, sizeof *out);
    if (venue == NULL || !put_request(venue->venue, inputs, out)) {
        return false;
    }
    zc_compose_method method = method_of(first_text(inputs, methods));
    const bool has_time = venue->venue == ZC_VENUE_BINANCE_SPOT || venue->venue == ZC_VENUE_KRAKEN;
    const zc_order order = {.venue = venue->venue, .window_ms = number_of(inputs, windows)};
    const zc_compose_account account = {.key = key,
                                        .api_key = zc_slice_of_text(first_text(inputs, keys))};
    zc_compose_job job = {.order = &order,
                          .account = &account,
                          .time_ms = time_of(venue->venue, inputs),
                          .nonce = number_of(inputs, nonces),
                          .out = out};
    if (method == 0 || (!has_time && job.time_ms == 0)) {
        return false;
    }
    out->venue = venue->venue;
    zc_compose_set_call(out, method, "");
    return zc_ok(venue->frame(&job, form_of(venue->venue, out)));
}

bool zc_exchange_frame_bybit(const char *signing_string, zc_composition *out)
{
    char time[14];
    char key[65];
    char window[6];
    int at = 0;
    /* The documentation's key is a run of one letter, so it is clear where it ends. */
    if (sscanf(signing_string, "%13[0-9]%64[X]%5[0-9]%n", time, key, window, &at) != 3 || at == 0) {
        return false;
    }
    json_t *inputs = json_pack("{s:s, s:s, s:s, s:s}", "timestamp", time, "api_key", key,
                               "recv_window", window, "payload", signing_string + at);
    json_t *name = json_string("bybit");
    bool ok =
        inputs != NULL && name != NULL && zc_exchange_frame(name, inputs, ZC_COMPOSE_KEY_HMAC, out);
    json_decref(inputs);
    json_decref(name);
    return ok;
}
