#include "support/reason.h"

#include <stdio.h>

#include "attest/reasons.h"
#include "audit/reasons.h"
#include "base/reasons.h"
#include "codec/reasons.h"
#include "compose/reasons.h"
#include "crypto/reasons.h"
#include "enclave/reasons.h"
#include "intent/reasons.h"
#include "keys/reasons.h"
#include "platform/reasons.h"
#include "policy/reasons.h"
#include "policy/risk_reasons.h"
#include "runtime/reasons.h"
#include "support/reasons.h"
#include "wire/reasons.h"

#define BASE(name, number, text) ZC_REASON_ROW(BASE, name, text)
#define CRYPTO(name, number, text) ZC_REASON_ROW(CRYPTO, name, text)
#define CODEC(name, number, text) ZC_REASON_ROW(CODEC, name, text)
#define WIRE(name, number, text) ZC_REASON_ROW(WIRE, name, text)
#define ATTEST(name, number, text) ZC_REASON_ROW(ATTEST, name, text)
#define INTENT(name, number, text) ZC_REASON_ROW(INTENT, name, text)
#define PLATFORM(name, number, text) ZC_REASON_ROW(PLATFORM, name, text)
#define COMPOSE(name, number, text) ZC_REASON_ROW(COMPOSE, name, text)
#define POLICY(name, number, text) ZC_REASON_ROW(POLICY, name, text)
#define AUDIT(name, number, text) ZC_REASON_ROW(AUDIT, name, text)
#define KEYS(name, number, text) ZC_REASON_ROW(KEYS, name, text)
#define ENCLAVE(name, number, text) ZC_REASON_ROW(ENCLAVE, name, text)
#define RUNTIME(name, number, text) ZC_REASON_ROW(RUNTIME, name, text)
#define SUPPORT(name, number, text) ZC_REASON_ROW(SUPPORT, name, text)

static const zc_reason built_in[] = {
    ZC_BASE_REASONS(BASE) ZC_CRYPTO_REASONS(CRYPTO) ZC_CODEC_REASONS(CODEC) ZC_WIRE_REASONS(WIRE)
        ZC_ATTEST_REASONS(ATTEST) ZC_INTENT_REASONS(INTENT) ZC_PLATFORM_REASONS(PLATFORM)
            ZC_COMPOSE_REASONS(COMPOSE) ZC_POLICY_REASONS(POLICY) ZC_POLICY_RISK_REASONS(POLICY)
                ZC_AUDIT_REASONS(AUDIT) ZC_KEYS_REASONS(KEYS) ZC_ENCLAVE_REASONS(ENCLAVE)
                    ZC_RUNTIME_REASONS(RUNTIME) ZC_SUPPORT_REASONS(SUPPORT)};

static struct {
    const zc_reason *reasons;
    size_t count;
} lists[1 + ZC_REASON_LISTS] = {{built_in, sizeof built_in / sizeof *built_in}};

void zc_reason_register(const zc_reason *reasons, size_t count)
{
    for (size_t i = 0; i <= ZC_REASON_LISTS; i++) {
        if (lists[i].reasons == reasons) {
            return;
        }
        if (lists[i].reasons == NULL) {
            lists[i].reasons = reasons;
            lists[i].count = count;
            return;
        }
    }
}

static const zc_reason *find(uint16_t code)
{
    for (size_t i = 0; i <= ZC_REASON_LISTS; i++) {
        for (size_t j = 0; j < lists[i].count; j++) {
            if (lists[i].reasons[j].code == code) {
                return &lists[i].reasons[j];
            }
        }
    }
    return NULL;
}

const char *zc_reason_code_text(uint16_t code)
{
    static _Thread_local char unknown[80];
    if (code == 0) {
        return "it succeeded";
    }
    const zc_reason *reason = find(code);
    if (reason != NULL) {
        return reason->text;
    }
    (void)snprintf(unknown, sizeof unknown,
                   "reason %u of module %u, which this version does not know", code & 0xffU,
                   (unsigned)code >> 8);
    return unknown;
}

const char *zc_reason_code_name(uint16_t code)
{
    static _Thread_local char unknown[24];
    if (code == 0) {
        return "OK";
    }
    const zc_reason *reason = find(code);
    if (reason != NULL) {
        return reason->name;
    }
    (void)snprintf(unknown, sizeof unknown, "UNKNOWN_%04X", (unsigned)code);
    return unknown;
}

const char *zc_reason_text(zc_result result)
{
    return zc_reason_code_text(result.code);
}

const char *zc_reason_name(zc_result result)
{
    return zc_reason_code_name(result.code);
}
