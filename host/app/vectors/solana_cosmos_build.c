/* Solana messages out of the fields that trezor-firmware's fixtures name. */
#include <string.h>

#include "codec/base58.h"
#include "solana_cosmos.h"

#define MAX_BUILT 4096

bool zc_solana_key_of(zc_report *report, const char *text, uint8_t ret_key[static 32])
{
    uint8_t bytes[32];
    size_t len;
    if (!zc_ok(zc_base58_read(zc_slice_of_text(text), bytes, sizeof bytes, &len)) || len != 32) {
        zc_report_problem(report, "the case is malformed: '%s' is no key", text);
        return false;
    }
    memcpy(ret_key, bytes, 32);
    return true;
}

static zc_result put_little(zc_writer *writer, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        ZC_TRY(zc_write_u8(writer, (uint8_t)(value >> (8 * i))));
    }
    return ZC_OK;
}

static zc_result put_compact(zc_writer *writer, size_t value)
{
    while (value >= 0x80) {
        ZC_TRY(zc_write_u8(writer, (uint8_t)(value | 0x80)));
        value >>= 7;
    }
    return zc_write_u8(writer, (uint8_t)value);
}

static zc_result put_key(zc_report *report, zc_writer *writer, const char *text)
{
    uint8_t key[32];
    if (!zc_solana_key_of(report, text, key)) {
        return zc_fail(ZC_BASE_BAD_HEX);
    }
    return zc_write_slice(writer, ZC_SLICE_OF_ARRAY(key));
}

/* Numbers are 64 bits wide but for these. */
static size_t width_of(const char *name)
{
    static const struct {
        const char *name;
        size_t width;
    } narrow[] = {
        {"decimals", 1},        {"number_of_signers", 1},
        {"authority_type", 1},  {"bump_seed", 1},
        {"bytes", 4},           {"units", 4},
        {"stake_authorize", 4}, {"additional_fee", 4},
        {"commission", 1},      {"vote_authorize", 4},
    };
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
        if (strcmp(narrow[i].name, name) == 0) {
            return narrow[i].width;
        }
    }
    return 8;
}

static zc_result put_plain(zc_report *report, zc_writer *writer, const char *name,
                           const json_t *value)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        if (strspn(text, "0123456789") == strlen(text) && strlen(text) > 18 && strlen(text) < 21) {
            /* Beyond what JSON libraries keep exactly (files.h). */
            zc_u256 number;
            ZC_TRY(zc_u256_from_decimal(zc_slice_of_text(text), &number));
            return put_little(writer, number.limb[0], 8);
        }
        return put_key(report, writer, text);
    }
    return put_little(writer, (uint64_t)json_integer_value(value), width_of(name));
}

/* A text behind its length, an option, or a value. */
static zc_result put_field(zc_report *report, zc_writer *writer, const char *name,
                           const json_t *value)
{
    const char *chars = json_string_value(json_object_get(value, "chars"));
    const json_t *included = json_object_get(value, "is_included");
    if (chars != NULL) {
        ZC_TRY(put_little(writer, strlen(chars), 8));
        return zc_write_text(writer, chars);
    }
    if (included == NULL) {
        return put_plain(report, writer, name, value);
    }
    const bool is_there = json_is_true(included) || json_integer_value(included) == 1;
    ZC_TRY(zc_write_u8(writer, is_there ? 1 : 0));
    return is_there ? put_plain(report, writer, name, json_object_get(value, "value")) : ZC_OK;
}

/* Native programs number their instructions in 32 bits, the others in 8. */
static size_t id_width(const char *program)
{
    return strncmp(program, "1111", 4) == 0 || strncmp(program, "Stake", 5) == 0 ||
                   strncmp(program, "Vote", 4) == 0
               ? 4
               : 1;
}

static zc_result put_fields(zc_report *report, zc_writer *writer, const char *program, json_t *data)
{
    const char *name;
    json_t *value;
    json_object_foreach(data, name, value)
    {
        if (strcmp(name, "instruction_id") == 0) {
            if (!json_is_null(value)) {
                ZC_TRY(put_little(writer, (uint64_t)json_integer_value(value), id_width(program)));
            }
        } else if (strcmp(name, "memo") == 0) {
            ZC_TRY(zc_write_text(writer, json_string_value(value)));
        } else {
            ZC_TRY(put_field(report, writer, name, value));
        }
    }
    return ZC_OK;
}

/* An account's index, several of them, or none. */
static zc_result put_accounts(zc_writer *writer, json_t *accounts)
{
    const char *name;
    json_t *value;
    json_t *item;
    size_t i;
    json_array_foreach(accounts, i, item)
    {
        ZC_TRY(zc_write_u8(writer, (uint8_t)json_integer_value(item)));
    }
    json_object_foreach(accounts, name, value)
    {
        if (json_is_integer(value)) {
            ZC_TRY(zc_write_u8(writer, (uint8_t)json_integer_value(value)));
        }
        json_array_foreach(value, i, item)
        {
            ZC_TRY(zc_write_u8(writer, (uint8_t)json_integer_value(item)));
        }
    }
    return ZC_OK;
}

static zc_result put_counted(zc_writer *writer, zc_slice bytes)
{
    ZC_TRY(put_compact(writer, bytes.len));
    return zc_write_slice(writer, bytes);
}

static zc_result put_instruction(zc_report *report, zc_writer *writer, const json_t *construct,
                                 const json_t *instruction, size_t *known)
{
    uint8_t accounts[256];
    uint8_t data[MAX_BUILT];
    zc_writer account_writer = ZC_WRITER_OF_ARRAY(accounts);
    zc_writer data_writer = ZC_WRITER_OF_ARRAY(data);
    json_t *fields = json_object_get(instruction, "data");
    const json_int_t program = json_integer_value(json_object_get(instruction, "program_index"));
    const char *name =
        json_string_value(json_array_get(json_object_get(construct, "accounts"), (size_t)program));
    ZC_TRY(put_accounts(&account_writer, json_object_get(instruction, "accounts")));
    ZC_TRY(zc_write_u8(writer, (uint8_t)program));
    ZC_TRY(put_counted(writer, zc_writer_written(&account_writer)));
    if (!json_is_object(fields)) {
        /* Of a program without named fields: hex that begins with its own length. */
        return zc_write_slice(writer, zc_field_hex(report, instruction, "data"));
    }
    ++*known;
    ZC_TRY(put_fields(report, &data_writer, name != NULL ? name : "", fields));
    return put_counted(writer, zc_writer_written(&data_writer));
}

static zc_result put_lookups(zc_report *report, zc_writer *writer, const json_t *tables)
{
    static const char *const kinds[] = {"readwrite", "readonly"};
    size_t i;
    json_t *table;
    ZC_TRY(put_compact(writer, json_array_size(tables)));
    json_array_foreach(tables, i, table)
    {
        ZC_TRY(put_key(report, writer, zc_field_text(table, "account")));
        for (size_t kind = 0; kind < 2; kind++) {
            json_t *list = json_object_get(table, kinds[kind]);
            ZC_TRY(put_compact(writer, json_array_size(list)));
            ZC_TRY(put_accounts(writer, list));
        }
    }
    return ZC_OK;
}

static zc_result put_message(zc_report *report, zc_writer *writer, const json_t *construct,
                             size_t *known)
{
    static const char *const counts[] = {"signers", "readonly_signers", "readonly_non_signers"};
    const json_t *header = json_object_get(construct, "header");
    const json_t *accounts = json_object_get(construct, "accounts");
    const json_t *instructions = json_object_get(construct, "instructions");
    const bool versioned = zc_field_has(construct, "version");
    size_t i;
    json_t *item;
    if (versioned) {
        ZC_TRY(zc_write_u8(writer, (uint8_t)(0x80 | zc_field_u64(report, construct, "version"))));
    }
    for (i = 0; i < 3; i++) {
        ZC_TRY(zc_write_u8(writer, (uint8_t)zc_field_u64(report, header, counts[i])));
    }
    ZC_TRY(put_compact(writer, json_array_size(accounts)));
    json_array_foreach(accounts, i, item)
    {
        ZC_TRY(put_key(report, writer, json_string_value(item)));
    }
    ZC_TRY(put_key(report, writer, zc_field_text(construct, "blockhash")));
    ZC_TRY(put_compact(writer, json_array_size(instructions)));
    json_array_foreach(instructions, i, item)
    {
        ZC_TRY(put_instruction(report, writer, construct, item, known));
    }
    return versioned ? put_lookups(report, writer, json_object_get(construct, "luts")) : ZC_OK;
}

zc_slice zc_build_solana(zc_report *report, const json_t *construct, size_t *ret_known)
{
    uint8_t *room = zc_report_room(report, MAX_BUILT);
    zc_writer writer = zc_writer_of(room, MAX_BUILT);
    *ret_known = 0;
    if (!zc_report_ok(report, "building the message",
                      put_message(report, &writer, construct, ret_known))) {
        return zc_slice_of(NULL, 0);
    }
    return zc_writer_written(&writer);
}
