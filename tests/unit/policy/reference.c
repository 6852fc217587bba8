#include "reference.h"

#include <assert.h>
#include <string.h>

#define CHARGES_MAX 20000

/* What can happen once: a nonce of an account on a chain, or one digest by one key. */
typedef struct identity {
    bool nonce_bound;
    bool has_chain;
    uint64_t chain;
    uint64_t nonce;
    uint8_t account[20];
    uint8_t key_id[16];
    uint8_t digest[32];
} identity;

typedef struct charge {
    identity who;
    uint16_t rule;
    uint64_t amount;
    int64_t at_ms;
    bool current; /* the identity's latest in this rule */
    bool undone;  /* replaced in a limit on amounts */
    uint8_t digest[32];
    uint32_t principal; /* who asked, and with which key */
    uint8_t key_id[16];
} charge;

static charge charges[CHARGES_MAX];
static size_t charge_count;
static int64_t clock_ms;

void reference_init(void)
{
    charge_count = 0;
    clock_ms = 0;
}

static bool counts(const zc_mission *mission, const charge *c)
{
    int64_t span = (int64_t)mission->rules[c->rule].window_s * 1000;
    int64_t width = span / 63 + (span % 63 != 0);
    int64_t last_of_bucket = c->at_ms - c->at_ms % width + width - 1;
    return clock_ms - last_of_bucket < span;
}

static const zc_mission *last_mission;

static identity identify(const zc_request_context *context, const zc_intent *intent)
{
    identity who;
    memset(&who, 0, sizeof who);
    who.nonce_bound =
        intent->operation != ZC_OPERATION_MESSAGE && intent->operation != ZC_OPERATION_DIGEST;
    if (who.nonce_bound) {
        who.has_chain = intent->has_chain_id;
        who.chain = intent->has_chain_id ? intent->chain_id : 0;
        who.nonce = intent->nonce;
        memcpy(who.account, intent->account.byte, 20);
    } else {
        memcpy(who.key_id, context->key_id, 16);
        memcpy(who.digest, intent->digest, 32);
    }
    return who;
}

static bool same(const identity *a, const identity *b)
{
    return a->nonce_bound == b->nonce_bound && a->has_chain == b->has_chain &&
           a->chain == b->chain && a->nonce == b->nonce &&
           memcmp(a->account, b->account, 20) == 0 && memcmp(a->key_id, b->key_id, 16) == 0 &&
           memcmp(a->digest, b->digest, 32) == 0;
}

static bool has_bytes(const zc_mission *m, zc_address_list list, const uint8_t *address)
{
    for (size_t i = 0; i < list.evm_count; i++) {
        if (memcmp(m->evm[list.evm_first + i].byte, address, 20) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_address(const zc_mission *m, zc_address_list list, zc_address address)
{
    return address.len == 20 && has_bytes(m, list, address.byte);
}

static bool has_chain(const zc_mission *m, zc_list list, uint64_t chain)
{
    for (size_t i = 0; i < list.count; i++) {
        if (m->chains[list.first + i] == chain) {
            return true;
        }
    }
    return false;
}

static bool has_key(const zc_mission *m, zc_list list, zc_slice key)
{
    for (size_t i = 0; i < list.count; i++) {
        const char *text = m->key_patterns[list.first + i].text;
        size_t len = strlen(text);
        if (text[len - 1] == '*' ? key.len >= len - 1 && memcmp(key.data, text, len - 1) == 0
                                 : key.len == len && memcmp(key.data, text, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_method(const zc_mission *m, zc_list list, const uint8_t *selector)
{
    for (size_t i = 0; i < list.count; i++) {
        if (memcmp(m->methods[list.first + i].byte, selector, 4) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_asset(const zc_asset *asset, const zc_asset_id *id, bool any_chain)
{
    if (!any_chain && asset->id.chain_id != id->chain_id) {
        return false;
    }
    if (asset->id.kind == ZC_ASSET_NATIVE || id->kind == ZC_ASSET_NATIVE) {
        return asset->id.kind == ZC_ASSET_NATIVE && id->kind == ZC_ASSET_NATIVE;
    }
    return memcmp(asset->id.token, id->token, 20) == 0;
}

static bool asset_in(const zc_mission *m, const zc_scope *s, const zc_asset_id *id, bool any_chain)
{
    for (size_t i = 0; i < m->asset_count; i++) {
        if (((s->assets[i / 64] >> (i % 64)) & 1) && is_asset(&m->assets[i], id, any_chain)) {
            return true;
        }
    }
    return false;
}

static bool asked(const zc_mission *m, const zc_scope *s, const zc_request_context *c,
                  const zc_intent *in)
{
    return (!s->principals_listed || ((s->principals >> c->principal) & 1)) &&
           ((s->uses >> (c->use - 1)) & 1) &&
           (!s->operations_listed || ((s->operations >> ((int)in->operation - 1)) & 1)) &&
           (!s->keys.listed || has_key(m, s->keys, c->key_name)) &&
           (!s->methods.listed ||
            (in->call_count > 0 && has_method(m, s->methods, in->calls[0].method)));
}

static bool covers(const zc_mission *m, const zc_scope *s, const zc_request_context *c,
                   const zc_intent *in)
{
    size_t moved = 0;
    if (!asked(m, s, c, in) ||
        (s->chains.listed && (!in->has_chain_id || !has_chain(m, s->chains, in->chain_id))) ||
        (s->contracts.listed && (in->to.len == 0 || !has_address(m, s->contracts, in->to)))) {
        return false;
    }
    for (size_t i = 0; i < in->movement_count; i++) {
        const zc_movement *mv = &in->movements[i];
        if (mv->kind == ZC_MOVEMENT_FEE) {
            if (mv->asset.kind != ZC_ASSET_NATIVE || mv->asset.chain_id != in->chain_id) {
                return false;
            }
            continue;
        }
        moved++;
        if ((s->assets_listed && !asset_in(m, s, &mv->asset, false)) ||
            (s->counterparties.listed && !has_address(m, s->counterparties, mv->to))) {
            return false;
        }
    }
    return moved > 0 || (!s->assets_listed && !s->counterparties.listed);
}

static bool touches(const zc_mission *m, const zc_rule *r, const zc_request_context *c,
                    const zc_intent *in)
{
    const zc_scope *s = &r->scope;
    bool contract =
        !s->contracts.listed || (in->to.len > 0 && has_address(m, s->contracts, in->to));
    bool moved = !s->assets_listed && !s->counterparties.listed;
    if (!s->assets_listed && in->to.len > 0 && has_address(m, s->counterparties, in->to)) {
        moved = true;
    }
    for (size_t i = 0; i < in->movement_count; i++) {
        const zc_movement *mv = &in->movements[i];
        if (mv->asset.kind == ZC_ASSET_TOKEN && has_bytes(m, s->contracts, mv->asset.token)) {
            contract = true;
        }
        bool with = !s->counterparties.listed || has_address(m, s->counterparties, mv->to) ||
                    (memcmp(mv->from.byte, in->account.byte, 20) != 0 &&
                     has_address(m, s->counterparties, mv->from));
        if (mv->kind != ZC_MOVEMENT_FEE && with &&
            (!s->assets_listed || asset_in(m, s, &mv->asset, !in->has_chain_id))) {
            moved = true;
        }
    }
    bool chain = !s->chains.listed || r->kind == ZC_RULE_RESTRICT_CHAINS ||
                 (in->has_chain_id ? has_chain(m, s->chains, in->chain_id)
                                   : in->operation != ZC_OPERATION_MESSAGE);
    return asked(m, s, c, in) && chain && contract && moved;
}

static uint64_t amount_of(const zc_mission *m, const zc_rule *r, const zc_intent *in)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < in->movement_count; i++) {
        const zc_movement *mv = &in->movements[i];
        bool to = !r->scope.counterparties.listed ||
                  (mv->kind != ZC_MOVEMENT_FEE && has_address(m, r->scope.counterparties, mv->to));
        if (mv->kind != ZC_MOVEMENT_PULL && mv->kind != ZC_MOVEMENT_RECEIVE && to &&
            is_asset(&m->assets[r->asset], &mv->asset, !in->has_chain_id)) {
            sum += mv->amount.limb[0];
        }
    }
    return sum;
}

typedef struct verdict {
    uint64_t measured;
    uint64_t limit;
    bool charges;
    uint64_t held;
    uint64_t amount;
} verdict;

/* The identity's charge in this rule that still counts, or NULL. */
static charge *held_charge(const zc_mission *m, uint16_t rule, const identity *who)
{
    for (size_t i = 0; i < charge_count; i++) {
        charge *c = &charges[i];
        if (c->rule == rule && c->current && same(&c->who, who) && counts(m, c)) {
            return c;
        }
    }
    return NULL;
}

/* What the identity signed last, as far as it was charged and something of it still counts. */
static bool signed_last(const zc_mission *m, const identity *who, const uint8_t digest[32],
                        const zc_request_context *c)
{
    const charge *last = NULL;
    bool any = false;
    for (size_t i = 0; i < charge_count; i++) {
        if (same(&charges[i].who, who)) {
            last = &charges[i];
            any = any || (charges[i].current && counts(m, &charges[i]));
        }
    }
    return any && memcmp(last->digest, digest, 32) == 0 && last->principal == c->principal &&
           memcmp(last->key_id, c->key_id, 16) == 0;
}

static verdict measure(const zc_mission *m, uint16_t at, const identity *who, const zc_intent *in,
                       const zc_request_context *asks)
{
    const zc_rule *r = &m->rules[at];
    bool rate = r->kind == ZC_RULE_LIMIT_RATE;
    verdict v = {.limit = rate ? r->count : r->amount.limb[0],
                 .amount = rate ? 1 : amount_of(m, r, in)};
    if (r->kind == ZC_RULE_LIMIT_PER_TX) {
        v.measured = v.amount;
        return v;
    }
    for (size_t i = 0; i < charge_count; i++) {
        if (charges[i].rule == at && !charges[i].undone && counts(m, &charges[i])) {
            v.measured += charges[i].amount;
        }
    }
    const charge *held = held_charge(m, at, who);
    if (v.amount == 0 || (held != NULL && signed_last(m, who, in->digest, asks))) {
        return v;
    }
    v.charges = true;
    v.held = held != NULL && !rate ? held->amount : 0;
    v.amount = v.amount > v.held ? v.amount : v.held;
    v.measured += v.amount - v.held;
    return v;
}

static void apply(const zc_mission *m, uint16_t at, const identity *who, const verdict *v,
                  const uint8_t digest[32], const zc_request_context *asks)
{
    charge *held = held_charge(m, at, who);
    if (held != NULL) {
        held->current = false;
        held->undone = m->rules[at].kind == ZC_RULE_LIMIT_WINDOW;
    }
    assert(charge_count < CHARGES_MAX);
    charge *c = &charges[charge_count++];
    *c = (charge){.who = *who, .rule = at, .amount = v->amount, .at_ms = clock_ms, .current = true};
    memcpy(c->digest, digest, 32);
    c->principal = asks->principal;
    memcpy(c->key_id, asks->key_id, 16);
}

static zc_decision denied(zc_decision d, uint16_t rule, int reason, uint64_t measured,
                          uint64_t limit)
{
    d.outcome = ZC_OUTCOME_DENY;
    d.rule = rule;
    d.reason = (uint16_t)reason;
    d.measured = zc_u256_of(measured);
    d.limit = zc_u256_of(limit);
    return d;
}

static bool is_limit(const zc_rule *r)
{
    return r->kind == ZC_RULE_LIMIT_PER_TX || r->kind == ZC_RULE_LIMIT_WINDOW ||
           r->kind == ZC_RULE_LIMIT_RATE;
}

static int reason_of(const zc_rule *r)
{
    return r->kind == ZC_RULE_LIMIT_PER_TX   ? ZC_POLICY_PER_TX
           : r->kind == ZC_RULE_LIMIT_WINDOW ? ZC_POLICY_WINDOW
                                             : ZC_POLICY_RATE;
}

static zc_decision hold_to_limits(const zc_mission *m, const zc_request_context *c,
                                  const zc_intent *in, zc_decision d)
{
    static verdict verdicts[ZC_MISSION_MAX_RULES];
    identity who = identify(c, in);
    uint64_t fullest = 0;
    for (uint16_t i = 0; i < m->rule_count; i++) {
        const zc_rule *r = &m->rules[i];
        verdicts[i] = (verdict){0};
        if (!is_limit(r) || !touches(m, r, c, in)) {
            continue;
        }
        verdicts[i] = measure(m, i, &who, in, c);
        const verdict *v = &verdicts[i];
        uint64_t full = v->limit == 0 ? 1000000 : v->measured * 1000000 / v->limit;
        if (v->measured > v->limit || d.limit_rule == ZC_POLICY_NONE || full > fullest) {
            fullest = full;
            d.limit_rule = i;
            d.asset = r->has_asset ? r->asset : ZC_POLICY_NONE;
            d.measured = zc_u256_of(v->measured);
            d.limit = zc_u256_of(v->limit);
        }
        if (v->measured > v->limit) {
            return denied(d, i, reason_of(r), v->measured, v->limit);
        }
    }
    static bool applies[ZC_MISSION_MAX_RULES];
    for (uint16_t i = 0; i < m->rule_count; i++) {
        applies[i] = verdicts[i].charges;
    }
    for (uint16_t i = 0; i < m->rule_count; i++) {
        if (applies[i]) {
            apply(m, i, &who, &verdicts[i], in->digest, c);
        }
    }
    d.outcome = ZC_OUTCOME_ALLOW;
    return d;
}

zc_decision reference_decide(const zc_mission *m, const zc_request_context *c, const zc_intent *in)
{
    last_mission = m;
    clock_ms = c->now_ms > clock_ms ? c->now_ms : clock_ms;
    zc_decision d = {.rule = ZC_POLICY_NONE,
                     .limit_rule = ZC_POLICY_NONE,
                     .asset = ZC_POLICY_NONE,
                     .now_ms = clock_ms};
    if (c->halted) {
        return denied(d, ZC_POLICY_NONE, ZC_POLICY_HALTED, 0, 0);
    }
    if ((m->principals[c->principal].roles & ZC_ROLE_SIGNER) == 0) {
        return denied(d, ZC_POLICY_NONE, ZC_POLICY_NOT_A_SIGNER, 0, 0);
    }
    for (uint16_t i = 0; i < m->rule_count; i++) {
        const zc_rule *r = &m->rules[i];
        if (r->kind == ZC_RULE_DENY && touches(m, r, c, in)) {
            return denied(d, i, ZC_POLICY_DENIED_BY_RULE, 0, 0);
        }
        bool named = in->has_chain_id ? has_chain(m, r->scope.chains, in->chain_id)
                                      : in->operation == ZC_OPERATION_MESSAGE;
        if (r->kind == ZC_RULE_RESTRICT_CHAINS && !named && touches(m, r, c, in)) {
            return denied(d, i, ZC_POLICY_CHAIN, in->chain_id, 0);
        }
    }
    uint16_t flagged = ZC_POLICY_NONE;
    for (uint16_t i = 0; i < m->rule_count && d.rule == ZC_POLICY_NONE; i++) {
        const zc_rule *r = &m->rules[i];
        if (r->kind == ZC_RULE_ALLOW && covers(m, &r->scope, c, in)) {
            if ((in->flags & ~r->scope.accepted_flags) == 0) {
                d.rule = i;
            } else if (flagged == ZC_POLICY_NONE) {
                flagged = i;
            }
        }
    }
    if (d.rule != ZC_POLICY_NONE) {
        return hold_to_limits(m, c, in, d);
    }
    if (flagged != ZC_POLICY_NONE) {
        uint64_t accepted = m->rules[flagged].scope.accepted_flags;
        return denied(d, flagged, ZC_POLICY_FLAGS, in->flags & ~accepted, accepted);
    }
    bool digest = in->operation == ZC_OPERATION_DIGEST;
    return denied(d, ZC_POLICY_NONE, digest ? ZC_POLICY_RAW_DIGEST : ZC_POLICY_NO_RULE, 0, 0);
}

size_t reference_pending(void)
{
    size_t pending = 0;
    for (size_t i = 0; i < charge_count; i++) {
        if (!charges[i].current || !counts(last_mission, &charges[i])) {
            continue;
        }
        bool first = true;
        for (size_t j = 0; j < i; j++) {
            first = first && !(charges[j].current && same(&charges[j].who, &charges[i].who) &&
                               counts(last_mission, &charges[j]));
        }
        pending += first;
    }
    return pending;
}
