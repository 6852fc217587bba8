/* What a gateway counts, and its text for Prometheus. All names begin with "zcp_gateway_". */
#ifndef ZC_API_METRICS_H
#define ZC_API_METRICS_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/gateway.h"

#define ZC_METRIC_BUCKETS 14
#define ZC_METRIC_RULES 256
#define ZC_METRIC_INTERFACES 16

typedef enum zc_stage {
    ZC_STAGE_TRANSLATE, /* everything that is not the next */
    ZC_STAGE_ENCLAVE,
    ZC_STAGE_TOTAL,
    ZC_STAGES,
} zc_stage;

typedef struct zc_histogram {
    _Atomic uint64_t bucket[ZC_METRIC_BUCKETS + 1];
    _Atomic uint64_t sum_us;
} zc_histogram;

typedef struct zc_interface_metrics {
    const char *name;
    zc_histogram stage[ZC_STAGES];
    _Atomic uint64_t status[6]; /* of HTTP, by hundreds; streams: [2] and [5] */
    _Atomic uint64_t refused;   /* before a handler saw them */
    _Atomic uint64_t unknown;   /* callers that nobody knows */
} zc_interface_metrics;

typedef struct zc_rule_metric {
    char rule[64];
    char decision[8]; /* "allow", "deny", "review" */
    _Atomic uint64_t count;
} zc_rule_metric;

typedef struct zc_metrics {
    pthread_mutex_t lock; /* of new rules */
    zc_interface_metrics interface[ZC_METRIC_INTERFACES];
    size_t interfaces;
    zc_rule_metric rule[ZC_METRIC_RULES];
    _Atomic size_t rules;
} zc_metrics;

/* Assets whose exposure is told. */
#define ZC_METRIC_ASSETS 16

/* What is asked for at the moment of the scrape. */
typedef struct zc_metrics_now {
    bool reachable;
    bool has_lag; /* zcpd of the same machine told how much is on the disk */
    uint64_t log_lag;
    zcp_status status;
    size_t radius_count; /* what could still move if the host turned hostile */
    zcp_policy_line radius[ZC_METRIC_ASSETS];
    size_t sessions_open;
    size_t sessions_lent;
    uint64_t sessions_opened;
    uint64_t sessions_failed;
    unsigned connections;
    unsigned busy;
} zc_metrics_now;

bool zc_metrics_init(zc_metrics *metrics);
/* Before the first thread; NULL beyond ZC_METRIC_INTERFACES. */
zc_interface_metrics *zc_metrics_add(zc_metrics *metrics, const char *name);
void zc_metrics_time(zc_interface_metrics *metrics, zc_stage stage, uint64_t ns);
void zc_metrics_decision(zc_metrics *metrics, zcp_result result, const char *rule);
/* The text format, version 0.0.4. */
bool zc_metrics_write(const zc_metrics *metrics, const zc_metrics_now *now, zc_bytes *ret_text);

#endif
