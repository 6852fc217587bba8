#include <string.h>

#include "policy/risk_features.h"
#include "policy/risk_reasons.h"

static const struct {
    const char *name;
    const char *text;
    zc_risk_parameter parameter;
} rows[] = {
#define ROW(name, number, text, parameter, words)                                                  \
    [number] = {text, words, ZC_RISK_PARAMETER_##parameter},
    ZC_RISK_FEATURES(ROW)
#undef ROW
};

#define ROWS (sizeof rows / sizeof rows[0])

const char *zc_risk_feature_name(uint16_t kind)
{
    return kind < ROWS ? rows[kind].name : NULL;
}

const char *zc_risk_feature_text(uint16_t kind)
{
    return kind < ROWS ? rows[kind].text : NULL;
}

zc_risk_parameter zc_risk_feature_parameter(uint16_t kind)
{
    return kind < ROWS ? rows[kind].parameter : ZC_RISK_PARAMETER_NONE;
}

bool zc_risk_feature_of_name(zc_slice name, uint16_t *ret_kind)
{
    for (size_t kind = 0; kind < ROWS; kind++) {
        if (rows[kind].name != NULL && zc_slice_eq_text(name, rows[kind].name)) {
            *ret_kind = (uint16_t)kind;
            return true;
        }
    }
    return false;
}

bool zc_risk_feature_valid(const zc_risk_feature *feature)
{
    uint64_t parameter = feature->parameter;
    if (zc_risk_feature_name(feature->kind) == NULL) {
        return false;
    }
    switch (zc_risk_feature_parameter(feature->kind)) {
    case ZC_RISK_PARAMETER_NONE:
        return parameter == 0;
    case ZC_RISK_PARAMETER_WINDOW:
        return parameter < ZC_RISK_WINDOWS;
    case ZC_RISK_PARAMETER_ZONE:
        return parameter < ZC_RISK_MAX_ZONES;
    case ZC_RISK_PARAMETER_CHAIN:
        return zc_chain_family(parameter) != ZC_FAMILY_NONE;
    case ZC_RISK_PARAMETER_OPERATION:
        return parameter <= 64 && zc_operation_name((zc_operation)parameter) != NULL;
    case ZC_RISK_PARAMETER_FLAG:
        return parameter < 64 && zc_flag_name((unsigned)parameter) != NULL;
    default:
        return parameter <= 64 && parameter != 0 && zc_family_name((zc_family)parameter) != NULL;
    }
}

static zc_result write_number(zc_writer *writer, uint64_t number)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    zc_u256 value = zc_u256_of(number);
    (void)zc_u256_to_decimal(&value, digits);
    return zc_write_text(writer, digits);
}

static zc_result write_parameter(const zc_risk_feature *feature, zc_writer *writer)
{
    uint64_t parameter = feature->parameter;
    switch (zc_risk_feature_parameter(feature->kind)) {
    case ZC_RISK_PARAMETER_WINDOW:
        return zc_write_text(writer, zc_risk_window_name(parameter));
    case ZC_RISK_PARAMETER_CHAIN:
        return zc_chain_write(parameter, zc_slice_of(NULL, 0), writer);
    case ZC_RISK_PARAMETER_OPERATION:
        return zc_write_text(writer, zc_operation_name((zc_operation)parameter));
    case ZC_RISK_PARAMETER_FLAG:
        return zc_write_text(writer, zc_flag_name((unsigned)parameter));
    case ZC_RISK_PARAMETER_FAMILY:
        return zc_write_text(writer, zc_family_name((zc_family)parameter));
    default:
        return write_number(writer, parameter);
    }
}

static zc_result write_feature(const zc_risk_feature *feature, zc_writer *writer)
{
    ZC_TRY(zc_write_text(writer, rows[feature->kind].name));
    if (rows[feature->kind].parameter == ZC_RISK_PARAMETER_NONE) {
        return ZC_OK;
    }
    ZC_TRY(zc_write_text(writer, ":"));
    return write_parameter(feature, writer);
}

zc_result zc_risk_feature_write(const zc_risk_feature *feature, zc_writer *writer)
{
    if (!zc_risk_feature_valid(feature)) {
        return zc_fail(ZC_POLICY_RISK_FEATURE);
    }
    zc_writer at = *writer;
    ZC_TRY(write_feature(feature, &at));
    *writer = at;
    return ZC_OK;
}

static bool read_zone(zc_slice text, uint64_t *ret_zone)
{
    zc_u256 number;
    return zc_ok(zc_u256_from_decimal(text, &number)) && zc_ok(zc_u256_to_u64(&number, ret_zone));
}

static bool read_window(zc_slice text, uint64_t *ret_window)
{
    for (uint64_t window = 0; window < ZC_RISK_WINDOWS; window++) {
        if (zc_slice_eq_text(text, zc_risk_window_name(window))) {
            *ret_window = window;
            return true;
        }
    }
    return false;
}

static bool read_family(zc_slice text, uint64_t *ret_family)
{
    for (unsigned family = 1; zc_family_name((zc_family)family) != NULL; family++) {
        if (zc_slice_eq_text(text, zc_family_name((zc_family)family))) {
            *ret_family = family;
            return true;
        }
    }
    return false;
}

static bool read_operation(zc_slice text, uint64_t *ret_operation)
{
    zc_operation operation;
    bool known = zc_operation_of_name(text, &operation);
    *ret_operation = known ? (uint64_t)operation : 0;
    return known;
}

static bool read_flag(zc_slice text, uint64_t *ret_flag)
{
    unsigned bit = 0;
    bool known = zc_flag_of_name(text, &bit);
    *ret_flag = bit;
    return known;
}

static bool read_parameter(zc_risk_parameter parameter, zc_slice text, uint64_t *ret_value)
{
    switch (parameter) {
    case ZC_RISK_PARAMETER_WINDOW:
        return read_window(text, ret_value);
    case ZC_RISK_PARAMETER_ZONE:
        return read_zone(text, ret_value);
    case ZC_RISK_PARAMETER_CHAIN:
        return zc_chain_of_name(text, ret_value);
    case ZC_RISK_PARAMETER_OPERATION:
        return read_operation(text, ret_value);
    case ZC_RISK_PARAMETER_FLAG:
        return read_flag(text, ret_value);
    case ZC_RISK_PARAMETER_FAMILY:
        return read_family(text, ret_value);
    default:
        return false;
    }
}

bool zc_risk_feature_read(zc_slice text, zc_risk_feature *ret_feature)
{
    zc_risk_feature feature = {0};
    const uint8_t *colon = text.len == 0 ? NULL : memchr(text.data, ':', text.len);
    size_t len = colon == NULL ? text.len : (size_t)(colon - text.data);
    if (!zc_risk_feature_of_name(zc_slice_of(text.data, len), &feature.kind)) {
        return false;
    }
    zc_risk_parameter parameter = zc_risk_feature_parameter(feature.kind);
    bool wants = parameter != ZC_RISK_PARAMETER_NONE;
    if (wants != (colon != NULL)) {
        return false;
    }
    if (wants && !read_parameter(parameter, zc_slice_of(colon + 1, text.len - len - 1),
                                 &feature.parameter)) {
        return false;
    }
    if (!zc_risk_feature_valid(&feature)) {
        return false;
    }
    *ret_feature = feature;
    return true;
}
