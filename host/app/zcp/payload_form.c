#include "payload_form.h"

#include <ctype.h>

#include "base/hex.h"
#include "codec/base58.h"
#include "codec/base64.h"
#include "intent/decode.h"
#include "intent/order_cbor.h"
#include "intent/solana.h"
#include "support/order_json.h"
#include "support/reasons.h"
#include "support/typed_data.h"

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool read_choice(const char *text, zc_chain_choice *ret_choice)
{
    uint64_t chain;
    if (strcmp(text, "evm") == 0) {
        *ret_choice = (zc_chain_choice){.family = ZC_FAMILY_EVM};
        return true;
    }
    if (strcmp(text, "eip712") == 0) {
        *ret_choice = (zc_chain_choice){.family = ZC_FAMILY_EVM, .is_typed_data = true};
        return true;
    }
    if (strcmp(text, "cosmos") == 0) {
        *ret_choice = (zc_chain_choice){.family = ZC_FAMILY_COSMOS};
        return true;
    }
    bool named = begins(text, "bitcoin") || begins(text, "solana") || begins(text, "cosmos:") ||
                 begins(text, "venue:");
    if (!named || !zc_chain_of_name(zc_slice_of_text(text), &chain)) {
        return false;
    }
    *ret_choice =
        (zc_chain_choice){.family = zc_chain_family(chain), .has_chain = true, .chain_id = chain};
    return true;
}

int zc_chain_option(const zc_invocation *invocation, zc_family missing, zc_chain_choice *ret_choice)
{
    const char *text = zc_option_value(invocation, "chain");
    if (text == NULL) {
        *ret_choice = (zc_chain_choice){.family = missing};
        return ZC_EXIT_DONE;
    }
    if (read_choice(text, ret_choice)) {
        return ZC_EXIT_DONE;
    }
    char why[400] =
        "--chain is evm, eip712, bitcoin, bitcoin-test, bitcoin-regtest, solana, cosmos "
        "or venue: and one of";
#define ADD_VENUE(name, number, id, title) (void)strncat(why, " " id, sizeof why - strlen(why) - 1);
    ZC_VENUES(ADD_VENUE)
#undef ADD_VENUE
    return zc_fail_usage(invocation, "there is no such chain here", why);
}

/* Whether the bytes are what the family's decoder would at least begin with. */
static bool reads(const zc_chain_choice *choice, zc_slice bytes)
{
    static zc_intent intent;
    zc_signature signature;
    size_t offset;
    const zc_payload payload = {.kind = ZC_PAYLOAD_TX,
                                .family = choice->family,
                                .has_chain = choice->has_chain,
                                .chain_id = choice->chain_id,
                                .bytes = bytes};
    if (zc_ok(zc_payload_decode(&payload, NULL, NULL, &intent, &offset))) {
        return true;
    }
    return choice->family == ZC_FAMILY_EVM &&
           zc_ok(zc_intent_decode_evm_signed_tx(bytes, NULL, &intent, &signature, &offset));
}

/* Takes the message out of a Solana transaction that carries signatures. */
static zc_slice without_signatures(const zc_chain_choice *choice, zc_slice bytes)
{
    zc_slice message;
    bool wire =
        choice->family == ZC_FAMILY_SOLANA && zc_ok(zc_solana_take_message(bytes, &message));
    return wire ? message : bytes;
}

static zc_slice trimmed(const zc_bytes *bytes)
{
    size_t first = 0;
    size_t last = bytes->len;
    while (first < last && isspace(bytes->data[first])) {
        first++;
    }
    while (last > first && isspace(bytes->data[last - 1])) {
        last--;
    }
    return zc_slice_of(bytes->data + first, last - first);
}

/* The text in one of the encodings; false when it is none. Decoded bytes are never longer. */
static bool decode_as(unsigned encoding, zc_slice text, uint8_t *room, size_t *ret_len)
{
    switch (encoding) {
    case 0:
        return text.len >= 2 && zc_ok(zc_hex_decode_some(text, room, text.len, ret_len));
    case 1:
        return zc_ok(zc_base64_decode(text, room, text.len, ret_len));
    case 2:
        return zc_ok(zc_base58_read(text, room, text.len, ret_len));
    default:
        memcpy(room, text.data, text.len);
        *ret_len = text.len;
        return true;
    }
}

static int no_memory(const zc_invocation *invocation)
{
    zc_error error = {0};
    zc_result set = zc_error_set(&error, ZC_SUPPORT_NO_MEMORY, "cannot read the payload",
                                 "there is no memory left", "free some and try again");
    (void)set;
    return zc_fail_with(invocation, &error);
}

/* The first encoding whose bytes the decoder takes; else the first that it could be in at all, so
 * that the decoder says what is wrong with it. */
static int decode_text(const zc_invocation *invocation, const zc_chain_choice *choice,
                       zc_bytes *payload)
{
    enum { ENCODINGS = 4 };
    const zc_slice text = trimmed(payload);
    ZC_BYTES zc_bytes room = {0};
    size_t len;
    unsigned chosen = ENCODINGS;
    zc_slice whole = zc_bytes_slice(payload);
    if (!zc_bytes_append(&room, whole)) {
        return no_memory(invocation);
    }
    for (unsigned encoding = 0; encoding < ENCODINGS; encoding++) {
        zc_slice from = encoding == ENCODINGS - 1 ? whole : text;
        if (!decode_as(encoding, from, room.data, &len)) {
            continue;
        }
        bool fits = reads(choice, without_signatures(choice, zc_slice_of(room.data, len)));
        chosen = chosen == ENCODINGS || fits ? encoding : chosen;
        if (fits) {
            break;
        }
    }
    zc_slice from = chosen == ENCODINGS - 1 ? whole : text;
    if (!decode_as(chosen, from, room.data, &len)) {
        return ZC_EXIT_DONE;
    }
    zc_slice bytes = without_signatures(choice, zc_slice_of(room.data, len));
    memcpy(payload->data, bytes.data, bytes.len);
    payload->len = bytes.len;
    return ZC_EXIT_DONE;
}

static int replace(const zc_invocation *invocation, zc_result result, const zc_error *error,
                   zc_bytes *form, zc_bytes *payload)
{
    if (!zc_ok(result)) {
        return zc_fail_with(invocation, error);
    }
    zc_bytes old = *payload;
    *payload = *form;
    *form = old;
    return ZC_EXIT_DONE;
}

/* An order for another venue than the one that was named is refused: it was not meant. */
static zc_result check_venue(const zc_chain_choice *choice, const zc_order *order, zc_error *error)
{
    if (!choice->has_chain || ZC_CHAIN_VENUE(order->venue) == choice->chain_id) {
        return ZC_OK;
    }
    return zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the order",
                        "it is for another venue than --chain says",
                        "give the venue that the order names, or leave --chain out");
}

static zc_result order_form(const zc_chain_choice *choice, zc_slice text, zc_bytes *form,
                            zc_error *error)
{
    zc_order order;
    uint8_t encoded[ZC_ORDER_MAX_ENCODED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(encoded);
    json_error_t fault;
    json_t *object = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &fault);
    if (object == NULL) {
        zc_result bad = zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the order", "",
                                     "see `zcp sign order --help` for what an order looks like");
        zc_error_why(error, "line %d, column %d: %s", fault.line, fault.column, fault.text);
        return bad;
    }
    zc_result result = zc_order_of_json(object, &order, error);
    json_decref(object);
    ZC_TRY(result);
    ZC_TRY(check_venue(choice, &order, error));
    ZC_TRY(zc_order_write(&order, &writer));
    return zc_bytes_append(form, zc_writer_written(&writer))
               ? ZC_OK
               : zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot read the order",
                              "there is no memory left", "free some and try again");
}

int zc_payload_form(const zc_invocation *invocation, const zc_chain_choice *choice,
                    zc_bytes *payload)
{
    ZC_BYTES zc_bytes form = {0};
    zc_error error = {0};
    if (choice->is_typed_data) {
        zc_result parsed = zc_typed_data_parse(zc_bytes_slice(payload), 4, &form, &error);
        return replace(invocation, parsed, &error, &form, payload);
    }
    if (choice->family == ZC_FAMILY_VENUE) {
        zc_result parsed = order_form(choice, zc_bytes_slice(payload), &form, &error);
        return replace(invocation, parsed, &error, &form, payload);
    }
    return decode_text(invocation, choice, payload);
}
