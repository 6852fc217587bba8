/* Numbers of risk models without floating point: keys that compare as floats do, fixed-point sums,
 * and the functions that turn a sum into a score. All exact or with a stated bound, and the same on
 * every machine. */
#ifndef ZC_POLICY_RISK_NUMBER_H
#define ZC_POLICY_RISK_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* A signed number in units of 2^-80. */
typedef __int128 zc_risk_fixed;
#define ZC_RISK_FIXED_BITS 80
#define ZC_RISK_FIXED_ONE ((zc_risk_fixed)1 << ZC_RISK_FIXED_BITS)

/* Which floating-point numbers a model was trained with. */
typedef enum zc_risk_number {
    ZC_RISK_BINARY32 = 1,
    ZC_RISK_BINARY64 = 2,
} zc_risk_number;

/* Below every number's key. */
#define ZC_RISK_KEY_MISSING INT64_MIN

/* The key of a number given by its bits; ZC_RISK_KEY_MISSING for a NaN. */
int64_t zc_risk_key_of_bits(zc_risk_number number, uint64_t bits);
/* The key of the float that is nearest to value × 2^-16; ties go to the even one. */
int64_t zc_risk_key_of_value(zc_risk_number number, int64_t value);
/* Whether this is the key of a number, the infinities included. */
bool zc_risk_key_valid(zc_risk_number number, int64_t key);
/* The largest key within ±1e-35 (the binary32 number), what LightGBM takes for zero. */
int64_t zc_risk_key_of_tiny(zc_risk_number number);
/* A number as a category: its whole part; −1 for what is none (negative, or 2^24 and more). */
int32_t zc_risk_category(zc_risk_number number, int64_t key);

/* A positive factor m × 2^-e. */
typedef struct zc_risk_slope {
    uint64_t m; /* 2^52 … 2^53 − 1 */
    int32_t e;  /* 43 … 62: the factor is 2^-10 … 2^10 */
} zc_risk_slope;
/* Of m × 2^-e, m odd; false beyond the range. */
bool zc_risk_slope_of(int64_t m, int64_t e, zc_risk_slope *ret_slope);

/* 1 / (1 + exp(−slope × value)); absolute error below 2^-47 for any slope, below 2^-54 for 1. */
zc_risk_fixed zc_risk_logistic(zc_risk_fixed value, const zc_risk_slope *slope);
/* exp(slope × value), at most 2^32; relative error below 2^-46 or absolute below 2^-58. */
zc_risk_fixed zc_risk_exponential(zc_risk_fixed value, const zc_risk_slope *slope);
/* In millionths, rounded down. `value` is of magnitude below 2^42. */
int64_t zc_risk_millionths(zc_risk_fixed value);

#endif
