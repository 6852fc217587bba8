/* From the JSON that wallets and desks have to the forms that the enclave reads. */
#include "client/internal.h"

#include "intent/order_cbor.h"
#include "support/order_json.h"
#include "support/typed_data.h"

static zcp_result refuse(zc_error *edge, zcp_error *error)
{
    return zc_report(error, ZCP_FAILED, edge->what, edge->why, edge->next);
}

static zcp_result give(zc_slice form, uint8_t *ret_form, size_t capacity, size_t *ret_len,
                       zcp_error *error)
{
    if (form.len > capacity) {
        return zc_report(error, ZCP_USAGE, "cannot hand the form over", "the buffer is too small",
                         "give 64 KiB: no request carries more");
    }
    memcpy(ret_form, form.data, form.len);
    *ret_len = form.len;
    return ZCP_OK;
}

zcp_result zcp_typed_data(const char *json, size_t len, uint8_t *ret_form, size_t capacity,
                          size_t *ret_len, zcp_error *error)
{
    ZC_BYTES zc_bytes form = {0};
    zc_error edge = {0};
    if (!zc_ok(zc_typed_data_parse(zc_slice_of(json, len), 4, &form, &edge))) {
        return refuse(&edge, error);
    }
    return give(zc_bytes_slice(&form), ret_form, capacity, ret_len, error);
}

zcp_result zcp_order(const char *json, size_t len, uint8_t *ret_form, size_t capacity,
                     size_t *ret_len, zcp_error *error)
{
    zc_order order;
    zc_error edge = {0};
    json_error_t fault;
    uint8_t encoded[ZC_ORDER_MAX_ENCODED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(encoded);
    json_t *object = json_loadb(json, len, JSON_REJECT_DUPLICATES, &fault);
    if (object == NULL) {
        return zc_report(error, ZCP_FAILED, "cannot read the order", fault.text,
                         "give one JSON object, as docs/venues.md has it");
    }
    zc_result read = zc_order_of_json(object, &order, &edge);
    json_decref(object);
    if (!zc_ok(read)) {
        return refuse(&edge, error);
    }
    if (!zc_ok(zc_order_write(&order, &writer))) {
        return zc_report(error, ZCP_FAILED, "cannot read the order", "it is too long",
                         "shorten its texts");
    }
    return give(zc_writer_written(&writer), ret_form, capacity, ret_len, error);
}
