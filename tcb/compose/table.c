#include "compose/table.h"

#define MAX_DEPTH 4
#define MAX_PARTS 4

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
    size_t part_count;
    zc_slice parts[MAX_PARTS];
    uint32_t parts_left; /* mask of parts that nothing took yet */
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

static bool fits(const zc_page *page, const zc_compose_call *call)
{
    const zc_order *order = page->job->order;
    uint32_t types = call->types == 0 ? UINT32_MAX : call->types;
    return call->action == order->action &&
           (call->name == NULL || strcmp(call->name, order->call) == 0) &&
           (types >> order->type & 1) != 0 &&
           (call->side == ZC_SIDE_NONE || call->side == order->side) &&
           (call->with & ~zc_order_fields(order)) == 0 &&
           is_one_of(call->account == NULL ? "-" : call->account, page->parts[0]);
}

static void split_account(zc_page *page)
{
    const char *at = page->job->order->account;
    for (page->part_count = 0; page->part_count < MAX_PARTS; page->part_count++) {
        size_t len = strcspn(at, ":");
        page->parts[page->part_count] = zc_slice_of(at, len);
        page->parts_left |= (len > 0 ? 1u : 0u) << page->part_count;
        if (at[len] == '\0') {
            page->part_count++;
            return;
        }
        at += len + 1;
    }
    page->part_count = MAX_PARTS + 1; /* too many: no parameter takes that one */
}

/* Why nothing fits: the account when another one would have done. */
static zc_result choose(zc_page *page, const zc_compose_rest *rest)
{
    const zc_order *order = page->job->order;
    bool known = false;
    for (const zc_compose_call *call = rest->calls; call->action != 0; call++) {
        if (fits(page, call)) {
            page->call = call;
            return ZC_OK;
        }
        known = known || (call->action == order->action &&
                          (call->name == NULL || strcmp(call->name, order->call) == 0));
    }
    return zc_fail(known ? ZC_COMPOSE_ACCOUNT : ZC_COMPOSE_CALL);
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

/* Writing one value. */

typedef struct zc_value {
    bool present;
    bool bare;
    uint8_t byte[2 * ZC_ORDER_TEXT_SIZE];
    size_t len;
} zc_value;

static zc_result set_text(zc_value *value, const char *before, zc_slice text)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    if (before != NULL) {
        ZC_TRY(zc_write_text(&writer, before));
    }
    ZC_TRY(zc_write_slice(&writer, text));
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result set_decimal(zc_value *value, const zc_compose_param *param,
                             const zc_decimal *decimal, zc_order_side side)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    if ((param->form & (ZC_PARAM_SIGNED | ZC_PARAM_WHOLE)) != 0 && decimal->scale != 0) {
        return zc_fail(ZC_COMPOSE_QUANTITY);
    }
    if ((param->form & ZC_PARAM_SIGNED) != 0) {
        if (side == ZC_SIDE_NONE) {
            return zc_fail(ZC_COMPOSE_NEEDS(ZC_ORDER_FIELD_SIDE));
        }
        if (side == ZC_SIDE_SELL) {
            ZC_TRY(zc_write_u8(&writer, '-'));
        }
    }
    ZC_TRY(zc_decimal_write(decimal, &writer));
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result set_number(zc_value *value, const zc_compose_param *param, uint64_t number)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    if ((param->form & ZC_PARAM_SECONDS) != 0) {
        number /= 1000;
    }
    ZC_TRY(zc_compose_write_u64(&writer, number));
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result set_word(zc_value *value, const zc_compose_param *param, unsigned which)
{
    const char *word = param->words[which];
    if (word == NULL) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    return set_text(value, param->text, zc_slice_of_text(word));
}

static zc_result value_of_field(const zc_order *order, const zc_compose_param *param,
                                zc_value *value)
{
    switch ((zc_order_field)param->source) {
    case ZC_ORDER_FIELD_SIDE:
        return set_word(value, param, order->side);
    case ZC_ORDER_FIELD_TYPE:
        return set_word(value, param, order->type);
    case ZC_ORDER_FIELD_TIF:
        return set_word(value, param, order->tif);
    case ZC_ORDER_FIELD_REDUCE_ONLY:
    case ZC_ORDER_FIELD_POST_ONLY:
    case ZC_ORDER_FIELD_TEST_NETWORK:
        return set_text(value, NULL, zc_slice_of_text(param->text == NULL ? "true" : param->text));
    case ZC_ORDER_FIELD_PRICE:
        return set_decimal(value, param, &order->price, order->side);
    case ZC_ORDER_FIELD_TRIGGER_PRICE:
        return set_decimal(value, param, &order->trigger_price, order->side);
    case ZC_ORDER_FIELD_QUANTITY:
        return set_decimal(value, param, &order->quantity, order->side);
    case ZC_ORDER_FIELD_QUOTE_QUANTITY:
        return set_decimal(value, param, &order->quote_quantity, order->side);
    case ZC_ORDER_FIELD_AMOUNT:
        return set_decimal(value, param, &order->amount, order->side);
    case ZC_ORDER_FIELD_TIME:
        return set_number(value, param, order->time_ms);
    case ZC_ORDER_FIELD_WINDOW:
        return set_number(value, param, order->window_ms);
    case ZC_ORDER_FIELD_EXPIRY:
        return set_number(value, param, order->expiry_ms);
    case ZC_ORDER_FIELD_ACCOUNT:
        return set_text(value, param->text, zc_slice_of_text(order->account));
    case ZC_ORDER_FIELD_MARKET:
        return set_text(value, param->text, zc_slice_of_text(order->market));
    case ZC_ORDER_FIELD_CLIENT_ID:
        return set_text(value, param->text, zc_slice_of_text(order->client_id));
    case ZC_ORDER_FIELD_ORDER_ID:
        return set_text(value, param->text, zc_slice_of_text(order->order_id));
    case ZC_ORDER_FIELD_ASSET:
        return set_text(value, param->text, zc_slice_of_text(order->asset));
    case ZC_ORDER_FIELD_NETWORK:
        return set_text(value, param->text, zc_slice_of_text(order->network));
    case ZC_ORDER_FIELD_TO:
        return set_text(value, param->text, zc_slice_of_text(order->to));
    case ZC_ORDER_FIELD_TAG:
        return set_text(value, param->text, zc_slice_of_text(order->tag));
    case ZC_ORDER_FIELD_CALL:
        break;
    }
    return zc_fail(ZC_COMPOSE_CALL);
}

static zc_result value_of_part(zc_page *page, const zc_compose_param *param, zc_value *value)
{
    if (param->index >= page->part_count || page->parts[param->index].len == 0) {
        return ZC_OK;
    }
    zc_slice part = page->parts[param->index];
    for (const char *const *word = param->words; *word != NULL; word++) {
        /* "*" is any name. */
        if (zc_slice_eq_text(part, *word) || strcmp(*word, "*") == 0) {
            page->parts_left &= ~(1u << param->index);
            return set_text(value, param->text, part);
        }
    }
    return zc_fail(ZC_COMPOSE_ACCOUNT);
}

static zc_result value_of_to_and_tag(zc_compose_job *job, zc_value *value)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(value->byte);
    zc_compose_take(job, ZC_ORDER_FIELD_TO);
    ZC_TRY(zc_write_text(&writer, job->order->to));
    if (zc_compose_has(job, ZC_ORDER_FIELD_TAG)) {
        zc_compose_take(job, ZC_ORDER_FIELD_TAG);
        ZC_TRY(zc_write_u8(&writer, ':'));
        ZC_TRY(zc_write_text(&writer, job->order->tag));
    }
    value->len = zc_writer_len(&writer);
    value->present = true;
    return ZC_OK;
}

static zc_result value_of(zc_page *page, const zc_compose_param *param, zc_value *value)
{
    zc_compose_job *job = page->job;
    switch (param->source) {
    case ZC_PARAM_FIXED:
        return set_text(value, NULL, zc_slice_of_text(param->text));
    case ZC_PARAM_STYLE:
        if (page->style == NULL || page->style->word[param->index] == NULL) {
            return ZC_OK;
        }
        return set_text(value, NULL, zc_slice_of_text(page->style->word[param->index]));
    case ZC_PARAM_NOW:
        return set_number(value, param, job->time_ms);
    case ZC_PARAM_NONCE:
        job->out->nonce = job->nonce;
        return set_number(value, param, job->nonce);
    case ZC_PARAM_RESULT_ID:
        if (!zc_compose_has(job, ZC_ORDER_FIELD_CLIENT_ID)) {
            return set_number(value, param, job->nonce);
        }
        zc_compose_take(job, ZC_ORDER_FIELD_CLIENT_ID);
        return set_text(value, param->text, zc_slice_of_text(job->order->client_id));
    case ZC_PARAM_PART:
        return value_of_part(page, param, value);
    case ZC_PARAM_TO_AND_TAG:
        return value_of_to_and_tag(job, value);
    default:
        break;
    }
    zc_order_field field = (zc_order_field)param->source;
    if (!zc_compose_has(job, field)) {
        return ZC_OK;
    }
    if ((param->form & ZC_PARAM_UNTAKEN) == 0) {
        zc_compose_take(job, field);
    }
    if ((param->form & ZC_PARAM_SIGNED) != 0) {
        zc_compose_take(job, ZC_ORDER_FIELD_SIDE);
    }
    return value_of_field(job->order, param, value);
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
    ZC_TRY(value_of(page, param, &value));
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
        page->parts_left &= ~1u;
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
    if (page->parts_left != 0 || page->part_count > MAX_PARTS) {
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

zc_result zc_compose_by_table(zc_compose_job *job, const zc_compose_rest *rest)
{
    zc_page page = {.job = job, .first = {true}};
    ZC_TRY(check_names(job->order, rest));
    split_account(&page);
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
