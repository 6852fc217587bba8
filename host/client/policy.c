/* Approvals, feeds, revocations, and what the policy's state shows. */
#include "client/internal.h"

#include "policy/review.h"

static void text_of(const zc_u256 *value, char ret_text[static 80])
{
    zc_u256_to_decimal(value, ret_text);
}

static zcp_review review_of(const zc_review_info *info)
{
    zcp_review review = {.entry = info->entry,
                         .created_ms = info->created_ms,
                         .have = info->have,
                         .needed = info->needed,
                         .approved = info->state == ZC_REVIEW_APPROVED,
                         .valid_ms = info->valid_ms};
    memcpy(review.leaf, info->leaf, sizeof review.leaf);
    zc_copy_text(review.principal, sizeof review.principal, info->principal);
    zc_copy_text(review.key, sizeof review.key, info->key);
    zc_copy_text(review.rule, sizeof review.rule, info->rule);
    return review;
}

static zcp_result unreadable(zcp_error *error)
{
    return zc_report(error, ZCP_FAILED, "cannot use the answer", "it is not in the expected form",
                     "use the library of the enclave's version");
}

zcp_result zcp_review_list(zcp_session *session, uint64_t from, zcp_review *ret_reviews,
                           size_t capacity, size_t *ret_count, uint64_t *ret_total,
                           zcp_error *error)
{
    zc_request request = {.op = ZC_OP_REVIEWS, .reviews = {.from = from}};
    zc_reply reply;
    zcp_result asked =
        zc_client_ask(session, &request, true, "cannot list the reviews", &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    zc_reader items = zc_reader_of(reply.list.items);
    size_t count = 0;
    while (count < reply.list.count && count < capacity) {
        zc_review_info info;
        if (!zc_ok(zc_review_info_read(&items, &info))) {
            return unreadable(error);
        }
        ret_reviews[count++] = review_of(&info);
    }
    *ret_count = count;
    *ret_total = reply.list.total;
    return ZCP_OK;
}

zcp_result zcp_review_status(zcp_session *session, uint64_t entry, zcp_review *ret_review,
                             char *ret_text, size_t capacity, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_REVIEW, .review = {.entry = entry}};
    zc_reply reply;
    zcp_result asked =
        zc_client_ask(session, &request, true, "cannot show the request", &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    zc_reader items = zc_reader_of(reply.review.info);
    zc_review_info info;
    if (!zc_ok(zc_review_info_read(&items, &info))) {
        return unreadable(error);
    }
    if (ret_text != NULL && reply.review.text.len >= capacity) {
        return zc_report(error, ZCP_USAGE, "cannot show the request",
                         "the buffer is smaller than what it would do in words", "give 64 KiB");
    }
    if (ret_text != NULL) {
        zc_copy_text(ret_text, capacity, reply.review.text);
    }
    *ret_review = review_of(&info);
    return ZCP_OK;
}

/* Entry and quorum answers, as of halts. */
static zcp_result ask_logged(zcp_session *session, zc_request *request, const char *what,
                             uint64_t *ret_entry, zcp_error *error)
{
    zc_reply reply;
    zcp_result asked = zc_client_ask(session, request, false, what, &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    if (reply.status == ZC_STATUS_REVIEW) {
        return zc_report(error, ZCP_APPROVAL_NEEDED, what, "not enough approvers have asked for it",
                         "have other approvers ask for the same");
    }
    *ret_entry = reply.logged.entry;
    return ZCP_OK;
}

static zcp_result sign_approval(zcp_session *session, const zcp_review *review, uint64_t expires_ms,
                                zc_request *request, zcp_error *error)
{
    uint8_t bytes[ZC_APPROVAL_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    memcpy(request->approve.leaf, review->leaf, sizeof request->approve.leaf);
    request->approve.expires_ms = expires_ms;
    zc_result made =
        zc_approval_write(session->place.deployment_id, review->leaf,
                          session->evidence.mission_hash, (int64_t)expires_ms, &writer);
    made = zc_ok(made) ? zc_credential_sign(&session->credential, zc_writer_written(&writer),
                                            request->approve.signature)
                       : made;
    return zc_ok(made) ? ZCP_OK
                       : zc_report_code(error, ZCP_FAILED, made.code,
                                        "the request was not approved", "try again");
}

zcp_result zcp_approve(zcp_session *session, const zcp_review *review, uint64_t valid_ms,
                       uint64_t *ret_entry, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_APPROVE};
    zcp_status status;
    if (review->valid_ms == 0) {
        return zc_report(error, ZCP_FAILED, "the request was not approved",
                         "this principal sits on no panel for it, was revoked, asks for it, or "
                         "the request can't be shown whole",
                         "approve as one whom the mission names");
    }
    zcp_result ready = zcp_get_status(session, &status, error);
    if (ready != ZCP_OK) {
        return ready;
    }
    bool shorter = valid_ms > 0 && valid_ms < review->valid_ms;
    uint64_t expires_ms = status.time_ms + (shorter ? valid_ms : review->valid_ms);
    ready = sign_approval(session, review, expires_ms, &request, error);
    return ready != ZCP_OK
               ? ready
               : ask_logged(session, &request, "the request was not approved", ret_entry, error);
}

zcp_result zcp_feed(zcp_session *session, const uint8_t *message, size_t len,
                    const uint8_t signature[64], uint64_t *ret_entry, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_FEED, .feed = {.message = zc_slice_of(message, len)}};
    memcpy(request.feed.signature, signature, sizeof request.feed.signature);
    return ask_logged(session, &request, "the feed's message was not taken", ret_entry, error);
}

zcp_result zcp_revoke(zcp_session *session, zcp_revocable kind, const char *name,
                      uint64_t *ret_entry, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_REVOKE,
                          .revoke = {.kind = (uint8_t)kind, .name = zc_slice_of_text(name)}};
    return ask_logged(session, &request, "nothing was revoked yet", ret_entry, error);
}

static zcp_policy_line line_of(const zc_policy_item *item)
{
    zcp_policy_line line = {.time_ms = item->time_ms, .state = item->state, .mode = item->mode};
    zc_copy_text(line.name, sizeof line.name, item->name);
    zc_copy_text(line.asset, sizeof line.asset, item->asset);
    zc_copy_text(line.feed, sizeof line.feed, item->feed);
    text_of(&item->amount, line.amount);
    text_of(&item->limit, line.limit);
    text_of(&item->leased, line.leased);
    return line;
}

zcp_result zcp_policy_list(zcp_session *session, zcp_policy_section section, uint64_t from,
                           zcp_policy_line *ret_lines, size_t capacity, size_t *ret_count,
                           uint64_t *ret_total, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_POLICY,
                          .policy = {.section = (uint8_t)section, .from = from}};
    zc_reply reply;
    zcp_result asked =
        zc_client_ask(session, &request, true, "cannot read the policy's state", &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    zc_reader items = zc_reader_of(reply.list.items);
    size_t count = 0;
    while (count < reply.list.count && count < capacity) {
        zc_policy_item item;
        if (!zc_ok(zc_policy_item_read(&items, &item))) {
            return unreadable(error);
        }
        ret_lines[count++] = line_of(&item);
    }
    *ret_count = count;
    *ret_total = reply.list.total;
    return ZCP_OK;
}
