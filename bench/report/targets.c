#include "targets.h"

#include <stdio.h>

#include <jansson.h>

#include "results.h"

typedef enum zc_target_kind {
    RATIO, /* of two medians, at most */
    SPEED, /* how many times as many a second, at least */
    TAIL,  /* p99 over p50, in the machine's noise and half of p50, at most 1 */
    MOST,  /* the number itself, in its unit, at most */
} zc_target_kind;

typedef struct zc_target {
    zc_target_kind kind;
    const char *name;
    const char *over; /* RATIO, SPEED */
    double limit;
    const char *unit; /* MOST */
} zc_target;

static const zc_target targets[] = {
    {RATIO, "enclave.p256", "bare.openssl.p256", 0.85, NULL},
    {RATIO, "enclave.secp256k1.eip1559", "bare.libsecp256k1", 1.0, NULL},
    {RATIO, "enclave.ed25519", "bare.libsodium.ed25519", 1.25, NULL},
    {RATIO, "enclave.batch64.p256", "bare.openssl.p256", 0.75, NULL},
    {RATIO, "e2e.ring.batch64", "bare.openssl.p256", 0.75, NULL},
    {RATIO, "e2e.ring", "bare.openssl.p256", 1.0, NULL},
    {RATIO, "e2e.unix-spin", "bare.openssl.p256", 1.3, NULL},
    {RATIO, "e2e.unix-block", "bare.openssl.p256", 1.8, NULL},
    {RATIO, "e2e.unix-spin", "softhsm2.p256", 0.6, NULL},
    {TAIL, "e2e.ring", NULL, 1.0, NULL},
    {TAIL, "e2e.unix-spin", NULL, 1.0, NULL},
    {TAIL, "e2e.unix-block", NULL, 1.0, NULL},
    {SPEED, "throughput.enclave", "enclave.p256", 0.8, NULL},
    {SPEED, "throughput.workers.2", "throughput.workers.1", 1.7, NULL},
    {MOST, "growth.sessions.memory", NULL, 64, "MB"},
    {RATIO, "growth.sessions.10000", "growth.sessions.1", 1.05, NULL},
    {MOST, "growth.keys.load", NULL, 10, "s"},
    {RATIO, "growth.keys.1000000", "growth.keys.10", 1.1, NULL},
    {MOST, "attest.cached", NULL, 100, "us"},
    {RATIO, "attest.fresh", "bare.openssl.p384", 1.5, NULL},
    {RATIO, "e2e.ring.handshakes", "e2e.ring", 1.05, NULL},
    {MOST, "start.first-signature", NULL, 60000, "us"},
    {RATIO, "http.kms-sign", "http.hello", 2.0, NULL},
    {RATIO, "http.kms-sign.apart", "http.hello.apart", 2.0, NULL},
    {RATIO, "pkcs11.p256", "e2e.unix-block", 1.2, NULL},
};

static zc_report_spread measured(const zc_target *target)
{
    switch (target->kind) {
    case RATIO:
    case SPEED:
        return zc_results_ratio(target->name, target->over);
    case TAIL:
        return zc_results_tail(target->name);
    default:
        return zc_results_medians(zc_results_place(target->name));
    }
}

static const char *verdict_of(const zc_target *target, const zc_report_spread *spread)
{
    if (spread->count == 0) {
        return "not measured";
    }
    bool met =
        target->kind == SPEED ? spread->median >= target->limit : spread->median <= target->limit;
    return met ? "met" : "not met";
}

static const char *said_over(const zc_target *target)
{
    return target->kind == TAIL   ? "noise and half of p50"
           : target->over == NULL ? ""
                                  : target->over;
}

static void print_json(zc_bench_report *report, const zc_target *target,
                       const zc_report_spread *spread)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:f, s:s}", "target", target->name, "over", said_over(target),
                  "limit_is", target->kind == SPEED ? "least" : "most", "limit", target->limit,
                  "verdict", verdict_of(target, spread));
    if (object != NULL && spread->count > 0 &&
        json_object_set_new(object, "median", json_real(spread->median)) != 0) {
        json_decref(object);
        object = NULL;
    }
    zc_report_object(report, object);
}

static int print_row(const zc_target *target, const zc_report_spread *spread)
{
    char value[32] = "";
    if (spread->count > 0) {
        (void)snprintf(value, sizeof value, target->limit >= 1000 ? "%.0f" : "%.2f",
                       spread->median);
    }
    return printf(target->limit >= 1000 ? "%-28s %-24s %s %8.0f %-3s %10s  %s\n"
                                        : "%-28s %-24s %s %8.2f %-3s %10s  %s\n",
                  target->name, said_over(target),
                  target->kind == SPEED ? ">=" : "<=", target->limit,
                  target->unit == NULL ? "x" : target->unit, value, verdict_of(target, spread));
}

void zc_targets_print(zc_bench_report *report)
{
    size_t met = 0;
    if (!report->json) {
        zc_report_line(
            report, printf("\n%-28s %-24s    %8s %-3s %10s\n", "limit", "over", "", "", "median"));
    }
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        zc_report_spread spread = measured(&targets[i]);
        met += verdict_of(&targets[i], &spread)[0] == 'm';
        if (report->json) {
            print_json(report, &targets[i], &spread);
        } else {
            zc_report_line(report, print_row(&targets[i], &spread));
        }
    }
    if (!report->json) {
        zc_report_line(report,
                       printf("%zu of %zu are met\n", met, sizeof targets / sizeof targets[0]));
    }
}
