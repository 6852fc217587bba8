/* The unsigned bytes of a transaction that a case describes by its fields. */
#include "codec/rlp.h"
#include "ethereum.h"

#define CAPACITY ((size_t)1 << 20)

/* The first of two names that the object has. */
static const char *either(const json_t *object, const char *name, const char *other)
{
    return zc_field_has(object, name) ? name : other;
}

static void put_number(zc_report *report, const json_t *object, const char *key, zc_writer *writer)
{
    zc_u256 number = zc_field_number(report, object, key);
    (void)zc_report_ok(report, key, zc_rlp_put_u256(writer, &number));
}

/* Absent counts as empty: contract creation, no data. */
static void put_bytes(zc_report *report, const json_t *object, const char *key, zc_writer *writer)
{
    zc_slice bytes = zc_slice_of(NULL, 0);
    if (zc_field_has(object, key)) {
        bytes = zc_field_hex(report, object, key);
    }
    (void)zc_report_ok(report, key, zc_rlp_put_string(writer, bytes));
}

/* An access is {address, storageKeys} or [address, [key…]]. */
static const json_t *access_keys(const json_t *access)
{
    return json_is_array(access) ? json_array_get(access, 1)
                                 : json_object_get(access, "storageKeys");
}

static void put_access_address(zc_report *report, const json_t *access, zc_writer *writer)
{
    const json_t *address =
        json_is_array(access) ? json_array_get(access, 0) : json_object_get(access, "address");
    (void)zc_report_ok(report, "address", zc_rlp_put_string(writer, zc_hex_of(report, address)));
}

static void put_accesses(zc_report *report, const json_t *accesses, zc_writer *writer)
{
    zc_rlp_list all;
    size_t i;
    json_t *access;
    zc_rlp_list_begin(writer, &all);
    json_array_foreach(accesses, i, access)
    {
        zc_rlp_list one;
        zc_rlp_list keys;
        size_t k;
        json_t *key;
        zc_rlp_list_begin(writer, &one);
        put_access_address(report, access, writer);
        zc_rlp_list_begin(writer, &keys);
        json_array_foreach(access_keys(access), k, key)
        {
            (void)zc_report_ok(report, "storageKeys",
                               zc_rlp_put_string(writer, zc_hex_of(report, key)));
        }
        (void)zc_report_ok(report, "storageKeys", zc_rlp_list_end(writer, &keys));
        (void)zc_report_ok(report, "accessList", zc_rlp_list_end(writer, &one));
    }
    (void)zc_report_ok(report, "accessList", zc_rlp_list_end(writer, &all));
}

static void put_hashes(zc_report *report, const json_t *hashes, zc_writer *writer)
{
    zc_rlp_list list;
    size_t i;
    json_t *hash;
    zc_rlp_list_begin(writer, &list);
    json_array_foreach(hashes, i, hash)
    {
        (void)zc_report_ok(report, "hash", zc_rlp_put_string(writer, zc_hex_of(report, hash)));
    }
    (void)zc_report_ok(report, "blobVersionedHashes", zc_rlp_list_end(writer, &list));
}

/* Python prints the objects of one library as a list of objects with one field each: put together,
 * they are the object. The caller decrefs. */
static json_t *plain_authorization(json_t *authorization)
{
    size_t i;
    json_t *part;
    json_t *parts = json_object_get(authorization, "$SignedSetCodeAuthorization");
    json_t *whole = json_object();
    (void)json_object_update(whole, authorization);
    json_array_foreach(parts, i, part)
    {
        (void)json_object_update(whole, part);
    }
    return whole;
}

static void put_authorization(zc_report *report, const json_t *tuple, zc_writer *writer)
{
    zc_rlp_list list;
    zc_rlp_list_begin(writer, &list);
    put_number(report, tuple, either(tuple, "chainId", "chain_id"), writer);
    put_bytes(report, tuple, "address", writer);
    put_number(report, tuple, "nonce", writer);
    put_number(report, tuple, either(tuple, "yParity", "y_parity"), writer);
    put_number(report, tuple, "r", writer);
    put_number(report, tuple, "s", writer);
    (void)zc_report_ok(report, "authorization", zc_rlp_list_end(writer, &list));
}

static void put_authorizations(zc_report *report, const json_t *tuples, zc_writer *writer)
{
    zc_rlp_list list;
    size_t i;
    json_t *tuple;
    zc_rlp_list_begin(writer, &list);
    json_array_foreach(tuples, i, tuple)
    {
        json_t *plain = plain_authorization(tuple);
        put_authorization(report, plain, writer);
        json_decref(plain);
    }
    (void)zc_report_ok(report, "authorizationList", zc_rlp_list_end(writer, &list));
}

zc_slice zc_build_unsigned(zc_report *report, const json_t *transaction, unsigned type)
{
    zc_rlp_list list;
    zc_writer writer = zc_writer_of(zc_report_room(report, CAPACITY), CAPACITY);
    if (type > 0) {
        (void)zc_report_ok(report, "type", zc_write_u8(&writer, (uint8_t)type));
    }
    zc_rlp_list_begin(&writer, &list);
    if (type > 0) {
        put_number(report, transaction, "chainId", &writer);
    }
    put_number(report, transaction, "nonce", &writer);
    if (type >= 2) {
        put_number(report, transaction, "maxPriorityFeePerGas", &writer);
        put_number(report, transaction, "maxFeePerGas", &writer);
    } else {
        put_number(report, transaction, either(transaction, "gasPrice", "gasprice"), &writer);
    }
    put_number(report, transaction, either(transaction, "gas", "startgas"), &writer);
    put_bytes(report, transaction, "to", &writer);
    put_number(report, transaction, "value", &writer);
    put_bytes(report, transaction, "data", &writer);
    if (type > 0) {
        put_accesses(report, json_object_get(transaction, "accessList"), &writer);
    }
    if (type == 3) {
        put_number(report, transaction, "maxFeePerBlobGas", &writer);
        put_hashes(report, json_object_get(transaction, "blobVersionedHashes"), &writer);
    } else if (type == 4) {
        put_authorizations(report, json_object_get(transaction, "authorizationList"), &writer);
    }
    (void)zc_report_ok(report, "transaction", zc_rlp_list_end(&writer, &list));
    return zc_writer_written(&writer);
}
