#include "intent/bitcoin/psbt_record.h"

#include "intent/bitcoin/wire.h"

/* What follows the type in a record's key. */
typedef enum zc_key_form {
    KEY_NONE,
    KEY_ANY,
    KEY_PUBKEY, /* 33 or 65 bytes, SEC 1 */
    KEY_20,
    KEY_32,      /* a hash, or an x-only key */
    KEY_LEAF,    /* x-only key and leaf hash */
    KEY_CONTROL, /* control block: 33 bytes and up to 128 of 32 */
    KEY_XPUB,    /* 78 bytes of BIP-32 */
} zc_key_form;

typedef enum zc_value_form {
    VALUE_ANY,
    VALUE_8_BITS,
    VALUE_32_BITS,
    VALUE_64_BITS,
    VALUE_COUNT,
    VALUE_32,
    VALUE_PATH,     /* fingerprint and numbers */
    VALUE_TAP_PATH, /* leaf hashes before those */
    VALUE_DER,      /* a signature in DER and its hash type */
    VALUE_SCHNORR,  /* 64 bytes, or 65 with a hash type */
    VALUE_LEAF,     /* script and leaf version */
    VALUE_WITNESS,  /* a stack with its count */
    VALUE_TIME,     /* lock times of BIP-65: seconds from 500000000 on, heights below */
    VALUE_HEIGHT,
} zc_value_form;

typedef struct zc_psbt_rule {
    uint8_t scope;
    uint8_t type;
    uint8_t key;
    uint8_t value;
    uint8_t versions; /* bit 0: version 0; bit 1: version 2 */
    uint8_t slot;
} zc_psbt_rule;

enum { V0 = 1, V2 = 2, BOTH = 3, LOCKTIME_THRESHOLD = 500000000 };

/* No rule has a type beyond the first of these but for the second. */
enum { LAST_TYPE = 0x18, VERSION_TYPE = 0xfb };

/* BIP-174, 370, 371. Types that are not here are kept and left alone. */
static const zc_psbt_rule rules[] = {
    {ZC_PSBT_GLOBAL, 0x00, KEY_NONE, VALUE_ANY, V0, ZC_PSBT_TX},
    {ZC_PSBT_GLOBAL, 0x01, KEY_XPUB, VALUE_PATH, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_GLOBAL, 0x02, KEY_NONE, VALUE_32_BITS, V2, ZC_PSBT_TX_VERSION},
    {ZC_PSBT_GLOBAL, 0x03, KEY_NONE, VALUE_32_BITS, V2, ZC_PSBT_FALLBACK_LOCKTIME},
    {ZC_PSBT_GLOBAL, 0x04, KEY_NONE, VALUE_COUNT, V2, ZC_PSBT_INPUT_COUNT},
    {ZC_PSBT_GLOBAL, 0x05, KEY_NONE, VALUE_COUNT, V2, ZC_PSBT_OUTPUT_COUNT},
    {ZC_PSBT_GLOBAL, 0x06, KEY_NONE, VALUE_8_BITS, V2, ZC_PSBT_MODIFIABLE},
    {ZC_PSBT_GLOBAL, 0xfb, KEY_NONE, VALUE_32_BITS, BOTH, ZC_PSBT_VERSION},
    {ZC_PSBT_INPUT, 0x00, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_PREVIOUS_TX},
    {ZC_PSBT_INPUT, 0x01, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_WITNESS_UTXO},
    {ZC_PSBT_INPUT, 0x02, KEY_PUBKEY, VALUE_DER, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x03, KEY_NONE, VALUE_32_BITS, BOTH, ZC_PSBT_SIGHASH},
    {ZC_PSBT_INPUT, 0x04, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_REDEEM},
    {ZC_PSBT_INPUT, 0x05, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_WITNESS_SCRIPT},
    {ZC_PSBT_INPUT, 0x06, KEY_PUBKEY, VALUE_PATH, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x07, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_FINAL_SCRIPT_SIG},
    {ZC_PSBT_INPUT, 0x08, KEY_NONE, VALUE_WITNESS, BOTH, ZC_PSBT_FINAL_WITNESS},
    {ZC_PSBT_INPUT, 0x09, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x0a, KEY_20, VALUE_ANY, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x0b, KEY_32, VALUE_ANY, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x0c, KEY_20, VALUE_ANY, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x0d, KEY_32, VALUE_ANY, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x0e, KEY_NONE, VALUE_32, V2, ZC_PSBT_PREVIOUS_TXID},
    {ZC_PSBT_INPUT, 0x0f, KEY_NONE, VALUE_32_BITS, V2, ZC_PSBT_PREVIOUS_INDEX},
    {ZC_PSBT_INPUT, 0x10, KEY_NONE, VALUE_32_BITS, V2, ZC_PSBT_SEQUENCE},
    {ZC_PSBT_INPUT, 0x11, KEY_NONE, VALUE_TIME, V2, ZC_PSBT_TIME},
    {ZC_PSBT_INPUT, 0x12, KEY_NONE, VALUE_HEIGHT, V2, ZC_PSBT_HEIGHT},
    {ZC_PSBT_INPUT, 0x13, KEY_NONE, VALUE_SCHNORR, BOTH, ZC_PSBT_TAP_SIG},
    {ZC_PSBT_INPUT, 0x14, KEY_LEAF, VALUE_SCHNORR, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x15, KEY_CONTROL, VALUE_LEAF, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x16, KEY_32, VALUE_TAP_PATH, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_INPUT, 0x17, KEY_NONE, VALUE_32, BOTH, ZC_PSBT_TAP_KEY},
    {ZC_PSBT_INPUT, 0x18, KEY_NONE, VALUE_32, BOTH, ZC_PSBT_TAP_ROOT},
    {ZC_PSBT_OUTPUT, 0x00, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_REDEEM},
    {ZC_PSBT_OUTPUT, 0x01, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_WITNESS_SCRIPT},
    {ZC_PSBT_OUTPUT, 0x02, KEY_PUBKEY, VALUE_PATH, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_OUTPUT, 0x03, KEY_NONE, VALUE_64_BITS, V2, ZC_PSBT_AMOUNT},
    {ZC_PSBT_OUTPUT, 0x04, KEY_NONE, VALUE_ANY, V2, ZC_PSBT_SCRIPT},
    {ZC_PSBT_OUTPUT, 0x05, KEY_NONE, VALUE_32, BOTH, ZC_PSBT_TAP_KEY},
    {ZC_PSBT_OUTPUT, 0x06, KEY_NONE, VALUE_ANY, BOTH, ZC_PSBT_NO_SLOT},
    {ZC_PSBT_OUTPUT, 0x07, KEY_32, VALUE_TAP_PATH, BOTH, ZC_PSBT_NO_SLOT},
};

static const zc_psbt_rule *find_rule(zc_psbt_scope scope, uint64_t type)
{
    if (type > LAST_TYPE && type != VERSION_TYPE) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].scope == scope && rules[i].type == type) {
            return &rules[i];
        }
    }
    return NULL;
}

/* The form alone: whether a key is a point of the curve shows when it is used. */
static bool key_fits(zc_key_form form, zc_slice key)
{
    switch (form) {
    case KEY_NONE:
        return key.len == 0;
    case KEY_PUBKEY:
        return (key.len == 33 && (key.data[0] == 2 || key.data[0] == 3)) ||
               (key.len == 65 && key.data[0] == 4);
    case KEY_20:
        return key.len == 20;
    case KEY_32:
        return key.len == 32;
    case KEY_LEAF:
        return key.len == 64;
    case KEY_CONTROL:
        return key.len >= 33 && (key.len - 33) % 32 == 0 && (key.len - 33) / 32 <= 128;
    case KEY_XPUB:
        return key.len == 78;
    case KEY_ANY:
        return true;
    }
    return false;
}

static bool is_path(zc_slice value)
{
    return value.len >= 4 && value.len % 4 == 0;
}

static bool is_tap_path(zc_slice value)
{
    zc_reader reader = zc_reader_of(value);
    uint64_t leaves;
    return zc_ok(zc_btc_read_count(&reader, &leaves)) && leaves <= zc_reader_left(&reader) / 32 &&
           zc_ok(zc_skip(&reader, (size_t)leaves * 32)) && is_path(zc_reader_rest(&reader));
}

/* Only the frame: what does not verify is of no use to anybody but harms nobody. */
static bool is_der(zc_slice value)
{
    return value.len >= 9 && value.len <= 73 && value.data[0] == 0x30 &&
           value.data[1] == value.len - 3;
}

static bool is_locktime(zc_value_form form, zc_slice value)
{
    zc_reader reader = zc_reader_of(value);
    uint32_t time;
    return value.len == 4 && zc_ok(zc_btc_read_u32(&reader, &time)) && time > 0 &&
           (time >= LOCKTIME_THRESHOLD) == (form == VALUE_TIME);
}

static bool is_count(zc_slice value)
{
    zc_reader reader = zc_reader_of(value);
    uint64_t count;
    return zc_ok(zc_btc_read_count(&reader, &count)) && zc_ok(zc_reader_end(&reader));
}

static bool is_witness(zc_slice value)
{
    zc_reader reader = zc_reader_of(value);
    uint64_t count;
    zc_slice item;
    if (!zc_ok(zc_btc_read_count(&reader, &count)) || count > zc_reader_left(&reader)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!zc_ok(zc_btc_read_bytes(&reader, &item))) {
            return false;
        }
    }
    return zc_ok(zc_reader_end(&reader));
}

static bool value_fits(zc_value_form form, zc_slice value)
{
    switch (form) {
    case VALUE_8_BITS:
        return value.len == 1;
    case VALUE_32_BITS:
        return value.len == 4;
    case VALUE_64_BITS:
        return value.len == 8;
    case VALUE_32:
        return value.len == 32;
    case VALUE_SCHNORR:
        return value.len == 64 || value.len == 65;
    case VALUE_LEAF:
        return value.len >= 1;
    case VALUE_COUNT:
        return is_count(value);
    case VALUE_WITNESS:
        return is_witness(value);
    case VALUE_PATH:
        return is_path(value);
    case VALUE_TAP_PATH:
        return is_tap_path(value);
    case VALUE_DER:
        return is_der(value);
    case VALUE_TIME:
    case VALUE_HEIGHT:
        return is_locktime(form, value);
    case VALUE_ANY:
        return true;
    }
    return false;
}

static zc_result read_record(zc_reader *reader, zc_psbt_record *ret_record)
{
    zc_reader at = *reader;
    zc_psbt_record record;
    ZC_TRY(zc_btc_read_bytes(&at, &record.key));
    ZC_TRY(zc_btc_read_bytes(&at, &record.value));
    zc_reader key = zc_reader_of(record.key);
    ZC_TRY(zc_btc_read_count(&key, &record.type));
    record.key_data = zc_reader_rest(&key);
    record.bytes = zc_slice_of(reader->at, (size_t)(at.at - reader->at));
    *reader = at;
    *ret_record = record;
    return ZC_OK;
}

bool zc_psbt_next_record(zc_reader *records, zc_psbt_record *ret_record)
{
    return zc_reader_left(records) > 0 && zc_ok(read_record(records, ret_record));
}

/* The keys of a map so far. Comparing marks first keeps the search for duplicates cheap: 128 of
 * them are a few vector instructions. */
typedef struct zc_psbt_keys {
    size_t count;
    uint32_t mark[ZC_PSBT_MAX_RECORDS];
    zc_slice key[ZC_PSBT_MAX_RECORDS];
} zc_psbt_keys;

/* FNV-1a. */
static uint32_t mark_of(zc_slice key)
{
    uint32_t mark = 2166136261u;
    for (size_t i = 0; i < key.len; i++) {
        mark = (mark ^ key.data[i]) * 16777619u;
    }
    return mark;
}

static zc_result add_key(zc_psbt_keys *keys, zc_slice key)
{
    uint32_t mark = mark_of(key);
    uint32_t hits = 0;
    if (keys->count == ZC_PSBT_MAX_RECORDS) {
        return zc_fail(ZC_INTENT_PSBT_TOO_MANY);
    }
    for (size_t i = 0; i < keys->count; i++) {
        hits += keys->mark[i] == mark;
    }
    for (size_t i = 0; hits > 0 && i < keys->count; i++) {
        if (keys->mark[i] == mark && zc_slice_eq(keys->key[i], key)) {
            return zc_fail(ZC_INTENT_PSBT_DUPLICATE);
        }
    }
    keys->mark[keys->count] = mark;
    keys->key[keys->count++] = key;
    return ZC_OK;
}

static zc_result take_record(zc_psbt_scope scope, const zc_psbt_record *record, zc_psbt_map *map)
{
    const zc_psbt_rule *rule = find_rule(scope, record->type);
    if (rule == NULL) {
        return ZC_OK;
    }
    if (rule->versions == V2 && !key_fits(rule->key, record->key_data)) {
        /* To version 0 it is of an unknown type; in version 2 it cannot be. */
        map->fits_v2 = false;
        return ZC_OK;
    }
    if (!key_fits(rule->key, record->key_data) || !value_fits(rule->value, record->value)) {
        return zc_fail(ZC_INTENT_PSBT_RECORD);
    }
    map->fits_v0 = map->fits_v0 && (rule->versions & V0) != 0;
    map->fits_v2 = map->fits_v2 && (rule->versions & V2) != 0;
    if (rule->slot != ZC_PSBT_NO_SLOT) {
        map->slot[rule->slot] = record->value;
    }
    return ZC_OK;
}

zc_result zc_psbt_read_map(zc_reader *reader, zc_psbt_scope scope, size_t *records_left,
                           zc_psbt_map *ret_map)
{
    zc_psbt_keys keys;
    zc_psbt_record record;
    uint8_t next;
    const uint8_t *start = reader->at;
    keys.count = 0;
    *ret_map = (zc_psbt_map){.fits_v0 = true, .fits_v2 = true};
    ZC_TRY(zc_peek_u8(reader, &next));
    while (next != 0) {
        zc_reader at = *reader;
        ZC_TRY(read_record(&at, &record));
        if (*records_left == 0) {
            return zc_fail(ZC_INTENT_PSBT_TOO_MANY);
        }
        *records_left -= 1;
        ZC_TRY(add_key(&keys, record.key));
        ZC_TRY(take_record(scope, &record, ret_map));
        *reader = at;
        ZC_TRY(zc_peek_u8(reader, &next));
    }
    ret_map->records = zc_slice_of(start, (size_t)(reader->at - start));
    return zc_skip(reader, 1);
}
