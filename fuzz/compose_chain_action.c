/* Any sequence of calls of the action writer: JSON that was finished is JSON, and failed calls
 * leave no trace in it. */
#include "compose/hyperliquid_action.h"
#include "fuzz.h"

/* One step of the script; what a call refuses is refused. */
static zc_result step(zc_hl_action *action, uint8_t code, zc_slice rest)
{
    const zc_slice text = zc_slice_of(rest.data, rest.len < code ? rest.len : code);
    switch (code % 9) {
    case 0:
        return zc_hl_open_map(action, code);
    case 1:
        return zc_hl_close_map(action);
    case 2:
        return zc_hl_open_array(action, code);
    case 3:
        return zc_hl_close_array(action);
    case 4:
        return zc_hl_key(action, "k\"\\");
    case 5:
        return zc_hl_text(action, text);
    case 6:
        return zc_hl_i64(action, -(int64_t)code * 0x1234567);
    case 7:
        return zc_hl_bool(action, (code & 16) != 0);
    default:
        return zc_hl_null(action);
    }
}

/* Quotes pair up, brackets close, nothing follows the outermost value. */
static void check_whole(zc_slice json)
{
    bool in_text = false;
    size_t depth = 0;
    FUZZ_CHECK(json.len > 0);
    for (size_t i = 0; i < json.len; i++) {
        const uint8_t c = json.data[i];
        FUZZ_CHECK(c >= 0x20 && c != 0x7f);
        if (in_text && c == '\\') {
            i++;
        } else if (c == '"') {
            in_text = !in_text;
        } else if (!in_text && (c == '{' || c == '[')) {
            depth++;
        } else if (!in_text && (c == '}' || c == ']')) {
            FUZZ_CHECK(depth > 0);
            depth--;
            FUZZ_CHECK(depth > 0 || i + 1 == json.len);
        }
    }
    FUZZ_CHECK(!in_text && depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t json_byte[4096];
    static uint8_t packed_byte[4096];
    /* Small buffers, too: a failure in the middle must leave the text whole. */
    const size_t capacity = size > 0 ? (size_t)data[0] * 16 : 0;
    zc_writer json = zc_writer_of(json_byte, capacity);
    zc_writer packed = ZC_WRITER_OF_ARRAY(packed_byte);
    zc_hl_action action = zc_hl_action_of(&json, &packed);
    for (size_t i = 1; i < size; i++) {
        const size_t before = zc_writer_len(&json);
        const size_t packed_before = zc_writer_len(&packed);
        zc_result result = step(&action, data[i], zc_slice_of(data + i, size - i));
        FUZZ_CHECK(zc_ok(result) || zc_writer_len(&packed) == packed_before);
        FUZZ_CHECK(zc_ok(result) || zc_writer_len(&json) == before || zc_is(result, ZC_BASE_FULL));
    }
    if (zc_ok(zc_hl_action_end(&action))) {
        check_whole(zc_writer_written(&json));
    }
    return 0;
}
