/* One line of JSON in, one out: typed data as wallets take it, to the digest that the enclave's
 * code computes. {"semantics": 3 or 4, "data": …} → {"digest": "0x…", "flags": n} or {"error": "…"}
 */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "intent/typed_data.h"
#include "support/json.h"
#include "support/reason.h"
#include "support/typed_data.h"

static json_t *answer_error(const char *why)
{
    return json_pack("{s:s}", "error", why);
}

static json_t *answer(const json_t *question)
{
    static zc_intent intent;
    static const uint8_t account[ZC_EVM_ADDRESS_SIZE] = {1};
    const unsigned semantics = (unsigned)json_integer_value(json_object_get(question, "semantics"));
    ZC_BYTES zc_bytes form = {0};
    zc_error error = {0};
    if (!zc_ok(
            zc_typed_data_of_json(json_object_get(question, "data"), semantics, &form, &error))) {
        return answer_error(error.why);
    }
    const zc_result result =
        zc_intent_decode_typed_data(zc_bytes_slice(&form), account, NULL, &intent, NULL);
    if (!zc_ok(result)) {
        return answer_error(zc_reason_text(result));
    }
    json_t *object = json_object();
    (void)zc_json_set_hex0x(object, "digest", ZC_SLICE_OF_ARRAY(intent.digest));
    (void)zc_json_set_u64(object, "flags", intent.flags);
    (void)zc_json_set_u64(object, "operation", intent.operation);
    (void)zc_json_set_u64(object, "movements", intent.movement_count);
    return object;
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    while ((len = getline(&line, &capacity, stdin)) > 0) {
        json_t *question = json_loadb(line, (size_t)len, JSON_ALLOW_NUL, NULL);
        json_t *said = question == NULL ? answer_error("no JSON") : answer(question);
        (void)zc_json_print(stdout, said);
        (void)fflush(stdout);
        json_decref(said);
        json_decref(question);
    }
    free(line);
    return 0;
}
