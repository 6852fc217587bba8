/* What the decoders make of bytes, as JSON, for tests against other people's code. One request a
 * line: "solana ACCOUNT BYTES", "cosmos ACCOUNT BYTES" or "wire ACCOUNT BYTES", the last two in
 * hex; one object a line in answer. */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "intent/cosmos.h"
#include "intent/solana.h"

#define MAX_BYTES 65536

static zc_intent intent;
static const uint8_t signature[64] = {1, 2, 3, 4, 5, 6, 7, 8};

static void put_hex(const char *name, zc_slice bytes)
{
    printf("\"%s\":\"", name);
    for (size_t i = 0; i < bytes.len; i++) {
        printf("%02x", bytes.data[i]);
    }
    printf("\"");
}

static void put_number(const char *name, const zc_u256 *value)
{
    char text[ZC_U256_DECIMAL_SIZE];
    zc_u256_to_decimal(value, text);
    printf("\"%s\":\"%s\"", name, text);
}

static void put_movements(void)
{
    printf(",\"movements\":[");
    for (size_t i = 0; i < intent.movement_count; i++) {
        const zc_movement *movement = &intent.movements[i];
        printf("%s{\"kind\":\"%s\",", i == 0 ? "" : ",", zc_movement_kind_name(movement->kind));
        put_hex("asset", zc_asset_id_slice(&movement->asset));
        printf(",");
        put_hex("from", zc_address_slice(&movement->from));
        printf(",");
        put_hex("to", zc_address_slice(&movement->to));
        printf(",");
        put_number("amount", &movement->amount);
        printf("}");
    }
    printf("]");
}

static void put_calls(void)
{
    printf(",\"calls\":[");
    for (size_t i = 0; i < intent.call_count; i++) {
        const zc_call *call = &intent.calls[i];
        printf("%s{\"read\":%s,\"parent\":%d,", i == 0 ? "" : ",", call->is_read ? "true" : "false",
               call->parent == ZC_CALL_NONE ? -1 : call->parent);
        put_hex("target", zc_address_slice(&call->target));
        printf(",");
        put_hex("method", zc_slice_of(call->method, call->method_len));
        printf("}");
    }
    printf("]");
}

static void put_arguments(void)
{
    printf(",\"arguments\":[");
    for (size_t i = 0; i < intent.argument_count; i++) {
        const zc_argument *argument = &intent.arguments[i];
        printf("%s{\"label\":\"%s\",\"call\":%d,", i == 0 ? "" : ",", argument->label,
               argument->call == ZC_CALL_NONE ? -1 : argument->call);
        if (zc_argument_is_number(argument->kind)) {
            put_number("value", &argument->number);
        } else {
            put_hex("value", zc_slice_of(argument->byte, argument->len));
        }
        printf("}");
    }
    printf("]");
}

static void put_intent(void)
{
    const char *comma = "";
    printf("\"operation\":\"%s\",\"chain\":\"%s\",\"nonce\":\"%llu\",\"flags\":[",
           zc_operation_name(intent.operation), intent.chain_name,
           (unsigned long long)intent.nonce);
    for (unsigned bit = 0; bit < 64; bit++) {
        if ((intent.flags >> bit & 1) != 0) {
            printf("%s\"%s\"", comma, zc_flag_name(bit));
            comma = ",";
        }
    }
    printf("],");
    put_number("gas", &intent.gas_limit);
    printf(",");
    put_number("maxFee", &intent.max_fee);
    printf(",");
    put_hex("digest", ZC_SLICE_OF_ARRAY(intent.digest));
    printf(",");
    put_hex("message", intent.message);
    printf(",");
    put_hex("to", zc_address_slice(&intent.to));
    put_movements();
    put_calls();
    put_arguments();
}

static zc_result decode(const char *kind, zc_slice account, zc_slice bytes, size_t *ret_offset,
                        zc_writer *signed_tx)
{
    if (strcmp(kind, "cosmos") == 0) {
        ZC_TRY(zc_intent_decode_cosmos(bytes, account, &intent, ret_offset));
        return zc_cosmos_write_signed(bytes, signature, signed_tx);
    }
    if (strcmp(kind, "wire") == 0) {
        ZC_TRY(zc_solana_take_message(bytes, &bytes));
    }
    ZC_TRY(zc_intent_decode_solana_tx(bytes, account.data, &intent, ret_offset));
    return zc_solana_write_signed(bytes, account.data, signature, signed_tx);
}

static void answer(const char *kind, zc_slice account, zc_slice bytes)
{
    static uint8_t room[2 * MAX_BYTES];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    size_t offset = 0;
    const zc_result result = decode(kind, account, bytes, &offset, &writer);
    if (zc_ok(result)) {
        printf("{\"ok\":true,");
        put_intent();
        printf(",");
        put_hex("signed", zc_writer_written(&writer));
        printf("}\n");
    } else {
        printf("{\"ok\":false,\"reason\":%d,\"offset\":%zu}\n", result.code & 0xff, offset);
    }
}

int main(void)
{
    static char line[2 * MAX_BYTES + 256];
    static uint8_t bytes[MAX_BYTES];
    uint8_t account[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        size_t account_len;
        size_t len;
        char *at = line;
        const char *kind = strsep(&at, " \n");
        const char *account_text = at != NULL ? strsep(&at, " \n") : "";
        const char *text = at != NULL ? strsep(&at, " \n") : "";
        if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(account_text), account, sizeof account,
                                      &account_len)) ||
            !zc_ok(zc_hex_decode_some(zc_slice_of_text(text), bytes, sizeof bytes, &len))) {
            printf("{\"ok\":false,\"reason\":-1}\n");
        } else {
            answer(kind, zc_slice_of(account, account_len), zc_slice_of(bytes, len));
        }
        (void)fflush(stdout);
    }
    return 0;
}
