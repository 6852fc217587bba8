/* A mission without a fault, and one change to it: what must be reported, to the letter. */
#ifndef ZC_TEST_MISSION_BROKEN_H
#define ZC_TEST_MISSION_BROKEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mission/compile.h"
#include "mission/reasons.h"

typedef struct broken_case {
    const char *name;
    const char *find;     /* in the base, once; NULL: the whole file is `put` */
    const char *put;      /* instead */
    const char *expected; /* the report */
} broken_case;

static const char base_mission[] =
    "mission: desk\n"
    "version: 1\n"
    "principals:\n"
    "  risk:\n"
    "    organisation: Example Trading\n"
    "    key: \"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c\"\n"
    "    roles: [founder, key-admin, approver]\n"
    "  trader:\n"
    "    organisation: Example Trading\n"
    "    key: \"8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394\"\n"
    "    roles: signer\n"
    "quorum:\n"
    "  founders: 1\n"
    "  resume: 1\n"
    "assets:\n"
    "  ETH: {chain: ethereum, native: true, decimals: 18}\n"
    "  USDC: {chain: ethereum, contract: \"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48\", decimals: "
    "6}\n"
    "contracts:\n"
    "  router: {chain: ethereum, address: \"0xE592427A0AEce92De3Edee1F18E0157C05861564\"}\n"
    "recipients:\n"
    "  treasury: {chain: ethereum, address: \"0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"}\n"
    "rules:\n"
    "  pay:\n"
    "    allow: token-transfer\n"
    "    who: trader\n"
    "    keys: hot-*\n"
    "    chains: ethereum\n"
    "    assets: USDC\n"
    "    to: [treasury]\n"
    "    limits:\n"
    "      - 5,000 USDC per transaction\n"
    "      - 20,000 USDC per 1h\n"
    "      - 30 signatures per 1m\n"
    "  swap:\n"
    "    allow: contract-call\n"
    "    who: trader\n"
    "    keys: hot-*\n"
    "    chains: ethereum\n"
    "    assets: any\n"
    "    to: any\n"
    "    contracts: router\n"
    "    methods: "
    "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))\n"
    "    accept-risks: unknown-calldata\n"
    "audit:\n"
    "  denials-per-minute: 60\n";

static inline char *change(const char *find, const char *put)
{
    size_t size = sizeof base_mission + strlen(put);
    char *text = calloc(1, size);
    assert_non_null(text);
    if (find == NULL) {
        memcpy(text, put, strlen(put));
        return text;
    }
    const char *at = strstr(base_mission, find);
    assert_non_null(at);
    (void)snprintf(text, size, "%.*s%s%s", (int)(at - base_mission), base_mission, put,
                   at + strlen(find));
    return text;
}

static inline void run_broken_case(void **state)
{
    const broken_case *broken = *state;
    char *text = change(broken->find, broken->put);
    static zc_report report;
    zc_report_init(&report, "desk.yaml");
    zc_mission_source source = {.file = "desk.yaml", .text = zc_slice_of_text(text)};
    zc_bytes compiled = {0};
    zc_result result = zc_mission_compile(&source, &compiled, &report);
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    assert_non_null(out);
    zc_report_print(out, &report);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(printed, broken->expected);
    assert_int_equal(zc_ok(result), report.errors == 0);
    assert_int_equal(compiled.len > 0, report.errors == 0);
    free(printed);
    free(text);
    zc_bytes_clear(&compiled);
}

static inline int run_broken_cases(broken_case *cases, size_t count)
{
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    if (tests == NULL) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){cases[i].name, run_broken_case, NULL, NULL, &cases[i]};
    }
    int failed = _cmocka_run_group_tests("broken missions", tests, count, NULL, NULL);
    free(tests);
    return failed;
}

#endif
