/* What a call says, held against what a rule says about it. */
#include <string.h>

#include "policy/scope.h"

/* Numbers are listed as their shortest bytes; zero as one byte. */
static bool listed(const zc_question *question, const zc_condition *condition,
                   const zc_argument *argument)
{
    if (argument->is_hash) {
        return false; /* longer than anything that a list holds */
    }
    if (!zc_argument_is_number(argument->kind)) {
        return zc_address_listed(question, &condition->bytes,
                                 zc_slice_of(argument->byte, argument->len));
    }
    uint8_t bytes[32];
    zc_u256_to_be(&argument->number, bytes);
    size_t len = zc_u256_byte_len(&argument->number);
    len = len == 0 ? 1 : len;
    return zc_address_listed(question, &condition->bytes,
                             zc_slice_of(bytes + sizeof bytes - len, len));
}

static bool compares(const zc_condition *condition, const zc_argument *argument)
{
    if (!zc_argument_is_number(argument->kind)) {
        return false;
    }
    bool at_most = condition->test == ZC_TEST_AT_MOST;
    if (argument->kind == ZC_ARGUMENT_SIGNED && argument->number.limb[3] >> 63 != 0) {
        return at_most; /* below zero */
    }
    int order = zc_u256_cmp(&argument->number, &condition->number);
    return at_most ? order <= 0 : order >= 0;
}

static bool meets(const zc_question *question, const zc_condition *condition,
                  const zc_argument *argument)
{
    switch (condition->test) {
    case ZC_TEST_IN:
        return listed(question, condition, argument);
    case ZC_TEST_NOT_IN:
        return !listed(question, condition, argument);
    case ZC_TEST_AT_MOST:
    case ZC_TEST_AT_LEAST:
        return compares(condition, argument);
    }
    return false;
}

/* By its label, or by its place among the arguments of its own call: in a batch each call is held
 * to the condition, not the first alone. */
static bool names(const zc_condition *condition, size_t place, const zc_argument *argument)
{
    return condition->label[0] == 0
               ? condition->index == place
               : strncmp(condition->label, argument->label, ZC_ARGUMENT_LABEL_SIZE) == 0;
}

static bool holds(const zc_question *question, const zc_condition *condition, bool all)
{
    const zc_intent *intent = question->intent;
    size_t named = 0;
    size_t met = 0;
    size_t place = 0;
    for (size_t i = 0; i < intent->argument_count; i++) {
        /* Decoders finish with one call's arguments before they begin another's. */
        const zc_argument *argument = &intent->arguments[i];
        place = i > 0 && argument->call == argument[-1].call ? place + 1 : 0;
        if (names(condition, place, argument)) {
            named++;
            met += meets(question, condition, argument);
        }
    }
    return all ? named > 0 && met == named : met > 0;
}

bool zc_scope_conditions(const zc_question *question, const zc_rule *rule)
{
    for (size_t i = 0; i < rule->conditions.count; i++) {
        const zc_condition *condition = &question->mission->conditions[rule->conditions.first + i];
        if (!holds(question, condition, rule->kind == ZC_RULE_ALLOW)) {
            return false;
        }
    }
    return true;
}
