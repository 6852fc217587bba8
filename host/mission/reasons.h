#ifndef ZC_MISSION_REASONS_H
#define ZC_MISSION_REASONS_H

#include "base/result.h"

#define ZC_MISSION_REASONS(X)                                                                      \
    X(FAULTY, 1, "the mission file has errors")                                                    \
    X(NOT_YAML, 2, "the mission file is not YAML")                                                 \
    X(NO_MEMORY, 3, "the machine gave no memory")                                                  \
    X(NOT_COMPILED, 4, "not a compiled mission of this version")                                   \
    X(CLEAR_SIGNING, 20, "the clear-signing file (ERC-7730) has errors")                           \
    X(MODEL, 21, "the risk model has errors, or something that can not be evaluated exactly")

#define ZC_DECLARE_MISSION_REASON(name, number, text)                                              \
    ZC_MISSION_##name = ZC_REASON_CODE(ZC_MODULE_MISSION, number),
enum { ZC_MISSION_REASONS(ZC_DECLARE_MISSION_REASON) };

#endif
