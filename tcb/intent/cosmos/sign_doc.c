#include "intent/cosmos/sign_doc.h"

enum { BODY = 1, AUTH_INFO = 2, CHAIN_ID = 3, ACCOUNT_NUMBER = 4 };

static bool is_chain_id(zc_slice text)
{
    if (text.len == 0 || text.len >= ZC_CHAIN_ID_SIZE) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] <= ' ' || text.data[i] > '~') {
            return false;
        }
    }
    return true;
}

/* Nodes build the document anew to check the signature, so it has one form alone: no default values
 * and nothing else. */
static zc_result take(const zc_pb_field *field, zc_cosmos_sign_doc *doc)
{
    const zc_pb_wire wanted = field->number == ACCOUNT_NUMBER ? ZC_PB_VARINT : ZC_PB_BYTES;
    if (field->number > ACCOUNT_NUMBER || field->wire != wanted ||
        (wanted == ZC_PB_BYTES ? field->bytes.len == 0 : field->value == 0)) {
        return zc_fail(ZC_INTENT_COSMOS_SIGN_DOC);
    }
    switch (field->number) {
    case BODY:
        doc->body = field->bytes;
        break;
    case AUTH_INFO:
        doc->auth_info = field->bytes;
        break;
    case CHAIN_ID:
        doc->chain_id = field->bytes;
        break;
    default:
        doc->account_number = field->value;
        break;
    }
    return ZC_OK;
}

/* The other forms that a wallet may send start with a JSON object, or a CBOR map of the screens. */
static zc_result refuse_other_modes(zc_slice bytes)
{
    if (bytes.len != 0 && bytes.data[0] == '{') {
        return zc_fail(ZC_INTENT_COSMOS_AMINO);
    }
    if (bytes.len > 1 && bytes.data[0] == 0xa1 && bytes.data[1] == 0x01) {
        return zc_fail(ZC_INTENT_COSMOS_TEXTUAL);
    }
    return ZC_OK;
}

zc_result zc_cosmos_read_sign_doc(zc_slice bytes, zc_cosmos_sign_doc *ret_doc,
                                  const uint8_t **ret_fault)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_pb_sequence sequence = {0};
    zc_pb_field field;
    zc_cosmos_sign_doc doc = {0};
    *ret_fault = reader.at;
    ZC_TRY(refuse_other_modes(bytes));
    while (zc_reader_left(&reader) != 0) {
        *ret_fault = reader.at;
        ZC_TRY(zc_pb_get_field(&reader, &field));
        ZC_TRY(zc_pb_sequence_check(&sequence, field.number, false));
        ZC_TRY(take(&field, &doc));
    }
    *ret_fault = reader.at;
    if (doc.body.len == 0 || doc.auth_info.len == 0) {
        return zc_fail(ZC_INTENT_COSMOS_SIGN_DOC);
    }
    if (!is_chain_id(doc.chain_id)) {
        return zc_fail(ZC_INTENT_COSMOS_CHAIN_ID);
    }
    *ret_doc = doc;
    return ZC_OK;
}
