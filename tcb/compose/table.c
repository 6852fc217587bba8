#include "compose/table.h"

#include "compose/table_value.h"

#define MAX_DEPTH 4

const char *const zc_compose_side_lower[3] = {NULL, "buy", "sell"};
const char *const zc_compose_side_upper[3] = {NULL, "BUY", "SELL"};
const char *const zc_compose_side_title[3] = {NULL, "Buy", "Sell"};
const char *const zc_compose_any_part[2] = {"*", NULL};

/* Where parameters are being written. */
typedef struct zc_page {
    zc_compose_job *job;
    const zc_compose_call *call;
    const zc_compose_style *style;
    zc_writer path;
    zc_writer query;
    zc_writer body;
    zc_compose_text query_text;
    const char *path_left; /* of the call's path */
    bool first[MAX_DEPTH]; /* nothing is in this object or array yet */
    char closer[MAX_DEPTH];
    size_t depth;
    zc_account_parts parts;
} zc_page;

/* Choosing the call. */

static bool is_one_of(const char *words, zc_slice word)
{
    if (word.len == 0) {
        word = zc_slice_of_text("-");
    }
    for (const char *at = words; *at != '\0';) {
        size_t len = strcspn(at, " ");
        if (zc_slice_eq(zc_slice_of(at, len), word)) {
            return true;
        }
        at += len + (at[len] == ' ' ? 1 : 0);
    }
    return false;
}

static bool has_account(const zc_page *page, const zc_compose_call *call)
{
    return is_one_of(call->account == NULL ? "-" : call->account, page->parts.part[0]);
}

static bool is_about(const zc_order *order, const zc_compose_call *call)
{
    return call->action == order->action &&
           (call->name == NULL || strcmp(call->name, order->call) == 0);
}

static bool fits(const zc_page *page, const zc_compose_call *call)
{
    const zc_order *order = page->job->order;
    uint32_t types = call->types == 0 ? UINT32_MAX : call->types;
    return is_about(order, call) && has_account(page, call) && (types >> order->type & 1) != 0 &&
           (call->side == ZC_SIDE_NONE || call->side == order->side) &&
           (call->with & ~zc_order_fields(order)) == 0;
}

/* When nothing fits, why: no such call, not in this account, or not with this type and side. */
static zc_result choose(zc_page *page, const zc_compose_rest *rest)
{
    const zc_order *order = page->job->order;
    zc_result why = zc_fail(ZC_COMPOSE_CALL);
    for (const zc_compose_call *call = rest->calls; call->action != 0; call++) {
        if (fits(page, call)) {
            page->call = call;
            return ZC_OK;
        }
        if (is_about(order, call) && has_account(page, call)) {
            why = zc_fail(ZC_COMPOSE_STYLE);
        } else if (is_about(order, call) && zc_is(why, ZC_COMPOSE_CALL)) {
            why = zc_fail(ZC_COMPOSE_ACCOUNT);
        }
    }
    return why;
}

static zc_result choose_style(zc_page *page)
{
    const zc_order *order = page->job->order;
    if (page->call->styles == NULL) {
        return ZC_OK;
    }
    zc_time_in_force tif = order->tif;
    for (const zc_compose_style *style = page->call->styles; style->type != 0; style++) {
        if (style->type == order->type && style->tif == tif &&
            style->post_only == order->post_only) {
            page->style = style;
            zc_compose_take(page->job, ZC_ORDER_FIELD_TIF);
            zc_compose_take(page->job, ZC_ORDER_FIELD_POST_ONLY);
            return ZC_OK;
        }
    }
    return zc_fail(ZC_COMPOSE_STYLE);
}

/* Placing it. */

static zc_result put_in_path(zc_page *page, zc_slice text)
{
    const char *hole = strstr(page->path_left, "{}");
    /* What stands in a path is a name of one segment: no dots, which clients resolve. */
    if (hole == NULL || text.len == 0 || !zc_compose_is_made_of(text, "-_")) {
        return zc_fail(ZC_COMPOSE_TEXT);
    }
    ZC_TRY(zc_write_slice(&page->path,
                          zc_slice_of(page->path_left, (size_t)(hole - page->path_left))));
    page->path_left = hole + 2;
    return zc_write_slice(&page->path, text);
}

static zc_result put_pair(zc_writer *writer, const char *name, zc_slice text)
{
    if (zc_writer_len(writer) > 0) {
        ZC_TRY(zc_write_u8(writer, '&'));
    }
    ZC_TRY(zc_write_text(writer, name));
    ZC_TRY(zc_write_u8(writer, '='));
    return zc_compose_write_percent(writer, text);
}

static zc_result put_json_name(zc_page *page, const char *name)
{
    bool *first = &page->first[page->depth];
    if (!*first) {
        ZC_TRY(zc_write_u8(&page->body, ','));
    }
    *first = false;
    if (name == NULL) {
        return ZC_OK;
    }
    ZC_TRY(zc_compose_write_json(&page->body, zc_slice_of_text(name)));
    return zc_write_u8(&page->body, ':');
}

static zc_result open_json(zc_page *page, char opener, char closer)
{
    if (page->depth + 1 == MAX_DEPTH) {
        return zc_fail(ZC_COMPOSE_TOO_LONG);
    }
    page->depth++;
    page->first[page->depth] = true;
    page->closer[page->depth] = closer;
    return zc_write_u8(&page->body, (uint8_t)opener);
}

static zc_result close_json(zc_page *page)
{
    return zc_write_u8(&page->body, (uint8_t)page->closer[page->depth--]);
}

static zc_result put_json(zc_page *page, const char *name, const zc_value *value)
{
    zc_slice text = zc_slice_of(value->byte, value->len);
    ZC_TRY(put_json_name(page, name));
    return value->bare ? zc_write_slice(&page->body, text)
                       : zc_compose_write_json(&page->body, text);
}

static zc_result put_value(zc_page *page, const zc_compose_param *param, const zc_value *value)
{
    zc_slice text = zc_slice_of(value->byte, value->len);
    if ((param->form & ZC_PARAM_IN_PATH) != 0) {
        return put_in_path(page, text);
    }
    if ((param->form & ZC_PARAM_IN_QUERY) != 0 || page->call->form == ZC_COMPOSE_IN_QUERY) {
        return put_pair(&page->query, param->name, text);
    }
    return page->call->form == ZC_COMPOSE_FORM_BODY ? put_pair(&page->body, param->name, text)
                                                    : put_json(page, param->name, value);
}

static zc_result put_param(zc_page *page, const zc_compose_param *param)
{
    switch (param->source) {
    case ZC_PARAM_OBJECT:
        ZC_TRY(put_json_name(page, param->name));
        return open_json(page, '{', '}');
    case ZC_PARAM_ARRAY:
        ZC_TRY(put_json_name(page, param->name));
        return open_json(page, '[', ']');
    case ZC_PARAM_CLOSE:
        return close_json(page);
    default:
        break;
    }
    zc_value value = {.bare = (param->form & ZC_PARAM_BARE) != 0};
    ZC_TRY(zc_compose_value_of(page->job, &page->parts, page->style, param, &value));
    if (value.present) {
        return put_value(page, param, &value);
    }
    if ((param->form & ZC_PARAM_NEEDED) == 0) {
        return ZC_OK;
    }
    return zc_fail(param->source == ZC_PARAM_PART ? ZC_COMPOSE_ACCOUNT
                                                  : ZC_COMPOSE_NEEDS(param->source));
}

static zc_result put_params(zc_page *page, const zc_compose_param *params)
{
    for (; params != NULL && params->source != ZC_PARAM_END; params++) {
        ZC_TRY(put_param(page, params));
    }
    return ZC_OK;
}

static zc_result put_body_and_query(zc_page *page, const zc_compose_rest *rest)
{
    const uint8_t form = page->call->form;
    const bool list = form == ZC_COMPOSE_JSON_LIST;
    if (list) {
        ZC_TRY(open_json(page, '[', ']'));
    }
    if (list || form == ZC_COMPOSE_JSON_BODY) {
        ZC_TRY(open_json(page, '{', '}'));
    }
    ZC_TRY(put_params(page, rest->head));
    ZC_TRY(put_params(page, page->call->params));
    ZC_TRY(put_params(page, rest->tail));
    while (page->depth > 0) {
        ZC_TRY(close_json(page));
    }
    return ZC_OK;
}

/* The category, type and name of the call are expressed by the choice of it. */
static zc_result take_chosen(zc_page *page)
{
    zc_compose_job *job = page->job;
    const zc_compose_call *call = page->call;
    if (call->account != NULL && call->account[0] != '\0') {
        page->parts.left &= ~1u;
    }
    if (call->types != 0 || call->styles != NULL) {
        zc_compose_take(job, ZC_ORDER_FIELD_TYPE);
    }
    if (call->side != ZC_SIDE_NONE) {
        zc_compose_take(job, ZC_ORDER_FIELD_SIDE);
    }
    job->left &= ~call->says;
    if (call->name != NULL) {
        zc_compose_take(job, ZC_ORDER_FIELD_CALL);
    }
    return choose_style(page);
}

/* Every part of the account has gone into the choice or into a parameter. */
static zc_result take_account(zc_page *page)
{
    if (page->parts.left != 0 || page->parts.count > ZC_ACCOUNT_MAX_PARTS) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    zc_compose_take(page->job, ZC_ORDER_FIELD_ACCOUNT);
    return ZC_OK;
}

static zc_result finish_path(zc_page *page)
{
    zc_composition *out = page->job->out;
    if (strstr(page->path_left, "{}") != NULL) {
        return zc_fail(ZC_COMPOSE_NEEDS(ZC_ORDER_FIELD_ORDER_ID));
    }
    ZC_TRY(zc_write_text(&page->path, page->path_left));
    if (zc_writer_len(&page->query) > 0) {
        ZC_TRY(zc_write_u8(&page->path, '?'));
        ZC_TRY(zc_write_slice(&page->path, zc_writer_written(&page->query)));
    }
    zc_compose_end(&out->path, &page->path);
    zc_compose_end(&out->body, &page->body);
    return ZC_OK;
}

/* Names of the venue. */

static bool is_name(const char *text, const zc_compose_alphabet *alphabet)
{
    size_t len = strlen(text);
    return len <= alphabet->max && zc_compose_is_made_of(zc_slice_of(text, len), alphabet->others);
}

static zc_result check_names(const zc_order *order, const zc_compose_rest *rest)
{
    if (!is_name(order->market, &rest->market)) {
        return zc_fail(ZC_COMPOSE_MARKET);
    }
    if (!is_name(order->client_id, &rest->client_id)) {
        return zc_fail(ZC_COMPOSE_CLIENT_ID);
    }
    return is_name(order->order_id, &rest->order_id) ? ZC_OK : zc_fail(ZC_COMPOSE_ORDER_ID);
}

/* The expiry is that of the order, and belongs to one time in force. */
static zc_result check_expiry(const zc_order *order)
{
    return order->expiry_ms == 0 || order->tif == ZC_TIF_GTD ? ZC_OK
                                                             : zc_fail(ZC_COMPOSE_TAKES_NO_EXPIRY);
}

zc_result zc_compose_by_table(zc_compose_job *job, const zc_compose_rest *rest)
{
    zc_page page = {.job = job, .first = {true}};
    ZC_TRY(check_names(job->order, rest));
    ZC_TRY(check_expiry(job->order));
    zc_account_split(job->order, &page.parts);
    ZC_TRY(choose(&page, rest));
    page.path = zc_compose_begin(&job->out->path);
    page.query = zc_compose_begin(&page.query_text);
    page.body = zc_compose_begin(&job->out->body);
    page.path_left = page.call->path;
    zc_compose_set_call(job->out, (zc_compose_method)page.call->method, page.call->path);
    job->out->is_key_call = page.call->is_key_call;
    ZC_TRY(take_chosen(&page));
    ZC_TRY(put_body_and_query(&page, rest));
    ZC_TRY(take_account(&page));
    ZC_TRY(finish_path(&page));
    return rest->frame(job, (zc_compose_form)page.call->form);
}

static size_t path_len(const zc_composition *composition)
{
    const void *mark = memchr(composition->path.byte, '?', composition->path.len);
    return mark == NULL ? composition->path.len
                        : (size_t)((const uint8_t *)mark - composition->path.byte);
}

zc_slice zc_compose_bare_path(const zc_composition *composition)
{
    return zc_slice_of(composition->path.byte, path_len(composition));
}

zc_slice zc_compose_query(const zc_composition *composition)
{
    size_t at = path_len(composition);
    return at == composition->path.len
               ? zc_slice_of(NULL, 0)
               : zc_slice_of(composition->path.byte + at + 1, composition->path.len - at - 1);
}
