/* The engine behind a line of text each: missions, requests, feeds, approvals in, answers out.
 * policy_reference.py holds it to a model of the same semantics.
 *
 * Lines are words divided by spaces; a rule and a request are a name followed by key=value words.
 * Each `start`, `ask`, `say`, `approve`, `watch`, `revoke`, `blast` and `headroom` is answered by
 * one line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"
#include "engine.h"
#include "policy/breaker.h"
#include "policy/feed.h"
#include "policy/review.h"

static zc_policy_state state;
static const uint8_t deployment[32] = {7};
static const uint8_t mission_hash[32] = {8};
static uint64_t leaves;

void begin(void)
{
    zc_policy_init(&state, &mission);
    leaves = 0;
}

static void next_leaf(uint8_t ret_leaf[static 32])
{
    memset(ret_leaf, 0, 32);
    leaves++;
    memcpy(ret_leaf, &leaves, sizeof leaves);
}

/* An answer of REVIEW is held at once; its number is the leaf that approvals name. */
static uint64_t hold(const zc_decision *decision)
{
    uint8_t leaf[32];
    if (decision->outcome != ZC_OUTCOME_REVIEW) {
        return 0;
    }
    next_leaf(leaf);
    zc_result held = zc_policy_hold(&state, &mission, &context, &intent, leaf);
    return zc_ok(held) ? leaves : 0;
}

static void print_wide(const zc_u256 *value)
{
    char text[ZC_U256_DECIMAL_SIZE];
    (void)zc_u256_to_decimal(value, text);
    printf(" %s", text);
}

/* model:score:features, "-" for one that is missing */
static void print_scored(uint16_t model, const zc_scored *scored)
{
    if (scored == NULL) {
        return;
    }
    printf(" %d:%" PRId64 ":", model, scored->score);
    for (size_t i = 0; i < scored->features.count; i++) {
        int64_t value = scored->features.value[i];
        printf(i == 0 ? "" : ",");
        if (value == ZC_RISK_FEATURE_MISSING) {
            printf("-");
        } else {
            printf("%" PRId64, value);
        }
    }
}

static void on_ask(void)
{
    zc_decision d;
    read_request();
    zc_result result = zc_policy_decide(&state, &mission, &context, &intent, &d);
    if (!zc_ok(result)) {
        printf("error %d\n", (int)result.code);
        return;
    }
    uint64_t leaf = hold(&d);
    printf("%d %d %d %d %d %d", d.outcome, d.rule, d.reason & 255, d.limit_rule, d.asset, d.feed);
    print_wide(&d.measured);
    print_wide(&d.limit);
    printf(" %" PRId64 " %d", d.now_ms, d.leases);
    print_wide(&d.lease_left);
    printf(" %" PRIu64, leaf);
    for (uint16_t i = 0; i < mission.risk_model_count; i++) {
        print_scored(i, zc_policy_scored(&state, &d, i));
    }
    printf("\n");
}

static void put_item(zc_writer *writer, char *text)
{
    const char *kind = strsep(&text, ",");
    uint64_t fields = *kind == '1' ? 4 : *kind == '4' ? 3 : 2;
    check(zc_cbor_put_array(writer, fields));
    check(zc_cbor_put_uint(writer, number(kind)));
    zc_u256 value = ZC_U256_ZERO;
    if (*kind == '1') {
        check(zc_cbor_put_text(writer, zc_slice_of_text(strsep(&text, ","))));
        value = wide(strsep(&text, ","));
        check(zc_cbor_put_u256(writer, &value));
        check(zc_cbor_put_uint(writer, number(text)));
        return;
    }
    if (*kind == '3') {
        value = wide(text);
        check(zc_cbor_put_u256(writer, &value));
        return;
    }
    if (*kind == '4') {
        check(zc_cbor_put_bytes(writer, bytes_of(strsep(&text, ","))));
    }
    size_t count = number(strsep(&text, ","));
    check(zc_cbor_put_array(writer, count));
    for (size_t i = 0; i < count; i++) {
        check(zc_cbor_put_array(writer, 2));
        check(zc_cbor_put_text(writer, zc_slice_of_text(strsep(&text, ","))));
        value = wide(strsep(&text, ","));
        check(zc_cbor_put_u256(writer, &value));
    }
}

/* say FEED SEQUENCE TIME NOW item… */
static void on_say(void)
{
    static uint8_t message[ZC_FEED_MAX_BYTES];
    uint8_t signature[64];
    zc_writer writer = ZC_WRITER_OF_ARRAY(message);
    check(zc_cbor_put_map(&writer, 6));
    check(zc_cbor_put_uint(&writer, 1));
    check(zc_cbor_put_text(&writer, zc_slice_of_text("zcp-feed-v1")));
    check(zc_cbor_put_uint(&writer, 2));
    check(zc_cbor_put_text(&writer, zc_slice_of_text(words[1])));
    check(zc_cbor_put_uint(&writer, 3));
    check(zc_cbor_put_bytes(&writer, ZC_SLICE_OF_ARRAY(deployment)));
    check(zc_cbor_put_uint(&writer, 4));
    check(zc_cbor_put_uint(&writer, number(words[2])));
    check(zc_cbor_put_uint(&writer, 5));
    check(zc_cbor_put_uint(&writer, number(words[3])));
    check(zc_cbor_put_uint(&writer, 6));
    check(zc_cbor_put_array(&writer, word_count - 5));
    for (size_t i = 5; i < word_count; i++) {
        put_item(&writer, words[i]);
    }
    sign(words[1], zc_writer_written(&writer), signature);
    zc_result said = zc_policy_feed(&state, &mission, deployment, zc_writer_written(&writer),
                                    signature, (int64_t)number(words[4]));
    printf("%d\n", (int)said.code & 255);
}

/* approve PRINCIPAL NAME LEAF EXPIRES NOW */
static void on_approve(void)
{
    uint8_t message[ZC_APPROVAL_MAX];
    uint64_t leaf = number(words[3]);
    zc_writer writer = ZC_WRITER_OF_ARRAY(message);
    zc_approval approval = {.principal = (uint32_t)number(words[1]),
                            .expires_ms = (int64_t)number(words[4])};
    memcpy(approval.leaf, &leaf, sizeof leaf);
    check(zc_approval_write(deployment, approval.leaf, mission_hash, approval.expires_ms, &writer));
    sign(words[2], zc_writer_written(&writer), approval.signature);
    zc_result said = zc_policy_approve(&state, &mission, deployment, mission_hash, &approval,
                                       (int64_t)number(words[5]));
    printf("%d\n", (int)said.code & 255);
}

/* denied NOW */
static void on_denied(void)
{
    zc_policy_note_denial(&state, &mission, (int64_t)number(words[1]));
}

/* watch NOW UNACKED OFF: what trips, which is made so as the enclave does */
static void on_watch(void)
{
    const zc_watch watch = {.now_ms = (int64_t)number(words[1]),
                            .unacked = (uint32_t)number(words[2]),
                            .clock_off_ms = strtoll(words[3], NULL, 10)};
    uint16_t breaker = zc_policy_watch(&state, &mission, &watch);
    if (breaker != ZC_POLICY_NONE) {
        check(zc_policy_trip(&state, &mission, breaker));
    }
    printf("%d\n", breaker);
}

static void on_resume(void)
{
    zc_policy_reset(&state, &mission);
}

/* revoke principal|rule INDEX */
static void on_revoke(void)
{
    bool principal = strcmp(words[1], "principal") == 0;
    uint64_t index = number(words[2]);
    zc_result done = principal ? zc_policy_revoke_principal(&state, &mission, (uint32_t)index)
                               : zc_policy_revoke_rule(&state, &mission, (uint16_t)index);
    printf("%d\n", (int)done.code & 255);
}

/* blast ASSET */
static void on_blast(void)
{
    zc_u256 amount = ZC_U256_ZERO;
    int64_t until = 0;
    zc_policy_blast(&state, &mission, (uint16_t)number(words[1]), &amount, &until);
    printf("blast");
    print_wide(&amount);
    printf(" %" PRId64 "\n", until);
}

/* headroom RULE */
static void on_headroom(void)
{
    zc_u256 left = ZC_U256_ZERO;
    zc_u256 leased = ZC_U256_ZERO;
    zc_result told =
        zc_policy_headroom(&state, &mission, (uint16_t)number(words[1]), &left, &leased);
    printf("headroom");
    if (zc_ok(told)) {
        print_wide(&left);
        print_wide(&leased);
    }
    printf("\n");
}

static void on_restart(void)
{
    zc_policy_restart(&state, &mission);
}

static void on_mode(void)
{
    state.mode = (zc_mode)number(words[1]);
}

static const struct {
    const char *name;
    void (*run)(void);
} commands[] = {{"ask", on_ask},         {"say", on_say},     {"approve", on_approve},
                {"denied", on_denied},   {"watch", on_watch}, {"resume", on_resume},
                {"revoke", on_revoke},   {"blast", on_blast}, {"headroom", on_headroom},
                {"restart", on_restart}, {"mode", on_mode}};

static void run_line(void)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(words[0], commands[i].name) == 0) {
            commands[i].run();
            return;
        }
    }
    if (!run_world_line()) {
        fail("no such command");
    }
}

int main(void)
{
    while (fgets(line, sizeof line, stdin) != NULL) {
        split_words();
        if (word_count > 0) {
            run_line();
        }
    }
    return 0;
}
