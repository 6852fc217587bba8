#include "compose/hyperliquid_action.h"

#include "compose/msgpack.h"

zc_hl_action zc_hl_action_of(zc_writer *json, zc_writer *packed)
{
    return (zc_hl_action){.json = zc_json_of(json), .packed = packed};
}

zc_result zc_hl_open_map(zc_hl_action *action, size_t pairs)
{
    ZC_TRY(zc_json_open_object(&action->json));
    return zc_msgpack_put_map(action->packed, pairs);
}

zc_result zc_hl_close_map(zc_hl_action *action)
{
    return zc_json_close_object(&action->json);
}

zc_result zc_hl_open_array(zc_hl_action *action, size_t items)
{
    ZC_TRY(zc_json_open_array(&action->json));
    return zc_msgpack_put_array(action->packed, items);
}

zc_result zc_hl_close_array(zc_hl_action *action)
{
    return zc_json_close_array(&action->json);
}

zc_result zc_hl_key(zc_hl_action *action, const char *key)
{
    ZC_TRY(zc_json_key(&action->json, key));
    return zc_msgpack_put_text(action->packed, zc_slice_of_text(key));
}

zc_result zc_hl_text(zc_hl_action *action, zc_slice text)
{
    ZC_TRY(zc_json_text(&action->json, text));
    return zc_msgpack_put_text(action->packed, text);
}

zc_result zc_hl_u64(zc_hl_action *action, uint64_t value)
{
    ZC_TRY(zc_json_u64(&action->json, value));
    return zc_msgpack_put_u64(action->packed, value);
}

zc_result zc_hl_i64(zc_hl_action *action, int64_t value)
{
    ZC_TRY(zc_json_i64(&action->json, value));
    return zc_msgpack_put_i64(action->packed, value);
}

zc_result zc_hl_bool(zc_hl_action *action, bool value)
{
    ZC_TRY(zc_json_bool(&action->json, value));
    return zc_msgpack_put_bool(action->packed, value);
}

zc_result zc_hl_null(zc_hl_action *action)
{
    ZC_TRY(zc_json_null(&action->json));
    return zc_msgpack_put_nil(action->packed);
}

zc_result zc_hl_action_end(const zc_hl_action *action)
{
    return zc_json_end(&action->json);
}
