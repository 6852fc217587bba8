#include "policy/rule.h"

bool zc_rule_has_window(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_LIMIT_WINDOW || rule->kind == ZC_RULE_LIMIT_RATE ||
           rule->kind == ZC_RULE_POSITION;
}

bool zc_rule_is_limit(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_LIMIT_PER_TX || rule->kind == ZC_RULE_DRAWDOWN ||
           zc_rule_has_window(rule);
}

const char *zc_measure_name(zc_measure_kind measure)
{
    switch (measure) {
    case ZC_MEASURE_NONE:
        break;
#define ZC_MEASURE_NAME(name, number, text)                                                        \
    case ZC_MEASURE_##name:                                                                        \
        return text;
        ZC_MEASURES(ZC_MEASURE_NAME)
#undef ZC_MEASURE_NAME
    }
    return NULL;
}

const char *zc_per_name(zc_per per)
{
    switch (per) {
    case ZC_PER_NONE:
        break;
#define ZC_PER_NAME(name, number, text)                                                            \
    case ZC_PER_##name:                                                                            \
        return text;
        ZC_PERS(ZC_PER_NAME)
#undef ZC_PER_NAME
    }
    return NULL;
}

const char *zc_rule_kind_name(zc_rule_kind kind)
{
    static const char *const names[ZC_RULE_KINDS] = {
        [ZC_RULE_ALLOW] = "allow",
        [ZC_RULE_DENY] = "deny",
        [ZC_RULE_LIMIT_PER_TX] = "limit-per-tx",
        [ZC_RULE_LIMIT_WINDOW] = "limit-window",
        [ZC_RULE_LIMIT_RATE] = "limit-rate",
        [ZC_RULE_RESTRICT_CHAINS] = "restrict-chains",
        [ZC_RULE_REVIEW] = "review",
        [ZC_RULE_HOURS] = "hours",
        [ZC_RULE_CONFINE] = "confine",
        [ZC_RULE_REDUCE_ONLY] = "reduce-only",
        [ZC_RULE_POSITION] = "limit-position",
        [ZC_RULE_DRAWDOWN] = "limit-drawdown",
        [ZC_RULE_RISK] = "risk",
    };
    return (unsigned)kind < ZC_RULE_KINDS ? names[kind] : NULL;
}

const char *zc_use_name(zc_use use)
{
    switch (use) {
#define ZC_USE_NAME(name, number, text)                                                            \
    case ZC_USE_##name:                                                                            \
        return text;
        ZC_USES(ZC_USE_NAME)
#undef ZC_USE_NAME
    }
    return NULL;
}

bool zc_use_of_name(zc_slice name, zc_use *ret_use)
{
#define ZC_USE_OF_NAME(use, number, text)                                                          \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_use = ZC_USE_##use;                                                                   \
        return true;                                                                               \
    }
    ZC_USES(ZC_USE_OF_NAME)
#undef ZC_USE_OF_NAME
    return false;
}
