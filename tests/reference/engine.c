/* The engine behind a line of text each: missions, requests, feeds, approvals in, answers out.
 * policy_model.py drives it beside its own model of the same semantics.
 *
 * Lines are words divided by spaces; a rule and a request are a name followed by key=value words.
 * Every `start`, `ask`, `say`, `approve` and `headroom` is answered by one line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/signer.h"
#include "policy/breaker.h"
#include "policy/build.h"
#include "policy/feed.h"
#include "policy/policy.h"
#include "policy/review.h"

static zc_mission draft;
static zc_mission mission;
static zc_policy_state state;
static zc_intent intent;
static zc_request_context context;
static char key_name[64];
static uint8_t compiled[ZC_MISSION_MAX_BYTES];
static const uint8_t deployment[32] = {7};
static const uint8_t mission_hash[32] = {8};
static uint64_t leaves;

static char line[1 << 16];
static char *words[4096];
static size_t word_count;

static void fail(const char *what)
{
    fprintf(stderr, "engine: %s in: %s\n", what, word_count > 0 ? words[0] : "");
    exit(2);
}

static void check(zc_result result)
{
    if (!zc_ok(result)) {
        fail("refused");
    }
}

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 0);
}

static zc_u256 wide(const char *text)
{
    zc_u256 value = ZC_U256_ZERO;
    check(zc_u256_from_decimal(zc_slice_of_text(text), &value));
    return value;
}

static zc_slice bytes_of(const char *text)
{
    static uint8_t bytes[8][128];
    static size_t turn;
    uint8_t *to = bytes[turn++ % 8];
    size_t len = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
    for (size_t i = 0; i < len; i++) {
        const char pair[3] = {text[2 * i], text[2 * i + 1], 0};
        to[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return zc_slice_of(to, len);
}

static void copy(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text);
}

static zc_signer signer_of(const char *name)
{
    zc_signer signer;
    zc_secret32 secret;
    zc_sha256(zc_slice_of_text(name), secret.byte);
    check(zc_signer_init(&signer, ZC_CURVE_ED25519, &secret));
    return signer;
}

static void public_of(const char *name, uint8_t ret_key[static 32])
{
    zc_signer signer = signer_of(name);
    memcpy(ret_key, signer.pubkey.byte, 32);
}

static void sign(const char *name, zc_slice message, uint8_t ret_signature[static 64])
{
    zc_signer signer = signer_of(name);
    zc_signature signature;
    check(zc_sign_message_ed25519(&signer, message, &signature));
    memcpy(ret_signature, signature.byte, 64);
}

/* The value of a key=value word, or NULL. */
static const char *value_of(const char *key)
{
    size_t len = strlen(key);
    for (size_t i = 0; i < word_count; i++) {
        if (strncmp(words[i], key, len) == 0 && words[i][len] == '=') {
            return words[i] + len + 1;
        }
    }
    return NULL;
}

static uint64_t number_of(const char *key)
{
    const char *text = value_of(key);
    return text == NULL ? 0 : number(text);
}

/* Calls `each` for every item of a comma-separated value; "" is a list without items. */
static bool each_of(const char *key, void (*each)(zc_rule *, char *), zc_rule *rule)
{
    const char *text = value_of(key);
    char items[8192];
    char *rest = items;
    if (text == NULL) {
        return false;
    }
    copy(items, sizeof items, text);
    for (char *item = strsep(&rest, ","); item != NULL; item = strsep(&rest, ",")) {
        if (*item != 0) {
            each(rule, item);
        }
    }
    return true;
}

static void add_key(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_KEYS, zc_slice_of_text(item)));
}

static void add_chain(zc_rule *rule, char *item)
{
    check(zc_scope_list_chain(&draft, &rule->scope, number(item)));
}

static void add_contract(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_CONTRACTS, bytes_of(item)));
}

static void add_method(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_METHODS, bytes_of(item)));
}

static void add_to(zc_rule *rule, char *item)
{
    check(zc_scope_list_bytes(&draft, &rule->scope, ZC_LIST_COUNTERPARTIES, bytes_of(item)));
}

static void begin_pool(zc_list *list, size_t used)
{
    if (list->count++ == 0) {
        list->listed = true;
        list->first = (uint16_t)used;
    }
}

static void add_hours(zc_rule *rule, char *item)
{
    begin_pool(&rule->hours, draft.hours_count);
    draft.hours[draft.hours_count++] =
        (zc_hours){.days = (uint8_t)number(strsep(&item, ":")),
                   .from_minute = (uint16_t)number(strsep(&item, ":")),
                   .to_minute = (uint16_t)number(item)};
}

static void add_date(zc_rule *rule, char *item)
{
    begin_pool(&rule->dates, draft.date_count);
    draft.dates[draft.date_count++] = (uint32_t)number(item);
}

/* label:index:test:number:hex+hex */
static void add_condition(zc_rule *rule, char *item)
{
    begin_pool(&rule->conditions, draft.condition_count);
    zc_condition *condition = &draft.conditions[draft.condition_count++];
    copy(condition->label, sizeof condition->label, strsep(&item, ":"));
    condition->index = (uint16_t)number(strsep(&item, ":"));
    condition->test = (zc_test)number(strsep(&item, ":"));
    condition->number = wide(strsep(&item, ":"));
    condition->bytes.listed = condition->test == ZC_TEST_IN || condition->test == ZC_TEST_NOT_IN;
    for (char *one = strsep(&item, "+"); one != NULL; one = strsep(&item, "+")) {
        if (*one != 0) {
            check(zc_address_list_add(&draft, &condition->bytes, bytes_of(one)));
        }
    }
}

static void read_scope(zc_rule *rule)
{
    zc_scope *scope = &rule->scope;
    *scope = zc_scope_any((uint32_t)number_of("uses"));
    scope->principals_listed = value_of("principals") != NULL;
    scope->principals = number_of("principals");
    scope->operations_listed = value_of("operations") != NULL;
    scope->operations = number_of("operations");
    scope->assets_listed = value_of("assets") != NULL;
    scope->assets[0] = number_of("assets");
    scope->markets_listed = value_of("markets") != NULL;
    scope->markets[0] = number_of("markets");
    scope->accepted_flags = number_of("flags");
    scope->keys.listed = each_of("keys", add_key, rule);
    scope->chains.listed = each_of("chains", add_chain, rule);
    scope->contracts.listed = each_of("contracts", add_contract, rule);
    scope->methods.listed = each_of("methods", add_method, rule);
    scope->counterparties.listed = each_of("to", add_to, rule);
}

static void read_panel(zc_rule *rule)
{
    unsigned needed = 0;
    unsigned organisations = 0;
    unsigned valid = 0;
    unsigned range = 0;
    unsigned long long principals = 0;
    const char *text = value_of("panel");
    rule->has_panel = text != NULL;
    if (rule->has_panel && sscanf(text, "%u:%u:%u:%u:%llu", &needed, &organisations, &valid, &range,
                                  &principals) == 5) {
        rule->panel = (zc_panel){needed, organisations, valid, range, principals};
    }
}

static void on_rule(void)
{
    zc_rule *rule = &draft.rules[draft.rule_count++];
    copy(rule->name, sizeof rule->name, words[1]);
    rule->kind = (zc_rule_kind)number(words[2]);
    read_scope(rule);
    rule->measure = (zc_measure_kind)number_of("measure");
    rule->has_asset = value_of("asset") != NULL;
    rule->asset = (uint16_t)number_of("asset");
    rule->has_amount = value_of("amount") != NULL;
    rule->amount = rule->has_amount ? wide(value_of("amount")) : ZC_U256_ZERO;
    rule->count = (uint32_t)number_of("count");
    rule->window_s = (uint32_t)number_of("window");
    rule->period = (zc_period)number_of("period");
    rule->per = (zc_per)number_of("per");
    rule->has_zone = value_of("zone") != NULL;
    rule->zone = (uint16_t)number_of("zone");
    rule->has_feed = value_of("feed") != NULL;
    rule->feed = (uint16_t)number_of("feed");
    rule->has_lease = value_of("lease") != NULL;
    rule->lease = rule->has_lease ? wide(value_of("lease")) : ZC_U256_ZERO;
    rule->lease_s = (uint32_t)number_of("lease_s");
    rule->has_release = value_of("release") != NULL;
    rule->release = rule->has_release ? wide(value_of("release")) : ZC_U256_ZERO;
    (void)each_of("hours", add_hours, rule);
    (void)each_of("dates", add_date, rule);
    (void)each_of("if", add_condition, rule);
    read_panel(rule);
}

static void on_principal(void)
{
    zc_principal *principal = &draft.principals[draft.principal_count++];
    copy(principal->name, sizeof principal->name, words[1]);
    copy(principal->organisation, sizeof principal->organisation, words[2]);
    principal->roles = (uint32_t)number(words[3]);
    public_of(words[1], principal->pubkey);
}

static void on_asset(void)
{
    zc_asset *asset = &draft.assets[draft.asset_count++];
    uint64_t chain = number(words[2]);
    copy(asset->name, sizeof asset->name, words[1]);
    asset->id = strcmp(words[3], "-") == 0 ? zc_asset_id_native(chain)
                                           : zc_asset_id_token(chain, bytes_of(words[3]));
    asset->decimals = (uint8_t)number(words[4]);
}

static void on_feed(void)
{
    zc_feed *feed = &draft.feeds[draft.feed_count++];
    copy(feed->name, sizeof feed->name, words[1]);
    public_of(words[1], feed->pubkey);
    feed->says = (uint32_t)number(words[2]);
    feed->oldest_s = (uint32_t)number(words[3]);
}

static void on_market(void)
{
    zc_market *market = &draft.markets[draft.market_count++];
    copy(market->name, sizeof market->name, words[1]);
    market->chain_id = number(words[2]);
    copy(market->symbol, sizeof market->symbol, words[3]);
    market->asset = (uint16_t)number(words[4]);
    market->multiplier = wide(words[5]);
    market->scale = (uint8_t)number(words[6]);
    market->has_base = strcmp(words[7], "-") != 0;
    market->base = market->has_base ? (uint16_t)number(words[7]) : 0;
}

static void on_price(void)
{
    zc_price *price = &draft.prices[draft.price_count++];
    price->asset = (uint16_t)number(words[1]);
    price->has_feed = strcmp(words[2], "-") != 0;
    price->feed = price->has_feed ? (uint16_t)number(words[2]) : 0;
    price->haircut_bps = (uint32_t)number(words[3]);
    price->has_fixed = strcmp(words[4], "-") != 0;
    price->fixed = price->has_fixed ? wide(words[4]) : ZC_U256_ZERO;
}

static void on_zone(void)
{
    zc_zone *zone = &draft.zones[draft.zone_count++];
    copy(zone->name, sizeof zone->name, words[1]);
    zone->offset_s = (int32_t)strtol(words[2], NULL, 10);
    zone->first = (uint16_t)draft.transition_count;
    for (size_t i = 3; i + 1 < word_count; i += 2) {
        draft.transitions[draft.transition_count++] = (zc_transition){
            .at_s = (int64_t)number(words[i]), .offset_s = (int32_t)strtol(words[i + 1], NULL, 10)};
        zone->count++;
    }
}

static void on_reset(void)
{
    memset(&draft, 0, sizeof draft);
    copy(draft.name, sizeof draft.name, "model");
    draft.founders_needed = 1;
    draft.resume_needed = 1;
    draft.denial_quota = 60;
}

static void on_reference(void)
{
    draft.has_reference = true;
    copy(draft.reference, sizeof draft.reference, words[1]);
    draft.reference_decimals = (uint8_t)number(words[2]);
}

static void on_start(void)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    check(zc_mission_write(&draft, &writer));
    zc_result parsed = zc_mission_parse(zc_writer_written(&writer), &mission);
    printf("start %d\n", (int)parsed.code);
    zc_policy_init(&state, &mission);
}

static zc_decimal decimal_of(const char *text)
{
    zc_decimal decimal = {0};
    unsigned long long units = 0;
    unsigned scale = 0;
    if (text != NULL && sscanf(text, "%llu:%u", &units, &scale) == 2) {
        decimal.present = true;
        decimal.units = zc_u256_of(units);
        decimal.scale = (uint8_t)scale;
    }
    return decimal;
}

static void read_order(void)
{
    zc_order *order = &intent.order;
    intent.has_order = true;
    order->venue = (zc_venue)(intent.chain_id & 0xff);
    order->action = (uint8_t)intent.operation;
    order->side = (zc_order_side)number_of("side");
    order->type = (zc_order_type)number_of("type");
    order->reduce_only = number_of("reduce") != 0;
    copy(order->market, sizeof order->market, value_of("market"));
    order->price = decimal_of(value_of("price"));
    order->quantity = decimal_of(value_of("quantity"));
    order->quote_quantity = decimal_of(value_of("quote"));
}

static zc_address address_of(const char *text)
{
    return zc_address_of(bytes_of(text));
}

/* kind,asset,from,to,amount */
static void read_movement(char *text)
{
    zc_movement movement = {.call = ZC_CALL_NONE};
    movement.kind = (zc_movement_kind)number(strsep(&text, ","));
    const char *asset = strsep(&text, ",");
    movement.asset = strcmp(asset, "-") == 0 ? zc_asset_id_native(intent.chain_id)
                                             : zc_asset_id_token(intent.chain_id, bytes_of(asset));
    movement.from = address_of(strsep(&text, ","));
    movement.to = address_of(strsep(&text, ","));
    movement.amount = wide(text);
    check(zc_intent_add_movement(&intent, &movement));
}

/* target,method */
static void read_call(char *text)
{
    zc_call *call = NULL;
    zc_address target = address_of(strsep(&text, ","));
    check(zc_intent_add_call(&intent, &target, ZC_CALL_NONE, &call));
    zc_slice method = bytes_of(text);
    call->method_len = (uint8_t)method.len;
    if (method.len > 0) {
        memcpy(call->method, method.data, method.len);
    }
}

/* kind,label,number,hex */
static void read_argument(char *text)
{
    zc_argument *argument = NULL;
    zc_argument_kind kind = (zc_argument_kind)number(strsep(&text, ","));
    const char *label = strsep(&text, ",");
    check(zc_intent_add_argument(&intent, ZC_CALL_NONE, kind, label, &argument));
    argument->number = wide(strsep(&text, ","));
    zc_slice bytes = bytes_of(text);
    argument->len = (uint8_t)bytes.len;
    if (bytes.len > 0) {
        memcpy(argument->byte, bytes.data, bytes.len);
    }
}

static void read_intent(void)
{
    zc_intent_reset(&intent);
    intent.family = (zc_family)number_of("family");
    intent.operation = (zc_operation)number_of("op");
    intent.flags = number_of("flags");
    intent.account = address_of(value_of("account"));
    intent.has_chain_id = value_of("chain") != NULL;
    intent.chain_id = number_of("chain");
    intent.nonce = number_of("nonce");
    intent.gas_limit = zc_u256_of(number_of("gas"));
    intent.gas_price = zc_u256_of(number_of("gasprice"));
    intent.to = address_of(value_of("target"));
    zc_slice digest = bytes_of(value_of("digest"));
    memcpy(intent.digest, digest.data, digest.len);
    for (size_t i = 0; i < word_count; i++) {
        if (strncmp(words[i], "m=", 2) == 0) {
            read_movement(words[i] + 2);
        } else if (strncmp(words[i], "c=", 2) == 0) {
            read_call(words[i] + 2);
        } else if (strncmp(words[i], "a=", 2) == 0) {
            read_argument(words[i] + 2);
        }
    }
    if (value_of("market") != NULL) {
        read_order();
    }
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

static void on_ask(void)
{
    zc_decision d;
    zc_slice key_id = bytes_of(value_of("keyid"));
    copy(key_name, sizeof key_name, value_of("key"));
    context = (zc_request_context){.principal = (uint32_t)number_of("principal"),
                                   .key_name = zc_slice_of_text(key_name),
                                   .use = (uint8_t)number_of("use"),
                                   .now_ms = (int64_t)number_of("now"),
                                   .halted = number_of("halted") != 0};
    memcpy(context.key_id, key_id.data, key_id.len);
    read_intent();
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
    printf(" %" PRIu64 "\n", leaf);
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

static void split_words(void)
{
    word_count = 0;
    for (char *word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) {
        words[word_count++] = word;
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} commands[] = {{"reset", on_reset},    {"principal", on_principal},
                {"asset", on_asset},    {"feed", on_feed},
                {"market", on_market},  {"price", on_price},
                {"zone", on_zone},      {"reference", on_reference},
                {"rule", on_rule},      {"start", on_start},
                {"ask", on_ask},        {"say", on_say},
                {"approve", on_approve}};

static void run_line(void)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(words[0], commands[i].name) == 0) {
            commands[i].run();
            return;
        }
    }
    if (strcmp(words[0], "passes") == 0) {
        draft.halt_passes = (uint8_t)number(words[1]);
    } else if (strcmp(words[0], "mode") == 0) {
        state.mode = (zc_mode)number(words[1]);
    } else if (strcmp(words[0], "restart") == 0) {
        zc_policy_restart(&state, &mission);
    } else {
        fail("no such command");
    }
}

int main(void)
{
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin) != NULL) {
        split_words();
        if (word_count > 0) {
            run_line();
        }
    }
    return 0;
}
