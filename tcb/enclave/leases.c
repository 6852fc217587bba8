/* Slices of budget, and when what they pay for may leave.
 *
 * The entry that takes a slice must be durable before anything of it is spent outside, or a host
 * that loses the end of the log gains the slice. So its reply waits for it, and so does every later
 * reply that spends under a limit with leases; where witnesses cosign the log, until they have seen
 * it. All other replies wait only as audit.max-unacked says. */
#include "enclave/policy_parts.h"

#include "audit/detail.h"
#include "policy/asset_index.h"

zc_slice zc_halt_note(const zc_enclave *enclave)
{
    return enclave->halted_in_log ? zc_audit_halt_pass() : zc_slice_of(NULL, 0);
}

zc_replay_side zc_enclave_side(zc_enclave *enclave)
{
    return (zc_replay_side){.policy = &enclave->policy,
                            .mission = &enclave->mission,
                            .deployment_id = enclave->genesis.deployment_id};
}

zc_request_context zc_context_of(const zc_enclave *enclave, const zc_message *message,
                                 const zc_key *key)
{
    zc_request_context context = {.principal = message->session->principal,
                                  .key_name = message->request->sign.key,
                                  .use = message->request->sign.use,
                                  .now_ms = enclave->now_ms,
                                  .halted = enclave->phase == ZC_PHASE_HALTED};
    memcpy(context.key_id, key->id, sizeof context.key_id);
    return context;
}

void zc_beside_init(zc_enclave *enclave)
{
    const zc_mission *mission = &enclave->mission;
    bool leased = false;
    enclave->beside.settles = false;
    for (size_t i = 0; i < mission->rule_count; i++) {
        leased = leased || mission->rules[i].has_lease;
        enclave->beside.settles = enclave->beside.settles || mission->rules[i].has_release;
    }
    enclave->beside.leases.matter =
        leased && (mission->max_unacked > 0 || mission->witnesses_needed > 0);
}

/* Whether the request falls under a limit that is spent in slices. */
static bool spends_slices(zc_enclave *enclave, const zc_request_context *context)
{
    zc_question question = {.mission = &enclave->mission,
                            .index = &enclave->policy.index,
                            .context = context,
                            .intent = &enclave->intent,
                            .market = ZC_POLICY_NONE};
    const zc_intent *intent = &enclave->intent;
    if (intent->has_order && intent->order.market[0] != 0) {
        question.market = zc_market_index_find(question.index, question.mission, intent->chain_id,
                                               intent->order.market);
    }
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_candidates(&question, &question.rules);
    zc_scope_station(&question, ZC_STATION_LIMITS, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &enclave->mission.rules[at];
        if (rule->has_lease && zc_scope_touches(&question, rule)) {
            return true;
        }
    }
    return false;
}

/* When there is no room, the last one stands for the new one, too: what waits, waits longer. */
static void push(zc_leases *leases, uint64_t ordinal, uint64_t size)
{
    if (leases->count == ZC_LEASE_ENTRIES) {
        leases->entry[(leases->first + leases->count - 1) % ZC_LEASE_ENTRIES].size = size;
        return;
    }
    leases->entry[(leases->first + leases->count++) % ZC_LEASE_ENTRIES] =
        (zc_lease_entry){.ordinal = ordinal, .size = size};
}

void zc_leases_advance(zc_enclave *enclave)
{
    zc_leases *leases = &enclave->beside.leases;
    while (leases->count > 0 && leases->entry[leases->first].size <= enclave->cosigned_size) {
        leases->first = (leases->first + 1) % ZC_LEASE_ENTRIES;
        leases->count--;
    }
}

uint64_t zc_leases_released(const zc_enclave *enclave)
{
    const zc_leases *leases = &enclave->beside.leases;
    for (size_t i = 0; i < leases->count; i++) {
        const zc_lease_entry *entry = &leases->entry[(leases->first + i) % ZC_LEASE_ENTRIES];
        if (entry->size > enclave->cosigned_size && zc_witness_wanted(enclave)) {
            return entry->ordinal - 1 < enclave->acked ? entry->ordinal - 1 : enclave->acked;
        }
    }
    return enclave->acked;
}

void zc_decision_note(zc_enclave *enclave, const uint8_t key_id[static 16], const zc_intent *intent,
                      uint64_t sequence)
{
    if (!enclave->beside.settles) {
        return;
    }
    zc_policy_state *policy = &enclave->policy;
    zc_reservation_id id = zc_reservation_id_of(intent, key_id);
    uint16_t slot = zc_reservations_find(&policy->reservations, &id, policy->now_ms);
    if (slot != ZC_RESERVATION_NONE) {
        enclave->beside.decision[slot] = sequence;
    }
}

/* The ordinal of the newest slice that this decision may have spent from; 0: of none that matters.
 */
static uint64_t wait_for_slices(zc_enclave *enclave, const zc_message *message, const zc_key *key,
                                const zc_decision *decision)
{
    zc_leases *leases = &enclave->beside.leases;
    if (decision->leases > 0) {
        leases->last_ordinal = enclave->ordinal;
        zc_leases_advance(enclave);
        if (zc_witness_wanted(enclave)) {
            push(leases, enclave->ordinal, enclave->log.next);
        }
        return leases->last_ordinal;
    }
    if (zc_leases_released(enclave) >= leases->last_ordinal) {
        return 0;
    }
    zc_request_context context = zc_context_of(enclave, message, key);
    return spends_slices(enclave, &context) ? leases->last_ordinal : 0;
}

uint64_t zc_decision_recorded(zc_enclave *enclave, const zc_message *message, const zc_key *key,
                              const zc_decision *decision, uint64_t sequence)
{
    uint64_t after = zc_log_reply_after(enclave);
    zc_decision_note(enclave, key->id, &enclave->intent, sequence);
    if (!enclave->beside.leases.matter) {
        return after;
    }
    zc_session *session = message->session;
    uint64_t slices = wait_for_slices(enclave, message, key, decision);
    session->reply_after = slices > session->reply_after ? slices : session->reply_after;
    return session->reply_after > after ? session->reply_after : after;
}
