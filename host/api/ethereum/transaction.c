#include "api/ethereum/transaction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/rlp.h"

#define TX_MAX ((size_t)60 << 10)
#define ADDRESS 20
#define WORD 32

/* One transaction being written. The first fault is kept. */
typedef struct writing {
    json_t *object;
    zc_writer writer;
    zc_bytes data; /* scratch */
    bool failed;
    char *why;
} writing;

static void fault(writing *out, const char *name, const char *what)
{
    if (!out->failed) {
        (void)snprintf(out->why, 128, "%s %s", name, what);
    }
    out->failed = true;
}

static void took(writing *out, zc_result result)
{
    if (!zc_ok(result)) {
        fault(out, "the transaction", "is longer than 60 KiB");
    }
}

static void put_number(writing *out, const json_t *value, const char *name)
{
    zc_u256 number;
    if (!zc_quantity_read(value, &number)) {
        fault(out, name, "is missing or no quantity (0x and hex digits without zeros in front)");
        return;
    }
    took(out, zc_rlp_put_u256(&out->writer, &number));
}

static void put_field(writing *out, const char *name)
{
    put_number(out, json_object_get(out->object, name), name);
}

/* A field whose absence is zero. */
static void put_optional(writing *out, const char *name)
{
    const json_t *value = json_object_get(out->object, name);
    if (value == NULL || json_is_null(value)) {
        took(out, zc_rlp_put_u64(&out->writer, 0));
    } else {
        put_number(out, value, name);
    }
}

/* What a client leaves open it leaves out, or says null. */
static const json_t *given(const writing *out, const char *name)
{
    const json_t *value = json_object_get(out->object, name);
    return value != NULL && json_is_null(value) ? NULL : value;
}

static bool has(const writing *out, const char *name)
{
    return given(out, name) != NULL;
}

static void put_gas(writing *out)
{
    bool limit = has(out, "gasLimit");
    if (limit && has(out, "gas")) {
        fault(out, "gas", "and gasLimit can't both be given");
        return;
    }
    put_field(out, limit ? "gasLimit" : "gas");
}

static void put_to(writing *out)
{
    uint8_t to[ADDRESS];
    const json_t *value = json_object_get(out->object, "to");
    if (value == NULL || json_is_null(value)) {
        took(out, zc_rlp_put_string(&out->writer, (zc_slice){0}));
    } else if (zc_data_read_fixed(value, to, sizeof to)) {
        took(out, zc_rlp_put_string(&out->writer, ZC_SLICE_OF_ARRAY(to)));
    } else {
        fault(out, "to", "is no address");
    }
}

static void put_data(writing *out)
{
    const json_t *data = given(out, "data");
    const json_t *input = given(out, "input");
    if (data != NULL && input != NULL && !json_equal(data, input)) {
        fault(out, "data", "and input differ");
        return;
    }
    const json_t *value = data != NULL ? data : input;
    if (value == NULL) {
        took(out, zc_rlp_put_string(&out->writer, (zc_slice){0}));
    } else if (zc_data_read(value, &out->data)) {
        took(out, zc_rlp_put_string(&out->writer, zc_bytes_slice(&out->data)));
    } else {
        fault(out, "data", "is no data (0x and pairs of hex digits)");
    }
}

static void put_fixed(writing *out, const json_t *value, size_t len, const char *name)
{
    uint8_t bytes[WORD];
    if (!zc_data_read_fixed(value, bytes, len)) {
        fault(out, name, "has an item of the wrong length");
        return;
    }
    took(out, zc_rlp_put_string(&out->writer, zc_slice_of(bytes, len)));
}

static void put_hashes(writing *out, json_t *list, const char *name)
{
    zc_rlp_list all;
    size_t index;
    json_t *item;
    zc_rlp_list_begin(&out->writer, &all);
    json_array_foreach(list, index, item)
    {
        put_fixed(out, item, WORD, name);
    }
    took(out, zc_rlp_list_end(&out->writer, &all));
}

static void put_access_list(writing *out)
{
    zc_rlp_list all;
    zc_rlp_list entry;
    size_t index;
    json_t *item;
    json_t *list = json_object_get(out->object, "accessList");
    if (list != NULL && !json_is_null(list) && !json_is_array(list)) {
        fault(out, "accessList", "is no list");
    }
    zc_rlp_list_begin(&out->writer, &all);
    json_array_foreach(list, index, item)
    {
        zc_rlp_list_begin(&out->writer, &entry);
        put_fixed(out, json_object_get(item, "address"), ADDRESS, "accessList");
        put_hashes(out, json_object_get(item, "storageKeys"), "accessList");
        took(out, zc_rlp_list_end(&out->writer, &entry));
    }
    took(out, zc_rlp_list_end(&out->writer, &all));
}

static void put_authorizations(writing *out)
{
    static const char *const numbers[] = {"nonce", "yParity", "r", "s"};
    zc_rlp_list all;
    zc_rlp_list entry;
    size_t index;
    json_t *item;
    zc_rlp_list_begin(&out->writer, &all);
    json_array_foreach(json_object_get(out->object, "authorizationList"), index, item)
    {
        zc_rlp_list_begin(&out->writer, &entry);
        put_number(out, json_object_get(item, "chainId"), "authorizationList.chainId");
        put_fixed(out, json_object_get(item, "address"), ADDRESS, "authorizationList");
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            put_number(out, json_object_get(item, numbers[i]), "authorizationList");
        }
        took(out, zc_rlp_list_end(&out->writer, &entry));
    }
    took(out, zc_rlp_list_end(&out->writer, &all));
}

/* Every field that any type has; what is not among them would not be signed. */
static const char *const known[] = {
    "from",
    "to",
    "gas",
    "gasLimit",
    "gasPrice",
    "value",
    "data",
    "input",
    "nonce",
    "chainId",
    "type",
    "accessList",
    "maxFeePerGas",
    "maxPriorityFeePerGas",
    "maxFeePerBlobGas",
    "blobVersionedHashes",
    "authorizationList",
};

static void check_fields(writing *out)
{
    const char *name;
    json_t *value;
    json_object_foreach(out->object, name, value)
    {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            found = found || strcmp(known[i], name) == 0;
        }
        if (!found) {
            fault(out, "a field", "of the transaction is not known: it would not be signed");
        }
    }
}

static uint8_t type_of(writing *out)
{
    zc_u256 said;
    uint64_t number = 0;
    uint8_t type = has(out, "authorizationList")     ? 4
                   : has(out, "blobVersionedHashes") ? 3
                   : has(out, "maxFeePerGas")        ? 2
                   : has(out, "accessList")          ? 1
                                                     : 0;
    if (!has(out, "type")) {
        return type;
    }
    bool read = zc_quantity_read(json_object_get(out->object, "type"), &said) &&
                zc_ok(zc_u256_to_u64(&said, &number)) && number <= 4;
    if (!read || (uint8_t)number < type) {
        fault(out, "type", "does not go with the other fields");
    }
    return (uint8_t)number;
}

static void put_legacy(writing *out)
{
    put_field(out, "nonce");
    put_field(out, "gasPrice");
    put_gas(out);
    put_to(out);
    put_optional(out, "value");
    put_data(out);
    if (has(out, "chainId")) {
        put_field(out, "chainId");
        took(out, zc_rlp_put_u64(&out->writer, 0));
        took(out, zc_rlp_put_u64(&out->writer, 0));
    }
}

static void put_typed(writing *out, uint8_t type)
{
    put_field(out, "chainId");
    put_field(out, "nonce");
    if (type == 1) {
        put_field(out, "gasPrice");
    } else {
        put_field(out, "maxPriorityFeePerGas");
        put_field(out, "maxFeePerGas");
    }
    put_gas(out);
    put_to(out);
    put_optional(out, "value");
    put_data(out);
    put_access_list(out);
    if (type == 3) {
        put_field(out, "maxFeePerBlobGas");
        put_hashes(out, json_object_get(out->object, "blobVersionedHashes"), "blobVersionedHashes");
    } else if (type == 4) {
        put_authorizations(out);
    }
}

static void put_transaction(writing *out)
{
    zc_rlp_list list;
    check_fields(out);
    uint8_t type = type_of(out);
    if (type != 0) {
        took(out, zc_write_u8(&out->writer, type));
    }
    zc_rlp_list_begin(&out->writer, &list);
    if (type == 0) {
        put_legacy(out);
    } else {
        put_typed(out, type);
    }
    took(out, zc_rlp_list_end(&out->writer, &list));
}

bool zc_transaction_write(json_t *object, zc_bytes *ret_unsigned, char ret_why[static 128])
{
    uint8_t *room = malloc(TX_MAX);
    writing out = {.object = object, .why = ret_why};
    if (room == NULL || !json_is_object(object)) {
        free(room);
        (void)snprintf(ret_why, 128, "the transaction is no object");
        return false;
    }
    out.writer = zc_writer_of(room, TX_MAX);
    put_transaction(&out);
    bool made = !out.failed && zc_bytes_append(ret_unsigned, zc_writer_written(&out.writer));
    zc_bytes_clear(&out.data);
    free(room);
    return made;
}
