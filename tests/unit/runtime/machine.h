/* The machine of rig.h, and the platform under it. */
#ifndef ZC_TESTS_RUNTIME_MACHINE_H
#define ZC_TESTS_RUNTIME_MACHINE_H

#include "runtime/core.h"

zc_machine machine_make(void);
const zc_platform *machine_platform(void);

#endif
