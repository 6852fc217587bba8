/* Whom and what a rule covers. What widens must be said: a rule that allows names every dimension,
 * be it with the word 'any'. What narrows may be left out. */
#include <stdio.h>
#include <string.h>

#include "mission/build.h"
#include "mission/value.h"

#define ZC_OPERATION_WORD(name, number, text, title) text,
static const char *const operation_words[] = {ZC_OPERATIONS(ZC_OPERATION_WORD) "anything", NULL};
#define ZC_USE_WORD(name, number, text) text,
static const char *const use_words[] = {ZC_USES(ZC_USE_WORD) NULL};
#define ZC_FLAG_WORD(name, bit, text, plain) text,
static const char *const flag_words[] = {ZC_FLAGS(ZC_FLAG_WORD) "all", NULL};

#define BIT(operation) (UINT64_C(1) << ((unsigned)ZC_OPERATION_##operation - 1))
#define OFF_CHAIN (BIT(MESSAGE) | BIT(DIGEST))
#define TYPED (BIT(TYPED_DATA) | BIT(PERMIT))
#define BY_TYPED_DATA (BIT(CONTROL) | BIT(SWAP) | BIT(BATCH))
#define AT_VENUES                                                                                  \
    (BIT(ORDER_PLACE) | BIT(ORDER_AMEND) | BIT(ORDER_CANCEL) | BIT(ORDER_CANCEL_ALL) |             \
     BIT(VENUE_READ) | BIT(VENUE_WITHDRAW) | BIT(VENUE_TRANSFER) | BIT(VENUE_ADMIN))

typedef struct scope_reading {
    zc_build *build;
    zc_scope *scope;
    zc_rule_kind kind;
} scope_reading;

/* Reads one item of a list into the scope; reports what is wrong with it. */
typedef void (*read_item)(scope_reading *reading, const zc_place *item);

static void unknown_word(const zc_place *item, const char *what, const zc_words *words)
{
    zc_slice text = zc_place_text(item);
    char advice[240];
    zc_words_advise(words, text, "there are", advice, sizeof advice);
    zc_place_error(item, "'%.*s' is not %s%s", ZC_TEXT(text), what, advice);
}

static void keep(const zc_place *item, zc_result result)
{
    if (zc_is(result, ZC_POLICY_MISSION_LISTS_FULL)) {
        zc_place_error(item, "the lists of all rules together have too many items");
    } else if (!zc_ok(result)) {
        zc_place_error(item, "this does not fit into the rule's list");
    }
}

static void read_principal(scope_reading *reading, const zc_place *item)
{
    zc_words words = zc_build_principal_words(reading->build);
    int index = zc_build_find(&words, zc_place_text(item));
    if (index < 0) {
        unknown_word(item, "a principal of this mission", &words);
        return;
    }
    keep(item, zc_scope_list_principal(reading->scope, (size_t)index));
}

static void read_key(scope_reading *reading, const zc_place *item)
{
    zc_slice text = zc_place_text(item);
    zc_result result =
        zc_scope_list_bytes(&reading->build->mission, reading->scope, ZC_LIST_KEYS, text);
    if (zc_is(result, ZC_POLICY_MISSION_KEY_PATTERN)) {
        zc_place_error(item,
                       "'%.*s' is not a key's name, nor the beginning of one with a '*' after it",
                       ZC_TEXT(text));
        return;
    }
    keep(item, result);
}

static void read_chain(scope_reading *reading, const zc_place *item)
{
    uint64_t chain_id;
    if (zc_value_chain(item, &chain_id)) {
        keep(item, zc_scope_list_chain(&reading->build->mission, reading->scope, chain_id));
    }
}

static bool on_chain(const scope_reading *reading, uint64_t chain_id)
{
    const zc_list *chains = &reading->scope->chains;
    for (size_t i = 0; i < chains->count; i++) {
        if (reading->build->mission.chains[chains->first + i] == chain_id) {
            return true;
        }
    }
    return !chains->listed;
}

static void read_asset(scope_reading *reading, const zc_place *item)
{
    zc_words words = zc_build_asset_words(reading->build);
    int index = zc_build_find(&words, zc_place_text(item));
    if (index < 0) {
        unknown_word(item, "an asset of this mission", &words);
        return;
    }
    const zc_asset *asset = &reading->build->mission.assets[index];
    if (!on_chain(reading, asset->id.chain_id)) {
        zc_place_warn(item,
                      "%s is on chain %llu, which is not among this rule's chains: here it "
                      "matches nothing",
                      asset->name, (unsigned long long)asset->id.chain_id);
    }
    keep(item, zc_scope_list_asset(reading->scope, (size_t)index));
}

/* A name stands for an address on its own chain. Elsewhere the same address may be somebody else's.
 */
static void check_chain_of_name(const scope_reading *reading, const zc_place *item,
                                const zc_contract *contract)
{
    if (reading->kind != ZC_RULE_ALLOW) {
        return;
    }
    if (!reading->scope->chains.listed) {
        zc_place_warn(item,
                      "%s is an address on chain %llu, and this rule holds on any chain, where "
                      "the address may be somebody else's",
                      contract->name, (unsigned long long)contract->chain_id);
        return;
    }
    bool only = reading->scope->chains.count == 1 && on_chain(reading, contract->chain_id);
    if (!on_chain(reading, contract->chain_id)) {
        zc_place_error(item,
                       "%s is an address on chain %llu, which is not among this rule's chains",
                       contract->name, (unsigned long long)contract->chain_id);
    } else if (!only) {
        zc_place_warn(item,
                      "%s is an address on chain %llu, and this rule holds on other chains too",
                      contract->name, (unsigned long long)contract->chain_id);
    }
}

/* The chain whose form an address that begins with 0x is in: the rule's first, if it is one. */
static uint64_t chain_of_literals(const scope_reading *reading)
{
    const zc_list *chains = &reading->scope->chains;
    uint64_t first = chains->count > 0 ? reading->build->mission.chains[chains->first] : 1;
    return zc_chain_family(first) == ZC_FAMILY_BITCOIN ? first : 1;
}

/* An address in the form of a chain that the rule lists; the first that takes it. */
static bool address_of_listed_chain(const scope_reading *reading, zc_slice text,
                                    zc_address *ret_address)
{
    const zc_list *chains = &reading->scope->chains;
    for (size_t i = 0; i < chains->count; i++) {
        uint64_t chain = reading->build->mission.chains[chains->first + i];
        if (zc_ok(zc_address_read(chain, text, ret_address))) {
            return true;
        }
    }
    return false;
}

static void read_address(scope_reading *reading, const zc_place *item, zc_list_kind list)
{
    zc_slice text = zc_place_text(item);
    zc_address address;
    zc_words words = zc_build_contract_words(reading->build);
    int index = zc_build_find(&words, text);
    if (index >= 0) {
        const zc_contract *contract = &reading->build->mission.contracts[index];
        if (contract->address.len == 0) {
            return; /* its own place has the error */
        }
        check_chain_of_name(reading, item, contract);
        address = contract->address;
    } else if (text.len > 1 && text.data[0] == '0' && text.data[1] == 'x') {
        if (!zc_value_address(item, chain_of_literals(reading), &address)) {
            return;
        }
    } else if (!address_of_listed_chain(reading, text, &address)) {
        unknown_word(item, "a contract or recipient of this mission, nor an address", &words);
        return;
    }
    keep(item, zc_scope_list_bytes(&reading->build->mission, reading->scope, list,
                                   zc_address_slice(&address)));
}

static void read_contract(scope_reading *reading, const zc_place *item)
{
    read_address(reading, item, ZC_LIST_CONTRACTS);
}

static void read_counterparty(scope_reading *reading, const zc_place *item)
{
    read_address(reading, item, ZC_LIST_COUNTERPARTIES);
}

static void read_method(scope_reading *reading, const zc_place *item)
{
    zc_method method;
    if (zc_value_method(item, &method)) {
        keep(item, zc_scope_list_bytes(&reading->build->mission, reading->scope, ZC_LIST_METHODS,
                                       zc_slice_of(method.byte, method.len)));
    }
}

static void read_market(scope_reading *reading, const zc_place *item)
{
    zc_words words = zc_build_market_words(reading->build);
    uint16_t index = 0;
    if (zc_build_pick(item, zc_place_text(item), &words, "a market of this mission", &index)) {
        keep(item, zc_scope_list_market(reading->scope, index));
    }
}

/* A dimension of a scope. */
typedef struct scope_dimension {
    const char *key;
    read_item read;
    int list;             /* zc_list_kind, or -1 for bits */
    uint64_t needed_with; /* operations with which an 'allow' must say it */
    const char *need;
} scope_dimension;

#define PRINCIPALS (-1)
#define ASSETS (-2)
#define MARKETS (-3)

static const scope_dimension dimensions[] = {
    {"who", read_principal, PRINCIPALS, UINT64_MAX, "which principals, or 'any'"},
    {"keys", read_key, ZC_LIST_KEYS, UINT64_MAX,
     "which keys (names, or beginnings such as hot-*), or 'any'"},
    {"chains", read_chain, ZC_LIST_CHAINS, ~OFF_CHAIN, "which chains, or 'any'"},
    {"assets", read_asset, ASSETS, ~(OFF_CHAIN | AT_VENUES), "which assets may move, or 'any'"},
    {"contracts", read_contract, ZC_LIST_CONTRACTS, BIT(CONTRACT_CALL),
     "which contracts may be called, or 'any'"},
    {"to", read_counterparty, ZC_LIST_COUNTERPARTIES,
     ~(OFF_CHAIN | AT_VENUES) | BIT(VENUE_WITHDRAW),
     "who may receive or spend (names or addresses), or 'any'"},
    {"methods", read_method, ZC_LIST_METHODS, BIT(CONTRACT_CALL),
     "which methods may be called, or 'any'"},
    {"markets", read_market, MARKETS, 0, "which markets"},
};

static void list_none(zc_scope *scope, int list)
{
    if (list == PRINCIPALS) {
        scope->principals_listed = true;
    } else if (list == ASSETS) {
        scope->assets_listed = true;
    } else if (list == MARKETS) {
        scope->markets_listed = true;
    } else {
        zc_scope_list_none(scope, (zc_list_kind)list);
    }
}

static void read_list(scope_reading *reading, const scope_dimension *dimension,
                      const zc_place *place)
{
    if (zc_slice_eq_text(zc_place_text(place), "any")) {
        return;
    }
    list_none(reading->scope, dimension->list);
    size_t count = zc_place_items(place);
    if (zc_place_is_empty_list(place)) {
        zc_place_warn(place,
                      "an empty list: this rule matches nothing; write 'any' if you mean any");
    }
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(place, i);
        if (zc_slice_eq_text(zc_place_text(&item), "any")) {
            zc_place_error(&item, "'any' stands alone, not in a list");
        } else {
            dimension->read(reading, &item);
        }
    }
}

/* Reads words into bits: bit i is word i. `every` is what the last word of the list, if it is
 * longer than the bits, stands for. */
static uint64_t read_bits(const zc_place *place, const char *const *list, const char *what,
                          size_t every)
{
    zc_words words = zc_words_of(list);
    uint64_t bits = 0;
    size_t count = zc_place_items(place);
    if (zc_place_is_empty_list(place)) {
        zc_place_warn(place, "an empty list: this rule matches nothing");
    }
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(place, i);
        int bit = zc_build_find(&words, zc_place_text(&item));
        if (bit < 0) {
            unknown_word(&item, what, &words);
        } else if ((size_t)bit == every && count > 1) {
            zc_place_error(&item, "'%s' stands alone, not in a list", list[bit]);
        } else {
            bits |= (size_t)bit == every ? (UINT64_C(1) << every) - 1 : UINT64_C(1) << bit;
        }
    }
    return bits;
}

static uint32_t uses_of(uint64_t operations)
{
    const uint64_t apart = OFF_CHAIN | TYPED | AT_VENUES;
    uint32_t uses = (operations & ~apart) != 0 ? zc_use_bit(ZC_USE_TX) : 0;
    /* What a call can do, signed typed data can do too (a Safe's transaction, an allowance). */
    uses |= (operations & (TYPED | BY_TYPED_DATA)) != 0 ? zc_use_bit(ZC_USE_TYPED_DATA) : 0;
    uses |= (operations & AT_VENUES) != 0 ? zc_use_bit(ZC_USE_ORDER) : 0;
    uses |= (operations & BIT(MESSAGE)) != 0 ? zc_use_bit(ZC_USE_MESSAGE) : 0;
    uses |= (operations & BIT(DIGEST)) != 0 ? zc_use_bit(ZC_USE_DIGEST) : 0;
    return uses;
}

/* 'anything' never allows raw digests by itself: they must be asked for by name. */
static void read_operations(scope_reading *reading, const zc_place *operations,
                            const zc_place *rule)
{
    zc_scope *scope = reading->scope;
    zc_place uses;
    if (zc_slice_eq_text(zc_place_text(operations), "anything")) {
        scope->uses = ZC_USES_KNOWN;
        if (reading->kind == ZC_RULE_ALLOW) {
            scope->uses &= ~zc_use_bit(ZC_USE_DIGEST);
        }
    } else {
        size_t every = sizeof operation_words / sizeof *operation_words - 2;
        scope->operations_listed = true;
        scope->operations = read_bits(operations, operation_words, "an operation", every);
        scope->uses = uses_of(scope->operations);
    }
    if (zc_place_member(rule, "uses", &uses)) {
        scope->uses = (uint32_t)read_bits(&uses, use_words, "a use of keys", SIZE_MAX);
    }
}

static void read_risks(scope_reading *reading, const zc_place *rule)
{
    zc_place risks;
    if (reading->kind == ZC_RULE_ALLOW && zc_place_member(rule, "accept-risks", &risks) &&
        !zc_place_is_empty_list(&risks)) {
        size_t every = sizeof flag_words / sizeof *flag_words - 2;
        reading->scope->accepted_flags = read_bits(&risks, flag_words, "a risk", every);
    }
}

void zc_build_scope(zc_build *build, const zc_place *place, zc_rule_kind kind,
                    const zc_place *operations, zc_scope *scope)
{
    *scope = zc_scope_any(0);
    scope_reading reading = {.build = build, .scope = scope, .kind = kind};
    read_operations(&reading, operations, place);
    uint64_t covered = scope->operations_listed ? scope->operations : UINT64_MAX;
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
        zc_place list;
        if (zc_place_member(place, dimensions[i].key, &list)) {
            read_list(&reading, &dimensions[i], &list);
        } else if (kind == ZC_RULE_ALLOW && (covered & dimensions[i].needed_with) != 0) {
            zc_place_error(place, "'%s' is missing: what is allowed must be said; %s",
                           dimensions[i].key, dimensions[i].need);
        }
    }
    read_risks(&reading, place);
}
