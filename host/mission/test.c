#include "mission/test.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/hash.h"
#include "mission/page.h"
#include "mission/reasons.h"
#include "mission/test_request.h"
#include "mission/value.h"
#include "policy/policy.h"
#include "support/reason.h"

/* A Monday at noon. */
#define MISSING_TIME INT64_C(1767614400000)

typedef struct test_bench {
    const zc_test_run *run;
    zc_test_summary *summary;
    zc_policy_state state;
    zc_test_request request;
    uint64_t nonce;
} test_bench;

/* The last answer within a case. */
typedef struct test_answer {
    const char *name;
    const char *rule;
    uint16_t reason;
    zc_decision decision;
    bool decided;
} test_answer;

static const char *const case_keys[] = {"name",    "as",         "key",    "use",    "chain",
                                        "request", "at",         "after",  "expect", "rule",
                                        "reason",  "public-key", "halted", NULL};
static const char *const earlier_keys[] = {
    "as", "key", "use", "chain", "request", "at", "expect", "times", "public-key", "halted", NULL};

static bool read_principal(const zc_mission *mission, const zc_place *place, uint32_t *ret_index)
{
    for (uint32_t i = 0; i < mission->principal_count; i++) {
        if (zc_slice_eq_text(zc_place_text(place), mission->principals[i].name)) {
            *ret_index = i;
            return true;
        }
    }
    zc_place_error(place, "'%.*s' is not a principal of this mission",
                   ZC_TEXT(zc_place_text(place)));
    return false;
}

static bool read_public_key(const zc_place *place, zc_pubkey *ret_key)
{
    uint8_t bytes[33];
    size_t len;
    if (zc_ok(zc_hex_decode_some(zc_place_text(place), bytes, sizeof bytes, &len)) &&
        zc_ok(zc_pubkey_parse(len == 32 ? ZC_CURVE_ED25519 : ZC_CURVE_SECP256K1,
                              zc_slice_of(bytes, len), ret_key))) {
        return true;
    }
    zc_place_error(place, "a public key is 66 hexadecimal digits (secp256k1, 02… or 03…) or 64 "
                          "(Ed25519)");
    return false;
}

/* What the place says of who asks; the rest stays as it is. */
static bool read_asker(const zc_mission *mission, const zc_place *place, zc_test_asker *asker)
{
    zc_place part;
    bool good = true;
    if (zc_place_member(place, "as", &part)) {
        good = read_principal(mission, &part, &asker->principal);
    }
    if (zc_place_member(place, "key", &part)) {
        asker->key = zc_place_text(&part);
    }
    if (zc_place_member(place, "use", &part)) {
        asker->has_use = zc_use_of_name(zc_place_text(&part), &asker->use);
        if (!asker->has_use) {
            zc_place_error(&part, "a use is tx, message, typed-data, order or digest");
        }
    }
    if (zc_place_member(place, "chain", &part)) {
        asker->has_chain = zc_value_chain(&part, &asker->chain);
        good = good && asker->has_chain;
    }
    if (zc_place_member(place, "public-key", &part)) {
        asker->has_pubkey = read_public_key(&part, &asker->pubkey);
    }
    if (zc_place_member(place, "halted", &part)) {
        good = zc_value_bool(&part, &asker->halted) && good;
    }
    if (zc_place_member(place, "at", &part) && !zc_test_time(zc_place_text(&part), &asker->at_ms)) {
        zc_place_error(&part, "a time reads 2026-01-05T12:00:00Z, or with +01:00 for Z");
        good = false;
    }
    return good && place->document->report->errors == 0;
}

static void decide(test_bench *bench, const zc_test_asker *asker, test_answer *ret_answer)
{
    static const char *const outcomes[] = {"", "allow", "deny", "review"};
    const zc_mission *mission = bench->run->mission;
    uint8_t hash[32];
    zc_request_context context = {.principal = asker->principal,
                                  .key_name = asker->key,
                                  .use =
                                      (uint8_t)(asker->has_use ? asker->use : bench->request.use),
                                  .now_ms = asker->at_ms,
                                  .halted = asker->halted};
    *ret_answer = (test_answer){.name = "refused", .rule = "", .reason = bench->request.reason};
    if (bench->request.refused) {
        return;
    }
    zc_sha256(asker->key, hash);
    memcpy(context.key_id, hash, sizeof context.key_id);
    zc_result result = zc_policy_decide(&bench->state, mission, &context, &bench->request.intent,
                                        &ret_answer->decision);
    if (!zc_ok(result)) {
        ret_answer->reason = result.code;
        return;
    }
    const zc_decision *decision = &ret_answer->decision;
    ret_answer->decided = true;
    ret_answer->name = outcomes[decision->outcome];
    ret_answer->reason = decision->reason;
    if (decision->rule != ZC_POLICY_NONE) {
        ret_answer->rule = mission->rules[decision->rule].name;
        bench->summary->settled[decision->rule] = true;
    }
}

/* Reads the request of a place and asks for it `times` times. */
static bool ask(test_bench *bench, const zc_place *place, zc_test_asker *asker, uint64_t times,
                const char *wanted, test_answer *ret_answer)
{
    zc_place request;
    if (!zc_place_need(place, "request", "what is to be signed", &request)) {
        return false;
    }
    for (uint64_t i = 0; i < times; i++) {
        asker->nonce = bench->nonce++;
        if (!zc_test_request_read(bench->run->mission, asker, &request, &bench->request)) {
            return false;
        }
        decide(bench, asker, ret_answer);
        if (wanted != NULL && strcmp(ret_answer->name, wanted) != 0) {
            return true;
        }
    }
    return true;
}

static bool read_expected(const zc_place *place, const char *missing, const char **ret_expected)
{
    static const char *const known[] = {"allow", "deny", "review", "refused"};
    zc_place part;
    if (missing != NULL && !zc_place_member(place, "expect", &part)) {
        *ret_expected = missing;
        return true;
    }
    if (!zc_place_need(place, "expect", "allow, deny, review or refused", &part)) {
        return false;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (zc_slice_eq_text(zc_place_text(&part), known[i])) {
            *ret_expected = known[i];
            return true;
        }
    }
    zc_place_error(&part, "'%.*s' is no answer: allow, deny, review or refused",
                   ZC_TEXT(zc_place_text(&part)));
    return false;
}

/* What came before the case. False when it can't be read; `why` says where it went otherwise. */
static bool run_earlier(test_bench *bench, const zc_place *place, const zc_test_asker *asker,
                        char *why, size_t size)
{
    zc_place list;
    size_t count = zc_place_member(place, "after", &list) ? zc_place_items(&list) : 0;
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(&list, i);
        zc_test_asker by = *asker;
        zc_place times_at;
        uint64_t times = 1;
        const char *wanted;
        test_answer answer = {0};
        if (!zc_place_want_mapping(&item, "an earlier request")) {
            return false;
        }
        zc_place_only_keys(&item, earlier_keys);
        if (!read_asker(bench->run->mission, &item, &by) ||
            !read_expected(&item, "allow", &wanted) ||
            (zc_place_member(&item, "times", &times_at) &&
             !zc_value_number(&times_at, "times", 1, ZC_TEST_MAX_TIMES, &times)) ||
            !ask(bench, &item, &by, times, wanted, &answer)) {
            return false;
        }
        if (answer.name == NULL || answer.rule == NULL || strcmp(answer.name, wanted) != 0) {
            (void)snprintf(why, size, "earlier request %zu was %s%s%s: %s", i + 1,
                           answer.name != NULL ? answer.name : "not answered",
                           answer.rule != NULL && answer.rule[0] != 0 ? " by " : "",
                           answer.rule != NULL ? answer.rule : "",
                           answer.reason != 0 ? zc_reason_code_text(answer.reason) : "");
            return true;
        }
    }
    return true;
}

static void put_numbers(zc_page *page, const zc_mission *mission, const test_answer *answer)
{
    const zc_decision *decision = &answer->decision;
    char measured[ZC_U256_DECIMAL_SIZE];
    char limit[ZC_U256_DECIMAL_SIZE];
    bool none = zc_u256_is_zero(&decision->measured) && zc_u256_is_zero(&decision->limit);
    if (!answer->decided || none) {
        return;
    }
    if (decision->asset != ZC_POLICY_NONE) {
        zc_page_put_amount(page, &mission->assets[decision->asset], &decision->measured);
        zc_page_put(page, " against ");
        zc_page_put_amount(page, &mission->assets[decision->asset], &decision->limit);
        return;
    }
    if (decision->reason == ZC_POLICY_FLAGS) {
        const char *between = "risks not accepted: ";
        for (unsigned bit = 0; bit < 64; bit++) {
            if ((decision->measured.limb[0] >> bit & 1) != 0 && zc_flag_name(bit) != NULL) {
                zc_page_put(page, "%s%s", between, zc_flag_name(bit));
                between = ", ";
            }
        }
        return;
    }
    (void)zc_u256_to_decimal(&decision->measured, measured);
    (void)zc_u256_to_decimal(&decision->limit, limit);
    if (decision->reason == ZC_POLICY_CHAIN) {
        zc_page_put(page, "chain %s", measured);
        return;
    }
    zc_page_put(page, "%s against %s", measured, limit);
}

/* Reasons stand in files as "per-tx", "WINDOW" or "POLICY_WINDOW". */
static bool is_reason(zc_slice text, uint16_t code)
{
    const char *name = zc_reason_code_name(code);
    const char *behind = strncmp(name, "POLICY_", 7) == 0 ? name + 7 : name;
    for (int i = 0; i < 2; i++) {
        const char *full = i == 0 ? name : behind;
        bool same = strlen(full) == text.len;
        for (size_t at = 0; same && at < text.len; at++) {
            int c = text.data[at] == '-' ? '_' : toupper(text.data[at]);
            same = c == full[at];
        }
        if (same) {
            return true;
        }
    }
    return false;
}

static void judge(const zc_place *place, const char *expected, const test_answer *answer, char *why,
                  size_t size)
{
    zc_place part;
    if (strcmp(expected, answer->name) != 0) {
        (void)snprintf(why, size, "expected %s", expected);
    } else if (zc_place_member(place, "rule", &part) &&
               !zc_slice_eq_text(zc_place_text(&part), answer->rule)) {
        (void)snprintf(why, size, "expected the rule %.*s", ZC_TEXT(zc_place_text(&part)));
    } else if (zc_place_member(place, "reason", &part) &&
               !is_reason(zc_place_text(&part), answer->reason)) {
        (void)snprintf(why, size, "expected the reason %.*s", ZC_TEXT(zc_place_text(&part)));
    }
}

static void tell(test_bench *bench, const zc_place *place, const char *name,
                 const test_answer *answer, const char *why)
{
    zc_page page = {0};
    put_numbers(&page, bench->run->mission, answer);
    const zc_test_verdict verdict = {
        .name = name,
        .line = (uint32_t)place->node->start_mark.line + 1,
        .passed = *why == 0,
        .answer = answer->name,
        .rule = answer->rule,
        .reason = answer->reason,
        .numbers = page.failed || page.bytes.len == 0 ? "" : (const char *)page.bytes.data,
        .why = why};
    bench->summary->failed += verdict.passed ? 0 : 1;
    bench->run->visit(bench->run->self, &verdict);
    zc_bytes_clear(&page.bytes);
}

/* False when the case can't be read; the report says why. A rule that the mission lacks could never
 * settle anything: most likely a slip. */
static bool check_rule(const zc_mission *mission, const zc_place *place)
{
    zc_place part;
    if (!zc_place_member(place, "rule", &part)) {
        return true;
    }
    zc_slice text = zc_place_text(&part);
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (zc_slice_eq_text(text, mission->rules[i].name)) {
            return true;
        }
    }
    if (text.len == 0) {
        return true;
    }
    zc_place_error(&part, "'%.*s' is not a rule of this mission", ZC_TEXT(text));
    return false;
}

static bool run_case(test_bench *bench, const zc_place *place)
{
    zc_test_asker asker = {.at_ms = MISSING_TIME, .chain = 1};
    zc_place part;
    char name[ZC_MISSION_NAME_SIZE * 2];
    char why[320] = "";
    const char *expected;
    test_answer answer = {.name = "none", .rule = ""};
    if (!zc_place_want_mapping(place, "a case")) {
        return false;
    }
    zc_place_only_keys(place, case_keys);
    if (!zc_place_need(place, "name", "what the case shows", &part) ||
        !zc_value_title(&part, "a case's name", name, sizeof name) ||
        !zc_place_need(place, "as", "a principal", &part) ||
        !zc_place_need(place, "key", "the name of a key", &part) ||
        !read_asker(bench->run->mission, place, &asker) || !read_expected(place, NULL, &expected) ||
        !check_rule(bench->run->mission, place)) {
        return false;
    }
    zc_policy_init(&bench->state, bench->run->mission);
    bench->nonce = 0; /* each its own: none replaces another unless the file says so */
    if (!run_earlier(bench, place, &asker, why, sizeof why)) {
        return false;
    }
    if (why[0] == 0) {
        if (!ask(bench, place, &asker, 1, NULL, &answer)) {
            return false;
        }
        judge(place, expected, &answer, why, sizeof why);
    }
    tell(bench, place, name, &answer, why);
    return true;
}

zc_result zc_mission_test(const zc_test_run *run, zc_report *report, zc_test_summary *ret_summary)
{
    zc_document document = {0};
    memset(ret_summary, 0, sizeof *ret_summary);
    ZC_TRY(zc_document_load(&document, run->cases, report));
    test_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL) {
        zc_document_clear(&document);
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    zc_place root = zc_document_root(&document);
    bench->run = run;
    bench->summary = ret_summary;
    size_t count = zc_place_items(&root);
    for (size_t i = 0; i < count && report->errors == 0; i++) {
        zc_place place = zc_place_item(&root, i);
        ret_summary->cases++;
        if (!run_case(bench, &place)) {
            ret_summary->failed++;
            if (report->errors == 0) {
                zc_place_error(&place, "this case could not be read");
            }
        }
    }
    if (count == 0 && report->errors == 0) {
        zc_place_error(&root, "no cases: a list of requests and their answers is wanted");
    }
    zc_bytes_clear(&bench->request.bytes);
    free(bench);
    zc_document_clear(&document);
    return report->errors == 0 ? ZC_OK : zc_fail(ZC_MISSION_FAULTY);
}
