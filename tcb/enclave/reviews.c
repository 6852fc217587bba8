/* Requests that a REVIEW rule holds back: who sees them, and how they are approved.
 *
 * An approver reads here what the enclave itself makes of the request, over a session of their own,
 * and signs the leaf hash of the entry that holds it. The request, asked once more, is decided
 * anew. */
#include "enclave/policy_parts.h"

#include "intent/intent_cbor.h"
#include "intent/render.h"
#include "policy/review.h"

/* Room that a reply needs beside the rendering. */
#define RENDER_MARGIN 1024

static zc_kept_review *kept_of(zc_enclave *enclave, size_t at)
{
    zc_kept_review *kept = &enclave->beside.review[at];
    const zc_review *review = &enclave->policy.reviews[at];
    bool same = review->in_use && memcmp(review->leaf, kept->leaf, sizeof kept->leaf) == 0;
    return same ? kept : NULL;
}

static size_t find_leaf(const zc_enclave *enclave, const uint8_t leaf[static 32])
{
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        const zc_review *review = &enclave->policy.reviews[i];
        if (review->in_use && memcmp(review->leaf, leaf, 32) == 0) {
            return i;
        }
    }
    return ZC_REVIEWS_MAX;
}

void zc_review_keep(zc_enclave *enclave, const uint8_t leaf[static 32], uint64_t entry,
                    uint16_t rule, zc_slice key_name, zc_slice intent)
{
    size_t at = find_leaf(enclave, leaf);
    if (at == ZC_REVIEWS_MAX) {
        return; /* an earlier one stands for it */
    }
    zc_kept_review *kept = &enclave->beside.review[at];
    size_t len = key_name.len < sizeof kept->key ? key_name.len : sizeof kept->key - 1;
    memcpy(kept->leaf, leaf, sizeof kept->leaf);
    kept->entry = entry;
    kept->rule = rule;
    memcpy(kept->key, key_name.data, len);
    kept->key[len] = '\0';
    kept->intent_len = intent.len <= sizeof kept->intent ? intent.len : 0;
    memcpy(kept->intent, intent.data, kept->intent_len);
}

uint64_t zc_review_count(const zc_enclave *enclave)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        count += enclave->policy.reviews[i].in_use;
    }
    return count;
}

static zc_result reply_held(zc_enclave *enclave, const zc_message *message,
                            const zc_decision *decision, uint64_t entry)
{
    zc_reply reply = zc_denial_reply(enclave, message, decision);
    reply.denial.has_entry = true;
    reply.denial.entry = entry;
    return zc_emit_reply(message->effects, message->session->id,
                         zc_reply_after(enclave, message->session->id), &reply);
}

zc_result zc_hold(zc_enclave *enclave, const zc_message *message, zc_key *key,
                  const zc_decision *decision, zc_audit_opening *opening)
{
    zc_request_context context = zc_context_of(enclave, message, key);
    uint16_t held = zc_policy_held(&enclave->policy, &context, &enclave->intent);
    const zc_kept_review *kept = held == ZC_POLICY_NONE ? NULL : kept_of(enclave, held);
    if (kept != NULL) {
        return reply_held(enclave, message, decision, kept->entry);
    }
    zc_audit_entry entry = {0};
    uint8_t leaf[32];
    bool logged = false;
    zc_slice intent = opening->group[ZC_AUDIT_INTENT].bytes;
    ZC_TRY(zc_denial_log(enclave, message, key, decision, opening, &entry, leaf, &logged));
    if (!logged) { /* over the quota: it is not held, and must be asked again later */
        zc_reply reply = zc_denial_reply(enclave, message, decision);
        return zc_emit_reply(message->effects, message->session->id,
                             zc_reply_after(enclave, message->session->id), &reply);
    }
    ZC_TRY(zc_policy_hold(&enclave->policy, &enclave->mission, &context, &enclave->intent, leaf));
    zc_log_raise_floor(enclave);
    zc_review_keep(enclave, leaf, entry.sequence, decision->rule, message->request->sign.key,
                   intent);
    return reply_held(enclave, message, decision, entry.sequence);
}

/* How long an approval by this principal may live, of any panel; 0: they sit on none, or ask
 * themselves. */
static uint64_t valid_ms(const zc_enclave *enclave, const zc_review *review, uint32_t principal)
{
    uint64_t longest = 0;
    bool revoked = (enclave->policy.revoked_principals >> principal & 1) != 0;
    for (size_t i = 0; i < enclave->mission.rule_count; i++) {
        const zc_rule *rule = &enclave->mission.rules[i];
        bool sits = rule->has_panel && (rule->panel.principals >> principal & 1) != 0;
        uint64_t valid = sits ? (uint64_t)rule->panel.valid_s * 1000 : 0;
        longest = valid > longest ? valid : longest;
    }
    return revoked || principal == review->principal ? 0 : longest;
}

/* Whether this principal may see it: who asked, who may approve, and who audits. */
static bool may_see(const zc_enclave *enclave, const zc_review *review, uint32_t principal)
{
    uint32_t roles = enclave->mission.principals[principal].roles;
    return principal == review->principal || (roles & (ZC_ROLE_APPROVER | ZC_ROLE_AUDITOR)) != 0 ||
           valid_ms(enclave, review, principal) > 0;
}

static bool organisation_seen(const zc_mission *mission, uint64_t counted, size_t who)
{
    for (size_t i = 0; i < who; i++) {
        if ((counted >> i & 1) != 0 && strcmp(mission->principals[i].organisation,
                                              mission->principals[who].organisation) == 0) {
            return true;
        }
    }
    return false;
}

/* The approvals that count for the rule which held the request back. */
static void count_approvals(const zc_enclave *enclave, const zc_review *review,
                            const zc_panel *panel, zc_review_info *info)
{
    uint64_t counted = 0;
    uint32_t organisations = 0;
    uint64_t may = review->approved & panel->principals & ~enclave->policy.revoked_principals;
    for (size_t i = 0; i < enclave->mission.principal_count; i++) {
        if ((may >> i & 1) == 0 || review->expires_ms[i] <= enclave->now_ms) {
            continue;
        }
        organisations += !organisation_seen(&enclave->mission, counted, i);
        counted |= UINT64_C(1) << i;
        info->have++;
    }
    info->needed = panel->needed;
    info->state = info->have >= panel->needed && organisations >= panel->organisations
                      ? ZC_REVIEW_APPROVED
                      : ZC_REVIEW_PENDING;
}

static zc_review_info describe(zc_enclave *enclave, size_t at, const zc_kept_review *kept,
                               uint32_t principal)
{
    const zc_review *review = &enclave->policy.reviews[at];
    const zc_rule *rule = &enclave->mission.rules[kept->rule];
    zc_review_info info = {
        .entry = kept->entry,
        .principal = zc_slice_of_text(enclave->mission.principals[review->principal].name),
        .key = zc_slice_of_text(kept->key),
        .rule = zc_slice_of_text(rule->name),
        .created_ms = (uint64_t)review->created_ms,
        .valid_ms = kept->intent_len > 0 ? valid_ms(enclave, review, principal) : 0};
    memcpy(info.leaf, kept->leaf, sizeof info.leaf);
    count_approvals(enclave, review, &rule->panel, &info);
    return info;
}

zc_result zc_on_reviews(zc_enclave *enclave, const zc_message *message)
{
    uint32_t who = message->session->principal;
    zc_writer items = zc_writer_of(enclave->list_bytes, ZC_LIST_BYTES_MAX);
    zc_reply reply = {.id = message->request->id, .op = ZC_OP_REVIEWS, .status = ZC_STATUS_OK};
    bool room = true;
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        const zc_kept_review *kept = kept_of(enclave, i);
        if (kept == NULL || !may_see(enclave, &enclave->policy.reviews[i], who)) {
            continue;
        }
        if (reply.list.total++ < message->request->reviews.from || !room) {
            continue;
        }
        zc_review_info info = describe(enclave, i, kept, who);
        room = zc_ok(zc_review_info_write(&info, &items));
        reply.list.count += room;
    }
    reply.list.items = zc_writer_written(&items);
    return zc_emit_reply(message->effects, message->session->id, 0, &reply);
}

static size_t find_entry(zc_enclave *enclave, uint64_t entry)
{
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        const zc_kept_review *kept = kept_of(enclave, i);
        if (kept != NULL && kept->entry == entry) {
            return i;
        }
    }
    return ZC_REVIEWS_MAX;
}

/* What the enclave itself makes of the request, into its scratch. */
static zc_result render(zc_enclave *enclave, const zc_kept_review *kept, zc_slice *ret_text)
{
    const zc_catalog catalog = zc_mission_catalog(&enclave->mission);
    zc_writer writer =
        zc_writer_of(enclave->artefact_bytes, sizeof enclave->artefact_bytes - RENDER_MARGIN);
    if (kept->intent_len == 0) {
        return zc_fail(ZC_ENCLAVE_RENDER_TOO_LONG);
    }
    ZC_TRY(zc_intent_read(zc_slice_of(kept->intent, kept->intent_len), &enclave->intent));
    if (!zc_ok(zc_intent_render(&enclave->intent, &catalog, &writer))) {
        return zc_fail(ZC_ENCLAVE_RENDER_TOO_LONG);
    }
    *ret_text = zc_writer_written(&writer);
    return ZC_OK;
}

zc_result zc_on_review(zc_enclave *enclave, const zc_message *message)
{
    uint32_t who = message->session->principal;
    size_t at = find_entry(enclave, message->request->review.entry);
    if (at == ZC_REVIEWS_MAX || !may_see(enclave, &enclave->policy.reviews[at], who)) {
        return zc_fail(ZC_POLICY_APPROVAL_UNKNOWN);
    }
    const zc_kept_review *kept = kept_of(enclave, at);
    zc_reply reply = {.id = message->request->id, .op = ZC_OP_REVIEW, .status = ZC_STATUS_OK};
    zc_review_info info = describe(enclave, at, kept, who);
    uint8_t bytes[ZC_REVIEW_INFO_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(zc_review_info_write(&info, &writer));
    ZC_TRY(render(enclave, kept, &reply.review.text));
    reply.review.info = zc_writer_written(&writer);
    return zc_emit_reply(message->effects, message->session->id, 0, &reply);
}

static zc_result log_approval(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_approve *wanted = &message->request->approve;
    zc_approval_detail detail = {.expires_ms = wanted->expires_ms};
    uint8_t bytes[128];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    memcpy(detail.signature, wanted->signature, sizeof detail.signature);
    ZC_TRY(zc_approval_detail_write(&detail, &writer));
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_APPROVAL, .has_digest = true, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    memcpy(entry.digest, wanted->leaf, sizeof entry.digest);
    return zc_control_log(enclave, message, &entry, &opening);
}

zc_result zc_on_approve(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_approve *wanted = &message->request->approve;
    zc_approval approval = {.principal = message->session->principal,
                            .expires_ms = (int64_t)wanted->expires_ms};
    size_t at = find_leaf(enclave, wanted->leaf);
    zc_kept_review *kept = at == ZC_REVIEWS_MAX ? NULL : kept_of(enclave, at);
    zc_slice text;
    if (kept == NULL) {
        return zc_fail(ZC_POLICY_APPROVAL_UNKNOWN);
    }
    ZC_TRY(render(enclave, kept, &text)); /* what nobody can read, nobody can approve */
    memcpy(approval.leaf, wanted->leaf, sizeof approval.leaf);
    memcpy(approval.signature, wanted->signature, sizeof approval.signature);
    ZC_TRY(zc_policy_approve(&enclave->policy, &enclave->mission, enclave->genesis.deployment_id,
                             enclave->mission_hash, &approval, enclave->now_ms));
    return log_approval(enclave, message);
}
