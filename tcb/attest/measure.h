/* Measurements as Nitro makes them: SHA-384 registers that can only be extended. */
#ifndef ZC_ATTEST_MEASURE_H
#define ZC_ATTEST_MEASURE_H

#include "base/slice.h"

/* The value that an image file's contents give PCR0 to PCR2: SHA384(0^48 ‖ SHA384(data)). */
void zc_measure_pcr(zc_slice data, uint8_t ret_pcr[static 48]);
/* pcr = SHA384(pcr ‖ data), in place: what ExtendPCR does. */
void zc_pcr_extend(uint8_t pcr[static 48], zc_slice data);
/* What PCR16 holds once a mission's hash was extended into it: SHA384(0^48 ‖ hash). */
void zc_measure_mission(const uint8_t mission_hash[static 32], uint8_t ret_pcr[static 48]);

#endif
