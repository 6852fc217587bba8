/* What the decoder made of a transaction, held against the fields that the case is made of. */
#include "ethereum.h"

/* A field that the case leaves out is not judged: libraries have defaults of their own. */
static void check_number(zc_report *report, const json_t *transaction, const char *key,
                         const zc_u256 *got)
{
    char got_text[ZC_U256_DECIMAL_SIZE];
    if (!zc_field_has(transaction, key)) {
        return;
    }
    zc_u256 wanted = zc_field_number(report, transaction, key);
    if (!zc_u256_eq(got, &wanted)) {
        (void)zc_u256_to_decimal(got, got_text);
        zc_report_problem(report, "%s: read as %s, the case has %s", key, got_text,
                          zc_field_text(transaction, key));
    }
}

static void check_accesses(zc_report *report, const json_t *transaction, const zc_intent *intent)
{
    const json_t *accesses = json_object_get(transaction, "accessList");
    size_t keys = 0;
    size_t i;
    json_t *access;
    if (!json_is_array(accesses)) {
        return;
    }
    json_array_foreach(accesses, i, access)
    {
        const json_t *below = json_is_array(access) ? json_array_get(access, 1)
                                                    : json_object_get(access, "storageKeys");
        keys += json_array_size(below);
    }
    zc_report_u64(report, "access list addresses", intent->access_addresses,
                  json_array_size(accesses));
    zc_report_u64(report, "access list keys", intent->access_keys, keys);
}

void zc_check_fields(zc_report *report, const json_t *transaction, const zc_intent *intent)
{
    const zc_u256 nonce = zc_u256_of(intent->nonce);
    const zc_u256 chain_id = zc_u256_of(intent->chain_id);
    check_number(report, transaction, "nonce", &nonce);
    check_number(report, transaction, "gasLimit", &intent->gas_limit);
    check_number(report, transaction, "value", &intent->value);
    if (intent->tx_type >= 2) {
        check_number(report, transaction, "maxFeePerGas", &intent->gas_price);
        check_number(report, transaction, "maxPriorityFeePerGas", &intent->gas_tip);
    } else {
        check_number(report, transaction, "gasPrice", &intent->gas_price);
    }
    if (intent->tx_type > 0) {
        check_accesses(report, transaction, intent);
    }
    if (intent->has_chain_id) {
        check_number(report, transaction, "chainId", &chain_id);
    }
    if (zc_field_has(transaction, "data")) {
        zc_report_u64(report, "bytes of data", intent->data_len,
                      zc_field_hex(report, transaction, "data").len);
    }
    if (intent->to.len != 0) {
        zc_report_bytes(report, "to", zc_address_slice(&intent->to),
                        zc_field_hex(report, transaction, "to"));
    } else if (zc_field_text(transaction, "to")[0] != '\0') {
        zc_report_problem(report, "to: read as contract creation, the case has a recipient");
    }
}
