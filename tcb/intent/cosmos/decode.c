#include "crypto/hash.h"
#include "intent/cosmos/sign_doc.h"

static void begin(const zc_cosmos_sign_doc *doc, zc_slice bytes, zc_slice account,
                  zc_intent *intent)
{
    intent->family = ZC_FAMILY_COSMOS;
    intent->account = zc_address_of(account);
    intent->has_chain_id = true;
    intent->chain_id = zc_chain_of_cosmos(doc->chain_id);
    memcpy(intent->chain_name, doc->chain_id.data, doc->chain_id.len);
    intent->data_len = (uint32_t)doc->body.len;
    intent->signatures = 1;
    zc_sha256(bytes, intent->digest);
}

/* The whole goes by its one message, or is a batch; its first counterparty is who is paid. */
static void conclude(const zc_cosmos_reading *reading, size_t fees)
{
    zc_intent *intent = reading->intent;
    intent->operation = reading->weighty == 1   ? reading->operation
                        : reading->weighty == 0 ? ZC_OPERATION_CONTRACT_CALL
                                                : ZC_OPERATION_BATCH;
    if (intent->movement_count > fees) {
        intent->to = intent->movements[fees].to;
    }
}

static zc_result read_all(zc_cosmos_reading *reading, const zc_cosmos_sign_doc *doc)
{
    zc_intent *intent = reading->intent;
    ZC_TRY(zc_cosmos_read_auth_info(reading, doc->auth_info));
    const size_t fees = intent->movement_count;
    ZC_TRY(zc_cosmos_add_number(intent, ZC_CALL_NONE, "account_number", ZC_ARGUMENT_NUMBER,
                                doc->account_number));
    ZC_TRY(zc_cosmos_read_body(reading, doc->body));
    ZC_TRY(zc_cosmos_walk(reading));
    if (!reading->is_involved) {
        reading->fault = doc->body.data;
        return zc_fail(ZC_INTENT_COSMOS_NOT_INVOLVED);
    }
    conclude(reading, fees);
    return ZC_OK;
}

static zc_result check_sizes(zc_slice sign_doc, zc_slice account)
{
    if (sign_doc.len == 0) {
        return zc_fail(ZC_INTENT_EMPTY);
    }
    if (sign_doc.len > ZC_COSMOS_MAX_SIGN_DOC) {
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    return account.len == 20 || account.len == 32 ? ZC_OK : zc_fail(ZC_INTENT_COSMOS_ADDRESS);
}

/* An empty message is nowhere in the document. */
static size_t offset_in(zc_slice bytes, const uint8_t *at)
{
    const uintptr_t offset = (uintptr_t)at - (uintptr_t)bytes.data;
    return offset <= bytes.len ? (size_t)offset : 0;
}

zc_result zc_intent_decode_cosmos(zc_slice sign_doc, zc_slice account, zc_intent *ret_intent,
                                  size_t *ret_offset)
{
    zc_cosmos_sign_doc doc;
    zc_cosmos_reading reading = {.account = account, .intent = ret_intent, .fault = sign_doc.data};
    size_t ignored;
    size_t *fault = ret_offset != NULL ? ret_offset : &ignored;
    zc_intent_reset(ret_intent);
    *fault = 0;
    ZC_TRY(check_sizes(sign_doc, account));
    zc_result result = zc_cosmos_read_sign_doc(sign_doc, &doc, &reading.fault);
    if (zc_ok(result)) {
        begin(&doc, sign_doc, account, ret_intent);
        result = read_all(&reading, &doc);
    }
    if (!zc_ok(result)) {
        *fault = offset_in(sign_doc, reading.fault);
        zc_intent_reset(ret_intent);
    }
    return result;
}

/* Whether bytes are well-formed fields in ascending order. */
static bool is_protobuf(zc_slice bytes)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_pb_field field;
    while (zc_reader_left(&reader) != 0) {
        if (!zc_ok(zc_pb_get_field(&reader, &field))) {
            return false;
        }
    }
    return true;
}

bool zc_cosmos_is_sign_doc(zc_slice bytes)
{
    zc_cosmos_sign_doc doc;
    const uint8_t *fault;
    return zc_ok(zc_cosmos_read_sign_doc(bytes, &doc, &fault)) && is_protobuf(doc.body) &&
           is_protobuf(doc.auth_info);
}

zc_result zc_cosmos_write_signed(zc_slice sign_doc, const uint8_t signature[static 64],
                                 zc_writer *writer)
{
    zc_writer at = *writer;
    zc_cosmos_sign_doc doc;
    const uint8_t *fault;
    ZC_TRY(zc_cosmos_read_sign_doc(sign_doc, &doc, &fault));
    ZC_TRY(zc_pb_put_bytes(&at, 1, doc.body));
    ZC_TRY(zc_pb_put_bytes(&at, 2, doc.auth_info));
    ZC_TRY(zc_pb_put_bytes(&at, 3, zc_slice_of(signature, 64)));
    *writer = at;
    return ZC_OK;
}
