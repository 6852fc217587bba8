#include "api/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const uint32_t bounds_us[ZC_METRIC_BUCKETS] = {
    25, 50, 100, 200, 400, 800, 1600, 5000, 10000, 25000, 100000, 500000, 2000000, 10000000};
static const char *const stage_names[ZC_STAGES] = {"translate", "enclave", "total"};

bool zc_metrics_init(zc_metrics *metrics)
{
    return pthread_mutex_init(&metrics->lock, NULL) == 0;
}

zc_interface_metrics *zc_metrics_add(zc_metrics *metrics, const char *name)
{
    if (metrics->interfaces == ZC_METRIC_INTERFACES) {
        return NULL;
    }
    zc_interface_metrics *one = &metrics->interface[metrics->interfaces++];
    one->name = name;
    return one;
}

void zc_metrics_time(zc_interface_metrics *metrics, zc_stage stage, uint64_t ns)
{
    uint64_t us = ns / 1000;
    size_t at = 0;
    while (at < ZC_METRIC_BUCKETS && us > bounds_us[at]) {
        at++;
    }
    zc_histogram *histogram = &metrics->stage[stage];
    atomic_fetch_add_explicit(&histogram->bucket[at], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_us, us, memory_order_relaxed);
}

static zc_rule_metric *find(zc_metrics *metrics, size_t count, const char *rule,
                            const char *decision)
{
    for (size_t i = 0; i < count; i++) {
        zc_rule_metric *one = &metrics->rule[i];
        if (strcmp(one->rule, rule) == 0 && strcmp(one->decision, decision) == 0) {
            return one;
        }
    }
    return NULL;
}

static zc_rule_metric *find_or_add(zc_metrics *metrics, const char *rule, const char *decision)
{
    zc_rule_metric *found = find(metrics, atomic_load(&metrics->rules), rule, decision);
    if (found != NULL) {
        return found;
    }
    (void)pthread_mutex_lock(&metrics->lock);
    size_t count = atomic_load(&metrics->rules);
    found = find(metrics, count, rule, decision);
    if (found == NULL && count < ZC_METRIC_RULES) {
        found = &metrics->rule[count];
        /* The last row is for all whose own there is no room for. */
        (void)snprintf(found->rule, sizeof found->rule, "%s",
                       count + 1 < ZC_METRIC_RULES ? rule : "others");
        (void)snprintf(found->decision, sizeof found->decision, "%s", decision);
        atomic_store(&metrics->rules, count + 1);
    }
    (void)pthread_mutex_unlock(&metrics->lock);
    return found != NULL ? found : &metrics->rule[ZC_METRIC_RULES - 1];
}

void zc_metrics_decision(zc_metrics *metrics, zcp_result result, const char *rule)
{
    const char *decision = result == ZCP_OK                ? "allow"
                           : result == ZCP_DENIED          ? "deny"
                           : result == ZCP_APPROVAL_NEEDED ? "review"
                                                           : NULL;
    if (decision != NULL) {
        zc_rule_metric *one = find_or_add(metrics, rule[0] != '\0' ? rule : "none", decision);
        atomic_fetch_add_explicit(&one->count, 1, memory_order_relaxed);
    }
}

/* Text being written; after a failure nothing more is. */
typedef struct text {
    zc_bytes *bytes;
    bool ok;
} text;

__attribute__((format(printf, 2, 3))) static void put(text *out, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    out->ok = out->ok && len >= 0 && (size_t)len < sizeof line &&
              zc_bytes_append(out->bytes, zc_slice_of(line, (size_t)len));
}

static void head(text *out, const char *name, const char *type, const char *help)
{
    put(out, "# HELP zcp_gateway_%s %s\n# TYPE zcp_gateway_%s %s\n", name, help, name, type);
}

static void put_one(text *out, const char *name, const char *type, const char *help, uint64_t value)
{
    head(out, name, type, help);
    put(out, "zcp_gateway_%s %" PRIu64 "\n", name, value);
}

static void put_histogram(text *out, const char *interface, const char *stage,
                          const zc_histogram *histogram)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ZC_METRIC_BUCKETS; i++) {
        count += atomic_load(&histogram->bucket[i]);
        put(out,
            "zcp_gateway_request_seconds_bucket{interface=\"%s\",stage=\"%s\",le=\"%g\"} %" PRIu64
            "\n",
            interface, stage, bounds_us[i] / 1e6, count);
    }
    count += atomic_load(&histogram->bucket[ZC_METRIC_BUCKETS]);
    put(out,
        "zcp_gateway_request_seconds_bucket{interface=\"%s\",stage=\"%s\",le=\"+Inf\"} %" PRIu64
        "\n"
        "zcp_gateway_request_seconds_sum{interface=\"%s\",stage=\"%s\"} %.6f\n"
        "zcp_gateway_request_seconds_count{interface=\"%s\",stage=\"%s\"} %" PRIu64 "\n",
        interface, stage, count, interface, stage, (double)atomic_load(&histogram->sum_us) / 1e6,
        interface, stage, count);
}

static void put_interfaces(text *out, const zc_metrics *metrics)
{
    head(out, "request_seconds", "histogram", "Time of requests, by stage.");
    for (size_t i = 0; i < metrics->interfaces; i++) {
        for (size_t stage = 0; stage < ZC_STAGES; stage++) {
            put_histogram(out, metrics->interface[i].name, stage_names[stage],
                          &metrics->interface[i].stage[stage]);
        }
    }
    head(out, "responses_total", "counter", "Answers by class of status.");
    for (size_t i = 0; i < metrics->interfaces; i++) {
        for (unsigned class = 2; class < 6; class ++) {
            put(out, "zcp_gateway_responses_total{interface=\"%s\",class=\"%uxx\"} %" PRIu64 "\n",
                metrics->interface[i].name, class,
                atomic_load(&metrics->interface[i].status[class]));
        }
    }
    head(out, "unreadable_total", "counter", "Requests refused before they were understood.");
    for (size_t i = 0; i < metrics->interfaces; i++) {
        put(out, "zcp_gateway_unreadable_total{interface=\"%s\"} %" PRIu64 "\n",
            metrics->interface[i].name, atomic_load(&metrics->interface[i].refused));
    }
    head(out, "unknown_callers_total", "counter", "Requests of callers that nobody knows.");
    for (size_t i = 0; i < metrics->interfaces; i++) {
        put(out, "zcp_gateway_unknown_callers_total{interface=\"%s\"} %" PRIu64 "\n",
            metrics->interface[i].name, atomic_load(&metrics->interface[i].unknown));
    }
}

/* A rule's name comes from the mission: quotes and backslashes can't be in it, and are not passed
 * on if they are. */
static void put_rules(text *out, const zc_metrics *metrics)
{
    head(out, "decisions_total", "counter", "Decisions of policy, by the rule that settled them.");
    size_t count = atomic_load(&metrics->rules);
    for (size_t i = 0; i < count; i++) {
        char rule[64];
        memcpy(rule, metrics->rule[i].rule, sizeof rule);
        for (char *at = rule; *at != '\0'; at++) {
            *at = *at == '"' || *at == '\\' || (unsigned char)*at < 0x20 ? '?' : *at;
        }
        put(out, "zcp_gateway_decisions_total{rule=\"%s\",decision=\"%s\"} %" PRIu64 "\n", rule,
            metrics->rule[i].decision, atomic_load(&metrics->rule[i].count));
    }
}

/* Amounts are in base units, and as exact as a sample's number is. */
static void put_policy(text *out, const zc_metrics_now *now)
{
    const zcp_status *status = &now->status;
    put_one(out, "enclave_mode", "gauge",
            "0: normal; 1: a breaker lets cancels and reductions pass; 2: it has halted.",
            (uint64_t)status->mode);
    put_one(out, "enclave_reviews", "gauge", "Requests that wait for approvals.", status->reviews);
    put_one(out, "enclave_revoked", "gauge", "Principals and rules that are revoked.",
            status->revoked);
    head(out, "enclave_exposure", "gauge",
         "What could still move if the host turned hostile now, in base units.");
    for (size_t i = 0; i < now->radius_count; i++) {
        put(out, "zcp_gateway_enclave_exposure{asset=\"%s\"} %s\n", now->radius[i].asset,
            now->radius[i].amount);
    }
    head(out, "enclave_exposure_until_seconds", "gauge", "Until when, since 1970.");
    for (size_t i = 0; i < now->radius_count; i++) {
        put(out, "zcp_gateway_enclave_exposure_until_seconds{asset=\"%s\"} %" PRIu64 "\n",
            now->radius[i].asset, now->radius[i].time_ms / 1000);
    }
}

static void put_enclave(text *out, const zc_metrics_now *now)
{
    const zcp_status *status = &now->status;
    put_one(out, "enclave_up", "gauge", "1 while the enclave answers.", now->reachable ? 1 : 0);
    if (!now->reachable) {
        return;
    }
    put_one(out, "enclave_serving", "gauge", "1 while the enclave signs; 0 when it is halted.",
            status->phase == ZCP_SERVING ? 1 : 0);
    put_one(out, "enclave_signatures", "gauge", "Signatures since the enclave's boot.",
            status->signatures);
    put_one(out, "enclave_denials", "gauge", "Refusals since the enclave's boot.", status->denials);
    put_one(out, "enclave_reservations", "gauge", "Reservations that count against limits.",
            status->reservations);
    put_one(out, "enclave_uptime_seconds", "gauge", "Time since the enclave's boot.",
            status->uptime_ms / 1000);
    put_policy(out, now);
    put_one(out, "log_entries", "gauge", "Entries of the enclave's log.", status->log_next);
    put_one(out, "log_unacknowledged_limit", "gauge",
            "Entries that may wait for the disk before signing stops.", status->max_unacked);
    if (now->has_lag) {
        put_one(out, "log_lag_entries", "gauge", "Entries that are not on the disk yet.",
                now->log_lag);
    }
}

bool zc_metrics_write(const zc_metrics *metrics, const zc_metrics_now *now, zc_bytes *ret_text)
{
    text out = {.bytes = ret_text, .ok = true};
    put_interfaces(&out, metrics);
    put_rules(&out, metrics);
    put_one(&out, "sessions_open", "gauge", "Attested sessions.", now->sessions_open);
    put_one(&out, "sessions_busy", "gauge", "Sessions in use.", now->sessions_lent);
    put_one(&out, "sessions_opened_total", "counter", "Sessions ever opened.",
            now->sessions_opened);
    put_one(&out, "sessions_failed_total", "counter", "Sessions that could not be opened.",
            now->sessions_failed);
    put_one(&out, "connections", "gauge", "Open connections.", now->connections);
    put_one(&out, "requests_in_flight", "gauge", "Requests under way.", now->busy);
    put_enclave(&out, now);
    return out.ok;
}
