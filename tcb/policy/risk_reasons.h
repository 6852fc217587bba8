/* Why a compiled risk model was refused. The module's codes from 200 on (reasons.h has the rest).
 */
#ifndef ZC_POLICY_RISK_REASONS_H
#define ZC_POLICY_RISK_REASONS_H

#include "base/result.h"

#define ZC_POLICY_RISK_REASONS(X)                                                                  \
    X(RISK_VERSION, 200, "not a compiled risk model of the version that this program reads")       \
    X(RISK_TREE, 201, "a tree of the risk model is not whole, or has more nodes than it needs")    \
    X(RISK_TOO_LARGE, 202, "the risk model has more trees, nodes or depth than can be evaluated")  \
    X(RISK_FEATURE, 203, "a feature of the risk model is not known, or a split uses none of them") \
    X(RISK_NUMBER, 204, "a number of the risk model is out of range or not in its shortest form")  \
    X(RISK_SET, 205, "a set of categories of the risk model is empty, too long or not shortest")   \
    X(RISK_SHAPE, 206, "the risk model has an output, group or kind of split that is not known")   \
    X(RISK_NO_MODEL, 207, "the mission has no risk model")

#define ZC_DECLARE_POLICY_RISK_REASON(name, number, text)                                          \
    ZC_POLICY_##name = ZC_REASON_CODE(ZC_MODULE_POLICY, number),
enum { ZC_POLICY_RISK_REASONS(ZC_DECLARE_POLICY_RISK_REASON) };
#undef ZC_DECLARE_POLICY_RISK_REASON

#endif
