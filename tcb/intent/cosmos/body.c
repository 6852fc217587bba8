#include "intent/cosmos/sign_doc.h"
#include "intent/text.h"

enum {
    MESSAGES = 1,
    MEMO = 2,
    TIMEOUT_HEIGHT = 3,
    UNORDERED = 4,
    TIMEOUT_TIMESTAMP = 5,
    EXTENSION_OPTIONS = 1023,
    NON_CRITICAL_EXTENSION_OPTIONS = 2047,
};

#define MS_PER_SECOND 1000
#define NANOS_PER_MS 1000000

static zc_result set_memo(zc_intent *intent, const zc_pb_field *field)
{
    ZC_TRY(zc_cosmos_get_text(field, &intent->message));
    if (!zc_text_is_plain(intent->message)) {
        intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
    }
    return ZC_OK;
}

static zc_result set_expiry(zc_intent *intent, const zc_pb_field *field)
{
    int64_t seconds;
    uint32_t nanos;
    ZC_TRY(zc_cosmos_get_time(field, &seconds, &nanos));
    if (seconds < 0 || seconds > INT64_MAX / MS_PER_SECOND - 1) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    intent->has_expiry = true;
    intent->expiry_ms = (uint64_t)seconds * MS_PER_SECOND + nanos / NANOS_PER_MS;
    return ZC_OK;
}

static zc_result add_number(zc_intent *intent, const char *label, zc_argument_kind kind,
                            const zc_pb_field *field)
{
    if (field->wire != ZC_PB_VARINT || (kind == ZC_ARGUMENT_BOOL && field->value > 1)) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    return zc_cosmos_add_number(intent, ZC_CALL_NONE, label, kind, field->value);
}

/* Extensions change how a chain treats the whole; none is known here. */
static zc_result add_extension(zc_intent *intent, const zc_pb_field *field)
{
    zc_slice type_url;
    zc_slice value;
    if (field->wire != ZC_PB_BYTES) {
        return zc_fail(ZC_INTENT_COSMOS_WIRE);
    }
    ZC_TRY(zc_cosmos_get_any(field->bytes, &type_url, &value));
    intent->flags |= ZC_FLAG_PARTIAL_DECODE;
    return zc_cosmos_add_text(intent, ZC_CALL_NONE, "extension", ZC_ARGUMENT_TEXT, type_url);
}

static zc_result on_field(zc_cosmos_reading *reading, const zc_pb_field *field)
{
    zc_intent *intent = reading->intent;
    switch (field->number) {
    case MESSAGES:
        return field->wire == ZC_PB_BYTES
                   ? zc_cosmos_enqueue(reading, field->bytes, ZC_CALL_NONE, 0)
                   : zc_fail(ZC_INTENT_COSMOS_WIRE);
    case MEMO:
        return set_memo(intent, field);
    case TIMEOUT_HEIGHT:
        return add_number(intent, "timeout_height", ZC_ARGUMENT_NUMBER, field);
    case UNORDERED:
        return add_number(intent, "unordered", ZC_ARGUMENT_BOOL, field);
    case TIMEOUT_TIMESTAMP:
        return set_expiry(intent, field);
    case EXTENSION_OPTIONS:
    case NON_CRITICAL_EXTENSION_OPTIONS:
        return add_extension(intent, field);
    default:
        intent->flags |= ZC_FLAG_PARTIAL_DECODE;
        return ZC_OK;
    }
}

static bool is_repeated(uint32_t number)
{
    return number == MESSAGES || number >= EXTENSION_OPTIONS;
}

zc_result zc_cosmos_read_body(zc_cosmos_reading *reading, zc_slice body)
{
    zc_reader reader = zc_reader_of(body);
    zc_pb_sequence sequence = {0};
    zc_pb_field field;
    while (zc_reader_left(&reader) != 0) {
        reading->fault = reader.at;
        ZC_TRY(zc_pb_get_field(&reader, &field));
        ZC_TRY(zc_pb_sequence_check(&sequence, field.number, is_repeated(field.number)));
        ZC_TRY(on_field(reading, &field));
    }
    return reading->waiting != 0 ? ZC_OK : zc_fail(ZC_INTENT_COSMOS_NO_MESSAGES);
}
