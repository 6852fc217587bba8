#include "intent/solana/message.h"

#define VERSION_BIT 0x80

zc_result zc_solana_read_compact(zc_reader *reader, size_t *ret_value)
{
    zc_reader at = *reader;
    size_t value = 0;
    for (unsigned i = 0; i < 3; i++) {
        uint8_t byte;
        ZC_TRY(zc_read_u8(&at, &byte));
        value |= (size_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0) {
            if ((byte == 0 && i > 0) || value > UINT16_MAX) {
                return zc_fail(ZC_INTENT_SOLANA_COMPACT);
            }
            *reader = at;
            *ret_value = value;
            return ZC_OK;
        }
    }
    return zc_fail(ZC_INTENT_SOLANA_COMPACT);
}

static zc_result read_counted(zc_reader *reader, zc_slice *ret_bytes)
{
    size_t count;
    ZC_TRY(zc_solana_read_compact(reader, &count));
    return zc_read_slice(reader, count, ret_bytes);
}

static zc_result read_version(zc_reader *reader, bool *ret_is_versioned)
{
    uint8_t first;
    ZC_TRY(zc_peek_u8(reader, &first));
    *ret_is_versioned = (first & VERSION_BIT) != 0;
    if (!*ret_is_versioned) {
        return ZC_OK;
    }
    if (first != VERSION_BIT) {
        return zc_fail(ZC_INTENT_SOLANA_VERSION);
    }
    return zc_skip(reader, 1);
}

static zc_result read_keys(zc_reader *reader, zc_solana_message *message)
{
    ZC_TRY(zc_solana_read_compact(reader, &message->key_count));
    if (message->key_count > ZC_SOLANA_MAX_ACCOUNTS) {
        return zc_fail(ZC_INTENT_SOLANA_HEADER);
    }
    message->account_count = message->key_count;
    return zc_read_slice(reader, message->key_count * ZC_SOLANA_KEY_SIZE, &message->keys);
}

/* At least the fee payer signs and can be written to; signers and read-only others do not overlap.
 */
static zc_result check_header(const zc_solana_message *message)
{
    if (message->required == 0 || message->readonly_signed >= message->required ||
        (size_t)message->required + message->readonly_unsigned > message->key_count) {
        return zc_fail(ZC_INTENT_SOLANA_HEADER);
    }
    return ZC_OK;
}

static zc_result check_duplicates(const zc_solana_message *message)
{
    for (size_t i = 1; i < message->key_count; i++) {
        const zc_slice key = zc_solana_key(message, i);
        for (size_t j = 0; j < i; j++) {
            if (zc_slice_eq(key, zc_solana_key(message, j))) {
                return zc_fail(ZC_INTENT_SOLANA_DUPLICATE);
            }
        }
    }
    return ZC_OK;
}

zc_result zc_solana_next(zc_reader *instructions, zc_solana_instruction *ret_instruction)
{
    uint8_t program;
    ZC_TRY(zc_read_u8(instructions, &program));
    ret_instruction->program = program;
    ZC_TRY(read_counted(instructions, &ret_instruction->accounts));
    return read_counted(instructions, &ret_instruction->data);
}

static zc_result skip_instructions(zc_reader *reader, zc_solana_message *message)
{
    zc_solana_instruction instruction;
    ZC_TRY(zc_solana_read_compact(reader, &message->instruction_count));
    if (message->instruction_count > ZC_INTENT_MAX_CALLS) {
        return zc_fail(ZC_INTENT_TOO_MANY_CALLS);
    }
    message->instructions = *reader;
    for (size_t i = 0; i < message->instruction_count; i++) {
        ZC_TRY(zc_solana_next(reader, &instruction));
    }
    return ZC_OK;
}

typedef struct zc_solana_table {
    zc_slice key;
    zc_slice writable; /* indices into the table */
    zc_slice readonly;
} zc_solana_table;

static zc_result read_table(zc_reader *reader, zc_solana_table *ret_table)
{
    ZC_TRY(zc_read_slice(reader, ZC_SOLANA_KEY_SIZE, &ret_table->key));
    ZC_TRY(read_counted(reader, &ret_table->writable));
    return read_counted(reader, &ret_table->readonly);
}

static zc_result read_tables(zc_reader *reader, zc_solana_message *message)
{
    zc_solana_table table;
    if (!message->is_versioned) {
        return ZC_OK;
    }
    ZC_TRY(zc_solana_read_compact(reader, &message->table_count));
    if (message->table_count > ZC_SOLANA_MAX_ACCOUNTS) {
        return zc_fail(ZC_INTENT_SOLANA_TABLE);
    }
    message->tables = *reader;
    for (size_t i = 0; i < message->table_count; i++) {
        ZC_TRY(read_table(reader, &table));
        const size_t loaded = table.writable.len + table.readonly.len;
        if (loaded == 0 || message->account_count + loaded > ZC_SOLANA_MAX_ACCOUNTS) {
            return zc_fail(ZC_INTENT_SOLANA_TABLE);
        }
        message->account_count += loaded;
    }
    return ZC_OK;
}

/* Programs stand in the message itself and are not the fee payer. */
static zc_result check_instruction(const zc_solana_message *message,
                                   const zc_solana_instruction *instruction)
{
    if (instruction->program == 0 || instruction->program >= message->key_count) {
        return zc_fail(ZC_INTENT_SOLANA_PROGRAM);
    }
    for (size_t i = 0; i < instruction->accounts.len; i++) {
        if (instruction->accounts.data[i] >= message->account_count) {
            return zc_fail(ZC_INTENT_SOLANA_INDEX);
        }
    }
    return ZC_OK;
}

static zc_result check_instructions(const zc_solana_message *message, size_t *ret_offset)
{
    zc_reader reader = message->instructions;
    zc_solana_instruction instruction;
    for (size_t i = 0; i < message->instruction_count; i++) {
        *ret_offset = zc_reader_offset(&reader);
        ZC_TRY(zc_solana_next(&reader, &instruction));
        ZC_TRY(check_instruction(message, &instruction));
    }
    return ZC_OK;
}

static zc_result read_message(zc_reader *reader, zc_solana_message *message)
{
    ZC_TRY(read_version(reader, &message->is_versioned));
    ZC_TRY(zc_read_u8(reader, &message->required));
    ZC_TRY(zc_read_u8(reader, &message->readonly_signed));
    ZC_TRY(zc_read_u8(reader, &message->readonly_unsigned));
    ZC_TRY(read_keys(reader, message));
    ZC_TRY(check_header(message));
    ZC_TRY(check_duplicates(message));
    ZC_TRY(zc_read_slice(reader, ZC_SOLANA_KEY_SIZE, &message->blockhash));
    ZC_TRY(skip_instructions(reader, message));
    ZC_TRY(read_tables(reader, message));
    return zc_reader_end(reader);
}

zc_result zc_solana_parse(zc_slice bytes, zc_solana_message *ret_message, size_t *ret_offset)
{
    zc_solana_message message = {.bytes = bytes};
    zc_reader reader = zc_reader_of(bytes);
    zc_result result = bytes.len > ZC_SOLANA_MAX_MESSAGE ? zc_fail(ZC_INTENT_TOO_LONG)
                       : bytes.len == 0                  ? zc_fail(ZC_INTENT_EMPTY)
                                                         : read_message(&reader, &message);
    *ret_offset = zc_reader_offset(&reader);
    ZC_TRY(result);
    ZC_TRY(check_instructions(&message, ret_offset));
    *ret_message = message;
    return ZC_OK;
}

zc_slice zc_solana_key(const zc_solana_message *message, size_t index)
{
    if (index >= message->key_count) {
        return zc_slice_of(NULL, 0);
    }
    return zc_slice_of(message->keys.data + index * ZC_SOLANA_KEY_SIZE, ZC_SOLANA_KEY_SIZE);
}

/* Tables load all their writable accounts first, then all their read-only ones. */
void zc_solana_table_entry(const zc_solana_message *message, size_t index,
                           uint8_t ret_entry[static ZC_SOLANA_KEY_SIZE + 1])
{
    size_t left = index - message->key_count;
    memset(ret_entry, 0, ZC_SOLANA_KEY_SIZE + 1);
    for (size_t pass = 0; pass < 2; pass++) {
        zc_reader reader = message->tables;
        zc_solana_table table;
        for (size_t i = 0; i < message->table_count && zc_ok(read_table(&reader, &table)); i++) {
            const zc_slice run = pass == 0 ? table.writable : table.readonly;
            if (left < run.len) {
                memcpy(ret_entry, table.key.data, ZC_SOLANA_KEY_SIZE);
                ret_entry[ZC_SOLANA_KEY_SIZE] = run.data[left];
                return;
            }
            left -= run.len;
        }
    }
}

bool zc_solana_signer_index(const zc_solana_message *message, const uint8_t *key, size_t *ret_index)
{
    for (size_t i = 0; i < message->required; i++) {
        if (zc_slice_eq(zc_solana_key(message, i), zc_slice_of(key, ZC_SOLANA_KEY_SIZE))) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

bool zc_solana_is_signer(const zc_solana_message *message, size_t index)
{
    return index < message->required;
}
