#include "wire/fields.h"
#include "wire/policy_message.h"

static const zc_field review_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_review_info, entry, 0, UINT64_MAX),
    ZC_FIELD_ROW_FIXED(2, zc_review_info, leaf),
    ZC_FIELD_ROW(3, ZC_FIELD_TEXT, zc_review_info, principal, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(4, ZC_FIELD_TEXT, zc_review_info, key, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(5, ZC_FIELD_TEXT, zc_review_info, rule, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(6, ZC_FIELD_U64, zc_review_info, created_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(7, ZC_FIELD_U32, zc_review_info, have, 0, UINT32_MAX),
    ZC_FIELD_ROW(8, ZC_FIELD_U32, zc_review_info, needed, 0, UINT32_MAX),
    ZC_FIELD_ROW(9, ZC_FIELD_U8, zc_review_info, state, ZC_REVIEW_PENDING, ZC_REVIEW_APPROVED),
    ZC_FIELD_ROW(10, ZC_FIELD_U64, zc_review_info, valid_ms, 0, UINT64_MAX),
};
static const zc_field item_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_policy_item, name, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_TEXT, zc_policy_item, asset, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(3, ZC_FIELD_U256, zc_policy_item, amount, 0, 0),
    ZC_FIELD_ROW(4, ZC_FIELD_U256, zc_policy_item, limit, 0, 0),
    ZC_FIELD_ROW(5, ZC_FIELD_U256, zc_policy_item, leased, 0, 0),
    ZC_FIELD_ROW(6, ZC_FIELD_U64, zc_policy_item, time_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(7, ZC_FIELD_TEXT, zc_policy_item, feed, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(8, ZC_FIELD_U8, zc_policy_item, state, 0, UINT8_MAX),
    ZC_FIELD_ROW(9, ZC_FIELD_U8, zc_policy_item, mode, 0, UINT8_MAX),
};
static const zc_fields review_fields = ZC_FIELDS(review_table);
static const zc_fields item_fields = ZC_FIELDS(item_table);

static zc_result write(const zc_fields *fields, const void *body, zc_writer *writer)
{
    zc_writer at = *writer;
    ZC_TRY(zc_fields_write(fields, body, &at));
    *writer = at;
    return ZC_OK;
}

zc_result zc_review_info_write(const zc_review_info *info, zc_writer *writer)
{
    return write(&review_fields, info, writer);
}

zc_result zc_review_info_read(zc_reader *items, zc_review_info *ret_info)
{
    zc_reader at = *items;
    zc_review_info info = {0};
    ZC_TRY(zc_fields_read(&review_fields, &at, &info));
    *items = at;
    *ret_info = info;
    return ZC_OK;
}

zc_result zc_policy_item_write(const zc_policy_item *item, zc_writer *writer)
{
    return write(&item_fields, item, writer);
}

zc_result zc_policy_item_read(zc_reader *items, zc_policy_item *ret_item)
{
    zc_reader at = *items;
    zc_policy_item item = {0};
    ZC_TRY(zc_fields_read(&item_fields, &at, &item));
    *items = at;
    *ret_item = item;
    return ZC_OK;
}
