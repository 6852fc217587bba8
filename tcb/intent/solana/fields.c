#include "base/reader.h"
#include "intent/solana/instruction.h"

static zc_result read_little(zc_reader *reader, size_t width, uint64_t *ret_value)
{
    zc_slice bytes;
    uint64_t value = 0;
    ZC_TRY(zc_read_slice(reader, width, &bytes));
    for (size_t i = 0; i < width; i++) {
        value |= (uint64_t)bytes.data[i] << (8 * i);
    }
    *ret_value = value;
    return ZC_OK;
}

static zc_result read_run(zc_reader *reader, size_t item_size, zc_slice *ret_bytes)
{
    uint64_t count;
    ZC_TRY(read_little(reader, 8, &count));
    if (count > zc_reader_left(reader) / item_size) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    return zc_read_slice(reader, (size_t)count * item_size, ret_bytes);
}

/* One byte, 0 or 1, and the value if 1. A number that is there is given as bytes too, so that its
 * presence shows. */
static zc_result read_option(zc_reader *reader, size_t width, uint64_t *ret_value,
                             zc_slice *ret_bytes)
{
    uint8_t tag;
    ZC_TRY(zc_read_u8(reader, &tag));
    if (tag > 1) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    if (tag == 0) {
        *ret_bytes = zc_slice_of(NULL, 0);
        return ZC_OK;
    }
    ZC_TRY(zc_read_slice(reader, width, ret_bytes));
    zc_reader value = zc_reader_of(*ret_bytes);
    return width == 8 ? read_little(&value, width, ret_value) : ZC_OK;
}

static zc_result read_field(zc_reader *reader, zc_solana_kind kind, uint64_t *ret_number,
                            zc_slice *ret_bytes)
{
    switch (kind) {
    case ZC_SOLANA_U8:
        return read_little(reader, 1, ret_number);
    case ZC_SOLANA_U32:
        return read_little(reader, 4, ret_number);
    case ZC_SOLANA_U64:
    case ZC_SOLANA_I64:
        return read_little(reader, 8, ret_number);
    case ZC_SOLANA_KEY:
        return zc_read_slice(reader, ZC_SOLANA_KEY_SIZE, ret_bytes);
    case ZC_SOLANA_TEXT:
        return read_run(reader, 1, ret_bytes);
    case ZC_SOLANA_KEYS:
        return read_run(reader, ZC_SOLANA_KEY_SIZE, ret_bytes);
    case ZC_SOLANA_OPTION_U64:
    case ZC_SOLANA_OPTION_I64:
        return read_option(reader, 8, ret_number, ret_bytes);
    case ZC_SOLANA_OPTION_KEY:
        return read_option(reader, ZC_SOLANA_KEY_SIZE, ret_number, ret_bytes);
    case ZC_SOLANA_END:
        break;
    }
    return ZC_OK;
}

zc_result zc_solana_read_fields(zc_solana_step *step, size_t *ret_left)
{
    const zc_solana_method *method = step->method;
    zc_reader reader = zc_reader_of(step->instruction->data);
    const size_t id_size =
        reader.at == reader.end ? 0 : (size_t)step->program->id_size + (method->has_sub ? 1 : 0);
    ZC_TRY(zc_skip(&reader, id_size));
    for (size_t i = 0; i < ZC_SOLANA_MAX_FIELDS && method->field[i].kind != ZC_SOLANA_END; i++) {
        ZC_TRY(read_field(&reader, method->field[i].kind, &step->number[i], &step->bytes[i]));
    }
    *ret_left = zc_reader_left(&reader);
    return ZC_OK;
}
