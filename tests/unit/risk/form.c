#include "form.h"

#include "codec/cbor.h"

zc_risk_model form_model;

uint64_t form_random(void)
{
    static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

#define MUST(expr) assert_int_equal((expr).code, 0)

static void put_one_leaf(zc_writer *writer)
{
    form_put_trees(writer, 1);
    form_put_tree(writer, 0, 1);
    form_put_leaf(writer, 1, 1);
}

const zc_form form_sound = {.number = ZC_RISK_BINARY64,
                            .output = ZC_RISK_RAW,
                            .groups = 1,
                            .features = 2,
                            .slope_m = 1,
                            .version = ZC_RISK_FORM_VERSION,
                            .put_trees = put_one_leaf};

void form_put_split(zc_writer *writer, uint64_t feature, uint64_t missing, int64_t threshold)
{
    MUST(zc_cbor_put_array(writer, 3));
    MUST(zc_cbor_put_uint(writer, feature));
    MUST(zc_cbor_put_uint(writer, missing));
    MUST(zc_cbor_put_int(writer, threshold));
}

void form_put_set(zc_writer *writer, uint64_t feature, uint64_t missing, zc_slice set)
{
    MUST(zc_cbor_put_array(writer, 3));
    MUST(zc_cbor_put_uint(writer, feature));
    MUST(zc_cbor_put_uint(writer, missing));
    MUST(zc_cbor_put_bytes(writer, set));
}

void form_put_leaf(zc_writer *writer, int64_t m, int64_t e)
{
    MUST(zc_cbor_put_array(writer, 2));
    MUST(zc_cbor_put_int(writer, m));
    MUST(zc_cbor_put_int(writer, e));
}

void form_put_tree(zc_writer *writer, uint64_t group, size_t nodes)
{
    MUST(zc_cbor_put_array(writer, 2));
    MUST(zc_cbor_put_uint(writer, group));
    MUST(zc_cbor_put_array(writer, nodes));
}

void form_put_trees(zc_writer *writer, size_t trees)
{
    MUST(zc_cbor_put_array(writer, trees));
}

void form_put(const zc_form *form, zc_writer *writer)
{
    MUST(zc_cbor_put_map(writer, ZC_RISK_FORM_KEYS));
    MUST(zc_cbor_put_uint(writer, 1));
    MUST(zc_cbor_put_text(writer, zc_slice_of_text(form->version)));
    MUST(zc_cbor_put_uint(writer, 2));
    MUST(zc_cbor_put_uint(writer, form->number));
    MUST(zc_cbor_put_uint(writer, 3));
    MUST(zc_cbor_put_uint(writer, form->output));
    MUST(zc_cbor_put_uint(writer, 4));
    MUST(zc_cbor_put_array(writer, form->groups));
    for (uint64_t i = 0; i < form->groups; i++) {
        form_put_leaf(writer, 0, 0);
    }
    MUST(zc_cbor_put_uint(writer, 5));
    MUST(zc_cbor_put_array(writer, form->features));
    for (uint64_t i = 0; i < form->features; i++) {
        MUST(zc_cbor_put_array(writer, 2));
        MUST(zc_cbor_put_uint(writer, ZC_RISK_FEATURE_AMOUNT_LOG2));
        MUST(zc_cbor_put_uint(writer, 0));
    }
    MUST(zc_cbor_put_uint(writer, 6));
    MUST(zc_cbor_put_uint(writer, form->group));
    MUST(zc_cbor_put_uint(writer, 7));
    form_put_leaf(writer, form->slope_m, form->slope_e);
    MUST(zc_cbor_put_uint(writer, 8));
    MUST(zc_cbor_put_bool(writer, false));
    MUST(zc_cbor_put_uint(writer, 9));
    form->put_trees(writer);
}

zc_result form_read(const zc_form *form)
{
    static uint8_t bytes[(size_t)4 << 20];
    static uint8_t again[sizeof bytes];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    form_put(form, &writer);
    zc_reader reader = zc_reader_of(zc_writer_written(&writer));
    zc_result result = zc_risk_model_read(&reader, &form_model);
    if (!zc_ok(result)) {
        assert_int_equal(form_model.group_count, 0);
        assert_int_equal(zc_reader_offset(&reader), 0);
        return result;
    }
    MUST(zc_reader_end(&reader));
    zc_writer copy = ZC_WRITER_OF_ARRAY(again);
    MUST(zc_risk_model_write(&form_model, &copy));
    assert_true(zc_slice_eq(zc_writer_written(&copy), zc_writer_written(&writer)));
    return result;
}
